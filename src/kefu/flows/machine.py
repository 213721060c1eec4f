"""The pure interpreter of flows: state and input in, outcome out. It never raises and never acts.

`advance` runs the flow on top of the stack until it needs something. The caller folds the outcome's events
into the state, does what is needed, and calls again with the result. A write comes as `Waiting` with a
`Proposal` first; only an `Affirm` to that open question turns it into `NeedsOperation` of kind `write`.
"""

from typing import assert_never

from kefu.conversation.events import FlowCancelled, FlowStarted, ResultKept, SlotFilled
from kefu.conversation.state import ConversationState, FlowFrame
from kefu.conversation.values import Value
from kefu.flows import hearing, slots
from kefu.flows.definition import REFUSAL, WRITE_OUTCOMES, AnswerStep, ReadStep, WriteStep
from kefu.flows.expressions import ExpressionFailed
from kefu.flows.library import FlowLibrary
from kefu.flows.outcomes import (
    Advanced,
    AnswerGiven,
    Begin,
    ConfirmationExpired,
    Done,
    Heard,
    Input,
    OperationFailed,
    OperationRefused,
    OperationReturned,
    Outcome,
    Proceed,
    Say,
)
from kefu.flows.run import Run
from kefu.flows.stepping import end, fail, go_on, move_to


def advance(library: FlowLibrary, state: ConversationState, given: Input) -> Outcome:
    """What the flow on top of the stack does with `given` and needs next. Every input has an outcome."""
    if isinstance(given, Begin):
        return _begin(library, state, given)
    if state.flow is None:
        return Advanced()
    flow = library.flows.get(state.flow.flow)
    if flow is None:
        # Only another release than the conversation's own can have lost it.
        return _lost(state.flow)
    run = Run(library, state, flow)
    try:
        return _react(run, given)
    except ExpressionFailed as error:
        return fail(run, error.detail)


def _begin(library: FlowLibrary, state: ConversationState, given: Begin) -> Outcome:
    flow = library.flows.get(given.flow)
    if flow is None:
        return _no_flow(given.flow)
    run = Run(library, state, flow)
    try:
        if any(frame.flow == given.flow for frame in state.flows):
            return _return_to(run, given)
        return _start(run, given)
    except ExpressionFailed as error:
        return fail(run, error.detail)


def _start(run: Run, given: Begin) -> Outcome:
    flow = run.flow
    run.record(FlowStarted(flow.name, run.state.runs + 1, flow.start))
    values = slots.values_given(flow, run.library.types, given.commands, filled=frozenset(), asked=None)
    hearing.take_in(run, values)
    for slot in flow.slots.values():
        remembered = run.state.slots.get(slot.name)
        if slot.scope == "conversation" and slot.name not in run.frame.slots:
            value: Value = slots.fitting(slot, run.library.types, remembered)
            if value is not None:
                run.record(SlotFilled(slot.name, value, "flow"))
    return go_on(run)


def _return_to(run: Run, given: Begin) -> Outcome:
    while run.state.flow and run.state.flow.flow != given.flow:
        run.record(FlowCancelled(run.state.flow.flow, "customer"))
    values = slots.values_given(
        run.flow, run.library.types, given.commands, filled=run.frame.slots.keys(), asked=None
    )
    changed = hearing.take_in(run, values)
    if run.state.question is None:
        run.say("flow.resume")
    return hearing.rewind(run, changed) or go_on(run)


def _react(
    run: Run,
    given: Heard
    | Proceed
    | OperationReturned
    | OperationRefused
    | OperationFailed
    | AnswerGiven
    | ConfirmationExpired,
) -> Outcome:
    match given:
        case Heard():
            return hearing.hear(run, given)
        case Proceed():
            run.say("flow.resume")
            return go_on(run)
        case OperationReturned() | OperationRefused() | OperationFailed():
            step = run.step
            if isinstance(step, ReadStep | WriteStep) and run.state.question is None:
                return _after_call(run, step, given)
            return Advanced()
        case AnswerGiven():
            step = run.step
            return move_to(run, step.go) if isinstance(step, AnswerStep) else Advanced()
        case ConfirmationExpired():
            # The yes that came too late has already settled the question.
            step = run.step
            return _expired(run, step) if isinstance(step, WriteStep) else Advanced()
        case _:
            assert_never(given)


def _after_call(
    run: Run, step: ReadStep | WriteStep, given: OperationReturned | OperationRefused | OperationFailed
) -> Outcome:
    match given:
        case OperationReturned():
            if step.keep is not None:
                run.record(ResultKept(step.keep, given.value))
            return move_to(run, step.go)
        case OperationRefused():
            run.record(ResultKept(REFUSAL, {"code": given.code, "details": given.details}))
            # A back office's code never takes the way of an outcome that only looks like it.
            by_code = None if given.code in WRITE_OUTCOMES else step.on.get(given.code)
            target = by_code or step.on.get("refused")
            if target is not None:
                return move_to(run, target)
            failure = f"step `{step.id}`: nothing is said about the refusal `{given.code}`"
            return end(run, "failed", say="flow.refused", hand_off="policy", failure=failure)
        case OperationFailed():
            target = step.on.get(given.kind)
            if target is not None:
                return move_to(run, target)
            failure = f"step `{step.id}`: {step.operation} is {given.kind}"
            return end(run, "failed", say=f"flow.{given.kind}", hand_off="outage", failure=failure)
        case _:
            assert_never(given)


def _expired(run: Run, step: WriteStep) -> Outcome:
    target = step.on.get("expired")
    return end(run, "expired", say="flow.expired") if target is None else move_to(run, target)


def _lost(frame: FlowFrame) -> Done:
    done = _no_flow(frame.flow)
    return Done(
        (FlowCancelled(frame.flow, "failed"),), done.says, done.flow, done.end, done.hand_off, done.failure
    )


def _no_flow(name: str) -> Done:
    about = {"flow": {"name": name, "title": {"zh": name, "en": name}}}
    return Done((), (Say("flow.failed", about),), name, "failed", "outage", f"there is no flow `{name}`")
