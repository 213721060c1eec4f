"""Effects whose outcome is not known: ask again, under the same key, and tell the customer."""

from datetime import timedelta

import structlog

from kefu.conversation.events import BotReplied, Event
from kefu.conversation.ids import MessageId, TurnId, new_id
from kefu.operations.ledger import SETTLED, Effect
from kefu.turn.effects import carry_out, outcome_of
from kefu.turn.runner import Turns

_SETTLES_ITSELF_WITHIN = timedelta(seconds=60)
"""A turn that is still running settles its own effects."""

_log = structlog.get_logger("kefu.worker")


async def reconcile(turns: Turns) -> int:
    """Settles what can be settled; the number of effects that were."""
    services = turns.services
    settled = 0
    before = services.clock() - _SETTLES_ITSELF_WITHIN
    for effect in await services.store.unsettled_effects(reserved_before=before):
        result = await carry_out(effect, services.back_office, services.clock)
        await services.store.settle(result)
        if result.status in SETTLED:
            settled += 1
            await _tell(turns, result)
    return settled


async def _tell(turns: Turns, effect: Effect) -> None:
    """What happened, as a fact of the log, and as a reply that answers no message."""
    services = turns.services
    state = await turns.state(effect.conversation_id)
    done = effect.status == "executed"
    key = "effect.settled_done" if done else "effect.settled_failed"
    title = services.back_office.operations[effect.operation].summary or effect.operation
    parts = services.bot.wording.render(key, {"title": title}, state.language or "zh-Hans")
    now = services.clock()
    reply = BotReplied(TurnId(new_id("turn", now)), MessageId(new_id("msg", now)), (), tuple(parts))
    events: list[Event] = [outcome_of(effect), reply]
    await turns.append(effect.conversation_id, *events)
    _log.info("effect_reconciled", effect_id=effect.effect_id, status=effect.status)
