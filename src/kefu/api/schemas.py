"""The shapes of answers on the hot path: they document it in OpenAPI, and validate nothing."""

from typing import Any, Literal

import msgspec

from kefu.conversation.events import Rung


class Problem(msgspec.Struct):
    """RFC 9457, with a stable `code`."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | msgspec.UnsetType = msgspec.UNSET


class ActingIntent(msgspec.Struct):
    name: str
    confidence: float
    tier: Literal["rules", "classifier", "model"]


class RankedIntent(msgspec.Struct):
    name: str
    confidence: float
    requested: bool


class FoundEntity(msgspec.Struct):
    """`text` is `message[start:end]`; `value` is normalised."""

    type: str
    text: str
    value: Any
    start: int
    end: int


class BlockedBy(msgspec.Struct):
    kind: str
    rule: str


class FlowStatus(msgspec.Struct):
    name: str
    step: str
    status: Literal["active", "waiting", "completed", "cancelled"]


class CitedSource(msgspec.Struct):
    index: int
    passage_id: str
    source: str
    title: str
    score: float


class OperationStatus(msgspec.Struct):
    name: str
    kind: Literal["read", "write"]
    arguments: dict[str, Any]
    status: Literal["proposed", "executed", "failed", "unknown"]


class HandoffStatus(msgspec.Struct):
    reason: str
    queue: str
    position: int | None
    ticket_id: str


class ReplyPart(msgspec.Struct):
    """One part of the reply; the other fields depend on `type`."""

    type: Literal["text", "quick_replies", "card", "form", "image", "file", "notice"]


Sentiment = Literal["angry", "upset", "neutral", "happy"]


class Understood(msgspec.Struct):
    """The understanding of a message alone."""

    commands: list[dict[str, Any]]
    language: str
    intent: ActingIntent | None
    intents: list[RankedIntent]
    entities: list[FoundEntity]
    sentiment: Sentiment
    out_of_scope: bool
    blocked: BlockedBy | None
    timings_ms: dict[str, float]


class ChatResponse(msgspec.Struct):
    """The whole response to a message."""

    conversation_id: str
    turn_id: str
    reply: str
    parts: list[ReplyPart]
    language: str | None
    intent: ActingIntent | None
    intents: list[RankedIntent]
    entities: list[FoundEntity]
    sentiment: Sentiment
    flow: FlowStatus | None
    slots: dict[str, Any]
    citations: list[CitedSource]
    operations: list[OperationStatus]
    handoff: HandoffStatus | None
    out_of_scope: bool
    blocked: BlockedBy | None
    rung: Rung
    release: str
    timings_ms: dict[str, float]


class CustomerName(msgspec.Struct):
    id: str
    name: str | None


class ConversationSummary(msgspec.Struct):
    """One conversation in a list. `pending`: a message of the customer is not answered yet."""

    conversation_id: str
    customer: CustomerName
    channel: str
    status: Literal["open", "resolved"]
    owner: Literal["bot", "queue", "agent"]
    queue: str | None
    agent_id: str | None
    language: str | None
    intent: str | None
    pending: bool
    release: str
    version: int
    opened_at: str
    updated_at: str


class ConversationPage(msgspec.Struct):
    """`next` is the cursor of the next page, null on the last."""

    conversations: list[ConversationSummary]
    next: str | None


class ConversationMessage(msgspec.Struct):
    seq: int
    message_id: str
    client_message_id: str | None
    role: Literal["customer", "bot", "agent"]
    at: str
    parts: list[ReplyPart]
    attachments: list[dict[str, Any]]
    citations: list[CitedSource]
    feedback: Literal["up", "down"] | None


class ConversationDetail(ConversationSummary):
    messages: list[ConversationMessage]


class MessageList(msgspec.Struct):
    messages: list[ConversationMessage]


class LoggedEvent(msgspec.Struct):
    """A fact of the log; `data` depends on `type`."""

    seq: int
    at: str
    type: str
    data: dict[str, Any]


class EventList(msgspec.Struct):
    events: list[LoggedEvent]


class OpenHandoff(msgspec.Struct):
    reason: str
    queue: str
    ticket_id: str


class Ownership(msgspec.Struct):
    """Who answers the conversation now."""

    status: Literal["open", "resolved"]
    owner: Literal["bot", "queue", "agent"]
    version: int
    handoff: OpenHandoff | None


class SaidAsAgent(Ownership):
    message_id: str


class PassageText(msgspec.Struct):
    """A passage as a citation opens it; dates are those between which it is in force."""

    passage_id: str
    source: str
    title: str
    heading: list[str]
    text: str
    effective_from: str | None
    effective_to: str | None


class FoundPassage(PassageText):
    kind: Literal["faq", "section", "row", "steps"]
    score: float


class SearchResult(msgspec.Struct):
    query: str
    passages: list[FoundPassage]
