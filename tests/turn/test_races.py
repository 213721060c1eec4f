"""What happens when somebody else appends while a turn is thinking."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from kefu.conversation.events import AgentJoined, AgentSpoke, BotReplied, Event, ReturnedToBot
from kefu.conversation.ids import AgentId, ConversationId, MessageId
from kefu.conversation.messages import Text
from kefu.conversation.state import ConversationState
from kefu.operations.model import Call
from kefu.turn.store import Commit

from .support import ORDER, Clock, House, Store, conversation_of, kinds, settled

AMELIE = AgentId("amelie")


def _agent_joins(house: House, conversation_id: ConversationId) -> None:
    """An agent of another process takes the conversation while the next operation runs."""

    async def join(_: Call) -> None:
        await house.store.append(conversation_id, [AgentJoined(AMELIE)], house.clock())

    house.office.meanwhile = join


def _customer_writes(house: House, conversation_id: ConversationId, *texts: str) -> None:
    async def write(_: Call) -> None:
        for text in texts:
            await house.accept(text, conversation_id)

    house.office.meanwhile = write


async def test_a_reply_that_an_agent_overtook_is_not_sent(house: House) -> None:
    conversation = await house.talk("取消订单")
    _agent_joins(house, conversation)
    response = await house.say(ORDER, conversation)
    assert (response["reply"], response["rung"]) == ("", "human")
    replies = [event for event in await house.events(conversation) if isinstance(event, BotReplied)]
    assert len(replies) == 1  # the question from before
    assert (await house.state(conversation)).owner.agent_id == AMELIE


async def test_nothing_of_an_overtaken_turn_is_written(house: House) -> None:
    conversation = await house.talk("取消订单")
    _agent_joins(house, conversation)
    await house.say(ORDER, conversation)
    assert kinds(await house.events(conversation))[-2:] == ["CustomerSpoke", "AgentJoined"]


async def test_a_write_that_happened_is_told_even_though_an_agent_joined(house: House) -> None:
    conversation = await house.talk(f"取消 {ORDER}")
    _agent_joins(house, conversation)
    response = await house.say("确认", conversation)
    assert response["reply"] == "已取消"
    events = await house.events(conversation)
    joined = kinds(events).index("AgentJoined")
    assert {"EffectExecuted", "BotReplied"} <= set(kinds(events)[joined:])
    assert (await house.effect()).status == "executed"


async def test_the_agent_keeps_the_conversation_after_a_rebased_turn(house: House) -> None:
    conversation = await house.talk(f"取消 {ORDER}")
    _agent_joins(house, conversation)
    await house.say("确认", conversation)
    state = await house.state(conversation)
    assert (state.owner.kind, state.owner.agent_id) == ("agent", AMELIE)


async def test_a_message_that_comes_while_the_bot_thinks_does_not_redo_the_turn(house: House) -> None:
    conversation = await house.talk("取消订单")
    _customer_writes(house, conversation, "你好")
    await house.say(ORDER, conversation)
    await settled(house.turns)
    reads = [call.operation for call in house.office.calls]
    assert reads == ["orders.get"]
    assert (await house.state(conversation)).unanswered == ()


async def test_a_message_that_comes_during_a_write_gets_a_turn_of_its_own(house: House) -> None:
    conversation = await house.talk(f"取消 {ORDER}")
    _customer_writes(house, conversation, "你好", "运费怎么算")
    response = await house.say("确认", conversation)
    assert response["reply"] == "已取消"
    await settled(house.turns)
    events = await house.events(conversation)
    replies = [event for event in events if isinstance(event, BotReplied)]
    assert [len(reply.answers) for reply in replies] == [1, 1, 2]
    assert kinds(events).count("EffectExecuted") == 1


async def test_a_message_for_every_try_to_commit_still_ends_in_one_reply_for_each(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await house.talk("你好")
    tries = iter(range(3))
    commit = house.store.commit

    async def overtaken(wanted: Commit) -> None:
        if next(tries, None) is not None:
            await house.accept("在吗", conversation)
        await commit(wanted)

    monkeypatch.setattr(house.store, "commit", overtaken)
    await house.say("你好", conversation)
    await settled(house.turns)
    assert (await house.state(conversation)).unanswered == ()


async def test_an_agents_answer_settles_what_the_bot_was_about_to_answer(house: House) -> None:
    conversation = await house.talk("取消订单")

    async def answer(_: Call) -> None:
        spoke = AgentSpoke(MessageId("msg_agent"), AMELIE, (Text("我来"),))
        await house.store.append(conversation, [AgentJoined(AMELIE), spoke], house.clock())

    house.office.meanwhile = answer
    await house.say(ORDER, conversation)
    assert kinds(await house.events(conversation))[-1] == "AgentSpoke"


async def test_a_returned_conversation_is_served_by_the_bot_again(house: House) -> None:
    conversation = conversation_of(await house.say("转人工"))
    await house.turns.append(conversation, ReturnedToBot(AMELIE))
    assert (await house.say("你好", conversation))["reply"] == "您好"


async def test_an_agents_message_is_shown_to_who_watches(house: House) -> None:
    conversation = await house.talk("转人工")
    spoke = AgentSpoke(MessageId("msg_agent"), AMELIE, (Text("我来"),))
    with house.live.subscribe(conversation) as watcher:
        state = await house.turns.append(conversation, AgentJoined(AMELIE), spoke)
        message, owner = watcher.drain()
    assert (message["type"], message["seq"]) == ("message", state.version)
    assert (owner["type"], owner["owner"]) == ("owner", "agent")


async def test_passing_to_a_human_unasked_is_said_and_shown(house: House) -> None:
    conversation = await house.talk("你好")
    with house.live.subscribe(conversation) as watcher:
        state = await house.turns.hand_off(conversation, "complaint")
        frames = list(watcher.drain())
    assert (state.owner.kind, state.owner.queue) == ("queue", "general")
    assert [frame["type"] for frame in frames] == ["message", "owner"]
    assert state == await house.state(conversation)


async def test_passing_to_a_human_what_a_human_has_changes_nothing(house: House) -> None:
    conversation = await house.talk("转人工")
    before = await house.state(conversation)
    assert await house.turns.hand_off(conversation, "complaint") == before
    assert len(house.store.tickets) == 1


class Slow(Store):
    """Answers from a moment ago: what it says was true before the gate was opened."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self, conversation_id: ConversationId) -> ConversationState:
        state = await super().load(conversation_id)
        await self.gate.wait()
        return state

    async def append(
        self, conversation_id: ConversationId, events: Sequence[Event], at: datetime
    ) -> ConversationState:
        state = await super().append(conversation_id, events, at)
        await self.gate.wait()
        return state


