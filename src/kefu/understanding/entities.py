"""Entities: every typed span of a message, with its normal value."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kefu.conversation.values import Record, Value
from kefu.understanding.dates import find_dates
from kefu.understanding.identifiers import find_identifiers
from kefu.understanding.lexicon import Gazetteer, Lexicon
from kefu.understanding.measures import find_amounts, find_quantities, find_sizes
from kefu.understanding.reading import Entity
from kefu.understanding.spans import Span, standing
from kefu.understanding.text import Cleaned, clean

_COMPANY = re.compile(
    r"[一-鿿()a-z]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司|事务所|企业社)(?:[一-鿿]{2,6}?分公司)?"
    r"|(?<=抬头写|抬头是|抬头为)[一-鿿()]{4,24}?(?:公司|厂|店|中心|学校|医院|大学|工作室)"
    r"|(?<![a-z])[a-z][a-z&. ]{2,40}?(?:ltd|inc|co\.|llc|limited)(?![a-z])"
)
# What leads up to the name: 抬头应该是…, 从个人换成…
_COMPANY_LEAD = re.compile(r"^.*(?:抬头|名称|[写换改开]成|[是为写称开:]|公司名)(?=.{4})")
_DISTRICT = re.compile(r"(?:(?:(?![的就在或和到边])[一-鿿]){1,6}?(?:自治州|自治县|[市区县州旗镇]|街道)){1,3}")
_PERSONAL_TITLE = re.compile(r"抬头(?:就?写|是|用|开)?(个人)")


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


@dataclass(frozen=True, slots=True)
class ProductNames:
    """What customers may call a product, and in which colours and sizes it is sold."""

    sku: str
    name: str
    short_names: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()


def product_names(records: Iterable[Record]) -> Iterator[ProductNames]:
    """The names in the shop's product records (`sku`, `name`, `short_names`, `colors`, `sizes`)."""
    for record in records:
        yield ProductNames(
            str(record["sku"]),
            str(record["name"]),
            _strings(record.get("short_names")),
            _strings(record.get("colors")),
            _strings(record.get("sizes")),
        )


class EntityExtractor:
    """Finds the entities of one pack's messages.

    `lexicons` may hold `couriers`, `colors`, `places` and `products` (canonical word to spellings), `reasons`
    and `packaging` (value to regular expressions). `personal` finds personal data in a message as typed.
    """

    def __init__(
        self,
        products: Iterable[ProductNames],
        lexicons: Mapping[str, Lexicon],
        personal: Callable[[str], Iterable[PersonalData]],
    ) -> None:
        self._personal = personal
        self._named = Gazetteer(_names(tuple(products), lexicons))
        self._described = [
            *(_Described("reason", *entry) for entry in _expressions(lexicons.get("reasons"))),
            *(_Described("has_package", *entry) for entry in _expressions(lexicons.get("packaging"))),
        ]

    def extract(self, message: Cleaned, now: datetime, expects: str | None = None) -> tuple[Entity, ...]:
        """The entities in the order of the message. `expects` is the type of the slot that was asked for."""
        entities: list[Entity] = []
        for span in standing(self._spans(message, now, expects)):
            start, end = message.typed_span(span.start, span.end)
            entities.append(Entity(span.type, message.typed[start:end], span.value, start, end))
        return tuple(entities)

    def _spans(self, message: Cleaned, now: datetime, expects: str | None) -> Iterator[Span]:
        text = message.text
        yield from find_identifiers(text, expects)
        yield from find_amounts(text)
        yield from find_quantities(text)
        yield from find_sizes(text)
        for date in find_dates(text, now):
            yield Span("date", date.start, date.end, date.value)
        named = [Span(kind, start, end, value) for start, end, (kind, value) in self._named.find(text)]
        yield from named
        yield from _places(text, named)
        for described in self._described:
            for match in described.pattern.finditer(text):
                yield Span(described.type, match.start(), match.end(), described.value)
        yield from _companies(text)
        for personal in self._personal(message.typed):
            start, end = message.cleaned_span(personal.start, personal.end)
            if start < end:
                yield Span(personal.type, start, end, personal.value)


@dataclass(frozen=True, slots=True)
class _Described:
    """Values that customers describe instead of naming them."""

    type: str
    value: Value
    pattern: re.Pattern[str]


_Named = tuple[str, Value]


def _names(products: Sequence[ProductNames], lexicons: Mapping[str, Lexicon]) -> Iterator[tuple[str, _Named]]:
    yield from _product_words(products)
    colors = dict.fromkeys(color for product in products for color in product.colors)
    for color in colors:
        word = clean(color).text
        yield word, ("color", color)
        if len(word) > 1 and not word.endswith(("色", "组", "格")):
            yield f"{word}色", ("color", color)
    for size in dict.fromkeys(size for product in products for size in product.sizes if len(size) > 3):
        yield clean(size).text, ("size", size)
    for kind, name in (
        ("product", "products"),
        ("color", "colors"),
        ("courier", "couriers"),
        ("address", "places"),
    ):
        lexicon = lexicons.get(name)
        for word, key in lexicon.pairs() if lexicon else ():
            yield word, (kind, key)


def _product_words(products: Sequence[ProductNames]) -> Iterator[tuple[str, _Named]]:
    """A short name of one product stands for its name; one that several share stands for itself."""
    owners: dict[str, list[ProductNames]] = {}
    for product in products:
        for name in (product.name, *product.short_names):
            owners.setdefault(name, []).append(product)
    for name, owned in owners.items():
        yield clean(name).text, ("product", owned[0].name if len(owned) == 1 else name)


def _expressions(lexicon: Lexicon | None) -> Iterator[tuple[Value, re.Pattern[str]]]:
    for key, words in lexicon.entries.items() if lexicon else ():
        value: Value = {"true": True, "false": False}.get(key, key)
        yield value, re.compile("|".join(f"(?:{word})" for word in words))


def _places(text: str, named: Sequence[Span]) -> Iterator[Span]:
    """Places that are given by their parts: 四川省绵阳市涪城区."""
    places = [span for span in named if span.type == "address"]
    for first in places:
        end = first.end
        for following in places:
            end = following.end if following.start == end else end
        part = _DISTRICT.match(text, end)
        end = part.end() if part else end
        if end > first.end:
            yield Span("address", first.start, end, text[first.start : end])


def _companies(text: str) -> Iterator[Span]:
    for match in _COMPANY.finditer(text):
        lead = _COMPANY_LEAD.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        if match.end() - start >= 4:
            yield Span("invoice_title", start, match.end(), text[start : match.end()])
    for match in _PERSONAL_TITLE.finditer(text):
        yield Span("invoice_title", match.start(1), match.end(1), match[1])


def _strings(value: Value) -> tuple[str, ...]:
    if value is None or isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(item for item in value if isinstance(item, str))
