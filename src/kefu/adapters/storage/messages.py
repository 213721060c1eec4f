"""Customers' messages: each stored once, under every id by which it may come again."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kefu.adapters.storage.log import AS_EXPECTED, HEAD, record
from kefu.adapters.storage.prepared import Fields, Prepared
from kefu.adapters.storage.rules import (
    check_incoming,
    conversation_not_found,
    derived_conversation_id,
    numbered,
    opening,
    speaking,
    version_conflict,
)
from kefu.adapters.storage.schema import LABEL, conversations, messages, turns, workspaces
from kefu.adapters.storage.scope import HERE, Scope
from kefu.conversation.events import CustomerSpoke
from kefu.conversation.ids import ConversationId, MessageId, ReleaseId, new_id
from kefu.conversation.values import Record
from kefu.errors import NotFound
from kefu.turn.store import Accepted, Incoming, TurnRecord

_WORKSPACE = Prepared(sa.select(workspaces.c.workspace_id).where(workspaces.c.workspace_id == HERE))
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
_HEAR = Prepared(sa.update(conversations).where(*AS_EXPECTED), "version", "status", "pending", "updated_at")
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
    record(scope, place.conversation_id, recorded)
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
    head = scope.first(HEAD, of=found)
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


def response_to(scope: Scope, message_id: MessageId) -> Record | None:
    row = scope.first(_BY_MESSAGE_ID, of=message_id)
    return None if row is None else row.response


def settle(scope: Scope, turn: TurnRecord) -> None:
    """Says which turn answered the messages; the first one that did stays."""
    for message_id in turn.answers:
        scope.run(_SETTLE_MESSAGE, of=message_id, turn_id=turn.turn_id)


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
