"""Training the classifier tier: utterances in, artefact and report out.

Five models are trained on four fifths each, so that every utterance is judged once by a model that never saw
it; temperature, bands and the report come from those judgements, the artefact from all utterances.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kefu.errors import PackInvalid, Problem
from kefu.learning.calibration import choose_bands, expected_calibration_error, fit_temperature, softmax
from kefu.learning.linear import Labels, Scores, fit, folds
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import Bands, LinearModel, dump_classifier
from kefu.understanding.glossary import Glossary
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.text import clean

FOLDS = 5

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Quality:
    """Of held-out utterances: shares between 0 and 1, except `count`."""

    count: int
    accuracy: float
    top3: float
    ece: float


@dataclass(frozen=True, slots=True)
class Report:
    """`coverage` is the share of in-scope utterances in the accepted band, `precision` how many of the
    accepted are right. `out_of_scope_recall` is the share of out-of-scope utterances known as such."""

    overall: Quality
    by_style: Mapping[str, Quality]
    by_intent: Mapping[str, float]
    bands: Bands
    temperature: float
    coverage: float
    precision: float
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
    temperature = fit_temperature(scores, truth)
    judged = _judge(utterances, labels, softmax(scores, temperature), truth)
    tell(FOLDS / (FOLDS + 1), "训练最终模型")
    fitted = fit(data.texts, data.truth)
    model = LinearModel(
        fitted.features,
        labels,
        fitted.idf,
        fitted.weights,
        fitted.bias,
        temperature,
        judged.bands,
        listed.entries,
    )
    tell(1.0, "完成")
    return Trained(dump_classifier(model), judged.report(temperature, len(model.features)))


@dataclass(frozen=True, slots=True)
class _Data:
    """The first `judged` texts are cross-validated; the others only teach."""

    texts: list[str]
    truth: Labels
    judged: int

    def some(self, rows: Labels) -> list[str]:
        return [self.texts[row] for row in rows.tolist()]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the held-out predictions say."""

    overall: Quality
    by_style: Mapping[str, Quality]
    by_intent: Mapping[str, float]
    bands: Bands
    coverage: float
    precision: float
    out_of_scope_recall: float

    def report(self, temperature: float, size: int) -> Report:
        return Report(
            self.overall,
            self.by_style,
            self.by_intent,
            self.bands,
            temperature,
            self.coverage,
            self.precision,
            self.out_of_scope_recall,
            size,
        )


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


def _judge(
    utterances: Sequence[Utterance], labels: Sequence[str], probabilities: Scores, truth: Labels
) -> _Judged:
    order = np.argsort(-probabilities, axis=1, kind="stable")
    confidence = probabilities.max(axis=1)
    correct = order[:, 0] == truth
    among = {count: (order[:, :count] == truth[:, None]).any(axis=1) for count in (2, 3)}
    bands = choose_bands(confidence, correct, among[2])
    known = np.array([utterance.intent != OUT_OF_SCOPE for utterance in utterances])
    accepted = confidence >= bands.accept

    def quality(rows: NDArray[np.bool_]) -> Quality:
        return Quality(
            int(rows.sum()),
            _share(correct[rows]),
            _share(among[3][rows]),
            expected_calibration_error(confidence[rows], correct[rows]),
        )

    styles = np.array([utterance.style for utterance in utterances])
    return _Judged(
        quality(np.ones(len(truth), dtype=bool)),
        {style: quality(styles == style) for style in dict.fromkeys(styles.tolist())},
        {label: _share(correct[truth == index]) for index, label in enumerate(labels)},
        bands,
        _share(accepted[known]),
        _share(correct[accepted]),
        _share(correct[~known]),
    )


def _share(good: NDArray[np.bool_]) -> float:
    return float(good.mean()) if len(good) else 0.0
