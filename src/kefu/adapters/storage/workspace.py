"""Everything stored for one workspace."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Concatenate, Final, ParamSpec, TypeVar

import sqlalchemy as sa

from kefu.adapters.storage import audit, commits, keys, ledger, log, messages, outbox, views
from kefu.adapters.storage.audit import AuditEntry
from kefu.adapters.storage.database import Database
from kefu.adapters.storage.keys import Key, KeyCache, NewKey
from kefu.adapters.storage.outbox import Undelivered, Waiting
from kefu.adapters.storage.scope import Scope
from kefu.adapters.storage.views import ConversationFilter, ConversationRow, Page, TranscriptLine
from kefu.conversation.events import Event, Recorded
from kefu.conversation.ids import Clock, ConversationId, EffectId, MessageId, ReleaseId, TurnId, WorkspaceId
from kefu.conversation.state import ConversationState
from kefu.conversation.values import Record
from kefu.operations.ledger import Effect
from kefu.turn.store import Accepted, Commit, ConversationStore, Incoming, Ticket

T = TypeVar("T")
P = ParamSpec("P")

ALL: Final = ConversationFilter()
PAGE: Final = 50


class WorkspaceStorage(ConversationStore):
    """A `ConversationStore`, and what the outbox, the administration and the screens need beside it.

    Every method raises `StorageError` when the database cannot be used right now.
    """

    def __init__(self, database: Database, clock: Clock, workspace_id: WorkspaceId, known: KeyCache) -> None:
        self.workspace_id = workspace_id
        self._database = database
        self._clock = clock
        self._known = known

    async def _read(self, job: Callable[Concatenate[Scope, P], T], *given: P.args, **named: P.kwargs) -> T:
        return await self._database.read(self._here(job, *given, **named))

    async def _scan(self, job: Callable[Concatenate[Scope, P], T], *given: P.args, **named: P.kwargs) -> T:
        return await self._database.scan(self._here(job, *given, **named))

    async def _write(self, job: Callable[Concatenate[Scope, P], T], *given: P.args, **named: P.kwargs) -> T:
        return await self._database.write(self._here(job, *given, **named))

    def _here(
        self, job: Callable[Concatenate[Scope, P], T], *given: P.args, **named: P.kwargs
    ) -> Callable[[sa.Connection], T]:
        return lambda connection: job(Scope(connection, self.workspace_id), *given, **named)

    # The port of the turn: see `kefu.turn.store.ConversationStore`.

    async def accept(self, incoming: Incoming, *, release: ReleaseId, at: datetime) -> Accepted:
        return await self._write(messages.accept, incoming, release, at)

    async def load(self, conversation_id: ConversationId) -> ConversationState:
        return await self._read(log.load, conversation_id)

    async def events(self, conversation_id: ConversationId, *, after: int = 0) -> Sequence[Recorded]:
        return await self._scan(log.read, conversation_id, after)

    async def commit(self, commit: Commit) -> None:
        await self._write(commits.write, commit)

    async def append(
        self, conversation_id: ConversationId, events: Sequence[Event], at: datetime
    ) -> ConversationState:
        return await self._write(log.append, conversation_id, events, at)

    async def reserve(self, effect: Effect) -> Effect:
        return await self._write(ledger.reserve, effect, self._clock())

    async def settle(self, effect: Effect) -> None:
        await self._write(ledger.keep, effect)

    async def effect(self, effect_id: EffectId) -> Effect | None:
        return await self._read(ledger.find, effect_id)

    async def unsettled_effects(self, *, reserved_before: datetime) -> Sequence[Effect]:
        return await self._scan(ledger.unsettled, reserved_before)

    async def unanswered(self) -> Sequence[ConversationId]:
        return await self._scan(log.unanswered)

    async def response_to(self, message_id: MessageId) -> Record | None:
        return await self._read(messages.response_to, message_id)

    # The outbox.

    async def due(self, now: datetime, *, limit: int = 100) -> Sequence[Waiting]:
        """Replies to deliver now, at most one of each conversation: the next one waits for its outcome."""
        return await self._scan(outbox.due, now, limit)

    async def delivered(self, message_id: MessageId, at: datetime) -> None:
        """The channel took the reply. Saying so twice changes nothing."""
        await self._write(outbox.delivered, message_id, at)

    async def failed(
        self, message_id: MessageId, at: datetime, failure: str, *, retry_at: datetime | None
    ) -> None:
        """A try failed. Without `retry_at` the reply is given up, and the replies after it may go."""
        await self._write(outbox.failed, message_id, at, failure, retry_at)

    async def undelivered(self, *, limit: int = PAGE) -> Sequence[Undelivered]:
        """Replies that were given up, latest first."""
        return await self._scan(outbox.given_up, limit)

    # API keys.

    async def create_key(self, scopes: frozenset[str], label: str) -> NewKey:
        """A new key with its secret, which cannot be read again. Raises `BadRequest` for a bad label."""
        return await self._write(keys.create, label, scopes, self._clock())

    async def revoke_key(self, key_id: str) -> None:
        """From now on nobody gets in with this key. Raises `NotFound`."""
        await self._write(keys.revoke, key_id, self._clock())
        self._known.forget()

    async def keys(self) -> Sequence[Key]:
        """All keys, revoked ones too, newest first."""
        return await self._scan(keys.listing)

    # The audit log.

    async def audit(self, entry: AuditEntry) -> None:
        await self._write(audit.write, entry)

    async def audit_entries(self, *, limit: int = PAGE) -> Sequence[AuditEntry]:
        """The latest entries, latest first."""
        return await self._scan(audit.latest, limit)

    # What screens read.

    async def conversations(
        self, only: ConversationFilter = ALL, *, cursor: str | None = None, limit: int = PAGE
    ) -> Page[ConversationRow]:
        """Latest activity first. Raises `BadRequest` for a cursor that did not come from a page."""
        return await self._scan(views.list_conversations, only, cursor, limit)

    async def conversation(self, conversation_id: ConversationId) -> ConversationRow:
        """Raises `NotFound`."""
        return await self._read(views.conversation, conversation_id)

    async def transcript(self, conversation_id: ConversationId) -> Sequence[TranscriptLine]:
        """What was said, in order. Raises `NotFound`."""
        return await self._scan(views.transcript, conversation_id)

    async def export(self, conversation_id: ConversationId) -> Sequence[str]:
        """Every event as a line of JSON in its public form. Raises `NotFound`."""
        return await self._scan(views.export, conversation_id)

    async def trace(self, conversation_id: ConversationId, turn_id: TurnId) -> Record:
        """How a turn came to its reply. Raises `NotFound`."""
        return await self._read(views.trace, conversation_id, turn_id)

    async def tickets(
        self,
        *,
        status: str | None = None,
        queue: str | None = None,
        cursor: str | None = None,
        limit: int = PAGE,
    ) -> Page[Ticket]:
        """Newest first. Raises `BadRequest` for a cursor that did not come from a page."""
        return await self._scan(views.list_tickets, status, queue, cursor, limit)

    async def waiting(self, queue: str) -> int:
        """How many conversations wait for an agent there."""
        return await self._read(views.waiting, queue)
