"""Returns, exchanges, refunds without return, and repairs."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from kefu.shop.database import ORDERS, PRODUCTS, RETURNS, SHIPMENTS
from kefu.shop.documents import (
    Document,
    Order,
    OrderItem,
    Return,
    ReturnItem,
    ReturnKind,
    ReturnMethod,
    ReturnReason,
    Shipment,
    TimelineEntry,
    Variant,
)
from kefu.shop.handling import Call, Reply, Request, WriteRequest
from kefu.shop.item_change import check_variant
from kefu.shop.problems import Refusal, bad_request, not_found
from kefu.shop.return_rules import (
    Line,
    bearer,
    check_cancellable,
    check_eligible,
    deduct,
    is_open,
    is_sellers_fault,
    refund_amount,
)
from kefu.shop.stock import shift_stock

_KIND_NAMES: dict[ReturnKind, str] = {
    "return": "退货退款",
    "exchange": "换货",
    "refund_only": "仅退款",
    "repair": "维修",
}


class GetReturn(Request, frozen=True, kw_only=True):
    return_id: str


class CancelReturn(WriteRequest, frozen=True, kw_only=True):
    return_id: str
    note: str = ""


class Wanted(Document, frozen=True, kw_only=True):
    line_no: int
    quantity: int
    exchange_to: Variant | None = None


class CreateReturn(WriteRequest, frozen=True, kw_only=True):
    order_id: str
    kind: ReturnKind
    reason: ReturnReason
    description: str = ""
    items: tuple[Wanted, ...]
    has_package: bool
    return_method: ReturnMethod | None = None
    image_ids: tuple[str, ...] = ()


def get(request: GetReturn, call: Call) -> Reply:
    return Reply(200, call.claim(request.return_id))


def create(request: CreateReturn, call: Call) -> Reply:
    order = call.order(request.order_id)
    lines = _lines(request, order, call)
    for line in lines:
        check_eligible(
            line,
            request.kind,
            request.reason,
            call.now,
            has_package=request.has_package,
            description=request.description,
        )
    warehouse = _one_warehouse(request.kind, lines)
    if request.kind == "exchange":
        _reserve(lines, call)
    claim = _open_claim(request, order, lines, warehouse, call)
    call.tx.put(RETURNS, claim)
    _mark_order(order, claim, call)
    return Reply(201, claim)


def cancel(request: CancelReturn, call: Call) -> Reply:
    claim = call.claim(request.return_id)
    check_cancellable(claim)
    for item in claim.items:
        if item.exchange_to is not None:
            shift_stock(call.tx, item.sku, item.exchange_to, item.quantity)
    entry = TimelineEntry(time=call.now, event="顾客撤销申请")
    claim = replace(claim, status="cancelled", finished_at=call.now, timeline=(*claim.timeline, entry))
    call.tx.put(RETURNS, claim)
    _release_order(call.order(claim.order_id), call)
    return Reply(200, claim)


def _lines(request: CreateReturn, order: Order, call: Call) -> list[Line]:
    """The wanted lines, each delivered, free of other returns, and asked for in a quantity still there."""
    claims = call.tx.find(RETURNS, order_id=order.order_id)
    parcels = call.tx.find(SHIPMENTS, order_id=order.order_id)
    repeated = [line_no for line_no, n in Counter(w.line_no for w in request.items).items() if n > 1]
    if repeated:
        raise bad_request("items", f"第 {repeated[0]} 行重复")
    lines: list[Line] = []
    for index, wanted in enumerate(request.items):
        item = order.line(wanted.line_no)
        if item is None:
            raise bad_request(f"items.{index}.line_no", "订单没有该商品行")
        delivered_at = _delivered_at(order, item, parcels)
        _check_free(item, claims)
        _check_quantity(item, wanted.quantity)
        lines.append(_line(item, wanted, delivered_at, claims, request, call))
    return lines


def _line(
    item: OrderItem,
    wanted: Wanted,
    delivered_at: datetime,
    claims: Sequence[Return],
    request: CreateReturn,
    call: Call,
) -> Line:
    product = call.tx.get(PRODUCTS, item.sku)
    if product is None:
        raise not_found("product_not_found")
    return Line(
        item=item,
        product=product,
        quantity=wanted.quantity,
        delivered_at=delivered_at,
        exchange_to=_exchange_to(item, wanted, request),
        exchanged_before=sum(
            claim.kind == "exchange"
            and claim.status == "exchange_completed"
            and any(part.line_no == item.line_no for part in claim.items)
            for claim in claims
        ),
    )


def _exchange_to(item: OrderItem, wanted: Wanted, request: CreateReturn) -> Variant | None:
    """The variant to send instead; a faulty piece may be exchanged for its like without saying so."""
    if request.kind != "exchange":
        return None
    if wanted.exchange_to is None:
        if not is_sellers_fault(request.reason):
            raise bad_request(f"items.{request.items.index(wanted)}.exchange_to", "换货要写明换成什么规格")
        return Variant(color=item.color, size=item.size)
    return Variant(
        color=wanted.exchange_to.color or item.color,
        size=wanted.exchange_to.size or item.size,
    )


def _delivered_at(order: Order, item: OrderItem, parcels: Sequence[Shipment]) -> datetime:
    """When the line's parcel was signed for, the last one if it was exchanged or sent again."""
    carrying = [p for p in parcels if item.line_no in p.line_nos and p.purpose != "repair_return"]
    times = [parcel.delivered_at for parcel in carrying if parcel.delivered_at is not None]
    if order.status in ("delivered", "completed", "in_aftersales") and order.delivered_at is not None:
        times = times or [order.delivered_at]
    if order.status in ("pending_payment", "paid", "packed", "cancelled") or not times:
        message = "订单还未签收，请使用取消或拦截"
        raise Refusal("order_not_delivered", message, details={"status": order.status})
    return max(times)


