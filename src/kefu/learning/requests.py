"""Learning when a message asks for several things at once."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# scikit-learn has no types; whatever leaves this module is typed.

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from kefu.learning.lessons import WordLesson, judge
from kefu.understanding.request_judge import AT_SIGHT, FEATURES, RequestJudge
from kefu.understanding.requests import Predict, at_sight, divide, divided

GATE_PASSES = 0.92
"""The share of the messages with several requests that must be divided."""
THRESHOLD = 1.25
"""In log odds. The examples hold more messages with several requests than customers send; zero would take
every seventh message with one request for more."""
MOST_SINGLE = 1500
"""So many messages with one request teach what they look like; all others would only take time."""
REGULARISATION = 0.5


def wording_lesson(several: Any, single: Any) -> WordLesson:
    """How messages with several requests are worded, label 1, and those with one, label 0, by the rows of
    their feature matrices."""
    truth = np.repeat([1, 0], [several.shape[0], single.shape[0]]).astype(np.intp)
    return WordLesson(sparse.vstack([several, single], format="csr"), truth, 2, len(truth), REGULARISATION)


def teach_judge(
    lesson: WordLesson, several: Sequence[str], single: Sequence[str], predict: Predict
) -> RequestJudge:
    """A judge of the cleaned messages that the lesson was made from. `predict` must not have learned any of
    them.

    Messages that cannot be divided say nothing about dividing.
    """
    texts = [*several, *single]
    judged = judge(lesson, _nobody).judged
    wording = np.zeros(len(texts))
    wording[judged.rows] = judged.scores[:, 1]
    rows: list[list[float]] = []
    truth: list[bool] = []
    for number, values in _examples(texts, predict):
        weighed = {**values, "wording": float(wording[number])}
        rows.append([weighed[name] for name in FEATURES])
        truth.append(number < len(several))
    scaler = StandardScaler()
    model = LogisticRegression(max_iter=1000).fit(scaler.fit_transform(np.array(rows)), truth)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    known = RequestJudge(dict(zip(FEATURES, weights.tolist(), strict=True)), intercept, THRESHOLD, 0.0)
    seen = [
        known.score({name: row[FEATURES.index(name)] for name in AT_SIGHT})
        for row, asks_several in zip(rows, truth, strict=True)
        if asks_several
    ]
    return replace(known, gate=float(np.quantile(seen, 1 - GATE_PASSES)))


def _examples(texts: Sequence[str], predict: Predict) -> Iterator[tuple[int, Mapping[str, float]]]:
    for number, text in enumerate(texts):
        divisions = divide(text, predict)
        if divisions:
            whole = predict(text)
            yield number, {**at_sight(text, whole), **divided(whole, divisions[0])}


def _nobody(done: float, text: str) -> None:
    """Progress that nobody follows."""
