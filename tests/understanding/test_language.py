"""The language of a message, as a BCP 47 tag."""

import pytest

from kefu.understanding.language import detect


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("我的快递到哪了", "zh-Hans"),
        ("請問退款什麼時候到帳", "zh-Hant"),
        ("訂單到邊度喇，幾時送到", "yue"),
        ("唔该帮我揾个真人", "yue"),
        ("Where is my order?", "en"),
        ("帮我cancel这个order", "zh-Hans"),
        ("返品したいです", "ja"),
        ("환불해 주세요", "ko"),
    ],
)
def test_the_script_tells_the_language(message: str, language: str) -> None:
    assert detect(message) == language


@pytest.mark.parametrize("message", ["ok", "YL20261108000123", "123", "👌", ""])
def test_a_message_that_says_too_little_keeps_the_language(message: str) -> None:
    assert detect(message, "zh-Hant") == "zh-Hant"


def test_characters_of_both_scripts_do_not_turn_a_traditional_conversation_over() -> None:
    assert detect("好的", "zh-Hant") == "zh-Hant"


def test_a_simplified_message_does() -> None:
    assert detect("这个订单", "zh-Hant") == "zh-Hans"


def test_a_lone_surrogate_is_no_letter() -> None:
    assert detect("\ud800", None) == "zh-Hans"
