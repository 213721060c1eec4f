"""Thresholds on figures, as CI sets them."""

import pytest
from tests.learning.validations import evaluated

from kefu.cli.thresholds import failures, parse_thresholds
from kefu.errors import BadRequest
from kefu.learning.headline import headline


def missed(under: str | None = None, over: str | None = None) -> tuple[str, ...]:
    """What is missed of an evaluation with an accuracy of 50 % and an error of .35."""
    return failures(parse_thresholds(under, over), headline(evaluated()))


def test_a_figure_that_reaches_its_threshold_is_accepted() -> None:
    assert missed("accuracy=0.5, macro_f1=0.4") == ()


def test_a_figure_under_its_threshold_is_named_with_both_values() -> None:
    assert missed("accuracy=0.8,macro_f1=0.4") == ("accuracy: 50.0% is under 0.8",)


def test_of_errors_more_is_worse() -> None:
    assert missed(over="false_alarms=0.25") == ()
    assert missed(over="false_alarms=0.1") == ("false_alarms: 25.0% is over 0.1",)


def test_what_cannot_be_measured_reaches_no_threshold() -> None:
    assert missed("sentiment_accuracy=0") == (
        "sentiment_accuracy: the pack has nothing to measure it by, 0 was asked for",
    )


def test_without_thresholds_nothing_is_missed() -> None:
    assert missed() == ()


@pytest.mark.parametrize(
    ("under", "over", "reason"),
    [
        ("acuracy=0.8", None, "no figure `acuracy`; did you mean `accuracy`"),
        ("accuracy", None, "`accuracy` must be a name and a number, such as accuracy=0.8"),
        ("accuracy=much", None, "must be a name and a number"),
        ("accuracy=nan", None, "must be a name and a number"),
        ("accuracy=0.8%", None, "must be a name and a number"),
        ("ece=0.05", None, "the lower `ece` is, the better; use --fail-over"),
        (None, "accuracy=0.9", "the higher `accuracy` is, the better; use --fail-under"),
    ],
)
def test_a_threshold_that_means_nothing_is_refused(under: str | None, over: str | None, reason: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_thresholds(under, over)

    assert reason in caught.value.detail
