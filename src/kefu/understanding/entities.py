"""Entities: every typed span of a message, with its normal value."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kefu.conversation.values import Value
from kefu.understanding.addresses import Places
from kefu.understanding.amounts import find_amounts
from kefu.understanding.colors import find_colors, of_goods
from kefu.understanding.companies import find_invoice_titles
from kefu.understanding.dates import find_dates
from kefu.understanding.goods import NONE, Goods, ProductNames, product_names
from kefu.understanding.homophones import Homophones
from kefu.understanding.identifiers import find_identifiers
from kefu.understanding.lexicon import Gazetteer, Lexicon
from kefu.understanding.packaging import Packaging
from kefu.understanding.persons import find_persons
from kefu.understanding.quantities import find_quantities
from kefu.understanding.reading import Entity
from kefu.understanding.reasons import Reasons
from kefu.understanding.sizes import find_sizes
from kefu.understanding.spans import Span, standing
from kefu.understanding.spoken_emails import find_spoken_emails
from kefu.understanding.text import Cleaned, clean

__all__ = ["EntityExtractor", "PersonalData", "ProductNames", "product_names"]

_NUMBER = re.compile("[0-9零〇一二两三四五六七八九十百千万半俩仨几幺廿]")
_MODEL = re.compile("[A-Z][0-9]{2,3}")


class PersonalData(Protocol):
    """What the finder of personal data returns."""

    @property
    def type(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def value(self) -> Value: ...


class EntityExtractor:
    """Finds the entities of one pack's messages, by its lexicons as `docs/packs.md` describes them.

    `personal` finds personal data in a message as typed.
    """

    def __init__(
        self,
        products: Iterable[ProductNames],
        lexicons: Mapping[str, Lexicon],
        personal: Callable[[str], Iterable[PersonalData]],
    ) -> None:
        self._personal = personal
        products = tuple(products)
        self._goods = Goods(products, lexicons)
        named = {**dict(_sold_in(products)), **dict(_listed(lexicons))}
        self._named = Gazetteer(named.items())
        self._places = Places(lexicons.get("places"))
        # Two characters of a colour or carrier sound like too much else.
        self._homophones = Homophones((*self._goods.names(), *(word for word in named if len(word) > 2)))
        self._reasons = Reasons(lexicons.get("reasons"))
        self._packaging = Packaging(lexicons.get("packaging"))

    def extract(self, message: Cleaned, now: datetime, expects: str | None = None) -> tuple[Entity, ...]:
        """The entities in the order of the message. `expects` is the type of the slot that was asked for."""
        entities: list[Entity] = []
        for span in standing(self._spans(message, now, expects)):
            start, end = message.typed_span(span.start, span.end)
            entities.append(Entity(span.type, message.typed[start:end], span.value, start, end))
        return tuple(entities)

    def _spans(self, message: Cleaned, now: datetime, expects: str | None) -> Iterator[Span]:
        text = message.text
        numbers = bool(_NUMBER.search(text))
        things = list(self._things(text, numbers=numbers))
        yield from things
        yield from self._places.find(text)
        yield from find_quantities(text, things, numbers=numbers)
        yield from find_identifiers(text, expects)
        if numbers:
            yield from find_amounts(text)
        for date in find_dates(text, now):
            yield Span("date", date.start, date.end, date.value)
        yield from self._reasons.find(text)
        yield from self._packaging.find(text)
        yield from find_invoice_titles(text)
        yield from find_spoken_emails(text)
        yield from find_persons(message)
        for personal in self._personal(message.typed):
            start, end = message.cleaned_span(personal.start, personal.end)
            if personal.type == "address" and start < end:
                start = self._places.begins(text, start, end)
            if start < end:
                yield Span(personal.type, start, end, personal.value)

    def _things(self, text: str, *, numbers: bool) -> Iterator[Span]:
        """Goods, their colours and sizes, carriers."""
        yield from find_sizes(text, numbers=numbers)
        mended = self._homophones.mended(text)
        yield from self._goods.find(mended)
        named = [Span(kind, start, end, value) for start, end, (kind, value) in self._named.find(mended)]
        yield from (span for span in named if span.type not in ("color", NONE))
        yield from of_goods(text, (*find_colors(text), *(span for span in named if span.type == "color")))


def _sold_in(products: Sequence[ProductNames]) -> Iterator[tuple[str, tuple[str, Value]]]:
    """The colours, and the sizes that are words, in which the shop sells its goods."""
    for color in dict.fromkeys(color for product in products for color in product.colors):
        word = clean(color).text
        yield word, ("color", color)
        if len(word) > 1 and not word.endswith(("色", "组", "格")):
            yield f"{word}色", ("color", color)
    for size in dict.fromkeys(
        size for product in products for size in product.sizes if len(size) > 3 or _MODEL.fullmatch(size)
    ):
        yield clean(size).text, ("size", size)


def _listed(lexicons: Mapping[str, Lexicon]) -> Iterator[tuple[str, tuple[str, Value]]]:
    for kind, name in (("color", "colors"), ("courier", "couriers")):
        lexicon = lexicons.get(name)
        for word, key in lexicon.pairs() if lexicon else ():
            yield word, (NONE if key == NONE else kind, key)
