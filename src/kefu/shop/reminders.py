"""Urging a late dispatch (handbook HB-08, compensation by HB-34)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from kefu.shop.database import ORDERS
from kefu.shop.documents import Document, Order
from kefu.shop.handling import Call, Reply, WriteRequest
from kefu.shop.problems import Refusal
from kefu.shop.refunds import yuan

_ONCE_IN = timedelta(hours=24)
_REPLY_IN = timedelta(hours=24)
_COMPENSATION_RATE = Decimal("0.05")
_LEAST, _MOST = Decimal(5), Decimal(30)


class RemindShipment(WriteRequest, frozen=True, kw_only=True):
    order_id: str
    note: str = ""


class Reminder(Document, frozen=True, kw_only=True):
    order_id: str
    reminded_at: datetime
    reply_by: datetime
    late_dispatch_compensation: Decimal


def check(order: Order, now: datetime) -> None:
    """Raises unless the order is late and nobody urged it within a day."""
    match order.status:
        case "paid" | "packed":
            pass
        case "shipped" | "delivered" | "completed" | "in_aftersales":
            raise Refusal("order_already_shipped", "订单已发货", details={"status": order.status})
        case "pending_payment" | "cancelled":
            details = {"status": order.status}
            raise Refusal("not_overdue", "订单不在待发货状态", details=details, status=409)
        case _:
            assert_never(order.status)
    if order.last_remind_at is not None and now < order.last_remind_at + _ONCE_IN:
        details = {"last_remind_at": order.last_remind_at}
        raise Refusal("reminder_too_frequent", "24 小时内已催过一次", details=details)
    if order.promised_ship_by is None or now <= order.promised_ship_by:
        details = {"promised_ship_by": order.promised_ship_by}
        raise Refusal("not_overdue", "还没到承诺发货时间", details=details)


def late_dispatch_compensation(order: Order) -> Decimal:
    """5 % of what the goods cost, at least 5 and at most 30 yuan."""
    paid = sum((item.paid_amount for item in order.items), Decimal(0))
    return yuan(min(_MOST, max(_LEAST, paid * _COMPENSATION_RATE)))


def remind(request: RemindShipment, call: Call) -> Reply:
    order = call.order(request.order_id)
    check(order, call.now)
    call.tx.put(ORDERS, replace(order, last_remind_at=call.now))
    reminder = Reminder(
        order_id=order.order_id,
        reminded_at=call.now,
        reply_by=call.now + _REPLY_IN,
        late_dispatch_compensation=late_dispatch_compensation(order),
    )
    return Reply(201, reminder)
