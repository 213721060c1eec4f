"""Shares with their uncertainty, precision and recall, confusions."""

import pytest

from kefu.learning.figures import (
    Confusion,
    label_score,
    label_scores,
    macro_f1,
    matrix,
    most_confused,
    proportion,
    rate,
)

# scipy.stats.binomtest(45, 50).proportion_ci(method="wilson")
WILSON_45_OF_50 = [0.7863977, 0.9565242]

PAIRS = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b"), ("c", "b"), ("c", "b")]


def test_a_share_comes_with_wilsons_interval() -> None:
    found = proportion(45, 50)

    assert (found.count, found.right, found.share) == (50, 45, 0.9)
    assert [found.low, found.high] == pytest.approx(WILSON_45_OF_50, abs=1e-6)


@pytest.mark.parametrize(("right", "count"), [(0, 4), (4, 4), (0, 0)])
def test_an_interval_stays_between_nothing_and_everything(right: int, count: int) -> None:
    found = proportion(right, count)

    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.low < found.high


def test_the_share_of_nothing_could_be_anything() -> None:
    assert (rate([]).count, rate([]).low, rate([]).high) == (0, 0.0, 1.0)


def test_precision_is_of_what_was_found_and_recall_of_what_is_true() -> None:
    score = label_score(truth=4, found=8, right=2)

    assert (score.precision, score.recall) == (0.25, 0.5)
    assert score.f1 == pytest.approx(2 * 0.25 * 0.5 / 0.75)


def test_what_was_never_found_has_no_precision() -> None:
    assert label_score(truth=4, found=0, right=0).precision == 0


def test_every_label_that_is_true_of_something_has_a_score() -> None:
    scores = label_scores([*PAIRS, ("a", "never true")])

    assert list(scores) == ["a", "b", "c"]
    assert (scores["b"].truth, scores["b"].found, scores["b"].right) == (2, 5, 2)


def test_the_macro_average_counts_each_label_alike() -> None:
    scores = label_scores(PAIRS).values()

    assert macro_f1(scores) == pytest.approx(sum(score.f1 for score in scores) / 3)
    assert macro_f1([]) == 0


def test_the_commonest_confusions_come_first_and_no_more_than_asked_for() -> None:
    assert most_confused(PAIRS, 1) == (Confusion("c", "b", 2),)
    assert most_confused(PAIRS, 9) == (Confusion("c", "b", 2), Confusion("a", "b", 1))


def test_a_row_of_the_matrix_is_what_one_label_was_read_as() -> None:
    found = matrix(PAIRS, ["c", "b", "a"])

    assert found.labels == ("c", "b", "a")
    assert found.counts == ((0, 2, 0), (0, 2, 0), (0, 1, 1))
