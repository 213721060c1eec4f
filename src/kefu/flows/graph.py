"""A flow as a Mermaid flowchart, for `kefu flows graph` and reviews."""

from typing import assert_never

from kefu.flows.analysis import edges
from kefu.flows.definition import (
    END,
    AnswerStep,
    BranchStep,
    CollectStep,
    Flow,
    HandOffStep,
    ReadStep,
    SayStep,
    SetStep,
    Step,
    WriteStep,
)


def mermaid(flow: Flow) -> str:
    """Mermaid text: questions lean, branches are diamonds, writes have double borders."""
    numbers = {id_: f"s{number}" for number, id_ in enumerate(flow.steps)}
    numbers[END] = "done"
    lines = ["flowchart TD", f"  start(({_quoted(flow.name)})) --> {numbers[flow.start]}"]
    for id_, step in flow.steps.items():
        opening, closing = _shape(step)
        lines.append(f"  {numbers[id_]}{opening}{_quoted(_caption(step))}{closing}")
        for edge in edges(step):
            label = f"|{_quoted(edge.label)}|" if edge.label else ""
            lines.append(f"  {numbers[id_]} -->{label} {numbers.get(edge.target, 'done')}")
    lines.append('  done(("end"))')
    return "\n".join(lines) + "\n"


def _shape(step: Step) -> tuple[str, str]:
    match step:
        case CollectStep():
            return "[/", "/]"
        case BranchStep():
            return "{", "}"
        case WriteStep():
            return "[[", "]]"
        case HandOffStep():
            return "([", "])"
        case ReadStep() | SayStep() | AnswerStep() | SetStep():
            return "[", "]"
        case _:
            assert_never(step)


def _caption(step: Step) -> str:
    match step:
        case CollectStep():
            what = f"ask {step.slot}"
        case ReadStep() | WriteStep():
            what = step.operation
        case BranchStep():
            return step.id
        case SayStep():
            what = f"say {step.response}"
        case AnswerStep():
            what = "answer from knowledge"
        case SetStep():
            what = f"set {', '.join(step.values)}"
        case HandOffStep():
            what = f"hand off: {step.reason}"
        case _:
            assert_never(step)
    return f"{step.id}: {what}"


def _quoted(text: str) -> str:
    escaped = text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    return f'"{escaped}"'
