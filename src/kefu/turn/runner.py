"""Runs turns: one at a time in each conversation, bursts merged, crashes recovered, races settled.

A message is stored before anything else happens to it. Whoever sent it may wait for the answer, go away, or
ask again with the same id: the turn runs in a task of its own and is never cancelled by a caller.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

import structlog

from kefu.conversation.commands import HandoffReason
from kefu.conversation.events import CustomerSpoke, Event, Recorded
from kefu.conversation.ids import ConversationId, MessageId
from kefu.conversation.messages import Part
from kefu.conversation.state import ConversationState, replay
from kefu.conversation.values import Record
from kefu.errors import VersionConflict
from kefu.operations.ledger import Effect
from kefu.turn.act import Acting
from kefu.turn.commits import commit_of, outgoing_of
from kefu.turn.draft import Draft
from kefu.turn.effects import outcome_of
from kefu.turn.failure import excuse
from kefu.turn.frames import frames_of, frames_of_others
from kefu.turn.handle import Settled, handle, owes_a_reply
from kefu.turn.response import silent_response
from kefu.turn.services import Services
from kefu.turn.store import Accepted, Commit, Incoming

_CACHED_STATES = 4096
_log = structlog.get_logger("kefu.turn")


class Turns:
    """The turns of one workspace, in one process."""

    def __init__(self, services: Services, push_channels: frozenset[str] = frozenset()) -> None:
        self._services = services
        self._push_channels = push_channels
        self._running: dict[ConversationId, asyncio.Task[None]] = {}
        self._waiting: dict[ConversationId, dict[MessageId, asyncio.Future[Record]]] = {}
        self._states: OrderedDict[ConversationId, ConversationState] = OrderedDict()
        self._newest: dict[ConversationId, int] = {}  # what was stored while the conversation runs

    @property
    def services(self) -> Services:
        return self._services

    async def accept(self, incoming: Incoming) -> Accepted:
        """Stores the message; it is durable when this returns. A repeat is a no-op. Raises `NotFound`."""
        services = self._services
        accepted = await services.store.accept(incoming, release=services.bot.release, at=services.clock())
        self._follow(accepted.conversation_id, accepted.recorded)
        return accepted

    async def answer(self, accepted: Accepted) -> Record:
        """The response to an accepted message, once its turn is committed."""
        if accepted.response is not None:
            return accepted.response
        waiting = self._waiting.setdefault(accepted.conversation_id, {})
        future = waiting.setdefault(accepted.message_id, asyncio.get_running_loop().create_future())
        self.wake(accepted.conversation_id)
        # A caller that goes away must not take the future from others that wait for the same message.
        return await asyncio.shield(future)

    def wake(self, conversation_id: ConversationId) -> None:
        """Sees to it that everything unanswered in the conversation gets its turn."""
        if conversation_id not in self._running:
            task = asyncio.create_task(self._drain(conversation_id))
            self._running[conversation_id] = task
            task.add_done_callback(_report)

    async def recover(self) -> int:
        """Takes up what a crash left unanswered; returns how many conversations that were."""
        conversations = await self._services.store.unanswered()
        for conversation_id in conversations:
            if conversation_id not in self._running:
                # Another process may have stored what this one does not know of.
                self.forget(conversation_id)
            self.wake(conversation_id)
        return len(conversations)

    async def finish(self) -> None:
        """Waits for the running turns; used when the process is asked to stop."""
        while self._running:
            await asyncio.wait(set(self._running.values()))

    async def state(self, conversation_id: ConversationId) -> ConversationState:
        """The current state, from memory when it is known. Raises `NotFound`."""
        known = self._states.get(conversation_id)
        if known is None:
            self._remember(conversation_id, await self._services.store.load(conversation_id))
            known = self._states[conversation_id]  # which may be newer than what was loaded
        return known

    async def hand_off(self, conversation_id: ConversationId, reason: HandoffReason) -> ConversationState:
        """Passes the conversation to a human without a message that asks for it; a no-op when one has it.

        Raises `NotFound`.
        """
        while True:
            state = await self.state(conversation_id)
            if state.owner.kind != "bot":
                return state
            draft = Draft(state, self._services.clock)
            acting = Acting(draft, self._services, conversation_id, "", MessageId(""))
            await acting.hand_off(reason)
            draft.reply(state.unanswered)
            if await self._said(conversation_id, draft):
                return draft.state

    async def tell(self, settled: Effect, parts: Sequence[Part]) -> None:
        """Writes how an effect ended and, in the same commit, says so to the customer, who did not ask."""
        told = False
        while not told:
            draft = Draft(await self.state(settled.conversation_id), self._services.clock)
            draft.effects.append(settled)
            draft.record(outcome_of(settled))
            draft.say(parts)
            draft.reply(())
            told = await self._said(settled.conversation_id, draft)

    async def append(self, conversation_id: ConversationId, *events: Event) -> ConversationState:
        """Appends what somebody else did, and shows it to whoever watches. Raises `NotFound`."""
        services = self._services
        state = await services.store.append(conversation_id, events, services.clock())
        self._remember(conversation_id, state)
        self._show(conversation_id, events, state)
        if owes_a_reply(state):
            self.wake(conversation_id)
        return state

    def forget(self, conversation_id: ConversationId) -> None:
        """Drops the remembered state, after somebody else appended to the log."""
        self._states.pop(conversation_id, None)

    async def _drain(self, conversation_id: ConversationId) -> None:
        """Turn after turn until nothing is owed; between the last look and the end nothing can slip in."""
        try:
            while True:
                state = await self.state(conversation_id)
                if state.version < self._newest.get(conversation_id, 0):
                    self.forget(conversation_id)  # a load that was overtaken by a message
                elif owes_a_reply(state):
                    await self._one_turn(conversation_id, state)
                elif self._waiting.get(conversation_id):
                    await self._answer_the_rest(conversation_id)
                else:
                    return
        except BaseException as error:
            self.forget(conversation_id)
            for future in self._waiting.pop(conversation_id, {}).values():
                if not future.done():
                    future.set_exception(error)
            raise
        finally:
            del self._running[conversation_id]
            self._newest.pop(conversation_id, None)
            if not self._waiting.get(conversation_id):
                self._waiting.pop(conversation_id, None)

    async def _one_turn(self, conversation_id: ConversationId, state: ConversationState) -> None:
        try:
            settled = await handle(conversation_id, state, self._services)
        except Exception as error:  # noqa: BLE001 -- the edge of a turn: a bug becomes an apology and a log line
            _log.error("turn_failed", conversation_id=conversation_id, exc_info=error)
            settled = excuse(conversation_id, state, self._services)
        commit: Commit | None = commit_of(conversation_id, settled.draft, settled.record, self._push_channels)
        while commit is not None and not await self._stored(commit):
            commit = await self._rebased(conversation_id, settled)
        if commit is not None:
            self._committed(conversation_id, settled, commit)

    async def _said(self, conversation_id: ConversationId, draft: Draft) -> bool:
        """Whether what no turn asked for was committed; it is then delivered and shown like any reply."""
        commit = commit_of(conversation_id, draft, None, self._push_channels)
        if not await self._stored(commit):
            return False
        self._remember(conversation_id, commit.state)
        self._show(conversation_id, [recorded.event for recorded in commit.events], commit.state)
        return True

    def _show(
        self, conversation_id: ConversationId, events: Sequence[Event], state: ConversationState
    ) -> None:
        for frame in frames_of_others(events, state.version - len(events), state):
            self._services.live.publish(conversation_id, frame)

    async def _stored(self, commit: Commit) -> bool:
        """Whether the commit went through; if not, somebody else appended first."""
        try:
            await self._services.store.commit(commit)
        except VersionConflict:
            self.forget(commit.conversation_id)
            return False
        return True

    async def _rebased(self, conversation_id: ConversationId, settled: Settled) -> Commit | None:
        """The same facts behind what came meanwhile, or None when the turn must be done again.

        New messages of the customer belong to the next turn. Anything else (an agent joined, another process
        answered) makes this turn's reply stale, unless it wrote: what happened must be told.
        """
        newer = await self._services.store.events(conversation_id, after=settled.draft.base_version)
        only_messages = all(isinstance(recorded.event, CustomerSpoke) for recorded in newer)
        if not (only_messages or settled.draft.wrote):
            return None
        base = await self._services.store.load(conversation_id)
        events = tuple(
            replace(recorded, seq=base.version + offset)
            for offset, recorded in enumerate(settled.draft.events, start=1)
        )
        return replace(
            commit_of(conversation_id, settled.draft, settled.record, self._push_channels),
            expected_version=base.version,
            events=events,
            state=replay(events, base),
            outgoing=outgoing_of(conversation_id, base, events, self._push_channels),
        )

    def _committed(self, conversation_id: ConversationId, settled: Settled, commit: Commit) -> None:
        self._remember(conversation_id, commit.state)
        waiting = self._waiting.get(conversation_id, {})
        for message_id in settled.record.answers:
            _resolve(waiting.pop(message_id, None), settled.record.response)
        for frame in frames_of(commit):
            self._services.live.publish(conversation_id, frame)

    async def _answer_the_rest(self, conversation_id: ConversationId) -> None:
        """Callers whose message no turn of this process answers: a human will, or another process did."""
        # Only the store knows for sure: what is remembered may be older than their messages. Those who come
        # while it is asked may be newer than what it says, and are left to the next look.
        waiting = self._waiting[conversation_id]
        asking = tuple(waiting)
        state = await self._services.store.load(conversation_id)
        self._remember(conversation_id, state)
        if owes_a_reply(state):
            return
        for message_id in asking:
            response = await self._services.store.response_to(message_id)
            silent = silent_response(conversation_id, message_id, state)
            _resolve(waiting.pop(message_id, None), response or silent)

    def _follow(self, conversation_id: ConversationId, recorded: tuple[Recorded, ...]) -> None:
        """Keeps the remembered state in step with events that were stored beside a turn."""
        if not recorded:
            return
        if conversation_id in self._running:
            self._newest[conversation_id] = recorded[-1].seq
        known = self._states.get(conversation_id)
        if recorded[0].seq == 1:
            self._remember(conversation_id, replay(recorded))
        elif known is not None and known.version + 1 == recorded[0].seq:
            self._remember(conversation_id, replay(recorded, known))
        else:
            self.forget(conversation_id)

    def _remember(self, conversation_id: ConversationId, state: ConversationState) -> None:
        known = self._states.get(conversation_id)
        if known is None or known.version <= state.version:
            self._states[conversation_id] = state
        self._states.move_to_end(conversation_id)
        while len(self._states) > _CACHED_STATES:
            self._states.popitem(last=False)


def _resolve(future: "asyncio.Future[Record] | None", response: Record) -> None:
    if future is not None and not future.done():
        future.set_result(response)


def _report(task: "asyncio.Task[None]") -> None:
    """Storage failures end a drain; its callers have been told, the log is told here."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("turns_stopped", exc_info=error)
