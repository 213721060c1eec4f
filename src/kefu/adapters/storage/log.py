"""Conversations in the database: the log, its snapshot, and what a commit writes beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kefu.adapters.storage import ledger, outbox
from kefu.adapters.storage.prepared import Fields, Prepared
from kefu.adapters.storage.rules import (
    check_commit,
    check_incoming,
    conversation_not_found,
    derived_conversation_id,
    numbered,
    opening,
    speaking,
    version_conflict,
)
from kefu.adapters.storage.schema import (
    LABEL,
    conversations,
    events,
    messages,
    tickets,
    turns,
    workspaces,
)
from kefu.adapters.storage.scope import HERE, Scope
from kefu.conversation.codec import decode_event, decode_state, encode_event
from kefu.conversation.events import CustomerSpoke, Event, Recorded
from kefu.conversation.ids import ConversationId, MessageId, ReleaseId, new_id
from kefu.conversation.state import INITIAL, ConversationState, replay
from kefu.conversation.values import Record
from kefu.errors import NotFound
from kefu.turn.store import Accepted, Commit, Incoming, Ticket, TurnRecord

_THIS = (conversations.c.workspace_id == HERE, conversations.c.conversation_id == sa.bindparam("of"))
_AS_EXPECTED = (*_THIS, conversations.c.version == sa.bindparam("expected"))

_WORKSPACE = Prepared(sa.select(workspaces.c.workspace_id).where(workspaces.c.workspace_id == HERE))
_HEAD = Prepared(sa.select(conversations.c.version, conversations.c.customer_id).where(*_THIS))
_SNAPSHOT = Prepared(
    sa.select(conversations.c.version, conversations.c.snapshot, conversations.c.snapshot_version).where(
        *_THIS
    )
)
_OPEN = Prepared(
    conversations.insert(),
    "workspace_id",
    "conversation_id",
    "customer_id",
    "customer_name",
    "channel",
    "release",
    "version",
    "status",
    "owner_kind",
    "language",
    "pending",
    "snapshot_version",
    "opened_at",
    "updated_at",
)
_HEAR = Prepared(sa.update(conversations).where(*_AS_EXPECTED), "version", "status", "pending", "updated_at")
_ADVANCE = Prepared(
    sa.update(conversations).where(*_AS_EXPECTED),
    "version",
    "status",
    "owner_kind",
    "queue",
    "agent_id",
    "language",
    "intent",
    "pending",
    "snapshot",
    "snapshot_version",
    "updated_at",
)
_TAIL = Prepared(
    sa.select(events.c.seq, events.c.at, events.c.type, events.c.data)
    .where(
        events.c.workspace_id == HERE,
        events.c.conversation_id == sa.bindparam("of"),
        events.c.seq > sa.bindparam("after"),
    )
    .order_by(events.c.seq)
)
_RECORD = Prepared(events.insert(), "workspace_id", "conversation_id", "seq", "at", "type", "data")
_UNANSWERED = Prepared(
    sa.select(conversations.c.conversation_id)
    .where(
        conversations.c.workspace_id == HERE,
        conversations.c.pending == sa.true(),
        conversations.c.owner_kind == sa.literal_column("'bot'"),
    )
    .order_by(conversations.c.updated_at, conversations.c.conversation_id)
)

_STORED_MESSAGE = (
    sa.select(
        messages.c.message_id, messages.c.conversation_id, conversations.c.customer_id, turns.c.response
    )
    .select_from(messages)
    .join(
        conversations,
        sa.and_(
            conversations.c.workspace_id == messages.c.workspace_id,
            conversations.c.conversation_id == messages.c.conversation_id,
        ),
    )
    .outerjoin(
        turns,
        sa.and_(
            turns.c.workspace_id == messages.c.workspace_id,
            turns.c.conversation_id == messages.c.conversation_id,
            turns.c.turn_id == messages.c.turn_id,
        ),
    )
    .where(messages.c.workspace_id == HERE)
)
_BY_MESSAGE_ID = Prepared(_STORED_MESSAGE.where(messages.c.message_id == sa.bindparam("of")))
_BY_CLIENT_ID = Prepared(
    _STORED_MESSAGE.where(
        messages.c.conversation_id == sa.bindparam("of"),
        messages.c.client_message_id == sa.bindparam("client"),
    )
)
_BY_CHANNEL_ID = Prepared(
    _STORED_MESSAGE.where(
        messages.c.channel == sa.bindparam("on"), messages.c.channel_message_id == sa.bindparam("sent_as")
    )
)
_KEEP_MESSAGE = Prepared(
    messages.insert(),
    "workspace_id",
    "message_id",
    "conversation_id",
    "channel",
    "client_message_id",
    "channel_message_id",
    "seq",
)
_SETTLE_MESSAGE = Prepared(
    sa.update(messages).where(
        messages.c.workspace_id == HERE,
        messages.c.message_id == sa.bindparam("of"),
        messages.c.turn_id.is_(None),
    ),
    "turn_id",
)
_KEEP_TURN = Prepared(turns.insert(), "workspace_id", "conversation_id", "turn_id", "at", "response", "trace")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a message goes: a conversation at a version, which is 0 when it is still to be opened."""

    conversation_id: ConversationId
    version: int


