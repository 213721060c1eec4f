"""The talk as people read it: the messages of a log, in order, with what was said about them."""

from collections.abc import Iterable

from kefu.conversation.codec import encode, encode_part
from kefu.conversation.events import AgentSpoke, BotReplied, CustomerSpoke, FeedbackGiven, Recorded
from kefu.conversation.messages import Text
from kefu.conversation.values import Record, Value


def history_of(events: Iterable[Recorded]) -> list[Record]:
    """One entry for each message, oldest first, as the widget's and the desk's screens show it."""
    items: dict[str, dict[str, Value]] = {}
    for recorded in events:
        event = recorded.event
        match event:
            case CustomerSpoke():
                item = _item(recorded, event.message_id, "customer")
                item["parts"] = [encode_part(Text(event.text))]
                item["client_message_id"] = event.client_message_id
                items[event.message_id] = item
            case BotReplied():
                item = _item(recorded, event.message_id, "bot")
                item["parts"] = [encode_part(part) for part in event.parts]
                item["citations"] = encode(event.citations)
                items[event.message_id] = item
            case AgentSpoke():
                item = _item(recorded, event.message_id, "agent")
                item["parts"] = [encode_part(part) for part in event.parts]
                items[event.message_id] = item
            case FeedbackGiven() if event.message_id in items:
                items[event.message_id]["feedback"] = event.value
            case _:
                pass
    return list(items.values())


def _item(recorded: Recorded, message_id: str, role: str) -> dict[str, Value]:
    return {
        "seq": recorded.seq,
        "message_id": message_id,
        "role": role,
        "at": recorded.at.isoformat(),
        "parts": [],
        "citations": [],
        "feedback": None,
        "client_message_id": None,
    }
