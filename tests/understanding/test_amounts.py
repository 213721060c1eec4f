"""Money: how much, however it is written or said."""

import pytest

from kefu.understanding.amounts import find_amounts
from kefu.understanding.text import clean


def amounts(message: str) -> list[tuple[str, object]]:
    text = clean(message).text
    return [(text[span.start : span.end], span.value) for span in find_amounts(text)]


@pytest.mark.parametrize(
    ("message", "text", "value"),
    [
        ("这件到手价￥88.5", "¥88.5", 88.5),
        ("押金要两百来块", "两百来块", 200),
        ("人均一百五十元的伴手礼", "一百五十元", 150),
        ("运费收我十二块五", "十二块五", 12.5),
        ("差五毛钱凑单", "五毛钱", 0.5),
        ("预算1k左右", "1k", 1000),
        ("买贵了,花了1.5w", "1.5w", 15000),
        ("退款只到了1,280元", "1,280元", 1280),
        ("满300减50怎么用", "300", 300),
        ("现在卖两千三", "两千三", 2300),
        ("补我三十多块", "三十多块", 30),
        ("the total was 139", "139", 139),
        ("refund my 35 yuan", "35 yuan", 35),
    ],
)
def test_a_sum_is_found_with_its_value_in_yuan(message: str, text: str, value: object) -> None:
    assert (text, value) in amounts(message)


def test_a_sum_that_is_only_hinted_at_has_no_value() -> None:
    assert amounts("便宜了几十块") == [("几十块", None)]


@pytest.mark.parametrize(
    "message",
    [
        "一块儿寄过来",
        "买了三块毛巾",
        "运费几块钱",
        "付款页面报错502",
        "积分有3000能换什么",
        "退货已经等了15天",
        "付款时间是十一点五十",
        "满100分才能抵吗,我有积分",
        "拨打了12306",
    ],
)
def test_numbers_of_other_things_are_no_money(message: str) -> None:
    assert amounts(message) == []
