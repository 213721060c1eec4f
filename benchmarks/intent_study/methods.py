"""The methods that are compared. Each makes scores of sparse rows; the highest score is the reading."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportArgumentType=false, reportAttributeAccessIssue=false
# pyright: reportIndexIssue=false, reportOptionalMemberAccess=false
# scikit-learn and SciPy have no types.

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from intent_study.network import FASTTEXT, NETWORK, BagNetwork
from kefu.learning.calibration import fit_temperature, softmax
from kefu.learning.linear import Labels, Scores, fit, folds
from kefu.learning.train_classifier import REGULARISATION

_HALF = 2
"""Bytes of a number: all methods could keep their numbers in half precision, as the product does."""
_INDEX = 4
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Trained:
    """`scores` gives a row for each message and a column for each label; `probabilities` turns those into
    shares of certainty. `size` is what must be kept to serve, in bytes, names of features aside."""

    scores: Callable[[Any], Scores]
    probabilities: Callable[[Scores], Scores]
    size: int


Method = Callable[[Any, Labels, int], Trained]
"""Trains on rows, the numbers of their labels, and how many labels there are."""


def support_vectors(matrix: Any, truth: Labels, count: int) -> Trained:
    """The product's own: `kefu.learning.linear.fit`."""
    fitted = fit(matrix, truth, count, REGULARISATION)

    @cache
    def temperature() -> float:
        # Only ensembles ask for it, so that training is not charged with it. Half of the messages suffice.
        half = next(folds(truth, 2))[0]
        taught, held_out = (half[rows] for rows in next(folds(truth[half], 5)))
        judge = fit(matrix[taught], truth[taught], count, REGULARISATION)
        return fit_temperature(judge.scores(matrix[held_out]), truth[held_out])

    return Trained(fitted.scores, lambda scores: softmax(scores, temperature()), _HALF * fitted.weights.size)


def logistic_regression(matrix: Any, truth: Labels, count: int, *, steps: int) -> Trained:
    """Multinomial, stopped after `steps` steps of L-BFGS, before which it has not always converged."""
    machine = LogisticRegression(C=30.0, max_iter=steps)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(matrix, truth)
    return Trained(_typed(machine.decision_function), _exponentials, _HALF * machine.coef_.size)


def complement_bayes(matrix: Any, truth: Labels, count: int) -> Trained:
    """Complement naive Bayes (Rennie et al. 2003)."""
    machine = ComplementNB().fit(matrix, truth)
    size = _HALF * machine.feature_log_prob_.size
    return Trained(_typed(machine.predict_joint_log_proba), _exponentials, size)


def bayes_support_vectors(matrix: Any, truth: Labels, count: int) -> Trained:
    """NB-SVM (Wang and Manning 2012): each label's machine sees, of the features that occur, the log-count
    ratio. A small C does what their interpolation does."""
    present = _present(matrix)
    weights = np.zeros((matrix.shape[1], count), dtype=np.float32)
    bias = np.zeros(count)
    everything = np.asarray(present.sum(axis=0)).ravel() + 2.0
    for label in range(count):
        own = np.asarray(present[truth == label].sum(axis=0)).ravel() + 1.0
        other = everything - own
        ratio = np.log((own / own.sum()) / (other / other.sum())).astype(np.float32)
        scaled = sparse.csr_matrix((ratio[present.indices], present.indices, present.indptr), matrix.shape)
        machine = LinearSVC(C=0.01, random_state=0).fit(scaled, truth == label)
        weights[:, label], bias[label] = ratio * machine.coef_[0], machine.intercept_[0]

    def scores(rows: Any) -> Scores:
        return np.asarray(_present(rows) @ weights) + bias

    return Trained(scores, _exponentials, _HALF * weights.size)


def nearest(matrix: Any, truth: Labels, count: int, *, neighbours: int) -> Trained:
    """The most similar examples vote for their labels, each with the square of its cosine."""
    examples = normalize(matrix)
    turned = examples.T.tocsr()

    def scores(rows: Any) -> Scores:
        return np.concatenate([_votes(part, turned, truth, count, neighbours) for part in _chunks(rows)])

    size = examples.nnz * (_HALF + _INDEX) + len(truth)
    return Trained(scores, _shares, size)


def fasttext(matrix: Any, truth: Labels, count: int) -> Trained:
    """Embeddings of the features, averaged, and a softmax over them (Joulin et al. 2017)."""
    network = BagNetwork(matrix.shape[1], count, FASTTEXT)
    network.train(_average(matrix), truth)
    return Trained(lambda rows: network.scores(_average(rows)), _exponentials, _HALF * network.parameters)


def embedded(matrix: Any, truth: Labels, count: int, *, steps: int) -> Trained:
    """Embeddings of 256 dimensions by truncated SVD (latent semantic analysis), and logistic regression."""
    space = TruncatedSVD(256, n_iter=3, random_state=0)
    placed = normalize(space.fit_transform(matrix)).astype(np.float32)
    machine = logistic_regression(placed, truth, count, steps=steps)

    def scores(rows: Any) -> Scores:
        return machine.scores(normalize(space.transform(rows)))

    return Trained(scores, machine.probabilities, _HALF * space.components_.size + machine.size)


def network(matrix: Any, truth: Labels, count: int) -> Trained:
    """Embeddings weighted by TF-IDF, a hidden layer, and a softmax."""
    learner = BagNetwork(matrix.shape[1], count, NETWORK)
    learner.train(matrix, truth)
    return Trained(learner.scores, _exponentials, _HALF * learner.parameters)


def together(members: Sequence[Trained], given: Sequence[Scores]) -> Scores:
    """The members' mean probabilities, each member's scores given."""
    shares = [member.probabilities(scores) for member, scores in zip(members, given, strict=True)]
    return cast("Scores", np.mean(shares, axis=0))


def _typed(decide: Callable[[Any], Any]) -> Callable[[Any], Scores]:
    return lambda rows: cast("Scores", decide(rows))


def _exponentials(scores: Scores) -> Scores:
    return softmax(scores, 1.0)


def _shares(votes: Scores) -> Scores:
    return votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-12)


def _chunks(rows: Any) -> Iterator[Any]:
    for start in range(0, rows.shape[0], _CHUNK):
        yield rows[start : start + _CHUNK]


def _votes(rows: Any, examples: Any, truth: Labels, count: int, neighbours: int) -> Scores:
    alike = np.asarray((normalize(rows) @ examples).todense())
    best = np.argpartition(-alike, neighbours, axis=1)[:, :neighbours]
    votes = np.zeros((len(alike), count))
    lines = np.repeat(np.arange(len(alike)), neighbours)
    np.add.at(votes, (lines, truth[best].ravel()), np.take_along_axis(alike, best, axis=1).ravel() ** 2)
    return votes


def _present(matrix: Any) -> Any:
    return sparse.csr_matrix((np.ones_like(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)


def _average(matrix: Any) -> Any:
    """Each feature that occurs counts alike, and each row sums up to 1."""
    return normalize(_present(matrix), norm="l1")
