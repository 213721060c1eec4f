"""How good understanding is: what is true of the validation part, against what was read.

Whatever is judged here is a whole `Reading`, as the turn gets it: rules, classifier, entities, language and
mood together. `docs/evaluation.md` defines every figure.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    CancelFlow,
    Clarify,
    Command,
    CorrectSlot,
    Deny,
    HandOff,
    Repeat,
    SetSlot,
    SmallTalk,
    StartFlow,
    Unsure,
)
from kefu.learning.confidence import (
    Bin,
    Point,
    area_under,
    calibration_error,
    reliability,
    risk_coverage,
    thinned,
    widest,
)
from kefu.learning.entity_figures import EntityFigures, entity_figures
from kefu.learning.figures import (
    Confusion,
    LabelScore,
    Matrix,
    Rate,
    label_scores,
    macro_f1,
    matrix,
    most_confused,
    proportion,
    rate,
)
from kefu.learning.labelled_figures import (
    NOTHING,
    DialectFigures,
    LanguageFigures,
    MultiIntentFigures,
    SentimentFigures,
    dialect_figures,
    label_of,
    language_figures,
    multi_intent_figures,
    sentiment_figures,
)
from kefu.understanding.catalogue import OUT_OF_SCOPE, IntentDefinition, Mark, Utterance
from kefu.understanding.labelled import LabelledSets
from kefu.understanding.reading import Entity, Reading

PROMISED = 0.95
"""The precision at which the widest coverage is looked for."""

_CONFUSED = 30
_HISTOGRAM = 20
_TOP = 3
_OFFERED = 2

_OUTCOMES: Mapping[type[Command], str] = {
    StartFlow: "flow",
    HandOff: "hand_off",
    AskKnowledge: "search",
    SmallTalk: "smalltalk",
    SetSlot: "other",
    CorrectSlot: "other",
    CancelFlow: "other",
    Affirm: "other",
    Deny: "other",
    Repeat: "other",
    Clarify: "ask",
    Unsure: "unsure",
}
"""What a reading leads to, the weightiest command first."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Of messages in scope: the first reading is right; the right one is among the first three."""

    accuracy: Rate
    top3: Rate


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """Of messages in scope, except that `by_intent` and `groups` count what was read into the others too."""

    overall: Quality
    macro_f1: float
    by_style: Mapping[str, Quality]
    by_group: Mapping[str, Quality]
    by_intent: Mapping[str, LabelScore]
    confused: tuple[Confusion, ...]
    groups: Matrix


