"""The same promises over SQLite, where reads, writes and turns really overlap."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from kefu.adapters.fakes import ScriptedUnderstanding
from kefu.adapters.live import InProcessLive
from kefu.adapters.storage import DEFAULT_WORKSPACE, Storage, WorkspaceStorage
from kefu.conversation.events import BotReplied, CustomerSpoke
from kefu.conversation.ids import ConversationId
from kefu.conversation.state import replay
from kefu.turn.runner import Turns
from kefu.turn.store import Incoming

from .support import AMY, SCRIPT, Clock, Office, services_over


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[WorkspaceStorage]:
    async with Storage.embedded(tmp_path / "kefu.db", Clock()) as storage:
        yield storage.open(DEFAULT_WORKSPACE)


def process(store: WorkspaceStorage) -> Turns:
    """The turns of one process over the database."""
    return Turns(services_over(store, Office(), Clock(), InProcessLive(), ScriptedUnderstanding(SCRIPT)))


async def _say(turns: Turns, text: str, conversation: ConversationId | None = None) -> str:
    """The rung of the answer."""
    accepted = await turns.accept(Incoming(AMY, "api", text, conversation))
    return str((await turns.answer(accepted))["rung"])


async def _check(store: WorkspaceStorage, conversation: ConversationId, messages: int) -> None:
    recorded = await store.events(conversation)
    events = [one.event for one in recorded]
    assert await store.load(conversation) == replay(recorded)
    spoken = {event.message_id for event in events if isinstance(event, CustomerSpoke)}
    answered = Counter(one for event in events if isinstance(event, BotReplied) for one in event.answers)
    assert len(spoken) == messages
    assert answered == dict.fromkeys(spoken, 1)


async def _opened(turns: Turns) -> ConversationId:
    accepted = await turns.accept(Incoming(AMY, "api", "你好"))
    await turns.answer(accepted)
    return accepted.conversation_id


async def test_messages_that_come_all_at_once_are_each_answered_by_the_bot_once(
    store: WorkspaceStorage,
) -> None:
    turns = process(store)
    conversations = [await _opened(turns) for _ in range(3)]
    rungs = await asyncio.gather(
        *(_say(turns, "你好", conversation) for _ in range(15) for conversation in conversations)
    )
    assert set(rungs) == {"rules"}
    for conversation in conversations:
        await _check(store, conversation, 16)
        assert await turns.state(conversation) == await store.load(conversation)


async def test_what_another_process_appends_in_between_loses_no_message(store: WorkspaceStorage) -> None:
    here, there = process(store), process(store)
    conversation = await _opened(here)
    rungs = await asyncio.gather(
        *(_say(turns, "你好", conversation) for _ in range(15) for turns in (here, there))
    )
    assert set(rungs) == {"rules"}
    await _check(store, conversation, 31)


async def test_messages_keep_coming_although_the_remembered_states_are_dropped(
    store: WorkspaceStorage,
) -> None:
    turns = process(store)
    conversation = await _opened(turns)

    async def say() -> str:
        turns.forget(conversation)
        return await _say(turns, "你好", conversation)

    assert set(await asyncio.gather(*(say() for _ in range(30)))) == {"rules"}
    await _check(store, conversation, 31)
