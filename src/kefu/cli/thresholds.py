"""Thresholds on figures, as CI sets them: `accuracy=0.8,entity_f1=0.7`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kefu.errors import BadRequest
from kefu.learning.headline import LOWER_IS_BETTER, Figure
from kefu.learning.tables import shown
from kefu.release.files import did_you_mean

_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure may not be lower than `value`; one of which less is better may not be higher."""

    name: str
    value: float


def parse_thresholds(fail_under: str | None, fail_over: str | None) -> tuple[Threshold, ...]:
    """The thresholds of both options.

    Raises:
        BadRequest: something is no `name=value`, names no figure, or stands in the wrong one of the two.
    """
    return (*_parsed(fail_under, "--fail-under"), *_parsed(fail_over, "--fail-over"))


def failures(thresholds: Sequence[Threshold], figures: Sequence[Figure]) -> tuple[str, ...]:
    """One sentence for each threshold that is not met; a figure that could not be measured meets none."""
    by_name = {figure.name: figure for figure in figures}
    return tuple(
        sentence
        for threshold in thresholds
        if (sentence := _failure(threshold, by_name[threshold.name])) is not None
    )


def _parsed(text: str | None, option: str) -> tuple[Threshold, ...]:
    return tuple(_threshold(part.strip(), option) for part in (text or "").split(",") if part.strip())


def _threshold(part: str, option: str) -> Threshold:
    name, _, number = (piece.strip() for piece in part.partition("="))
    if name not in LOWER_IS_BETTER:
        raise BadRequest(f"{option}: there is no figure `{name}`{did_you_mean(name, LOWER_IS_BETTER)}")
    right = "--fail-over" if LOWER_IS_BETTER[name] else "--fail-under"
    if option != right:
        better = "lower" if LOWER_IS_BETTER[name] else "higher"
        raise BadRequest(f"{option}: the {better} `{name}` is, the better; use {right}")
    if not _NUMBER.fullmatch(number):
        raise BadRequest(f"{option}: `{part}` must be a name and a number, such as {name}=0.8")
    return Threshold(name, float(number))


def _failure(threshold: Threshold, figure: Figure) -> str | None:
    if figure.value is None:
        return f"{figure.name}: the pack has nothing to measure it by, {threshold.value:g} was asked for"
    if figure.lower_is_better and figure.value > threshold.value:
        return f"{figure.name}: {shown(figure)} is over {threshold.value:g}"
    if not figure.lower_is_better and figure.value < threshold.value:
        return f"{figure.name}: {shown(figure)} is under {threshold.value:g}"
    return None
