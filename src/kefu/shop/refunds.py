"""Money back: how it splits over the ways it was paid, and when it arrives (handbook HB-06)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias, assert_never

from kefu.shop.documents import Order, PaymentMethod, Refund, RefundKind
from kefu.shop.handling import Call
from kefu.shop.times import after_working_days

Share: TypeAlias = tuple[PaymentMethod, Decimal]

_LAST_TO_REFUND: frozenset[PaymentMethod] = frozenset({"yunlan_balance", "gift_card"})


def yuan(amount: Decimal) -> Decimal:
    """Rounded to the fen."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected_by(method: PaymentMethod, initiated_at: datetime) -> datetime:
    """The latest moment the money arrives, counted from the start of the refund."""
    match method:
        case "yunlan_balance" | "gift_card":
            return initiated_at + timedelta(minutes=10)
        case "wechat_change" | "alipay_balance" | "huabei" | "huabei_installment":
            return initiated_at + timedelta(hours=24)
        case "wechat_debit" | "alipay_debit" | "debit_card":
            return after_working_days(initiated_at, 3)
        case "unionpay":
            return after_working_days(initiated_at, 5)
        case "wechat_credit" | "credit_card":
            return after_working_days(initiated_at, 7)
        case _:
            assert_never(method)


def split(order: Order, amount: Decimal) -> list[Share]:
    """The amount over the order's payments, outside money first and the shop's own balance last.

    What earlier refunds took from a payment method is no longer there to give back.
    """
    left = _refundable(order)
    shares: list[Share] = []
    for method in sorted(left, key=lambda method: method in _LAST_TO_REFUND):
        share = min(amount, left[method])
        if share > 0:
            shares.append((method, share))
            amount -= share
    return shares


def initiate(call: Call, kind: RefundKind, shares: Iterable[Share]) -> tuple[Refund, ...]:
    return tuple(
        Refund(
            refund_id=call.tx.next_id("RF", 5, call.now),
            kind=kind,
            return_id=None,
            amount=yuan(amount),
            method=method,
            status="processing",
            initiated_at=call.now,
            arrived_at=None,
            expected_by=expected_by(method, call.now),
        )
        for method, amount in shares
    )


def _refundable(order: Order) -> Mapping[PaymentMethod, Decimal]:
    left: dict[PaymentMethod, Decimal] = {}
    for payment in order.payments:
        left[payment.method] = left.get(payment.method, Decimal(0)) + payment.amount
    for refund in order.refunds:
        if refund.status != "failed":
            left[refund.method] = left.get(refund.method, Decimal(0)) - refund.amount
    return left
