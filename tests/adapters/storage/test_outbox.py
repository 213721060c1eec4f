"""The outbox gives replies out in order, until each is delivered or given up."""

from dataclasses import replace
from datetime import timedelta

from tests.contracts.conversation_store import NOON, a_commit, accepted

from kefu.adapters.storage import WorkspaceStorage
from kefu.conversation.events import Rated
from kefu.conversation.ids import ConversationId, MessageId
from kefu.turn.store import Outgoing

SOON = NOON + timedelta(minutes=1)


async def outgoing(workspace: WorkspaceStorage, *names: str) -> ConversationId:
    """A conversation with these replies to deliver, in this order."""
    first = await accepted(workspace)
    for name in names:
        commit = await a_commit(workspace, first.conversation_id, Rated(5))
        seq = commit.expected_version + 1
        reply = Outgoing(first.conversation_id, MessageId(name), seq, "wechat", {"text": name})
        await workspace.commit(replace(commit, outgoing=(reply,)))
    return first.conversation_id


async def due(workspace: WorkspaceStorage, *, at: timedelta = timedelta()) -> set[str]:
    return {waiting.outgoing.message_id for waiting in await workspace.due(SOON + at)}


async def test_a_committed_reply_is_due_as_it_was_written(workspace: WorkspaceStorage) -> None:
    conversation_id = await outgoing(workspace, "a1")

    (waiting,) = await workspace.due(SOON)
    assert waiting.outgoing == Outgoing(conversation_id, MessageId("a1"), 3, "wechat", {"text": "a1"})
    assert waiting.attempts == 0


async def test_a_reply_waits_for_the_one_before_it_in_its_conversation(workspace: WorkspaceStorage) -> None:
    await outgoing(workspace, "a1", "a2")
    await outgoing(workspace, "b1")
    assert await due(workspace) == {"a1", "b1"}

    await workspace.delivered(MessageId("a1"), SOON)
    assert await due(workspace) == {"a2", "b1"}


async def test_a_failed_try_comes_again_at_its_time_and_counts(workspace: WorkspaceStorage) -> None:
    await outgoing(workspace, "a1", "a2")
    await workspace.failed(MessageId("a1"), SOON, "timeout", retry_at=SOON + timedelta(seconds=30))
    assert await due(workspace) == set()

    (waiting,) = await workspace.due(SOON + timedelta(seconds=30))
    assert (waiting.outgoing.message_id, waiting.attempts) == ("a1", 1)


async def test_a_reply_that_was_given_up_lets_the_next_one_go(workspace: WorkspaceStorage) -> None:
    await outgoing(workspace, "a1", "a2")
    await workspace.failed(MessageId("a1"), SOON, "the customer blocked us", retry_at=None)

    assert await due(workspace) == {"a2"}
    (lost,) = await workspace.undelivered()
    assert (lost.outgoing.message_id, lost.attempts, lost.failure, lost.given_up_at) == (
        "a1",
        1,
        "the customer blocked us",
        SOON,
    )


async def test_a_late_outcome_does_not_undo_the_first(workspace: WorkspaceStorage) -> None:
    await outgoing(workspace, "a1")
    await workspace.delivered(MessageId("a1"), SOON)
    await workspace.failed(MessageId("a1"), SOON, "timeout", retry_at=SOON)

    assert await due(workspace) == set()
    assert not await workspace.undelivered()


async def test_no_more_are_given_out_than_asked_for(workspace: WorkspaceStorage) -> None:
    for name in ("a1", "b1", "c1"):
        await outgoing(workspace, name)

    assert len(await workspace.due(SOON, limit=2)) == 2
