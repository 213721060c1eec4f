"""Cleaning gives one matching form, and never loses the way back to what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.understanding.text import LONGEST_MESSAGE, clean, squeezed


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("ＹＬ２０２６", "yl2026"),
        ("退\u200b款\u2060", "退款"),
        ("訂單到邊了", "订单到边了"),
        ("好👌", "好好"),
        ("退\ud800款", "退款"),
        ("退款\U000e0041", "退款"),
        ("OK\u202e!", "ok!"),
        ("两行\n字", "两行 字"),
    ],
)
def test_what_looks_alike_is_cleaned_to_the_same(typed: str, cleaned: str) -> None:
    assert clean(typed).text == cleaned


def test_a_chinese_comma_does_not_join_two_numbers() -> None:
    assert "," not in clean("500，249元").text


@given(st.text(max_size=60))
def test_every_cleaned_character_comes_from_a_typed_one(typed: str) -> None:
    cleaned = clean(typed)

    assert len(cleaned.origin) == len(cleaned.text)
    assert list(cleaned.origin) == sorted(cleaned.origin)
    assert all(index < len(typed) for index in cleaned.origin)


@given(st.text(alphabet="退款訂單Ａ\u200b🙂，1", min_size=1, max_size=20), st.data())
def test_spans_go_to_the_typed_text_and_back(typed: str, data: st.DataObject) -> None:
    cleaned = clean(typed)
    if not cleaned.text:
        return
    start = data.draw(st.integers(0, len(cleaned.text) - 1))
    end = data.draw(st.integers(start + 1, len(cleaned.text)))

    first, last = cleaned.cleaned_span(*cleaned.typed_span(start, end))

    assert first <= start
    assert end <= last


def test_the_end_of_an_endless_message_is_not_read() -> None:
    assert len(clean("退" * 10_000).text) == LONGEST_MESSAGE


def test_squeezing_leaves_letters_and_digits() -> None:
    assert squeezed("好 的，ok！1") == "好的ok1"
