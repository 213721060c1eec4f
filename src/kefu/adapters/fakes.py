"""Adapters without an outside. They ship with the product and pass the same contracts as the real ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kefu.adapters.storage.rules import (
    check_commit,
    check_incoming,
    conversation_not_found,
    derived_conversation_id,
    kept,
    numbered,
    opening,
    reserved,
    speaking,
    version_conflict,
)
from kefu.conversation.events import Event, Recorded
from kefu.conversation.ids import Clock, ConversationId, EffectId, MessageId, ReleaseId, WorkspaceId, new_id
from kefu.conversation.state import INITIAL, ConversationState, replay
from kefu.conversation.values import Record
from kefu.operations.ledger import Effect
from kefu.turn.store import Accepted, Commit, ConversationStore, Incoming, Outgoing, Ticket, TurnRecord

DEFAULT: Final = WorkspaceId("default")


@dataclass(slots=True)
class _Log:
    """`state` is always the replay of `events`."""

    events: list[Recorded] = field(default_factory=list[Recorded])
    state: ConversationState = INITIAL

    def extend(self, recorded: Sequence[Recorded]) -> None:
        self.events.extend(recorded)
        self.state = replay(recorded, self.state)


@dataclass(slots=True)
class _Stored:
    """A customer's message and the turn that settled it."""

    conversation_id: ConversationId
    message_id: MessageId
    turn: TurnRecord | None = None

    @property
    def response(self) -> Record | None:
        return None if self.turn is None else self.turn.response


class MemoryStore(ConversationStore):
    """A `ConversationStore` that lives as long as the process. No call of it waits, so each is atomic."""

    def __init__(self, clock: Clock, workspace_id: WorkspaceId = DEFAULT) -> None:
        self.tickets: list[Ticket] = []
        self.outgoing: list[Outgoing] = []
        self._clock = clock
        self._workspace_id = workspace_id
        self._logs: dict[ConversationId, _Log] = {}
        self._effects: dict[EffectId, Effect] = {}
        self._messages: dict[MessageId, _Stored] = {}
        self._by_client_id: dict[tuple[ConversationId, str], _Stored] = {}
        self._by_channel_id: dict[tuple[str, str], _Stored] = {}

    async def accept(self, incoming: Incoming, *, release: ReleaseId, at: datetime) -> Accepted:
        check_incoming(incoming)
        asked_for = incoming.conversation_id
        found = asked_for or derived_conversation_id(self._workspace_id, incoming)
        repeat = self._repeat(incoming, found)
        target = repeat.conversation_id if repeat else found
        if target is not None and not self._may_write(target, incoming):
            raise conversation_not_found(asked_for or target)
        if repeat is not None:
            return Accepted(
                repeat.conversation_id, repeat.message_id, (), repeated=True, response=repeat.response
            )
        return self._store(incoming, target or ConversationId(new_id("conv", at)), release, at)

    def _may_write(self, conversation_id: ConversationId, incoming: Incoming) -> bool:
        log = self._logs.get(conversation_id)
        if log is None:
            return incoming.conversation_id is None
        return log.state.customer is not None and log.state.customer.id == incoming.customer.id

    def _repeat(self, incoming: Incoming, conversation_id: ConversationId | None) -> _Stored | None:
        stored = None
        if incoming.channel_message_id is not None:
            stored = self._by_channel_id.get((incoming.channel, incoming.channel_message_id))
        if stored is None and conversation_id is not None and incoming.client_message_id is not None:
            stored = self._by_client_id.get((conversation_id, incoming.client_message_id))
        return stored

    def _store(
        self, incoming: Incoming, conversation_id: ConversationId, release: ReleaseId, at: datetime
    ) -> Accepted:
        log = self._logs.setdefault(conversation_id, _Log())
        spoke = speaking(incoming, at)
        said = [spoke] if log.events else [opening(incoming, release), spoke]
        recorded = numbered(said, log.state.version, at)
        log.extend(recorded)
        stored = self._messages[spoke.message_id] = _Stored(conversation_id, spoke.message_id)
        if incoming.client_message_id is not None:
            self._by_client_id[conversation_id, incoming.client_message_id] = stored
        if incoming.channel_message_id is not None:
            self._by_channel_id[incoming.channel, incoming.channel_message_id] = stored
        return Accepted(conversation_id, spoke.message_id, recorded)

    async def load(self, conversation_id: ConversationId) -> ConversationState:
        return self._log(conversation_id).state

    async def events(self, conversation_id: ConversationId, *, after: int = 0) -> Sequence[Recorded]:
        return self._log(conversation_id).events[after:]

    async def commit(self, commit: Commit) -> None:
        log = self._log(commit.conversation_id)
        if log.state.version != commit.expected_version:
            raise version_conflict(commit.conversation_id, commit.expected_version)
        check_commit(commit)
        log.extend(commit.events)
        if commit.turn is not None:
            self._settle(commit.turn)
        for effect in commit.effects:
            self._effects[effect.effect_id] = kept(self._effects.get(effect.effect_id), effect)
        self.tickets.extend(commit.tickets)
        self.outgoing.extend(commit.outgoing)

    def _settle(self, turn: TurnRecord) -> None:
        for message_id in turn.answers:
            stored = self._messages.get(message_id)
            if stored is not None and stored.turn is None:
                stored.turn = turn

    async def append(
        self, conversation_id: ConversationId, events: Sequence[Event], at: datetime
    ) -> ConversationState:
        log = self._log(conversation_id)
        log.extend(numbered(events, log.state.version, at))
        return log.state

    async def reserve(self, effect: Effect) -> Effect:
        row = reserved(self._effects.get(effect.effect_id), effect, self._clock())
        self._effects[effect.effect_id] = row
        return row

    async def settle(self, effect: Effect) -> None:
        self._effects[effect.effect_id] = kept(self._effects.get(effect.effect_id), effect)

    async def effect(self, effect_id: EffectId) -> Effect | None:
        return self._effects.get(effect_id)

    async def unsettled_effects(self, *, reserved_before: datetime) -> Sequence[Effect]:
        waiting = [
            (effect.reserved_at, effect.effect_id, effect)
            for effect in self._effects.values()
            if effect.status in {"reserved", "unknown"}
            and effect.reserved_at is not None
            and effect.reserved_at < reserved_before
        ]
        return [effect for _, _, effect in sorted(waiting, key=lambda row: row[:2])]

    async def unanswered(self) -> Sequence[ConversationId]:
        return [
            conversation_id
            for conversation_id, log in self._logs.items()
            if log.state.unanswered and log.state.owner.kind == "bot"
        ]

    async def response_to(self, message_id: MessageId) -> Record | None:
        stored = self._messages.get(message_id)
        return None if stored is None else stored.response

    def _log(self, conversation_id: ConversationId) -> _Log:
        log = self._logs.get(conversation_id)
        if log is None:
            raise conversation_not_found(conversation_id)
        return log
