"""What understanding may look at besides the message: the conversation as it stands."""

from datetime import datetime

from kefu.conversation.state import ConversationState
from kefu.flows.library import FlowLibrary
from kefu.understanding.reading import Context


def context_of(state: ConversationState, flows: FlowLibrary, now: datetime) -> Context:
    return Context(
        now=now,
        question=state.question,
        expects=_expected_type(state, flows),
        flow=state.flow.flow if state.flow else None,
        recent=state.recent,
        language=state.language,
    )


def _expected_type(state: ConversationState, flows: FlowLibrary) -> str | None:
    """The type of the slot that the customer was asked for."""
    if state.flow is None or state.question is None or state.question.slot is None:
        return None
    flow = flows.flows.get(state.flow.flow)
    slot = flow.slots.get(state.question.slot) if flow else None
    return slot.type if slot else None
