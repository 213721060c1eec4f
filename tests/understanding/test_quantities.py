"""How many pieces, told from the many other things that are counted."""

from datetime import datetime

import pytest

from kefu.understanding.entities import EntityExtractor
from kefu.understanding.text import clean


def quantities(extractor: EntityExtractor, now: datetime, message: str) -> list[tuple[str, object]]:
    return [(e.text, e.value) for e in extractor.extract(clean(message), now) if e.type == "quantity"]


@pytest.mark.parametrize(
    ("message", "text", "value"),
    [
        ("袜子要十二双", "十二双", 12),
        ("再加一罐蜂蜜", "一罐", 1),
        ("毛巾买了俩", "俩", 2),
        ("大米来20袋", "20袋", 20),
        ("公司订一百二十套四件套", "一百二十套", 120),
        ("想要半斤茶叶", "半斤", 0.5),
        ("三个保温杯一起发吗", "三个", 3),
        ("想退掉一台", "一台", 1),
        ("send me 3 pcs", "3 pcs", 3),
        ("I need two boxes", "two boxes", 2),
    ],
)
def test_a_count_of_goods_is_found(
    extractor: EntityExtractor, now: datetime, message: str, text: str, value: object
) -> None:
    assert (text, value) in quantities(extractor, now, message)


@pytest.mark.parametrize(
    "message",
    [
        "等了三个小时",
        "收到两条短信",
        "拆成了两个包裹",
        "换一个密码",
        "我体重一百二十斤",
        "一件事想请教",
        "两款有什么区别",
        "每人一份",
        "保质期18个月",
    ],
)
def test_other_counts_are_no_quantity(extractor: EntityExtractor, now: datetime, message: str) -> None:
    assert quantities(extractor, now, message) == []
