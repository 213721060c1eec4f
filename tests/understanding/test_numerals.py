"""Numbers as they are written and said."""

from decimal import Decimal

import pytest

from kefu.understanding.numerals import digits_of, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("59.9", "59.9"),
        ("1,280", "1280"),
        ("十二", "12"),
        ("两百五", "250"),
        ("三百二", "320"),
        ("1千2", "1200"),
        ("一千零五", "1005"),
        ("一万二", "12000"),
        ("三万五千", "35000"),
        ("廿", "20"),
        ("一二三", "123"),
        ("2w", "20000"),
    ],
)
def test_a_number_has_the_value_that_people_mean(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "退款", "三x", "。"])
def test_what_is_no_number_has_no_value(text: str) -> None:
    assert parse_number(text) is None


def test_digits_that_were_read_out_become_figures() -> None:
    assert digits_of("零零幺三") == "0013"
