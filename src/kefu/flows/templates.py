"""Texts and values with expressions in braces: `"{order_id}"`, `"订单 {order.order_id} 的规则"`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, Union

from kefu.conversation.values import Record, Value
from kefu.flows import expressions
from kefu.flows.expressions import Expression, ExpressionFailed, ExpressionInvalid


@dataclass(frozen=True, slots=True)
class Template:
    """Text and expressions in turn. A single expression alone keeps its value's type."""

    parts: tuple[str | Expression, ...]


Argument: TypeAlias = Union[  # noqa: UP007 -- quoted members have no `|`
    Template, bool, int, float, str, Sequence["Argument"], Mapping[str, "Argument"], None
]
"""A JSON value with templates in it."""


def split(text: str) -> Iterator[tuple[bool, str]]:
    """The pieces of `text`: `(False, literal)` or `(True, what stands in braces)`. `{{` and `}}` are braces.

    Raises:
        ExpressionInvalid: a brace has no partner.
    """
    literal, position = "", 0
    while position < len(text):
        two = text[position : position + 2]
        if two in ("{{", "}}"):
            literal, position = literal + two[0], position + 2
        elif two[0] == "}":
            raise ExpressionInvalid(f"`{text}`: a `}}` without its `{{`")
        elif two[0] == "{":
            if literal:
                yield False, literal
            end = _closing(text, position + 1)
            yield True, text[position + 1 : end]
            literal, position = "", end + 1
        else:
            literal, position = literal + two[0], position + 1
    if literal:
        yield False, literal


def parse(text: str) -> Template:
    """Raises `ExpressionInvalid`."""
    return Template(tuple(expressions.parse(piece) if coded else piece for coded, piece in split(text)))


def fill(argument: Argument, scope: Record) -> Value:
    """The value that `argument` stands for. Raises `ExpressionFailed`."""
    match argument:
        case Template(parts=(Expression() as whole,)):
            return expressions.evaluate(whole, scope)
        case Template(parts=parts):
            return "".join(part if isinstance(part, str) else _written(part, scope) for part in parts)
        case Mapping():
            return {name: fill(member, scope) for name, member in argument.items()}
        case str() | bool() | int() | float() | None:
            return argument
        case _:
            return [fill(element, scope) for element in argument]


def expressions_in(argument: Argument) -> Iterator[Expression]:
    match argument:
        case Template(parts=parts):
            yield from (part for part in parts if isinstance(part, Expression))
        case Mapping():
            for member in argument.values():
                yield from expressions_in(member)
        case str() | bool() | int() | float() | None:
            return
        case _:
            for element in argument:
                yield from expressions_in(element)


def _closing(text: str, start: int) -> int:
    quote = ""
    for position in range(start, len(text)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "}":
            return position
    raise ExpressionInvalid(f"`{text}`: a `{{` without its `}}`")


def _written(expression: Expression, scope: Record) -> str:
    value = expressions.evaluate(expression, scope)
    if isinstance(value, bool) or value is None or not isinstance(value, str | int | float):
        raise ExpressionFailed(f"`{expression.text}` cannot be written into a text", field=expression.text)
    return str(value)
