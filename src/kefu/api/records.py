"""Rows and states as the records that the API answers with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from kefu.adapters.storage.views import ConversationRow, TranscriptLine
from kefu.conversation.codec import encode, encode_part
from kefu.conversation.state import ConversationState
from kefu.conversation.values import Record, Value
from kefu.knowledge.passages import Hit, Passage

_encoder = msgspec.json.Encoder()


class JsonResponse(Response):
    """JSON by msgspec: the records are ready to be written as they are."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return _encoder.encode(content)


def masked(value: Value, mask: Callable[[str], str]) -> Value:
    """The same data with personal values hidden in every text of it."""
    match value:
        case str():
            return mask(value)
        case Mapping():
            return {key: masked(item, mask) for key, item in value.items()}
        case Sequence():
            return [masked(item, mask) for item in value]
        case _:
            return value


def message_record(line: TranscriptLine) -> Record:
    """One message of the talk, as the widget's history and the desk show it."""
    return {
        "seq": line.seq,
        "message_id": line.message_id,
        "client_message_id": line.client_message_id,
        "role": line.role,
        "at": line.at.isoformat(),
        "parts": [encode_part(part) for part in line.parts],
        "attachments": encode(line.attachments),
        "citations": encode(line.citations),
        "feedback": line.feedback,
    }


def conversation_record(row: ConversationRow) -> Record:
    return {
        "conversation_id": row.conversation_id,
        "customer": {"id": row.customer_id, "name": row.customer_name},
        "channel": row.channel,
        "status": row.status,
        "owner": row.owner,
        "queue": row.queue,
        "agent_id": row.agent_id,
        "language": row.language,
        "intent": row.intent,
        "pending": row.pending,
        "release": row.release,
        "version": row.version,
        "opened_at": row.opened_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
    }


def state_record(state: ConversationState) -> Record:
    """Who owns the conversation now, after something was done to it."""
    handoff = state.handoff
    return {
        "status": state.status,
        "owner": state.owner.kind,
        "version": state.version,
        "handoff": handoff
        and {"reason": handoff.reason, "queue": handoff.queue, "ticket_id": handoff.ticket_id},
    }


def passage_record(passage: Passage) -> Record:
    """A passage as a citation opens it."""
    starts, ends = passage.effective_from, passage.effective_to
    return {
        "passage_id": passage.passage_id,
        "source": passage.source,
        "title": passage.title,
        "heading": list(passage.heading),
        "text": passage.text,
        "effective_from": starts.isoformat() if starts else None,
        "effective_to": ends.isoformat() if ends else None,
    }


def hit_record(hit: Hit) -> Record:
    return {**passage_record(hit.passage), "kind": hit.passage.kind, "score": round(hit.score, 4)}
