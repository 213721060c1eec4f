"""Typed spans of cleaned text, and which of several overlapping ones stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from kefu.conversation.values import Value

# Of two readings of the very same characters, the more specific one.
_SPECIFIC = (
    "order_id", "tracking_no", "coupon_code", "sku", "id_card", "tax_id", "bank_card", "phone", "email",
    "invoice_title", "address", "has_package", "reason", "date", "amount", "product", "size", "color",
    "quantity",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_SPECIFIC)}
# What describes a problem may name the thing that has it.
_MAY_HOLD = {"reason": frozenset({"product", "size", "color", "quantity"})}


@dataclass(frozen=True, slots=True)
class Span:
    """`value` is normalised; None where the words name a thing of that type but no single value."""

    type: str
    start: int
    end: int
    value: Value


def standing(spans: Iterable[Span]) -> list[Span]:
    """The spans that stand, in the order of the text: the longest of those that overlap."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start - each.end, _RANK.get(each.type, len(_RANK)))):
        if not any(_excludes(other, span) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda each: (each.start, each.end))


def _excludes(kept: Span, span: Span) -> bool:
    if span.end <= kept.start or kept.end <= span.start:
        return False
    inside = kept.start <= span.start and span.end <= kept.end
    return not (inside and span.type in _MAY_HOLD.get(kept.type, frozenset()))
