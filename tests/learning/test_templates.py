"""Families of utterances that one sentence was filled in for."""

import pytest

from kefu.learning.templates import Family, filled_in, repeated_pieces
from kefu.understanding.catalogue import Utterance, parse_utterances


def utterances(*lines: str) -> tuple[Utterance, ...]:
    return parse_utterances("\n".join(lines), "price_query", "price_query.txt")


def test_a_sentence_with_another_product_each_time_is_one_family() -> None:
    lines = [f"[{name}](product)多少钱" for name in ("裙子", "裤子", "鞋", "毛衣")]

    assert list(filled_in(utterances("贵吗", *lines))) == [Family("<product>多少钱", (1, 2, 3, 4))]


def test_numbers_make_no_difference() -> None:
    lines = [f"满{number}减{number}能便宜吗" for number in ("30", "200", "1.5", "9")]

    assert [family.pattern for family in filled_in(utterances(*lines))] == ["满0减0能便宜吗"]


def test_three_of_a_kind_are_no_family() -> None:
    assert list(filled_in(utterances(*[f"{n}块钱贵吗" for n in (1, 2, 3)]))) == []


def test_reasons_are_sentences_of_their_own() -> None:
    lines = [f"[{words}](reason:not_as_described)" for words in ("色差大", "货不对板", "照骗", "不一样")]

    assert list(filled_in(utterances(*lines))) == []


def test_a_long_piece_that_too_many_utterances_share_is_a_family() -> None:
    lines = [f"{start}想问一下这个东西怎么样" for start in "你请我他她它咱"]

    (family,) = repeated_pieces(utterances("随便看看", *lines))

    assert family.rows == tuple(range(1, 8))
    assert family.pattern in "想问一下这个东西怎么样"


def test_six_utterances_may_share_a_piece() -> None:
    lines = [f"{start}想问一下这个东西怎么样" for start in "你请我他她它"]

    assert list(repeated_pieces(utterances(*lines))) == []


def test_of_many_utterances_four_percent_may_share_a_piece() -> None:
    others = [chr(0x4E00 + number) for number in range(193)]
    lines = [f"{start}想问一下这个东西怎么样" for start in "你请我他她它咱"]

    assert list(repeated_pieces(utterances(*others, *lines))) == []


@pytest.mark.parametrize("piece", ["[加厚款羊毛针织连衣裙](product)", "please help me with it"])
def test_only_chinese_outside_of_marks_counts(piece: str) -> None:
    assert list(repeated_pieces(utterances(*[f"{start}{piece}" for start in "你请我他她它咱"]))) == []


def test_punctuation_does_not_hide_a_piece() -> None:
    lines = [f"{start}想问,一下这个东西怎么样" for start in "你请我他"] + [
        f"{start}想问一下这个 东西怎么样" for start in "她它咱"
    ]

    assert len(list(repeated_pieces(utterances(*lines)))) == 1
