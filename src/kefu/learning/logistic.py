"""Linear heads over sentence vectors."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# SciPy has no types; whatever leaves this module is typed.

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from kefu.learning.linear import Fitted, Labels, Scores
from kefu.understanding.embedding import Vectors

REGULARISATION = 10.0
_ITERATIONS = 100

_Floats = NDArray[np.float32]


def fit_sentences(vectors: Vectors, truth: Labels, count: int) -> Fitted:
    """Multinomial logistic regression with `count` labels, by L-BFGS.

    Over the vectors that MiniLM-L6 makes of BANKING77's training part, a fifth held out, it reached an
    accuracy of .919; the support vector machines of `kefu.learning.linear` .916 in seven times the processor
    time, least squares .871.
    """
    # Vectors of some models fill a narrow cone: spread out alike, one strength of regularisation fits all.
    middle = vectors.mean(axis=0)
    spread = np.float32(np.sqrt(((vectors - middle) ** 2).sum(axis=1).mean()) or 1.0)
    rows = np.concatenate([(vectors - middle) / spread, np.ones((len(vectors), 1), np.float32)], axis=1)
    expected = np.zeros((len(truth), count), dtype=np.float32)
    expected[np.arange(len(truth)), truth] = 1

    def loss(flat: Scores) -> tuple[float, Scores]:
        return _loss(flat.reshape(rows.shape[1], count), rows, expected)

    start = np.zeros(rows.shape[1] * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    solution = cast("Scores", found.x).reshape(rows.shape[1], count)
    weights = solution[:-1] / spread
    return Fitted(weights, solution[-1] - middle @ weights)


def _loss(solution: Scores, rows: _Floats, expected: _Floats) -> tuple[float, Scores]:
    """The penalised negative log-likelihood and its gradient; single precision is enough for both."""
    weights = solution.astype(np.float32)
    scores = rows @ weights
    scores -= scores.max(axis=1, keepdims=True)
    exponents = np.exp(scores)
    sums = exponents.sum(axis=1, keepdims=True)
    likelihood = float((np.log(sums[:, 0]) - (scores * expected).sum(axis=1)).sum(dtype=np.float64))
    penalised = weights.copy()
    penalised[-1] = 0  # the intercept is free
    gradient = REGULARISATION * (rows.T @ (exponents / sums - expected)) + penalised
    value = REGULARISATION * likelihood + 0.5 * float((penalised**2).sum(dtype=np.float64))
    return value, gradient.ravel().astype(np.float64)
