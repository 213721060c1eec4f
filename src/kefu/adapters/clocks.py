"""Where the time comes from."""

import time
from datetime import UTC, datetime, timedelta

from kefu.conversation.ids import Clock


def system_clock() -> datetime:
    return datetime.now(UTC)


def clock_from(start: datetime) -> Clock:
    """A clock that shows `start` now and runs forward at the usual pace. `start` must know its zone."""
    begin = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - begin)
