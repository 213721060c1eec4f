"""How well the labelled sets are read: several requests at once, moods, languages, dialects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kefu.learning.figures import (
    Confusion,
    LabelScore,
    Matrix,
    Rate,
    label_score,
    label_scores,
    macro_f1,
    matrix,
    most_confused,
    rate,
)
from kefu.understanding.catalogue import OUT_OF_SCOPE
from kefu.understanding.labelled import SENTIMENTS, LabelledMessage
from kefu.understanding.reading import Reading

NOTHING = "none"
"""Stands for the intent of a message in which none was read."""

_CONFUSED = 10

Judged = Sequence[tuple[LabelledMessage, Reading]]
"""Messages of one set, with their readings."""


def label_of(reading: Reading) -> str:
    """The one label of a reading: its first requested intent, out of scope, or nothing."""
    if reading.out_of_scope:
        return OUT_OF_SCOPE
    return reading.intent.name if reading.intent else NOTHING


@dataclass(frozen=True, slots=True)
class MultiIntentFigures:
    """`exact`: the requested intents are those of the label, no more and no fewer. `pairs` counts messages
    with each of their intents. `several`: more than one request was heard at all."""

    exact: Rate
    pairs: LabelScore
    several: Rate
    by_style: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class SentimentFigures:
    accuracy: Rate
    macro_f1: float
    by_label: Mapping[str, LabelScore]
    confusion: Matrix


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """`intents` are over the messages whose intent is known; a language without any is left out."""

    accuracy: Rate
    by_language: Mapping[str, Rate]
    confused: tuple[Confusion, ...]
    intents: Rate
    intents_by_language: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class DialectFigures:
    accuracy: Rate
    by_dialect: Mapping[str, Rate]


def multi_intent_figures(judged: Judged) -> MultiIntentFigures | None:
    """None without messages."""
    if not judged:
        return None
    sets = [(frozenset(message.intents), _requested(reading)) for message, reading in judged]
    exact = [asked == heard for asked, heard in sets]
    return MultiIntentFigures(
        rate(exact),
        label_score(
            sum(len(asked) for asked, _ in sets),
            sum(len(heard) for _, heard in sets),
            sum(len(asked & heard) for asked, heard in sets),
        ),
        rate(len(heard) > 1 for _, heard in sets),
        _by_heading([(message.heading, right) for (message, _), right in zip(judged, exact, strict=True)]),
    )


def sentiment_figures(judged: Judged) -> SentimentFigures | None:
    """None without messages."""
    if not judged:
        return None
    pairs = [(message.heading, str(reading.sentiment)) for message, reading in judged]
    scores = label_scores(pairs)
    return SentimentFigures(
        rate(truth == found for truth, found in pairs),
        macro_f1(scores.values()),
        {label: scores[label] for label in SENTIMENTS if label in scores},
        matrix(pairs, SENTIMENTS),
    )


def language_figures(judged: Judged) -> LanguageFigures | None:
    """None without messages."""
    if not judged:
        return None
    pairs = [(message.heading, reading.language) for message, reading in judged]
    known = [(m.heading, label_of(reading) in m.intents) for m, reading in judged if m.intents]
    return LanguageFigures(
        rate(truth == found for truth, found in pairs),
        _by_heading([(truth, truth == found) for truth, found in pairs]),
        most_confused(pairs, _CONFUSED),
        rate(right for _, right in known),
        _by_heading(known),
    )


def dialect_figures(judged: Judged) -> DialectFigures | None:
    """None without messages."""
    if not judged:
        return None
    rights = [(message.heading, label_of(reading) in message.intents) for message, reading in judged]
    return DialectFigures(rate(right for _, right in rights), _by_heading(rights))


def _requested(reading: Reading) -> frozenset[str]:
    return frozenset(guess.name for guess in reading.intents if guess.requested)


def _by_heading(rights: Sequence[tuple[str, bool]]) -> Mapping[str, Rate]:
    """In the order in which the headings occur."""
    headings = dict.fromkeys(heading for heading, _ in rights)
    return {each: rate(right for heading, right in rights if heading == each) for each in headings}
