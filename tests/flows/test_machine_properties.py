"""Random flows under random inputs: the interpreter is total, bounded, and leaves nothing half done."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    CancelFlow,
    Clarify,
    Command,
    CorrectSlot,
    Deny,
    HandOff,
    Repeat,
    SetSlot,
    SmallTalk,
    StartFlow,
    Unsure,
)
from kefu.conversation.events import FlowCancelled, FlowCompleted, Recorded
from kefu.conversation.state import ConversationState, replay
from kefu.conversation.values import Value
from kefu.flows import analysis, expressions, templates
from kefu.flows.definition import (
    END,
    AnswerStep,
    Arm,
    BranchStep,
    CollectStep,
    Each,
    Flow,
    HandOffStep,
    Offers,
    Place,
    ReadStep,
    SayStep,
    SetStep,
    Slot,
    Step,
    WriteStep,
)
from kefu.flows.library import FlowLibrary
from kefu.flows.machine import advance
from kefu.flows.outcomes import (
    Advanced,
    AnswerGiven,
    Begin,
    ConfirmationExpired,
    Done,
    Heard,
    Input,
    NeedsAnswer,
    NeedsOperation,
    OperationFailed,
    OperationRefused,
    OperationReturned,
    Outcome,
    Proceed,
    Waiting,
)
from kefu.flows.stepping import STEP_BUDGET

from .support import NOW, opened

PLACE = Place("random.yaml", 1)
IDS = ("s0", "s1", "s2", "s3", "s4", "s5")
SLOTS = {
    "order_id": Slot("order_id", "order_id", PLACE, scope="conversation", replaces=("note",)),
    "note": Slot("note", "text", PLACE, replaces=("order_id",)),
    "sure": Slot("sure", "boolean", PLACE),
    "reason": Slot(
        "reason", "choice", PLACE, choices={"x": {"zh": "甲", "en": "A"}, "y": {"zh": "乙", "en": "B"}}
    ),
}
RESULTS = ("order", "orders")
FLOWS = ("first", "second")
TURNS = 12
T = TypeVar("T")


def parsed(*texts: str) -> tuple[expressions.Expression, ...]:
    return tuple(expressions.parse(text) for text in texts)


CONDITIONS = parsed(
    "has(order_id)", "not has(note)", "true", "customer.verified", "has(sure) and sure", "has(order)"
)
TEXTS = parsed("'YL20261108000123'", "default(order_id, '123456')", "customer.id")
LISTS = parsed("[customer, customer]", "[]", "[now]")
RISKY = parsed(
    "order.status == 'paid'", "len(orders) > 0", "sure", "note", "missing", "orders", "order.items", "order",
    "default(order.n, 0) + 1 > 1", "before(now, now)", "[order_id, note]", "not sure",
)  # fmt: skip
CODES = ("refused", "unavailable", "unknown", "gone", "declined", "expired")
VALUES: tuple[Value, ...] = (None, True, 1, 0.5, float("nan"), "YL20261108000123", "123456", "x", "")
COMMANDS: tuple[Command, ...] = (
    Affirm(), Affirm(), Affirm(), Deny(), CancelFlow(), Repeat(), Unsure(), AskKnowledge("q"),
    SmallTalk("greeting"), StartFlow("first"), HandOff("policy"), Clarify(("a", "b")),
)  # fmt: skip


class Dice:
    """Random flows and inputs. Hypothesis picks the seed, so that a failure names it and can be replayed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def one(self, choices: Sequence[T]) -> T:
        return self._random.choice(choices)

    def some(self, make: Callable[[], T], most: int) -> list[T]:
        return [make() for _ in range(self._random.randint(0, most))]

    def library(self) -> FlowLibrary:
        return FlowLibrary({name: self.flow(name) for name in FLOWS})

    def flow(self, name: str) -> Flow:
        steps = {id_: self.step(id_) for id_ in IDS}
        return Flow(name, {"zh": name, "en": name}, "", (), SLOTS, steps, IDS[0], "random.yaml")

    def target(self) -> str:
        return self.one((*IDS, *IDS, END, *IDS, *IDS, END, "nowhere"))

    def source(self, safe: Sequence[expressions.Expression]) -> expressions.Expression:
        """One that may well fail now and then: most runs should get further."""
        return self.one((*[self.one(safe)] * 9, self.one(RISKY)))

    def argument(self) -> templates.Argument:
        source = self.source(TEXTS)
        return self.one((None, 3, "x", templates.Template((source,)), templates.Template(("x", source))))

    def step(self, id_: str) -> Step:
        go, when = self.target(), self.one((None, None, self.source(CONDITIONS)))
        arguments = {self.one(("a", "order_id")): self.argument() for _ in range(2)}
        on = {self.one(CODES): self.target() for _ in range(2)}
        keep = self.one((None, *RESULTS))
        source = self.source(LISTS)
        match self.one(range(10)):
            case 0 | 1:
                offers = self.one((None, Offers(source, expressions.parse("default(name, id)"), "b")))
                return CollectStep(
                    id=id_, place=PLACE, go=go, when=when, slot=self.one(tuple(SLOTS)), ask="a",
                    tries=self.one((1, 2, 3)), failed=self.one((None, self.target())), offers=offers,
                )  # fmt: skip
            case 2:
                return ReadStep(
                    id=id_,
                    place=PLACE,
                    go=go,
                    when=when,
                    operation="r",
                    arguments=arguments,
                    keep=keep,
                    on=on,
                )
            case 3 | 4:
                return WriteStep(
                    id=id_, place=PLACE, go=go, when=when, operation="w", arguments=arguments, confirm="c",
                    keep=keep, on=on,
                )  # fmt: skip
            case 5:
                arms = tuple(self.some(lambda: Arm(self.source(CONDITIONS), self.target()), 2))
                return BranchStep(id=id_, place=PLACE, arms=arms, otherwise=go)
            case 6:
                each = self.one((None, Each("item", source)))
                return SayStep(id=id_, place=PLACE, go=go, when=when, response="d", each=each)
            case 7:
                return AnswerStep(
                    id=id_, place=PLACE, go=go, when=when, query=self.one(("x", self.argument()))
                )
            case 8:
                values = {self.one(tuple(SLOTS)): self.argument()}
                return SetStep(id=id_, place=PLACE, go=go, when=when, values=values)
            case _:
                return HandOffStep(id=id_, place=PLACE, reason="policy")

    def value(self, depth: int = 2) -> Value:
        if depth and self.one((True, False)):
            inner = self.some(lambda: self.value(depth - 1), 3)
            return self.one((inner, dict(zip(("id", "items", "status", "n"), inner, strict=False))))
        return self.one(VALUES)

    def command(self) -> Command:
        slot = self.one((*SLOTS, "else"))
        return self.one((self.one(COMMANDS), SetSlot(slot, self.value()), CorrectSlot(slot, self.value())))

    def input(self, state: ConversationState) -> Input:
        """Any input, though mostly one that the state calls for."""
        apt = self._apt(state)
        return self.one((apt, apt, apt, self._any()))

    def _apt(self, state: ConversationState) -> Input:
        heard = Heard(tuple(self.some(self.command, 1)), self.one(("1", "甲", "YL20261108000123", "随便")))
        if state.flow is None:
            return Begin(self.one(FLOWS), tuple(self.some(self.command, 1)))
        if state.question is None:
            return self.one((OperationReturned(self.value()), AnswerGiven()))
        return self.one((Heard((Affirm(),)), heard)) if state.question.kind == "confirm" else heard

    def _any(self) -> Input:
        commands = tuple(self.some(self.command, 2))
        text = self.one(("", "1", "甲", "YL20261108000123", "随便说说"))
        return self.one(
            (
                Begin(self.one((*FLOWS, "nowhere")), commands),
                Heard(commands, text),
                Heard((Affirm(),)),
                OperationReturned(self.value()),
                OperationRefused(self.one(("gone", "other", "declined")), {"status": self.value()}),
                OperationFailed(self.one(("unavailable", "unknown"))),
                self.one((Proceed(), AnswerGiven(), ConfirmationExpired())),
            )
        )


