"""Training the classifier tier: utterances in, artefact and report out.

Five models are trained on four fifths each, so that every utterance is judged once by a model that never saw
it; temperature, bands and the report come from those judgements, the artefact from all utterances.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from kefu.errors import PackInvalid, Problem
from kefu.learning.calibration import (
    Scores,
    choose_bands,
    expected_calibration_error,
    fit_temperature,
    softmax,
)
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import Bands, LinearModel, dump_classifier
from kefu.understanding.features import features
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
    """`coverage` is the share of in-scope utterances in the accepted band, `precision` how many of the accepted
    are right. `out_of_scope_recall` is the share of out-of-scope utterances that were known as such."""

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
    utterances: Sequence[Utterance], *, extra: Sequence[Utterance] = (), progress: Progress | None = None
) -> Trained:
    """A classifier of `utterances`. `extra` teaches too, but is never judged: titles and examples.

    `progress` is told the share that is done, and what is being done.

    Raises:
        PackInvalid: there are fewer than two intents, or an intent with fewer utterances than folds.
    """
    _check(utterances)
    tell = progress or _nobody
    labels = tuple(sorted({utterance.intent for utterance in utterances}))
    taught = [utterance for utterance in extra if utterance.intent in labels]
    data = _Data(
        [clean(utterance.text).text for utterance in (*utterances, *taught)],
        np.array([labels.index(utterance.intent) for utterance in (*utterances, *taught)]),
        len(utterances),
    )
    scores = _held_out_scores(data, len(labels), tell)
    truth = data.truth[: data.judged]
    temperature = fit_temperature(scores, truth)
    judged = _judge(utterances, labels, softmax(scores, temperature), truth)
    tell(FOLDS / (FOLDS + 1), "训练最终模型")
    vectorizer, model = _fit(data, np.arange(len(data.texts)))
    artefact = LinearModel(
        tuple(cast("Sequence[str]", vectorizer.get_feature_names_out().tolist())),
        labels,
        cast("NDArray[np.float64]", vectorizer.idf_).astype(np.float32),
        cast("NDArray[np.float64]", model.coef_).T.astype(np.float16),
        cast("NDArray[np.float64]", model.intercept_).astype(np.float32),
        temperature,
        judged.bands,
    )
    tell(1.0, "完成")
    return Trained(dump_classifier(artefact), judged.report(temperature, len(artefact.features)))
