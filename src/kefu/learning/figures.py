"""What evaluations are made of: shares with their uncertainty, precision and recall, confusions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

_Z = 1.959964
"""The 97.5 % quantile of the normal distribution: intervals of 95 %."""

Pair = tuple[str, str]
"""What is true, and what was found."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`right` of `count`. From `low` to `high` is Wilson's 95 % interval of the share (Wilson 1927): what
    another sample of as many messages could well have shown. With nothing to count it is all of 0 to 1."""

    count: int
    right: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelScore:
    """`truth` are so labelled, `found` were so read, `right` are both. Shares of nothing are 0."""

    truth: int
    found: int
    right: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a label was read as another."""

    truth: str
    found: str
    count: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """`counts[i][j]` messages of `labels[i]` were read as `labels[j]`."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def rate(outcomes: Iterable[bool]) -> Rate:
    listed = list(outcomes)
    return proportion(sum(listed), len(listed))


def proportion(right: int, count: int) -> Rate:
    if count == 0:
        return Rate(0, 0, 0.0, 0.0, 1.0)
    share, z = right / count, _Z**2 / count
    centre = share + z / 2
    spread = _Z * sqrt(share * (1 - share) / count + z / (4 * count))
    low, high = (centre - spread) / (1 + z), (centre + spread) / (1 + z)
    # Rounding must not take the share itself out of its interval.
    return Rate(count, right, share, max(0.0, min(low, share)), min(1.0, max(high, share)))


def label_score(truth: int, found: int, right: int) -> LabelScore:
    return LabelScore(
        truth,
        found,
        right,
        right / found if found else 0.0,
        right / truth if truth else 0.0,
        2 * right / (truth + found) if truth + found else 0.0,
    )


def label_scores(pairs: Sequence[Pair]) -> Mapping[str, LabelScore]:
    """Each label that is true of something, in alphabetical order."""
    truth, found = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    right = Counter(pair[0] for pair in pairs if pair[0] == pair[1])
    return {label: label_score(truth[label], found[label], right[label]) for label in sorted(truth)}


def macro_f1(scores: Iterable[LabelScore]) -> float:
    """The mean F1, each label counting alike however often it occurs; 0 without any."""
    values = [score.f1 for score in scores]
    return sum(values) / len(values) if values else 0.0


def most_confused(pairs: Iterable[Pair], limit: int) -> tuple[Confusion, ...]:
    """The commonest confusions first."""
    counted = Counter(pair for pair in pairs if pair[0] != pair[1])
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(*pair, count) for pair, count in ordered[:limit])


def matrix(pairs: Iterable[Pair], labels: Sequence[str]) -> Matrix:
    """Every label of the pairs must be among `labels`."""
    counted = Counter(pairs)
    return Matrix(tuple(labels), tuple(tuple(counted[row, column] for column in labels) for row in labels))
