"""What live subscribers see of a committed turn: the reply piece by piece, then the whole response."""

import re
from collections.abc import Iterator, Sequence

from kefu.conversation.codec import encode_part
from kefu.conversation.events import AgentSpoke, BotReplied, Event, Resolved
from kefu.conversation.messages import Text
from kefu.conversation.state import ConversationState
from kefu.conversation.values import Record
from kefu.turn.store import Commit

_SENTENCE = re.compile(r"[^。!?!?\n]*[。!?!?\n]+|[^。!?!?\n]+")


def frames_of(commit: Commit) -> Iterator[Record]:
    """`delta` for each sentence, `part` for everything that is not text, `done` last.

    They exist only after the commit: nothing is shown that could still be lost.
    """
    for recorded in commit.events:
        reply = recorded.event
        if not isinstance(reply, BotReplied) or commit.turn is None:
            continue
        for part in reply.parts:
            if isinstance(part, Text):
                for sentence in _SENTENCE.findall(part.text):
                    yield {"type": "delta", "turn_id": reply.turn_id, "text": sentence}
            else:
                yield {"type": "part", "turn_id": reply.turn_id, "part": encode_part(part)}
        yield {
            "type": "done",
            "turn_id": reply.turn_id,
            "seq": recorded.seq,
            "message_id": reply.message_id,
            "answers": list(reply.answers),
            "response": commit.turn.response,
        }


def frames_of_others(events: Sequence[Event], before: int, state: ConversationState) -> Iterator[Record]:
    """What no turn did: messages that answer nobody's, and who owns the conversation now."""
    for seq, event in enumerate(events, start=before + 1):
        if isinstance(event, AgentSpoke | BotReplied):
            message = {
                "seq": seq,
                "message_id": event.message_id,
                "role": "agent" if isinstance(event, AgentSpoke) else "bot",
                "at": state.updated_at.isoformat() if state.updated_at else None,
                "parts": [encode_part(part) for part in event.parts],
                "citations": [],
                "feedback": None,
                "client_message_id": None,
            }
            yield {"type": "message", "seq": seq, "message": message}
    yield {"type": "owner", "owner": state.owner.kind, "position": None}
    if any(isinstance(event, Resolved) for event in events):
        yield {"type": "resolved"}
