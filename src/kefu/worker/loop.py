"""The worker's loop: what has to be done again and again, each at its own pace."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from kefu.adapters.storage import WorkspaceStorage
from kefu.channels.channel import Channel
from kefu.errors import KefuError
from kefu.turn.runner import Turns
from kefu.worker.outbox import deliver_due
from kefu.worker.reconcile import reconcile

_log = structlog.get_logger("kefu.worker")


@dataclass(frozen=True, slots=True)
class Duty:
    """`every` is in seconds, counted from the end of one run to the beginning of the next."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


def duties_of(turns: Turns, store: WorkspaceStorage, channels: Mapping[str, Channel]) -> tuple[Duty, ...]:
    """What one workspace needs. Recovery also picks up a turn that lost its process a moment ago."""
    return (
        Duty("outbox", 1.0, lambda: deliver_due(store, channels, turns.services.clock)),
        Duty("reconcile", 30.0, lambda: reconcile(turns)),
        Duty("recover", 30.0, turns.recover),
    )


async def perform(duty: Duty) -> None:
    """Runs a duty for ever. What goes wrong is logged, and tried again at its pace."""
    while True:
        try:
            await duty.run()
        except KefuError as error:
            _log.error("duty_failed", duty=duty.name, code=error.code, detail=error.detail)
        except Exception as error:  # noqa: BLE001 -- a bug in one run must not end all the runs after it
            _log.error("duty_failed", duty=duty.name, exc_info=error)
        await asyncio.sleep(duty.every)
