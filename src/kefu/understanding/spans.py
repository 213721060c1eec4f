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
_HOLDERS = frozenset({"reason"})
_HELD = frozenset({"product", "size", "color", "quantity"})
_FREE, _TAKEN, _HOLDING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Span:
    """`value` is normalised; None where the words name a thing of that type but no single value."""

    type: str
    start: int
    end: int
    value: Value


def standing(spans: Iterable[Span]) -> list[Span]:
    """The spans that stand, in the order of the text: the longest of those that overlap."""
    ordered = sorted(spans, key=lambda each: (each.start - each.end, _RANK.get(each.type, len(_RANK))))
    if len(ordered) < 2:
        return ordered
    taken = bytearray(max(span.end for span in ordered))
    kept: list[Span] = []
    for span in ordered:
        within = taken[span.start : span.end]
        if max(within) == _FREE or (span.type in _HELD and within.count(_HOLDING) == len(within)):
            mark = _HOLDING if span.type in _HOLDERS else _TAKEN
            taken[span.start : span.end] = bytes([mark]) * len(within)
            kept.append(span)
    return sorted(kept, key=lambda each: (each.start, each.end))
