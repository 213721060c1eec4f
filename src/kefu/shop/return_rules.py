"""Who may return what, until when and at whose cost: the handbook's rules as pure functions.

Sources: HB-01 (no-reason return), HB-02 (exchange), HB-03 (refund only), HB-04 (who pays), HB-05
(packaging), HB-24 (allergy), HB-26 and HB-27 (repair).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, assert_never

from kefu.shop.documents import (
    Order,
    OrderItem,
    Product,
    Return,
    ReturnKind,
    ReturnReason,
    ReturnStatus,
    Variant,
)
from kefu.shop.problems import Refusal
from kefu.shop.refunds import yuan
from kefu.shop.times import add_months, end_of_day

_SELLERS_FAULT: frozenset[ReturnReason] = frozenset(
    {"quality_issue", "wrong_item", "missing_item", "damaged", "not_as_described"}
)
_OVER: frozenset[ReturnStatus] = frozenset(
    {"refunded", "exchange_completed", "rejected", "closed_timeout", "cancelled"}
)
_CANCELLABLE: frozenset[ReturnStatus] = frozenset({"pending_review", "approved", "in_transit_back"})
_DAMAGE_REPORTED_IN = timedelta(hours=48)
_KEEP_DAMAGED_UP_TO = Decimal(50)
_EXCHANGES_AT_MOST = 2
_ALLERGY_WORDS = ("过敏", "红肿", "皮疹", "allerg")


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be returned, with all that a rule may ask about it.

    ``exchanged_before`` counts the line's earlier exchanges that went through.
    """

    item: OrderItem
    product: Product
    quantity: int
    delivered_at: datetime
    exchange_to: Variant | None
    exchanged_before: int

    @property
    def unit_paid(self) -> Decimal:
        return self.item.paid_amount / self.item.quantity


@dataclass(frozen=True, slots=True)
class Deduction:
    amount: Decimal
    reason: str | None


def is_sellers_fault(reason: ReturnReason) -> bool:
    return reason in _SELLERS_FAULT


def is_open(claim: Return) -> bool:
    """Whether the return still binds its lines."""
    return claim.status not in _OVER


def check_cancellable(claim: Return) -> None:
    """Raises ``return_not_cancellable`` once the warehouse has the goods, or when it is over anyway."""
    if claim.status not in _CANCELLABLE:
        message = "售后已结束" if claim.status in _OVER else "仓库已签收退件或已处理"
        raise Refusal("return_not_cancellable", message, details={"status": claim.status})


def check_eligible(
    line: Line,
    kind: ReturnKind,
    reason: ReturnReason,
    now: datetime,
    *,
    has_package: bool,
    description: str,
) -> None:
    """Raises ``not_eligible`` or ``out_of_window`` when the rules do not allow this for the line."""
    match kind:
        case "return" if is_sellers_fault(reason):
            _check_deadline(_quality_return_deadline(line), "质量问题退货期", now)
        case "return":
            _check_no_reason(line, has_package=has_package)
            _check_deadline(line.item.no_reason_until, "无理由退货期", now)
        case "exchange":
            _check_exchange(line, reason, now, has_package=has_package)
        case "refund_only":
            _check_refund_only(line, reason, now, description)
        case "repair":
            _check_repair(line, reason, now)
        case _:
            assert_never(kind)


def bearer(
    kind: ReturnKind, reason: ReturnReason, lines: Sequence[Line]
) -> Literal["buyer", "seller"] | None:
    """Who pays for sending the goods back; ``None`` when nothing is sent."""
    if kind == "refund_only":
        return None
    if kind == "repair" or is_sellers_fault(reason):
        return "seller"
    first_size_exchange = (
        kind == "exchange"
        and reason == "size_mismatch"
        and all(line.product.category == "服饰鞋靴" and line.exchanged_before == 0 for line in lines)
    )
    return "seller" if first_size_exchange else "buyer"


def deduct(reason: ReturnReason, lines: Sequence[Line], *, has_package: bool) -> Deduction:
    """What a missing package costs when nobody but the customer's change of mind is behind the return."""
    if has_package or is_sellers_fault(reason):
        return Deduction(Decimal(0), None)
    parts = [(_package_worth(line), line) for line in lines]
    total = sum((worth * line.quantity for (worth, _), line in parts), Decimal(0))
    names = dict.fromkeys(name for (worth, name), _ in parts if worth)
    return Deduction(total, f"{'、'.join(names)}缺失折损费" if names else None)


def refund_amount(order: Order, lines: Sequence[Line], deduction: Decimal) -> Decimal:
    """The lines' share of what was paid, less price protection paid out before and the deduction."""
    total = sum((_line_refund(order, line) for line in lines), Decimal(0))
    return max(Decimal(0), yuan(total) - deduction)


