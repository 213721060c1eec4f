"""Paying back the difference when a price falls after purchase (handbook HB-17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from kefu.shop.database import ORDERS, PRODUCTS, RETURNS
from kefu.shop.documents import Order, OrderItem, PriceProtection, Product, Return, Variant
from kefu.shop.handling import Call, Reply, WriteRequest
from kefu.shop.problems import Refusal, bad_request
from kefu.shop.promotions import discount
from kefu.shop.refunds import initiate, split, yuan
from kefu.shop.return_rules import is_open

_LEAST = Decimal(1)


class ApplyPriceProtection(WriteRequest, frozen=True, kw_only=True):
    order_id: str
    line_no: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Unit prices after promotions, and the whole difference in yuan for the pieces still kept."""

    paid_unit: Decimal
    current_unit: Decimal
    difference: Decimal


def apply(request: ApplyPriceProtection, call: Call) -> Reply:
    order = call.order(request.order_id)
    item = order.line(request.line_no)
    if item is None:
        raise bad_request("line_no", "订单没有该商品行")
    product = call.tx.get(PRODUCTS, item.sku)
    check(order, item, product, call.tx.find(RETURNS, order_id=order.order_id), call.now)
    if order.type == "presale_deposit":
        return _hand_to_a_person(order, item, call)
    comparison = compare(item, product, call.now)
    if comparison.difference < _LEAST:
        details = {"paid_unit": yuan(comparison.paid_unit), "current_unit": yuan(comparison.current_unit)}
        raise Refusal("no_price_drop", "当前到手价没有更低", details=details)
    return _approve(order, item, comparison.difference, call)


def check(
    order: Order, item: OrderItem, product: Product | None, claims: Sequence[Return], now: datetime
) -> None:
    """Raises when the line is outside price protection, whatever the prices are."""
    for earlier in order.price_protections:
        if earlier.line_no == item.line_no and earlier.status != "rejected":
            details = {"claim_id": earlier.claim_id, "status": earlier.status}
            raise Refusal("price_protection_used", "该商品已成功价保一次或正在审核", details=details)
    for claim in claims:
        returning = claim.kind in ("return", "refund_only") and is_open(claim)
        if returning and any(part.line_no == item.line_no for part in claim.items):
            raise Refusal("return_in_progress", "该商品正在退货", details={"return_id": claim.return_id})
    if order.status in ("pending_payment", "cancelled"):
        raise Refusal("not_eligible", "未付款或已取消的订单没有价保", details={"status": order.status})
    if item.returned_quantity >= item.quantity:
        raise Refusal("not_eligible", "该商品已退款", details={"rule": "refunded"})
    zone = product.sale_zone if product else "normal"
    if item.flash_sale or zone != "normal" or item.price_protect_until is None:
        rule = "flash_sale" if item.flash_sale else zone
        raise Refusal("not_eligible", "秒杀、临期和瑕疵特价商品不参加价保", details={"rule": rule})
    if now > item.price_protect_until:
        until = item.price_protect_until
        message = f"价保已于 {until.month} 月 {until.day} 日截止"
        raise Refusal("out_of_window", message, details={"price_protect_until": until})


def compare(item: OrderItem, product: Product | None, now: datetime) -> Comparison:
    """What the line cost after promotions against the page's price now; raises when it is not on sale now."""
    level = product.stock_of(Variant(color=item.color, size=item.size)) if product else None
    if product is None or level is None or product.status != "on_sale" or level.qty == 0:
        details = {"rule": "variant_unavailable", "sku": item.sku}
        raise Refusal("not_eligible", "该规格已下架或无货", details=details)
    total = level.price * item.quantity
    current_unit = (total - discount(product, total, now)) / item.quantity
    paid_unit = (item.line_amount - item.promo_share) / item.quantity
    kept = item.quantity - item.returned_quantity
    return Comparison(paid_unit, current_unit, yuan((paid_unit - current_unit) * kept))


def _approve(order: Order, item: OrderItem, amount: Decimal, call: Call) -> Reply:
    claim = PriceProtection(
        claim_id=call.tx.next_id("PPC", 4, call.now),
        line_no=item.line_no,
        status="approved",
        amount=amount,
        applied_at=call.now,
    )
    refunds = initiate(call, "price_protection", split(order, amount))
    call.tx.put(
        ORDERS,
        replace(
            order,
            price_protections=(*order.price_protections, claim),
            refunds=(*order.refunds, *refunds),
            refund_status="full" if order.refund_status == "full" else "partial",
        ),
    )
    return Reply(201, claim)


def _hand_to_a_person(order: Order, item: OrderItem, call: Call) -> Reply:
    """A deposit counts for more than was paid, and the page shows no price to hold that against."""
    claim = PriceProtection(
        claim_id=call.tx.next_id("PPC", 4, call.now),
        line_no=item.line_no,
        status="manual_review",
        amount=Decimal(0),
        applied_at=call.now,
    )
    call.tx.put(ORDERS, replace(order, price_protections=(*order.price_protections, claim)))
    return Reply(202, claim)
