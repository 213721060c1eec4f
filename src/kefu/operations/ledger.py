"""The rules of the effect ledger: proposed → confirmed → reserved → executed | failed | unknown.

An effect is keyed by conversation, flow run, flow step and the digest of its arguments. The key is what the
back office sees as `Idempotency-Key`, so a retry after any crash replays the recorded arguments and the back
office carries them out once.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from kefu.conversation.ids import ConversationId, CustomerId, EffectId
from kefu.conversation.state import PendingEffect
from kefu.conversation.values import Record, Value

CONFIRMATION_LASTS = timedelta(minutes=10)
"""How long a yes may be given after the proposal. The demo back office takes consent for 15 minutes."""

EffectStatus = Literal["proposed", "confirmed", "reserved", "executed", "failed", "unknown"]

SETTLED: frozenset[EffectStatus] = frozenset({"executed", "failed"})


@dataclass(frozen=True, slots=True)
class Effect:
    """One row of the ledger. `arguments` are exactly what was, or will be, sent."""

    effect_id: EffectId
    conversation_id: ConversationId
    operation: str
    arguments: Record
    digest: str
    status: EffectStatus
    customer_id: CustomerId
    proposed_at: datetime
    confirmed_at: datetime | None = None
    reserved_at: datetime | None = None
    settled_at: datetime | None = None
    result: Value = None
    failure: str | None = None
    attempts: int = 0


def digest_of(operation: str, arguments: Record) -> str:
    """The SHA-256, in hex, of the operation and its arguments in canonical JSON (RFC 8785's key order)."""
    text = json.dumps([operation, arguments], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def effect_key(conversation_id: ConversationId, run: int, step: str, digest: str, number: int) -> EffectId:
    """The effect's id. `number` counts proposals in the conversation, so that a new yes is a new effect."""
    text = f"{conversation_id}\0{run}\0{step}\0{digest}\0{number}"
    return EffectId("eff_" + hashlib.sha256(text.encode()).hexdigest()[:32])


def may_execute(pending: PendingEffect | None, operation: str, arguments: Record, now: datetime) -> bool:
    """Whether the customer said yes to exactly this, in time. Nothing else opens the way to a write."""
    return (
        pending is not None
        and pending.confirmed
        and pending.digest == digest_of(operation, arguments)
        and now <= pending.expires_at
    )
