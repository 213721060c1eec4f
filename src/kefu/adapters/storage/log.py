"""The log of a conversation and its snapshot: reading both, and moving them on together."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from kefu.adapters.storage.prepared import Prepared
from kefu.adapters.storage.rules import conversation_not_found, numbered, version_conflict
from kefu.adapters.storage.schema import conversations, events
from kefu.adapters.storage.scope import HERE, Scope
from kefu.conversation.codec import decode_event, decode_state, encode_event
from kefu.conversation.events import Event, Recorded
from kefu.conversation.ids import ConversationId
from kefu.conversation.state import INITIAL, ConversationState, replay

_THIS = (conversations.c.workspace_id == HERE, conversations.c.conversation_id == sa.bindparam("of"))
AS_EXPECTED = (*_THIS, conversations.c.version == sa.bindparam("expected"))

HEAD = Prepared(sa.select(conversations.c.version, conversations.c.customer_id).where(*_THIS))
_SNAPSHOT = Prepared(
    sa.select(conversations.c.version, conversations.c.snapshot, conversations.c.snapshot_version).where(
        *_THIS
    )
)
_ADVANCE = Prepared(
    sa.update(conversations).where(*AS_EXPECTED),
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
    .order_by(conversations.c.updated_at)
)


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
    if not recorded and scope.first(HEAD, of=conversation_id) is None:
        raise conversation_not_found(conversation_id)
    return recorded


def append(
    scope: Scope, conversation_id: ConversationId, new: Sequence[Event], at: datetime
) -> ConversationState:
    state = load(scope, conversation_id)
    recorded = numbered(new, state.version, at)
    after = replay(recorded, state)
    advance(scope, conversation_id, state.version, recorded, after)
    return after


def unanswered(scope: Scope) -> Sequence[ConversationId]:
    return [ConversationId(row.conversation_id) for row in scope.rows(_UNANSWERED)]


def _tail(scope: Scope, conversation_id: ConversationId, after: int) -> Sequence[Recorded]:
    return [
        Recorded(row.seq, row.at, decode_event(row.type, row.data))
        for row in scope.rows(_TAIL, of=conversation_id, after=after)
    ]


def advance(
    scope: Scope,
    conversation_id: ConversationId,
    expected: int,
    recorded: Sequence[Recorded],
    state: ConversationState,
) -> None:
    """Appends at `expected` and writes the snapshot after it. Raises `VersionConflict` or `NotFound`."""
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
        if scope.first(HEAD, of=conversation_id) is None:
            raise conversation_not_found(conversation_id)
        raise version_conflict(conversation_id, expected)
    record(scope, conversation_id, recorded)


def record(scope: Scope, conversation_id: ConversationId, recorded: Sequence[Recorded]) -> None:
    """Writes events into the log of a conversation whose version was moved on to make room for them."""
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
