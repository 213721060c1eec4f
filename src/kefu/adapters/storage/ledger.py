"""The effect ledger in the database."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from kefu.adapters.storage.prepared import Fields
from kefu.adapters.storage.rules import kept, reserved
from kefu.adapters.storage.schema import effects
from kefu.adapters.storage.scope import HERE, Scope
from kefu.conversation.ids import ConversationId, CustomerId, EffectId
from kefu.operations.ledger import Effect

_ONE = sa.select(effects).where(effects.c.workspace_id == HERE, effects.c.effect_id == sa.bindparam("of"))
_SET = sa.update(effects).where(effects.c.workspace_id == HERE, effects.c.effect_id == sa.bindparam("of"))
_UNSETTLED = (
    sa.select(effects)
    .where(
        effects.c.workspace_id == HERE,
        effects.c.status.in_(["reserved", "unknown"]),
        effects.c.reserved_at < sa.bindparam("before"),
    )
    .order_by(effects.c.reserved_at, effects.c.effect_id)
)


def reserve(scope: Scope, effect: Effect, now: datetime) -> Effect:
    stored = find(scope, effect.effect_id)
    row = reserved(stored, effect, now)
    _put(scope, stored, row)
    return row


def keep(scope: Scope, effect: Effect) -> None:
    """Writes what is new in `effect`; see `rules.kept`."""
    stored = find(scope, effect.effect_id)
    _put(scope, stored, kept(stored, effect))


def find(scope: Scope, effect_id: EffectId) -> Effect | None:
    row = scope.one(_ONE, of=effect_id)
    return None if row is None else _effect(row)


def unsettled(scope: Scope, reserved_before: datetime) -> Sequence[Effect]:
    return [_effect(row) for row in scope.query(_UNSETTLED, before=reserved_before)]


def _put(scope: Scope, stored: Effect | None, row: Effect) -> None:
    values = {
        "conversation_id": row.conversation_id,
        "operation": row.operation,
        "arguments": row.arguments,
        "digest": row.digest,
        "status": row.status,
        "customer_id": row.customer_id,
        "proposed_at": row.proposed_at,
        "confirmed_at": row.confirmed_at,
        "reserved_at": row.reserved_at,
        "settled_at": row.settled_at,
        "result": row.result,
        "failure": row.failure,
        "attempts": row.attempts,
    }
    if stored is None:
        scope.insert(effects, {"effect_id": row.effect_id, **values})
    elif row != stored:
        scope.change(_SET, of=row.effect_id, **values)


def _effect(row: Fields) -> Effect:
    return Effect(
        EffectId(row.effect_id),
        ConversationId(row.conversation_id),
        row.operation,
        row.arguments,
        row.digest,
        row.status,
        CustomerId(row.customer_id),
        row.proposed_at,
        row.confirmed_at,
        row.reserved_at,
        row.settled_at,
        row.result,
        row.failure,
        row.attempts,
    )
