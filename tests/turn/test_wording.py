"""Approved wording with fields: rendering, and faults of response files with their lines."""

from zoneinfo import ZoneInfo

import pytest

from kefu.conversation.messages import Card, CardField, CardMoment, Choice, QuickReplies, Text
from kefu.conversation.values import Record
from kefu.errors import PackInvalid
from kefu.flows.outcomes import Option, Say
from kefu.turn.wording import Wording, WordingFailed
from kefu.turn.wording_parser import read_wording

ENUMS = "status:\n  paid: {zh: 已付款, en: paid}\n"
FIELDS: Record = {
    "now": "2026-11-20T09:00:00+08:00",
    "order": {
        "id": "YL1",
        "status": "paid",
        "paid": 1299.5,
        "at": "2026-11-20T20:30:00+00:00",
        "old": "2025-01-02T03:04:00+00:00",
        "day": "2026-12-01",
        "items": [
            {"name": "裙子", "quantity": 2, "price": 0.1},
            {"name": "袜子", "quantity": 1, "price": 0.2},
        ],
        "coupons": [],
        "points": 0,
        "title": {"zh": "订单", "en": "Order"},
    },
}


def wording(text: str) -> Wording:
    return read_wording({"responses/a.yaml": text, "responses/enums.yaml": ENUMS}, ZoneInfo("Asia/Shanghai"))


def said(template: str, language: str = "zh-Hans", fields: Record = FIELDS) -> str:
    (part,) = wording(f"k:\n  zh: '{template}'\n  en: '{template}'\n").render("k", fields, language)
    assert isinstance(part, Text)
    return part.text


@pytest.mark.parametrize(
    ("template", "zh", "en"),
    [
        ("订单 {order.id}", "订单 YL1", "订单 YL1"),
        ("{order.paid|money}", "¥1,299.50", "¥1,299.50"),
        ("{order.status|enum:status}", "已付款", "paid"),
        ("{order.at|datetime}", "11月21日 04:30", "Nov 21, 04:30"),
        ("{order.at|date}", "11月21日", "Nov 21"),
        ("{order.old|date}", "2025年1月2日", "Jan 2, 2025"),
        ("{order.day|date}", "12月1日", "Dec 1"),
        ("{order.items|count}", "2", "2"),
        ("{order.items|total:quantity}", "3", "3"),
        ("{order.items|total:price|money}", "¥0.30", "¥0.30"),
        ("{order.items|pluck:name|join}", "裙子、袜子", "裙子, 袜子"),
        ("{order.title|localized}", "订单", "Order"),
        ("{default(order.note, \"-\")}", "-", "-"),
        ("a[[ {order.points}]]b", "ab", "ab"),
        ("a[[ {order.coupons|join}]]b", "ab", "ab"),
        ("a[[ {order.nothing.here|money}]]b", "ab", "ab"),
        ("a[[ {order.id}]]b", "a YL1b", "a YL1b"),
        ("{{order.id}}", "{order.id}", "{order.id}"),
    ],
)  # fmt: skip
def test_a_field_is_written_the_way_its_filter_says(template: str, zh: str, en: str) -> None:
    assert (said(template), said(template, "en-US")) == (zh, en)


@pytest.mark.parametrize(
    ("language", "spoken"), [("zh-Hant", "zh"), ("yue", "zh"), (None, "zh"), ("en", "en"), ("fr", "en")]
)
def test_every_language_gets_the_wording_that_it_reads_best(language: str | None, spoken: str) -> None:
    (part,) = wording("k: {zh: zh, en: en}\n").render("k", {}, language)
    assert part == Text(spoken)


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ("{order.total|money}", "order.total"),
        ("{parcel.no}", "parcel"),
        ("{order.id|money}", "order.id"),
        ("{order.id|date}", "order.id"),
        ("{order.id|enum:status}", "order.id"),
        ("{order.items}", "order.items"),
        ("{order.items|total:name}", "order.items"),
        ("a[[ {order.id|money}]]", "order.id"),
    ],
)
def test_what_cannot_be_said_is_an_error_that_names_response_and_field(template: str, field: str) -> None:
    with pytest.raises(WordingFailed) as raised:
        said(template)
    assert (raised.value.key, raised.value.field) == ("k", field)


def test_an_unknown_response_is_an_error() -> None:
    with pytest.raises(WordingFailed):
        wording("k: {zh: a, en: a}\n").render("other", {}, "zh")


