"""The interpreter, fed with answers as data."""

import pytest

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    CancelFlow,
    Command,
    CorrectSlot,
    Deny,
    Repeat,
    SetSlot,
    Unsure,
)
from kefu.conversation.events import (
    AnswerNotUnderstood,
    Event,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    QuestionAsked,
    ResultKept,
    StepReached,
)
from kefu.flows.outcomes import (
    Advanced,
    AnswerGiven,
    ConfirmationExpired,
    Input,
    NeedsAnswer,
    NeedsOperation,
    OperationFailed,
    OperationRefused,
    OperationReturned,
    Proceed,
    Waiting,
)

from .support import Talk, done, library_of, needed, opened, waiting

CANCEL = """\
flow: cancel
title: {zh: 取消订单, en: Cancel an order}
intents: [order_cancel]
slots:
  order_id: {type: order_id, scope: conversation, replaces: [product]}
  product: {type: product, replaces: [order_id]}
  reason: {type: choice, choices: {wrong_spec: {zh: 拍错了, en: Wrong one}, other: {zh: 其他, en: Other}}}
steps:
  - id: how
    branch:
      - {when: has(order_id), go: look}
      - {when: has(product), go: search}
      - {else: which}
  - id: search
    operation: orders.list
    arguments: {keyword: "{product}"}
    keep: orders
  - id: take
    set: {order_id: "{orders.items[0].order_id}"}
    go: look
  - {id: which, collect: order_id, ask: a, retry: b, tries: 2}
  - id: look
    operation: orders.get
    arguments: {order_id: "{order_id}"}
    keep: order
    on: {order_not_found: missing}
  - {id: why, collect: reason, ask: c, when: order.status == 'paid'}
  - id: do
    operation: orders.cancel
    arguments: {order_id: "{order.order_id}", reason: "{default(reason, 'other')}"}
    confirm: d
    keep: result
    on: {order_not_cancellable: refused}
  - {id: tell, say: e, go: end}
  - {id: missing, say: f, go: end}
  - {id: refused, say: g, go: end}
"""

ASIDE = """\
flow: aside
title: {zh: 别的, en: Something else}
slots: {order_id: {type: order_id, scope: conversation}, note: {type: text}}
steps:
  - {id: note, collect: note, ask: a}
  - {id: knowledge, answer: "关于{note}"}
  - {id: tell, say: h, go: end}
"""

LIBRARY = library_of(CANCEL, ASIDE)
NUMBER, OTHER = "YL20261108000123", "YL20261109000456"
ORDER = {"order_id": NUMBER, "status": "paid"}
PACKED = {"order_id": NUMBER, "status": "packed"}


def talk() -> Talk:
    return Talk(LIBRARY)


def proposed() -> Talk:
    """A talk that waits for a yes to the cancellation of `NUMBER`."""
    began = talk().returning(PACKED)
    assert waiting(began.begin("cancel", SetSlot("order_id", NUMBER))).proposal
    return began


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events]


def test_a_flow_takes_its_slots_from_the_message_that_started_it() -> None:
    outcome = talk().begin("cancel", SetSlot("order_id", "yl2026 1108 000123"))
    assert needed(outcome).arguments == {"order_id": NUMBER}


def test_a_missing_slot_is_asked_for_and_the_answer_goes_on() -> None:
    one = talk()
    assert waiting(one.begin("cancel")).question.slot == "order_id"
    assert one.says == ["a"]
    assert needed(one.hear(NUMBER, SetSlot("order_id", NUMBER))).operation == "orders.get"


def test_a_message_that_is_the_value_is_an_answer_even_when_understanding_saw_none() -> None:
    one = talk()
    one.begin("cancel")
    assert needed(one.hear(" yl20261108000123 ", Unsure())).arguments == {"order_id": NUMBER}


