"""A text with fields: `订单 {order.order_id}[[，共 {order.amounts.paid|money}]]`.

Braces hold an expression of the flow language, then filters. What stands in double brackets is left out when
one of its fields is absent or empty (null, zero, an empty list or text).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kefu.conversation.values import Record, Value
from kefu.flows import expressions, templates
from kefu.flows.expressions import Expression, ExpressionFailed, ExpressionInvalid, ValueMissing
from kefu.turn.filters import FILTERS, Enums, Manner

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_BAR = re.compile(r"""\|(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")


@dataclass(frozen=True, slots=True)
class Slotted:
    """One pair of braces; `filters` are names with their arguments."""

    expression: Expression
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    parts: tuple[str | Slotted, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    segments: tuple[Segment, ...]

    @property
    def needs(self) -> frozenset[str]:
        """The names without which it cannot be worded."""
        slotted = (part for segment in self.segments if not segment.optional for part in segment.parts)
        return frozenset[str]().union(
            *(part.expression.needs() for part in slotted if isinstance(part, Slotted))
        )


def parse(text: str, enums: Enums) -> Phrase:
    """Raises `ExpressionInvalid` with one sentence for the operator."""
    segments: list[Segment] = []
    # `split` with one group alternates between what is always said and what is optional.
    for index, piece in enumerate(_OPTIONAL.split(text)):
        if piece:
            segments.append(Segment(tuple(_parts(piece, enums)), optional=index % 2 == 1))
    return Phrase(tuple(segments))


def write(phrase: Phrase, fields: Record, manner: Manner) -> str:
    """Raises `ExpressionFailed` with `field` set to the expression that has no value."""
    return "".join(_segment(segment, fields, manner) for segment in phrase.segments)


def _parts(text: str, enums: Enums) -> Iterator[str | Slotted]:
    for coded, piece in templates.split(text):
        if not coded:
            yield piece
            continue
        code, *filters = _BAR.split(piece)
        yield Slotted(expressions.parse(code), tuple(_filter(one, enums) for one in filters))


def _filter(text: str, enums: Enums) -> tuple[str, str]:
    name, _, argument = (part.strip() for part in text.partition(":"))
    known = FILTERS.get(name)
    if known is None:
        raise ExpressionInvalid(f"unknown filter `{name}`; known are {', '.join(sorted(FILTERS))}")
    if known.takes_argument != bool(argument):
        raise ExpressionInvalid(f"filter `{name}` takes {'an' if known.takes_argument else 'no'} argument")
    if name == "enum" and argument not in enums:
        raise ExpressionInvalid(f"unknown table `{argument}`")
    return name, argument


def _segment(segment: Segment, fields: Record, manner: Manner) -> str:
    written: list[str] = []
    for part in segment.parts:
        if isinstance(part, str):
            written.append(part)
            continue
        value = _value(part, fields, optional=segment.optional)
        if segment.optional and expressions.is_empty(value):
            return ""
        written.append(_written(part, value, manner))
    return "".join(written)


def _value(part: Slotted, fields: Record, *, optional: bool) -> Value:
    try:
        return expressions.evaluate(part.expression, fields)
    except ValueMissing:
        if optional:
            return None
        raise


def _written(part: Slotted, value: Value, manner: Manner) -> str:
    name = part.expression.text.strip()
    if value is None:
        raise ValueMissing(f"`{name}` is null", field=name)
    try:
        for filter_, argument in part.filters:
            value = FILTERS[filter_].write(value, argument, manner)
    except ExpressionFailed as error:
        raise ExpressionFailed(f"`{name}` {error.detail}", field=name) from error
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ExpressionFailed(f"`{name}` cannot be written into a text", field=name)
    return str(value)
