"""Replies that wait to be pushed through a channel, in order within their conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kefu.adapters.storage.prepared import Fields
from kefu.adapters.storage.schema import outbox
from kefu.adapters.storage.scope import HERE, Scope
from kefu.conversation.ids import ConversationId, MessageId
from kefu.turn.store import Outgoing


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply whose turn it is. `attempts` counts the tries that failed so far."""

    outgoing: Outgoing
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A reply that was given up, and why."""

    outgoing: Outgoing
    attempts: int
    failure: str
    given_up_at: datetime


_earlier = outbox.alias("earlier")
_FIRST_IN_LINE = ~sa.exists().where(
    _earlier.c.workspace_id == outbox.c.workspace_id,
    _earlier.c.conversation_id == outbox.c.conversation_id,
    _earlier.c.status == "waiting",
    _earlier.c.seq < outbox.c.seq,
)
_DUE = (
    sa.select(outbox)
    .where(
        outbox.c.workspace_id == HERE,
        outbox.c.status == "waiting",
        outbox.c.due_at <= sa.bindparam("now"),
        _FIRST_IN_LINE,
    )
    .order_by(outbox.c.due_at, outbox.c.conversation_id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_GIVEN_UP = (
    sa.select(outbox)
    .where(outbox.c.workspace_id == HERE, outbox.c.status == "failed")
    .order_by(outbox.c.settled_at.desc(), outbox.c.message_id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_SETTLE = sa.update(outbox).where(
    outbox.c.workspace_id == HERE,
    outbox.c.message_id == sa.bindparam("of"),
    outbox.c.status == "waiting",
)
_TRIED_AGAIN = _SETTLE.values(attempts=outbox.c.attempts + 1)


def put(scope: Scope, outgoing: Sequence[Outgoing], at: datetime) -> None:
    scope.insert(
        outbox,
        *(
            {
                "message_id": one.message_id,
                "conversation_id": one.conversation_id,
                "seq": one.seq,
                "channel": one.channel,
                "payload": one.payload,
                "status": "waiting",
                "attempts": 0,
                "due_at": at,
            }
            for one in outgoing
        ),
    )


def due(scope: Scope, now: datetime, at_most: int) -> Sequence[Waiting]:
    return [
        Waiting(_outgoing(row), row.attempts, row.due_at)
        for row in scope.query(_DUE, now=now, at_most=at_most)
    ]


def delivered(scope: Scope, message_id: MessageId, at: datetime) -> None:
    scope.change(_SETTLE, of=message_id, status="delivered", settled_at=at)


def failed(
    scope: Scope, message_id: MessageId, at: datetime, failure: str, retry_at: datetime | None
) -> None:
    if retry_at is None:
        scope.change(_TRIED_AGAIN, of=message_id, status="failed", settled_at=at, failure=failure)
    else:
        scope.change(_TRIED_AGAIN, of=message_id, due_at=retry_at, failure=failure)


def given_up(scope: Scope, at_most: int) -> Sequence[Undelivered]:
    return [
        Undelivered(_outgoing(row), row.attempts, row.failure, row.settled_at)
        for row in scope.query(_GIVEN_UP, at_most=at_most)
    ]


def _outgoing(row: Fields) -> Outgoing:
    return Outgoing(
        ConversationId(row.conversation_id), MessageId(row.message_id), row.seq, row.channel, row.payload
    )
