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
