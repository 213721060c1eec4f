"""Random flows under random inputs: the interpreter is total, bounded, and leaves nothing half done."""

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
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
    "reason": Slot("reason", "choice", PLACE, choices={"x": {"zh": "甲", "en": "A"}, "y": {"zh": "乙", "en": "B"}}),
}
RESULTS = ("order", "orders")
FLOWS = ("first", "second")

targets = st.sampled_from((*IDS, END, "nowhere"))
slot_names = st.sampled_from(tuple(SLOTS))
sources = st.sampled_from(
    [
        "has(order_id)", "has(order.items)", "order.status == 'paid'", "len(orders) > 0", "sure", "not sure",
        "true", "note", "missing", "customer.verified", "default(order.n, 0) + 1 > 1", "before(now, now)",
        "orders", "order.items", "[order_id, note]", "order",
    ]
).map(expressions.parse)  # fmt: skip
arguments = st.one_of(
    st.none(),
    st.integers(0, 9),
    sources.map(lambda expression: templates.Template((expression,))),
    sources.map(lambda expression: templates.Template(("x", expression))),
)
conditions = st.none() | sources


@st.composite
def steps(draw: st.DrawFn, id_: str) -> Step:
    go, when = draw(targets), draw(conditions)
    mapping = draw(st.dictionaries(st.sampled_from(["a", "order_id"]), arguments, max_size=2))
    codes = ["refused", "unavailable", "unknown", "gone", "declined", "expired"]
    on = draw(st.dictionaries(st.sampled_from(codes), targets, max_size=3))
    keep = draw(st.none() | st.sampled_from(RESULTS))
    kinds: Sequence[st.SearchStrategy[Step]] = (
        st.builds(
            CollectStep,
            id=st.just(id_),
            place=st.just(PLACE),
            go=st.just(go),
            when=st.just(when),
            slot=slot_names,
            ask=st.just("a"),
            tries=st.integers(1, 3),
            failed=st.none() | targets,
            offers=st.none() | st.builds(Offers, sources, st.just(expressions.parse("id")), st.just("b")),
        ),
        st.just(ReadStep(id=id_, place=PLACE, go=go, when=when, operation="r", arguments=mapping, keep=keep, on=on)),
        st.just(
            WriteStep(
                id=id_, place=PLACE, go=go, when=when, operation="w", arguments=mapping, confirm="c", keep=keep, on=on
            )
        ),
        st.builds(
            BranchStep,
            id=st.just(id_),
            place=st.just(PLACE),
            arms=st.lists(st.builds(Arm, sources, targets), max_size=3).map(tuple),
            otherwise=st.just(go),
        ),
        st.builds(
            SayStep,
            id=st.just(id_),
            place=st.just(PLACE),
            go=st.just(go),
            when=st.just(when),
            response=st.just("d"),
            each=st.none() | st.builds(Each, st.just("item"), sources),
        ),
        st.builds(
            AnswerStep, id=st.just(id_), place=st.just(PLACE), go=st.just(go), when=st.just(when), query=arguments
        ),
        st.just(SetStep(id=id_, place=PLACE, go=go, when=when, values={draw(slot_names): draw(arguments)})),
        st.just(HandOffStep(id=id_, place=PLACE, reason="policy")),
    )
    return draw(st.one_of(*kinds))


@st.composite
def flows(draw: st.DrawFn, name: str) -> Flow:
    body: Mapping[str, Step] = {id_: draw(steps(id_)) for id_ in IDS}
    return Flow(name, {"zh": name, "en": name}, "", (), SLOTS, body, IDS[0], "random.yaml")


