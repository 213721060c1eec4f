"""The pack's responses: approved wording with fields, in every language, with cards and quick replies.

YAML files hold responses by key; the file `enums.yaml` holds tables of words for the back office's states::

    order.status:
      zh: 订单 {order.order_id}：{order.status|enum:order_status}。[[请在 {order.pay_deadline|date} 前付款。]]
      en: Order {order.order_id} is {order.status|enum:order_status}.[[ Pay by {order.pay_deadline|date}.]]
      card:
        kind: order
        title: {zh: 订单, en: Order}
        fields: [{label: {zh: 实付, en: Paid}, value: "{order.amounts.paid|money}"}]
        timeline: {from: parcel.events, time: "{time|datetime}", text: "{description}", last: 5}
      quick_replies: [{zh: 转人工, en: Talk to a person}]

A card's text stands in `zh` and `en`, or once for both; a field whose value comes out empty is left out. A
text that is `""` says nothing in its language.

Other languages stand in files of their own, named by their code, as `kefu.turn.translations` describes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from kefu.conversation.messages import Card, CardField, CardMoment, Choice, Part, QuickReplies, Text
from kefu.conversation.values import Record, Value
from kefu.errors import OperatorError
from kefu.flows import expressions
from kefu.flows.expressions import Expression, ExpressionFailed
from kefu.flows.outcomes import Option, Say
from kefu.turn import phrases
from kefu.turn.filters import FALLBACK, Enums, Manner
from kefu.turn.phrases import Phrase

CardKind = Literal["order", "parcel", "ticket", "product", "receipt"]
Phrases = Mapping[str, Phrase]
"""By language."""


def _nothing() -> Mapping[str, Mapping[str, str]]:
    return {}


class WordingFailed(OperatorError):
    """A response cannot be worded with these fields: `key` names it, `field` what is missing or unfit."""

    code = "wording_failed"

    def __init__(self, key: str, detail: str, *, field: str | None = None) -> None:
        super().__init__(f"response `{key}`: {detail}", field=field)
        self.key = key


@dataclass(frozen=True, slots=True)
class Button:
    """`message` is what pressing it sends."""

    label: Phrases
    message: Phrases


@dataclass(frozen=True, slots=True)
class Timeline:
    """The `last` elements of a list in time order, the newest first, each a moment of its own fields."""

    source: Expression
    time: Phrases
    text: Phrases
    last: int


@dataclass(frozen=True, slots=True)
class CardWording:
    kind: CardKind
    title: Phrases
    subtitle: Phrases | None = None
    status: Phrases | None = None
    fields: tuple[tuple[Phrases, Phrases], ...] = ()
    timeline: Timeline | None = None
    actions: tuple[Button, ...] = ()
    url: Phrases | None = None

    def phrases(self) -> Iterator[Phrases]:
        """Those whose names are the response's; a timeline's are its elements'."""
        yield self.title
        yield from (part for part in (self.subtitle, self.status, self.url) if part is not None)
        for label, value in self.fields:
            yield from (label, value)
        for action in self.actions:
            yield from (action.label, action.message)


@dataclass(frozen=True, slots=True)
class Response:
    key: str
    text: Phrases
    card: CardWording | None = None
    quick_replies: tuple[Button, ...] = ()

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self.text)

    @property
    def needs(self) -> frozenset[str]:
        """The names without which it cannot be worded in every language."""
        parts = [self.text, *(self.card.phrases() if self.card else ())]
        parts.extend(phrase for button in self.quick_replies for phrase in (button.label, button.message))
        names = frozenset[str]().union(*(phrase.needs for part in parts for phrase in part.values()))
        timeline = self.card.timeline if self.card else None
        return names | timeline.source.needs() if timeline else names


