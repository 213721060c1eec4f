"""The reply in the script that the customer writes: traditional for those who do, simplified otherwise."""

from dataclasses import replace
from functools import cache
from typing import assert_never

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

_CONVERSIONS = {"zh-Hant": "s2tw", "yue": "s2hk"}


def in_script_of(part: Part, language: str | None) -> Part:
    """The part as a reader of `language` expects it. What a button sends stays as understanding knows it."""
    conversion = _CONVERSIONS.get(language or "")
    return part if conversion is None else _converted(part, _converter(conversion))


@cache
def _converter(conversion: str) -> OpenCC:
    return OpenCC(conversion)


def _converted(part: Part, to: OpenCC) -> Part:
    match part:
        case Text():
            return Text(to.convert(part.text))
        case QuickReplies():
            return QuickReplies(tuple(Choice(to.convert(o.label), o.message) for o in part.options))
        case Card():
            return replace(
                part,
                title=to.convert(part.title),
                subtitle=part.subtitle and to.convert(part.subtitle),
                status=part.status and to.convert(part.status),
                fields=tuple(CardField(to.convert(f.label), to.convert(f.value)) for f in part.fields),
                timeline=tuple(CardMoment(to.convert(m.time), to.convert(m.text)) for m in part.timeline),
                actions=tuple(Choice(to.convert(a.label), a.message) for a in part.actions),
            )
        case Form():
            fields = tuple(replace(field, label=to.convert(field.label)) for field in part.fields)
            return Form(to.convert(part.title), fields, to.convert(part.submit))
        case Notice():
            return Notice(to.convert(part.text), part.level)
        case Image() | File():
            return part
        case _:
            assert_never(part)
