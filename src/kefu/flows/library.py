"""All flows of a pack together: called flows are put in place, and every whole flow is checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kefu.errors import PackInvalid, Problem
from kefu.flows import analysis, checks
from kefu.flows.definition import CallStep, Flow, FlowFile
from kefu.flows.linking import link_all
from kefu.flows.parser import read_flow
from kefu.flows.slots import STANDARD_TYPES, SlotType
from kefu.flows.vocabulary import LANGUAGES, Vocabulary

STOCK_RESPONSES = (
    "flow.cancelled",
    "flow.declined",
    "flow.expired",
    "flow.failed",
    "flow.not_understood",
    "flow.refused",
    "flow.resume",
    "flow.unavailable",
    "flow.unknown",
)
"""What the interpreter says by itself; every pack words them. They may use `flow.name` and `flow.title`."""


@dataclass(frozen=True, slots=True)
class FlowLibrary:
    """The flows that can be run, by name, and the slot types that their values are checked against."""

    flows: Mapping[str, Flow]
    types: Mapping[str, SlotType] = field(default_factory=lambda: STANDARD_TYPES)

    def flow_for_intent(self, intent: str) -> str | None:
        """The flow that this intent starts, if there is one."""
        return self.triggers().get(intent)

    def triggers(self) -> Mapping[str, str]:
        """Every intent that starts a flow, with that flow's name."""
        return {intent: flow.name for flow in self.flows.values() for intent in flow.intents}


def read_library(sources: Mapping[str, str], vocabulary: Vocabulary) -> FlowLibrary:
    """The library of a pack's flow files, given as file name → YAML text.

    Raises:
        PackInvalid: with every problem of every file, each with its line.
    """
    problems = list(_stock_problems(vocabulary))
    files: dict[str, FlowFile] = {}
    for source, text in sorted(sources.items()):
        file, faults = read_flow(text, source, vocabulary)
        problems.extend(faults)
        if file is not None and file.name in files:
            other = files[file.name].place.file
            problems.append(Problem(source, file.place.line, f"flow `{file.name}` stands in {other} too"))
        elif file is not None:
            files[file.name] = file
    problems.extend(_intent_problems(files))
    problems.extend(problem for file in files.values() for problem in _unreached(file))
    flows, faults = link_all(files)
    problems.extend(faults)
    called = {
        step.flow for file in files.values() for step in file.steps.values() if isinstance(step, CallStep)
    }
    for flow in flows.values():
        problems.extend(checks.loop_problems(flow))
        # A flow that is only called relies on its callers' names: it is checked in their place.
        if flow.intents or flow.name not in called:
            problems.extend(checks.name_problems(flow, vocabulary))
    if problems:
        raise PackInvalid(sorted(set(problems)))
    return FlowLibrary(flows, vocabulary.types)


def _stock_problems(vocabulary: Vocabulary) -> Iterator[Problem]:
    for key in STOCK_RESPONSES:
        response = vocabulary.responses.get(key)
        missing = [
            language for language in LANGUAGES if response is None or language not in response.languages
        ]
        if missing:
            yield Problem("responses", 0, f"`{key}` must be worded in {' and '.join(missing)}")


def _intent_problems(files: Mapping[str, FlowFile]) -> Iterator[Problem]:
    starts: dict[str, str] = {}
    for file in files.values():
        for intent, place in file.intents.items():
            first = starts.setdefault(intent, file.name)
            if first != file.name:
                yield Problem(place.file, place.line, f"intent `{intent}` already starts the flow `{first}`")


def _unreached(file: FlowFile) -> Iterator[Problem]:
    # A step that could not be read may have been the way to others.
    if file.whole:
        reached = analysis.reachable(file.steps, file.start)
        for id_, step in file.steps.items():
            if id_ not in reached:
                yield Problem(step.place.file, step.place.line, f"no way leads to step `{id_}`")