@pytest.fixture
def slow(house: House) -> Slow:
    house.store = Slow(house.clock)
    house.restarted()
    return house.store


async def test_a_message_that_comes_while_an_older_state_is_loaded_is_answered_by_the_bot(
    house: House, slow: Slow
) -> None:
    conversation = await house.talk("你好")
    house.turns.forget(conversation)
    slow.gate.clear()
    house.turns.wake(conversation)
    await asyncio.sleep(0)  # the load is on its way, and knows nothing of what follows
    asking = asyncio.create_task(house.say("运费怎么算", conversation))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    slow.gate.set()
    assert (await asking)["rung"] == "faq"


async def test_a_late_answer_of_the_store_does_not_replace_a_newer_state(house: House, slow: Slow) -> None:
    conversation = await house.talk("转人工")
    slow.gate.clear()
    appending = asyncio.create_task(house.turns.append(conversation, AgentJoined(AMELIE)))
    await asyncio.sleep(0)
    accepted = await house.accept("在吗", conversation)
    slow.gate.set()
    assert (await house.turns.state(conversation)).unanswered[-1] == accepted.message_id
    await appending
    assert await house.turns.state(conversation) == await slow.load(conversation)


async def test_a_message_that_nobody_waits_for_is_answered_though_an_older_state_was_being_loaded(
    house: House, slow: Slow
) -> None:
    conversation = await house.talk("你好")
    house.turns.forget(conversation)
    slow.gate.clear()
    house.turns.wake(conversation)
    await asyncio.sleep(0)  # the load is on its way, and knows nothing of what follows
    await house.accept("运费怎么算", conversation)
    house.turns.wake(conversation)  # as a socket does: the answer comes to who watches
    slow.gate.set()
    await settled(house.turns)
    assert (await house.state(conversation)).unanswered == ()


async def test_who_asks_while_the_store_is_asked_about_others_is_not_told_that_a_human_answers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await house.talk("你好")
    load, asking = house.store.load, list[asyncio.Task[object]]()

    async def overtaken(wanted: ConversationId) -> ConversationState:
        state = await load(wanted)
        if not asking:
            asking.append(asyncio.create_task(house.say("运费怎么算", conversation)))
            for _ in range(3):
                await asyncio.sleep(0)
        return state

    settled_before = await house.accept("你好", conversation, client_message_id="m-1")
    spoke = AgentSpoke(MessageId("msg_agent"), AMELIE, (Text("我来"),))
    await house.store.append(conversation, [spoke], house.clock())
    house.turns.forget(conversation)
    await house.turns.state(conversation)
    monkeypatch.setattr(house.store, "load", overtaken)
    await house.turns.answer(settled_before)
    [later] = asking
    assert (await later)["rung"] == "faq"  # type: ignore[index]
