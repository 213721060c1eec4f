"""Flows under test: a small vocabulary, and a talk that folds what the interpreter records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kefu.conversation.commands import Command
from kefu.conversation.events import ConversationOpened, Customer, Event, Recorded
from kefu.conversation.ids import CustomerId, ReleaseId
from kefu.conversation.state import ConversationState, replay
from kefu.conversation.values import Value
from kefu.errors import PackInvalid
from kefu.flows.library import STOCK_RESPONSES, FlowLibrary, read_library
from kefu.flows.machine import advance
from kefu.flows.outcomes import (
    Begin,
    Done,
    Heard,
    Input,
    NeedsOperation,
    OperationCall,
    OperationReturned,
    Outcome,
    Waiting,
)
from kefu.flows.vocabulary import Vocabulary
from kefu.operations.model import Operation

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)

OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "orders.list",
            "read",
            {"order_tail": False, "keyword": False, "status": False, "page": False, "page_size": False},
        ),
        Operation("orders.get", "read", {"order_id": True}, refusals=frozenset({"order_not_found"})),
        Operation(
            "orders.cancel",
            "write",
            {"order_id": True, "reason": True, "note": False},
            refusals=frozenset({"order_not_found", "order_not_cancellable"}),
        ),
        Operation(
            "shipments.track",
            "read",
            {"tracking_no": False, "order_id": False},
            refusals=frozenset({"shipment_not_found"}),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Worded:
    """A response as far as flows know it."""

    languages: frozenset[str] = frozenset({"zh", "en"})
    needs: frozenset[str] = frozenset()


def vocabulary(**needs: str) -> Vocabulary:
    """Responses `a` to `h` beside the stock ones; `b="order"` makes `b` need the name `order`."""
    responses = {key: Worded() for key in (*STOCK_RESPONSES, *"abcdefgh")}
    responses |= {key: Worded(needs=frozenset(names.split())) for key, names in needs.items()}
    return Vocabulary(OPERATIONS, responses)


def library_of(*texts: str, known: Vocabulary | None = None) -> FlowLibrary:
    sources = {f"{number}.yaml": text for number, text in enumerate(texts, start=1)}
    return read_library(sources, known or vocabulary())


def problems_of(*texts: str, known: Vocabulary | None = None) -> list[str]:
    try:
        library_of(*texts, known=known)
    except PackInvalid as error:
        return [str(problem) for problem in error.problems]
    return []


def opened(*, verified: bool = True, language: str | None = "zh-Hans") -> ConversationState:
    customer = Customer(CustomerId("C00001"), verified=verified, locale=language)
    return replay([Recorded(1, NOW, ConversationOpened(customer, "api", ReleaseId("r1")))])


@dataclass
class Talk:
    """A conversation with the interpreter. `answers` are given to its operations, in order of calls."""

    library: FlowLibrary
    state: ConversationState = field(default_factory=opened)
    answers: list[Input] = field(default_factory=list[Input])
    calls: list[OperationCall] = field(default_factory=list[OperationCall])
    says: list[str] = field(default_factory=list[str])
    events: list[Event] = field(default_factory=list[Event])

    def begin(self, flow: str, *commands: Command) -> Outcome:
        return self.give(Begin(flow, commands))

    def hear(self, text: str, *commands: Command) -> Outcome:
        return self.give(Heard(commands, text))

    def give(self, given: Input) -> Outcome:
        """The outcome once no operation is needed any more, or once the answers have run out."""
        self.says = []
        self.events = []
        outcome = self._once(given)
        while isinstance(outcome, NeedsOperation) and self.answers:
            outcome = self._once(self.answers.pop(0))
        return outcome

    def returning(self, *values: Value) -> "Talk":
        self.answers.extend(OperationReturned(value) for value in values)
        return self

    def _once(self, given: Input) -> Outcome:
        outcome = advance(self.library, self.state, given)
        first = self.state.version + 1
        self.state = replay(
            [Recorded(first + i, NOW, event) for i, event in enumerate(outcome.events)], self.state
        )
        self.says.extend(say.response for say in outcome.says)
        self.events.extend(outcome.events)
        if isinstance(outcome, NeedsOperation):
            self.calls.append(outcome.call)
        return outcome


def waiting(outcome: Outcome) -> Waiting:
    assert isinstance(outcome, Waiting), outcome
    return outcome


def done(outcome: Outcome) -> Done:
    assert isinstance(outcome, Done), outcome
    return outcome


def needed(outcome: Outcome) -> OperationCall:
    assert isinstance(outcome, NeedsOperation), outcome
    return outcome.call
