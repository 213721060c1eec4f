"""A duty is done again and again, whatever went wrong the last time."""

import asyncio
from collections.abc import Iterator

import pytest
import structlog

from kefu.errors import StorageError
from kefu.worker.loop import Duty, perform


class Done(BaseException):
    """Ends a loop that has no end of its own."""


def _duty(outcomes: Iterator[BaseException | None]) -> Duty:
    async def run() -> None:
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome

    return Duty("sweep", 0.0, run)


@pytest.mark.parametrize("failure", [StorageError("the disk is full"), ZeroDivisionError("a bug")])
async def test_a_failed_run_is_logged_and_followed_by_the_next(failure: Exception) -> None:
    with structlog.testing.capture_logs() as lines, pytest.raises(Done):
        await perform(_duty(iter([None, failure, None, Done()])))
    assert [(line["event"], line["duty"]) for line in lines] == [("duty_failed", "sweep")]


async def test_a_cancelled_duty_ends() -> None:
    running = asyncio.create_task(perform(_duty(iter([None] * 1000))))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