@dataclass(frozen=True, slots=True)
class ConfidenceFigures:
    """`bins` and `ece` are over all messages in which an intent was read; `curve` and `aurc` over those in
    scope, one without an intent counting as wrong with confidence 0. `widest` is where the curve still has
    the precision `PROMISED`. The histograms count the best guess's confidence in twenty steps."""

    ece: float
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]
    aurc: float
    widest: Point | None
    in_scope: tuple[int, ...]
    out_of_scope: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`share` of the messages in scope lead here, and of those `right` have the right intent."""

    share: Rate
    right: Rate


@dataclass(frozen=True, slots=True)
class ActionFigures:
    """Of messages in scope. `acted`: something is done without asking back; `right`: on the right intent.
    `asked`: the customer is asked which of two is meant; `offered`: the right one is among them."""

    acted: Rate
    right: Rate
    asked: Rate
    offered: Rate
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class OutOfScopeFigures:
    """`recall`: of what is out of scope, known as such. `acted`: of it, acted on all the same.
    `false_alarms`: of what is in scope, taken for out of scope."""

    recall: Rate
    acted: Rate
    false_alarms: Rate


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor time that reading `messages` different messages took, one after another, nothing cached."""

    messages: int
    cpu_seconds: float

    @property
    def microseconds(self) -> float:
        return self.cpu_seconds / max(1, self.messages) * 1e6

    @property
    def per_second(self) -> float:
        return self.messages / self.cpu_seconds if self.cpu_seconds else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one run. A set that the pack does not have is None."""

    intents: IntentFigures
    confidence: ConfidenceFigures
    actions: ActionFigures
    out_of_scope: OutOfScopeFigures
    entities: EntityFigures
    multi_intent: MultiIntentFigures | None
    sentiment: SentimentFigures | None
    languages: LanguageFigures | None
    dialects: DialectFigures | None
    cost: Cost


@dataclass(frozen=True, slots=True)
class _Case:
    utterance: Utterance
    reading: Reading

    @property
    def right(self) -> bool:
        return label_of(self.reading) == self.utterance.intent

    @property
    def confidence(self) -> float:
        return self.reading.intent.confidence if self.reading.intent else 0.0

    @property
    def among_three(self) -> bool:
        return self.utterance.intent in [guess.name for guess in self.reading.intents[:_TOP]]

    @property
    def outcome(self) -> str:
        kinds = {type(command) for command in self.reading.commands}
        return next((name for kind, name in _OUTCOMES.items() if kind in kinds), "unsure")

    @property
    def acted(self) -> bool:
        return self.outcome not in ("ask", "unsure")


def evaluate(
    intents: Sequence[IntentDefinition],
    validation: Sequence[Utterance],
    sets: LabelledSets,
    readings: Mapping[str, Reading],
    cost: Cost,
) -> Evaluation:
    """The figures of a validation part. `readings` holds the reading of each of its texts, made without any
    conversation before it; at least one message must be in scope."""
    cases = [_Case(utterance, readings[utterance.text]) for utterance in validation]
    inside = [case for case in cases if case.utterance.intent != OUT_OF_SCOPE]
    outside = [case for case in cases if case.utterance.intent == OUT_OF_SCOPE]
    judged = {
        name: [(message, readings[message.text]) for message in messages]
        for name, messages in sets.by_name().items()
    }
    return Evaluation(
        _intents(intents, inside, cases),
        _confidence(inside, outside),
        _actions(inside),
        OutOfScopeFigures(
            rate(case.reading.out_of_scope for case in outside),
            rate(case.acted for case in outside),
            rate(case.reading.out_of_scope for case in inside),
        ),
        entity_figures(_marked(validation, sets, readings)),
        multi_intent_figures(judged["multi_intent"]),
        sentiment_figures(judged["sentiment"]),
        language_figures(judged["languages"]),
        dialect_figures(judged["dialects"]),
        cost,
    )


def _intents(
    intents: Sequence[IntentDefinition], inside: Sequence[_Case], cases: Sequence[_Case]
) -> IntentFigures:
    pairs = [(case.utterance.intent, label_of(case.reading)) for case in cases]
    scores = {name: score for name, score in label_scores(pairs).items() if name != OUT_OF_SCOPE}
    group = {intent.name: intent.group for intent in intents} | {
        OUT_OF_SCOPE: OUT_OF_SCOPE,
        NOTHING: NOTHING,
    }
    # Rules know answers such as yes and no even where the pack has no such intent.
    grouped = [(group[truth], group.get(found, NOTHING)) for truth, found in pairs]
    return IntentFigures(
        _quality(inside),
        macro_f1(scores.values()),
        _by(inside, lambda case: case.utterance.style),
        _by(inside, lambda case: group[case.utterance.intent]),
        scores,
        most_confused(pairs, _CONFUSED),
        matrix(grouped, [name for name in dict.fromkeys(group.values()) if name in {*chain(*grouped)}]),
    )


def _quality(cases: Sequence[_Case]) -> Quality:
    return Quality(rate(case.right for case in cases), rate(case.among_three for case in cases))


def _by(cases: Sequence[_Case], key: Callable[[_Case], str]) -> Mapping[str, Quality]:
    """In alphabetical order."""
    keys = sorted({key(case) for case in cases})
    return {each: _quality([case for case in cases if key(case) == each]) for each in keys}


def _confidence(inside: Sequence[_Case], outside: Sequence[_Case]) -> ConfidenceFigures:
    read = [case for case in (*inside, *outside) if case.reading.intent is not None]
    bins = reliability([case.confidence for case in read], [case.right for case in read])
    curve = risk_coverage([case.confidence for case in inside], [case.right for case in inside])
    return ConfidenceFigures(
        calibration_error(bins),
        bins,
        thinned(curve),
        area_under(curve),
        widest(curve, PROMISED),
        _histogram(inside),
        _histogram(outside),
    )


def _histogram(cases: Sequence[_Case]) -> tuple[int, ...]:
    best = (case.reading.intents[0].confidence if case.reading.intents else 0.0 for case in cases)
    counted = Counter(min(int(confidence * _HISTOGRAM), _HISTOGRAM - 1) for confidence in best)
    return tuple(counted[step] for step in range(_HISTOGRAM))


def _actions(inside: Sequence[_Case]) -> ActionFigures:
    acted = [case for case in inside if case.acted]
    asked = [(case, _offered(case.reading)) for case in inside if case.outcome == "ask"]
    outcomes: dict[str, Outcome] = {}
    for name in dict.fromkeys(_OUTCOMES.values()):
        here = [case for case in inside if case.outcome == name]
        share = proportion(len(here), len(inside))
        outcomes[name] = Outcome(share, rate(case.right for case in here))
    return ActionFigures(
        proportion(len(acted), len(inside)),
        rate(case.right for case in acted),
        proportion(len(asked), len(inside)),
        rate(case.utterance.intent in offered for case, offered in asked),
        outcomes,
    )


def _offered(reading: Reading) -> tuple[str, ...]:
    return next((c.intents[:_OFFERED] for c in reading.commands if isinstance(c, Clarify)), ())


def _marked(
    validation: Sequence[Utterance], sets: LabelledSets, readings: Mapping[str, Reading]
) -> list[tuple[Sequence[Mark], Sequence[Entity]]]:
    """Messages whose entities are marked. A set without a single mark is one whose author marked none."""
    messages: list[tuple[str, Sequence[Mark]]] = [(each.text, each.marks) for each in validation]
    for listed in sets.by_name().values():
        if any(message.marks for message in listed):
            messages += [(message.text, message.marks) for message in listed]
    return [(marks, readings[text].entities) for text, marks in messages]
