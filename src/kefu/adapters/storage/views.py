"""What screens read: typed rows straight from the tables, past the core."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec
import sqlalchemy as sa

from kefu.adapters.storage.prepared import Fields
from kefu.adapters.storage.rules import conversation_not_found
from kefu.adapters.storage.schema import conversations, events, tickets, turns
from kefu.adapters.storage.scope import HERE, Query, Scope
from kefu.conversation.codec import decode_event, encode_recorded
from kefu.conversation.events import AgentSpoke, BotReplied, CustomerSpoke, FeedbackGiven, Recorded, Rung
from kefu.conversation.ids import AgentId, ConversationId, CustomerId, MessageId, ReleaseId, TicketId, TurnId
from kefu.conversation.messages import Attachment, Citation, Part, Text
from kefu.conversation.values import Record
from kefu.errors import BadRequest, NotFound
from kefu.turn.store import Ticket

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows; `next` is the cursor of the rows after them, or None when these are the last."""

    rows: tuple[T, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations to list: those that have every value given here."""

    status: Literal["open", "resolved"] | None = None
    owner: Literal["bot", "queue", "agent"] | None = None
    queue: str | None = None
    customer_id: CustomerId | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation in a list. `pending` says that a customer's message is not answered yet."""

    conversation_id: ConversationId
    customer_id: CustomerId
    customer_name: str | None
    channel: str
    release: ReleaseId
    version: int
    status: Literal["open", "resolved"]
    owner: Literal["bot", "queue", "agent"]
    queue: str | None
    agent_id: AgentId | None
    language: str | None
    intent: str | None
    pending: bool
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One message as people read it. `feedback` is the customer's last word on it."""

    message_id: MessageId
    seq: int
    at: datetime
    role: Literal["customer", "bot", "agent"]
    parts: tuple[Part, ...]
    attachments: tuple[Attachment, ...] = ()
    citations: tuple[Citation, ...] = ()
    rung: Rung | None = None
    turn_id: TurnId | None = None
    agent_id: AgentId | None = None
    feedback: Literal["up", "down"] | None = None
    client_message_id: str | None = None


_ROW = sa.select(
    conversations.c.conversation_id,
    conversations.c.customer_id,
    conversations.c.customer_name,
    conversations.c.channel,
    conversations.c.release,
    conversations.c.version,
    conversations.c.status,
    conversations.c.owner_kind,
    conversations.c.queue,
    conversations.c.agent_id,
    conversations.c.language,
    conversations.c.intent,
    conversations.c.pending,
    conversations.c.opened_at,
    conversations.c.updated_at,
).where(conversations.c.workspace_id == HERE)
_ONE = _ROW.where(conversations.c.conversation_id == sa.bindparam("of"))

_EVENTS = (
    sa.select(events.c.seq, events.c.at, events.c.type, events.c.data)
    .where(events.c.workspace_id == HERE, events.c.conversation_id == sa.bindparam("of"))
    .order_by(events.c.seq)
)
_SPOKEN = _EVENTS.where(
    events.c.type.in_([kind.__name__ for kind in (CustomerSpoke, BotReplied, AgentSpoke, FeedbackGiven)])
)
_TRACE = sa.select(turns.c.trace).where(
    turns.c.workspace_id == HERE,
    turns.c.conversation_id == sa.bindparam("of"),
    turns.c.turn_id == sa.bindparam("turn"),
)
_WAITING = sa.select(sa.func.count().label("waiting")).where(
    conversations.c.workspace_id == HERE,
    conversations.c.owner_kind == "queue",
    conversations.c.queue == sa.bindparam("queue_name"),
)
_TICKETS = sa.select(tickets).where(tickets.c.workspace_id == HERE)


def list_conversations(
    scope: Scope, only: ConversationFilter, cursor: str | None, limit: int
) -> Page[ConversationRow]:
    query = _ROW
    for column, value in (
        (conversations.c.status, only.status),
        (conversations.c.owner_kind, only.owner),
        (conversations.c.queue, only.queue),
        (conversations.c.customer_id, only.customer_id),
        (conversations.c.channel, only.channel),
    ):
        if value is not None:
            query = query.where(column == value)
    order = _Order(conversations.c.updated_at, conversations.c.conversation_id)
    return order.page(scope, query, cursor, limit, _conversation)


def conversation(scope: Scope, conversation_id: ConversationId) -> ConversationRow:
    row = scope.one(_ONE, of=conversation_id)
    if row is None:
        raise conversation_not_found(conversation_id)
    return _conversation(row)


def transcript(scope: Scope, conversation_id: ConversationId) -> Sequence[TranscriptLine]:
    spoken = _recorded(scope, _SPOKEN, conversation_id)
    judged = {one.event.message_id: one.event.value for one in spoken if isinstance(one.event, FeedbackGiven)}
    lines = (_line(one) for one in spoken)
    return [replace(line, feedback=judged.get(line.message_id)) for line in lines if line is not None]


def export(scope: Scope, conversation_id: ConversationId) -> Sequence[str]:
    return [
        msgspec.json.encode(encode_recorded(one)).decode()
        for one in _recorded(scope, _EVENTS, conversation_id)
    ]


def trace(scope: Scope, conversation_id: ConversationId, turn_id: TurnId) -> Record:
    row = scope.one(_TRACE, of=conversation_id, turn=turn_id)
    if row is None:
        raise NotFound(f"turn {turn_id} does not exist", field="turn_id")
    return row.trace


def list_tickets(
    scope: Scope, status: str | None, queue: str | None, cursor: str | None, limit: int
) -> Page[Ticket]:
    query = _TICKETS
    if status is not None:
        query = query.where(tickets.c.status == status)
    if queue is not None:
        query = query.where(tickets.c.queue == queue)
    return _Order(tickets.c.created_at, tickets.c.ticket_id).page(scope, query, cursor, limit, _ticket)


def waiting(scope: Scope, queue: str) -> int:
    row = scope.one(_WAITING, queue_name=queue)
    return 0 if row is None else row.waiting


@dataclass(frozen=True, slots=True)
class _Order:
    """Latest first. A page begins after the last row of the one before, however many came in between."""

    time: sa.Column[Any]
    key: sa.Column[Any]

    def page(
        self,
        scope: Scope,
        query: Query,
        cursor: str | None,
        limit: int,
        shaped: Callable[[Fields], T],
    ) -> Page[T]:
        if cursor is not None:
            time, key = _read_cursor(cursor)
            # The first condition says nothing new, but it is the one that an index can start from.
            query = query.where(self.time <= time, sa.or_(self.time < time, self.key < key))
        rows = scope.query(query.order_by(self.time.desc(), self.key.desc()).limit(limit + 1))
        shown = rows[:limit]
        more = len(rows) > limit > 0
        after = self._cursor(shown[-1]) if more else None
        return Page(tuple(shaped(row) for row in shown), after)

    def _cursor(self, row: Fields) -> str:
        time: datetime = getattr(row, self.time.name)
        key: str = getattr(row, self.key.name)
        return base64.urlsafe_b64encode(f"{time.isoformat()} {key}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        time, key = base64.urlsafe_b64decode(padded).decode().split(" ", 1)
        at = datetime.fromisoformat(time)
    except ValueError as error:
        raise BadRequest("cursor is not one that a page gave", field="cursor") from error
    if at.tzinfo is None:
        raise BadRequest("cursor is not one that a page gave", field="cursor")
    return at, key


def _recorded(scope: Scope, query: Query, conversation_id: ConversationId) -> Sequence[Recorded]:
    rows = scope.query(query, of=conversation_id)
    if not rows:
        raise conversation_not_found(conversation_id)
    return [Recorded(row.seq, row.at, decode_event(row.type, row.data)) for row in rows]


def _line(recorded: Recorded) -> TranscriptLine | None:
    seq, at = recorded.seq, recorded.at
    match recorded.event:
        case CustomerSpoke() as said:
            return TranscriptLine(
                said.message_id,
                seq,
                at,
                "customer",
                (Text(said.text),),
                attachments=said.attachments,
                client_message_id=said.client_message_id,
            )
        case BotReplied() as said:
            return TranscriptLine(
                said.message_id,
                seq,
                at,
                "bot",
                said.parts,
                citations=said.citations,
                rung=said.rung,
                turn_id=said.turn_id,
            )
        case AgentSpoke() as said:
            return TranscriptLine(said.message_id, seq, at, "agent", said.parts, agent_id=said.agent_id)
        case _:
            return None


def _conversation(row: Fields) -> ConversationRow:
    return ConversationRow(
        ConversationId(row.conversation_id),
        CustomerId(row.customer_id),
        row.customer_name,
        row.channel,
        ReleaseId(row.release),
        row.version,
        row.status,
        row.owner_kind,
        row.queue,
        row.agent_id,
        row.language,
        row.intent,
        row.pending,
        row.opened_at,
        row.updated_at,
    )


def _ticket(row: Fields) -> Ticket:
    return Ticket(
        TicketId(row.ticket_id),
        ConversationId(row.conversation_id),
        row.reason,
        row.queue,
        row.summary,
        row.created_at,
        row.status,
    )
