"""Puts called flows in the place of the steps that call them: what runs is one flow with one set of names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from kefu.errors import Problem
from kefu.flows.definition import (
    END,
    STOP,
    AnswerStep,
    Arm,
    BranchStep,
    CallStep,
    CollectStep,
    Flow,
    FlowFile,
    HandOffStep,
    ReadStep,
    SayStep,
    SetStep,
    Slot,
    Step,
    WriteStep,
)


@dataclass(frozen=True, slots=True)
class _Linked:
    slots: Mapping[str, Slot]
    steps: Mapping[str, Step]
    start: str


def link_all(files: Mapping[str, FlowFile]) -> tuple[dict[str, Flow], list[Problem]]:
    """Every flow that has no holes, with the flows that it calls in place, and the problems of calling.

    The steps of a called flow are named `call/step`. Both flows share slots and results: a slot that both
    declare must be declared alike.
    """
    linker = _Linker(files)
    flows: dict[str, Flow] = {}
    for file in files.values():
        linked = linker.linked(file, ())
        if linked is not None:
            flows[file.name] = _finished(file, linked)
    return flows, linker.problems


class _Linker:
    def __init__(self, files: Mapping[str, FlowFile]) -> None:
        self._files = files
        self.problems: list[Problem] = []

    def linked(self, file: FlowFile, callers: tuple[str, ...]) -> _Linked | None:
        """None when the file, or one that it calls, has holes or calls itself."""
        slots = dict(file.slots)
        steps: dict[str, Step] = {}
        entries: dict[str, str] = {}
        whole = file.whole
        for step in file.steps.values():
            if not isinstance(step, CallStep):
                steps[step.id] = step
                continue
            called = self._called(step, (*callers, file.name))
            if called is None:
                whole = False
                continue
            self._merge(slots, called.slots, step)
            entries[step.id] = f"{step.id}/{called.start}"
            steps.update(_placed(step, called))
        if not whole:
            return None
        resolved = {
            id_: retarget(step, lambda target: entries.get(target, target)) for id_, step in steps.items()
        }
        return _Linked(slots, resolved, entries.get(file.start, file.start))

    def _called(self, call: CallStep, callers: tuple[str, ...]) -> _Linked | None:
        file = self._files.get(call.flow)
        if file is None:
            self._fault(call, f"unknown flow `{call.flow}`")
            return None
        if file.name in callers:
            self._fault(call, f"flow `{call.flow}` calls itself")
            return None
        return self.linked(file, callers)

    def _merge(self, slots: dict[str, Slot], called: Mapping[str, Slot], call: CallStep) -> None:
        for name, slot in called.items():
            mine = slots.setdefault(name, slot)
            if replace(mine, place=slot.place) != slot:
                self._fault(call, f"slot `{name}` is declared otherwise in flow `{call.flow}`")

    def _fault(self, call: CallStep, message: str) -> None:
        self.problems.append(Problem(call.place.file, call.place.line, message))


def retarget(step: Step, change: Callable[[str], str]) -> Step:
    """The same step with every target changed."""
    match step:
        case CollectStep():
            return replace(step, go=change(step.go), failed=step.failed and change(step.failed))
        case ReadStep() | WriteStep():
            on = {code: change(target) for code, target in step.on.items()}
            return replace(step, go=change(step.go), on=on)
        case BranchStep():
            arms = tuple(Arm(arm.when, change(arm.go)) for arm in step.arms)
            return replace(step, arms=arms, otherwise=change(step.otherwise))
        case SayStep() | AnswerStep() | SetStep():
            return replace(step, go=change(step.go))
        case HandOffStep():
            return step
        case _:
            assert_never(step)


def _placed(call: CallStep, called: _Linked) -> dict[str, Step]:
    def target(name: str) -> str:
        return call.go if name == END else name if name == STOP else f"{call.id}/{name}"

    return {
        f"{call.id}/{id_}": replace(retarget(step, target), id=f"{call.id}/{id_}")
        for id_, step in called.steps.items()
    }


def _finished(file: FlowFile, linked: _Linked) -> Flow:
    def target(name: str) -> str:
        return END if name == STOP else name

    return Flow(
        name=file.name,
        title=file.title,
        description=file.description,
        intents=tuple(file.intents),
        slots=linked.slots,
        steps={id_: retarget(step, target) for id_, step in linked.steps.items()},
        start=linked.start,
        file=file.place.file,
    )
