"""Finding what phrases describe: why something is sent back, whether its packaging is still there."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from kefu.understanding.lexicon import Gazetteer, Lexicon, stands_alone
from kefu.understanding.phrases import Phrase, parse

T = TypeVar("T")


class Phrases(Generic[T]):
    """Finds phrases in cleaned text.

    One pass seeks their keys; only a phrase whose key is there is looked for, and only around it.
    """

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._sought = [_Sought(parse(phrase), meaning) for phrase, meaning in phrases]
        by_key: defaultdict[str, list[int]] = defaultdict(list)
        for index, sought in enumerate(self._sought):
            for key in sought.phrase.keys:
                by_key[key].append(index)
        self._keys = Gazetteer(by_key.items())

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Spans with their meanings; those of several phrases may overlap."""
        looked: dict[int, int] = {}
        for start, end, indices in self._keys.find_all(text):
            for index in indices:
                sought = self._sought[index]
                first = max(start - sought.phrase.longest, looked.get(index, 0))
                for match in sought.regex.finditer(text, first, end + sought.phrase.longest):
                    looked[index] = match.end()
                    if stands_alone(text, match.start(), match.end()):
                        yield match.start(), match.end(), sought.meaning


class _Sought(Generic[T]):
    def __init__(self, phrase: Phrase, meaning: T) -> None:
        self.phrase = phrase
        self.meaning = meaning

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when it is first needed: many phrases of a pack never are."""
        return re.compile(self.phrase.pattern)


def phrases_of(lexicon: Lexicon | None) -> Iterator[tuple[str, str]]:
    """Each phrase of a lexicon with the value that it stands for."""
    return iter(()) if lexicon is None else lexicon.pairs()
