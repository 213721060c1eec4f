"""Training the classifier tier: utterances in, artefact and report out.

Part of the utterances is judged by models that never saw it; calibrations and the report come from those
judgements, the artefact from all utterances. Each script has its own calibration: the utterances without
Chinese characters are known so much worse that common bands would have to refuse most Chinese messages too.

With sentence vectors a second head learns from these, is judged on the same utterances, and both are blended.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kefu.errors import PackInvalid, Problem
from kefu.learning.blending import Share, choose_share
from kefu.learning.calibration import (
    choose_bands,
    choose_outside,
    expected_calibration_error,
    fit_temperature,
    softmax,
)
from kefu.learning.lessons import FOLDS, Judged, SentenceLesson, WordLesson, judge
from kefu.learning.linear import FeatureSpace, Fitted, Labels, Scores, feature_space
from kefu.learning.logistic import fit_sentences
from kefu.learning.material import Material
from kefu.learning.requests import MOST_SINGLE, teach_judge, wording_lesson
from kefu.learning.syllables import confusable_syllables
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import (
    SCRIPTS,
    Blend,
    Calibration,
    Classifier,
    Head,
    Model,
    Script,
    SentenceHead,
    dump_classifier,
    script_of,
)
from kefu.understanding.features import FeatureReader, LanguageKnowledge, Tokens
from kefu.understanding.labelled import SENTIMENTS, LabelledMessage
from kefu.understanding.text import clean

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
class SentenceReport:
    """What the vectors of the embedding model named `model` brought. `weights` are the sentence head's
    shares; `without` is the quality where no vector comes in time."""

    model: str
    dimension: int
    weights: Mapping[Script, float]
    without: Quality


@dataclass(frozen=True, slots=True)
class Report:
    """What the judged utterances say, read with their sentence vectors where there are any.

    `out_of_scope_recall` is the share of out-of-scope ones known as such,
    `false_alarms` that of the others taken for it; `mood_accuracy` is None when no sentiment was taught."""

    overall: Quality
    by_style: Mapping[str, Quality]
    by_intent: Mapping[str, float]
    by_script: Mapping[Script, Acceptance]
    out_of_scope_recall: float
    false_alarms: float
    mood_accuracy: float | None
    features: int
    sentences: SentenceReport | None = None


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
    labels = tuple(sorted({utterance.intent for utterance in material.utterances}))
    texts = [*material.utterances, *material.examples]
    taught = [row for row, utterance in enumerate(texts) if utterance.intent in labels]
    features = _Features.of(_knowledge(material), [texts[row] for row in taught], material)
    lesson = WordLesson(
        features.matrix([texts[row] for row in taught]),
        np.array([labels.index(texts[row].intent) for row in taught], dtype=np.intp),
        len(labels),
        len(material.utterances),
        REGULARISATION,
    )
    trial = judge(lesson, lambda done, text: tell(0.25 + 0.25 * done, text))
    verdict = _Verdict.of(material.utterances, labels, trial.judged)
    second = None
    if material.sentences:
        tell(0.5, "训练句向量模型")
        vectors = material.sentences.vectors[taught]
        meanings = SentenceLesson(vectors, lesson.truth, lesson.count, lesson.judgeable)
        second = _Second.of(material.sentences.model, meanings, trial.judged, verdict)

    tell(0.55, "训练最终模型")
    model = features.model(lesson.final().head(labels), verdict.calibrations)
    if second:
        model = replace(model, sentences=second.head)
    if material.several:
        tell(0.85, "训练多诉求判断")
        judging = features.model(trial.head.fitted.head(labels), verdict.calibrations)
        single = [material.utterances[int(row)] for row in trial.unseen]
        model = _taught_requests(model, features, material.several, single, Classifier(judging))
    mood_accuracy = None
    if material.moods:
        tell(0.95, "训练情绪")
        model, mood_accuracy = _taught_moods(model, features, material.moods)
    tell(1.0, "完成")
    size = sum(len(view.features) for view in model.views)
    report = (second.verdict if second else verdict).report(mood_accuracy, size)
    return Trained(dump_classifier(model), replace(report, sentences=second.report) if second else report)


class _Worded(Protocol):
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Features:
    """The features of the material's messages: one space for all heads."""

    knowledge: LanguageKnowledge
    space: FeatureSpace
    tokens: Mapping[str, Tokens]

    @classmethod
    def of(cls, knowledge: LanguageKnowledge, taught: Iterable[Utterance], material: Material) -> "_Features":
        reader = FeatureReader(knowledge)
        messages = (*taught, *material.moods, *material.several)
        tokens = {message.text: reader.tokens(reader.shape(clean(message.text).text)) for message in messages}
        return cls(knowledge, feature_space(list(tokens.values())), tokens)

    def matrix(self, messages: Iterable[_Worded]) -> Any:
        """A sparse row for each message."""
        return self.space.matrix([self.tokens[message.text] for message in messages])

    def model(self, intents: Head, calibrations: Mapping[Script, Calibration]) -> Model:
        return Model(self.space.views, intents, calibrations, self.knowledge)


