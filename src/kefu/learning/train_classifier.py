"""Training the classifier tier: utterances in, artefact and report out.

Part of the utterances is judged by models that never saw it; calibrations and the report come from those
judgements, the artefact from all utterances. Each script has its own calibration: the utterances without
Chinese characters are known so much worse that common bands would have to refuse most Chinese messages too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kefu.errors import PackInvalid, Problem
from kefu.learning.calibration import (
    choose_bands,
    choose_outside,
    expected_calibration_error,
    fit_temperature,
    softmax,
)
from kefu.learning.linear import Labels, Scores, feature_space, fit, folds
from kefu.learning.material import Material
from kefu.learning.syllables import syllables_of
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import (
    SCRIPTS,
    Calibration,
    Model,
    Script,
    dump_classifier,
    script_of,
)
from kefu.understanding.features import FeatureReader, LanguageKnowledge, Tokens
from kefu.understanding.labelled import SENTIMENTS
from kefu.understanding.text import clean

FOLDS = 5
ENOUGH_TO_JUDGE = 2000
"""So many judged utterances say enough: with a large data set, the folds after those are spared."""
FEWEST_TO_CALIBRATE = 200
"""Utterances of one script; fewer say too little, and its messages are judged like all others."""
REGULARISATION = 0.8
MOOD_REGULARISATION = 0.25

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Quality:
    """Of held-out utterances: shares between 0 and 1, except `count`."""

    count: int
    accuracy: float
    top3: float
    ece: float


@dataclass(frozen=True, slots=True)
class Acceptance:
    """`count` judged utterances of one script: `coverage` is the share of those in scope that fall into the
    accepted band, `precision` how many of the accepted are right."""

    count: int
    calibration: Calibration
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class Report:
    """What the judged utterances say. `out_of_scope_recall` is the share of out-of-scope ones known as such,
    `false_alarms` that of the others taken for it; `mood_accuracy` is None when no sentiment was taught."""

    overall: Quality
    by_style: Mapping[str, Quality]
    by_intent: Mapping[str, float]
    by_script: Mapping[Script, Acceptance]
    out_of_scope_recall: float
    false_alarms: float
    mood_accuracy: float | None
    features: int


@dataclass(frozen=True, slots=True)
class Trained:
    """`artefact` is what `load_classifier` reads."""

    artefact: bytes
    report: Report


def train_classifier(material: Material, *, progress: Progress | None = None) -> Trained:
    """A classifier of the material; `progress` is told the share that is done, and what is being done.

    Raises:
        PackInvalid: there are fewer than two intents, or an intent with fewer utterances than folds.
    """
    _check(material.utterances)
    tell = progress or _nobody
    tell(0.0, "读取语料")
    knowledge = _knowledge(material)
    reader = FeatureReader(knowledge)
    labels = tuple(sorted({utterance.intent for utterance in material.utterances}))
    taught = [*material.utterances, *(example for example in material.examples if example.intent in labels)]
    lesson = _Lesson(
        [_tokens(reader, utterance.text) for utterance in taught],
        np.array([labels.index(utterance.intent) for utterance in taught], dtype=np.intp),
        len(labels),
        REGULARISATION,
    )
    judged = _judge(lesson, len(material.utterances), tell)
    verdict = _Verdict.of(material.utterances, labels, judged)

    tell(0.55, "训练最终模型")
    moods = _mood_lesson(reader, material)
    space = feature_space([*lesson.messages, *moods.messages])
    intents = fit(space.matrix(lesson.messages), lesson.truth, lesson.count, REGULARISATION)
    model = Model(space.views, intents.head(labels), verdict.calibrations, knowledge)
    mood_accuracy = None
    if moods.messages:
        tell(0.95, "训练情绪")
        judged = _judge(moods, len(moods.messages), _nobody)
        mood_accuracy = float((judged.scores.argmax(axis=1) == judged.truth).mean())
        fitted = fit(space.matrix(moods.messages), moods.truth, moods.count, MOOD_REGULARISATION)
        temperature = fit_temperature(judged.scores, judged.truth)
        model = replace(model, sentiment=fitted.head(SENTIMENTS), sentiment_temperature=temperature)
    tell(1.0, "完成")
    return Trained(dump_classifier(model), verdict.report(mood_accuracy, len(intents.weights)))


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Messages with the numbers of their labels, of which there are `count`."""

    messages: Sequence[Tokens]
    truth: Labels
    count: int
    regularisation: float

    def some(self, rows: Labels) -> list[Tokens]:
        return [self.messages[row] for row in rows.tolist()]


