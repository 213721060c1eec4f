"""Linear heads over sentence vectors."""

import numpy as np
import pytest

from kefu.learning.linear import Labels
from kefu.learning.logistic import fit_sentences
from kefu.understanding.embedding import Vectors

COUNT = 4
TRUTH: Labels = np.arange(400, dtype=np.intp) % COUNT


def around_centres(*, cone: float = 0.0, seed: int = 0) -> Vectors:
    """Vectors of length one around a centre for each label; with a `cone` they all point nearly one way."""
    draw = np.random.default_rng(seed)
    centres = np.random.default_rng(7).normal(size=(COUNT, 16))
    rows = centres[TRUTH] + draw.normal(size=(len(TRUTH), 16)) * 0.7 + cone
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("cone", [0.0, 30.0])
def test_new_vectors_get_the_label_of_those_around_them(cone: float) -> None:
    fitted = fit_sentences(around_centres(cone=cone), TRUTH, COUNT)

    unseen = fitted.scores(around_centres(cone=cone, seed=1))
    assert (unseen.argmax(axis=1) == TRUTH).mean() > 0.9


def test_the_same_vectors_give_the_same_head() -> None:
    first, second = (fit_sentences(around_centres(), TRUTH, COUNT) for _ in range(2))

    assert (first.weights == second.weights).all()
    assert (first.bias == second.bias).all()


def test_scores_are_log_odds_of_how_common_a_label_is_where_vectors_say_nothing() -> None:
    truth: Labels = np.array([0] * 30 + [1] * 10, dtype=np.intp)
    alike = np.full((40, 4), 0.5, dtype=np.float32)

    first, second = fit_sentences(alike, truth, 2).scores(alike)[0]
    assert first - second == pytest.approx(np.log(3), abs=0.01)
