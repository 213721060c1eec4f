"""What a flow is once its file has been read: slots and a graph of steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from kefu.conversation.commands import HandoffReason
from kefu.flows.expressions import Expression
from kefu.flows.templates import Argument

END = "end"
"""The target that ends a flow; in a called flow it goes back to the caller."""

STOP = "stop"
"""The target that ends a called flow together with its callers. A linked flow knows only `END`."""

REFUSAL = "refusal"
"""The name under which a refusal is kept: a record with `code` and `details`."""

RESERVED = frozenset({"customer", "now", "flow", "item", REFUSAL})
"""Names that the interpreter gives itself; no slot or result may take them."""

OUTCOMES = frozenset({"refused", "unavailable", "unknown"})
"""What `on` may name for every operation beside its own refusal codes."""

WRITE_OUTCOMES = OUTCOMES | {"declined", "expired"}

DEFAULT_TRIES = 3

Localized: TypeAlias = Mapping[str, str]
"""A text for operators or customers by language: `zh`, `en`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file; `line` counts from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Slot:
    """`choices` is set for the type `choice`. A new value makes those of `replaces` obsolete."""

    name: str
    type: str
    place: Place
    scope: Literal["flow", "conversation"] = "flow"
    choices: Mapping[str, Localized] = field(default_factory=dict[str, Localized])
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """Quick replies out of a list: `value` is read in each element, `label` is a response about `item`."""

    source: Expression
    value: Expression
    label: str


@dataclass(frozen=True, slots=True)
class Each:
    """Once for every element of a list, which is then called `name`."""

    name: str
    source: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectStep:
    """A slot's value: from what was said already, else by asking at most `tries` times."""

    id: str
    place: Place
    go: str
    when: Expression | None = None
    slot: str
    ask: str
    retry: str | None = None
    tries: int = DEFAULT_TRIES
    failed: str | None = None
    offers: Offers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStep:
    """A call that changes nothing. `on` maps refusal codes and `OUTCOMES` to steps."""

    id: str
    place: Place
    go: str
    when: Expression | None = None
    operation: str
    arguments: Mapping[str, Argument]
    keep: str | None = None
    on: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteStep:
    """A call that changes something, after a yes to `confirm`. `on` may name all `WRITE_OUTCOMES`."""

    id: str
    place: Place
    go: str
    when: Expression | None = None
    operation: str
    arguments: Mapping[str, Argument]
    confirm: str
    retry: str | None = None
    tries: int = DEFAULT_TRIES
    keep: str | None = None
    on: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Arm:
    when: Expression
    go: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchStep:
    """The first arm that holds, else `otherwise`."""

    id: str
    place: Place
    arms: tuple[Arm, ...]
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SayStep:
    id: str
    place: Place
    go: str
    when: Expression | None = None
    response: str
    each: Each | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStep:
    """An answer from knowledge to `query`."""

    id: str
    place: Place
    go: str
    when: Expression | None = None
    query: Argument


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStep:
    """Slots to values. A value that is literally null forgets the slot."""

    id: str
    place: Place
    go: str
    when: Expression | None = None
    values: Mapping[str, Argument]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOffStep:
    id: str
    place: Place
    reason: HandoffReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep:
    """The steps of another flow. Linking puts them in its place."""

    id: str
    place: Place
    go: str
    flow: str


Step = CollectStep | ReadStep | WriteStep | BranchStep | SayStep | AnswerStep | SetStep | HandOffStep


@dataclass(frozen=True, slots=True)
class FlowFile:
    """One file as it was read. `whole` is false when a step could not be read: then its graph has holes."""

    name: str
    place: Place
    title: Localized
    description: str
    intents: Mapping[str, Place]
    slots: Mapping[str, Slot]
    steps: Mapping[str, Step | CallStep]
    start: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that can be run: every called flow stands in its place, its steps named `call/step`."""

    name: str
    title: Localized
    description: str
    intents: tuple[str, ...]
    slots: Mapping[str, Slot]
    steps: Mapping[str, Step]
    start: str
    file: str

    def kept(self) -> Iterator[tuple[str, str]]:
        """Each step that keeps a result, with the result's name."""
        for step in self.steps.values():
            if isinstance(step, ReadStep | WriteStep):
                if step.keep:
                    yield step.id, step.keep
                yield step.id, REFUSAL
