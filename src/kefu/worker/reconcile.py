"""Effects whose outcome is not known: ask again, under the same key, and tell the customer."""

from datetime import timedelta

import structlog

from kefu.operations.ledger import SETTLED, Effect
from kefu.turn.effects import carry_out
from kefu.turn.handle import owes_a_reply
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
        try:
            settled += await _settled(turns, effect)
        except Exception as error:  # noqa: BLE001 -- one that cannot be settled must not hold up those after it
            _log.error("effect_not_reconciled", effect_id=effect.effect_id, exc_info=error)
    return settled


async def _settled(turns: Turns, effect: Effect) -> bool:
    services = turns.services
    if owes_a_reply(await turns.state(effect.conversation_id)):
        turns.wake(effect.conversation_id)  # the turn that is owed settles it, and tells
        return False
    reserved = await services.store.reserve(effect)
    if reserved.status in SETTLED:
        return False
    result = await carry_out(reserved, services.back_office, services.clock)
    if result.status in SETTLED:
        await _tell(turns, result)
        return True
    await services.store.settle(result)
    return False


async def _tell(turns: Turns, effect: Effect) -> None:
    services = turns.services
    state = await turns.state(effect.conversation_id)
    done = effect.status == "executed"
    key = "effect.settled_done" if done else "effect.settled_failed"
    title = services.back_office.operations[effect.operation].summary or effect.operation
    parts = services.bot.wording.render(key, {"title": title}, state.language or "zh-Hans")
    await turns.tell(effect, parts)
    _log.info("effect_reconciled", effect_id=effect.effect_id, status=effect.status)
