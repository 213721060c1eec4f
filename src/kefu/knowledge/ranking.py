"""Compares passages with questions, word by word and character by character."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kefu.knowledge.evidence import WEIGHTS, Evidence, Weights
from kefu.knowledge.passages import Hit, Passage
from kefu.knowledge.segment import Segmenter, Terms

_SATURATION, _LENGTH_SHARE = 1.2, 0.75  # the usual k1 and b of Okapi BM25
_WIDER = 0.7  # what a wider word counts for: «小家电» where the customer said «加湿器»
_NOUN = 1.0


@dataclass(frozen=True, slots=True)
class _Phrasing:
    vector: Mapping[str, float]
    words: Mapping[str, float]
    weight: float


@dataclass(frozen=True, slots=True)
class _Entry:
    """A passage made ready to be compared. `impacts` is the BM25 weight of each gram in it, before idf."""

    phrasings: tuple[_Phrasing, ...]
    words: frozenset[str]
    shown: frozenset[str]
    impacts: Mapping[str, float]
    length: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Words of a question: each with its weight, and with the wider words that half stand in for it."""

    words: tuple[tuple[str, float, tuple[str, ...]], ...]
    weight: float

    def share(self, words: Collection[str]) -> float:
        """How much of them stands in `words`."""
        found = 0.0
        for word, weight, wider in self.words:
            if word in words:
                found += weight
            elif wider and any(wide in words for wide in wider):
                found += _WIDER * weight
        return found / self.weight


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready once, to be compared with many passages.

    `words` weigh what they are rare, `heavy` also what their part of speech says; `things` are the nouns,
    `names` what the merchant tells apart by name. `gram_weight` is the weight of all `grams`.
    """

    terms: Terms
    vector: Mapping[str, float]
    grams: Mapping[str, float]
    gram_weight: float
    words: _Wanted
    heavy: _Wanted
    names: _Wanted
    things: tuple[tuple[str, float, tuple[str, ...]], ...]
    wider: Mapping[str, tuple[str, ...]]
    said: frozenset[str]
    numbers: tuple[str, ...]
    strange: float


class Ranking:
    """The evidence of passages for questions; built once for a set of passages."""

    def __init__(
        self, passages: Sequence[Passage], segmenter: Segmenter, weights: Weights | None = None
    ) -> None:
        self._passages = tuple(passages)
        self._segmenter = segmenter
        self._weights = weights or WEIGHTS
        cut = [_Cut(passage, segmenter) for passage in passages]
        self._size = len(passages)
        self._gram_counts = Counter(gram for one in cut for gram in one.grams)
        self._word_counts = Counter(word for one in cut for word in one.words)
        self._average = sum(one.size for one in cut) / max(1, len(cut))
        self._entries = [self._entry(one) for one in cut]

    def indexed(self) -> Iterator[Terms]:
        """The terms of each passage, text and phrasings together, in the order of their positions."""
        for entry in self._entries:
            yield Terms(dict.fromkeys(entry.words, 1.0), tuple(entry.impacts))

    def ask(self, text: str) -> Asked:
        terms = self._segmenter.terms(text)
        grams = {gram: self._rarity(self._gram_counts[gram]) for gram in terms.grams}
        words = {word: self._rarity(self._word_counts[word]) for word in terms.words}
        wider = {word: self._segmenter.wider(word) for word in words}
        things = tuple(
            (word, words[word], wider[word])
            for word, weight in terms.words.items()
            if weight == _NOUN and len(word) > 1
        )
        named = self._word_counts.keys()
        strangers = sum(1 for word, _, wide in things if not _stands_in(word, wide, named))
        return Asked(
            terms=terms,
            vector=self._vector(terms.grams),
            grams=grams,
            gram_weight=sum(grams.values()) or 1.0,
            words=_wanted(words, wider),
            heavy=_wanted({word: rarity * terms.words[word] for word, rarity in words.items()}, wider),
            names=_wanted({word: words[word] for word in words if self._segmenter.is_name(word)}, wider),
            things=things,
            wider=wider,
            said=frozenset(words).union(*wider.values()),
            numbers=tuple(gram for gram in grams if gram.isascii() and gram.isalnum()),
            strange=min(1.0, strangers / 2),
        )

    def rank(self, asked: Asked, positions: Iterable[int], limit: int) -> tuple[Hit, ...]:
        """The best of the passages at these positions, best first; equal scores keep the material's order."""
        scored = [
            (self._weights.score(self._passages[position], self.evidence(asked, position)), position)
            for position in positions
        ]
        best = sorted(scored, key=lambda entry: (-entry[0], entry[1]))[:limit]
        return tuple(Hit(self._passages[position], score) for score, position in best)

    def evidence(self, asked: Asked, position: int) -> Evidence:
        """The evidence for the passage that stood at `position` when the ranking was built."""
        entry = self._entries[position]
        missing = [rarity for word, rarity, wider in asked.things if not _stands_in(word, wider, entry.words)]
        absent = sum(1 for number in asked.numbers if number not in entry.impacts)
        present = impact = 0.0
        for gram, rarity in asked.grams.items():
            if gram in entry.impacts:
                present += rarity
                impact += rarity * entry.impacts[gram]
        both_ways = [_both_ways(asked, phrasing) for phrasing in entry.phrasings]
        return Evidence(
            closeness=max((_cosine(asked.vector, one.vector) for one in entry.phrasings), default=0.0),
            asked=max((there for there, _ in both_ways), default=0.0),
            mirrored=max((_harmonic(there, back) for there, back in both_ways), default=0.0),
            told=asked.heavy.share(entry.words),
            shown=asked.words.share(entry.shown),
            grams=present / asked.gram_weight,
            impact=impact / asked.gram_weight / (1 + _SATURATION),
            thing_missing=max(missing, default=0.0) / self._rarity(0),
            number_missing=absent / len(asked.numbers) if asked.numbers else 0.0,
            name_missing=1 - asked.names.share(entry.words) if asked.names.words else 0.0,
            strange=asked.strange,
            length=entry.length,
        )

    def _entry(self, one: "_Cut") -> _Entry:
        norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * one.size / (self._average or 1.0))
        return _Entry(
            phrasings=tuple(self._phrasing(terms) for terms in one.phrasings),
            words=one.words,
            shown=frozenset(one.text.words),
            impacts={gram: n * (1 + _SATURATION) / (n + norm) for gram, n in one.grams.items()},
            length=min(1.0, math.log1p(one.size) / 7),
        )

    def _phrasing(self, terms: Terms) -> _Phrasing:
        words = {word: self._rarity(self._word_counts[word]) * share for word, share in terms.words.items()}
        return _Phrasing(self._vector(terms.grams), words, sum(words.values()) or 1.0)

    def _vector(self, grams: Sequence[str]) -> Mapping[str, float]:
        weights = {
            gram: (1 + math.log(count)) * self._rarity(self._gram_counts[gram])
            for gram, count in Counter(grams).items()
        }
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / norm for gram, weight in weights.items()}

    def _rarity(self, count: int) -> float:
        """The inverse document frequency of Okapi BM25, kept positive."""
        return math.log(1 + (self._size - count + 0.5) / (count + 0.5))


