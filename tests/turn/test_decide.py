"""Decisions are pure: a state and a reading in, what to do out."""

from typing import Literal

import pytest

from kefu.adapters.fakes import reading_of
from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    CancelFlow,
    Clarify,
    Command,
    CorrectSlot,
    Deny,
    HandOff,
    Repeat,
    SetSlot,
    SmallTalk,
    StartFlow,
    Unsure,
)
from kefu.conversation.events import Event, FlowStarted, Question, QuestionAsked
from kefu.conversation.state import ConversationState, replay
from kefu.turn.decide import (
    Answer,
    AskBack,
    BeginFlow,
    ContinueFlow,
    Decision,
    PassToHuman,
    ReturnToFlow,
    SayAgain,
    SayStock,
    decide,
)

from ..conversation.strategies import recorded

Kind = Literal["slot", "confirm", "clarify", "offer_human"]
ORDER = SetSlot("order_id", "YL20261108000123")


def idle(question: Kind | None = None) -> ConversationState:
    return _state([], question)


def cancelling(question: Kind | None = None) -> ConversationState:
    return _state([FlowStarted("cancel_order", 1, "which")], question)


def _state(events: list[Event], question: Kind | None) -> ConversationState:
    asked: list[Event] = []
    if question is not None:
        asked.append(QuestionAsked(Question(question, "order_id" if question == "slot" else None)))
    return replay(recorded([*events, *asked]))


def decided(state: ConversationState, *commands: Command, text: str = "原话") -> tuple[Decision, ...]:
    return decide(state, reading_of(*commands), text)


# --- nothing is going on


