"""Fills an empty shop with the merchant's records."""

from kefu.shop.data import ShopData
from kefu.shop.database import (
    COUPONS,
    CUSTOMERS,
    INVOICES,
    ORDERS,
    PRODUCTS,
    RETURNS,
    SHIPMENTS,
    Collection,
    D,
    Transaction,
)


def seed(tx: Transaction, data: ShopData) -> None:
    """Does nothing to a shop that has products already, so that a restart keeps what happened."""
    if not tx.is_empty():
        return
    _fill(tx, PRODUCTS, data.products)
    _fill(tx, CUSTOMERS, data.customers)
    _fill(tx, ORDERS, data.orders)
    _fill(tx, SHIPMENTS, data.shipments)
    _fill(tx, RETURNS, data.returns)
    _fill(tx, COUPONS, data.coupons)
    _fill(tx, INVOICES, data.invoices)
    tx.continue_after([refund.refund_id for order in data.orders for refund in order.refunds])
    tx.continue_after([claim.claim_id for order in data.orders for claim in order.price_protections])
    tx.continue_after([report.report_id for parcel in data.shipments for report in parcel.problem_reports])
    tx.continue_after([claim.return_id for claim in data.returns])
    tx.continue_after([invoice.invoice_id for invoice in data.invoices])


def _fill(tx: Transaction, collection: Collection[D], documents: tuple[D, ...]) -> None:
    for document in documents:
        tx.put(collection, document)
