"""The only place that speaks scikit-learn: TF-IDF features, and linear heads over them."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportArgumentType=false, reportUnknownVariableType=false
# scikit-learn and SciPy have no types; whatever leaves this module is typed.

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from kefu.understanding.classifier import Head, View
from kefu.understanding.features import VIEWS, Tokens

Scores = NDArray[np.float64]
Labels = NDArray[np.intp]

_TOLERANCE = 0.1
"""Of the solver. A thousandth of it took three times as long and gained nothing on held-out messages."""

FEWEST_UTTERANCES = 2
"""Features of a single utterance teach its typing errors and triple the artefact."""


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """The features of some messages, view by view, and how rare each is among them."""

    vectorizers: tuple[TfidfVectorizer, ...]

    @property
    def views(self) -> tuple[View, ...]:
        return tuple(_view(vectorizer) for vectorizer in self.vectorizers)

    def matrix(self, messages: Sequence[Tokens]) -> Any:
        """A sparse row for each message: its views, each of its view's length, side by side."""
        blocks = [
            vectorizer.transform([tokens[number] for tokens in messages]) * weight
            for number, (vectorizer, weight) in enumerate(zip(self.vectorizers, VIEWS.values(), strict=True))
            if _knows(vectorizer)
        ]
        return sparse.hstack(blocks, format="csr", dtype=np.float32)


def feature_space(messages: Sequence[Tokens]) -> FeatureSpace:
    """The space of the features that these messages have in common."""
    vectorizers: list[TfidfVectorizer] = []
    for number in range(len(VIEWS)):
        documents = [tokens[number] for tokens in messages]
        vectorizer = TfidfVectorizer(
            analyzer=_as_is, min_df=FEWEST_UTTERANCES, sublinear_tf=True, dtype=np.float32
        )
        # A view without a feature to learn, such as the spelling of a Chinese pack, stays unfitted.
        if _have_in_common(documents):
            vectorizer.fit(documents)
        vectorizers.append(vectorizer)
    return FeatureSpace(tuple(vectorizers))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear model for each label against all others. `weights` has a row for each feature."""

    weights: Scores
    bias: Scores

    def scores(self, matrix: Any) -> Scores:
        """A row for each message, a column for each label."""
        return np.asarray(matrix @ self.weights) + self.bias

    def head(self, labels: Sequence[str]) -> Head:
        return Head(tuple(labels), self.weights.astype(np.float16), self.bias.astype(np.float32))


def fit(matrix: Any, truth: Labels, count: int, regularisation: float) -> Fitted:
    """Linear support vector machines, each of `count` labels against all others.

    They beat logistic regression by four points of accuracy where both were given the same seconds.
    `regularisation` is LinearSVC's C. One after the other, because the solver's random numbers are shared by
    all threads: trained side by side, the same messages would make another artefact each time.
    """
    machine = LinearSVC(C=regularisation, tol=_TOLERANCE, random_state=0)
    machine.fit(matrix, truth)
    weights, bias = cast("Scores", machine.coef_), cast("Scores", machine.intercept_)
    if count == 2:  # of two classes scikit-learn tells only the second one's side
        weights, bias = np.concatenate([-weights, weights]), np.concatenate([-bias, bias])
    return Fitted(weights.T, bias)


def folds(labels: Labels, count: int) -> Iterator[tuple[Labels, Labels]]:
    """`count` divisions into rows to learn from and rows to be judged; every label is in each."""
    splitter = StratifiedKFold(count, shuffle=True, random_state=0)
    yield from splitter.split(np.zeros(len(labels)), labels)


def _have_in_common(documents: Sequence[tuple[str, ...]]) -> bool:
    """Whether any feature is in `FEWEST_UTTERANCES` documents, which are two."""
    seen: set[str] = set()
    for document in documents:
        if not seen.isdisjoint(document):
            return True
        seen.update(document)
    return False


def _view(vectorizer: TfidfVectorizer) -> View:
    if not _knows(vectorizer):
        return View((), np.zeros(0, dtype=np.float32))
    names = cast("list[str]", vectorizer.get_feature_names_out().tolist())
    return View(tuple(names), cast("Scores", vectorizer.idf_).astype(np.float32))


def _as_is(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return tokens


def _knows(vectorizer: TfidfVectorizer) -> bool:
    return hasattr(vectorizer, "vocabulary_")