dice = st.integers(0, 2**32).map(Dice)


def folded(state: ConversationState, outcome: Outcome) -> ConversationState:
    recorded = [Recorded(state.version + i, NOW, event) for i, event in enumerate(outcome.events, start=1)]
    return replay(recorded, state)


@settings(max_examples=500, deadline=None)
@given(dice)
def test_every_input_has_an_outcome_and_every_outcome_leaves_a_whole_state(dice: Dice) -> None:
    library, state = dice.library(), opened()
    for _ in range(TURNS):
        outcome = advance(library, state, dice.input(state))
        after = folded(state, outcome)
        assert after.version == state.version + len(outcome.events)
        assert len(outcome.events) <= 4 * STEP_BUDGET + 20
        _assert_whole(outcome, state, after)
        state = after


def _assert_whole(outcome: Outcome, before: ConversationState, after: ConversationState) -> None:
    match outcome:
        case Waiting():
            assert after.question == outcome.question
            assert (outcome.question.kind == "confirm") == (outcome.proposal is not None)
            assert outcome.says
        case NeedsOperation():
            assert after.flow is not None
            assert (after.flow.run, after.flow.step) == (outcome.call.run, outcome.call.step)
            assert after.question is None or before.question == after.question
        case NeedsAnswer():
            assert after.flow is not None
        case Done():
            assert len(after.flows) <= len(before.flows)
            assert after.question is None or not outcome.events
            ended = [e for e in outcome.events if isinstance(e, FlowCompleted | FlowCancelled)]
            assert not ended or ended[-1].flow == outcome.flow
        case Advanced():
            assert not outcome.events


