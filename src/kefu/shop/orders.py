"""Reading orders."""

from datetime import date

from kefu.shop.database import ORDERS, PRODUCTS, Transaction
from kefu.shop.documents import Order, OrderStatus
from kefu.shop.handling import Call, Reply, Request
from kefu.shop.paging import page_of
from kefu.shop.times import BEIJING


class OrderRequest(Request, frozen=True, kw_only=True):
    order_id: str


class ListOrders(Request, frozen=True, kw_only=True):
    status: tuple[OrderStatus, ...] = ()
    order_tail: str = ""
    keyword: str = ""
    created_from: date = date.min
    created_to: date = date.max
    page: int
    page_size: int


class GetRefunds(OrderRequest, frozen=True, kw_only=True):
    refund_id: str | None = None


def get(request: OrderRequest, call: Call) -> Reply:
    return Reply(200, call.order(request.order_id))


def list_orders(request: ListOrders, call: Call) -> Reply:
    """The customer's orders, newest first."""
    orders = [
        order
        for order in call.tx.find(ORDERS, customer_id=call.customer_id)
        if (not request.status or order.status in request.status)
        and order.order_id.endswith(request.order_tail)
        and request.created_from <= order.created_at.astimezone(BEIJING).date() <= request.created_to
        and _mentions(order, request.keyword, call.tx)
    ]
    orders.sort(key=lambda order: (order.created_at, order.order_id), reverse=True)
    return Reply(200, page_of(orders, request.page, request.page_size))


def refunds(request: GetRefunds, call: Call) -> Reply:
    order = call.order(request.order_id)
    wanted = [r for r in order.refunds if request.refund_id is None or r.refund_id == request.refund_id]
    return Reply(200, wanted)


def _mentions(order: Order, keyword: str, tx: Transaction) -> bool:
    """Whether a line's name, or one of its product's short names, contains the keyword."""
    sought = keyword.casefold().replace(" ", "")
    if not sought:
        return True
    for item in order.items:
        product = tx.get(PRODUCTS, item.sku)
        names = (item.name, item.sku, *(product.short_names if product else ()))
        if any(sought in name.casefold() for name in names):
            return True
    return False
