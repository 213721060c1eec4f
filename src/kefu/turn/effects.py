"""Writes, through the effect ledger: proposed, confirmed by the customer, reserved, executed once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, assert_never

from kefu import errors
from kefu.conversation.events import (
    EffectBecameUnknown,
    EffectConfirmed,
    EffectExecuted,
    EffectFailed,
    EffectProposed,
)
from kefu.conversation.ids import Clock, ConversationId, MessageId
from kefu.conversation.values import Record
from kefu.flows.outcomes import (
    ConfirmationExpired,
    OperationCall,
    OperationFailed,
    OperationRefused,
    OperationReturned,
    Proposal,
)
from kefu.operations.ledger import (
    CONFIRMATION_LASTS,
    SETTLED,
    Effect,
    digest_of,
    effect_key,
    may_execute,
)
from kefu.operations.model import BackOffice, Call
from kefu.turn.draft import Draft, OperationNote
from kefu.turn.services import Services

UNAVAILABLE = "unavailable"


def propose(draft: Draft, conversation_id: ConversationId, proposal: Proposal, services: Services) -> None:
    """Puts a write before the customer. A yes given to anything else no longer counts."""
    drop_open_proposal(draft)
    now = services.clock()
    digest = digest_of(proposal.operation, proposal.arguments)
    # The version numbers the proposals, so that the same write proposed again is another effect.
    effect_id = effect_key(conversation_id, proposal.run, proposal.step, digest, draft.state.version)
    frame = draft.state.flow
    draft.record(
        EffectProposed(
            effect_id,
            frame.flow if frame else "",
            proposal.run,
            proposal.step,
            proposal.operation,
            proposal.arguments,
            digest,
            now + CONFIRMATION_LASTS,
        )
    )
    draft.effects.append(
        Effect(
            effect_id=effect_id,
            conversation_id=conversation_id,
            operation=proposal.operation,
            arguments=proposal.arguments,
            digest=digest,
            status="proposed",
            customer_id=draft.customer_id,
            proposed_at=now,
        )
    )
    draft.operations.append(OperationNote(proposal.operation, "write", proposal.arguments, "proposed"))


def confirm(draft: Draft, message_id: MessageId) -> None:
    """Binds the customer's yes to the open proposal."""
    if draft.state.effect is not None:
        draft.record(EffectConfirmed(draft.state.effect.effect_id, message_id))


def drop_open_proposal(
    draft: Draft, failure: Literal["declined", "superseded", "expired"] = "superseded"
) -> None:
    """Closes a proposal that got no yes, so that a later yes cannot reach it."""
    pending = draft.state.effect
    if pending is None:
        return
    draft.record(EffectFailed(pending.effect_id, failure))
    draft.effects = [effect for effect in draft.effects if effect.effect_id != pending.effect_id]


async def write(
    draft: Draft, conversation_id: ConversationId, call: OperationCall, services: Services
) -> OperationReturned | OperationRefused | OperationFailed | ConfirmationExpired:
    """Carries out a confirmed write, or finds out how an earlier try of the same one ended.

    The reservation is a commit of its own, made before the call: whatever dies afterwards, the next try finds
    the same row, sends the same arguments under the same key, and the back office carries them out once.
    """
    pending = draft.state.effect
    if pending is None or pending.digest != digest_of(call.operation, call.arguments):
        drop_open_proposal(draft)
        return ConfirmationExpired()
    earlier = await services.store.effect(pending.effect_id)
    begun = earlier is not None and earlier.status not in ("proposed", "confirmed")
    if not begun and not may_execute(pending, call.operation, call.arguments, services.clock()):
        drop_open_proposal(draft, "expired")
        return ConfirmationExpired()
    now = services.clock()
    reserved = await services.store.reserve(
        Effect(
            effect_id=pending.effect_id,
            conversation_id=conversation_id,
            operation=call.operation,
            arguments=call.arguments,
            digest=pending.digest,
            status="reserved",
            customer_id=draft.customer_id,
            proposed_at=earlier.proposed_at if earlier else now,
            confirmed_at=now,
            reserved_at=now,
        )
    )
    draft.wrote = True
    begin = services.monotonic()
    settled = await carry_out(reserved, services.back_office, services.clock)
    draft.effects.append(settled)
    _record(draft, settled, call.arguments, (services.monotonic() - begin) * 1000)
    return _for_the_flow(settled)


async def carry_out(effect: Effect, back_office: BackOffice, clock: Clock) -> Effect:
    """The effect, reserved for this try, after one call; unchanged when an earlier try settled it."""
    if effect.status in SETTLED:
        return effect
    call = Call(
        effect.operation,
        effect.arguments,
        effect.customer_id,
        idempotency_key=effect.effect_id,
        confirmed_at=effect.confirmed_at,
    )
    try:
        result = await back_office.run(call)
    except errors.OperationRefused as refused:
        details: Record = {"message": refused.detail, **refused.details}
        return replace(effect, status="failed", failure=refused.reason, result=details, settled_at=clock())
    except errors.OperationUnavailable:
        if effect.attempts > 1:
            # This try did nothing, but an earlier one may have.
            return replace(effect, status="unknown")
        return replace(effect, status="failed", failure=UNAVAILABLE, settled_at=clock())
    except errors.OperationUnknown:
        return replace(effect, status="unknown")
    return replace(effect, status="executed", result=result, settled_at=clock())


def outcome_of(effect: Effect) -> EffectExecuted | EffectFailed | EffectBecameUnknown:
    """The event that says how a call of this effect ended."""
    match effect.status:
        case "executed":
            return EffectExecuted(effect.effect_id, effect.result)
        case "failed":
            kind = "unavailable" if effect.failure == UNAVAILABLE else "refused"
            return EffectFailed(effect.effect_id, kind, effect.failure)
        case "unknown" | "proposed" | "confirmed" | "reserved":
            return EffectBecameUnknown(effect.effect_id)
        case _:
            assert_never(effect.status)


def _record(draft: Draft, effect: Effect, arguments: Record, duration_ms: float) -> None:
    outcome = outcome_of(effect)
    match outcome:
        case EffectExecuted():
            status: Literal["executed", "failed", "unknown"] = "executed"
        case EffectFailed():
            status = "failed"
        case EffectBecameUnknown():
            status = "unknown"
        case _:
            assert_never(outcome)
    draft.record(outcome)
    draft.ran(effect.operation, "write", arguments, status, duration_ms, effect.failure)


def _for_the_flow(effect: Effect) -> OperationReturned | OperationRefused | OperationFailed:
    if effect.status == "executed":
        return OperationReturned(effect.result)
    if effect.status == "failed" and effect.failure != UNAVAILABLE:
        details: Record = effect.result if isinstance(effect.result, Mapping) else {}
        return OperationRefused(effect.failure or "", details)
    return OperationFailed("unavailable" if effect.status == "failed" else "unknown")
