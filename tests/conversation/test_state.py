"""What each event does to the state, read as sentences."""

from datetime import timedelta

import pytest

from kefu.conversation.events import (
    AgentJoined,
    AgentSpoke,
    AnswerNotUnderstood,
    BotReplied,
    ConversationOpened,
    Customer,
    CustomerSpoke,
    EffectBecameUnknown,
    EffectConfirmed,
    EffectExecuted,
    EffectFailed,
    EffectProposed,
    Event,
    FeedbackGiven,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    HandedOff,
    MessageUnderstood,
    OperationRan,
    Question,
    QuestionAsked,
    QuestionDropped,
    Rated,
    Resolved,
    ResultKept,
    ReturnedToBot,
    SlotCleared,
    SlotFilled,
    StepReached,
)
from kefu.conversation.ids import (
    AgentId,
    CustomerId,
    EffectId,
    MessageId,
    ReleaseId,
    TicketId,
    TurnId,
)
from kefu.conversation.messages import QuickReplies, Text
from kefu.conversation.state import ConversationState, FlowFrame, Handoff, Line, Owner, replay
from kefu.conversation.values import Value

from .strategies import NOON, recorded

AMY = AgentId("amy")
OPENED = ConversationOpened(Customer(CustomerId("C1"), locale="zh-Hans"), "api", ReleaseId("shop@1"))
STARTED = FlowStarted("cancel_order", run=1, step="which")
WHICH = QuestionAsked(Question("slot", "order_id"))
HANDED_OFF = HandedOff("customer_asked", "general", "原因:客户要求人工", TicketId("tkt_1"))
PROPOSED = EffectProposed(
    EffectId("eff_1"),
    "cancel_order",
    1,
    "do",
    "orders.cancel",
    {"order_id": "YL1"},
    "digest",
    NOON + timedelta(minutes=10),
)


def after(*events: Event) -> ConversationState:
    return replay(recorded(events))


def spoke(id_: str, text: str = "在吗") -> CustomerSpoke:
    return CustomerSpoke(MessageId(id_), text)


def replied(*answers: str, text: str = "在的") -> BotReplied:
    ids = tuple(MessageId(one) for one in answers)
    return BotReplied(TurnId("turn"), MessageId("reply"), ids, (Text(text), QuickReplies(())))


def understood(intent: str | None) -> MessageUnderstood:
    return MessageUnderstood(TurnId("turn"), intent, 0.9, "rules", "yue", "upset")


def top(state: ConversationState) -> FlowFrame:
    assert state.flow is not None
    return state.flow


# --- opening and talking


def test_an_opened_conversation_knows_its_customer_channel_and_release() -> None:
    state = after(OPENED)
    assert (state.customer, state.channel, state.release) == (OPENED.customer, "api", "shop@1")
    assert state.language == "zh-Hans"
    assert state.opened_at == state.updated_at


def test_a_new_conversation_belongs_to_the_bot() -> None:
    assert after(OPENED).owner == Owner("bot")


def test_a_message_waits_for_an_answer() -> None:
    assert after(OPENED, spoke("m1"), spoke("m2")).unanswered == ("m1", "m2")


def test_the_first_message_opens_the_first_episode() -> None:
    assert after(OPENED, spoke("m1"), spoke("m2")).episode == 1


def test_what_was_said_is_kept_as_recent_lines() -> None:
    state = after(
        OPENED, spoke("m1", "在吗"), replied("m1"), AgentSpoke(MessageId("a1"), AMY, (Text("我来"),))
    )
    assert [(line.role, line.text) for line in state.recent] == [
        ("customer", "在吗"),
        ("bot", "在的"),
        ("agent", "我来"),
    ]
    assert state.recent[0] == Line("customer", MessageId("m1"), "在吗", NOON + timedelta(seconds=2))


def test_a_reply_settles_the_messages_it_answers_and_no_others() -> None:
    assert after(OPENED, spoke("m1"), spoke("m2"), replied("m1")).unanswered == ("m2",)


def test_an_agents_message_settles_everything() -> None:
    state = after(OPENED, spoke("m1"), spoke("m2"), AgentSpoke(MessageId("a1"), AMY, (Text("我来"),)))
    assert state.unanswered == ()


