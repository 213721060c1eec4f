"""Sizes as shops sell them, and numbers that are none."""

import pytest

from kefu.understanding.sizes import find_sizes
from kefu.understanding.text import clean


def sizes(message: str) -> list[tuple[str, object]]:
    text = clean(message).text
    return [(text[span.start : span.end], span.value) for span in find_sizes(text, numbers=True)]


@pytest.mark.parametrize(
    ("message", "text", "value"),
    [
        ("XXL还有吗", "xxl", "XXL"),
        ("换成 m 号", "m 号", "M"),
        ("拍了艾斯码", "艾斯码", "S"),
        ("帽子是均码吗", "均码", "均码"),
        ("鞋要四十一码的", "四十一码", "41"),
        ("欧码38对应多少", "欧码38", "38"),
        ("平时穿42的鞋", "42", "42"),
        ("鞋子换37.5的", "37.5", "37.5"),
        ("吊牌写165/88A", "165/88a", "165/88A"),
        ("文胸75B", "75b", "75B"),
        ("床单要1.8米床的", "1.8米床", "1.8米床"),
        ("一米五的床用多大", "一米五", "1.5米"),
        ("被子200*230cm", "200*230cm", "200×230cm"),
        ("平板套11英寸", "11英寸", "11英寸"),
        ("帮我换大一码", "大一码", "大一码"),
        ("童装选的130,太大了", "130", "130"),
        ("want it in size 9", "size 9", "9"),
    ],
)
def test_a_size_is_found_in_the_form_of_the_catalogue(message: str, text: str, value: str) -> None:
    assert (text, value) in sizes(message)


@pytest.mark.parametrize(
    "message",
    [
        "锅是4.5L的吗",
        "买了39块的鞋垫",
        "晚上九点四十穿上的",
        "鞋子等了40天",
        "what's it made of",
        "I'm waiting",
    ],
)
def test_other_numbers_and_letters_are_no_size(message: str) -> None:
    assert sizes(message) == []
