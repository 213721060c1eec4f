"""What one side sends: text and rich parts, attachments, citations."""

from dataclasses import dataclass
from typing import Literal

from kefu.conversation.ids import PassageId


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it shows, and the message that pressing it sends."""

    label: str
    message: str


@dataclass(frozen=True, slots=True)
class QuickReplies:
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class CardField:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CardMoment:
    """One entry of a card's timeline; `time` is already worded for the customer."""

    time: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    kind: Literal["order", "parcel", "ticket", "product", "receipt"]
    title: str
    subtitle: str | None = None
    status: str | None = None
    fields: tuple[CardField, ...] = ()
    timeline: tuple[CardMoment, ...] = ()
    actions: tuple[Choice, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class FormField:
    name: str
    label: str
    type: Literal["text", "tel", "email", "textarea", "select"] = "text"
    required: bool = True
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    fields: tuple[FormField, ...]
    submit: str


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    """`size` is in bytes."""

    url: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    level: Literal["info", "warning"] = "info"


Part = Text | QuickReplies | Card | Form | Image | File | Notice


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that a customer sent beside text. `size` is in bytes."""

    kind: Literal["image", "file", "audio", "video"]
    url: str
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """The numbered use of a passage in a reply; `index` counts from 1 and stands in the text as `[1]`."""

    index: int
    passage_id: PassageId
    source: str
    title: str
    score: float
