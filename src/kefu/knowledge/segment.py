"""Chinese text as terms that can be compared: one spelling, one word for one thing, words and characters."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import rjieba
from opencc import OpenCC

from kefu.knowledge.lexicon import Lexicon

_SPACE = re.compile(r"\s+")
_CLAUSE_END = re.compile(r"[^\w\s%℃.]+|_")
_UNIT = re.compile(r"[0-9]+(?:\.[0-9]+)?%?|[a-z]+|[^\W0-9a-z]|℃")
_LETTER = re.compile(r"[a-z]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


_NOUNS = ("n", "i", "j", "l", "vn", "an", "eng")
_VERBS = ("v", "a", "b", "m", "x")


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a text can be compared.

    `words` maps each word that says something to how much its part of speech lets it say, 0.2 to 1: a thing
    that is asked about weighs more than what is done with it, and that more than how. `grams` are characters
    (a number counts as one) and pairs of them, in order.
    """

    words: Mapping[str, float]
    grams: tuple[str, ...]


class Segmenter:
    """Cuts questions and passages alike, so that both sides meet in the same terms."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._wider = lexicon.wider
        self._ignore = lexicon.ignore
        self._names = frozenset(lexicon.same.get(word, word) for word in lexicon.words)
        self._simplify = _converter()
        self._jieba = rjieba.Jieba()
        stand_ins = {**lexicon.same, **{word: word for word in lexicon.same.values()}}
        for word in sorted(lexicon.words.union(stand_ins.values(), lexicon.wider, *lexicon.wider.values())):
            self._jieba.add_word(word, None, None)
        silent = {phrase: "" for phrase in lexicon.ignore if len(phrase) > 1}
        self._phrases = _by_first_character({**silent, **stand_ins})

    def normalise(self, text: str) -> str:
        """One spelling: full and half width, traditional and simplified, capitals, invisible characters."""
        folded = _SPACE.sub(" ", unicodedata.normalize("NFKC", text))
        visible = "".join(char for char in folded if unicodedata.category(char) not in _INVISIBLE)
        return self._simplify(visible).lower().strip()

    def terms(self, text: str) -> Terms:
        words: dict[str, float] = {}
        grams: list[str] = []
        for clause in _CLAUSE_END.split(self.normalise(text)):
            pieces = list(self._pieces(clause))
            for piece in pieces:
                words.update(self._cut(piece))
            units = [unit for unit in _UNIT.findall("".join(pieces)) if unit not in self._ignore]
            grams.extend(units)
            grams.extend(first + second for first, second in pairwise(units))
        return Terms(words, tuple(grams))

    def wider(self, word: str) -> tuple[str, ...]:
        """The wider words under which the material may speak of `word`, the nearest first."""
        found: list[str] = [word]
        for known in found:
            found.extend(wide for wide in self._wider.get(known, ()) if wide not in found)
        return tuple(found[1:])

    def is_name(self, word: str) -> bool:
        """Whether the merchant tells it apart by this name."""
        return word in self._names

    def _cut(self, piece: str) -> Iterator[tuple[str, float]]:
        for word, part_of_speech in self._jieba.tag(piece, hmm=False):
            if word not in self._ignore and _UNIT.match(word):
                yield word, _weight(part_of_speech)

    def _pieces(self, clause: str) -> Iterator[str]:
        """The clause cut at the phrases that the lexicon knows, each replaced by what stands for it."""
        start = position = 0
        while position < len(clause):
            phrase = self._phrase_at(clause, position)
            if phrase is None:
                position += 1
                continue
            yield clause[start:position]
            yield phrase[1]
            start = position = position + len(phrase[0])
        yield clause[start:]

    def _phrase_at(self, clause: str, position: int) -> tuple[str, str] | None:
        for phrase, stand_in in self._phrases.get(clause[position], ()):
            if clause.startswith(phrase, position) and _is_whole(phrase, clause, position):
                return phrase, stand_in
        return None


def _converter() -> Callable[[str], str]:
    return cast("Callable[[str], str]", OpenCC("t2s").convert)  # pyright: ignore[reportUnknownMemberType] -- OpenCC has no types


def _weight(part_of_speech: str) -> float:
    """Words that a lexicon adds have no part of speech; they are things more often than not."""
    if part_of_speech.startswith(_NOUNS):
        return 1.0
    return 0.5 if not part_of_speech or part_of_speech.startswith(_VERBS) else 0.2


def _is_whole(phrase: str, clause: str, position: int) -> bool:
    """Whether the phrase is no mere part of a longer Latin word."""
    before, after = clause[:position][-1:], clause[position + len(phrase) :][:1]
    return not (
        (_LETTER.match(phrase) and _LETTER.match(before))
        or (_LETTER.match(phrase[-1]) and _LETTER.match(after))
    )


def _by_first_character(phrases: Mapping[str, str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Longest first, since the longest match wins."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for phrase in sorted(phrases, key=len, reverse=True):
        found[phrase[0]].append((phrase, phrases[phrase]))
    return {first: tuple(entries) for first, entries in found.items()}
