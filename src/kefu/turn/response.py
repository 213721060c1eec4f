"""The response to a message, in the shape that outsiders lean on (design, section 4.2)."""

from collections.abc import Mapping

from kefu.conversation.codec import encode, encode_part
from kefu.conversation.events import SlotFilled
from kefu.conversation.ids import ConversationId, MessageId
from kefu.conversation.messages import Part, Text
from kefu.conversation.state import ConversationState
from kefu.conversation.trace import TurnTrace
from kefu.conversation.values import Record, Value
from kefu.safety.input_guard import Blocked
from kefu.turn.draft import Draft
from kefu.understanding.reading import Reading


def reply_text(parts: tuple[Part, ...]) -> str:
    return "\n".join(part.text for part in parts if isinstance(part, Text) and part.text)


def response_of(
    conversation_id: ConversationId,
    draft: Draft,
    reading: Reading,
    blocked: Blocked | None,
    trace: TurnTrace,
) -> Record:
    """The whole response of a turn that answered."""
    parts = tuple(draft.parts)
    return {
        "conversation_id": conversation_id,
        "turn_id": draft.turn_id,
        "reply": reply_text(parts),
        "parts": [encode_part(part) for part in parts],
        **reading_record(reading, blocked),
        "flow": encode(draft.flow) if draft.flow else None,
        "slots": _slots(draft),
        "citations": encode(draft.citations),
        "operations": encode(draft.operations),
        "handoff": _handoff(draft.state, draft.position),
        "rung": draft.rung,
        "release": draft.state.release,
        "timings_ms": {
            "total": round(trace.total_ms, 3),
            **{
                name: round(trace.duration_of(name), 3)
                for name in dict.fromkeys(s.name for s in trace.stages)
            },
        },
    }


def silent_response(
    conversation_id: ConversationId, message_id: MessageId, state: ConversationState
) -> Record:
    """What a customer's program gets while a human owns the conversation: the bot says nothing."""
    return {
        "conversation_id": conversation_id,
        "turn_id": message_id,
        "reply": "",
        "parts": [],
        "language": state.language,
        "intent": None,
        "intents": [],
        "entities": [],
        "sentiment": state.sentiment,
        "flow": None,
        "slots": dict(state.slots),
        "citations": [],
        "operations": [],
        "handoff": _handoff(state, None),
        "out_of_scope": False,
        "blocked": None,
        "rung": "human",
        "release": state.release,
        "timings_ms": {"total": 0.0},
    }


def reading_record(reading: Reading, blocked: Blocked | None) -> Record:
    """The understanding part alone, as `/v1/understand` answers it too."""
    intent = reading.intent
    return {
        "language": reading.language,
        "intent": intent
        and {"name": intent.name, "confidence": round(intent.confidence, 4), "tier": reading.tier},
        "intents": [
            {"name": guess.name, "confidence": round(guess.confidence, 4), "requested": guess.requested}
            for guess in reading.intents
        ],
        "entities": encode(reading.entities),
        "sentiment": reading.sentiment,
        "out_of_scope": reading.out_of_scope,
        "blocked": encode(blocked) if blocked else None,
    }


def command_records(reading: Reading) -> list[Record]:
    """The commands, each with its name under `type`."""
    return [_command(command) for command in reading.commands]


def _command(command: object) -> Record:
    fields = encode(command)
    return {"type": type(command).__name__, **(fields if isinstance(fields, Mapping) else {})}


def _slots(draft: Draft) -> Mapping[str, Value]:
    """What is known now, and what this turn learned in a flow that it also completed."""
    frame = draft.state.flow
    learned = {r.event.slot: r.event.value for r in draft.events if isinstance(r.event, SlotFilled)}
    return {**draft.state.slots, **learned, **(frame.slots if frame else {})}


def _handoff(state: ConversationState, position: int | None) -> Record | None:
    if state.handoff is None:
        return None
    handoff = state.handoff
    return {
        "reason": handoff.reason,
        "queue": handoff.queue,
        "position": position,
        "ticket_id": handoff.ticket_id,
    }