@dataclass(frozen=True, slots=True)
class _Judged:
    """The messages in `rows` of a lesson, scored by models that did not see them."""

    rows: Labels
    scores: Scores
    truth: Labels


def _check(utterances: Sequence[Utterance]) -> None:
    counts: dict[str, int] = {}
    for utterance in utterances:
        counts[utterance.intent] = counts.get(utterance.intent, 0) + 1
    problems = [
        Problem(f"utterances/{intent}.txt", 0, f"{FOLDS} utterances are the least, {count} found")
        for intent, count in counts.items()
        if count < FOLDS
    ]
    if len(counts) < 2:
        problems.append(Problem("utterances", 0, "a classifier needs two intents at least"))
    if problems:
        raise PackInvalid(problems)


def _nobody(done: float, text: str) -> None:
    """Progress that nobody follows."""


def _knowledge(material: Material) -> LanguageKnowledge:
    glossary: dict[str, tuple[str, ...]] = {}
    for lexicon in material.glossaries:
        for word, others in lexicon.entries.items():
            glossary[word] = (*glossary.get(word, ()), *others)
    texts = [clean(utterance.text).text for utterance in (*material.utterances, *material.examples)]
    return LanguageKnowledge(glossary, syllables_of([*texts, *glossary]))


def _tokens(reader: FeatureReader, text: str) -> Tokens:
    return reader.tokens(reader.shape(clean(text).text))


def _mood_lesson(reader: FeatureReader, material: Material) -> _Lesson:
    headings: Sequence[str] = SENTIMENTS
    return _Lesson(
        [_tokens(reader, message.text) for message in material.moods],
        np.array([headings.index(message.heading) for message in material.moods], dtype=np.intp),
        len(headings),
        MOOD_REGULARISATION,
    )


