"""Rules that every conversation store follows, whatever it keeps its rows in."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from kefu.conversation.events import ConversationOpened, CustomerSpoke, Event, Recorded
from kefu.conversation.ids import ConversationId, MessageId, ReleaseId, WorkspaceId, new_id
from kefu.errors import BadRequest, NotFound, VersionConflict
from kefu.operations.ledger import SETTLED, Effect, EffectStatus
from kefu.turn.store import Commit, Incoming

ID: Final = 64
"""How many characters an identifier that Kefu makes may have."""
OUTER_ID: Final = 128
"""The same for an identifier that somebody else makes: a customer's, a client's, a channel's."""
NAME: Final = 64
"""The same for a name from a closed list, such as a channel, a queue or a type of event."""
LANGUAGE: Final = 35
"""The longest tag that must be supported: RFC 5646, section 4.4.1."""

_PROGRESS: Mapping[EffectStatus, int] = {
    "proposed": 0,
    "confirmed": 1,
    "reserved": 2,
    "unknown": 3,
    "executed": 4,
    "failed": 4,
}


def check_incoming(incoming: Incoming) -> None:
    """Raises `BadRequest`, naming the field, for a message that not every database could keep as it is."""
    for field, value, longest in (
        ("customer.id", incoming.customer.id, OUTER_ID),
        ("customer.locale", incoming.customer.locale, LANGUAGE),
        ("channel", incoming.channel, NAME),
        ("client_message_id", incoming.client_message_id, OUTER_ID),
        ("channel_message_id", incoming.channel_message_id, OUTER_ID),
    ):
        if value is not None and not (0 < len(value) <= longest and _is_key(value)):
            raise BadRequest(f"{field} must be 1 to {longest} characters of text", field=field)
    for field, value in (("message", incoming.text), ("customer.name", incoming.customer.name)):
        if value is not None and not _is_unicode(value):
            raise BadRequest(f"{field} holds half of a surrogate pair", field=field)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_key(text: str) -> bool:
    return "\0" not in text and _is_unicode(text)  # PostgreSQL takes no NUL


def conversation_not_found(conversation_id: ConversationId) -> NotFound:
    """One text for an absent conversation and for another customer's, so that neither can be told apart."""
    return NotFound(f"conversation {conversation_id} does not exist", field="conversation_id")


def derived_conversation_id(workspace_id: WorkspaceId, incoming: Incoming) -> ConversationId | None:
    """The id of the conversation that a first message opens, the same for every retry of that message.

    None when the message has no id of its own by which a retry could be told.
    """
    match incoming:
        case Incoming(channel_message_id=str(own)):
            kind = "channel"
        case Incoming(client_message_id=str(own)):
            kind = "client"
        case _:
            return None
    text = "\0".join((workspace_id, incoming.channel, incoming.customer.id, kind, own))
    return ConversationId("conv_" + hashlib.sha256(text.encode()).hexdigest()[:32])


def opening(incoming: Incoming, release: ReleaseId) -> ConversationOpened:
    return ConversationOpened(incoming.customer, incoming.channel, release)


def speaking(incoming: Incoming, at: datetime) -> CustomerSpoke:
    """The event of this message, under a new message id."""
    return CustomerSpoke(
        MessageId(new_id("msg", at)),
        incoming.text,
        incoming.attachments,
        incoming.client_message_id,
        incoming.channel_message_id,
    )


def numbered(new: Sequence[Event], version: int, at: datetime) -> tuple[Recorded, ...]:
    return tuple(Recorded(seq, at, event) for seq, event in enumerate(new, version + 1))


def check_commit(commit: Commit) -> None:
    """A log with a gap, or a snapshot of another version, could never be mended: it is a bug, and refused."""
    after = commit.expected_version + len(commit.events)
    seqs = [recorded.seq for recorded in commit.events]
    if seqs != list(range(commit.expected_version + 1, after + 1)) or commit.state.version != after:
        raise ValueError(
            f"a commit at version {commit.expected_version} must number its events from the next"
        )


def version_conflict(conversation_id: ConversationId, expected: int) -> VersionConflict:
    return VersionConflict(f"conversation {conversation_id} has moved on from version {expected}")


def kept(stored: Effect | None, written: Effect) -> Effect:
    """What the ledger holds after `written`: status never goes back, and an outcome is final.

    What was recorded to be sent stays as it was recorded first.
    """
    if stored is None:
        return written
    if stored.status in SETTLED or _PROGRESS[written.status] < _PROGRESS[stored.status]:
        return stored
    return replace(
        written,
        arguments=stored.arguments,
        digest=stored.digest,
        proposed_at=stored.proposed_at,
        confirmed_at=stored.confirmed_at or written.confirmed_at,
        reserved_at=stored.reserved_at or written.reserved_at,
        attempts=max(stored.attempts, written.attempts),
    )


def reserved(stored: Effect | None, asked: Effect, now: datetime) -> Effect:
    """What the ledger holds once a call for `asked` may go out: counts the try unless it is settled."""
    if stored is not None and stored.status in SETTLED:
        return stored
    if stored is not None and stored.status in {"reserved", "unknown"}:
        return replace(stored, attempts=stored.attempts + 1)
    fresh = replace(asked, status="reserved", reserved_at=asked.reserved_at or now, attempts=1)
    return kept(stored, fresh)
