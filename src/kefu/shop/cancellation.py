"""Cancelling a whole order (handbook HB-31; deposits by HB-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from kefu.shop.database import COUPONS, CUSTOMERS, ORDERS, WAREHOUSE_REQUESTS
from kefu.shop.documents import (
    CancelReason,
    Document,
    Order,
    OrderStatus,
    Refund,
    Variant,
    WarehouseRequest,
)
from kefu.shop.handling import Call, Reply, WriteRequest
from kefu.shop.problems import Refusal
from kefu.shop.refunds import Share, initiate, split
from kefu.shop.stock import shift_stock

_CHANGE_OF_MIND = timedelta(hours=2)
_INTERCEPT_DECIDED_IN = timedelta(minutes=30)


class CancelOrder(WriteRequest, frozen=True, kw_only=True):
    order_id: str
    reason: CancelReason
    note: str = ""


class CancelResult(Document, frozen=True, kw_only=True):
    order_id: str
    status: OrderStatus
    result: str
    decide_by: datetime | None = None
    refunds: tuple[Refund, ...] = ()
    coupons_returned: tuple[str, ...] = ()
    points_returned: int = 0


@dataclass(frozen=True, slots=True)
class CancelNow:
    """``shares`` go back; ``deposit`` says that a deposit is given up in time."""

    shares: Sequence[Share]
    deposit: bool = False


@dataclass(frozen=True, slots=True)
class AskWarehouse:
    decide_by: datetime


Decision: TypeAlias = CancelNow | AskWarehouse


def decide(order: Order, deposits_cancelled_in_campaign: int, now: datetime) -> Decision:
    """What cancelling comes to; raises ``order_not_cancellable`` with the ways that are left."""
    match order.status:
        case "pending_payment":
            return _give_up_deposit(order, deposits_cancelled_in_campaign, now)
        case "paid" | "packed":
            if order.is_custom and order.paid_at is not None and now > order.paid_at + _CHANGE_OF_MIND:
                raise Refusal(
                    "order_not_cancellable",
                    "定制商品付款超过 2 小时，已开始制作",
                    details={"type": "custom", "alternatives": []},
                )
            if order.status == "packed":
                return AskWarehouse(now + _INTERCEPT_DECIDED_IN)
            return CancelNow(split(order, sum((payment.amount for payment in order.payments), Decimal(0))))
        case "shipped":
            raise _too_late(order, "订单已发货，不能取消", ["intercept", "refuse", "return"])
        case "delivered" | "completed" | "in_aftersales":
            raise _too_late(order, "订单已签收，请走退货", ["return"])
        case "cancelled":
            raise _too_late(order, "订单已经取消", [])
        case _:
            assert_never(order.status)


def cancel(request: CancelOrder, call: Call) -> Reply:
    order = call.order(request.order_id)
    decision = decide(order, _deposits_cancelled_alike(order, call), call.now)
    match decision:
        case AskWarehouse(decide_by):
            return _ask_warehouse(order, decide_by, call)
        case CancelNow():
            return _cancel_now(order, decision, request.reason, call)
        case _:
            assert_never(decision)


def _give_up_deposit(order: Order, deposits_cancelled_in_campaign: int, now: datetime) -> CancelNow:
    presale = order.presale
    if presale is None or presale.stage != "deposit_paid" or presale.deposit_cancel_until is None:
        return CancelNow([])
    details = {"type": "presale_deposit", "deposit_cancel_until": presale.deposit_cancel_until}
    if now > presale.deposit_cancel_until:
        raise Refusal("order_not_cancellable", "付定金超过 2 小时，定金不退", details=details)
    if deposits_cancelled_in_campaign:
        raise Refusal("order_not_cancellable", "每个活动只能自助取消一次定金", details=details)
    return CancelNow([(payment.method, payment.amount) for payment in order.payments], deposit=True)


def _too_late(order: Order, message: str, alternatives: list[str]) -> Refusal:
    details = {"status": order.status, "alternatives": alternatives}
    return Refusal("order_not_cancellable", message, details=details)


def _deposits_cancelled_alike(order: Order, call: Call) -> int:
    if order.presale is None:
        return 0
    campaign = order.presale.campaign
    return sum(
        other.cancel_reason == "deposit_self_cancel"
        and other.presale is not None
        and other.presale.campaign == campaign
        for other in call.tx.find(ORDERS, customer_id=order.customer_id)
    )


def _ask_warehouse(order: Order, decide_by: datetime, call: Call) -> Reply:
    """A second request while the warehouse still thinks about the first gets the first one's deadline."""
    asked = call.tx.get(WAREHOUSE_REQUESTS, f"{order.order_id}/cancel")
    if asked is not None and asked.decide_by is not None and asked.decide_by > call.now:
        decide_by = asked.decide_by
    else:
        request = WarehouseRequest(
            order_id=order.order_id, kind="cancel", requested_at=call.now, decide_by=decide_by
        )
        call.tx.put(WAREHOUSE_REQUESTS, request)
    result = CancelResult(
        order_id=order.order_id, status=order.status, result="intercept_requested", decide_by=decide_by
    )
    return Reply(202, result)


def _cancel_now(order: Order, decision: CancelNow, reason: CancelReason, call: Call) -> Reply:
    refunds = initiate(call, "cancel", decision.shares)
    presale = order.presale
    if presale is not None and presale.stage in ("deposit_paid", "balance_paid"):
        presale = replace(presale, stage="deposit_refunded")
    call.tx.put(
        ORDERS,
        replace(
            order,
            status="cancelled",
            cancelled_at=call.now,
            cancel_reason="deposit_self_cancel" if decision.deposit else reason,
            refunds=(*order.refunds, *refunds),
            refund_status="full" if refunds else order.refund_status,
            presale=presale,
        ),
    )
    for item in order.items:
        shift_stock(call.tx, item.sku, Variant(color=item.color, size=item.size), item.quantity)
    result = CancelResult(
        order_id=order.order_id,
        status="cancelled",
        result="cancelled",
        refunds=refunds,
        coupons_returned=_return_coupons(order, call),
        points_returned=_return_points(order, call),
    )
    return Reply(200, result)


def _return_coupons(order: Order, call: Call) -> tuple[str, ...]:
    """Those still valid come back; an expired one does not."""
    returned: list[str] = []
    for code in order.coupon_codes:
        coupon = call.tx.get(COUPONS, code)
        if coupon is not None and coupon.valid_to >= call.now:
            call.tx.put(COUPONS, replace(coupon, status="unused", used_order_id=None))
            returned.append(code)
    return tuple(returned)


def _return_points(order: Order, call: Call) -> int:
    customer = call.tx.get(CUSTOMERS, order.customer_id)
    if customer is not None and order.points_used:
        call.tx.put(CUSTOMERS, replace(customer, points=customer.points + order.points_used))
    return order.points_used
