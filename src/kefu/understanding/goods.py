"""Names of goods: from the shop's records, and as customers say them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kefu.conversation.values import Record, Value
from kefu.understanding.lexicon import Gazetteer, Lexicon
from kefu.understanding.spans import Span
from kefu.understanding.text import clean

SUFFIXES = "suffixes"
"""The list of `goods.yaml` with endings that are goods only after a word of `modifiers.yaml`."""
SHORT = "short"
"""The list of `goods.yaml` with names that are goods only right after a measure word, 这 or 那."""
NONE = "none"
"""The list of `goods.yaml` with longer words that hold the name of goods and are none."""


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


_AFTER_SHORT = re.compile("$|[^一-鿿]|[的是我你嘛呢能有没在就也都还不咋怎用退什第要嘞吧了呃一]")
_COUNTED = frozenset("双只条口个件台盏把床顶款瓶盒罐袋副套支这那条隻條個盤")


@dataclass(slots=True)
class _Role:
    """What a word may be in the name of goods. `value` is the canonical name of a whole one."""

    value: str | None = None
    ending: bool = False
    short: bool = False
    modifier: bool = False


_Word = tuple[int, int, _Role]


class Goods:
    """Finds names of goods: a listed one, with the listed words right before it that belong to it."""

    def __init__(self, products: Iterable[ProductNames], lexicons: Mapping[str, Lexicon]) -> None:
        products = tuple(products)
        self._sold = [(clean(product.name).text, product.name) for product in products]
        self._whole = dict(_whole_names(products, lexicons))
        roles: dict[str, _Role] = {}
        for word, value in self._whole.items():
            for form in _forms(word):
                roles.setdefault(form, _Role(value))
        for word in _listed(lexicons, "goods", SUFFIXES):
            roles.setdefault(word, _Role()).ending = True
        for word in _listed(lexicons, "goods", SHORT):
            roles.setdefault(word, _Role()).short = True
        for word in _listed(lexicons, "modifiers"):
            roles.setdefault(word, _Role()).modifier = True
        for word in _listed(lexicons, "goods", NONE):
            roles[word] = _Role()
        self._words = Gazetteer(roles.items())

    def names(self) -> Iterator[str]:
        """Each listed name in its matching form."""
        return iter(self._whole)

    def find(self, text: str) -> Iterator[Span]:
        """The names in cleaned text. Their value is the canonical name, or else the name as it was said."""
        words = list(self._words.find(text))
        first = 0
        for index, (start, end, role) in enumerate(words):
            if index > 0 and not _adjoin(text, words[index - 1][1], start):
                first = index
            if role.modifier and index + 1 < len(words) and _carries_on(text, end, words[index + 1]):
                continue
            span = self._named(text, words[first : index + 1])
            if span is not None:
                yield span
            first = index + 1

    def _named(self, text: str, words: Sequence[_Word]) -> Span | None:
        """The goods that adjoining words name together, if they do."""
        start, end, role = words[-1]
        begin = words[0][0]
        if role.value is not None or (role.ending and begin < start):
            value = role.value if begin == start else self._composed(text, words)
            return Span("product", begin, end, value)
        if role.short and text[max(0, start - 1) : start] in _COUNTED and _AFTER_SHORT.match(text, end):
            return Span("product", start, end, text[start:end])
        return None

    def _composed(self, text: str, words: Sequence[_Word]) -> str:
        """The only product that is sold with all the words in its name, else what they say.

        羊毛连衣裙 is 羊毛针织连衣裙 where nothing else is meant by it.
        """
        said = text[words[0][0] : words[-1][1]]
        if said in self._whole:
            return self._whole[said]
        pieces = re.compile(".*".join(re.escape(text[start:end]) for start, end, _ in words))
        meant = [name for cleaned, name in self._sold if pieces.search(cleaned)]
        return meant[0] if len(meant) == 1 else said


def _adjoin(text: str, end: int, start: int) -> bool:
    return text[end:start] in ("", " ")


def _carries_on(text: str, end: int, following: _Word) -> bool:
    start, _, role = following
    return _adjoin(text, end, start) and (role.modifier or role.ending or role.value is not None)


def _whole_names(
    products: tuple[ProductNames, ...], lexicons: Mapping[str, Lexicon]
) -> Iterator[tuple[str, str]]:
    """A short name of one product stands for its name; one that several share stands for itself."""
    owners: dict[str, list[ProductNames]] = {}
    for product in products:
        for name in (product.name, *product.short_names):
            owners.setdefault(name, []).append(product)
    named = {clean(name).text: owned[0].name if len(owned) == 1 else name for name, owned in owners.items()}
    synonyms = lexicons.get("products")
    for word, key in synonyms.pairs() if synonyms else ():
        named.setdefault(word, key)
    for word in _listed(lexicons, "goods"):
        named.setdefault(word, word)
    yield from named.items()


def _listed(lexicons: Mapping[str, Lexicon], name: str, part: str | None = None) -> Iterator[str]:
    """The words of a lexicon, or of one list in it; of `goods` only the names themselves."""
    lexicon = lexicons.get(name)
    for key, words in lexicon.entries.items() if lexicon else ():
        if key == part or (part is None and key not in (SUFFIXES, SHORT, NONE)):
            yield from words


def _forms(word: str) -> Iterator[str]:
    """A word and, if it is English, its plural."""
    yield word
    if word.isascii() and word[-1:].isalpha():
        if word.endswith(("x", "ch", "sh", "ss")):
            yield f"{word}es"
        elif not word.endswith("s"):
            yield f"{word}s"


def _strings(value: Value) -> tuple[str, ...]:
    if value is None or isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(item for item in value if isinstance(item, str))
