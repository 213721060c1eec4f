"""Making probabilities mean what they say, and choosing from which one on they are acted on."""

import numpy as np
from numpy.typing import NDArray

from kefu.learning.linear import Labels, Scores
from kefu.understanding.classifier import Bands

_BINS = 15


def softmax(scores: Scores, temperature: float) -> Scores:
    """Row by row."""
    scaled = scores / temperature
    exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def fit_temperature(scores: Scores, truth: Labels) -> float:
    """The temperature under which held-out scores have the least negative log-likelihood."""
    low, high = np.log(0.01), np.log(10.0)
    ratio = (np.sqrt(5) - 1) / 2  # golden-section search: the likelihood has one minimum in log temperature
    while high - low > 1e-3:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if _nll(scores, truth, np.exp(left)) < _nll(scores, truth, np.exp(right)):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def expected_calibration_error(confidence: Scores, correct: NDArray[np.bool_]) -> float:
    """ECE over 15 equal bins (Naeini et al. 2015): the mean gap between confidence and accuracy."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float(confidence[bins == b].mean()) - float(correct[bins == b].mean())) * int((bins == b).sum())
        for b in np.unique(bins)
    ]
    return float(sum(gaps)) / max(1, len(confidence))


def choose_bands(
    confidence: Scores, correct: NDArray[np.bool_], among_two: NDArray[np.bool_], *, precision: float = 0.95
) -> Bands:
    """The bands from the risk–coverage curve of held-out messages.

    `accept` is the lowest confidence from which on at least `precision` of the readings are right. `suggest`
    is the one around which the right reading is still among the best two in two cases out of three: asking
    which one is meant is then worth the customer's time.
    """
    accept = _lowest(confidence, correct, precision)
    suggest = _last_good(confidence, among_two, 2 / 3)
    return Bands(accept, min(suggest, accept))


def choose_outside(ratio: Scores, in_scope: NDArray[np.bool_], *, false_alarms: float = 0.04) -> float:
    """From which ratio on a message counts as out of scope: so that at most the share `false_alarms` of the
    messages in scope does. `ratio` is how many times as likely it is to be out of scope as to be of the
    likeliest intent."""
    if not in_scope.any():
        return 1.0
    return min(1.0, float(np.nextafter(np.quantile(ratio[in_scope], 1 - false_alarms), np.inf)))


def _lowest(confidence: Scores, good: NDArray[np.bool_], share: float) -> float:
    order = np.argsort(-confidence, kind="stable")
    shares = np.cumsum(good[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= share)
    return float(confidence[order[enough[-1]]]) if len(enough) else 1.0


def _last_good(confidence: Scores, good: NDArray[np.bool_], share: float) -> float:
    """The confidence at which the share of good readings around it first falls below `share`."""
    order = np.argsort(-confidence, kind="stable")
    window = max(1, len(order) // 25)
    around = np.convolve(good[order], np.ones(window) / window, mode="valid")
    bad = np.flatnonzero(around < share)
    return float(confidence[order[bad[0] if len(bad) else -1]])


def _nll(scores: Scores, truth: Labels, temperature: float) -> float:
    probabilities = softmax(scores, temperature)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(probabilities, 1e-12)).mean())
