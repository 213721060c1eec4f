"""Training the classifier tier: utterances in, artefact and report out.

Five models are trained on four fifths each, so that every utterance is judged once by a model that never saw
it; calibrations and the report come from those judgements, the artefact from all utterances. Each script has
its own calibration: the few English utterances are known so much worse that common bands would have to refuse
most Chinese messages too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kefu.errors import PackInvalid, Problem
from kefu.learning.calibration import choose_bands, expected_calibration_error, fit_temperature, softmax
from kefu.learning.linear import Labels, Scores, fit, folds
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import (
    SCRIPTS,
    Calibration,
    LinearModel,
    Script,
    dump_classifier,
    script_of,
)
from kefu.understanding.glossary import Glossary
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.text import clean

FOLDS = 5
FEWEST_TO_CALIBRATE = 200
"""Utterances of one script; fewer say too little, and its messages are judged like all others."""

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
    """`count` utterances of one script: `coverage` is the share of those in scope that fall into the accepted
    band, `precision` how many of the accepted are right."""

    count: int
    calibration: Calibration
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class Report:
    """`out_of_scope_recall` is the share of out-of-scope utterances known as such."""

    overall: Quality
    by_style: Mapping[str, Quality]
    by_intent: Mapping[str, float]
    by_script: Mapping[Script, Acceptance]
    out_of_scope_recall: float
    features: int


@dataclass(frozen=True, slots=True)
class Trained:
    """`artefact` is what `load_classifier` reads."""

    artefact: bytes
    report: Report


def train_classifier(
    utterances: Sequence[Utterance],
    glossary: Lexicon | None = None,
    extra: Sequence[Utterance] = (),
    *,
    progress: Progress | None = None,
) -> Trained:
    """A classifier of `utterances`, read through `glossary`, which becomes a part of the artefact.

    `extra` teaches too, but is never judged: the definitions' examples. `progress` is told the share that is
    done, and what is being done.

    Raises:
        PackInvalid: there are fewer than two intents, or an intent with fewer utterances than folds.
    """
    _check(utterances)
    tell = progress or _nobody
    listed = glossary or Lexicon("glossary", {})
    words = Glossary(listed)
    labels = tuple(sorted({utterance.intent for utterance in utterances}))
    taught = [utterance for utterance in extra if utterance.intent in labels]
    data = _Data(
        [words.read(clean(utterance.text).text) for utterance in (*utterances, *taught)],
        np.array([labels.index(utterance.intent) for utterance in (*utterances, *taught)]),
        len(utterances),
    )
    scores = _held_out_scores(data, len(labels), tell)
    truth = data.truth[: data.judged]
    scripts = np.array([script_of(clean(utterance.text).text) for utterance in utterances])
    calibrations: Mapping[Script, Calibration] = {
        script: _calibrated(scores, truth, scripts == script) for script in SCRIPTS
    }
    probabilities = np.zeros_like(scores)
    for script, calibration in calibrations.items():
        probabilities[scripts == script] = softmax(scores[scripts == script], calibration.temperature)
    tell(FOLDS / (FOLDS + 1), "训练最终模型")
    fitted = fit(data.texts, data.truth)
    model = LinearModel(
        fitted.features,
        labels,
        fitted.idf,
        fitted.weights,
        fitted.bias,
        calibrations,
        listed.entries,
    )
    tell(1.0, "完成")
    judged = _Judged(utterances, labels, probabilities, truth)
    by_script: Mapping[Script, Acceptance] = {
        script: judged.acceptance(scripts == script, calibration)
        for script, calibration in calibrations.items()
    }
    return Trained(dump_classifier(model), judged.report(by_script, len(model.features)))


@dataclass(frozen=True, slots=True)
class _Data:
    """The first `judged` texts are cross-validated; the others only teach."""

    texts: list[str]
    truth: Labels
    judged: int

    def some(self, rows: Labels) -> list[str]:
        return [self.texts[row] for row in rows.tolist()]


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


def _held_out_scores(data: _Data, labels: int, tell: Progress) -> Scores:
    scores = np.zeros((data.judged, labels))
    teachers = np.arange(data.judged, len(data.texts))
    for number, (taught, held_out) in enumerate(folds(data.truth[: data.judged], FOLDS)):
        tell(number / (FOLDS + 1), f"交叉验证 {number + 1}/{FOLDS}")
        rows: Labels = np.concatenate([taught, teachers])
        fitted = fit(data.some(rows), data.truth[rows])
        scores[held_out] = fitted.scores(data.some(held_out))
    return scores


def _calibrated(scores: Scores, truth: Labels, rows: NDArray[np.bool_]) -> Calibration:
    """The calibration of the given rows, or of all rows when those are too few."""
    if rows.sum() < FEWEST_TO_CALIBRATE:
        rows = np.ones(len(truth), dtype=bool)
    temperature = fit_temperature(scores[rows], truth[rows])
    probabilities = softmax(scores[rows], temperature)
    best, among_two = (_among(probabilities, truth[rows], count) for count in (1, 2))
    return Calibration(temperature, choose_bands(probabilities.max(axis=1), best, among_two))


def _among(probabilities: Scores, truth: Labels, count: int) -> NDArray[np.bool_]:
    """Of each utterance, whether its true label is among the likeliest `count`."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    return (order[:, :count] == truth[:, None]).any(axis=1)


class _Judged:
    """What the held-out predictions say."""

    def __init__(
        self, utterances: Sequence[Utterance], labels: Sequence[str], probabilities: Scores, truth: Labels
    ) -> None:
        self._confidence = probabilities.max(axis=1)
        self._correct = _among(probabilities, truth, 1)
        self._among_three = _among(probabilities, truth, 3)
        self._known = np.array([utterance.intent != OUT_OF_SCOPE for utterance in utterances])
        self._styles = np.array([utterance.style for utterance in utterances])
        self._labels = labels
        self._truth = truth

    def acceptance(self, rows: NDArray[np.bool_], calibration: Calibration) -> Acceptance:
        accepted = self._confidence >= calibration.bands.accept
        return Acceptance(
            int(rows.sum()),
            calibration,
            _share(accepted[rows & self._known]),
            _share(self._correct[rows & accepted]),
        )

    def report(self, by_script: Mapping[Script, Acceptance], size: int) -> Report:
        return Report(
            self._quality(np.ones(len(self._truth), dtype=bool)),
            {style: self._quality(self._styles == style) for style in dict.fromkeys(self._styles.tolist())},
            {label: _share(self._correct[self._truth == index]) for index, label in enumerate(self._labels)},
            by_script,
            _share(self._correct[~self._known]),
            size,
        )

    def _quality(self, rows: NDArray[np.bool_]) -> Quality:
        return Quality(
            int(rows.sum()),
            _share(self._correct[rows]),
            _share(self._among_three[rows]),
            expected_calibration_error(self._confidence[rows], self._correct[rows]),
        )


def _share(good: NDArray[np.bool_]) -> float:
    return float(good.mean()) if len(good) else 0.0
