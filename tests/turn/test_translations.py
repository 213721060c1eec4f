"""Response files of further languages: complete, or refused with what is missing."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest

from kefu.conversation.messages import Card, CardField, Choice, QuickReplies, Text
from kefu.errors import PackInvalid
from kefu.turn.wording import Wording
from kefu.turn.wording_parser import read_wording

OWN = {
    "responses/a.yaml": """
order.shown:
  zh: 订单 {order.id}：{order.status|enum:status}。
  en: "Order {order.id}: {order.status|enum:status}."
  card:
    kind: order
    title: {zh: 订单, en: Order}
    fields: [{label: {zh: 实付, en: Paid}, value: "{order.paid|money}"}]
  quick_replies: [{zh: 转人工, en: Talk to a person}]
""",
    "responses/enums.yaml": "status:\n  paid: {zh: 已付款, en: paid}\n",
}
JAPANESE = """
responses:
  order.shown: ご注文 {order.id}：{order.status|enum:status}
words:
  Order: ご注文
  Paid: お支払い額
  Talk to a person: 担当者と話す
  Cancel an order: ご注文のキャンセル
enums:
  status: {paid: お支払い済み}
intents:
  order_cancel: 注文のキャンセル
"""
ORDER = {"order": {"id": "YL1", "status": "paid", "paid": 9}}


def wording(japanese: str = JAPANESE, more: Mapping[str, str] = {}) -> Wording:
    files = {**OWN, "responses/ja.yaml": japanese, **more}
    return read_wording(files, ZoneInfo("Asia/Shanghai"))


def problems(japanese: str) -> list[str]:
    with pytest.raises(PackInvalid) as caught:
        wording(japanese)
    return [str(problem) for problem in caught.value.problems]


def test_everything_is_said_in_the_customers_language() -> None:
    text, card, buttons = wording().render("order.shown", ORDER, "ja")
    assert text == Text("ご注文 YL1：お支払い済み")
    assert isinstance(card, Card)
    assert (card.title, card.fields) == ("ご注文", (CardField("お支払い額", "¥9.00"),))
    assert buttons == QuickReplies((Choice("担当者と話す", "担当者と話す"),))


@pytest.mark.parametrize(
    ("language", "first"),
    [("zh-Hant", "订单"), ("yue", "订单"), ("en", "Order"), ("fr", "Order"), (None, "订单")],
)
def test_a_language_without_a_file_is_answered_in_english_and_chinese_in_chinese(
    language: str | None, first: str
) -> None:
    (text, *_) = wording().render("order.shown", ORDER, language)
    assert isinstance(text, Text)
    assert text.text.startswith(first)


def test_titles_of_flows_and_intents_are_translated() -> None:
    spoken = wording()
    title = {"zh": "取消订单", "en": "Cancel an order"}
    assert spoken.localized(title, "ja") == "ご注文のキャンセル"
    assert spoken.localized(title, "de") == "Cancel an order"
    assert spoken.intent_title("order_cancel", "取消订单", "ja") == "注文のキャンセル"
    assert spoken.intent_title("refund_status", "退款进度", "ja") == "退款进度"


def test_english_may_name_intents_alone() -> None:
    spoken = wording(more={"responses/en.yaml": "intents: {order_cancel: Cancel an order}\n"})
    assert spoken.intent_title("order_cancel", "取消订单", "en") == "Cancel an order"


def test_english_responses_stand_beside_the_chinese_ones() -> None:
    with pytest.raises(PackInvalid, match=r"responses/en\.yaml:1: .*unknown key `words`"):
        wording(more={"responses/en.yaml": "words: {Order: Order}\n"})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "  order.shown: ご注文 {order.id}：{order.status|enum:status}\n",
            "response `order.shown` is not worded",
        ),
        ("  Paid: お支払い額\n", "the words `Paid` are not translated"),
        ("  status: {paid: お支払い済み}\n", "`status.paid` is not translated"),
    ],
)
def test_what_is_missing_is_named(line: str, problem: str) -> None:
    assert line in JAPANESE
    assert any(found.endswith(problem) for found in problems(JAPANESE.replace(line, "")))


def test_a_response_that_does_not_exist_is_named_with_its_line() -> None:
    extra = JAPANESE.replace("words:", "  order.shwon: x\nwords:")
    assert problems(extra) == ["responses/ja.yaml:4: there is no response `order.shwon`"]


def test_a_broken_phrase_is_named_with_its_line() -> None:
    broken = JAPANESE.replace("{order.id}", "{order.id|nofilter}")
    assert [problem.split(" ")[0] for problem in problems(broken)] == ["responses/ja.yaml:3:"]


def test_a_response_needs_what_any_language_needs() -> None:
    spoken = wording(JAPANESE.replace("ご注文 {order.id}", "ご注文 {order.id}{other}"))
    assert "other" in spoken.responses["order.shown"].needs
