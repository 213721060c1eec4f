"""Drives conversation tests: each on an application of its own, in a time of its own."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from kefu.adapters.clocks import system_clock
from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.api.access import visitor, vouched_customer
from kefu.api.application import Application, Workspace
from kefu.conversation.events import Customer
from kefu.conversation.ids import ConversationId, CustomerId
from kefu.conversation.values import Record, Value
from kefu.errors import OperationRefused
from kefu.operations.model import Call
from kefu.release.conversation_tests import ConversationTest, RecordExpected
from kefu.release.judging import (
    Failure,
    Observed,
    effects_carried_out,
    judge_effects,
    judge_record,
    judge_turn,
)
from kefu.settings import Settings
from kefu.turn.store import Incoming
from kefu.understanding.reading import Understanding
from kefu.wiring import build

_CHANNEL = "test"
_TURN_TAKES = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class TurnPlayed:
    """One turn as it went."""

    user: str
    line: int
    reply: str
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """One test as it went. `seconds` is what its turns took, in real time."""

    test: ConversationTest
    turns: tuple[TurnPlayed, ...]
    lasting: tuple[Failure, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.lasting and not any(turn.failures for turn in self.turns)


class VirtualClock:
    """Time that passes only when the test says so."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def forward(self, by: timedelta) -> None:
        self._now += by


async def play_all(
    tests: Sequence[ConversationTest],
    settings: Settings,
    *,
    start: datetime | None,
    jobs: int,
    progress: Callable[[float, str], None],
    show: Callable[[Played], None],
) -> Sequence[Played]:
    """The tests as they went, in their order; at most `jobs` at a time. `show` gets each as soon as it ends.

    Time starts at `start`, by default now. Understanding is trained once and serves every test. Nothing is
    written outside temporary folders but the trained parts, which `settings` say where to keep.
    """
    begin = start or system_clock()
    room = asyncio.Semaphore(jobs)
    models = settings.models_dir or settings.data_dir / "models"
    with tempfile.TemporaryDirectory(prefix="kefu-test-") as folder:
        apart = replace(settings, data_dir=Path(folder, "shared"), models_dir=models)
        async with build(apart, progress=progress, clock=VirtualClock(begin)) as shared:
            understanding = shared.bot.understanding

        async def played(number: int, test: ConversationTest) -> Played:
            async with room:
                own = replace(apart, data_dir=Path(folder, str(number)))
                ended = await play(test, own, begin, understanding)
            show(ended)
            return ended

        return await asyncio.gather(*(played(number, test) for number, test in enumerate(tests)))


async def play(
    test: ConversationTest, settings: Settings, start: datetime, understanding: Understanding
) -> Played:
    """One test from its first turn to what lasts. A turn that fails does not end it."""
    clock = VirtualClock(start)
    async with AsyncExitStack() as stack:
        application = await stack.enter_async_context(
            build(settings, clock=clock, understanding=understanding)
        )
        began = perf_counter()
        conversation = _Conversation(application, test)
        turns: list[TurnPlayed] = []
        for turn in test.turns:
            clock.forward(turn.after + _TURN_TAKES)
            observed = await conversation.say(turn.user)
            failures = judge_turn(turn.checks, observed)
            turns.append(TurnPlayed(turn.user, turn.line, str(observed.response["reply"]), failures))
        lasting = await conversation.judge_what_lasts()
        took = perf_counter() - began
    return Played(test, tuple(turns), lasting, took)


class _Conversation:
    """One customer's talk with one application."""

    def __init__(self, application: Application, test: ConversationTest) -> None:
        self._workspace: Workspace = application.workspaces[DEFAULT_WORKSPACE]
        self._test = test
        self._customer = _customer(test)
        self._id: ConversationId | None = None

    async def say(self, text: str) -> Observed:
        turns = self._workspace.turns
        accepted = await turns.accept(
            Incoming(customer=self._customer, channel=_CHANNEL, text=text, conversation_id=self._id)
        )
        self._id = accepted.conversation_id
        response = await turns.answer(accepted)
        return Observed(response, (await turns.state(self._id)).question)

    async def judge_what_lasts(self) -> tuple[Failure, ...]:
        expected = self._test.lasting
        log = () if self._id is None else await self._workspace.store.events(self._id)
        failures = list(judge_effects(expected, effects_carried_out(log)))
        for record in expected.records:
            failure = judge_record(record, await self._records(record))
            failures += [] if failure is None else [failure]
        return tuple(failures)

    async def _records(self, expected: RecordExpected) -> Sequence[Record]:
        """The order itself, or its returns, as the customer could read them."""
        reader = CustomerId(expected.customer) if expected.customer else self._customer.id
        order = await self._read("orders.get", {"order_id": expected.order_id}, reader)
        if order is None or expected.kind == "orders":
            return [] if order is None else [order]
        ids = order.get("returns")
        listed: Sequence[Value] = ids if isinstance(ids, list) else []
        found = [await self._read("returns.get", {"return_id": id_}, reader) for id_ in listed]
        return [record for record in found if record is not None]

    async def _read(self, operation: str, arguments: dict[str, Value], reader: CustomerId) -> Record | None:
        try:
            result = await self._workspace.turns.services.back_office.run(Call(operation, arguments, reader))
        except OperationRefused:
            return None
        return result if isinstance(result, dict) else None


def _customer(test: ConversationTest) -> Customer:
    if test.customer is None:
        return visitor(f"conversation test {test.file} {test.name}")
    return vouched_customer(test.customer, None, None, {})