def _taught_requests(
    model: Model,
    features: _Features,
    several: Sequence[LabelledMessage],
    single: Sequence[Utterance],
    classifier: Classifier,
) -> Model:
    """The model that can tell several requests from one. `classifier` learned none of the messages."""
    alone = [utterance for utterance in single if utterance.intent != OUT_OF_SCOPE][:MOST_SINGLE]
    lesson = wording_lesson(features.matrix(several), features.matrix(alone))
    asking_more = [clean(message.text).text for message in several]
    asking_one = [clean(utterance.text).text for utterance in alone]
    known = teach_judge(lesson, asking_more, asking_one, classifier.predict)
    fitted = lesson.final()
    head = Fitted(fitted.weights[:, 1:], fitted.bias[1:]).head(("several",))
    return replace(model, several=head, request_judge=known)


def _taught_moods(model: Model, features: _Features, moods: Sequence[LabelledMessage]) -> tuple[Model, float]:
    """The model that reads sentiment, and the share of held-out messages whose sentiment it reads rightly."""
    headings: Sequence[str] = SENTIMENTS
    truth = np.array([headings.index(message.heading) for message in moods], dtype=np.intp)
    lesson = WordLesson(features.matrix(moods), truth, len(headings), len(moods), MOOD_REGULARISATION)
    judged = judge(lesson, _nobody).judged
    accuracy = float((judged.scores.argmax(axis=1) == judged.truth).mean())
    temperature = fit_temperature(judged.scores, judged.truth)
    head = lesson.final().head(SENTIMENTS)
    return replace(model, sentiment=head, sentiment_temperature=temperature), accuracy


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
    return LanguageKnowledge(glossary, confusable_syllables())


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
    def of(cls, all_utterances: Sequence[Utterance], labels: Sequence[str], judged: Judged) -> "_Verdict":
        utterances: list[Utterance] = [all_utterances[row] for row in judged.rows.tolist()]
        return cls.on(utterances, labels, judged)

    @classmethod
    def on(cls, utterances: Sequence[Utterance], labels: Sequence[str], judged: Judged) -> "_Verdict":
        """`utterances` are those that were judged."""
        scripts = np.array([script_of(clean(utterance.text).text) for utterance in utterances])
        outside = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else None
        calibrations: dict[Script, Calibration] = {}
        ranks = np.zeros(judged.scores.shape, dtype=np.intp)
        confidence = np.zeros(len(judged.truth))
        for script in SCRIPTS:
            rows, enough = scripts == script, _enough(scripts, script)
            calibrations[script] = _calibrated(judged.scores[enough], judged.truth[enough], outside)
            probabilities = softmax(judged.scores[rows], calibrations[script].temperature)
            ranks[rows] = _ranks(probabilities, outside, calibrations[script].outside)
            confidence[rows] = probabilities.max(axis=1)
        return cls(utterances, labels, judged.truth, scripts, calibrations, ranks, confidence)

    @property
    def overall(self) -> Quality:
        return self._quality(np.ones(len(self.truth), dtype=bool))

    def report(self, mood_accuracy: float | None, features: int) -> Report:
        known = np.array([utterance.intent != OUT_OF_SCOPE for utterance in self.utterances])
        styles = np.array([utterance.style for utterance in self.utterances])
        correct = self._among(1)
        believed_outside = np.array([self.labels[rank] == OUT_OF_SCOPE for rank in self.ranks[:, 0].tolist()])
        return Report(
            self.overall,
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


@dataclass(frozen=True, slots=True)
class _Second:
    """The intents' second head, over the vectors of the model named `model`, and what it brings."""

    model: str
    fitted: Fitted
    shares: Mapping[Script, Share]
    alone: _Verdict
    verdict: _Verdict

    @classmethod
    def of(cls, model: str, lesson: SentenceLesson, words: Judged, alone: _Verdict) -> "_Second":
        """`words` are the judgements of the first head, `alone` the verdict on them."""
        meant = judge(lesson, _nobody).judged
        shares: dict[Script, Share] = {}
        scores = np.zeros_like(words.scores)
        for script in SCRIPTS:
            rows, enough = alone.scripts == script, _enough(alone.scripts, script)
            worded = words.scores / alone.calibrations[script].temperature
            share = choose_share(worded[enough], meant.scores[enough], words.truth[enough])
            scores[rows] = share.apply(worded[rows], meant.scores[rows])
            shares[script] = share
        verdict = _Verdict.on(alone.utterances, alone.labels, replace(words, scores=scores))
        fitted = fit_sentences(lesson.vectors, lesson.truth, lesson.count)
        return cls(model, fitted, shares, alone, verdict)

    @property
    def head(self) -> SentenceHead | None:
        """None where it has no share in any script: nobody needs to ask the embedding model then."""
        if not any(share.weight for share in self.shares.values()):
            return None
        blends: dict[Script, Blend] = {
            script: Blend(share.weight, share.temperature, self.verdict.calibrations[script])
            for script, share in self.shares.items()
        }
        head = self.fitted.head(self.verdict.labels)
        return SentenceHead(self.model, head.weights, head.bias, blends)

    @property
    def report(self) -> SentenceReport:
        weights: dict[Script, float] = {script: share.weight for script, share in self.shares.items()}
        return SentenceReport(self.model, len(self.fitted.weights), weights, self.alone.overall)


def _enough(scripts: NDArray[np.str_], script: Script) -> NDArray[np.bool_]:
    """The judged utterances by which those of a script are trusted: where there are too few, all."""
    rows = scripts == script
    return rows if rows.sum() >= FEWEST_TO_CALIBRATE else np.ones(len(rows), dtype=bool)


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