@pytest.mark.parametrize(
    ("command", "decision"),
    [
        (StartFlow("cancel_order"), BeginFlow("cancel_order", ())),
        (AskKnowledge("七天无理由"), Answer("七天无理由")),
        (SmallTalk("greeting"), SayStock("smalltalk.greeting")),
        (Clarify(("order_cancel", "return_apply")), AskBack(("order_cancel", "return_apply"))),
        (HandOff("customer_asked"), PassToHuman("customer_asked")),
        (Repeat(), SayAgain()),
        (Affirm(), SayStock("smalltalk.affirm")),
        (Deny(), SayStock("smalltalk.deny")),
        (CancelFlow(), SayStock("flow.nothing_to_cancel")),
        (Unsure(), Answer("原话")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_without_a_flow(command: Command, decision: Decision) -> None:
    assert decided(idle(), command) == (decision,)


def test_a_flow_begins_with_what_the_message_already_gave() -> None:
    reason = CorrectSlot("reason", "other")
    assert decided(idle(), StartFlow("cancel_order"), ORDER, reason) == (
        BeginFlow("cancel_order", (ORDER, reason)),
    )


def test_a_value_that_belongs_to_nothing_is_answered_from_the_material() -> None:
    assert decided(idle(), ORDER) == (Answer("原话"),)


def test_no_command_at_all_is_answered_from_the_material() -> None:
    assert decided(idle()) == (Answer("原话"),)


def test_what_lies_outside_of_the_service_is_said_to_do_so() -> None:
    reading = reading_of(Unsure(), out_of_scope=True)
    assert decide(idle(), reading, "写首诗") == (SayStock("out_of_scope"),)


def test_two_requests_are_two_decisions_in_their_order() -> None:
    decisions = decided(idle(), StartFlow("cancel_order"), AskKnowledge("发票"))
    assert decisions == (BeginFlow("cancel_order", ()), Answer("发票"))


def test_the_same_request_twice_is_one_decision() -> None:
    assert decided(idle(), AskKnowledge("发票"), AskKnowledge("发票")) == (Answer("发票"),)


# --- in a flow


@pytest.mark.parametrize(
    ("command", "decision"),
    [
        (ORDER, ContinueFlow((ORDER,))),
        (CorrectSlot("order_id", "YL2"), ContinueFlow((CorrectSlot("order_id", "YL2"),))),
        (Affirm(), ContinueFlow((Affirm(),))),
        (Deny(), ContinueFlow((Deny(),))),
        (CancelFlow(), ContinueFlow((CancelFlow(),))),
        (Unsure(), ContinueFlow(())),
        (StartFlow("cancel_order"), ContinueFlow(())),
        (StartFlow("track_parcel"), BeginFlow("track_parcel", ())),
    ],
    ids=lambda value: type(value).__name__,
)
def test_in_a_flow_that_asked_for_a_slot(command: Command, decision: Decision) -> None:
    assert decided(cancelling("slot"), command) == (decision,)


def test_a_no_carries_the_value_that_came_with_it() -> None:
    assert decided(cancelling("slot"), Deny(), ORDER)[0] == ContinueFlow((Deny(), ORDER))


def test_values_of_one_message_continue_the_flow_once() -> None:
    reason = SetSlot("reason", "other")
    assert decided(cancelling("slot"), ORDER, reason) == (ContinueFlow((ORDER, reason)),)


def test_values_beside_another_flow_belong_to_that_one() -> None:
    assert decided(cancelling("slot"), StartFlow("track_parcel"), ORDER) == (
        BeginFlow("track_parcel", (ORDER,)),
    )


def test_no_command_at_all_is_an_answer_that_the_flow_has_to_judge() -> None:
    assert decided(cancelling("slot")) == (ContinueFlow(()),)


@pytest.mark.parametrize(
    ("command", "decision"),
    [
        (AskKnowledge("运费"), Answer("运费")),
        (SmallTalk("thanks"), SayStock("smalltalk.thanks")),
        (Repeat(), SayAgain()),
        (Clarify(("a", "b")), AskBack(("a", "b"))),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("question", ["slot", "confirm"])
def test_a_digression_leads_back_to_the_open_question(
    question: Kind, command: Command, decision: Decision
) -> None:
    assert decided(cancelling(question), command) == (decision, ReturnToFlow())


def test_a_digression_in_a_flow_that_asked_nothing_leads_nowhere() -> None:
    assert decided(cancelling(), SmallTalk("thanks")) == (SayStock("smalltalk.thanks"),)


# --- a write waits for a yes


def test_an_explicit_yes_confirms() -> None:
    assert decided(cancelling("confirm"), Affirm()) == (ContinueFlow((Affirm(),)),)


def test_a_yes_guessed_by_the_classifier_never_confirms_a_write() -> None:
    reading = reading_of(Affirm(), tier="classifier")
    assert decide(cancelling("confirm"), reading, "那就取消吧可以") == (ContinueFlow(()),)


@pytest.mark.parametrize(
    "other", [ORDER, CorrectSlot("reason", "other"), Deny(), AskKnowledge("运费"), Unsure()]
)
def test_a_yes_with_anything_beside_it_never_confirms_a_write(other: Command) -> None:
    for commands in ((Affirm(), other), (other, Affirm())):
        for decision in decided(cancelling("confirm"), *commands):
            assert not (isinstance(decision, ContinueFlow) and Affirm() in decision.commands)


def test_a_yes_guessed_by_the_classifier_may_answer_a_harmless_question() -> None:
    reading = reading_of(Affirm(), tier="classifier")
    assert decide(cancelling("slot"), reading, "有的有的") == (ContinueFlow((Affirm(),)),)


# --- a human is on offer


@pytest.mark.parametrize(
    ("command", "decision"),
    [
        (Affirm(), PassToHuman("not_in_material")),
        (Deny(), SayStock("offer.declined")),
        (StartFlow("cancel_order"), BeginFlow("cancel_order", ())),
        (Unsure(), Answer("原话")),
        (HandOff("customer_asked"), PassToHuman("customer_asked")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_while_a_human_is_on_offer(command: Command, decision: Decision) -> None:
    assert decided(idle("offer_human"), command) == (decision,)


# --- whatever else


@pytest.mark.parametrize("state", [idle(), cancelling(), cancelling("slot"), cancelling("confirm")])
def test_a_human_is_asked_for_first_and_alone(state: ConversationState) -> None:
    decisions = decided(state, AskKnowledge("运费"), StartFlow("track_parcel"), HandOff("complaint"))
    assert decisions == (PassToHuman("complaint"),)


@pytest.mark.parametrize("question", [None, "slot", "confirm", "clarify", "offer_human"])
@pytest.mark.parametrize("in_flow", [True, False])
@pytest.mark.parametrize(
    "command",
    [
        StartFlow("track_parcel"),
        ORDER,
        CorrectSlot("order_id", "YL2"),
        CancelFlow(),
        Affirm(),
        Deny(),
        AskKnowledge("运费"),
        SmallTalk("thanks"),
        Clarify(("a", "b")),
        HandOff("customer_asked"),
        Repeat(),
        Unsure(),
    ],
    ids=lambda command: type(command).__name__,
)
def test_something_is_always_decided(question: Kind | None, *, in_flow: bool, command: Command) -> None:
    state = cancelling(question) if in_flow else idle(question)
    assert decided(state, command)
