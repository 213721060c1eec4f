"""The port to the conversations of one workspace. Only `storage.open(workspace_id)` gives one out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kefu.conversation.events import Customer, Event, Recorded
from kefu.conversation.ids import ConversationId, EffectId, MessageId, ReleaseId, TicketId, TurnId
from kefu.conversation.messages import Attachment
from kefu.conversation.state import ConversationState
from kefu.conversation.values import Record
from kefu.operations.ledger import Effect


@dataclass(frozen=True, slots=True)
class Incoming:
    """A customer's message as a channel parsed it, before anything is known about it.

    Without `conversation_id` the store opens a conversation, unless the same `client_message_id` or
    `channel_message_id` was stored before: then it finds that one again.
    """

    customer: Customer
    channel: str
    text: str
    conversation_id: ConversationId | None = None
    client_message_id: str | None = None
    channel_message_id: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is durable. `repeated`: it was before; `response` is then its answer, if it has one."""

    conversation_id: ConversationId
    message_id: MessageId
    recorded: tuple[Recorded, ...]
    repeated: bool = False
    response: Record | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Work that outlives the conversation."""

    ticket_id: TicketId
    conversation_id: ConversationId
    reason: str
    queue: str
    summary: str
    created_at: datetime
    status: str = "open"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply that the outbox still has to deliver through a channel that is pushed to."""

    conversation_id: ConversationId
    message_id: MessageId
    seq: int
    channel: str
    payload: Record


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """What a turn leaves beside its events: the response that repeats get, and the trace."""

    turn_id: TurnId
    answers: tuple[MessageId, ...]
    response: Record
    trace: Record


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything that one commit writes, all or nothing. `state` is the snapshot after `events`."""

    conversation_id: ConversationId
    expected_version: int
    events: tuple[Recorded, ...]
    state: ConversationState
    turn: TurnRecord | None = None
    effects: tuple[Effect, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


class ConversationStore(Protocol):
    """The conversations of one workspace, durable once a call returns.

    Implementations pass `tests/contracts/conversation_store.py`.
    """

    async def accept(self, incoming: Incoming, *, release: ReleaseId, at: datetime) -> Accepted:
        """Stores a message and its `CustomerSpoke` (with `ConversationOpened` when it is the first).

        A repeat of a client or channel message id changes nothing.

        Raises:
            NotFound: `conversation_id` does not exist here or belongs to another customer.
        """
        ...

    async def load(self, conversation_id: ConversationId) -> ConversationState:
        """The current state: the snapshot and the events after it. Raises `NotFound`."""
        ...

    async def events(self, conversation_id: ConversationId, *, after: int = 0) -> Sequence[Recorded]:
        """The log, in order, beyond `after`. Raises `NotFound`."""
        ...

    async def commit(self, commit: Commit) -> None:
        """Appends at `expected_version`.

        Raises:
            VersionConflict: the log has moved on; nothing of the commit was written.
        """
        ...

    async def append(
        self, conversation_id: ConversationId, events: Sequence[Event], at: datetime
    ) -> ConversationState:
        """Appends facts that are true whatever came before them (feedback, a rating, an agent's message)."""
        ...

    async def reserve(self, effect: Effect) -> Effect:
        """Writes the effect as reserved, in a commit of its own, before it is called.

        Returns the ledger's row: the one stored by an earlier try, with its recorded arguments and outcome,
        when there is one.
        """
        ...

    async def settle(self, effect: Effect) -> None:
        """Writes an effect's outcome."""
        ...

    async def effect(self, effect_id: EffectId) -> Effect | None: ...

    async def unsettled_effects(self, *, reserved_before: datetime) -> Sequence[Effect]:
        """Effects that were reserved or left unknown, oldest first: work for reconciliation."""
        ...

    async def unanswered(self) -> Sequence[ConversationId]:
        """Conversations with customer messages that no turn has settled: work left by a crash."""
        ...

    async def response_to(self, message_id: MessageId) -> Record | None:
        """The response of the turn that settled this message, or None while there is none."""
        ...
