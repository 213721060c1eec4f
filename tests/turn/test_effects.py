"""A write is asked for, happens once, and is told about, whatever goes wrong in between."""

import pytest

from kefu.conversation.events import EffectFailed, EffectProposed, OperationRan
from kefu.conversation.ids import ConversationId
from kefu.errors import OperationRefused, OperationUnavailable, OperationUnknown, StorageError
from kefu.operations.ledger import effect_key
from kefu.turn.store import Accepted

from .support import AMY, ORDER, OTHER_ORDER, House, kinds, settled

CANCEL = "orders.cancel"


async def _asked(house: House) -> ConversationId:
    """A conversation in which the bot waits for the yes to a cancellation."""
    return await house.talk(f"取消 {ORDER}")


def _writes(house: House, operation: str = CANCEL) -> list[str | None]:
    """The keys under which the operation was called."""
    return [call.idempotency_key for call in house.office.calls if call.operation == operation]


# --- asking


async def test_a_write_is_proposed_before_anything_is_sent(house: House) -> None:
    conversation = await _asked(house)
    effect = (await house.state(conversation)).effect
    assert effect is not None
    assert (effect.operation, effect.arguments, effect.confirmed) == (CANCEL, {"order_id": ORDER}, False)
    assert _writes(house) == []


async def test_the_response_lists_the_proposal(house: House) -> None:
    response = await house.say(f"取消 {ORDER}")
    assert [(one["name"], one["status"]) for one in response["operations"]] == [
        ("orders.get", "executed"),
        (CANCEL, "proposed"),
    ]


async def test_a_proposal_is_in_the_ledger(house: House) -> None:
    conversation = await _asked(house)
    pending = (await house.state(conversation)).effect
    assert pending is not None
    row = await house.store.effect(pending.effect_id)
    assert row is not None
    assert (row.status, row.customer_id) == ("proposed", AMY.id)


# --- yes, no, and neither


async def test_a_yes_carries_the_write_out_once(house: House) -> None:
    conversation = await _asked(house)
    response = await house.say("确认", conversation)
    assert response["reply"] == "已取消"
    assert len(house.office.executed) == 2  # the look at the order, and the write
    row = await house.effect()
    assert (row.status, row.result, row.attempts) == ("executed", {"result": "cancelled"}, 1)


async def test_the_write_carries_the_time_of_the_yes(house: House) -> None:
    conversation = await _asked(house)
    house.clock.advance(minutes=3)
    await house.say("确认", conversation)
    assert house.office.calls[-1].confirmed_at == house.clock.now


async def test_the_log_tells_the_whole_story_of_the_write(house: House) -> None:
    conversation = await _asked(house)
    await house.say("确认", conversation)
    story = [kind for kind in kinds(await house.events(conversation)) if kind.startswith(("Effect", "Flow"))]
    assert story == ["FlowStarted", "EffectProposed", "EffectConfirmed", "EffectExecuted", "FlowCompleted"]


async def test_a_second_yes_does_nothing_more(house: House) -> None:
    conversation = await _asked(house)
    await house.say("确认", conversation)
    response = await house.say("确认", conversation)
    assert response["operations"] == []
    assert len(_writes(house)) == 1


async def test_a_no_writes_nothing(house: House) -> None:
    conversation = await _asked(house)
    response = await house.say("先不取消", conversation)
    assert response["reply"] == "订单保留"
    assert (await house.state(conversation)).effect is None
    assert _writes(house) == []


async def test_a_yes_that_the_classifier_guessed_writes_nothing_and_asks_again(house: House) -> None:
    conversation = await _asked(house)
    response = await house.say("应该可以吧", conversation)
    assert _writes(house) == []
    assert response["reply"] == f"订单 {ORDER} 将取消,确认吗?"


async def test_an_explicit_yes_after_the_guessed_one_writes_once(house: House) -> None:
    conversation = await _asked(house)
    await house.say("应该可以吧", conversation)
    await house.say("确认", conversation)
    assert len(_writes(house)) == 1


async def test_what_is_not_understood_is_no_yes(house: House) -> None:
    conversation = await _asked(house)
    await house.say("嗯呢哈", conversation)
    assert _writes(house) == []


async def test_a_yes_to_another_order_does_not_cancel_the_first(house: House) -> None:
    conversation = await _asked(house)
    house.office.answers("orders.get", {"order_id": OTHER_ORDER, "status": "paid"})
    await house.say(OTHER_ORDER, conversation)
    await house.say("确认", conversation)
    [call] = [call for call in house.office.calls if call.operation == CANCEL]
    assert call.arguments == {"order_id": OTHER_ORDER}


async def test_a_proposal_that_is_superseded_is_closed_in_the_log(house: House) -> None:
    conversation = await _asked(house)
    await house.say(f"给 {ORDER} 开发票", conversation)
    failures = [event for event in await house.events(conversation) if isinstance(event, EffectFailed)]
    assert [event.failure for event in failures] == ["superseded"]


async def test_the_same_write_can_be_asked_for_twice_under_two_keys(house: House) -> None:
    conversation = await house.talk(f"给 {ORDER} 开发票", "确认")
    await house.say(f"给 {ORDER} 开发票", conversation)
    await house.say("确认", conversation)
    first, second = _writes(house, "invoices.request")
    assert first != second


# --- too late


async def test_a_yes_that_comes_too_late_writes_nothing(house: House) -> None:
    conversation = await _asked(house)
    house.clock.advance(minutes=10, seconds=1)
    response = await house.say("确认", conversation)
    assert response["reply"] == "等待确认的时间过了"
    assert _writes(house) == []
    assert (await house.state(conversation)).effect is None