@pytest.mark.parametrize("commands", [(), (Unsure(),), (Affirm(),), (Deny(),), (SetSlot("order_id", "12"),)])
def test_an_answer_without_a_value_is_asked_again_in_other_words(commands: tuple[Command, ...]) -> None:
    one = talk()
    one.begin("cancel")
    assert isinstance(one.hear("啊?", *commands), Waiting)
    assert one.says == ["b"]
    assert kinds(one.events) == [AnswerNotUnderstood]


def test_after_the_last_try_a_human_takes_over() -> None:
    one = talk()
    one.begin("cancel")
    one.hear("啊?")
    end = done(one.hear("什么?"))
    assert (end.end, end.hand_off, one.says, one.state.flows) == (
        "failed", "too_many_failures", ["flow.not_understood"], ()
    )  # fmt: skip


def test_a_question_is_repeated_without_counting_it_as_a_failure() -> None:
    one = talk()
    one.begin("cancel")
    one.hear("再说一遍", Repeat())
    one.hear("运费多少", AskKnowledge("运费"))
    assert (one.says, one.state.tries) == (["a"], 0)


def test_something_useful_that_is_no_answer_is_kept_and_the_question_asked_again() -> None:
    one = talk()
    one.begin("cancel")
    one.hear("拍错了", SetSlot("reason", "wrong_spec"))
    assert (one.says, one.state.tries) == (["a"], 0)
    one.returning(ORDER)
    outcome = waiting(one.hear(NUMBER, SetSlot("order_id", NUMBER)))
    assert outcome.proposal is not None
    assert outcome.proposal.arguments == {"order_id": NUMBER, "reason": "wrong_spec"}


def test_a_step_whose_condition_does_not_hold_is_skipped() -> None:
    one = talk().returning(PACKED)
    assert waiting(one.begin("cancel", SetSlot("order_id", NUMBER))).question.kind == "confirm"


@pytest.mark.parametrize("text", ["其他", "2", "第2个", "other"])
def test_an_offered_choice_is_named_by_its_words_in_any_language_or_by_its_number(text: str) -> None:
    one = talk().returning(ORDER)
    asked = waiting(one.begin("cancel", SetSlot("order_id", NUMBER)))
    assert [choice.message for choice in asked.question.choices] == ["拍错了", "其他"]
    proposal = waiting(one.hear(text, Unsure())).proposal
    assert proposal is not None
    assert proposal.arguments["reason"] == "other"


def test_a_choice_is_worded_in_the_customers_language() -> None:
    one = Talk(LIBRARY, opened(language="en-US")).returning(ORDER)
    asked = waiting(one.begin("cancel", SetSlot("order_id", NUMBER)))
    assert [choice.message for choice in asked.question.choices] == ["Wrong one", "Other"]


def test_a_write_is_proposed_first_and_called_after_a_yes_with_the_same_arguments() -> None:
    one = talk().returning(PACKED)
    proposal = waiting(one.begin("cancel", SetSlot("order_id", NUMBER))).proposal
    assert proposal is not None
    call = needed(one.hear("确认", Affirm()))
    assert (call.kind, call.operation, call.arguments) == ("write", "orders.cancel", proposal.arguments)
    assert (call.run, call.step) == (proposal.run, proposal.step)
    one.returning({"result": "cancelled"})
    assert done(one.give(one.answers.pop())).end == "completed"
    assert one.says == ["e"]


@pytest.mark.parametrize("commands", [(), (Unsure(),), (Affirm(), Deny()), (SetSlot("order_id", NUMBER),)])
def test_nothing_but_a_plain_yes_opens_the_way_to_a_write(commands: tuple[Command, ...]) -> None:
    one = proposed()
    assert waiting(one.hear("嗯……", *commands)).proposal
    assert [call.kind for call in one.calls] == ["read"]


def test_a_result_does_not_count_while_the_confirmation_is_open() -> None:
    assert isinstance(proposed().give(OperationReturned({})), Advanced)


def test_a_write_that_was_not_confirmed_in_this_state_is_proposed_again() -> None:
    one = proposed()
    assert isinstance(one.hear("确认", Affirm()), NeedsOperation)
    assert waiting(one.give(Proceed())).proposal


