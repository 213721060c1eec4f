"""Chinese text as terms that can be compared: one spelling, one word for one thing, words and characters."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import opencc
import rjieba

from kefu.knowledge.lexicon import Lexicon

_SPACE = re.compile(r"\s+")
_CLAUSE_END = re.compile(r"[^\w\s%℃.]+|_")
_UNIT = re.compile(r"[0-9]+(?:\.[0-9]+)?%?|[a-z]+|[^\W0-9a-z]|℃")
_LETTER = re.compile(r"[a-z]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


@dataclass(frozen=True, slots=True)
class Terms:
    """`words` are those that say something; `grams` are characters (a number counts as one) and pairs of them."""

    words: tuple[str, ...]
    grams: tuple[str, ...]


class Segmenter:
    """Cuts questions and passages alike, so that both sides meet in the same terms."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._wider = lexicon.wider
        self._ignore = lexicon.ignore
        self._simplify = opencc.OpenCC("t2s").convert
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
        words: list[str] = []
        grams: list[str] = []
        for clause in _CLAUSE_END.split(self.normalise(text)):
            pieces = list(self._pieces(clause))
            words.extend(word for piece in pieces for word in self._cut(piece))
            units = _UNIT.findall("".join(pieces))
            grams.extend(units)
            grams.extend(first + second for first, second in pairwise(units))
        return Terms(tuple(words), tuple(grams))

    def wider(self, word: str) -> tuple[str, ...]:
        """The wider words under which the material may speak of `word`, the nearest first."""
        found: list[str] = [word]
        for known in found:
            found.extend(wide for wide in self._wider.get(known, ()) if wide not in found)
        return tuple(found[1:])

    def _cut(self, piece: str) -> Iterator[str]:
        for word in self._jieba.cut(piece):
            if word not in self._ignore and _UNIT.match(word):
                yield word

    def _pieces(self, clause: str) -> Iterator[str]:
        """The clause cut at the phrases that the lexicon knows, each replaced by the one that stands for it."""
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


def _is_whole(phrase: str, clause: str, position: int) -> bool:
    """Whether the phrase is no mere part of a longer Latin word."""
    before, after = clause[:position][-1:], clause[position + len(phrase) :][:1]
    return not (
        (_LETTER.match(phrase) and _LETTER.match(before)) or (_LETTER.match(phrase[-1]) and _LETTER.match(after))
    )


def _by_first_character(phrases: Mapping[str, str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Longest first, since the longest match wins."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for phrase in sorted(phrases, key=len, reverse=True):
        found[phrase[0]].append((phrase, phrases[phrase]))
    return {first: tuple(entries) for first, entries in found.items()}
