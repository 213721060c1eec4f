"""The closed vocabulary in which understanding proposes; a deterministic interpreter runs it."""

from dataclasses import dataclass
from typing import Literal

from kefu.conversation.values import Value

HandoffReason = Literal[
    "customer_asked",
    "not_understood",
    "not_in_material",
    "too_many_failures",
    "complaint",
    "policy",
    "outage",
]

Priority = Literal["low", "normal", "high", "urgent"]
"""How soon a human should look at a conversation."""


@dataclass(frozen=True, slots=True)
class StartFlow:
    flow: str


@dataclass(frozen=True, slots=True)
class SetSlot:
    slot: str
    value: Value


@dataclass(frozen=True, slots=True)
class CorrectSlot:
    slot: str
    value: Value


@dataclass(frozen=True, slots=True)
class CancelFlow:
    """Stop the flow on top of the stack."""


@dataclass(frozen=True, slots=True)
class Affirm:
    """Yes, to the open question."""


@dataclass(frozen=True, slots=True)
class Deny:
    """No, to the open question."""


@dataclass(frozen=True, slots=True)
class AskKnowledge:
    query: str


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """`kind` is the name of a small-talk intent, such as `greeting`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Clarify:
    """The message has several readings; ask which one is meant. `intents` are ranked."""

    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandOff:
    reason: HandoffReason


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the last answer again."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nothing in the vocabulary fits well enough to act on."""


Command = (
    StartFlow
    | SetSlot
    | CorrectSlot
    | CancelFlow
    | Affirm
    | Deny
    | AskKnowledge
    | SmallTalk
    | Clarify
    | HandOff
    | Repeat
    | Unsure
)