@settings(max_examples=500, deadline=None)
@given(dice)
def test_a_write_is_called_only_right_after_a_yes_to_its_open_question(dice: Dice) -> None:
    library, state = dice.library(), opened()
    for _ in range(TURNS):
        one = dice.input(state)
        outcome = advance(library, state, one)
        if isinstance(outcome, NeedsOperation) and outcome.call.kind == "write":
            assert isinstance(one, Heard)
            assert any(isinstance(command, Affirm) for command in one.commands)
            assert state.question is not None
            assert state.question.kind == "confirm"
            assert state.flow is not None
            assert (state.flow.run, state.flow.step) == (outcome.call.run, outcome.call.step)
        state = folded(state, outcome)


@settings(max_examples=500, deadline=None)
@given(dice)
def test_a_flow_without_endless_loops_needs_a_bounded_number_of_calls(dice: Dice) -> None:
    library, state = dice.library(), opened()
    flow = library.flows["first"]
    assume(analysis.endless(flow.steps, flow.start) is None)
    outcome = advance(library, state, Begin("first", tuple(dice.some(dice.command, 2))))
    # Each step comes at most once for each set of forgotten slots.
    for _ in range(len(IDS) * 2 ** len(SLOTS)):
        state = folded(state, outcome)
        if not isinstance(outcome, NeedsOperation | NeedsAnswer):
            return
        given_ = OperationReturned(dice.value()) if isinstance(outcome, NeedsOperation) else AnswerGiven()
        outcome = advance(library, state, given_)
    assert not isinstance(outcome, NeedsOperation | NeedsAnswer)


@settings(max_examples=300, deadline=None)
@given(dice)
def test_a_rewind_goes_to_a_step_that_was_surely_passed_and_keeps_what_it_relies_on(dice: Dice) -> None:
    flow, slot = dice.flow("first"), dice.one(tuple(SLOTS))
    passed = analysis.dominators(flow.steps, flow.start)
    for current in passed:
        target = analysis.rewind_to(flow, current, {slot})
        if target is not None:
            assert target in passed[current]
            kept = analysis.surely_set(flow.steps, flow.start)[target]
            assert not analysis.results_to_drop(flow, target) & kept
