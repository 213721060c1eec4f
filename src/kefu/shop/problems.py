"""What the shop refuses, and how it says so."""

from collections.abc import Mapping
from typing import Literal

Code = Literal[
    "bad_request",
    "confirmation_required",
    "idempotency_key_required",
    "idempotency_conflict",
    "token_expired",
    "forbidden",
    "order_not_found",
    "return_not_found",
    "shipment_not_found",
    "product_not_found",
    "customer_not_found",
    "order_not_cancellable",
    "order_already_shipped",
    "order_not_delivered",
    "order_not_completed",
    "address_change_limit",
    "address_not_deliverable",
    "item_restricted_for_zone",
    "item_not_changeable",
    "variant_out_of_stock",
    "variant_price_mismatch",
    "reminder_too_frequent",
    "not_overdue",
    "return_in_progress",
    "return_not_cancellable",
    "report_exists",
    "not_stuck_yet",
    "out_of_window",
    "not_eligible",
    "invoice_exists",
    "reissue_limit",
    "red_confirmation_required",
    "invalid_tax_id",
    "price_protection_used",
    "no_price_drop",
    "rate_limited",
    "service_unavailable",
]


class Refusal(Exception):
    """The request is not carried out; nothing was changed.

    ``code`` is stable and machine-readable, ``message`` is Chinese and fit for the merchant's staff,
    ``details`` holds what decided it.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        details: Mapping[str, object] | None = None,
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.details = dict(details) if details else None
        self.status = status if status is not None else status_of(code)
        self.retry_after = retry_after

    def body(self, request_id: str) -> dict[str, object]:
        error: dict[str, object] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = self.details
        return {"error": error | {"request_id": request_id}}


def status_of(code: Code) -> int:
    """The HTTP status the contract documents for ``code``."""
    match code:
        case "bad_request" | "confirmation_required" | "idempotency_key_required":
            return 400
        case "token_expired" | "forbidden":
            return 401
        case (
            "order_not_found"
            | "return_not_found"
            | "shipment_not_found"
            | "product_not_found"
            | "customer_not_found"
        ):
            return 404
        case (
            "idempotency_conflict"
            | "order_not_cancellable"
            | "order_already_shipped"
            | "order_not_delivered"
            | "order_not_completed"
            | "address_change_limit"
            | "item_not_changeable"
            | "reminder_too_frequent"
            | "return_in_progress"
            | "return_not_cancellable"
            | "report_exists"
            | "invoice_exists"
            | "reissue_limit"
            | "red_confirmation_required"
            | "price_protection_used"
        ):
            return 409
        case (
            "address_not_deliverable"
            | "item_restricted_for_zone"
            | "variant_out_of_stock"
            | "variant_price_mismatch"
            | "not_overdue"
            | "not_stuck_yet"
            | "out_of_window"
            | "not_eligible"
            | "invalid_tax_id"
            | "no_price_drop"
        ):
            return 422
        case "rate_limited":
            return 429
        case "service_unavailable":
            return 503


def bad_request(field: str, message: str) -> Refusal:
    """A malformed request; ``field`` names what to mend, as a dotted path."""
    return Refusal("bad_request", f"{field}：{message}", details={"field": field})


def not_found(code: Code) -> Refusal:
    """The same answer whether a record is missing or somebody else's."""
    return Refusal(code, _NOT_FOUND.get(code, "没有找到"))


_NOT_FOUND: Mapping[Code, str] = {
    "order_not_found": "没有找到该订单",
    "return_not_found": "没有找到该售后单",
    "shipment_not_found": "没有找到该运单",
    "product_not_found": "没有该商品",
    "customer_not_found": "没有该顾客",
}
