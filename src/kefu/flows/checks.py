"""What can be wrong with a whole flow: loops that never wait, and names that may have no value."""

from collections.abc import Iterator

from kefu.errors import Problem
from kefu.flows import analysis
from kefu.flows.definition import REFUSAL, Flow, SayStep, Step
from kefu.flows.vocabulary import Vocabulary

_GIVEN = frozenset({"customer", "now"})
"""Names that every expression may use."""


def loop_problems(flow: Flow) -> Iterator[Problem]:
    """A loop that can go round without a word from the customer would call the back office for ever."""
    id_ = analysis.endless(flow.steps, flow.start)
    if id_ is not None:
        own = id_.rsplit("/", 1)[-1]
        yield _problem(flow.steps[id_], f"a loop through step `{own}` never waits for the customer")


def name_problems(flow: Flow, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Names that nothing gives a value, or that some way to the step leaves without one."""
    results = {name for _, name in flow.kept()} - {REFUSAL}
    for id_, name in flow.kept():
        if name in flow.slots:
            yield _problem(flow.steps[id_], f"`{name}` is the name of a slot and of a result")
    names = _GIVEN | {REFUSAL} | flow.slots.keys() | results
    surely = analysis.surely_set(flow.steps, flow.start)
    for id_, step in flow.steps.items():
        if id_ in surely:
            yield from _step_problems(step, surely[id_] | _GIVEN, names, vocabulary)


def _step_problems(
    step: Step, known: frozenset[str], names: frozenset[str], vocabulary: Vocabulary
) -> Iterator[Problem]:
    for name in sorted(analysis.names_read(step) - names):
        yield _problem(step, f"unknown name `{name}`")
    for name in sorted(analysis.names_needed(step, known) & names):
        yield _problem(
            step, f"`{name}` may have no value here: set it on every way, or ask `has({name})` first"
        )
    inside = analysis.names_known_inside(step, known) | {"flow"}
    if isinstance(step, SayStep) and step.each and step.each.name in names:
        yield _problem(step, f"`{step.each.name}` is taken by a slot or a result")
    for key, added in analysis.responses_of(step):
        signature = vocabulary.responses.get(key)
        for name in sorted(signature.needs - inside - added if signature else ()):
            yield _problem(step, f"response `{key}` needs `{name}`, which may have no value here")


def _problem(step: Step, message: str) -> Problem:
    return Problem(step.place.file, step.place.line, message)
