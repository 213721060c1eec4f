"""Judging a turn: what is met is silent, what is not is told with what was expected and what there was."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from kefu.conversation.events import EffectExecuted, EffectFailed, EffectProposed, Event, Question, Recorded
from kefu.conversation.ids import EffectId
from kefu.conversation.values import Record, Value
from kefu.release.conversation_tests import (
    Asks,
    Check,
    Cites,
    Finally,
    FlowIs,
    HandsOff,
    IntentIs,
    IsBlocked,
    LanguageIs,
    NotRan,
    Ran,
    RecordExpected,
    ReplyHas,
    SlotIs,
)
from kefu.release.judging import (
    Failure,
    Observed,
    effects_carried_out,
    judge_effects,
    judge_record,
    judge_turn,
)

RESPONSE: Record = {
    "reply": "订单已取消",
    "parts": [
        {"type": "text", "text": "订单已取消"},
        {
            "type": "card",
            "kind": "receipt",
            "title": "取消成功",
            "fields": [{"label": "退款", "value": "¥194"}],
        },
        {"type": "quick_replies", "options": [{"label": "查物流", "message": "查物流"}]},
    ],
    "language": "zh-Hans",
    "intent": {"name": "order_cancel", "confidence": 0.98, "tier": "classifier"},
    "flow": {"name": "cancel_order", "step": "cancel", "status": "waiting"},
    "slots": {"order_id": "Y1", "has_package": False},
    "citations": [{"index": 1, "source": "faq:F007"}],
    "operations": [
        {"name": "orders.get", "kind": "read", "arguments": {}, "status": "executed"},
        {"name": "orders.cancel", "kind": "write", "arguments": {}, "status": "proposed"},
    ],
    "handoff": {"reason": "customer_asked", "queue": "general", "position": 1, "ticket_id": "t"},
    "blocked": None,
}
OBSERVED = Observed(RESPONSE, Question("slot", "order_id"))


def told(check: Check, observed: Observed = OBSERVED) -> Sequence[Failure]:
    return judge_turn((check,), observed)


@pytest.mark.parametrize(
    "check",
    [
        IntentIs("order_cancel", 1),
        FlowIs("cancel_order", None, None, 1),
        FlowIs("cancel_order", "waiting", "cancel", 1),
        SlotIs("order_id", "Y1", 1),
        SlotIs("has_package", False, 1),
        SlotIs("reason", None, 1),
        Asks("order_id", 1),
        Ran("orders.get", "executed", 1),
        Ran("orders.cancel", "proposed", 1),
        NotRan("returns.create", 1),
        NotRan("orders.cancel", 1),
        ReplyHas("any", ("没有", "已取消"), 1),
        ReplyHas("all", ("已取消", "¥194", "查物流"), 1),
        ReplyHas("none", ("receipt", "没有"), 1),
        Cites(True, (), 1),
        Cites(True, ("faq:F007",), 1),
        HandsOff(True, None, None, 1),
        HandsOff(True, "customer_asked", "general", 1),
        LanguageIs("zh-Hans", 1),
        IsBlocked(False, 1),
    ],
)
def test_what_is_met_is_silent(check: Check) -> None:
    assert told(check) == ()


@pytest.mark.parametrize(
    ("check", "failure"),
    [
        (IntentIs("order_status", 7), Failure(7, "intent order_status", "order_cancel")),
        (IntentIs(None, 7), Failure(7, "intent nothing", "order_cancel")),
        (
            FlowIs("track_parcel", "waiting", None, 7),
            Failure(7, "flow track_parcel waiting", "name=cancel_order, step=cancel, status=waiting"),
        ),
        (
            FlowIs(None, None, None, 7),
            Failure(7, "no flow", "name=cancel_order, step=cancel, status=waiting"),
        ),
        (SlotIs("order_id", "Y2", 7), Failure(7, "slot order_id = Y2", "Y1")),
        (SlotIs("reason", "other", 7), Failure(7, "slot reason = other", "nothing")),
        (Asks("confirm", 7), Failure(7, "asks confirm", "order_id")),
        (Asks(None, 7), Failure(7, "asks nothing", "order_id")),
        (
            Ran("orders.cancel", "executed", 7),
            Failure(7, "orders.cancel: executed", "orders.get: executed, orders.cancel: proposed"),
        ),
        (
            NotRan("orders.get", 7),
            Failure(7, "orders.get not called", "orders.get: executed, orders.cancel: proposed"),
        ),
        (LanguageIs("en", 7), Failure(7, "language en", "zh-Hans")),
        (Cites(True, ("faq:F001",), 7), Failure(7, "citations faq:F001", "faq:F007")),
        (Cites(False, (), 7), Failure(7, "no citation", "faq:F007")),
        (IsBlocked(True, 7), Failure(7, "blocked", "nothing")),
    ],
)
def test_what_is_not_met_is_told_with_both_sides(check: Check, failure: Failure) -> None:
    assert told(check) == (failure,)


def test_a_missing_text_is_named_alone() -> None:
    (failure,) = told(ReplyHas("all", ("已取消", "已退款"), 7))
    assert failure.expected == "a reply with: 已退款"
    assert failure.actual.startswith("订单已取消")


def test_a_forbidden_text_is_named_alone() -> None:
    (failure,) = told(ReplyHas("none", ("已取消", "已退款"), 7))
    assert failure.expected == "a reply without: 已取消"


def test_a_confirmation_is_asked_for_without_a_slot() -> None:
    assert told(Asks("confirm", 1), Observed(RESPONSE, Question("confirm"))) == ()


def test_no_question_is_open_when_nothing_is_asked() -> None:
    assert told(Asks(None, 1), Observed(RESPONSE, None)) == ()


def test_an_unexpected_handoff_is_told() -> None:
    (failure,) = told(HandsOff(False, None, None, 7))
    assert failure.expected == "no handoff"


def test_all_failures_of_a_turn_are_told_in_order() -> None:
    checks = (Asks(None, 3), LanguageIs("zh-Hans", 4), LanguageIs("en", 5))
    assert [failure.line for failure in judge_turn(checks, OBSERVED)] == [3, 5]


def log(*events: Event) -> list[Recorded]:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    return [Recorded(number, now, event) for number, event in enumerate(events, start=1)]


def proposed(effect_id: str, operation: str) -> EffectProposed:
    until = datetime(2026, 11, 21, tzinfo=UTC)
    return EffectProposed(EffectId(effect_id), "f", 1, "s", operation, {}, "digest", until)


def test_only_what_was_carried_out_counts_as_an_effect() -> None:
    events = log(
        proposed("a", "orders.cancel"),
        EffectFailed(EffectId("a"), "declined"),
        proposed("b", "orders.cancel"),
        EffectExecuted(EffectId("b"), None),
    )
    assert effects_carried_out(events) == {"orders.cancel": 1}


def test_a_write_that_nobody_expected_is_a_failure() -> None:
    (failure,) = judge_effects(Finally({}, line=9), {"orders.cancel": 1})
    assert failure == Failure(9, "effects none", "orders.cancel: 1")


def test_a_write_too_many_is_a_failure() -> None:
    (failure,) = judge_effects(Finally({"orders.cancel": 1}, line=9), {"orders.cancel": 2})
    assert failure.actual == "orders.cancel: 2"


def test_effects_that_the_test_does_not_speak_of_are_free() -> None:
    assert list(judge_effects(Finally(), {"orders.cancel": 1})) == []


EXPECTED = RecordExpected("returns", "Y1", None, {"kind": "exchange"}, 9)


def test_one_fitting_record_is_enough() -> None:
    found: list[dict[str, Value]] = [{"kind": "return"}, {"kind": "exchange", "status": "applied"}]
    assert judge_record(EXPECTED, found) is None


def test_records_that_do_not_fit_are_shown_by_the_fields_in_question() -> None:
    failure = judge_record(EXPECTED, [{"kind": "return", "status": "applied"}])
    assert failure == Failure(9, "returns of Y1 with kind=exchange", "kind=return")


def test_no_record_at_all_is_a_failure() -> None:
    failure = judge_record(EXPECTED, [])
    assert failure is not None
    assert failure.actual == "nothing"