@dataclass(frozen=True, slots=True)
class Wording:
    """All responses of a pack. `responses` is also what flows are checked against. `words` translate English
    texts, by language; `titles` are those of intents, by language and intent."""

    responses: Mapping[str, Response]
    enums: Enums
    timezone: tzinfo
    words: Mapping[str, Mapping[str, str]] = field(default_factory=_nothing)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=_nothing)

    def spoken(self, language: str | None) -> str:
        """The wording that a speaker of `language` reads best; whoever is unknown is spoken to in Chinese."""
        code = "zh" if language is None else language.split("-")[0].lower()
        if code in ("zh", "yue"):
            return "zh"
        return code if code in self.words else FALLBACK

    def localized(self, texts: Mapping[str, str], language: str | None) -> str:
        """A text that stands in `zh` and `en`, as a speaker of `language` reads it best."""
        spoken = self.spoken(language)
        if spoken in texts:
            return texts[spoken]
        return self.words.get(spoken, {}).get(texts[FALLBACK], texts[FALLBACK])

    def intent_title(self, intent: str, title: str, language: str | None) -> str:
        """What an intent is called in `language`; `title` is the pack's own, Chinese one."""
        return self.titles.get(self.spoken(language), {}).get(intent, title)

    def render(self, key: str, fields: Record, language: str | None) -> tuple[Part, ...]:
        """The parts of a reply, for a BCP 47 `language`. `fields["now"]` decides which dates need their year.

        Raises:
            WordingFailed: there is no such response, or a field that it needs is missing or unfit.
        """
        response = self.responses.get(key)
        if response is None:
            raise WordingFailed(key, "there is none")
        manner = self._manner(fields, language)
        try:
            return tuple(_parts(response, fields, manner))
        except ExpressionFailed as error:
            raise WordingFailed(key, error.detail, field=error.field) from error

    def speak(self, say: Say, language: str | None) -> tuple[Part, ...]:
        """What the interpreter wants said, its options as quick replies. Raises `WordingFailed`."""
        parts = self.render(say.response, say.fields, language)
        if not say.options:
            return parts
        options = tuple(self._choice(option, language) for option in say.options)
        said = tuple(part for part in parts if not isinstance(part, QuickReplies))
        fixed = tuple(choice for part in parts if isinstance(part, QuickReplies) for choice in part.options)
        return (*said, QuickReplies((*options, *fixed)))

    def _choice(self, option: Option, language: str | None) -> Choice:
        if not isinstance(option.label, Say):
            known = FALLBACK in option.label
            return Choice(self.localized(option.label, language) if known else option.message, option.message)
        parts = self.speak(option.label, language)
        return Choice(" ".join(part.text for part in parts if isinstance(part, Text)), option.message)

    def _manner(self, fields: Record, language: str | None) -> Manner:
        spoken = self.spoken(language)
        year = _year(fields.get("now"), self.timezone)
        return Manner(spoken, self.timezone, self.enums, year, self.words.get(spoken, {}))


def _year(now: Value, timezone: tzinfo) -> int | None:
    try:
        moment = datetime.fromisoformat(now) if isinstance(now, str) else None
    except ValueError:
        moment = None
    return moment.astimezone(timezone).year if moment is not None and moment.tzinfo is not None else None


def _parts(response: Response, fields: Record, manner: Manner) -> Iterator[Part]:
    text = _write(response.text, fields, manner)
    if text:
        yield Text(text)
    if response.card is not None:
        yield _card(response.card, fields, manner)
    if response.quick_replies:
        yield QuickReplies(_buttons(response.quick_replies, fields, manner))


def _card(card: CardWording, fields: Record, manner: Manner) -> Card:
    written = [(_write(label, fields, manner), _write(value, fields, manner)) for label, value in card.fields]
    return Card(
        kind=card.kind,
        title=_write(card.title, fields, manner),
        subtitle=_perhaps(card.subtitle, fields, manner),
        status=_perhaps(card.status, fields, manner),
        fields=tuple(CardField(label, value) for label, value in written if value),
        timeline=_moments(card.timeline, fields, manner) if card.timeline else (),
        actions=_buttons(card.actions, fields, manner),
        url=_perhaps(card.url, fields, manner),
    )


def _moments(timeline: Timeline, fields: Record, manner: Manner) -> tuple[CardMoment, ...]:
    elements = expressions.evaluate(timeline.source, fields)
    if isinstance(elements, str) or not isinstance(elements, Sequence):
        raise ExpressionFailed(f"`{timeline.source.text}` is not a list", field=timeline.source.text)
    records = [element for element in elements if isinstance(element, Mapping)][: -timeline.last - 1 : -1]
    return tuple(
        CardMoment(_write(timeline.time, record, manner), _write(timeline.text, record, manner))
        for record in records
    )


def _buttons(buttons: Sequence[Button], fields: Record, manner: Manner) -> tuple[Choice, ...]:
    return tuple(
        Choice(_write(button.label, fields, manner), _write(button.message, fields, manner))
        for button in buttons
    )


def _perhaps(part: Phrases | None, fields: Record, manner: Manner) -> str | None:
    return _write(part, fields, manner) or None if part is not None else None


def _write(part: Phrases, fields: Record, manner: Manner) -> str:
    return phrases.write(part.get(manner.language) or part[FALLBACK], fields, manner)