class _Cut:
    """A passage's terms: its text, and every phrasing under which it may be asked for."""

    def __init__(self, passage: Passage, segmenter: Segmenter) -> None:
        self.text = segmenter.terms(passage.text)
        self.phrasings = tuple(segmenter.terms(phrasing) for phrasing in phrasings(passage))
        everything = (self.text, *self.phrasings)
        self.words = frozenset(word for terms in everything for word in terms.words)
        self.grams = Counter(gram for terms in everything for gram in terms.grams)
        self.size = sum(self.grams.values())


def phrasings(passage: Passage) -> tuple[str, ...]:
    """What a passage may be asked for by: its questions, or for a document's passage where it stands."""
    if passage.kind == "faq":
        return passage.questions
    place = "，".join((passage.title, *passage.heading))
    return (*(f"{question}，{passage.title}" for question in passage.questions), place)


def _stands_in(word: str, wider: tuple[str, ...], words: Collection[str]) -> bool:
    return word in words or (bool(wider) and any(wide in words for wide in wider))


def _both_ways(asked: Asked, phrasing: _Phrasing) -> tuple[float, float]:
    """How much of the question the phrasing says, and how much of the phrasing the question says."""
    if asked.said.isdisjoint(phrasing.words):
        return 0.0, 0.0
    back = sum([weight for word, weight in phrasing.words.items() if word in asked.said])
    return asked.heavy.share(phrasing.words), back / phrasing.weight


def _wanted(weights: Mapping[str, float], wider: Mapping[str, tuple[str, ...]]) -> _Wanted:
    words = tuple((word, weight, wider[word]) for word, weight in weights.items())
    return _Wanted(words, sum(weights.values()) or 1.0)


def _cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    return sum([weight * second[gram] for gram, weight in first.items() if gram in second])


def _harmonic(first: float, second: float) -> float:
    return 2 * first * second / (first + second) if first and second else 0.0
