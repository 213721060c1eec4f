"""From a finished draft to what the store writes in one commit."""

from kefu.conversation.codec import encode_recorded
from kefu.conversation.events import BotReplied, Recorded
from kefu.conversation.ids import ConversationId
from kefu.conversation.state import ConversationState
from kefu.turn.draft import Draft
from kefu.turn.store import Commit, Outgoing, TurnRecord


def commit_of(
    conversation_id: ConversationId, draft: Draft, record: TurnRecord | None, push_channels: frozenset[str]
) -> Commit:
    """`push_channels` are those whose replies the outbox has to deliver; the others read the log."""
    events = tuple(draft.events)
    return Commit(
        conversation_id=conversation_id,
        expected_version=draft.base_version,
        events=events,
        state=draft.state,
        turn=record,
        effects=tuple(draft.effects),
        tickets=tuple(draft.tickets),
        outgoing=outgoing_of(conversation_id, draft.state, events, push_channels),
    )


def outgoing_of(
    conversation_id: ConversationId,
    state: ConversationState,
    events: tuple[Recorded, ...],
    push_channels: frozenset[str],
) -> tuple[Outgoing, ...]:
    if state.channel not in push_channels or state.customer is None:
        return ()
    return tuple(
        Outgoing(
            conversation_id,
            recorded.event.message_id,
            recorded.seq,
            state.channel,
            {"to": state.customer.id, "message": encode_recorded(recorded)},
        )
        for recorded in events
        if isinstance(recorded.event, BotReplied)
    )
