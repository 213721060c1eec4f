"""What a turn leaves: its events, and everything that is true with them or not at all."""

from datetime import datetime

from kefu.adapters.storage import ledger, log, messages, outbox
from kefu.adapters.storage.prepared import Prepared
from kefu.adapters.storage.rules import check_commit
from kefu.adapters.storage.schema import tickets, turns
from kefu.adapters.storage.scope import Scope
from kefu.conversation.ids import ConversationId
from kefu.turn.store import Commit, Ticket, TurnRecord

_KEEP_TURN = Prepared(turns.insert(), "workspace_id", "conversation_id", "turn_id", "at", "response", "trace")


def write(scope: Scope, commit: Commit) -> None:
    check_commit(commit)
    at = _time_of(commit)
    log.advance(scope, commit.conversation_id, commit.expected_version, commit.events, commit.state)
    if commit.turn is not None:
        _insert_turn(scope, commit.conversation_id, commit.turn, at)
    for effect in commit.effects:
        ledger.keep(scope, effect)
    scope.insert(tickets, *(_ticket_row(ticket) for ticket in commit.tickets))
    outbox.put(scope, commit.outgoing, at)


def _time_of(commit: Commit) -> datetime:
    """When the commit happened: the state's last change, since a commit without events changes no state."""
    if commit.state.updated_at is None:
        raise ValueError("a commit cannot leave a conversation without events")
    return commit.state.updated_at


def _insert_turn(scope: Scope, conversation_id: ConversationId, turn: TurnRecord, at: datetime) -> None:
    scope.run(
        _KEEP_TURN,
        conversation_id=conversation_id,
        turn_id=turn.turn_id,
        at=at,
        response=turn.response,
        trace=turn.trace,
    )
    messages.settle(scope, turn)


def _ticket_row(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket_id": ticket.ticket_id,
        "conversation_id": ticket.conversation_id,
        "reason": ticket.reason,
        "queue": ticket.queue,
        "summary": ticket.summary,
        "status": ticket.status,
        "created_at": ticket.created_at,
    }
