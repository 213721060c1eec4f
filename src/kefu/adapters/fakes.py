"""Adapters without an outside. They ship with the product and pass the same contracts as the real ones."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

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
from kefu.channels.channel import Channel
from kefu.conversation.commands import Command, Unsure
from kefu.conversation.events import Event, Recorded
from kefu.conversation.ids import Clock, ConversationId, EffectId, MessageId, ReleaseId, WorkspaceId, new_id
from kefu.conversation.state import INITIAL, ConversationState, replay
from kefu.conversation.values import Record, Value
from kefu.errors import DeliveryFailed, OperationRefused, OperationUnavailable, OperationUnknown, OutsideError
from kefu.operations.ledger import Effect, digest_of
from kefu.operations.model import BackOffice, Call, Operation
from kefu.turn.store import Accepted, Commit, ConversationStore, Incoming, Outgoing, Ticket, TurnRecord
from kefu.understanding.embedding import Embedder, EmbeddingUnavailable, Vectors, unit_rows
from kefu.understanding.reading import Context, IntentGuess, Reading, Tier, Understanding

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
        check_commit(commit)
        log = self._log(commit.conversation_id)
        if log.state.version != commit.expected_version:
            raise version_conflict(commit.conversation_id, commit.expected_version)
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


@dataclass(frozen=True, slots=True)
class _Executed:
    digest: str
    outcome: Value | OperationRefused


class FakeBackOffice(BackOffice):
    """A scripted back office. Like a good real one it carries out a key once, and answers its repeats alike.

    `calls` are all calls as they came; `executed` are those that were carried out.
    """

    def __init__(self, *operations: Operation) -> None:
        self.calls: list[Call] = []
        self.executed: list[Call] = []
        self._operations = {operation.name: operation for operation in operations}
        self._answers: dict[str, list[Value | OperationRefused]] = {}
        self._failures: dict[str, list[OutsideError]] = {}
        self._lost: dict[str, int] = {}
        self._by_key: dict[str, _Executed] = {}

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    def answers(self, operation: str, *outcomes: Value | OperationRefused) -> None:
        """What calls are answered from now on, in order; the last outcome stays for all that follow."""
        self._answers[operation] = list(outcomes)

    def fails(self, operation: str, *failures: OutsideError) -> None:
        """The next calls fail before anything is done."""
        self._failures.setdefault(operation, []).extend(failures)

    def loses_answers(self, operation: str, times: int = 1) -> None:
        """The next calls are carried out, but nobody learns how they ended."""
        self._lost[operation] = self._lost.get(operation, 0) + times

    async def run(self, call: Call) -> Value:
        self.calls.append(call)
        if failures := self._failures.get(call.operation):
            raise failures.pop(0)
        outcome = self._outcome(call)
        if self._lost.get(call.operation, 0) > 0:
            self._lost[call.operation] -= 1
            if self._operations[call.operation].kind == "write":
                raise OperationUnknown(f"{call.operation} got no answer that says whether it happened")
            raise OperationUnavailable(f"{call.operation} cannot be reached")
        if isinstance(outcome, OperationRefused):
            raise outcome
        return outcome

    def _outcome(self, call: Call) -> Value | OperationRefused:
        digest = digest_of(call.operation, call.arguments)
        known = self._by_key.get(call.idempotency_key or "")
        if known is not None:
            if known.digest != digest:
                return OperationRefused("idempotency_conflict", "the key was used for another call")
            return known.outcome
        answers = self._answers[call.operation]
        outcome = answers.pop(0) if len(answers) > 1 else answers[0]
        if not isinstance(outcome, OperationRefused):
            self.executed.append(call)
        if call.idempotency_key is not None:
            self._by_key[call.idempotency_key] = _Executed(digest, outcome)
        return outcome


@dataclass(frozen=True, slots=True)
class Sent:
    recipient: str
    payload: Record
    key: str


class RecordingChannel(Channel):
    """A channel whose far side keeps what arrives; a repeat of a key arrives once."""

    def __init__(self, name: str = "recording") -> None:
        self.sent: list[Sent] = []
        self._name = name
        self._refusals = 0

    @property
    def name(self) -> str:
        return self._name

    def refuses(self, times: int = 1) -> None:
        """The next tries fail."""
        self._refusals += times

    async def send(self, recipient: str, payload: Record, *, key: str) -> None:
        if self._refusals > 0:
            self._refusals -= 1
            raise DeliveryFailed(f"{self._name} takes nothing right now")
        if all(earlier.key != key for earlier in self.sent):
            self.sent.append(Sent(recipient, payload, key))


def reading_of(
    *commands: Command,
    intent: str | None = None,
    tier: Tier = "rules",
    language: str = "zh-Hans",
    out_of_scope: bool = False,
) -> Reading:
    """A reading that is sure of `commands`."""
    guess = IntentGuess(intent, 0.99, requested=True) if intent is not None else None
    intents = (guess,) if guess is not None else ()
    return Reading(commands, guess, intents, tier, (), language, "neutral", out_of_scope)


class ScriptedUnderstanding(Understanding):
    """Reads each text as its script says, and is unsure of any other. `heard` has what it was asked."""

    def __init__(self, script: Mapping[str, Reading]) -> None:
        self.heard: list[tuple[str, Context]] = []
        self._script = dict(script)

    async def read(self, text: str, context: Context) -> Reading:
        self.heard.append((text, context))
        return self._script.get(text) or reading_of(Unsure())


def _as_it_is(text: str) -> str:
    return text


class HashedEmbedder(Embedder):
    """Counts the characters of what a text means, in as many classes as its vectors have numbers.

    `meaning` turns texts that mean the same into the same, which real models learn from millions of them.
    `asked` has every batch of texts, as it came.
    """

    def __init__(
        self, dimension: int = 64, *, meaning: Callable[[str], str] = _as_it_is, model: str = "hashed"
    ) -> None:
        self.asked: list[Sequence[str]] = []
        self._dimension = dimension
        self._meaning = meaning
        self._model = model
        self._failures = 0

    @property
    def model(self) -> str:
        return self._model

    def fails(self, times: int = 1) -> None:
        """The next batches are not answered."""
        self._failures += times

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(texts)
        if self._failures > 0:
            self._failures -= 1
            raise EmbeddingUnavailable(f"{self._model} answers nothing right now")
        rows = np.zeros((len(texts), self._dimension))
        for row, text in enumerate(texts):
            for character in self._meaning(text):
                rows[row, zlib.crc32(character.encode("utf-8", "replace")) % self._dimension] += 1
        return unit_rows(rows, len(texts))