def accept(scope: Scope, incoming: Incoming, release: ReleaseId, at: datetime) -> Accepted:
    check_incoming(incoming)
    asked_for = incoming.conversation_id
    found = asked_for or derived_conversation_id(scope.workspace_id, incoming)
    repeat = _find_repeat(scope, incoming, found)
    if repeat is not None:
        if repeat.customer_id != incoming.customer.id:
            raise conversation_not_found(asked_for or ConversationId(repeat.conversation_id))
        return Accepted(
            ConversationId(repeat.conversation_id),
            MessageId(repeat.message_id),
            (),
            repeated=True,
            response=repeat.response,
        )
    place = _place(scope, incoming, found, at)
    spoke = speaking(incoming, at)
    said = [spoke] if place.version else [opening(incoming, release), spoke]
    recorded = numbered(said, place.version, at)
    if place.version:
        _hear(scope, place, at)
    else:
        _open(scope, place, incoming, release, at)
    _insert_events(scope, place.conversation_id, recorded)
    _insert_message(scope, place.conversation_id, incoming.channel, spoke, recorded[-1].seq)
    return Accepted(place.conversation_id, spoke.message_id, recorded)


def _find_repeat(scope: Scope, incoming: Incoming, conversation_id: ConversationId | None) -> Fields | None:
    if incoming.channel_message_id is not None:
        row = scope.first(_BY_CHANNEL_ID, on=incoming.channel, sent_as=incoming.channel_message_id)
        if row is not None:
            return row
    if incoming.client_message_id is not None and conversation_id is not None:
        return scope.first(_BY_CLIENT_ID, of=conversation_id, client=incoming.client_message_id)
    return None


def _place(scope: Scope, incoming: Incoming, found: ConversationId | None, at: datetime) -> _Place:
    if found is None:
        return _Place(ConversationId(new_id("conv", at)), 0)
    head = scope.first(_HEAD, of=found)
    if head is None and incoming.conversation_id is None:
        return _Place(found, 0)
    if head is None or head.customer_id != incoming.customer.id:
        raise conversation_not_found(found)
    return _Place(found, head.version)


def _open(scope: Scope, place: _Place, incoming: Incoming, release: ReleaseId, at: datetime) -> None:
    if scope.first(_WORKSPACE) is None:
        raise NotFound(f"workspace {scope.workspace_id} does not exist")
    name = incoming.customer.name
    scope.run(
        _OPEN,
        conversation_id=place.conversation_id,
        customer_id=incoming.customer.id,
        customer_name=name and name[:LABEL],
        channel=incoming.channel,
        release=release,
        version=2,
        status="open",
        owner_kind="bot",
        language=incoming.customer.locale,
        pending=True,
        snapshot_version=0,
        opened_at=at,
        updated_at=at,
    )


def _hear(scope: Scope, place: _Place, at: datetime) -> None:
    """One more message in a conversation. The snapshot stays behind: `load` replays what follows it."""
    moved = scope.run(
        _HEAR,
        of=place.conversation_id,
        expected=place.version,
        version=place.version + 1,
        status="open",
        pending=True,
        updated_at=at,
    )
    if not moved:
        raise version_conflict(place.conversation_id, place.version)


def load(scope: Scope, conversation_id: ConversationId) -> ConversationState:
    row = scope.first(_SNAPSHOT, of=conversation_id)
    if row is None:
        raise conversation_not_found(conversation_id)
    snapshot = INITIAL if row.snapshot is None else decode_state(row.snapshot)
    if row.snapshot_version == row.version:
        return snapshot
    return replay(_tail(scope, conversation_id, row.snapshot_version), snapshot)