def test_a_reading_gives_intent_language_and_mood() -> None:
    state = after(OPENED, understood("order_cancel"))
    assert (state.intent, state.language, state.sentiment) == ("order_cancel", "yue", "upset")


def test_a_reading_with_an_intent_forgives_earlier_misunderstandings() -> None:
    assert after(AnswerNotUnderstood(), understood("order_cancel")).misunderstood == 0


def test_a_reading_without_an_intent_does_not() -> None:
    assert after(AnswerNotUnderstood(), understood(None)).misunderstood == 1


# --- flows


def test_a_started_flow_is_on_top() -> None:
    state = after(STARTED, FlowStarted("order_status", run=2, step="look"))
    assert [frame.flow for frame in state.flows] == ["cancel_order", "order_status"]
    assert (top(state).step, state.runs) == ("look", 2)


def test_a_started_flow_takes_the_place_of_the_open_question() -> None:
    state = after(STARTED, WHICH, AnswerNotUnderstood(), FlowStarted("order_status", 2, "look"))
    assert (state.question, state.tries) == (None, 0)


def test_a_step_moves_the_flow_on_top_and_settles_its_question() -> None:
    state = after(STARTED, WHICH, AnswerNotUnderstood(), StepReached("look"))
    assert (top(state).step, state.question, state.tries) == ("look", None, 0)


def test_a_slot_of_a_flow_lasts_as_long_as_the_flow() -> None:
    filled = after(STARTED, SlotFilled("reason", "other"))
    assert top(filled).slots == {"reason": "other"}
    ended = after(STARTED, SlotFilled("reason", "other"), FlowCompleted("cancel_order"))
    assert (ended.flow, ended.slots) == (None, {})


def test_a_slot_of_the_conversation_outlives_the_flow() -> None:
    state = after(STARTED, SlotFilled("order_id", "YL1", "conversation"), FlowCompleted("cancel_order"))
    assert state.slots == {"order_id": "YL1"}


def test_clearing_a_slot_takes_the_flows_own_copy_first() -> None:
    both = (STARTED, SlotFilled("order_id", "YL1", "conversation"), SlotFilled("order_id", "YL2"))
    once = after(*both, SlotCleared("order_id"))
    assert (top(once).slots, once.slots) == ({}, {"order_id": "YL1"})
    twice = after(*both, SlotCleared("order_id"), SlotCleared("order_id"))
    assert (top(twice).slots, twice.slots) == ({}, {})


def test_a_slot_of_the_conversation_can_be_cleared_without_a_flow() -> None:
    assert after(SlotFilled("order_id", "YL1", "conversation"), SlotCleared("order_id")).slots == {}


def test_results_are_kept_in_the_flow_on_top() -> None:
    order: Value = {"status": "paid"}
    state = after(STARTED, FlowStarted("order_status", 2, "look"), ResultKept("order", order))
    assert [frame.results for frame in state.flows] == [{}, {"order": order}]