def test_a_no_ends_the_flow_with_nothing_done() -> None:
    one = proposed()
    end = done(one.hear("不了", Deny()))
    assert (end.end, end.hand_off, one.says) == ("cancelled", None, ["flow.declined"])


def test_a_confirmation_that_comes_too_late_ends_the_flow() -> None:
    one = proposed()
    end = done(one.give(ConfirmationExpired()))
    assert (end.end, one.says, one.events[-1]) == (
        "cancelled", ["flow.expired"], FlowCancelled("cancel", "expired")
    )  # fmt: skip


def test_another_order_at_the_confirmation_goes_back_and_drops_what_was_known_of_the_first() -> None:
    one = proposed()
    call = needed(one.hear("不对，是另一单", CorrectSlot("order_id", OTHER)))
    assert (call.operation, call.arguments) == ("orders.get", {"order_id": OTHER})
    assert one.state.flow is not None
    assert one.state.flow.results["order"] is None


def test_a_mention_of_another_value_corrects_too() -> None:
    assert needed(proposed().hear(OTHER, SetSlot("order_id", OTHER))).arguments == {"order_id": OTHER}


def test_a_yes_together_with_a_correction_confirms_nothing() -> None:
    one = proposed()
    assert needed(one.hear("对，取消另一单", Affirm(), CorrectSlot("order_id", OTHER))).kind == "read"


def test_a_new_value_forgets_what_it_replaces() -> None:
    one = proposed()
    call = needed(one.hear("是裙子那单", SetSlot("product", "裙子")))
    assert (call.operation, call.arguments) == ("orders.list", {"keyword": "裙子"})
    assert "order_id" not in one.state.slots


def test_a_correction_of_what_only_the_proposal_depends_on_proposes_anew() -> None:
    one = proposed()
    proposal = waiting(one.hear("因为拍错了", SetSlot("reason", "wrong_spec"))).proposal
    assert proposal is not None
    assert proposal.arguments["reason"] == "wrong_spec"
    assert len(one.calls) == 1


def test_the_customer_can_stop_at_any_question() -> None:
    one = proposed()
    end = done(one.hear("算了", CancelFlow()))
    assert (end.end, one.says, one.events) == (
        "cancelled", ["flow.cancelled"], [FlowCancelled("cancel", "customer")]
    )  # fmt: skip


def test_a_refusal_goes_where_the_flow_says() -> None:
    one = talk()
    one.begin("cancel", SetSlot("order_id", NUMBER))
    assert done(one.give(OperationRefused("order_not_found"))).end == "completed"
    assert one.says == ["f"]


@pytest.mark.parametrize(
    ("given", "says", "hand_off"),
    [
        (OperationRefused("rate_limited"), "flow.refused", "policy"),
        (OperationRefused("declined"), "flow.refused", "policy"),
        (OperationFailed("unavailable"), "flow.unavailable", "outage"),
        (OperationFailed("unknown"), "flow.unknown", "outage"),
    ],
)
def test_what_the_flow_does_not_foresee_is_repaired_by_a_human(
    given: Input, says: str, hand_off: str
) -> None:
    one = talk()
    one.begin("cancel", SetSlot("order_id", NUMBER))
    end = done(one.give(given))
    assert (end.end, end.hand_off, one.says, one.state.flows) == ("failed", hand_off, [says], ())


def test_an_expression_that_fails_ends_the_flow_and_tells_the_operator_why() -> None:
    one = talk().returning({"order_id": NUMBER})
    end = done(one.begin("cancel", SetSlot("order_id", NUMBER)))
    assert (end.end, end.hand_off, one.says, one.state.flows) == ("failed", "outage", ["flow.failed"], ())
    assert end.failure == "step `why`: `order.status` is missing"