def read(scope: Scope, conversation_id: ConversationId, after: int) -> Sequence[Recorded]:
    recorded = _tail(scope, conversation_id, after)
    if not recorded and scope.first(_HEAD, of=conversation_id) is None:
        raise conversation_not_found(conversation_id)
    return recorded


def commit(scope: Scope, commit: Commit) -> None:
    check_commit(commit)
    at = _time_of(commit)
    _advance(scope, commit.conversation_id, commit.expected_version, commit.events, commit.state)
    if commit.turn is not None:
        _insert_turn(scope, commit.conversation_id, commit.turn, at)
    for effect in commit.effects:
        ledger.keep(scope, effect)
    scope.insert(tickets, *(_ticket_row(ticket) for ticket in commit.tickets))
    outbox.put(scope, commit.outgoing, at)


def append(
    scope: Scope, conversation_id: ConversationId, new: Sequence[Event], at: datetime
) -> ConversationState:
    state = load(scope, conversation_id)
    recorded = numbered(new, state.version, at)
    after = replay(recorded, state)
    _advance(scope, conversation_id, state.version, recorded, after)
    return after


def unanswered(scope: Scope) -> Sequence[ConversationId]:
    return [ConversationId(row.conversation_id) for row in scope.rows(_UNANSWERED)]


def response_to(scope: Scope, message_id: MessageId) -> Record | None:
    row = scope.first(_BY_MESSAGE_ID, of=message_id)
    return None if row is None else row.response


def _tail(scope: Scope, conversation_id: ConversationId, after: int) -> Sequence[Recorded]:
    return [
        Recorded(row.seq, row.at, decode_event(row.type, row.data))
        for row in scope.rows(_TAIL, of=conversation_id, after=after)
    ]


def _time_of(commit: Commit) -> datetime:
    """When the commit happened: the state's last change, since a commit without events changes no state."""
    if commit.state.updated_at is None:
        raise ValueError("a commit cannot leave a conversation without events")
    return commit.state.updated_at


def _advance(
    scope: Scope,
    conversation_id: ConversationId,
    expected: int,
    recorded: Sequence[Recorded],
    state: ConversationState,
) -> None:
    moved = scope.run(
        _ADVANCE,
        of=conversation_id,
        expected=expected,
        version=state.version,
        status=state.status,
        owner_kind=state.owner.kind,
        queue=state.owner.queue,
        agent_id=state.owner.agent_id,
        language=state.language,
        intent=state.intent,
        pending=bool(state.unanswered),
        snapshot=state,
        snapshot_version=state.version,
        updated_at=state.updated_at,
    )
    if not moved:
        if scope.first(_HEAD, of=conversation_id) is None:
            raise conversation_not_found(conversation_id)
        raise version_conflict(conversation_id, expected)
    _insert_events(scope, conversation_id, recorded)


def _insert_events(scope: Scope, conversation_id: ConversationId, recorded: Sequence[Recorded]) -> None:
    scope.run_each(_RECORD, [_event_row(conversation_id, one) for one in recorded])


def _event_row(conversation_id: ConversationId, recorded: Recorded) -> dict[str, object]:
    name, data = encode_event(recorded.event)
    return {
        "conversation_id": conversation_id,
        "seq": recorded.seq,
        "at": recorded.at,
        "type": name,
        "data": data,
    }


def _insert_message(
    scope: Scope, conversation_id: ConversationId, channel: str, spoke: CustomerSpoke, seq: int
) -> None:
    scope.run(
        _KEEP_MESSAGE,
        message_id=spoke.message_id,
        conversation_id=conversation_id,
        channel=channel,
        client_message_id=spoke.client_message_id,
        channel_message_id=spoke.channel_message_id,
        seq=seq,
    )


def _insert_turn(scope: Scope, conversation_id: ConversationId, turn: TurnRecord, at: datetime) -> None:
    scope.run(
        _KEEP_TURN,
        conversation_id=conversation_id,
        turn_id=turn.turn_id,
        at=at,
        response=turn.response,
        trace=turn.trace,
    )
    for message_id in turn.answers:
        scope.run(_SETTLE_MESSAGE, of=message_id, turn_id=turn.turn_id)


def _ticket_row(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket_id": ticket.ticket_id,
        "conversation_id": ticket.conversation_id,
        "reason": ticket.reason,
        "queue": ticket.queue,
        "summary": ticket.summary,
        "status": ticket.status,
        "created_at": ticket.created_at,
    }
