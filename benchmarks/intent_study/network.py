"""A small network, trained from scratch in seconds: a bag of embeddings and at most one hidden layer.

Written in numpy, because a message has some ninety of a hundred thousand features: only the embeddings that a
batch touches are moved, which is an order of magnitude less work than an optimiser that walks through all of
them, and the benchmark needs nothing that the product does not install.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# SciPy's sparse matrices have no types.

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kefu.learning.linear import Labels, Scores

Floats = NDArray[np.float32]

_DECAY, _SQUARED_DECAY, _TINY = np.float32(0.9), np.float32(0.999), np.float32(1e-8)


@dataclass(frozen=True, slots=True)
class Recipe:
    """`hidden`: whether the embeddings' sum goes through a rectifier, or straight to the labels (fastText,
    Joulin et al. 2017). `forget` is the share of features, `drop` that of hidden units that a step does not
    see; `smoothing` is the probability that is spread over all labels (Szegedy et al. 2016)."""

    hidden: bool
    dimensions: int
    epochs: int
    rate: float
    forget: float = 0.0
    drop: float = 0.0
    smoothing: float = 0.0
    batch: int = 128


FASTTEXT = Recipe(hidden=False, dimensions=100, epochs=12, rate=0.02)
NETWORK = Recipe(hidden=True, dimensions=128, epochs=10, rate=0.004, forget=0.2, drop=0.5, smoothing=0.1)


class BagNetwork:
    """Scores are logits: their softmax are the probabilities of the labels."""

    def __init__(self, features: int, labels: int, recipe: Recipe) -> None:
        dice = np.random.default_rng(0)
        size = recipe.dimensions
        self._recipe, self._dice = recipe, dice
        self._embeddings = _Moved(dice.normal(0, 0.1, (features, size)).astype(np.float32))
        self._shift = _Moved(np.zeros((1, size), dtype=np.float32))
        self._weights = _Moved(dice.normal(0, size**-0.5, (size, labels)).astype(np.float32))
        self._bias = _Moved(np.zeros((1, labels), dtype=np.float32))

    @property
    def parameters(self) -> int:
        return sum(part.value.size for part in (self._embeddings, self._shift, self._weights, self._bias))

    def scores(self, matrix: Any) -> Scores:
        hidden = cast("Floats", matrix @ self._embeddings.value) + self._shift.value
        if self._recipe.hidden:
            hidden = np.maximum(hidden, 0)
        return (hidden @ self._weights.value + self._bias.value).astype(np.float64)

    def train(self, matrix: Any, truth: Labels) -> None:
        """Adam (Kingma and Ba 2015), the rate rising for a tenth of the steps and then falling to nothing."""
        rows, recipe = matrix.shape[0], self._recipe
        steps = recipe.epochs * -(-rows // recipe.batch)
        step = 0
        for _ in range(recipe.epochs):
            order = self._dice.permutation(rows)
            for start in range(0, rows, recipe.batch):
                step += 1
                share = step / steps
                rate = recipe.rate * min(share / 0.1, (1 - share) / 0.9)
                chosen = order[start : start + recipe.batch]
                self._step(matrix[chosen], truth[chosen], rate, step)

    def _step(self, batch: Any, truth: Labels, rate: float, step: int) -> None:
        recipe = self._recipe
        values = batch.data
        if recipe.forget:
            values = values * (self._dice.random(len(values), dtype=np.float32) >= recipe.forget)
        # Only the columns that occur: the rest of the embeddings neither counts nor moves.
        columns, places = np.unique(batch.indices, return_inverse=True)
        seen = sparse.csr_matrix((values, places, batch.indptr), shape=(batch.shape[0], len(columns)))
        hidden = cast("Floats", seen @ self._embeddings.value[columns]) + self._shift.value
        open_units: Floats = np.ones_like(hidden)
        if recipe.hidden:
            kept = self._dice.random(hidden.shape, dtype=np.float32) >= recipe.drop
            open_units = (kept & (hidden > 0)).astype(np.float32) / np.float32(1 - recipe.drop)
        active: Floats = hidden * open_units
        error = _error(
            cast("Floats", active @ self._weights.value) + self._bias.value, truth, recipe.smoothing
        )
        back = (error @ self._weights.value.T) * open_units
        everything = np.arange(len(self._weights.value))
        first = np.zeros(1, dtype=np.intp)
        self._weights.move(everything, cast("Floats", active.T @ error), rate, step)
        self._bias.move(first, error.sum(axis=0, keepdims=True), rate, step)
        self._shift.move(first, back.sum(axis=0, keepdims=True), rate, step)
        self._embeddings.move(columns, cast("Floats", seen.T @ back), rate, step)


class _Moved:
    """A table of numbers with Adam's two averages. Rows that a step does not touch keep theirs."""

    def __init__(self, value: Floats) -> None:
        self.value = value
        self._mean, self._square = np.zeros_like(value), np.zeros_like(value)

    def move(self, rows: NDArray[np.integer[Any]], slope: Floats, rate: float, step: int) -> None:
        mean = self._mean[rows] * _DECAY + slope * (1 - _DECAY)
        square = self._square[rows] * _SQUARED_DECAY + slope * slope * (1 - _SQUARED_DECAY)
        self._mean[rows], self._square[rows] = mean, square
        size = np.float32(rate * np.sqrt(1 - _SQUARED_DECAY**step) / (1 - _DECAY**step))
        self.value[rows] -= size * mean / (np.sqrt(square) + _TINY)


def _error(logits: Floats, truth: Labels, smoothing: float) -> Floats:
    """How the mean cross-entropy changes with the logits."""
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = exponents / exponents.sum(axis=1, keepdims=True) - np.float32(smoothing / logits.shape[1])
    error[np.arange(len(truth)), truth] -= np.float32(1 - smoothing)
    return cast("Floats", error / np.float32(len(truth)))
