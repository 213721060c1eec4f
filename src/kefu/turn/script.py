"""The reply in the script that the customer writes: traditional for those who do, simplified otherwise."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import assert_never, cast

from opencc import OpenCC

from kefu.conversation.messages import (
    Card,
    CardField,
    CardMoment,
    Choice,
    File,
    Form,
    Image,
    Notice,
    Part,
    QuickReplies,
    Text,
)

Converter = Callable[[str], str]

_CONVERSIONS = {"zh-Hant": "s2tw", "yue": "s2hk"}


def in_script_of(part: Part, language: str | None) -> Part:
    """The part as a reader of `language` expects it. What a button sends stays as understanding knows it."""
    conversion = _CONVERSIONS.get(language or "")
    return part if conversion is None else _converted(part, _converter(conversion))


@cache
def _converter(conversion: str) -> Converter:
    # The package is not typed.
    convert = OpenCC(conversion).convert  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast("Converter", convert)


def _converted(part: Part, to: Converter) -> Part:
    match part:
        case Text():
            return Text(to(part.text))
        case QuickReplies():
            return QuickReplies(tuple(Choice(to(o.label), o.message) for o in part.options))
        case Card():
            return replace(
                part,
                title=to(part.title),
                subtitle=part.subtitle and to(part.subtitle),
                status=part.status and to(part.status),
                fields=tuple(CardField(to(f.label), to(f.value)) for f in part.fields),
                timeline=tuple(CardMoment(to(m.time), to(m.text)) for m in part.timeline),
                actions=tuple(Choice(to(a.label), a.message) for a in part.actions),
            )
        case Form():
            fields = tuple(replace(field, label=to(field.label)) for field in part.fields)
            return Form(to(part.title), fields, to(part.submit))
        case Notice():
            return Notice(to(part.text), part.level)
        case Image() | File():
            return part
        case _:
            assert_never(part)