def _judge(lesson: _Lesson, judgeable: int, tell: Progress) -> _Judged:
    """Judges the first `judgeable` messages, fold by fold, until enough are judged; all others only teach."""
    truth = lesson.truth[:judgeable]
    teachers = np.arange(judgeable, len(lesson.messages))
    needed = 1 if judgeable // FOLDS >= ENOUGH_TO_JUDGE else FOLDS
    rows: list[Labels] = []
    scores: list[Scores] = []
    for number, (taught, held_out) in enumerate(folds(truth, FOLDS)):
        if number == needed:
            break
        tell(0.05 + 0.5 * number / needed, f"检验 {number + 1}/{needed}")
        seen: Labels = np.concatenate([taught, teachers])
        space = feature_space(lesson.some(seen))
        fitted = fit(space.matrix(lesson.some(seen)), lesson.truth[seen], lesson.count, lesson.regularisation)
        rows.append(held_out)
        scores.append(fitted.scores(space.matrix(lesson.some(held_out))))
    judged = np.concatenate(rows)
    return _Judged(judged, np.concatenate(scores), truth[judged])


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the judged utterances say. `ranks` are their labels' numbers, the likeliest first, out of scope
    first where it is believed; `confidence` is the probability of the likeliest."""

    utterances: Sequence[Utterance]
    labels: Sequence[str]
    truth: Labels
    scripts: NDArray[np.str_]
    calibrations: Mapping[Script, Calibration]
    ranks: Labels
    confidence: Scores

    @classmethod
    def of(cls, all_utterances: Sequence[Utterance], labels: Sequence[str], judged: _Judged) -> "_Verdict":
        utterances: list[Utterance] = [all_utterances[row] for row in judged.rows.tolist()]
        scripts = np.array([script_of(clean(utterance.text).text) for utterance in utterances])
        outside = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else None
        calibrations: dict[Script, Calibration] = {}
        ranks = np.zeros(judged.scores.shape, dtype=np.intp)
        confidence = np.zeros(len(judged.truth))
        for script in SCRIPTS:
            rows = scripts == script
            # Too few of one script say too little: they are trusted as all are.
            enough = rows if rows.sum() >= FEWEST_TO_CALIBRATE else np.ones(len(rows), dtype=bool)
            calibrations[script] = _calibrated(judged.scores[enough], judged.truth[enough], outside)
            probabilities = softmax(judged.scores[rows], calibrations[script].temperature)
            ranks[rows] = _ranks(probabilities, outside, calibrations[script].outside)
            confidence[rows] = probabilities.max(axis=1)
        return cls(utterances, labels, judged.truth, scripts, calibrations, ranks, confidence)

    def report(self, mood_accuracy: float | None, features: int) -> Report:
        known = np.array([utterance.intent != OUT_OF_SCOPE for utterance in self.utterances])
        styles = np.array([utterance.style for utterance in self.utterances])
        correct = self._among(1)
        believed_outside = np.array([self.labels[rank] == OUT_OF_SCOPE for rank in self.ranks[:, 0].tolist()])
        return Report(
            self._quality(np.ones(len(self.truth), dtype=bool)),
            {style: self._quality(styles == style) for style in dict.fromkeys(styles.tolist())},
            {label: _share(correct[self.truth == number]) for number, label in enumerate(self.labels)},
            {script: self._acceptance(script, known) for script in SCRIPTS},
            _share(correct[~known]),
            _share(believed_outside[known]),
            mood_accuracy,
            features,
        )

    def _acceptance(self, script: Script, known: NDArray[np.bool_]) -> Acceptance:
        calibration, rows = self.calibrations[script], self.scripts == script
        accepted = self.confidence >= calibration.bands.accept
        return Acceptance(
            int(rows.sum()),
            calibration,
            _share(accepted[rows & known]),
            _share(self._among(1)[rows & accepted]),
        )

    def _among(self, count: int) -> NDArray[np.bool_]:
        return (self.ranks[:, :count] == self.truth[:, None]).any(axis=1)

    def _quality(self, rows: NDArray[np.bool_]) -> Quality:
        return Quality(
            int(rows.sum()),
            _share(self._among(1)[rows]),
            _share(self._among(3)[rows]),
            expected_calibration_error(self.confidence[rows], self._among(1)[rows]),
        )


def _calibrated(scores: Scores, truth: Labels, outside: int | None) -> Calibration:
    temperature = fit_temperature(scores, truth)
    probabilities = softmax(scores, temperature)
    threshold = choose_outside(_outside_ratio(probabilities, outside), truth != outside)
    ranks = _ranks(probabilities, outside, threshold)
    best, among_two = ((ranks[:, :count] == truth[:, None]).any(axis=1) for count in (1, 2))
    return Calibration(temperature, choose_bands(probabilities.max(axis=1), best, among_two), threshold)


def _outside_ratio(probabilities: Scores, outside: int | None) -> Scores:
    """How many times as likely each message is to be out of scope as to be of its likeliest intent."""
    if outside is None:
        return np.zeros(len(probabilities))
    return probabilities[:, outside] / np.delete(probabilities, outside, axis=1).max(axis=1)


def _ranks(probabilities: Scores, outside: int | None, threshold: float) -> Labels:
    """The labels' numbers, the likeliest first; out of scope comes first where its ratio says so."""
    order = probabilities.copy()
    if outside is not None:
        order[_outside_ratio(probabilities, outside) >= threshold, outside] = 2.0
    return np.argsort(-order, axis=1, kind="stable")


def _share(good: NDArray[np.bool_]) -> float:
    return float(good.mean()) if len(good) else 0.0