def test_another_flow_interrupts_and_the_first_one_is_taken_up_again() -> None:
    one = proposed()
    assert waiting(one.begin("aside", SetSlot("order_id", OTHER))).question.slot == "note"
    outcome = one.hear("退货运费谁出")
    assert isinstance(outcome, NeedsAnswer)
    assert outcome.query == "关于退货运费谁出"
    assert done(one.give(AnswerGiven())).flow == "aside"
    resumed = waiting(one.give(Proceed()))
    assert one.says == ["flow.resume", "d"]
    assert resumed.proposal is not None
    assert resumed.proposal.arguments["order_id"] == NUMBER


def test_what_one_flow_was_told_for_the_conversation_the_next_one_knows() -> None:
    one = proposed()
    one.hear("算了", CancelFlow())
    assert needed(one.begin("cancel")).arguments == {"order_id": NUMBER}


def test_what_a_message_gives_replaces_what_the_conversation_remembers() -> None:
    one = proposed()
    one.hear("算了", CancelFlow())
    assert needed(one.begin("cancel", SetSlot("product", "裙子"))).arguments == {"keyword": "裙子"}


def test_a_flow_that_is_open_already_is_not_started_twice() -> None:
    one = proposed()
    one.begin("aside")
    assert waiting(one.begin("cancel")).proposal
    assert [frame.flow for frame in one.state.flows] == ["cancel"]
    assert one.says == ["flow.resume", "d"]


def test_every_run_has_its_own_number() -> None:
    one = talk()
    for number in (1, 2):
        one.begin("aside")
        assert isinstance(one.events[0], FlowStarted)
        assert one.events[0].run == number
        one.hear("算了", CancelFlow())


def test_a_text_slot_takes_the_whole_message() -> None:
    one = talk()
    one.begin("aside")
    one.hear("M码的裙子 破了个洞", SetSlot("size", "M"))
    assert one.state.flow is not None
    assert one.state.flow.slots == {"note": "M码的裙子 破了个洞"}


def test_the_events_of_a_whole_conversation_are_in_order() -> None:
    one = talk().returning(PACKED)
    one.begin("cancel", SetSlot("order_id", NUMBER))
    steps = [event.step for event in one.events if isinstance(event, StepReached)]
    assert steps == ["look", "why", "do"]
    assert isinstance(one.events[-1], QuestionAsked)
    assert ResultKept("order", PACKED) in one.events
    one.returning({"result": "cancelled"})
    one.hear("确认", Affirm())
    assert one.events[-1] == FlowCompleted("cancel")


@pytest.mark.parametrize(
    "given",
    [Proceed(), AnswerGiven(), OperationReturned(1), ConfirmationExpired(), OperationFailed("unknown")],
)
def test_without_a_flow_nothing_is_needed(given: Input) -> None:
    assert talk().give(given) == Advanced()


def test_an_unknown_flow_fails_without_a_trace() -> None:
    one = talk()
    end = done(one.begin("nowhere"))
    assert (end.end, end.events, one.says) == ("failed", (), ["flow.failed"])


def test_a_flow_that_the_release_has_lost_is_taken_off_the_stack() -> None:
    one = proposed()
    one.library = library_of(ASIDE)
    assert done(one.hear("确认", Affirm())).end == "failed"
    assert one.state.flows == ()


CALLER = """\
flow: caller
title: {zh: 外, en: Outer}
slots: {note: {type: text}}
steps:
  - {id: inner, call: called}
  - {id: after, say: b, go: end}
"""

CALLED = """\
flow: called
title: {zh: 内, en: Inner}
slots: {note: {type: text}}
steps:
  - {id: note, collect: note, ask: a}
  - id: way
    branch:
      - {when: note == 'stop', go: stop}
      - {else: end}
"""


@pytest.mark.parametrize(("text", "says"), [("go", ["b"]), ("stop", [])])
def test_a_called_flow_comes_back_unless_it_stops_both(text: str, says: list[str]) -> None:
    one = Talk(library_of(CALLER, CALLED))
    asked = one.begin("caller")
    assert waiting(asked).question.slot == "note"
    assert one.state.flow is not None
    assert (one.state.flow.flow, one.state.flow.step) == ("caller", "inner/note")
    assert done(one.hear(text)).flow == "caller"
    assert one.says == says
