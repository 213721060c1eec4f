"""Probabilities that mean what they say."""

import numpy as np
import pytest

from kefu.learning.calibration import choose_bands, expected_calibration_error, fit_temperature, softmax


def test_softmax_rows_sum_to_one() -> None:
    assert softmax(np.array([[1.0, 2.0], [1000.0, 0.0]]), 1.0).sum(axis=1) == pytest.approx([1, 1])


def test_scores_that_are_too_sure_are_cooled() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=(2000, 3))
    truth = np.array([random.choice(3, p=row) for row in softmax(scores, 1.0)])

    assert fit_temperature(scores * 4, truth) == pytest.approx(4, rel=0.2)


def test_confidence_that_equals_accuracy_has_no_error() -> None:
    confidence = np.full(10, 0.8)
    correct = np.array([True] * 8 + [False] * 2)

    assert expected_calibration_error(confidence, correct) == pytest.approx(0)


def test_confidence_that_is_always_wrong_has_all_of_it() -> None:
    assert expected_calibration_error(np.ones(4), np.zeros(4, dtype=bool)) == pytest.approx(1)


def test_the_accepted_band_begins_where_precision_still_holds() -> None:
    confidence = np.linspace(1, 0, 100)
    correct = np.array([True] * 60 + [False] * 40)

    bands = choose_bands(confidence, correct, correct, precision=0.95)

    assert correct[confidence >= bands.accept].mean() >= 0.95
    assert (confidence >= bands.accept).sum() == 63
    assert bands.suggest <= bands.accept


def test_nothing_is_accepted_when_nothing_is_right() -> None:
    wrong = np.zeros(10, dtype=bool)

    assert choose_bands(np.linspace(0.9, 0, 10), wrong, wrong).accept == 1.0
