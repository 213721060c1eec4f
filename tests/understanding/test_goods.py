"""Names of goods: the shop's own, general ones, composed ones, misspelt ones; and their colours."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from kefu.understanding.entities import EntityExtractor
from kefu.understanding.goods import Goods, ProductNames
from kefu.understanding.homophones import Homophones
from kefu.understanding.lexicon import Lexicon, parse_lexicon
from kefu.understanding.text import clean

SHOP = (ProductNames("SKU00001", "男士加绒连帽卫衣", ("男士卫衣",)),)
LEXICONS: Mapping[str, Lexicon] = {
    name: parse_lexicon(text, name, f"{name}.yaml")
    for name, text in {
        "goods": "clothing: [卫衣, 毛衣, skirt]\nsuffixes: [裙]\nshort: [帽]\nnone: [毛衣架]",
        "modifiers": "style: [加绒, 羊毛, 碎花, wool]",
    }.items()
}


def goods(message: str) -> list[tuple[str, object]]:
    text = clean(message).text
    return [(text[span.start : span.end], span.value) for span in Goods(SHOP, LEXICONS).find(text)]


@pytest.mark.parametrize(
    ("message", "name", "value"),
    [
        ("男士卫衣有货吗", "男士卫衣", "男士加绒连帽卫衣"),
        ("这件毛衣", "毛衣", "毛衣"),
        ("加绒卫衣", "加绒卫衣", "男士加绒连帽卫衣"),
        ("羊毛毛衣", "羊毛毛衣", "羊毛毛衣"),
        ("羊毛碎花裙", "羊毛碎花裙", "羊毛碎花裙"),
        ("a wool skirt", "wool skirt", "wool skirt"),
        ("two skirts", "skirts", "skirt"),
        ("这顶帽不错", "帽", "帽"),
    ],
)
def test_goods_are_named_with_what_belongs_to_the_name(message: str, name: str, value: str) -> None:
    assert goods(message) == [(name, value)]


@pytest.mark.parametrize("message", ["加绒的", "一条裙摆", "毛衣架", "戴帽子的人", "screenskirting"])
def test_what_is_only_part_of_a_name_or_of_another_word_is_no_goods(message: str) -> None:
    assert goods(message) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("吸尘气坏了", "吸尘器坏了"),
        ("毛斤太薄", "毛巾太薄"),
        ("空气榨锅", "空气炸锅"),
        ("买了充电保", "买了充电宝"),
    ],
)
def test_a_word_that_sounds_right_is_put_right(typed: str, meant: str) -> None:
    assert Homophones(["吸尘器", "毛巾", "空气炸锅", "充电宝"]).mended(typed) == meant


@pytest.mark.parametrize("typed", ["贸易公司", "这么大以后再说", "毛巾加红枣", "被自己弄丢"])
def test_what_makes_sense_as_it_stands_is_left_alone(typed: str) -> None:
    assert Homophones(["毛衣", "大衣", "毛巾架", "毛巾", "被子"]).mended(typed) == typed


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("我买的無線藍牙耳機左边没声音", "無線藍牙耳機"),
        ("帮我看看那个洗地机", "洗地机"),
        ("儿童保温杯漏不漏", "儿童保温杯"),
        ("is the robot vacuum loud", "robot vacuum"),
        ("想要双加绒雪地靴", "加绒雪地靴"),
        ("这床蚕丝背多重", "蚕丝背"),
    ],
)
def test_the_pack_knows_what_its_customers_call_goods(
    extractor: EntityExtractor, now: datetime, message: str, text: str
) -> None:
    assert text in [e.text for e in extractor.extract(clean(message), now) if e.type == "product"]


@pytest.mark.parametrize("message", ["我手机号换了", "包邮吗", "人家都收到了", "鞋盒破了", "扔鞋柜上就行"])
def test_words_that_hold_the_name_of_goods_are_none(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    assert "product" not in [e.type for e in extractor.extract(clean(message), now)]


@pytest.mark.parametrize(
    ("message", "text", "value"),
    [
        ("有没有豆沙红的", "豆沙红", "豆沙红"),
        ("把蓝的换成黑色", "蓝", "蓝色"),
        ("荧光绿太亮了", "荧光绿", "荧光绿"),
        ("要霧霾藍那款", "霧霾藍", "雾霾蓝"),
        ("in navy please", "navy", "藏青"),
    ],
)
def test_a_colour_is_found(
    extractor: EntityExtractor, now: datetime, message: str, text: str, value: str
) -> None:
    assert ("color", text, value) in [
        (e.type, e.text, e.value) for e in extractor.extract(clean(message), now)
    ]


@pytest.mark.parametrize("message", ["付款按钮是灰色的按钮", "红色袋子装", "咖啡色差别", "奶粉到了吗"])
def test_colours_of_buttons_and_wrapping_are_not_those_of_goods(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    found = [e.text for e in extractor.extract(clean(message), now) if e.type == "color"]

    assert [text for text in found if text in ("红色", "奶粉")] == []
