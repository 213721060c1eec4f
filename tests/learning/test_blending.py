"""How much the sentence head counts beside the words."""

import numpy as np
import pytest

from kefu.learning.blending import WEIGHTS, Share, choose_share
from kefu.learning.calibration import softmax
from kefu.learning.linear import Labels, Scores

TRUTH: Labels = np.arange(300, dtype=np.intp) % 3
RIGHT: Scores = np.eye(3)[TRUTH] * 4.0
CLUELESS: Scores = np.zeros((300, 3))
NOISE: Scores = np.random.default_rng(0).normal(size=(300, 3))
BY_CHANCE: Scores = np.random.default_rng(1).normal(size=(300, 3)) * 4.0


def test_a_sentence_head_that_knows_what_the_words_do_not_counts_most() -> None:
    assert choose_share(CLUELESS, RIGHT + NOISE, TRUTH).weight == max(WEIGHTS)


def test_a_sentence_head_that_knows_nothing_does_not_count() -> None:
    assert choose_share(RIGHT, BY_CHANCE, TRUTH).weight == 0.0


def test_heads_that_err_apart_share() -> None:
    half = (np.arange(300) // 3 % 2 == 0)[:, None]
    share = choose_share(np.where(half, RIGHT, NOISE), np.where(half, NOISE, RIGHT), TRUTH)

    assert 0.0 < share.weight < 1.0


def test_probabilities_are_multiplied_each_to_the_power_of_its_share() -> None:
    together = softmax(Share(0.4, 2.0).apply(NOISE, RIGHT), 1.0)

    product = softmax(NOISE, 1.0) ** 0.6 * softmax(RIGHT, 2.0) ** 0.4
    assert together == pytest.approx(product / product.sum(axis=1, keepdims=True))