libraries = st.tuples(*(flows(name) for name in FLOWS)).map(
    lambda made: FlowLibrary({flow.name: flow for flow in made})
)
values: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["YL20261108000123", "123456", "x", ""]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "items", "status", "n"]), inner, max_size=3),
    max_leaves=6,
)
commands: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from(
        [Affirm(), Deny(), CancelFlow(), Repeat(), Unsure(), AskKnowledge("q"), SmallTalk("greeting")]
    ),
    st.sampled_from([StartFlow("first"), HandOff("policy"), Clarify(("a", "b"))]),
    st.builds(SetSlot, slot_names | st.just("else"), values),
    st.builds(CorrectSlot, slot_names, values),
)
several = st.lists(commands, max_size=3).map(tuple)
records = st.dictionaries(st.sampled_from(["id", "status"]), values, max_size=2)
inputs: st.SearchStrategy[Input] = st.one_of(
    st.builds(Begin, st.sampled_from((*FLOWS, "nowhere")), several),
    st.builds(Heard, several, st.sampled_from(["", "1", "甲", "YL20261108000123", "随便说说"])),
    st.builds(OperationReturned, values),
    st.builds(OperationRefused, st.sampled_from(["gone", "other", "declined"]), records),
    st.builds(OperationFailed, st.sampled_from(["unavailable", "unknown"])),
    st.sampled_from([Proceed(), AnswerGiven(), ConfirmationExpired()]),
)


def folded(state: ConversationState, outcome: Outcome) -> ConversationState:
    recorded = [Recorded(state.version + i, NOW, event) for i, event in enumerate(outcome.events, start=1)]
    return replay(recorded, state)


@settings(max_examples=300, deadline=None)
@given(libraries, st.lists(inputs, min_size=1, max_size=12))
def test_every_input_has_an_outcome_and_every_outcome_leaves_a_whole_state(
    library: FlowLibrary, given_: list[Input]
) -> None:
    state = opened()
    for one in given_:
        outcome = advance(library, state, one)
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


@settings(max_examples=200, deadline=None)
@given(libraries, st.lists(inputs, min_size=1, max_size=12))
def test_a_write_is_called_only_right_after_a_yes_to_its_open_question(
    library: FlowLibrary, given_: list[Input]
) -> None:
    state = opened()
    for one in given_:
        outcome = advance(library, state, one)
        if isinstance(outcome, NeedsOperation) and outcome.call.kind == "write":
            assert isinstance(one, Heard)
            assert any(isinstance(command, Affirm) for command in one.commands)
            assert state.question is not None
            assert state.question.kind == "confirm"
            assert state.flow is not None
            assert (state.flow.run, state.flow.step) == (outcome.call.run, outcome.call.step)
        state = folded(state, outcome)


@settings(max_examples=200, deadline=None)
@given(libraries, several, st.lists(values, max_size=30))
def test_a_flow_without_endless_loops_needs_a_bounded_number_of_calls(
    library: FlowLibrary, first: tuple[Command, ...], returned: list[Value]
) -> None:
    flow = library.flows["first"]
    if analysis.endless(flow.steps, flow.start) is not None:
        return
    state = opened()
    outcome = advance(library, state, Begin("first", first))
    # Each step comes at most once for each set of forgotten slots.
    for value in [*returned, *[None] * (len(IDS) * 2 ** len(SLOTS))]:
        state = folded(state, outcome)
        if not isinstance(outcome, NeedsOperation | NeedsAnswer):
            return
        given_ = OperationReturned(value) if isinstance(outcome, NeedsOperation) else AnswerGiven()
        outcome = advance(library, state, given_)
    assert not isinstance(outcome, NeedsOperation | NeedsAnswer)


@settings(max_examples=200, deadline=None)
@given(flows("first"), slot_names)
def test_a_rewind_goes_to_a_step_that_was_surely_passed_and_keeps_what_it_relies_on(
    flow: Flow, slot: str
) -> None:
    passed = analysis.dominators(flow.steps, flow.start)
    for current in passed:
        target = analysis.rewind_to(flow, current, {slot})
        if target is not None:
            assert target in passed[current]
            kept = analysis.surely_set(flow.steps, flow.start)[target]
            assert not analysis.results_to_drop(flow, target) & kept