def _check_free(item: OrderItem, claims: Sequence[Return]) -> None:
    for claim in claims:
        if is_open(claim) and any(part.line_no == item.line_no for part in claim.items):
            details = {"return_id": claim.return_id}
            raise Refusal("return_in_progress", "该商品已有进行中的售后", details=details)


def _check_quantity(item: OrderItem, quantity: int) -> None:
    left = item.quantity - item.returned_quantity
    if quantity > left:
        details = {"rule": "quantity", "line_no": item.line_no, "returnable": left}
        raise Refusal("not_eligible", f"该商品最多还能退 {left} 件", details=details)


def _one_warehouse(kind: ReturnKind, lines: Sequence[Line]) -> str | None:
    """Where the goods go back to; each warehouse needs a return of its own (handbook HB-07)."""
    if kind == "refund_only":
        return None
    warehouses = sorted({line.product.warehouse for line in lines})
    if len(warehouses) > 1:
        details = {"rule": "one_warehouse", "warehouses": warehouses}
        raise Refusal("not_eligible", "不同仓库的商品请分开申请", details=details)
    return warehouses[0]


def _reserve(lines: Sequence[Line], call: Call) -> None:
    for line in lines:
        if line.exchange_to is not None:
            check_variant(line.product, replace(line.item, quantity=line.quantity), line.exchange_to)
            shift_stock(call.tx, line.item.sku, line.exchange_to, -line.quantity)


def _open_claim(
    request: CreateReturn, order: Order, lines: Sequence[Line], warehouse: str | None, call: Call
) -> Return:
    deduction = deduct(request.reason, lines, has_package=request.has_package)
    pays_back = request.kind in ("return", "refund_only")
    event = f"顾客提交申请：{_KIND_NAMES[request.kind]}"
    return Return(
        return_id=call.tx.next_id("RT", 6, call.now),
        order_id=order.order_id,
        customer_id=order.customer_id,
        kind=request.kind,
        reason=request.reason,
        description=request.description,
        status="pending_review",
        items=tuple(
            ReturnItem(
                line_no=line.item.line_no,
                sku=line.item.sku,
                name=line.item.name,
                color=line.item.color,
                size=line.item.size,
                quantity=line.quantity,
                exchange_to=line.exchange_to,
            )
            for line in lines
        ),
        has_package=request.has_package,
        images_count=len(request.image_ids),
        shipping_fee_bearer=bearer(request.kind, request.reason, lines),
        return_method=None if request.kind == "refund_only" else request.return_method,
        warehouse=warehouse,
        return_tracking_no=None,
        refund_amount=refund_amount(order, lines, deduction.amount) if pays_back else None,
        deduction=deduction.amount if request.kind in ("return", "exchange") else Decimal(0),
        deduction_reason=deduction.reason if request.kind in ("return", "exchange") else None,
        refund_id=None,
        requested_at=call.now,
        approved_at=None,
        ship_back_deadline=None,
        shipped_back_at=None,
        received_at=None,
        inspected_at=None,
        finished_at=None,
        timeline=(TimelineEntry(time=call.now, event=event),),
    )


def _mark_order(order: Order, claim: Return, call: Call) -> None:
    order = replace(order, returns=(*order.returns, claim.return_id))
    if order.status in ("delivered", "completed"):
        order = replace(order, status="in_aftersales", status_before_aftersales=order.status)
    call.tx.put(ORDERS, order)


def _release_order(order: Order, call: Call) -> None:
    """Back to the status before, once nothing is left open."""
    claims = call.tx.find(RETURNS, order_id=order.order_id)
    before = order.status_before_aftersales
    if order.status == "in_aftersales" and before and not any(is_open(claim) for claim in claims):
        call.tx.put(ORDERS, replace(order, status=before, status_before_aftersales=None))
