"""How a run goes from step to step until it needs something or ends."""

from collections.abc import Mapping, Sequence
from typing import Literal, assert_never

from kefu.conversation.commands import HandoffReason
from kefu.conversation.events import FlowCancelled, FlowCompleted, Question, QuestionAsked, StepReached
from kefu.conversation.messages import Choice
from kefu.conversation.values import Record, Value
from kefu.flows import expressions, slots, templates
from kefu.flows.definition import (
    END,
    AnswerStep,
    BranchStep,
    CollectStep,
    Each,
    HandOffStep,
    Offers,
    ReadStep,
    SayStep,
    SetStep,
    WriteStep,
)
from kefu.flows.expressions import Expression, ExpressionFailed
from kefu.flows.outcomes import (
    Done,
    NeedsAnswer,
    NeedsOperation,
    OperationCall,
    Option,
    Outcome,
    Proposal,
    Say,
    Waiting,
)
from kefu.flows.run import Run
from kefu.flows.slots import Candidate

STEP_BUDGET = 50
"""Steps that one call may take. Flows that passed the checks have no endless loop; this holds for all."""

OFFERS_AT_MOST = 5
EACH_AT_MOST = 10


def move_to(run: Run, id_: str) -> Outcome:
    """Leaves the current step for `id_` and goes on from there."""
    for _ in range(STEP_BUDGET):
        if id_ == END:
            return end(run, "completed")
        run.record(StepReached(id_))
        onward = _take(run, id_)
        if not isinstance(onward, str):
            return onward
        id_ = onward
    return fail(run, f"took more than {STEP_BUDGET} steps without waiting")


def go_on(run: Run) -> Outcome:
    """Goes on from the current step, which has not been left: what it counts and asks still stands."""
    onward = _take(run, run.frame.step)
    return move_to(run, onward) if isinstance(onward, str) else onward


def fail(run: Run, failure: str) -> Done:
    """The repair path: the flow ends and a human takes over."""
    return end(
        run, "failed", say="flow.failed", hand_off="outage", failure=f"step `{run.frame.step}`: {failure}"
    )


def end(
    run: Run,
    how: Literal["completed", "customer", "handoff", "failed", "expired"],
    *,
    say: str | None = None,
    hand_off: HandoffReason | None = None,
    failure: str | None = None,
) -> Done:
    """Takes the flow off the stack."""
    if say is not None:
        run.say(say)
    name = run.flow.name
    run.record(FlowCompleted(name) if how == "completed" else FlowCancelled(name, how))
    ending: Literal["completed", "cancelled", "failed"] = (
        how if how == "completed" or how == "failed" else "cancelled"
    )
    return Done(run.events, run.says, name, ending, hand_off, failure)


def ask(run: Run, step: CollectStep, wording: str) -> Waiting:
    offered = candidates(run, step)
    choices = tuple(Choice(candidate.message, candidate.message) for candidate in offered)
    run.say(wording, options=tuple(_option(run, step, candidate) for candidate in offered))
    return _wait(run, Question("slot", step.slot, choices))


def propose(run: Run, step: WriteStep, wording: str) -> Waiting:
    arguments = _arguments(run, step.arguments)
    run.say(wording)
    proposal = Proposal(
        step.operation, arguments, run.frame.run, step.id, response=step.confirm, fields=run.fields()
    )
    return _wait(run, Question("confirm"), proposal)


def call(run: Run, step: ReadStep | WriteStep) -> NeedsOperation:
    """The caller has made sure that a write was confirmed."""
    kind = "read" if isinstance(step, ReadStep) else "write"
    arguments = _arguments(run, step.arguments)
    made = OperationCall(step.operation, kind, arguments, run.frame.run, step.id)
    return NeedsOperation(run.events, run.says, made)


def candidates(run: Run, step: CollectStep) -> tuple[Candidate, ...]:
    """The answers that the question of `step` offers right now. Raises `ExpressionFailed`."""
    if step.offers is not None:
        elements = _elements(run, step.offers.source)[:OFFERS_AT_MOST]
        return tuple(_offered(step.offers, element) for element in elements)
    slot = run.flow.slots.get(step.slot)
    if slot is None:
        return ()
    return tuple(
        Candidate(value, texts.get(run.language, value), tuple(texts.values()))
        for value, texts in slot.choices.items()
    )


def _take(run: Run, id_: str) -> str | Outcome:
    """The step to go on to, or what is needed first."""
    step = run.flow.steps.get(id_)
    match step:
        case None:
            return fail(run, "there is no such step")
        case BranchStep():
            holding = (arm.go for arm in step.arms if expressions.holds(arm.when, run.scope()))
            return next(holding, step.otherwise)
        case HandOffStep():
            return end(run, "handoff", hand_off=step.reason)
        case _:
            if step.when is not None and not expressions.holds(step.when, run.scope()):
                return step.go
            return _do(run, step)


def _do(run: Run, step: CollectStep | ReadStep | WriteStep | SayStep | AnswerStep | SetStep) -> str | Outcome:
    match step:
        case CollectStep():
            return step.go if step.slot in run.frame.slots else ask(run, step, step.ask)
        case ReadStep():
            return call(run, step)
        case WriteStep():
            return propose(run, step, step.confirm)
        case SayStep():
            for extra in _each(run, step.each):
                run.say(step.response, extra)
            return step.go
        case AnswerStep():
            query = templates.fill(step.query, run.scope())
            if not isinstance(query, str):
                raise ExpressionFailed("what is to be answered is not a text")
            return NeedsAnswer(run.events, run.says, query)
        case SetStep():
            for name, argument in step.values.items():
                _set(run, name, argument)
            return step.go
        case _:
            assert_never(step)


def _set(run: Run, name: str, argument: templates.Argument) -> None:
    if argument is None:
        run.forget(name)
        return
    slot = run.flow.slots.get(name)
    given = templates.fill(argument, run.scope())
    value = None if slot is None else slots.fitting(slot, run.library.types, given)
    if value is None:
        raise ExpressionFailed(f"slot `{name}` cannot take this value", field=name)
    run.fill(name, value)


def _wait(run: Run, question: Question, proposal: Proposal | None = None) -> Waiting:
    if run.state.question != question:
        run.record(QuestionAsked(question))
    return Waiting(run.events, run.says, question, proposal)


def _option(run: Run, step: CollectStep, candidate: Candidate) -> Option:
    if step.offers is None:
        return Option(candidate.message, run.flow.slots[step.slot].choices[str(candidate.value)])
    return Option(candidate.message, Say(step.offers.label, run.fields({"item": candidate.about})))


def _offered(offers: Offers, element: Value) -> Candidate:
    if not isinstance(element, Mapping):
        raise ExpressionFailed(f"`{offers.source.text}`: only records can be offered")
    value = expressions.evaluate(offers.value, element)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ExpressionFailed(f"`{offers.value.text}`: only a text or a whole number can be offered")
    return Candidate(value, str(value), about=element)


def _each(run: Run, each: Each | None) -> Sequence[Record]:
    if each is None:
        return ({},)
    return [{each.name: element} for element in _elements(run, each.source)[:EACH_AT_MOST]]


def _elements(run: Run, source: Expression) -> Sequence[Value]:
    value = expressions.evaluate(source, run.scope())
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ExpressionFailed(f"`{source.text}` is not a list", field=source.text)
    return value


def _arguments(run: Run, arguments: Mapping[str, templates.Argument]) -> Record:
    """What is null is left out: an optional argument that the flow has nothing for."""
    filled = {name: templates.fill(argument, run.scope()) for name, argument in arguments.items()}
    return {name: value for name, value in filled.items() if value is not None}
