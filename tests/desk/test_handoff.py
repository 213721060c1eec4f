"""Where a conversation waits for a human, and what that human reads first."""

import pytest

from kefu.conversation.commands import HandoffReason
from kefu.conversation.events import (
    BotReplied,
    ConversationOpened,
    Customer,
    CustomerSpoke,
    Event,
    FlowStarted,
    MessageUnderstood,
    SlotFilled,
)
from kefu.conversation.ids import CustomerId, MessageId, ReleaseId, TurnId
from kefu.conversation.messages import Text
from kefu.conversation.state import ConversationState, replay
from kefu.desk.handoff import Queues, summarise
from kefu.safety.personal_data import mask

from ..conversation.strategies import recorded

QUEUES = Queues(
    "general",
    by_intent={"refund_status": "after_sales", "complaint": "care"},
    by_reason={"complaint": "complaints"},
)


@pytest.mark.parametrize(
    ("intent", "reason", "queue"),
    [
        ("refund_status", "customer_asked", "after_sales"),
        ("refund_status", "complaint", "complaints"),
        ("greeting", "customer_asked", "general"),
        (None, "outage", "general"),
    ],
    ids=["by intent", "a reason goes before an intent", "unknown intent", "no intent"],
)
def test_a_conversation_waits_where_its_reason_or_intent_belongs(
    intent: str | None, reason: HandoffReason, queue: str
) -> None:
    assert QUEUES.choose(intent, reason) == queue


def test_without_rules_everything_waits_in_one_queue() -> None:
    assert Queues().choose("refund_status", "complaint") == "general"


def _talk(*more: Event, customer: Customer) -> ConversationState:
    opened = ConversationOpened(customer, "api", ReleaseId("shop@1"))
    return replay(recorded([opened, *more]))


AMY = Customer(CustomerId("C1"), verified=True, name="王小姐")


def test_a_summary_says_who_why_and_what_was_being_done_with_which_values() -> None:
    state = _talk(
        MessageUnderstood(TurnId("t"), "order_cancel", 0.9, "rules", "zh-Hans", "upset"),
        FlowStarted("cancel_order", 1, "confirm"),
        SlotFilled("order_id", "YL1", "conversation"),
        SlotFilled("has_package", False),
        customer=AMY,
    )
    assert summarise(state, "customer_asked", str).splitlines() == [
        "原因:客户要求人工",
        "客户:王小姐(已核实)",
        "诉求:order_cancel  情绪:upset",
        "进行中:cancel_order(步骤 confirm)",
        "已知:order_id=YL1;has_package=False",
    ]


def test_a_customer_without_a_name_is_called_by_id_and_doubt_is_shown() -> None:
    state = _talk(customer=Customer(CustomerId("C1")))
    assert "客户:C1(未核实)" in summarise(state, "policy", str)


def test_only_the_last_lines_of_the_talk_are_quoted() -> None:
    state = _talk(
        *(CustomerSpoke(MessageId(f"m{n}"), f"第{n}句") for n in range(8)),
        BotReplied(TurnId("t"), MessageId("r"), (), (Text("您好"),)),
        customer=AMY,
    )
    quoted = summarise(state, "policy", str).splitlines()[-6:]
    assert quoted == [*(f"customer:第{n}句" for n in range(3, 8)), "bot:您好"]


def test_personal_data_is_masked() -> None:
    state = _talk(CustomerSpoke(MessageId("m1"), "打给我 13812345678"), customer=AMY)
    summary = summarise(state, "customer_asked", mask)
    assert "13812345678" not in summary
    assert "138****5678" in summary


@pytest.mark.parametrize(
    "reason",
    [
        "customer_asked",
        "not_understood",
        "not_in_material",
        "too_many_failures",
        "complaint",
        "policy",
        "outage",
    ],
)
def test_every_reason_is_told_in_words(reason: HandoffReason) -> None:
    first = summarise(_talk(customer=AMY), reason, str).splitlines()[0]
    assert first.startswith("原因:")
    assert reason not in first
