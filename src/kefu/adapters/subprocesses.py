"""Heavy work in a process of its own, so that what it loads does not stay in the server's memory."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

R = TypeVar("R")
Progress = Callable[[float, str], None]
"""Called with the share that is done, from 0 to 1, and what is being done."""


class WorkFailed(RuntimeError):
    """The process ended without a result; the message is what it said last."""


async def run_apart(work: Callable[..., R], progress: Progress, *given: object) -> R:
    """The result of `work(*given, progress=report)`, run in a fresh process; `progress` gets its reports.

    `work` and everything that travels must be picklable. Raises `WorkFailed` when it raises or dies.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, work, given), daemon=True)
    process.start()
    sender.close()
    try:
        return await asyncio.to_thread(_receive, receiver, progress)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def _work(sender: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    # One core each: the linear algebra libraries' own threads only get in each other's way here.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

    def report(done: float, text: str) -> None:
        sender.send(("progress", (done, text)))

    try:
        sender.send(("result", work(*given, progress=report)))
    except Exception as error:  # noqa: BLE001 -- whatever it is, the parent has to hear of it
        sender.send(("failure", f"{type(error).__name__}: {error}"))


def _receive(receiver: Connection, progress: Progress) -> Any:
    while True:
        try:
            kind, value = receiver.recv()
        except EOFError as error:
            raise WorkFailed("the process died without a word; was it out of memory?") from error
        if kind == "progress":
            progress(*value)
        elif kind == "result":
            return value
        else:
            raise WorkFailed(value)
