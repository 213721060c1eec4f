"""What a message does to the flow on top: it answers, corrects, confirms, cancels, or is not understood."""

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    CancelFlow,
    Command,
    CorrectSlot,
    Deny,
    HandOff,
    Repeat,
    SmallTalk,
    StartFlow,
)
from kefu.conversation.events import AnswerNotUnderstood, QuestionDropped, ResultKept
from kefu.conversation.values import Value
from kefu.flows import analysis, slots
from kefu.flows.definition import CollectStep, WriteStep
from kefu.flows.outcomes import Heard, Outcome
from kefu.flows.run import Run
from kefu.flows.stepping import ask, call, candidates, end, go_on, move_to, propose

_ELSEWHERE = (StartFlow, AskKnowledge, SmallTalk, HandOff, Repeat)
"""Commands of a message that is no failed answer, though it does not answer the question either."""


def open_question(run: Run) -> CollectStep | WriteStep | None:
    """The step whose question the customer has been asked, if it is still open."""
    question, step = run.state.question, run.step
    if question is None:
        return None
    if isinstance(step, CollectStep) and question.kind == "slot" and question.slot == step.slot:
        return step
    return step if isinstance(step, WriteStep) and question.kind == "confirm" else None


def hear(run: Run, heard: Heard) -> Outcome:
    """Raises `ExpressionFailed`."""
    if _any(heard, CancelFlow):
        return end(run, "customer", say="flow.cancelled")
    step = open_question(run)
    asked = step.slot if isinstance(step, CollectStep) else None
    given = _given(run, heard, step)
    changed = take_in(run, given)
    returned = rewind(run, changed - {asked})
    if returned is not None:
        return returned
    if step is None or asked in given:
        return go_on(run)
    if isinstance(step, WriteStep) and _any(heard, Affirm) != _any(heard, Deny):
        return _confirmed(run, step) if _any(heard, Affirm) else _declined(run, step)
    if changed or any(isinstance(command, _ELSEWHERE) for command in heard.commands):
        return _ask_again(run, step, None)
    return _not_understood(run, step)


def take_in(run: Run, given: dict[str, Value]) -> frozenset[str]:
    """Fills slots. Returns those that now have another value or, being replaced by others, none."""
    changed: set[str] = set()
    for name, value in given.items():
        if name in run.frame.slots and run.frame.slots[name] == value:
            continue
        changed.add(name)
        run.fill(name, value)
        replaced = (other for other in run.flow.slots[name].replaces if other not in given)
        changed.update(other for other in replaced if run.forget(other))
    return frozenset(changed)


def rewind(run: Run, changed: frozenset[str | None]) -> Outcome | None:
    """Goes back to before anything that depended on `changed`; None when nothing has happened that did."""
    names = frozenset(name for name in changed if name is not None)
    target = analysis.rewind_to(run.flow, run.frame.step, names) if names else None
    if target is None:
        return None
    if target == run.frame.step:
        return go_on(run)
    for name in sorted(analysis.results_to_drop(run.flow, target)):
        if run.frame.results.get(name) is not None:
            run.record(ResultKept(name, None))
    return move_to(run, target)


def _given(run: Run, heard: Heard, step: CollectStep | WriteStep | None) -> dict[str, Value]:
    types = run.library.types
    asked = step.slot if isinstance(step, CollectStep) else None
    if isinstance(step, CollectStep):
        # What names an offered answer is that answer: "2" is no quantity here.
        choice = slots.chosen(candidates(run, step), heard.text)
        if choice is not None:
            return {step.slot: choice.value}
    given = slots.values_given(run.flow, types, heard.commands, filled=run.frame.slots.keys(), asked=asked)
    if isinstance(step, CollectStep) and asked not in given and not _is_about_something_else(heard):
        answer = slots.answer_in(run.flow.slots[step.slot], types, heard.commands, heard.text)
        if answer is not None:
            given[step.slot] = answer
    return given


def _is_about_something_else(heard: Heard) -> bool:
    return any(isinstance(command, (*_ELSEWHERE, CorrectSlot)) for command in heard.commands)


def _confirmed(run: Run, step: WriteStep) -> Outcome:
    run.record(QuestionDropped())
    return call(run, step)


def _declined(run: Run, step: WriteStep) -> Outcome:
    target = step.on.get("declined")
    return end(run, "customer", say="flow.declined") if target is None else move_to(run, target)


def _not_understood(run: Run, step: CollectStep | WriteStep) -> Outcome:
    run.record(AnswerNotUnderstood())
    if run.state.tries < step.tries:
        return _ask_again(run, step, step.retry)
    if isinstance(step, CollectStep) and step.failed is not None:
        return move_to(run, step.failed)
    return end(run, "failed", say="flow.not_understood", hand_off="too_many_failures")


def _ask_again(run: Run, step: CollectStep | WriteStep, wording: str | None) -> Outcome:
    if isinstance(step, CollectStep):
        return ask(run, step, wording or step.ask)
    return propose(run, step, wording or step.confirm)


def _any(heard: Heard, kind: type[Command]) -> bool:
    return any(isinstance(command, kind) for command in heard.commands)
