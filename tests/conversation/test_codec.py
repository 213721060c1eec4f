"""Events and state survive the way through JSON, between releases too."""

import json
from datetime import datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.conversation.codec import (
    Undecodable,
    decode,
    decode_event,
    decode_state,
    encode,
    encode_event,
    encode_part,
    encode_recorded,
    encode_state,
)
from kefu.conversation.events import BotReplied, Customer, CustomerSpoke, Event, Question, Recorded
from kefu.conversation.ids import CustomerId, MessageId, TurnId
from kefu.conversation.messages import Choice, Part, QuickReplies, Text
from kefu.conversation.state import INITIAL, ConversationState, Owner, replay
from kefu.conversation.values import Record

from .strategies import EVENTS, NOON, events, instances, logs, recorded


def _through_json(data: Record) -> Record:
    return cast("Record", json.loads(json.dumps(data, ensure_ascii=False)))


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_kind_of_event_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    event = cast("Event", data.draw(instances(kind)))
    name, fields = encode_event(event)
    assert decode_event(name, _through_json(fields)) == event


@given(logs)
def test_a_state_comes_back_as_it_was(log: tuple[Recorded, ...]) -> None:
    state = replay(log)
    assert decode_state(_through_json(encode_state(state))) == state


@given(events, st.dictionaries(st.text(min_size=40, max_size=44), st.integers(), min_size=1, max_size=2))
def test_fields_of_a_newer_release_are_ignored(event: Event, unknown: dict[str, int]) -> None:
    name, fields = encode_event(event)
    assert decode_event(name, {**fields, **unknown}) == event


def test_fields_that_an_older_release_did_not_write_get_their_defaults() -> None:
    spoke = decode_event("CustomerSpoke", {"message_id": "msg_1", "text": "在吗"})
    assert spoke == CustomerSpoke(MessageId("msg_1"), "在吗", attachments=(), client_message_id=None)


def test_a_log_from_before_signals_and_priorities_still_replays() -> None:
    understood = decode_event(
        "MessageUnderstood",
        {"turn_id": "turn_1", "intent": None, "confidence": 0.5, "tier": "rules", "language": "zh-Hans",
         "sentiment": "angry"},
    )  # fmt: skip
    handed = decode_event(
        "HandedOff", {"reason": "complaint", "queue": "general", "summary": "", "ticket_id": "tkt_1"}
    )
    state = replay(recorded([understood, handed]))
    assert state.moods == ("angry",)
    assert state.handoff is not None
    assert state.handoff.priority == "normal"


def test_an_empty_record_is_the_initial_state() -> None:
    assert decode_state({}) == INITIAL


def test_unknown_fields_are_ignored_inside_of_nested_records() -> None:
    customer = {"id": "C1", "loyalty": {"tier": 3}}
    assert decode(Customer, customer) == Customer(CustomerId("C1"))


def test_a_state_of_an_older_release_gets_the_fields_it_lacks() -> None:
    assert decode_state({"version": 3, "owner": {}}) == ConversationState(version=3, owner=Owner("bot"))


def test_a_part_carries_its_type_first() -> None:
    part = QuickReplies((Choice("退款", "我要退款"),))
    assert list(encode_part(part).items()) == [
        ("type", "quick_replies"),
        ("options", [{"label": "退款", "message": "我要退款"}]),
    ]


@given(instances(BotReplied))
def test_every_part_says_its_type(reply: BotReplied) -> None:
    known = {"text", "quick_replies", "card", "form", "image", "file", "notice"}
    assert all(encode_part(part)["type"] in known for part in reply.parts)


def test_a_recorded_event_shows_where_when_and_what() -> None:
    [first] = recorded([CustomerSpoke(MessageId("msg_1"), "在吗")])
    shown = encode_recorded(first)
    assert (shown["seq"], shown["type"]) == (1, "CustomerSpoke")
    assert datetime.fromisoformat(str(shown["at"])) == first.at


@pytest.mark.parametrize(
    ("name", "fields", "about"),
    [
        ("CustomerWhispered", {}, "CustomerWhispered"),
        ("CustomerSpoke", {"message_id": "msg_1"}, "text"),
        ("ConversationOpened", {"customer": None, "channel": "api", "release": "r"}, "ConversationOpened"),
        ("ConversationOpened", {"customer": {}, "channel": "api", "release": "r"}, "id"),
        ("EffectProposed", {"effect_id": "e"}, "EffectProposed"),
        ("QuestionAsked", {"question": {"kind": "slot", "choices": 5}}, "QuestionAsked"),
        ("QuestionAsked", {"question": {"kind": "slot", "choices": [{"label": "x"}]}}, "message"),
    ],
    ids=["unknown event", "absent field", "null record", "empty record", "nearly empty", "number", "element"],
)
def test_damaged_data_is_undecodable_and_says_what_is_wrong(name: str, fields: Record, about: str) -> None:
    with pytest.raises(Undecodable, match=about):
        decode_event(name, fields)


@pytest.mark.parametrize("parts", [[{"text": "no type"}], [{"type": "hologram"}], ["text"], 7])
def test_a_part_that_is_none_is_undecodable(parts: object) -> None:
    answers: list[str] = []
    reply = {"turn_id": "t", "message_id": "m", "answers": answers, "parts": parts}
    with pytest.raises(Undecodable):
        decode_event("BotReplied", cast("Record", reply))


@pytest.mark.parametrize("time", ["yesterday", 1795150800, None, "2026-13-01T00:00:00Z"])
def test_a_time_that_is_none_is_undecodable(time: object) -> None:
    pending: dict[str, object] = {
        "effect_id": "e",
        "run": 1,
        "step": "do",
        "operation": "orders.cancel",
        "arguments": {},
        "digest": "d",
        "expires_at": time,
    }
    with pytest.raises(Undecodable):
        decode_state(cast("Record", {"effect": pending}))


def test_what_json_cannot_say_is_refused_when_it_is_written() -> None:
    with pytest.raises(TypeError, match="set"):
        encode({"a", "b"})


def test_an_event_with_rich_parts_keeps_their_kinds() -> None:
    parts: tuple[Part, ...] = (Text("您好"), QuickReplies((Choice("是", "是"),)))
    reply = BotReplied(TurnId("turn_1"), MessageId("msg_2"), (MessageId("msg_1"),), parts)
    assert decode_event(*encode_event(reply)) == reply


def test_a_question_remembers_its_buttons() -> None:
    question = Question("slot", "order_id", (Choice("1", "YL1"),))
    assert decode(Question, encode(question)) == question


def test_times_keep_their_instant_and_their_zone() -> None:
    assert encode(NOON) == "2026-11-20T12:00:00+00:00"
