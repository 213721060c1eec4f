"""The outbox: replies leave through their channel in order, each until it is taken or given up."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from kefu.adapters.storage import Waiting, WorkspaceStorage
from kefu.channels.channel import Channel
from kefu.conversation.ids import Clock
from kefu.errors import DeliveryFailed

_FIRST_PAUSE = timedelta(seconds=2)
_TRIES = 8
_log = structlog.get_logger("kefu.worker")


async def deliver_due(store: WorkspaceStorage, channels: Mapping[str, Channel], clock: Clock) -> int:
    """Tries every reply whose turn it is; the number of those that were taken."""
    taken = 0
    for waiting in await store.due(clock()):
        taken += await _deliver(store, channels, clock, waiting)
    return taken


async def _deliver(
    store: WorkspaceStorage, channels: Mapping[str, Channel], clock: Clock, waiting: Waiting
) -> bool:
    outgoing = waiting.outgoing
    try:
        channel = channels[outgoing.channel]
        await channel.send(str(outgoing.payload["to"]), outgoing.payload, key=outgoing.message_id)
    except (DeliveryFailed, KeyError) as error:
        pause = _FIRST_PAUSE * 2**waiting.attempts
        retry_at = clock() + pause if waiting.attempts + 1 < _TRIES else None
        await store.failed(outgoing.message_id, clock(), str(error), retry_at=retry_at)
        _log.warning("delivery_failed", message_id=outgoing.message_id, attempts=waiting.attempts + 1)
        return False
    await store.delivered(outgoing.message_id, clock())
    return True