def _line_refund(order: Order, line: Line) -> Decimal:
    item = line.item
    protected = [
        claim.amount
        for claim in order.price_protections
        if claim.line_no == item.line_no and claim.status == "approved"
    ]
    return yuan((item.paid_amount - sum(protected, Decimal(0))) * line.quantity / item.quantity)


def _package_worth(line: Line) -> tuple[Decimal, str]:
    product = line.product
    match product.category:
        case "服饰鞋靴" if "鞋/" in product.subcategory:
            return Decimal(10), "鞋盒"
        case "小家电" | "数码配件":
            return Decimal(20 if line.unit_paid < 500 else 30), "彩盒"
        case "家纺":
            return Decimal(5), "收纳袋"
        case "服饰鞋靴" | "美妆个护" | "食品":
            return Decimal(0), ""
        case _:
            assert_never(product.category)


def _check_no_reason(line: Line, *, has_package: bool) -> None:
    item, product = line.item, line.product
    if item.customization is not None:
        raise _not_eligible("定制商品不支持无理由退换", rule="customized")
    if product.no_reason_return == "not_supported" or item.no_reason_until is None:
        raise _not_eligible(f"{item.name}不支持无理由退换", rule="not_supported")
    if product.no_reason_return == "unopened_only" and not has_package:
        raise _not_eligible(f"{item.name}包装缺失视为已拆封，不支持无理由退换", rule="unopened_only")


def _check_exchange(line: Line, reason: ReturnReason, now: datetime, *, has_package: bool) -> None:
    product = line.product
    if product.category == "食品":
        raise _not_eligible("食品不支持换货，有问题直接退款", rule="food_not_exchangeable")
    if line.exchanged_before >= _EXCHANGES_AT_MOST:
        raise _not_eligible("同一件商品最多换 2 次", rule="exchange_limit", alternatives=["return"])
    beauty = product.category == "美妆个护"
    if is_sellers_fault(reason):
        days = 7 if beauty else 15
    else:
        _check_no_reason(line, has_package=has_package)
        days = 7 if beauty else 10
    _check_deadline(end_of_day(line.delivered_at, days_later=days), "换货期", now)


def _check_refund_only(line: Line, reason: ReturnReason, now: datetime, description: str) -> None:
    match reason:
        case "damaged" | "missing_item":
            _check_deadline(line.delivered_at + _DAMAGE_REPORTED_IN, "仅退款反馈期", now)
            keeps = line.product.category in ("食品", "美妆个护") or line.unit_paid <= _KEEP_DAMAGED_UP_TO
            if reason == "damaged" and not keeps:
                message = "单件实付超过 50 元的破损商品需要寄回"
                raise _not_eligible(message, rule="damaged_over_50", alternatives=["return"])
        case "quality_issue" if line.product.category == "食品":
            _check_deadline(_shelf_life_ends(line), "保质期", now)
        case "quality_issue" if line.product.category == "美妆个护":
            allergic = any(word in description.casefold() for word in _ALLERGY_WORDS)
            days = 30 if allergic else 7
            _check_deadline(end_of_day(line.delivered_at, days_later=days), "美妆仅退款期", now)
        case _:
            message = "这种情形不适用仅退款，请走退货"
            raise _not_eligible(message, rule="refund_only_scope", alternatives=["return"])


def _check_repair(line: Line, reason: ReturnReason, now: datetime) -> None:
    months = line.product.warranty_months
    if months is None:
        raise _not_eligible(f"{line.item.name}没有保修", rule="no_warranty")
    if not is_sellers_fault(reason):
        raise _not_eligible("维修只受理性能故障", rule="repair_reason")
    _check_deadline(end_of_day(add_months(line.delivered_at, months)), "保修期", now)


def _quality_return_deadline(line: Line) -> datetime:
    match line.product.category:
        case "服饰鞋靴" | "家纺":
            return end_of_day(line.delivered_at, days_later=15)
        case "美妆个护" | "小家电" | "数码配件":
            return end_of_day(line.delivered_at, days_later=7)
        case "食品":
            return _shelf_life_ends(line)
        case _:
            assert_never(line.product.category)


def _shelf_life_ends(line: Line) -> datetime:
    """The records do not say which batch was sent: it cannot outlive a batch made on the day of delivery."""
    days = line.product.shelf_life_days or 0
    return end_of_day(line.delivered_at, days_later=days)


def _check_deadline(deadline: datetime | None, name: str, now: datetime) -> None:
    if deadline is None:
        raise _not_eligible("该商品不支持", rule="not_supported")
    if now > deadline:
        message = f"{name}已于 {deadline.month} 月 {deadline.day} 日 {deadline:%H:%M} 截止"
        raise Refusal("out_of_window", message, details={"deadline": deadline})


def _not_eligible(message: str, *, rule: str, alternatives: Sequence[str] = ()) -> Refusal:
    details: dict[str, object] = {"rule": rule}
    if alternatives:
        details["alternatives"] = list(alternatives)
    return Refusal("not_eligible", message, details=details)
