"""What the interpreter is given, and what it asks for: the two closed unions of `advance`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from kefu.conversation.commands import Command, HandoffReason
from kefu.conversation.events import Event, Question
from kefu.conversation.values import Record, Value
from kefu.flows.definition import Localized

# --- given -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begin:
    """Start `flow` on top of whatever is going on. `commands` are those of the message that asked for it.

    A flow that is already open is not started twice: what was begun on top of it is given up, and it goes on.
    """

    flow: str
    commands: Sequence[Command] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """The customer said something to the open question."""

    commands: Sequence[Command]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Proceed:
    """Take up the flow on top again after something else: another flow, an answer, a human."""


@dataclass(frozen=True, slots=True)
class OperationReturned:
    value: Value


@dataclass(frozen=True, slots=True)
class OperationRefused:
    code: str
    details: Record = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class OperationFailed:
    """`unavailable`: surely not carried out. `unknown`: a write that may have happened."""

    kind: Literal["unavailable", "unknown"]


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """The answer that was needed has been given, or it has been said that there is none."""


@dataclass(frozen=True, slots=True)
class ConfirmationExpired:
    """The yes came too late, or never."""


Input = (
    Begin
    | Heard
    | Proceed
    | OperationReturned
    | OperationRefused
    | OperationFailed
    | AnswerGiven
    | ConfirmationExpired
)

# --- outcome ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """A quick reply; pressing it sends `message`. A `Say` as label is a response still to be worded."""

    message: str
    label: "Localized | Say"


@dataclass(frozen=True, slots=True)
class Say:
    """A response to be worded with `fields`: the flow's names, `customer`, `now` and `flow`."""

    response: str
    fields: Record
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class OperationCall:
    """Arguments in the back office's names; `run` and `step` tell which call of the conversation it is."""

    operation: str
    kind: Literal["read", "write"]
    arguments: Record
    run: int
    step: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A write that the customer is asked to confirm. Its wording, `response`, is among the `says` already."""

    operation: str
    arguments: Record
    run: int
    step: str
    response: str
    fields: Record


@dataclass(frozen=True, slots=True)
class Advanced:
    """Nothing is needed: no flow is open, or what was given does not concern it."""

    events: tuple[Event, ...] = ()
    says: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """The customer must answer. The last of `says` is the question; `proposal` is set for a write."""

    events: tuple[Event, ...]
    says: tuple[Say, ...]
    question: Question
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class NeedsOperation:
    """Run `call`, then give `OperationReturned`, `OperationRefused` or `OperationFailed`."""

    events: tuple[Event, ...]
    says: tuple[Say, ...]
    call: OperationCall


@dataclass(frozen=True, slots=True)
class NeedsAnswer:
    """Answer `query` from knowledge, then give `AnswerGiven`."""

    events: tuple[Event, ...]
    says: tuple[Say, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Done:
    """The flow is over and off the stack. If another is below it, give `Proceed` unless a human takes over.

    `failure` tells operators what went wrong in the flow; customers never see it.
    """

    events: tuple[Event, ...]
    says: tuple[Say, ...]
    flow: str
    end: Literal["completed", "cancelled", "failed"]
    hand_off: HandoffReason | None = None
    failure: str | None = None


Outcome = Advanced | Waiting | NeedsOperation | NeedsAnswer | Done