@pytest.mark.parametrize(
    "event",
    [
        StepReached("look"),
        SlotFilled("reason", "other"),
        SlotCleared("reason"),
        ResultKept("order", {}),
        FlowCompleted("cancel_order"),
        FlowCancelled("cancel_order", "customer"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_without_a_flow_an_event_about_one_changes_nothing_but_the_version(event: Event) -> None:
    state = after(OPENED, event)
    assert (state.version, state.flows, state.slots) == (2, (), {})


@pytest.mark.parametrize("end", [FlowCompleted("order_status"), FlowCancelled("order_status", "customer")])
def test_an_ended_flow_gives_way_to_the_one_below(end: Event) -> None:
    state = after(STARTED, FlowStarted("order_status", 2, "look"), WHICH, end)
    assert (top(state).flow, state.question) == ("cancel_order", None)


def test_a_question_stays_open_until_it_is_dropped() -> None:
    assert after(STARTED, WHICH).question == WHICH.question
    dropped = after(STARTED, WHICH, AnswerNotUnderstood(), QuestionDropped())
    assert (dropped.question, dropped.tries) == (None, 0)


def test_an_answer_that_was_not_understood_counts_twice_over() -> None:
    state = after(STARTED, WHICH, AnswerNotUnderstood(), AnswerNotUnderstood())
    assert (state.tries, state.misunderstood) == (2, 2)


# --- effects


def test_a_proposed_effect_waits_for_the_customers_yes() -> None:
    effect = after(STARTED, PROPOSED).effect
    assert effect is not None
    assert (effect.effect_id, effect.confirmed) == ("eff_1", False)
    assert effect.expires_at == PROPOSED.expires_at


def test_a_yes_confirms_the_proposal_it_names() -> None:
    effect = after(PROPOSED, EffectConfirmed(EffectId("eff_1"), MessageId("m1"))).effect
    assert effect is not None
    assert effect.confirmed


def test_a_yes_to_another_proposal_confirms_nothing() -> None:
    effect = after(PROPOSED, EffectConfirmed(EffectId("eff_0"), MessageId("m1"))).effect
    assert effect is not None
    assert not effect.confirmed


@pytest.mark.parametrize(
    "outcome",
    [
        EffectExecuted(EffectId("eff_1"), {"result": "cancelled"}),
        EffectFailed(EffectId("eff_1"), "refused", "order_not_cancellable"),
        EffectBecameUnknown(EffectId("eff_1")),
    ],
    ids=lambda outcome: type(outcome).__name__,
)
def test_an_outcome_closes_the_effect(outcome: Event) -> None:
    assert after(PROPOSED, outcome).effect is None


def test_an_outcome_of_another_effect_leaves_the_open_one() -> None:
    assert after(PROPOSED, EffectExecuted(EffectId("eff_0"), None)).effect is not None


# --- humans


def test_a_handoff_gives_the_conversation_to_a_queue() -> None:
    state = after(OPENED, WHICH, AnswerNotUnderstood(), HANDED_OFF)
    assert state.owner == Owner("queue", queue="general")
    expected = Handoff(
        "customer_asked", "general", "原因:客户要求人工", TicketId("tkt_1"), NOON + timedelta(seconds=4)
    )
    assert state.handoff == expected
    assert (state.question, state.tries) == (None, 0)


def test_an_agent_who_joins_owns_the_conversation() -> None:
    state = after(OPENED, WHICH, AgentJoined(AMY))
    assert state.owner == Owner("agent", agent_id=AMY)
    assert state.question is None


def test_a_returned_conversation_is_the_bots_and_owes_nothing() -> None:
    state = after(OPENED, HANDED_OFF, AgentJoined(AMY), spoke("m1"), ReturnedToBot(AMY))
    assert (state.owner, state.handoff, state.unanswered) == (Owner(), None, ())


def test_a_resolved_episode_leaves_nothing_open() -> None:
    state = after(OPENED, spoke("m1"), STARTED, WHICH, PROPOSED, AnswerNotUnderstood(), Resolved("bot"))
    assert state.status == "resolved"
    assert (state.flows, state.question, state.effect, state.unanswered) == ((), None, None, ())
    assert (state.owner, state.tries, state.misunderstood) == (Owner(), 0, 0)


def test_a_message_after_the_end_opens_the_next_episode() -> None:
    state = after(OPENED, spoke("m1"), Resolved("timeout"), spoke("m2"))
    assert (state.status, state.episode, state.unanswered) == ("open", 2, ("m2",))


# --- what is only recorded


@pytest.mark.parametrize(
    "event",
    [
        OperationRan(TurnId("turn"), "orders.get", "read", {"order_id": "YL1"}, "executed", 1.5),
        Rated(5, "好"),
        FeedbackGiven(MessageId("reply"), "down", "不对"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_note_changes_nothing_but_the_version(event: Event) -> None:
    before, now = after(OPENED, spoke("m1"), STARTED), after(OPENED, spoke("m1"), STARTED, event)
    assert (now.version, now.updated_at) == (before.version + 1, NOON + timedelta(seconds=4))
    assert (now.flows, now.unanswered, now.owner) == (before.flows, before.unanswered, before.owner)
