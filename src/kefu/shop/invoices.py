"""Invoices: asking for one, and correcting it once (handbook HB-20)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from kefu.shop.database import INVOICES, ORDERS
from kefu.shop.documents import Invoice, InvoiceType, Order, TitleType
from kefu.shop.handling import Call, Reply, WriteRequest
from kefu.shop.orders import OrderRequest
from kefu.shop.problems import Refusal

_REQUESTED_WITHIN = timedelta(days=180)
_REISSUED_WITHIN = timedelta(days=30)
_COMPLETES_AFTER = timedelta(days=10)
_PURPOSE_CONFIRMED = "已确认用途"
"""How staff note that the buyer's tax office has the invoice; the record has no field for it."""


class RequestInvoice(WriteRequest, frozen=True, kw_only=True):
    action: Literal["new", "reissue"]
    order_id: str
    type: InvoiceType
    title_type: TitleType
    title: str
    tax_id: str | None = None
    email: str


def list_of_order(request: OrderRequest, call: Call) -> Reply:
    order = call.order(request.order_id)
    return Reply(200, _newest_first(call.tx.find(INVOICES, order_id=order.order_id)))


def request_invoice(request: RequestInvoice, call: Call) -> Reply:
    order = call.order(request.order_id)
    history = _newest_first(call.tx.find(INVOICES, order_id=order.order_id))
    if request.type == "e_special" and request.title_type == "personal":
        details = {"rule": "personal_title"}
        raise Refusal("not_eligible", "个人抬头不能开专票", details=details)
    if request.action == "new":
        check_new(order, history, call.now)
        invoice = _draft(request, order, call)
    else:
        replaced = check_reissue(request, history, call.now)
        invoice = replace(_draft(request, order, call), reissue_count=1, note="换开")
        call.tx.put(
            INVOICES, replace(replaced, status="reissuing", reissue_count=1, replaced_by=invoice.invoice_id)
        )
    call.tx.put(INVOICES, invoice)
    call.tx.put(ORDERS, replace(order, invoice_id=invoice.invoice_id))
    return Reply(201, invoice)


def check_new(order: Order, history: Sequence[Invoice], now: datetime) -> None:
    """Raises unless the order is completed, recent enough, and without a valid invoice."""
    if order.completed_at is None:
        details: dict[str, object] = {"status": order.status}
        if order.delivered_at is not None:
            details["auto_complete_at"] = order.delivered_at + _COMPLETES_AFTER
        raise Refusal("order_not_completed", "订单完成后才能开票", details=details)
    if any(invoice.status not in ("rejected", "red_flushed") for invoice in history):
        details = {"invoice_id": history[0].invoice_id, "status": history[0].status}
        raise Refusal("invoice_exists", "该订单已开票，请走换开", details=details)
    deadline = order.completed_at + _REQUESTED_WITHIN
    if now > deadline:
        raise Refusal("out_of_window", "已超过完成后 180 天", details={"deadline": deadline})
    if invoiceable(order) <= 0:
        raise Refusal("not_eligible", "没有可开票的金额", details={"rule": "nothing_paid"})


def check_reissue(request: RequestInvoice, history: Sequence[Invoice], now: datetime) -> Invoice:
    """The invoice to be replaced; raises when there is none, or the one chance is gone or over."""
    if any(invoice.reissue_count or invoice.status == "reissuing" for invoice in history):
        raise Refusal("reissue_limit", "只能换开一次")
    current = next((invoice for invoice in history if invoice.status == "issued"), None)
    if current is None or current.issued_at is None:
        details = {"rule": "not_issued"}
        raise Refusal("not_eligible", "还没有开出的发票，不能换开", details=details)
    if current.type == "e_special" and _PURPOSE_CONFIRMED in (current.note or ""):
        message = "专票已确认用途，请先发起《红字发票信息确认单》"
        raise Refusal("red_confirmation_required", message, details={"invoice_id": current.invoice_id})
    deadline = current.issued_at + _REISSUED_WITHIN
    if now > deadline:
        raise Refusal("out_of_window", "已超过开出后 30 天", details={"deadline": deadline})
    if current.title_type == "personal" and request.type == "e_special":
        details = {"rule": "personal_title"}
        raise Refusal("not_eligible", "个人抬头不能换专票", details=details)
    return current


def invoiceable(order: Order) -> Decimal:
    """Money really paid and kept: gift cards had their invoice when they were bought."""
    paid = sum((p.amount for p in order.payments if p.method != "gift_card"), Decimal(0))
    refunded = sum(
        (r.amount for r in order.refunds if r.method != "gift_card" and r.status != "failed"), Decimal(0)
    )
    return paid - refunded


def _draft(request: RequestInvoice, order: Order, call: Call) -> Invoice:
    return Invoice(
        invoice_id=call.tx.next_id("IV", 5, call.now),
        order_id=order.order_id,
        customer_id=order.customer_id,
        type=request.type,
        title_type=request.title_type,
        title=request.title,
        tax_id=request.tax_id,
        amount=invoiceable(order),
        email=request.email,
        status="reviewing" if request.type == "e_special" else "processing",
        requested_at=call.now,
        issued_at=None,
        invoice_no=None,
    )


def _newest_first(invoices: Sequence[Invoice]) -> list[Invoice]:
    return sorted(invoices, key=lambda invoice: (invoice.requested_at, invoice.invoice_id), reverse=True)
