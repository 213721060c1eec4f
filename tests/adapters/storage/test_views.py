"""What screens read."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.contracts.conversation_store import (
    NOON,
    RELEASE,
    a_commit,
    a_message,
    a_reply,
    a_turn,
    accepted,
)

from kefu.adapters.storage import AuditEntry, ConversationFilter, ConversationRow, Page, WorkspaceStorage
from kefu.conversation.codec import encode_recorded
from kefu.conversation.events import AgentJoined, AgentSpoke, FeedbackGiven, HandedOff, Rated, Resolved
from kefu.conversation.ids import AgentId, ConversationId, CustomerId, MessageId, TicketId, TurnId
from kefu.conversation.messages import Attachment, Text
from kefu.errors import BadRequest, NotFound
from kefu.turn.store import Ticket


async def conversations_at(workspace: WorkspaceStorage, *minutes: int) -> list[ConversationId]:
    """A conversation begun so many minutes after noon, for each."""
    begun = [
        await workspace.accept(a_message(), release=RELEASE, at=NOON + timedelta(minutes=minute))
        for minute in minutes
    ]
    return [one.conversation_id for one in begun]


def ids(page: Page[ConversationRow]) -> list[ConversationId]:
    return [row.conversation_id for row in page.rows]


async def test_conversations_come_by_their_latest_activity(workspace: WorkspaceStorage) -> None:
    early, late = await conversations_at(workspace, 1, 2)
    assert ids(await workspace.conversations()) == [late, early]

    await workspace.append(early, [Rated(5)], NOON + timedelta(minutes=3))
    assert ids(await workspace.conversations()) == [early, late]


async def test_pages_show_every_conversation_once(workspace: WorkspaceStorage) -> None:
    made = await conversations_at(workspace, 1, 2, 2, 2, 3)
    seen: list[ConversationId] = []
    cursor = None
    for _ in range(3):
        page = await workspace.conversations(cursor=cursor, limit=2)
        seen += ids(page)
        cursor = page.next

    assert cursor is None
    assert sorted(seen) == sorted(made)


async def test_a_new_conversation_does_not_shift_the_next_page(workspace: WorkspaceStorage) -> None:
    oldest, middle, _ = await conversations_at(workspace, 1, 2, 3)
    first = await workspace.conversations(limit=1)
    await conversations_at(workspace, 9)

    assert ids(await workspace.conversations(cursor=first.next, limit=2)) == [middle, oldest]


@pytest.mark.parametrize("cursor", ["", "!", "bm90aGluZw", "MjAyNiB4", "ÿ"])
async def test_a_cursor_from_elsewhere_is_refused(workspace: WorkspaceStorage, cursor: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await workspace.conversations(cursor=cursor)

    assert refused.value.field == "cursor"


async def test_a_row_tells_how_the_conversation_stands(workspace: WorkspaceStorage) -> None:
    first = await accepted(workspace)
    handed = HandedOff("complaint", "after_sales", "要求赔偿", TicketId("tkt_1"))
    await workspace.append(first.conversation_id, [handed], NOON + timedelta(minutes=1))

    row = await workspace.conversation(first.conversation_id)
    assert (row.customer_id, row.customer_name, row.channel) == ("C00001", "王芳", "api")
    assert (row.owner, row.queue, row.status, row.pending) == ("queue", "after_sales", "open", True)
    assert (row.version, row.opened_at, row.updated_at) == (3, NOON, NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    "only",
    [
        ConversationFilter(status="resolved"),
        ConversationFilter(owner="queue"),
        ConversationFilter(queue="vip"),
        ConversationFilter(customer_id=CustomerId("C00002")),
        ConversationFilter(channel="wechat"),
    ],
    ids=["status", "owner", "queue", "customer", "channel"],
)
async def test_a_filter_leaves_out_what_has_another_value(
    workspace: WorkspaceStorage, only: ConversationFilter
) -> None:
    await accepted(workspace)
    handed = await accepted(workspace, replace(a_message(customer="C00002"), channel="wechat"))
    handoff = HandedOff("policy", "vip", "", TicketId("tkt_1"))
    if only.status == "resolved":
        await workspace.append(handed.conversation_id, [Resolved("customer")], NOON)
    else:
        await workspace.append(handed.conversation_id, [handoff], NOON)

    assert ids(await workspace.conversations(only)) == [handed.conversation_id]


async def test_a_message_reopens_a_resolved_conversation(workspace: WorkspaceStorage) -> None:
    first = await accepted(workspace)
    await workspace.append(first.conversation_id, [Resolved("customer")], NOON)
    await accepted(workspace, a_message("还在吗", conversation_id=first.conversation_id))

    row = await workspace.conversation(first.conversation_id)
    state = await workspace.load(first.conversation_id)
    assert (row.status, row.pending) == (state.status, bool(state.unanswered)) == ("open", True)


async def test_a_queue_counts_those_who_wait_in_it(workspace: WorkspaceStorage) -> None:
    waiting = [await accepted(workspace) for _ in range(3)]
    for one, queue in zip(waiting, ["vip", "vip", "general"], strict=True):
        handed = HandedOff("policy", queue, "", TicketId("tkt_1"))
        await workspace.append(one.conversation_id, [handed], NOON)
    await workspace.append(waiting[0].conversation_id, [AgentJoined(AgentId("agent_1"))], NOON)

    assert await workspace.waiting("vip") == 1


async def test_a_transcript_is_what_was_said_in_order(workspace: WorkspaceStorage) -> None:
    first = await accepted(workspace)
    reply = a_reply(first.message_id)
    await workspace.commit(await a_commit(workspace, first.conversation_id, reply))
    spoken = AgentSpoke(MessageId("msg_agent"), AgentId("agent_1"), (Text("您好"),))
    await workspace.append(first.conversation_id, [spoken], NOON)

    customer, bot, agent = await workspace.transcript(first.conversation_id)
    assert (customer.role, customer.parts) == ("customer", (Text("我的包裹到哪了"),))
    assert customer.attachments == (Attachment("image", "https://example.com/1.png"),)
    assert (bot.role, bot.parts, bot.turn_id, bot.rung) == ("bot", reply.parts, "turn_1", "classifier")
    assert (agent.role, agent.agent_id, agent.parts) == ("agent", "agent_1", (Text("您好"),))


async def test_a_transcript_shows_the_last_feedback_on_a_message(workspace: WorkspaceStorage) -> None:
    first = await accepted(workspace)
    reply = a_reply(first.message_id)
    judged = [FeedbackGiven(reply.message_id, "up"), FeedbackGiven(reply.message_id, "down")]
    await workspace.commit(await a_commit(workspace, first.conversation_id, reply, *judged))

    customer, bot = await workspace.transcript(first.conversation_id)
    assert (customer.feedback, bot.feedback) == (None, "down")


async def test_an_export_is_the_log_line_by_line(workspace: WorkspaceStorage) -> None:
    first = await accepted(workspace)
    await workspace.commit(await a_commit(workspace, first.conversation_id, a_reply(first.message_id)))

    lines = [json.loads(line) for line in await workspace.export(first.conversation_id)]
    log = await workspace.events(first.conversation_id)
    assert lines == [json.loads(json.dumps(encode_recorded(one))) for one in log]


async def test_the_trace_of_a_turn_can_be_read(workspace: WorkspaceStorage) -> None:
    first = await accepted(workspace)
    turn = a_turn(first.message_id)
    await workspace.commit(
        await a_commit(workspace, first.conversation_id, a_reply(first.message_id), turn=turn)
    )

    assert await workspace.trace(first.conversation_id, turn.turn_id) == turn.trace
    with pytest.raises(NotFound):
        await workspace.trace(first.conversation_id, TurnId("turn_nowhere"))


async def test_tickets_are_listed_newest_first_by_status_and_queue(workspace: WorkspaceStorage) -> None:
    first = await accepted(workspace)
    tickets = tuple(
        Ticket(
            TicketId(f"tkt_{number}"),
            first.conversation_id,
            "policy",
            queue,
            "摘要",
            NOON + timedelta(minutes=number),
            status,
        )
        for number, (queue, status) in enumerate([("vip", "open"), ("vip", "closed"), ("general", "open")])
    )
    commit = await a_commit(workspace, first.conversation_id, Rated(5))
    await workspace.commit(replace(commit, tickets=tickets))

    assert (await workspace.tickets()).rows == tuple(reversed(tickets))
    assert (await workspace.tickets(status="open", queue="vip")).rows == (tickets[0],)
    page = await workspace.tickets(limit=2)
    assert (await workspace.tickets(cursor=page.next)).rows == (tickets[0],)


async def test_audit_entries_come_back_latest_first(workspace: WorkspaceStorage) -> None:
    entries = [AuditEntry(NOON, "agent_1", "keys.revoke", f"key_{n}", {"why": "泄露"}) for n in range(3)]
    for entry in entries:
        await workspace.audit(entry)

    assert list(await workspace.audit_entries(limit=2)) == [entries[2], entries[1]]
