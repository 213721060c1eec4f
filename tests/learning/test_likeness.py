"""How alike messages are."""

from collections.abc import Sequence

import pytest

from kefu.learning.likeness import Comparison, compared


def alike(one: str, other: str) -> float | None:
    """The similarity of near-duplicates, None for what is none."""
    found = list(Comparison([compared(one)], [compared(other)]).near_duplicates())
    return found[0].similarity if found else None


def nearest(texts: Sequence[str]) -> list[float]:
    return Comparison(texts, texts).nearest().tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("我要退货!", "我要退货"),
        ("我要退貨", "我要退货"),
        ("ＯＫ 好的", "ok好的"),
        ("？？", "？？"),
    ],
)
def test_signs_scripts_and_widths_make_no_difference(one: str, other: str) -> None:
    assert alike(one, other) == 1


def test_long_messages_are_near_duplicates_when_most_of_them_is_the_same() -> None:
    assert alike("麻烦帮我把这件裙子退掉谢谢", "麻烦帮我把这件裙子退掉谢了") == pytest.approx(11 / 13)
    assert alike("麻烦帮我把这件裙子退掉谢谢", "麻烦帮我把那条裤子退掉谢谢") is None


def test_short_messages_must_have_the_same_pairs_of_characters() -> None:
    assert alike("在吗在吗", "在吗在吗在") == 1
    assert alike("帮我查快递", "帮我查快递啊") is None


def test_a_single_character_is_like_itself_only() -> None:
    assert alike("在", "在") == 1
    assert alike("在", "嗯") is None


def test_a_message_is_reported_once_with_the_earlier_one_that_it_is_most_like() -> None:
    texts = ["帮我查一下快递到哪里了呀", "帮我查一下快递到哪里了", "帮我查一下快递到哪里了"]

    found = list(Comparison(texts, texts).earlier_near_duplicates())

    assert [(each.row, each.other) for each in found] == [(1, 0), (2, 1)]


def test_the_nearest_message_is_another_one() -> None:
    assert nearest(["我要退货", "我要退款", "开票"]) == pytest.approx([0.5, 0.5, 0])


def test_more_messages_than_are_compared_at_a_time_keep_their_places() -> None:
    texts = [f"{chr(0x4E00 + number)}{chr(0x5E00 + number)}" for number in range(1200)]

    found = list(Comparison([*texts, texts[700]], texts).near_duplicates())

    assert (found[-1].row, found[-1].other) == (1200, 700)


def test_nothing_is_like_nothing() -> None:
    assert list(Comparison(["在"], []).near_duplicates()) == []
    assert nearest([]) == []
