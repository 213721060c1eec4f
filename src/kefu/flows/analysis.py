"""What can be said about a flow without running it: its graph, and what each step may rely on."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import assert_never

from kefu.flows.definition import (
    REFUSAL,
    AnswerStep,
    BranchStep,
    CallStep,
    CollectStep,
    Flow,
    HandOffStep,
    ReadStep,
    SayStep,
    SetStep,
    Step,
    WriteStep,
)
from kefu.flows.expressions import Expression
from kefu.flows.templates import expressions_in

_NOTHING: frozenset[str] = frozenset()

Nodes = Mapping[str, Step | CallStep]


@dataclass(frozen=True, slots=True)
class Edge:
    """A way on from a step: once taken, `gives` surely have a value and `takes` surely have none."""

    target: str
    gives: frozenset[str] = _NOTHING
    takes: frozenset[str] = _NOTHING
    label: str = ""
    skips: bool = False
    """Taken because the step's `when` does not hold."""


def edges(step: Step | CallStep) -> Iterator[Edge]:
    """Every way on. A repair path ends the flow and is none."""
    match step:
        case BranchStep():
            yield from _arms(step)
            return
        case HandOffStep():
            return
        case CallStep():
            yield Edge(step.go)
            return
        case _:
            pass
    held = _NOTHING
    if step.when is not None:
        held = step.when.proves(True)
        yield Edge(step.go, step.when.proves(False), label=f"not {step.when.text}", skips=True)
    for edge in _done(step):
        yield Edge(edge.target, edge.gives | held - edge.takes, edge.takes, edge.label)


def reachable(nodes: Nodes, start: str) -> frozenset[str]:
    """The steps to which some way leads from `start`, itself among them."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        id_ = waiting.pop()
        if id_ in nodes and id_ not in found:
            found.add(id_)
            waiting.extend(edge.target for edge in edges(nodes[id_]))
    return frozenset(found)


def surely_set(nodes: Nodes, start: str) -> Mapping[str, frozenset[str]]:
    """For each reachable step, the names that have a value whichever way led to it."""
    known: dict[str, frozenset[str]] = {start: _NOTHING}
    waiting = [start]
    while waiting:
        id_ = waiting.pop()
        for edge in edges(nodes[id_]):
            if edge.target not in nodes:
                continue
            arriving = (known[id_] - edge.takes) | edge.gives
            before = known.get(edge.target)
            now = arriving if before is None else before & arriving
            if now != before:
                known[edge.target] = now
                waiting.append(edge.target)
    return known


def dominators(nodes: Nodes, start: str) -> Mapping[str, frozenset[str]]:
    """For each reachable step, the steps that every way from `start` to it passes, itself among them."""
    inside = reachable(nodes, start)
    found = dict.fromkeys(inside, inside)
    found[start] = frozenset((start,))
    before: dict[str, set[str]] = {id_: set() for id_ in inside}
    for id_ in inside:
        for edge in edges(nodes[id_]):
            if edge.target in inside:
                before[edge.target].add(id_)
    changed = True
    while changed:
        changed = False
        for id_ in inside - {start}:
            common = inside.intersection(*(found[other] for other in before[id_])) | {id_}
            if common != found[id_]:
                found[id_], changed = common, True
    return found


def rewind_to(flow: Flow, current: str, changed: AbstractSet[str]) -> str | None:
    """Where a run that stands at `current` goes on after the slots `changed` got other values, if not there.

    It is the last step that was surely passed and before which nothing depends on those slots. None when
    nothing that may have happened yet depends on them.
    """
    depending = [
        id_
        for id_, step in flow.steps.items()
        if changed & slots_read(step) and current in reachable(flow.steps, id_)
    ]
    passed = dominators(flow.steps, flow.start)
    if not depending or current not in passed:
        return None
    common = passed[current].intersection(*(passed[id_] for id_ in depending if id_ in passed))
    # Dominators of one step lie on one path: the deepest has the most of them.
    return max(common, key=lambda id_: len(passed[id_]))


def results_to_drop(flow: Flow, target: str) -> frozenset[str]:
    """The results that a rewind to `target` makes obsolete: kept there or later, and not relied on before."""
    after = reachable(flow.steps, target)
    relied_on = surely_set(flow.steps, flow.start).get(target, _NOTHING)
    return frozenset(name for id_, name in flow.kept() if id_ in after) - relied_on


def slots_read(step: Step) -> frozenset[str]:
    """The slots that the step's outcome depends on, or decides. What it says does not count."""
    match step:
        case CollectStep():
            return names_read(step) | {step.slot}
        case SetStep():
            return names_read(step) | step.values.keys()
        case _:
            return names_read(step)


