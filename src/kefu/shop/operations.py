"""The code behind each ``operationId`` of the contract."""

from collections.abc import Mapping
from typing import Any

from kefu.shop import (
    address_change,
    cancellation,
    customers,
    invoices,
    item_change,
    orders,
    price_protection,
    products,
    reminders,
    returns,
    shipments,
    tickets,
)
from kefu.shop.handling import Handler

# Any: each handler is generic in its own request type, and a table of them holds every kind.
HANDLERS: Mapping[str, Handler[Any]] = {
    "orders.list": Handler(orders.ListOrders, orders.list_orders),
    "orders.get": Handler(orders.OrderRequest, orders.get),
    "orders.cancel": Handler(cancellation.CancelOrder, cancellation.cancel),
    "orders.change_address": Handler(address_change.ChangeAddress, address_change.change_address),
    "orders.change_item": Handler(item_change.ChangeItem, item_change.change_item),
    "orders.remind_shipment": Handler(reminders.RemindShipment, reminders.remind),
    "refunds.get": Handler(orders.GetRefunds, orders.refunds),
    "invoices.get": Handler(orders.OrderRequest, invoices.list_of_order),
    "shipments.track": Handler(shipments.TrackShipment, shipments.track),
    "shipments.report_problem": Handler(shipments.ReportProblem, shipments.report_problem),
    "returns.create": Handler(returns.CreateReturn, returns.create),
    "returns.get": Handler(returns.GetReturn, returns.get),
    "returns.cancel": Handler(returns.CancelReturn, returns.cancel),
    "products.search": Handler(products.SearchProducts, products.search),
    "products.get": Handler(products.GetProduct, products.get),
    "coupons.list": Handler(customers.ListCoupons, customers.coupons),
    "membership.get": Handler(customers.GetMembership, customers.membership),
    "invoices.request": Handler(invoices.RequestInvoice, invoices.request_invoice),
    "price_protection.apply": Handler(price_protection.ApplyPriceProtection, price_protection.apply),
    "tickets.create": Handler(tickets.CreateTicket, tickets.create),
}
