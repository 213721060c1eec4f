"""Whether confidence means what it says, and what acting from some confidence on would bring."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """The messages with a confidence from `low` to `high`: its mean, and the share of them that is right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Point:
    """Acting from confidence `threshold` on: the share of messages acted on, and how many of them rightly."""

    threshold: float
    coverage: float
    precision: float


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    """Fifteen bins of equal width, the empty ones left out."""
    confidences, rights = np.asarray(confidence, dtype=float), np.asarray(right, dtype=bool)
    numbers = np.minimum((confidences * BINS).astype(int), BINS - 1)
    found: list[Bin] = []
    for number in np.unique(numbers).tolist():
        inside = numbers == number
        mean, accuracy = float(confidences[inside].mean()), float(rights[inside].mean())
        found.append(Bin(number / BINS, (number + 1) / BINS, int(inside.sum()), mean, accuracy))
    return tuple(found)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: the mean gap between confidence and accuracy (Naeini et al. 2015)."""
    count = sum(one.count for one in bins)
    return sum(abs(one.confidence - one.accuracy) * one.count for one in bins) / max(1, count)


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> tuple[Point, ...]:
    """A point for each confidence that occurs, the highest first; the last covers everything."""
    confidences, rights = np.asarray(confidence, dtype=float), np.asarray(right, dtype=bool)
    order = np.argsort(-confidences, kind="stable")
    ordered, hits = confidences[order], np.cumsum(rights[order])
    # Messages of one confidence are acted on together or not at all.
    ends = np.flatnonzero(np.diff(ordered, append=-1.0))
    return tuple(
        Point(float(ordered[end]), (end + 1) / len(ordered), float(hits[end]) / (end + 1))
        for end in ends.tolist()
    )


def area_under(curve: Sequence[Point]) -> float:
    """The mean risk over all coverages, 0 at best (AURC: Geifman, Uziel and El-Yaniv 2019)."""
    area = before = 0.0
    for point in curve:
        area += (point.coverage - before) * (1 - point.precision)
        before = point.coverage
    return area


def widest(curve: Sequence[Point], precision: float) -> Point | None:
    """The point of the greatest coverage at which `precision` still holds, if it holds anywhere."""
    return max(
        (point for point in curve if point.precision >= precision),
        key=lambda point: point.coverage,
        default=None,
    )


def thinned(curve: Sequence[Point], count: int = 100) -> tuple[Point, ...]:
    """At most one point for each step of coverage, and the last: enough to draw the curve by."""
    kept: list[Point] = []
    for point in curve:
        if not kept or int(point.coverage * count) > int(kept[-1].coverage * count):
            kept.append(point)
    return tuple(kept if not curve or kept[-1] is curve[-1] else (*kept, curve[-1]))
