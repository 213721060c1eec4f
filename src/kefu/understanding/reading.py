"""What understanding returns, and what it may look at besides the message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from kefu.conversation.commands import Command
from kefu.conversation.events import Question, Signal
from kefu.conversation.state import Line
from kefu.conversation.values import Value

Tier = Literal["rules", "classifier", "model"]
Sentiment = Literal["angry", "upset", "neutral", "happy"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A typed span of the message as it was typed: `text == message[start:end]`, `value` is normalised."""

    type: str
    text: str
    value: Value
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IntentGuess:
    """`requested` marks an intent that the customer really asks for, in contrast to a mere candidate."""

    name: str
    confidence: float
    requested: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the same words may depend on. `expects` is the type of the slot that was asked for."""

    now: datetime
    question: Question | None = None
    expects: str | None = None
    flow: str | None = None
    recent: tuple[Line, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """`intents` is ranked, the first requested one is `intent`; `commands` is what to do about the whole.
    `signals` say what makes the message pressing, the gravest first."""

    commands: tuple[Command, ...]
    intent: IntentGuess | None
    intents: tuple[IntentGuess, ...]
    tier: Tier
    entities: tuple[Entity, ...]
    language: str
    sentiment: Sentiment
    out_of_scope: bool = False
    signals: tuple[Signal, ...] = ()


class Understanding(Protocol):
    async def read(self, text: str, context: Context) -> Reading:
        """The reading of one message. Never raises for any text; the worst is `Unsure`."""
        ...
