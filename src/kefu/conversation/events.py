"""Facts, in the past tense. A conversation is the list of them and nothing else.

`Event` is a closed union: every `match` over it ends in `assert_never`. An event never refers to code, so
a log written by one release is read by every later one; fields are only ever added, with defaults.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from kefu.conversation.commands import HandoffReason, Priority
from kefu.conversation.ids import (
    AgentId,
    CustomerId,
    EffectId,
    MessageId,
    ReleaseId,
    TicketId,
    TurnId,
)
from kefu.conversation.messages import Attachment, Choice, Citation, Part
from kefu.conversation.values import Record, Value

Rung = Literal["rules", "classifier", "model", "faq", "human", "form"]
"""Which rung answered: the tier that understood, or how far the answer was degraded."""

Signal = Literal["self_harm", "threat", "repeated", "deadline"]
"""What makes a message pressing, the gravest first: words of self-harm, the threat to report or expose the
shop, asking or complaining once more, a deadline."""

EffectFailure = Literal["refused", "unavailable", "expired", "declined", "superseded"]


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is asking. `verified` says that the merchant's own system vouched for the id."""

    id: CustomerId
    verified: bool = False
    name: str | None = None
    locale: str | None = None
    attributes: Record = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot is waiting for. `slot` is set when `kind` is `slot`."""

    kind: Literal["slot", "confirm", "clarify", "offer_human"]
    slot: str | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    customer: Customer
    channel: str
    release: ReleaseId


@dataclass(frozen=True, slots=True)
class CustomerSpoke:
    message_id: MessageId
    text: str
    attachments: tuple[Attachment, ...] = ()
    client_message_id: str | None = None
    channel_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageUnderstood:
    """The reading that the turn acted on; the whole of it stands in the turn's trace."""

    turn_id: TurnId
    intent: str | None
    confidence: float
    tier: Literal["rules", "classifier", "model"]
    language: str
    sentiment: Literal["angry", "upset", "neutral", "happy"]
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowStarted:
    """`run` is unique in the conversation: the same flow run twice has two."""

    flow: str
    run: int
    step: str


@dataclass(frozen=True, slots=True)
class StepReached:
    """The flow on top of the stack moved on; whatever it was waiting for has been settled."""

    step: str


@dataclass(frozen=True, slots=True)
class SlotFilled:
    """`scope` says how long it lasts: until the flow ends, or for the whole conversation."""

    slot: str
    value: Value
    scope: Literal["flow", "conversation"] = "flow"


@dataclass(frozen=True, slots=True)
class SlotCleared:
    slot: str


@dataclass(frozen=True, slots=True)
class ResultKept:
    """What an operation returned, kept under `name` in the flow on top of the stack."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    question: Question


@dataclass(frozen=True, slots=True)
class QuestionDropped:
    """The open question needs no answer any more."""


@dataclass(frozen=True, slots=True)
class AnswerNotUnderstood:
    """The customer's answer did not fit the open question; counts towards the limit of tries."""


@dataclass(frozen=True, slots=True)
class FlowCompleted:
    flow: str


@dataclass(frozen=True, slots=True)
class FlowCancelled:
    flow: str
    reason: Literal["customer", "handoff", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class OperationRan:
    """A read, or the outcome of a write, in the order of the calls; arguments in the back office's names."""

    turn_id: TurnId
    operation: str
    kind: Literal["read", "write"]
    arguments: Record
    status: Literal["executed", "failed", "unknown"]
    duration_ms: float
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class EffectProposed:
    """A write was described to the customer, who has until `expires_at` to say yes to exactly this digest."""

    effect_id: EffectId
    flow: str
    run: int
    step: str
    operation: str
    arguments: Record
    digest: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EffectConfirmed:
    effect_id: EffectId
    message_id: MessageId


@dataclass(frozen=True, slots=True)
class EffectExecuted:
    effect_id: EffectId
    result: Value


@dataclass(frozen=True, slots=True)
class EffectFailed:
    effect_id: EffectId
    failure: EffectFailure
    code: str | None = None


@dataclass(frozen=True, slots=True)
class EffectBecameUnknown:
    """The call was sent and no answer came: it may have happened. Settled later by reconciliation."""

    effect_id: EffectId


@dataclass(frozen=True, slots=True)
class BotReplied:
    """`answers` names every customer message that this reply settles."""

    turn_id: TurnId
    message_id: MessageId
    answers: tuple[MessageId, ...]
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...] = ()
    rung: Rung = "classifier"


@dataclass(frozen=True, slots=True)
class AgentJoined:
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AgentSpoke:
    message_id: MessageId
    agent_id: AgentId
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class HandedOff:
    reason: HandoffReason
    queue: str
    summary: str
    ticket_id: TicketId
    priority: Priority = "normal"


@dataclass(frozen=True, slots=True)
class ReturnedToBot:
    by: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The episode ended. The next message of the customer opens another one."""

    by: Literal["customer", "bot", "agent", "timeout"]


@dataclass(frozen=True, slots=True)
class Rated:
    """`score` is 1 (worst) to 5."""

    score: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    message_id: MessageId
    value: Literal["up", "down"]
    comment: str = ""


Event: TypeAlias = (
    ConversationOpened
    | CustomerSpoke
    | MessageUnderstood
    | FlowStarted
    | StepReached
    | SlotFilled
    | SlotCleared
    | ResultKept
    | QuestionAsked
    | QuestionDropped
    | AnswerNotUnderstood
    | FlowCompleted
    | FlowCancelled
    | OperationRan
    | EffectProposed
    | EffectConfirmed
    | EffectExecuted
    | EffectFailed
    | EffectBecameUnknown
    | BotReplied
    | AgentJoined
    | AgentSpoke
    | HandedOff
    | ReturnedToBot
    | Resolved
    | Rated
    | FeedbackGiven
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its place: `seq` counts from 1 within the conversation."""

    seq: int
    at: datetime
    event: Event
