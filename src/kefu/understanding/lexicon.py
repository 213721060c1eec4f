"""The pack's word lists, and finding their words in a message."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, cast

import ahocorasick  # pyright: ignore[reportMissingTypeStubs] -- it has none
import yaml

from kefu.errors import PackInvalid, Problem
from kefu.understanding import phrases
from kefu.understanding.documents import compose, entries, line_of, scalars
from kefu.understanding.text import clean

T = TypeVar("T")

PHRASES = frozenset({"reasons", "packaging"})
"""The lexicons whose entries are written in the notation of `kefu.understanding.phrases`."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`entries` maps a canonical word, or the name of a list, to its spellings in their matching form."""

    name: str
    entries: Mapping[str, tuple[str, ...]]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each spelling with the key that it stands for."""
        for key, words in self.entries.items():
            for word in words:
                yield word, key


def parse_lexicon(text: str, name: str, file: str) -> Lexicon:
    """A lexicon from YAML that maps each key to a list of words.

    Raises:
        PackInvalid: with every entry that is not of that form.
    """
    root = compose(text, file)
    if root is None:
        return Lexicon(name, {})
    if not isinstance(root, yaml.MappingNode):
        raise PackInvalid([Problem(file, line_of(root), "a lexicon maps keys to lists of words")])
    problems: list[Problem] = []
    found: dict[str, tuple[str, ...]] = {}
    for key, value in entries(root):
        words = scalars(value)
        if words is None:
            problems.append(Problem(file, line_of(value), f"`{key}` must be a list of words"))
        elif key in found:
            problems.append(Problem(file, line_of(value), f"`{key}` stands here twice"))
        else:
            found[key] = tuple(clean(word).text for word in words)
            if name in PHRASES:
                problems += (Problem(file, line_of(value), fault) for fault in _faults(found[key]))
    if problems:
        raise PackInvalid(problems)
    return Lexicon(name, found)


def _faults(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        try:
            phrases.parse(word)
        except ValueError as error:
            yield str(error)


class _Automaton(Protocol[T]):
    """The part of `ahocorasick.Automaton` that is used here; the package has no types."""

    def add_word(self, word: str, value: tuple[int, T]) -> bool: ...
    def make_automaton(self) -> None: ...
    def iter(self, text: str) -> Iterator[tuple[int, tuple[int, T]]]: ...
    def iter_long(self, text: str) -> Iterator[tuple[int, tuple[int, T]]]: ...
    def __contains__(self, word: str) -> bool: ...
    def __len__(self) -> int: ...


class Gazetteer(Generic[T]):
    """Finds the words of a list in cleaned text, in one pass whatever their number."""

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        """For a word that is listed twice, the first meaning counts."""
        self._automaton = cast("_Automaton[T]", ahocorasick.Automaton())  # pyright: ignore[reportUnknownMemberType] -- untyped
        for word, meaning in words:
            if word and word not in self._automaton:
                self._automaton.add_word(word, (len(word), meaning))
        self._empty = len(self._automaton) == 0
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Spans with their meanings, the longest at each place, without overlaps.

        A Latin word is found as a word, never inside another.
        """
        if self._empty:
            return
        for last, (length, meaning) in self._automaton.iter_long(text):
            start, end = last - length + 1, last + 1
            if stands_alone(text, start, end):
                yield start, end, meaning

    def find_all(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Spans with their meanings, all of them wherever they stand, in the order in which they end."""
        if self._empty:
            return
        for last, (length, meaning) in self._automaton.iter(text):
            yield last - length + 1, last + 1, meaning


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a span neither begins nor ends inside a Latin word."""
    left = start > 0 and _latin(text[start]) and _latin(text[start - 1])
    right = end < len(text) and _latin(text[end - 1]) and _latin(text[end])
    return not (left or right)


def _latin(character: str) -> bool:
    return character.isalpha() and (character < "\u0250" or "\u1e00" <= character < "\u1f00")
