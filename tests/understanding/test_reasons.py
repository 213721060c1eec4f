"""Why something goes back, and whether its packaging is still there."""

from datetime import datetime

import pytest

from kefu.understanding.entities import EntityExtractor
from kefu.understanding.text import clean


def values(extractor: EntityExtractor, now: datetime, message: str, kind: str) -> set[str]:
    return {str(e.value) for e in extractor.extract(clean(message), now) if e.type == kind}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("裤腰太紧了", "size_mismatch"),
        ("鞋子挤脚,想退", "size_mismatch"),
        ("it runs small", "size_mismatch"),
        ("毛衣洗一次就起球", "quality_issue"),
        ("拉链坏了", "quality_issue"),
        ("耳机右边没声音", "quality_issue"),
        ("曲奇有股哈喇味", "quality_issue"),
        ("給我寄錯顏色了", "wrong_item"),
        ("you sent the wrong item", "wrong_item"),
        ("少发了一包", "missing_item"),
        ("盒子里没有说明书", "missing_item"),
        ("罐子摔碎了", "damaged"),
        ("送来的时候外壳压扁了", "damaged"),
        ("和详情页描述完全不一样", "not_as_described"),
        ("色差太大了", "not_as_described"),
        ("我不想要了,退吧", "no_longer_wanted"),
        ("changed my mind, refund please", "no_longer_wanted"),
        ("等太久了,退款", "late_delivery"),
    ],
)
def test_a_complaint_gives_its_reason(
    extractor: EntityExtractor, now: datetime, message: str, reason: str
) -> None:
    assert values(extractor, now, message, "reason") == {reason}


@pytest.mark.parametrize(
    "message",
    [
        "这件会起球吗",
        "没有起球,很满意",
        "掉不掉色",
        "万一摔碎了怎么赔",
        "怕买大了",
        "不是质量问题",
        "我的券显示故障",
        "验证码发错了",
        "积分少了一百",
    ],
)
def test_what_is_asked_feared_denied_or_said_of_other_things_is_no_reason(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    assert values(extractor, now, message, "reason") == set()


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("原包装都还在", True),
        ("鞋盒留着呢", True),
        ("全新未拆封,能退吗", True),
        ("包装被我妈扔了", False),
        ("外盒不见了", False),
        ("I still have the original box", True),
    ],
)
def test_what_became_of_the_packaging_is_understood(
    extractor: EntityExtractor, now: datetime, message: str, kept: bool
) -> None:
    assert values(extractor, now, message, "has_package") == {str(kept)}


@pytest.mark.parametrize("message", ["吊牌剪了", "未拆封能放几年", "包裹丢了", "箱子在门口"])
def test_tags_parcels_and_shelf_life_say_nothing_of_the_packaging(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    assert values(extractor, now, message, "has_package") == set()