CARD = """\
k:
  zh: 看这里
  en: Look
  card:
    kind: parcel
    title: {zh: 包裹, en: Parcel}
    status: "{order.status|enum:status}"
    fields:
      - {label: {zh: 单号, en: Number}, value: "{order.id}"}
      - {label: {zh: 积分, en: Points}, value: "[[{order.points}]]"}
    timeline: {from: events, time: "{time|datetime}", text: "{what}", last: 1}
    actions: [{zh: 退款, en: Refund, message: {zh: 我要退款, en: I want a refund}}]
  quick_replies: [{zh: 好, en: "Yes"}]
"""


def test_cards_and_quick_replies_follow_the_text() -> None:
    events = [
        {"time": "2026-11-19T00:00:00+08:00", "what": "出发"},
        {"time": "2026-11-20T08:00:00+08:00", "what": "到达"},
    ]
    parts = wording(CARD).render("k", {**FIELDS, "events": events}, "en")
    assert parts == (
        Text("Look"),
        Card(
            "parcel",
            "Parcel",
            status="paid",
            fields=(CardField("Number", "YL1"),),
            timeline=(CardMoment("Nov 20, 08:00", "到达"),),
            actions=(Choice("Refund", "I want a refund"),),
        ),
        QuickReplies((Choice("Yes", "Yes"),)),
    )


def test_a_response_tells_which_names_it_needs() -> None:
    assert wording(CARD).responses["k"].needs == {"order", "events"}
    optional = wording("k: {zh: 'a[[ {order.id}]]{default(note, 1)}', en: '{customer.name}'}\n")
    assert optional.responses["k"].needs == {"customer"}


def test_what_the_interpreter_offers_stands_before_the_fixed_replies() -> None:
    text = (
        "k: {zh: 哪个, en: Which, quick_replies: [{zh: 转人工, en: Human}]}\n"
        "label: {zh: '{item}号', en: 'No. {item}'}\n"
    )
    options = (Option("7", Say("label", {"item": 7})), Option("其他", {"zh": "其他", "en": "Other"}))
    parts = wording(text).speak(Say("k", {}, options), "en")
    assert parts == (
        Text("Which"),
        QuickReplies((Choice("No. 7", "7"), Choice("Other", "其他"), Choice("Human", "Human"))),
    )


def test_an_empty_text_says_nothing() -> None:
    assert wording('k: {zh: "", en: en}\n').render("k", {}, "zh") == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("k:\n  zh: a\n", "responses/a.yaml:2: response `k`: `en` is missing"),
        ("k: {zh: a, en: a}\nk: {zh: a, en: a}\n", "responses/a.yaml:2: the file: `k` stands twice"),
        ("k:\n  zh: a\n  en: '{a b}'\n", "responses/a.yaml:3: `a b` is not an expression"),
        ("k:\n  zh: a\n  en: '{a|shout}'\n", "responses/a.yaml:3: unknown filter `shout`"),
        ("k:\n  zh: a\n  en: '{a|money:2}'\n", "responses/a.yaml:3: filter `money` takes no argument"),
        ("k:\n  zh: a\n  en: '{a|enum}'\n", "responses/a.yaml:3: filter `enum` takes an argument"),
        ("k:\n  zh: a\n  en: '{a|enum:size}'\n", "responses/a.yaml:3: unknown table `size`"),
        ("k:\n  zh: a\n  en: '{a'\n", "responses/a.yaml:3: `{a`: a `{` without its `}`"),
        ("k:\n  zh: a\n  en: a\n  de: a\n", "responses/a.yaml:4: response `k`: unknown key `de`"),
        ("k:\n  zh: a\n  en: a\n  card: {kind: thing, title: a}\n", "responses/a.yaml:4: k: card: kind is"),
        ("k:\n  zh: a\n  en: a\n  card:\n    kind: order\n", "responses/a.yaml:5: k: card: `title` is"),
        ("k: [\n", "responses/a.yaml:2: not YAML"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(PackInvalid) as raised:
        wording(text)
    assert any(str(one).startswith(problem) for one in raised.value.problems), raised.value.problems


def test_a_response_stands_in_one_file_only() -> None:
    text = "k: {zh: a, en: a}\n"
    with pytest.raises(PackInvalid) as raised:
        read_wording({"a.yaml": text, "b.yaml": text}, ZoneInfo("UTC"))
    assert [str(one) for one in raised.value.problems] == [
        "b.yaml:1: response `k` stands in another file too"
    ]