def names_read(step: Step) -> frozenset[str]:
    return _NOTHING.union(*(expression.reads for expression in _expressions(step)))


def names_needed(step: Step, known: frozenset[str]) -> frozenset[str]:
    """The names without which the step fails, other than `known` and those that it guards itself."""
    if isinstance(step, BranchStep):
        missing = _NOTHING
        for arm in step.arms:
            missing |= arm.when.needs(known)
            known |= arm.when.proves(False)
        return missing
    when = getattr(step, "when", None)
    missing = _NOTHING
    if isinstance(when, Expression):
        missing, known = when.needs(known), known | when.proves(True)
    rest = (expression for expression in _expressions(step) if expression is not when)
    return missing.union(*(expression.needs(known) for expression in rest))


def names_known_inside(step: Step, known: frozenset[str]) -> frozenset[str]:
    """What the step's responses may rely on when it comes to them."""
    when = getattr(step, "when", None)
    known = known | when.proves(True) if isinstance(when, Expression) else known
    return known | {step.each.name} if isinstance(step, SayStep) and step.each else known


def responses_of(step: Step) -> Iterator[tuple[str, frozenset[str]]]:
    """Each response that the step may say, with the names that it adds for that one."""
    match step:
        case CollectStep():
            yield from ((key, _NOTHING) for key in (step.ask, step.retry) if key)
            if step.offers:
                yield step.offers.label, frozenset(("item",))
        case WriteStep():
            yield from ((key, _NOTHING) for key in (step.confirm, step.retry) if key)
        case SayStep():
            yield step.response, _NOTHING
        case _:
            return


def endless(nodes: Nodes, start: str) -> str | None:
    """A step on a loop that need not wait for the customer, if there is one.

    A question waits only when its slot is sure to be empty: once filled, it is passed without a word.
    """
    seen: set[tuple[str, frozenset[str]]] = set()
    path: set[tuple[str, frozenset[str]]] = set()

    def visit(id_: str, emptied: frozenset[str]) -> str | None:
        place = (id_, emptied)
        if id_ not in nodes or place in seen:
            return id_ if place in path else None
        seen.add(place)
        path.add(place)
        for target, emptied_then in _without_waiting(nodes[id_], emptied):
            if (found := visit(target, emptied_then)) is not None:
                return found
        path.remove(place)
        return None

    return visit(start, _NOTHING)


def _without_waiting(step: Step | CallStep, emptied: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for edge in edges(step):
        waits = isinstance(step, WriteStep) or (isinstance(step, CollectStep) and step.slot in emptied)
        if edge.skips or not waits:
            filled = edge.gives if not isinstance(step, CollectStep) or edge.skips else _NOTHING
            yield edge.target, (emptied - filled) | edge.takes


def _arms(step: BranchStep) -> Iterator[Edge]:
    known = _NOTHING
    for arm in step.arms:
        yield Edge(arm.go, known | arm.when.proves(True), label=arm.when.text)
        known |= arm.when.proves(False)
    yield Edge(step.otherwise, known, label="else")


def _done(
    step: CollectStep | ReadStep | WriteStep | SayStep | AnswerStep | SetStep,
) -> Iterator[Edge]:
    match step:
        case CollectStep():
            yield Edge(step.go, frozenset((step.slot,)))
            if step.failed:
                yield Edge(step.failed, label="failed")
        case ReadStep() | WriteStep():
            yield Edge(step.go, frozenset((step.keep,)) if step.keep else _NOTHING)
            for code, target in step.on.items():
                told = code not in ("unavailable", "unknown", "declined", "expired")
                yield Edge(target, frozenset((REFUSAL,)) if told else _NOTHING, label=code)
        case SayStep() | AnswerStep():
            yield Edge(step.go)
        case SetStep():
            taken = frozenset(name for name, value in step.values.items() if value is None)
            yield Edge(step.go, frozenset(step.values) - taken, taken)
        case _:
            assert_never(step)


def _expressions(step: Step) -> Iterator[Expression]:
    match step:
        case BranchStep():
            yield from (arm.when for arm in step.arms)
            return
        case HandOffStep():
            return
        case _:
            if step.when is not None:
                yield step.when
    match step:
        case CollectStep():
            if step.offers:
                yield step.offers.source
        case ReadStep() | WriteStep():
            yield from expressions_in(step.arguments)
        case SayStep():
            if step.each:
                yield step.each.source
        case AnswerStep():
            yield from expressions_in(step.query)
        case SetStep():
            yield from expressions_in(step.values)
        case _:
            assert_never(step)
