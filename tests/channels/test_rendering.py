"""Rich parts degrade to text that still says everything."""

import pytest

from kefu.channels.rendering import as_text
from kefu.conversation.messages import (
    Card,
    CardField,
    CardMoment,
    Choice,
    File,
    Form,
    FormField,
    Image,
    Notice,
    Part,
    QuickReplies,
    Text,
)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Text("您好"), "您好"),
        (Notice("今天放假", "warning"), "今天放假"),
        (QuickReplies((Choice("退款", "我要退款"), Choice("查物流", "查物流"))), "1) 退款  2) 查物流"),
        (
            Form("退货申请", (FormField("name", "姓名"), FormField("phone", "电话", "tel")), "提交"),
            "退货申请\n姓名:\n电话:",
        ),
        (Image("https://shop.example/a.png", "尺码表"), "尺码表 https://shop.example/a.png"),
        (File("https://shop.example/a.pdf", "发票.pdf", 1024), "发票.pdf https://shop.example/a.pdf"),
        (Card("order", "订单 YL1"), "订单 YL1"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_a_part_as_text(part: Part, text: str) -> None:
    assert as_text([part]) == text


def test_a_card_shows_its_head_its_fields_and_its_timeline() -> None:
    card = Card(
        "parcel",
        "顺丰 SF1",
        status="派送中",
        fields=(CardField("收件人", "王小姐"),),
        timeline=(CardMoment("11月20日 08:00", "派送中"), CardMoment("11月19日 21:00", "到达")),
    )
    assert as_text([card]) == "顺丰 SF1 · 派送中\n收件人:王小姐\n11月20日 08:00 派送中\n11月19日 21:00 到达"


def test_parts_stand_one_below_the_other() -> None:
    assert as_text([Text("请选择"), QuickReplies((Choice("退款", "退款"),))]) == "请选择\n1) 退款"


def test_empty_parts_leave_no_empty_lines() -> None:
    assert as_text([Text("请选择"), Text(""), QuickReplies(()), Text("谢谢")]) == "请选择\n谢谢"


def test_nothing_is_empty_text() -> None:
    assert as_text([]) == ""
