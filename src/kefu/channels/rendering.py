"""Rich parts as plain text, for channels that show nothing else. A new channel starts from this."""

from collections.abc import Iterable
from typing import assert_never

from kefu.conversation.messages import Card, File, Form, Image, Notice, Part, QuickReplies, Text


def as_text(parts: Iterable[Part]) -> str:
    """The parts one below the other; buttons appear as `1) 退款  2) 查物流`."""
    return "\n".join(filter(None, map(_part_text, parts)))


def _part_text(part: Part) -> str:
    match part:
        case Text() | Notice():
            return part.text
        case QuickReplies():
            return "  ".join(f"{n}) {option.label}" for n, option in enumerate(part.options, start=1))
        case Card():
            return _card_text(part)
        case Form():
            return "\n".join([part.title, *(f"{field.label}:" for field in part.fields)])
        case Image():
            return f"{part.alt} {part.url}"
        case File():
            return f"{part.name} {part.url}"
        case _:
            assert_never(part)


def _card_text(card: Card) -> str:
    head = " · ".join(filter(None, (card.title, card.subtitle, card.status)))
    fields = [f"{field.label}:{field.value}" for field in card.fields]
    timeline = [f"{moment.time} {moment.text}" for moment in card.timeline]
    return "\n".join([head, *fields, *timeline])
