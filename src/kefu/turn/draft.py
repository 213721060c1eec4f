"""A turn in the making: facts folded into the state as they are found, and what will be said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from kefu.conversation.events import BotReplied, Event, OperationRan, Recorded, Rung
from kefu.conversation.ids import Clock, CustomerId, MessageId, TurnId, new_id
from kefu.conversation.messages import Citation, Part, Text
from kefu.conversation.state import ConversationState, apply
from kefu.conversation.values import Record
from kefu.knowledge.answers import Answer
from kefu.operations.ledger import Effect
from kefu.turn.store import Ticket

_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class OperationNote:
    """What the response tells of one call: `status` as in design, section 4.2."""

    name: str
    kind: Literal["read", "write"]
    arguments: Record
    status: Literal["proposed", "executed", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class FlowNote:
    name: str
    step: str
    status: Literal["active", "waiting", "completed", "cancelled"]


class Draft:
    """Built up by one turn and by nobody else; thrown away when the turn is redone."""

    def __init__(self, state: ConversationState, clock: Clock) -> None:
        self.state = state
        self.base_version = state.version
        self.turn_id = TurnId(new_id("turn", clock()))
        self.events: list[Recorded] = []
        self.parts: list[Part] = []
        self.citations: list[Citation] = []
        self.operations: list[OperationNote] = []
        self.effects: list[Effect] = []
        self.tickets: list[Ticket] = []
        self.flow: FlowNote | None = None
        self.rung: Rung = "classifier"
        self.position: int | None = None
        self.wrote = False
        self._clock = clock

    def record(self, *events: Event) -> None:
        for event in events:
            recorded = Recorded(self.state.version + 1, self._clock(), event)
            self.events.append(recorded)
            self.state = apply(self.state, recorded)

    @property
    def customer_id(self) -> CustomerId:
        if self.state.customer is None:
            raise AssertionError("a conversation opens with its customer")
        return self.state.customer.id

    def ran(
        self,
        operation: str,
        kind: Literal["read", "write"],
        arguments: Record,
        status: Literal["executed", "failed", "unknown"],
        duration_ms: float,
        failure: str | None = None,
    ) -> None:
        """Records one call, and notes it for the response."""
        self.record(OperationRan(self.turn_id, operation, kind, arguments, status, duration_ms, failure))
        self.operations.append(OperationNote(operation, kind, arguments, status))

    def say(self, parts: Iterable[Part]) -> None:
        self.parts.extend(parts)

    def answer(self, answer: Answer) -> None:
        """Says a grounded answer; its citation marks continue the reply's own numbering."""
        offset = len(self.citations)
        text = _MARK.sub(lambda mark: f"[{int(mark[1]) + offset}]", answer.text)
        self.parts.append(Text(text))
        self.citations += [replace(c, index=c.index + offset) for c in answer.citations]

    def reply(self, answers: Iterable[MessageId]) -> None:
        """Records everything said as the reply that settles these messages."""
        message_id = MessageId(new_id("msg", self._clock()))
        citations = tuple(self.citations)
        self.record(
            BotReplied(self.turn_id, message_id, tuple(answers), tuple(self.parts), citations, self.rung)
        )