async def test_a_flow_may_ask_again_after_a_late_yes_and_the_new_yes_counts(house: House) -> None:
    conversation = await house.talk(f"给 {ORDER} 开发票")
    house.clock.advance(hours=1)
    late = await house.say("确认", conversation)
    assert late["reply"].splitlines() == ["等得有点久,再确认一次", f"给订单 {ORDER} 开发票,确认吗?"]
    response = await house.say("确认", conversation)
    assert response["reply"] == "发票已申请"
    assert len(_writes(house, "invoices.request")) == 1


async def test_a_late_yes_is_recorded_as_an_expired_proposal(house: House) -> None:
    conversation = await _asked(house)
    house.clock.advance(hours=1)
    await house.say("确认", conversation)
    failures = [event for event in await house.events(conversation) if isinstance(event, EffectFailed)]
    assert [event.failure for event in failures] == ["expired"]


# --- the back office says no, or nothing


async def test_a_refusal_takes_the_flows_own_way(house: House) -> None:
    conversation = await _asked(house)
    house.office.answers(CANCEL, OperationRefused("order_not_cancellable", "订单已发货"))
    response = await house.say("确认", conversation)
    assert response["reply"] == "订单已发货,不能取消"
    assert [(one["name"], one["status"]) for one in response["operations"]] == [(CANCEL, "failed")]
    assert ((await house.effect()).status, (await house.effect()).failure) == (
        "failed",
        "order_not_cancellable",
    )


async def test_a_write_that_reached_nobody_failed_and_a_human_takes_over(house: House) -> None:
    conversation = await _asked(house)
    house.office.fails(CANCEL, OperationUnavailable("down"))
    response = await house.say("确认", conversation)
    assert response["reply"].splitlines() == ["系统连不上", "已转人工,第 1 位"]
    assert response["handoff"]["reason"] == "outage"
    assert (await house.effect()).status == "failed"


async def test_a_write_without_an_answer_is_unknown_and_said_to_be(house: House) -> None:
    conversation = await _asked(house)
    house.office.loses_answers(CANCEL)
    response = await house.say("确认", conversation)
    assert response["reply"].splitlines()[0] == "请求已发出,还没有结果"
    assert [(one["name"], one["status"]) for one in response["operations"]] == [(CANCEL, "unknown")]
    assert (await house.effect()).status == "unknown"


@pytest.mark.parametrize("failure", [OperationUnavailable("down"), OperationUnknown("no answer")])
async def test_a_read_without_an_answer_is_unavailable(
    house: House, failure: OperationUnavailable | OperationUnknown
) -> None:
    house.office.fails("orders.get", failure)
    response = await house.say(f"取消 {ORDER}")
    assert response["reply"].splitlines()[0] == "系统连不上"


async def test_the_log_has_the_outcome_of_every_call_in_order(house: House) -> None:
    conversation = await _asked(house)
    house.office.loses_answers(CANCEL)
    await house.say("确认", conversation)
    ran = [event for event in await house.events(conversation) if isinstance(event, OperationRan)]
    assert [(event.operation, event.kind, event.status) for event in ran] == [
        ("orders.get", "read", "executed"),
        (CANCEL, "write", "unknown"),
    ]


# --- the process dies between the reservation and the commit


async def _died_in_the_write(house: House) -> Accepted:
    """The yes was accepted and the write was sent; the commit that tells about it never came."""
    conversation = await _asked(house)
    house.store.dies_at_commit = True
    accepted = await house.accept("确认", conversation)
    with pytest.raises(StorageError):
        await house.turns.answer(accepted)
    return accepted


async def test_after_a_crash_the_reservation_is_there_and_nothing_was_told(house: House) -> None:
    accepted = await _died_in_the_write(house)
    assert (await house.effect()).status == "reserved"
    assert await house.store.response_to(accepted.message_id) is None


async def test_after_a_crash_the_recorded_call_is_replayed_and_carried_out_once(house: House) -> None:
    accepted = await _died_in_the_write(house)
    house.clock.advance(seconds=30)
    await house.restarted().recover()
    await settled(house.turns)
    first, second = (call for call in house.office.calls if call.operation == CANCEL)
    assert first == second  # the arguments, the key and the time of the yes
    assert [call.operation for call in house.office.executed].count(CANCEL) == 1
    response = await house.store.response_to(accepted.message_id)
    assert response is not None
    assert response["reply"] == "已取消"


async def test_a_crash_does_not_make_a_yes_that_was_in_time_late(house: House) -> None:
    accepted = await _died_in_the_write(house)
    house.clock.advance(hours=2)
    await house.restarted().recover()
    await settled(house.turns)
    response = await house.store.response_to(accepted.message_id)
    assert response is not None
    assert response["reply"] == "已取消"
    assert (await house.effect()).attempts == 2


async def test_a_back_office_that_is_down_after_the_crash_does_not_make_the_write_undone(
    house: House,
) -> None:
    accepted = await _died_in_the_write(house)
    house.office.fails(CANCEL, OperationUnavailable("down"))
    await house.restarted().recover()
    await settled(house.turns)
    response = await house.store.response_to(accepted.message_id)
    assert response is not None
    assert str(response["reply"]).splitlines()[0] == "请求已发出,还没有结果"
    assert (await house.effect()).status == "unknown"


async def test_the_key_of_an_effect_can_be_told_from_the_log(house: House) -> None:
    conversation = await _asked(house)
    events = await house.store.events(conversation)
    [(seq, proposed)] = [(one.seq, one.event) for one in events if isinstance(one.event, EffectProposed)]
    key = effect_key(conversation, proposed.run, proposed.step, proposed.digest, seq - 1)
    assert proposed.effect_id == key
