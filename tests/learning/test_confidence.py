"""Whether confidence means what it says, and what acting from some confidence on would bring."""

import pytest

from kefu.learning.confidence import (
    BINS,
    Point,
    area_under,
    calibration_error,
    reliability,
    risk_coverage,
    thinned,
    widest,
)


def test_a_bin_tells_how_sure_and_how_right_its_messages_are() -> None:
    (low, high) = reliability([0.9, 0.92, 0.1], [True, False, False])

    assert (low.count, low.confidence, low.accuracy) == (1, pytest.approx(0.1), 0)
    assert (high.count, high.confidence, high.accuracy) == (2, pytest.approx(0.91), 0.5)
    assert high.low <= 0.9 < high.high == pytest.approx(high.low + 1 / BINS)


def test_certainty_falls_into_the_last_bin() -> None:
    assert reliability([1.0, 0.99], [True, True])[0].high == 1


def test_confidence_that_equals_accuracy_has_no_error() -> None:
    assert calibration_error(reliability([0.8] * 10, [True] * 8 + [False] * 2)) == pytest.approx(0)


def test_gaps_count_by_the_messages_of_their_bin() -> None:
    bins = reliability([1.0, 1.0, 1.0, 0.5], [True, True, False, True])

    assert calibration_error(bins) == pytest.approx((3 * (1 - 2 / 3) + 1 * 0.5) / 4)


def test_nothing_has_no_error() -> None:
    assert calibration_error(reliability([], [])) == 0


def test_the_surest_messages_are_acted_on_first() -> None:
    curve = risk_coverage([0.5, 1.0, 0.75, 0.25], [True, True, True, False])

    assert curve == (
        Point(1.0, 0.25, 1.0),
        Point(0.75, 0.5, 1.0),
        Point(0.5, 0.75, 1.0),
        Point(0.25, 1.0, 0.75),
    )


def test_messages_of_one_confidence_are_acted_on_together() -> None:
    curve = risk_coverage([1.0, 1.0, 0.0, 0.0], [True, False, False, False])

    assert curve == (Point(1.0, 0.5, 0.5), Point(0.0, 1.0, 0.25))


def test_the_area_is_nothing_when_all_is_right_and_everything_when_all_is_wrong() -> None:
    assert area_under(risk_coverage([0.9, 0.5], [True, True])) == 0
    assert area_under(risk_coverage([0.9, 0.5], [False, False])) == 1


def test_mistakes_made_confidently_cost_more_area() -> None:
    late = risk_coverage([0.9, 0.8, 0.1], [True, True, False])
    early = risk_coverage([0.9, 0.8, 0.1], [False, True, True])

    assert area_under(late) < area_under(early)


def test_the_widest_coverage_is_the_last_at_which_precision_holds() -> None:
    # The precision falls below .75 at the third message and comes back at the fourth.
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [True, False, True, True])

    assert widest(curve, 0.75) == Point(0.6, 1.0, 0.75)
    assert widest(risk_coverage([0.9], [False]), 0.75) is None


def test_a_thinned_curve_keeps_its_ends() -> None:
    curve = risk_coverage([1 - i / 1000 for i in range(1000)], [True] * 1000)

    short = list(thinned(curve, 10))

    assert len(short) <= 12
    assert (short[0], short[-1]) == (curve[0], curve[-1])


def test_no_curve_is_thinned_to_none() -> None:
    assert thinned((), 10) == ()
