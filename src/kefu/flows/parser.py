"""One flow file, from YAML text to slots and steps. Every fault is collected; reading goes on after each."""

from collections.abc import Mapping, Sequence

import yaml

from kefu.errors import Problem
from kefu.flows.definition import END, RESERVED, STOP, FlowFile, Localized, Place, Slot
from kefu.flows.document import Document, Node, line_of
from kefu.flows.steps_parser import NAME, NamedStep, StepReader
from kefu.flows.vocabulary import LANGUAGES, Vocabulary

_FLOW_REQUIRED = frozenset({"flow", "title", "steps"})
_FLOW_OPTIONAL = frozenset({"description", "intents", "slots"})
_SLOT_OPTIONAL = frozenset({"scope", "choices", "replaces"})


def read_flow(text: str, file: str, vocabulary: Vocabulary) -> tuple[FlowFile | None, Sequence[Problem]]:
    """The flow of one file, and what is wrong with the file by itself; `kefu.flows.library` checks the rest.

    The flow is None when the file has no name and steps to speak of.
    """
    document = Document(file)
    root = document.root(text)
    if root is None:
        return None, document.problems
    flow = _FlowReader(document, vocabulary).flow(root)
    return flow, document.problems


class _FlowReader:
    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._slots: Mapping[str, Slot] = {}
        self._ids: frozenset[str] = frozenset()

    def flow(self, root: Node) -> FlowFile | None:
        top = self._document.record(root, "the flow", required=_FLOW_REQUIRED, optional=_FLOW_OPTIONAL)
        name = self._name(top["flow"], "flow") if "flow" in top else None
        self._slots = self._read_slots(top["slots"]) if "slots" in top else {}
        named = self._named_steps(top["steps"]) if "steps" in top else []
        self._ids = frozenset(step.id for step in named)
        steps = {
            step.id: StepReader(self._document, self._vocabulary, self._slots, self._ids).step(step)
            for step in named
        }
        title = self._document.localized(top["title"], "title", LANGUAGES) if "title" in top else None
        intents = self._read_intents(top["intents"]) if "intents" in top else {}
        if name is None or not named:
            return None
        return FlowFile(
            name=name,
            place=Place(self._document.file, line_of(root)),
            title=title or {},
            description=self._description(top),
            intents=intents,
            slots=self._slots,
            steps={id_: step for id_, step in steps.items() if step is not None},
            start=named[0].id,
            whole=all(step is not None for step in steps.values()),
        )

    def _description(self, top: Mapping[str, Node]) -> str:
        return (self._document.text(top["description"], "description") or "") if "description" in top else ""

    def _name(self, node: Node, what: str) -> str | None:
        text = self._document.text(node, what)
        if text is not None and not NAME.fullmatch(text):
            self._document.fault(node, f"{what}: `{text}` must be lower-case letters, digits and _")
            return None
        return text

    def _read_intents(self, node: Node) -> dict[str, Place]:
        intents: dict[str, Place] = {}
        for element in self._document.elements(node, "intents"):
            intent = self._name(element, "an intent")
            if intent is None:
                continue
            if self._vocabulary.intents is not None and intent not in self._vocabulary.intents:
                self._document.fault(element, f"unknown intent `{intent}`")
            intents[intent] = Place(self._document.file, line_of(element))
        return intents

    def _read_slots(self, node: Node) -> dict[str, Slot]:
        slots: dict[str, Slot] = {}
        nodes: dict[str, Node] = {}
        for name, key, value in self._document.entries(node, "slots"):
            if not NAME.fullmatch(name) or name in RESERVED:
                self._document.fault(key, f"`{name}` cannot be a slot's name")
                continue
            slots[name], nodes[name] = self._slot(name, value), value
        for slot in slots.values():
            for other in slot.replaces:
                if other not in slots:
                    self._document.fault(
                        nodes[slot.name], f"slot `{slot.name}` replaces `{other}`, which is no slot"
                    )
        return slots

    def _slot(self, name: str, node: Node) -> Slot:
        what = f"slot `{name}`"
        keys = self._document.record(node, what, required=frozenset({"type"}), optional=_SLOT_OPTIONAL)
        type_ = self._document.text(keys["type"], f"{what}: type") if "type" in keys else None
        if type_ is not None and type_ not in self._vocabulary.types:
            self._document.fault(keys["type"], f"{what}: unknown type `{type_}`")
        choices = self._choices(keys["choices"], what) if "choices" in keys else {}
        if type_ is not None and (type_ == "choice") != bool(choices):
            self._document.fault(node, f"{what}: `choices` belong to the type `choice`, and only to it")
        scope = self._document.text(keys["scope"], f"{what}: scope") if "scope" in keys else "flow"
        if scope not in ("flow", "conversation", None):
            self._document.fault(keys["scope"], f"{what}: scope is `flow` or `conversation`")
        replaces = (
            self._document.elements(keys["replaces"], f"{what}: replaces") if "replaces" in keys else []
        )
        return Slot(
            name=name,
            type=type_ or "text",
            place=Place(self._document.file, line_of(node)),
            scope="conversation" if scope == "conversation" else "flow",
            choices=choices,
            replaces=tuple(
                text for other in replaces if (text := self._document.text(other, f"{what}: replaces"))
            ),
        )

    def _choices(self, node: Node, what: str) -> dict[str, Localized]:
        return {
            value: self._document.localized(texts, f"{what}: choice `{value}`", LANGUAGES)
            for value, _, texts in self._document.entries(node, f"{what}: choices")
        }

    def _named_steps(self, node: Node) -> list[NamedStep]:
        found: list[tuple[str, Node]] = []
        elements = self._document.elements(node, "steps")
        if not elements and isinstance(node, yaml.SequenceNode):
            self._document.fault(node, "steps: a flow has at least one step")
        for element in elements:
            id_ = self._step_id(element)
            if id_ is None:
                continue
            if id_ in (END, STOP):
                self._document.fault(element, f"`{id_}` cannot be a step's id")
            elif any(id_ == other for other, _ in found):
                self._document.fault(element, f"step `{id_}` stands twice")
            else:
                found.append((id_, element))
        following = [id_ for id_, _ in found[1:]]
        return [
            NamedStep(id_, element, after)
            for (id_, element), after in zip(found, [*following, None], strict=True)
        ]

    def _step_id(self, element: Node) -> str | None:
        if not isinstance(element, yaml.MappingNode):
            self._document.fault(element, "a step must be a mapping")
            return None
        pairs: list[tuple[Node, Node]] = element.value
        for key, value in pairs:
            if key.value == "id":
                return self._name(value, "id")
        self._document.fault(element, "a step must have an `id`")
        return None
