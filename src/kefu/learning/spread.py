"""How widely the utterances of each intent are spread: many that are much alike teach little."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import rjieba

from kefu.learning.likeness import Comparison, compared
from kefu.understanding.catalogue import Utterance
from kefu.understanding.text import clean


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the utterances of one intent. Lengths are in characters as typed. `distinct` is the share of
    different ones among all pairs of neighbouring words (distinct-2, Li et al. 2016); it falls as utterances
    are added, so compare intents of like size. `nearest` is the mean similarity to the most similar other
    utterance. `entity_values` are different entities, by their type and words."""

    count: int
    styles: int
    shortest: int
    median: float
    longest: int
    distinct: float
    nearest: float
    with_entities: float
    entity_values: int


def spreads(utterances: Sequence[Utterance]) -> Mapping[str, Spread]:
    """The spread of each intent, in alphabetical order."""
    words = rjieba.Jieba()
    return {intent: _spread(own, words) for intent, own in sorted(by_intent(utterances).items())}


def by_intent(utterances: Iterable[Utterance]) -> Mapping[str, list[Utterance]]:
    """The utterances of each intent, in their order."""
    found: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        found.setdefault(utterance.intent, []).append(utterance)
    return found


def _spread(utterances: Sequence[Utterance], words: rjieba.Jieba) -> Spread:
    texts = [utterance.text for utterance in utterances]
    lengths = sorted(map(len, texts))
    pairs = [pair for text in texts for pair in pairwise(_words(text, words))]
    alike = [compared(text) for text in texts]
    marks = [(u.text[mark.start : mark.end], mark.type) for u in utterances for mark in u.marks]
    return Spread(
        len(texts),
        len({utterance.style for utterance in utterances}),
        lengths[0],
        statistics.median(lengths),
        lengths[-1],
        len(set(pairs)) / max(1, len(pairs)),
        float(Comparison(alike, alike).nearest().mean()),
        sum(bool(utterance.marks) for utterance in utterances) / len(texts),
        len({(compared(words), kind) for words, kind in marks}),
    )


def _words(text: str, words: rjieba.Jieba) -> Sequence[str]:
    return [word for word in words.cut(clean(text).text) if not word.isspace()]
