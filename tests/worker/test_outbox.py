"""Replies leave in order, are tried again at a growing pace, and are given up in the end."""

from datetime import timedelta
from typing import Any

import pytest
import structlog

from kefu.adapters.fakes import RecordingChannel, ScriptedUnderstanding
from kefu.adapters.live import InProcessLive
from kefu.adapters.storage import WorkspaceStorage
from kefu.conversation.ids import ConversationId
from kefu.turn.runner import Turns
from kefu.turn.store import Incoming
from kefu.worker.outbox import deliver_due

from ..turn.support import AMY, SCRIPT, Clock, Office, services_over


@pytest.fixture
def turns(store: WorkspaceStorage, clock: Clock) -> Turns:
    services = services_over(store, Office(), clock, InProcessLive(), ScriptedUnderstanding(SCRIPT))
    return Turns(services, frozenset({"sms"}))


@pytest.fixture
def sms() -> RecordingChannel:
    return RecordingChannel("sms")


class Post:
    """Delivers what is due through one channel, or through none."""

    def __init__(self, store: WorkspaceStorage, clock: Clock, sms: RecordingChannel) -> None:
        self._store = store
        self._clock = clock
        self._channels = {sms.name: sms}

    async def deliver(self) -> int:
        with structlog.testing.capture_logs():
            return await deliver_due(self._store, self._channels, self._clock)

    def close_channel(self) -> None:
        self._channels.clear()


@pytest.fixture
def post(store: WorkspaceStorage, clock: Clock, sms: RecordingChannel) -> Post:
    return Post(store, clock, sms)


async def _say(turns: Turns, text: str, conversation_id: ConversationId | None = None) -> ConversationId:
    accepted = await turns.accept(Incoming(AMY, "sms", text, conversation_id))
    await turns.answer(accepted)
    return accepted.conversation_id


def _texts(sms: RecordingChannel) -> list[str]:
    messages: list[Any] = [sent.payload["message"] for sent in sms.sent]
    return [message["data"]["parts"][0]["text"] for message in messages]


async def test_a_reply_is_delivered_to_its_customer_under_its_message_id(
    turns: Turns, post: Post, sms: RecordingChannel
) -> None:
    await _say(turns, "你好")
    assert await post.deliver() == 1
    [sent] = sms.sent
    assert sent.recipient == AMY.id
    assert sent.key.startswith("msg_")


async def test_what_was_delivered_is_not_delivered_again(turns: Turns, post: Post) -> None:
    await _say(turns, "你好")
    await post.deliver()
    assert await post.deliver() == 0


async def test_replies_of_one_conversation_leave_in_order(
    turns: Turns, post: Post, sms: RecordingChannel
) -> None:
    conversation = await _say(turns, "你好")
    await _say(turns, "取消订单", conversation)
    while await post.deliver():
        pass
    assert _texts(sms) == ["您好", "请问是哪个订单?"]


async def test_a_reply_that_was_not_taken_holds_back_the_ones_after_it(
    turns: Turns, post: Post, sms: RecordingChannel, clock: Clock
) -> None:
    conversation = await _say(turns, "你好")
    await _say(turns, "取消订单", conversation)
    sms.refuses()
    assert [await post.deliver(), await post.deliver()] == [0, 0]
    assert _texts(sms) == []
    clock.advance(seconds=2)
    while await post.deliver():
        pass
    assert _texts(sms) == ["您好", "请问是哪个订单?"]


async def test_a_conversation_that_is_stuck_holds_back_no_other(
    turns: Turns, post: Post, sms: RecordingChannel
) -> None:
    await _say(turns, "你好")
    sms.refuses()
    await post.deliver()
    await _say(turns, "取消订单")
    await post.deliver()
    assert _texts(sms) == ["请问是哪个订单?"]


async def test_the_pause_doubles_from_try_to_try(
    turns: Turns, post: Post, store: WorkspaceStorage, sms: RecordingChannel, clock: Clock
) -> None:
    await _say(turns, "你好")
    sms.refuses(4)
    pauses: list[timedelta] = []
    for _ in range(4):
        await post.deliver()
        [waiting] = await store.due(clock() + timedelta(days=1))
        pauses.append(waiting.due_at - clock())
        clock.now = waiting.due_at
    assert pauses == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]


async def test_after_eight_tries_a_reply_is_given_up_and_shown_with_the_reason(
    turns: Turns, post: Post, store: WorkspaceStorage, sms: RecordingChannel, clock: Clock
) -> None:
    await _say(turns, "你好")
    sms.refuses(100)
    for _ in range(9):
        await post.deliver()
        clock.advance(hours=1)
    [given_up] = await store.undelivered()
    assert (given_up.attempts, given_up.failure) == (8, "sms takes nothing right now")


async def test_the_replies_after_one_that_was_given_up_go_out(
    turns: Turns, post: Post, sms: RecordingChannel, clock: Clock
) -> None:
    conversation = await _say(turns, "你好")
    await _say(turns, "取消订单", conversation)
    sms.refuses(8)
    for _ in range(9):
        await post.deliver()
        clock.advance(hours=1)
    assert _texts(sms) == ["请问是哪个订单?"]


async def test_a_channel_that_is_not_there_is_a_failure_like_any_other(
    turns: Turns, post: Post, store: WorkspaceStorage, clock: Clock
) -> None:
    post.close_channel()
    await _say(turns, "你好")
    assert await post.deliver() == 0
    [waiting] = await store.due(clock() + timedelta(days=1))
    assert waiting.attempts == 1
