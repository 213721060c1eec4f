"""The steps of a flow file, from YAML nodes to the graph's nodes, with every reference checked there."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast, get_args

import yaml

from kefu.conversation.commands import HandoffReason
from kefu.flows import expressions, templates
from kefu.flows.definition import (
    DEFAULT_TRIES,
    END,
    OUTCOMES,
    RESERVED,
    STOP,
    WRITE_OUTCOMES,
    AnswerStep,
    Arm,
    BranchStep,
    CallStep,
    CollectStep,
    Each,
    HandOffStep,
    Offers,
    Place,
    ReadStep,
    SayStep,
    SetStep,
    Slot,
    Step,
    WriteStep,
)
from kefu.flows.document import Document, Node, line_of, scalar
from kefu.flows.expressions import Expression, ExpressionInvalid
from kefu.flows.templates import Argument
from kefu.flows.vocabulary import LANGUAGES, OperationSignature, Vocabulary

NAME = re.compile(r"[a-z][a-z0-9_]*")
_REASONS: frozenset[str] = frozenset(get_args(HandoffReason))
_UNREADABLE = expressions.parse("true")
"""Stands for an expression that could not be read, so that the rest of its step is still checked."""

_GOES_ON = frozenset({"id", "when", "go"})
_STEP_KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "collect": (frozenset({"ask"}), _GOES_ON | {"retry", "tries", "failed", "choices"}),
    "operation": (frozenset(), _GOES_ON | {"arguments", "confirm", "retry", "tries", "keep", "on"}),
    "branch": (frozenset(), frozenset({"id"})),
    "say": (frozenset(), _GOES_ON | {"each"}),
    "answer": (frozenset(), _GOES_ON),
    "set": (frozenset(), _GOES_ON),
    "call": (frozenset(), frozenset({"id", "go"})),
    "hand_off": (frozenset(), frozenset({"id"})),
}
"""Each kind of step by the key that names it: the keys it must and may have beside that one."""


@dataclass(frozen=True, slots=True)
class NamedStep:
    """A step's node with its id and the id that it goes on to by default."""

    id: str
    node: Node
    following: str | None


class StepReader:
    """Reads steps whose ids are known. `slots` are those that the file declares."""

    def __init__(
        self, document: Document, vocabulary: Vocabulary, slots: Mapping[str, Slot], ids: frozenset[str]
    ) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._slots = slots
        self._targets = ids | {END, STOP}

    def step(self, named: NamedStep) -> Step | CallStep | None:
        """None when the node does not say what kind of step it is."""
        kind = self._kind(named)
        if kind is None:
            return None
        required, optional = _STEP_KEYS[kind]
        keys = self._document.record(
            named.node, f"step `{named.id}`", required=required | {kind}, optional=optional
        )
        read: Mapping[str, Callable[[NamedStep, Mapping[str, Node]], Step | CallStep | None]] = {
            "collect": self._collect,
            "operation": self._operation,
            "branch": self._branch,
            "say": self._say,
            "answer": self._answer,
            "set": self._set,
            "call": self._call,
            "hand_off": self._hand_off,
        }
        return read[kind](named, keys)

    def _kind(self, named: NamedStep) -> str | None:
        assert isinstance(named.node, yaml.MappingNode)  # noqa: S101 -- `_step_id` has seen to it
        pairs: list[tuple[Node, Node]] = named.node.value
        kinds = [str(key.value) for key, _ in pairs if str(key.value) in _STEP_KEYS]
        if len(kinds) == 1:
            return kinds[0]
        wanted = ", ".join(_STEP_KEYS)
        self._document.fault(named.node, f"step `{named.id}` must have exactly one of {wanted}")
        return None

    def _collect(self, named: NamedStep, keys: Mapping[str, Node]) -> Step | None:
        slot = self._slot_name(keys["collect"])
        ask = self._response(keys["ask"]) if "ask" in keys else None
        return CollectStep(
            id=named.id,
            place=self._place(named),
            go=self._go(named, keys),
            when=self._when(keys),
            slot=slot or "",
            ask=ask or "",
            retry=self._response(keys["retry"]) if "retry" in keys else None,
            tries=self._tries(keys),
            failed=self._target(keys["failed"]) if "failed" in keys else None,
            offers=self._offers(keys["choices"]) if "choices" in keys else None,
        )

    def _operation(self, named: NamedStep, keys: Mapping[str, Node]) -> Step | None:
        operation = self._document.text(keys["operation"], "operation") or ""
        signature = self._vocabulary.operations.get(operation)
        if signature is None:
            self._document.fault(keys["operation"], f"unknown operation `{operation}`")
        arguments = self._arguments(keys["arguments"]) if "arguments" in keys else {}
        if signature is not None:
            self._check_arguments(named, keys, operation, signature)
        is_write = signature.kind == "write" if signature is not None else "confirm" in keys
        place, go, when = self._place(named), self._go(named, keys), self._when(keys)
        keep = self._keep(keys["keep"]) if "keep" in keys else None
        on = self._on(keys["on"], signature, is_write=is_write) if "on" in keys else {}
        if not is_write:
            for key in ("confirm", "retry", "tries"):
                if key in keys:
                    self._document.fault(
                        keys[key], f"step `{named.id}`: `{key}` belongs to a write; {operation} only reads"
                    )
            return ReadStep(
                id=named.id,
                place=place,
                go=go,
                when=when,
                operation=operation,
                arguments=arguments,
                keep=keep,
                on=on,
            )
        if "confirm" not in keys:
            self._document.fault(
                named.node, f"step `{named.id}`: {operation} is a write and must have a `confirm`"
            )
        return WriteStep(
            id=named.id,
            place=place,
            go=go,
            when=when,
            operation=operation,
            arguments=arguments,
            confirm=(self._response(keys["confirm"]) if "confirm" in keys else None) or "",
            retry=self._response(keys["retry"]) if "retry" in keys else None,
            tries=self._tries(keys),
            keep=keep,
            on=on,
        )

    def _branch(self, named: NamedStep, keys: Mapping[str, Node]) -> Step:
        arms: list[Arm] = []
        otherwise: str | None = None
        elements = self._document.elements(keys["branch"], f"step `{named.id}`: branch")
        for index, element in enumerate(elements):
            names = {
                name: value
                for name, _, value in self._document.entries(element, f"step `{named.id}`: an arm")
            }
            if names.keys() == {"else"} and index == len(elements) - 1:
                otherwise = self._target(names["else"])
            elif names.keys() == {"when", "go"}:
                arms.append(Arm(self._expression(names["when"], "when"), self._target(names["go"])))
            elif isinstance(element, yaml.MappingNode):
                self._document.fault(
                    element, f"step `{named.id}`: an arm is `when` with `go`, and the last one `else`"
                )
        if otherwise is None:
            self._document.fault(named.node, f"step `{named.id}`: a branch must end with `else`")
        return BranchStep(id=named.id, place=self._place(named), arms=tuple(arms), otherwise=otherwise or END)

    def _say(self, named: NamedStep, keys: Mapping[str, Node]) -> Step:
        return SayStep(
            id=named.id,
            place=self._place(named),
            go=self._go(named, keys),
            when=self._when(keys),
            response=self._response(keys["say"]) or "",
            each=self._each(keys["each"]) if "each" in keys else None,
        )

    def _answer(self, named: NamedStep, keys: Mapping[str, Node]) -> Step:
        return AnswerStep(
            id=named.id,
            place=self._place(named),
            go=self._go(named, keys),
            when=self._when(keys),
            query=self._argument(keys["answer"]),
        )

    def _set(self, named: NamedStep, keys: Mapping[str, Node]) -> Step:
        values: dict[str, Argument] = {}
        for name, key, value in self._document.entries(keys["set"], f"step `{named.id}`: set"):
            if name in self._slots:
                values[name] = self._argument(value)
            else:
                self._document.fault(key, f"unknown slot `{name}`")
        return SetStep(
            id=named.id,
            place=self._place(named),
            go=self._go(named, keys),
            when=self._when(keys),
            values=values,
        )

    def _call(self, named: NamedStep, keys: Mapping[str, Node]) -> CallStep:
        flow = self._document.text(keys["call"], "call") or ""
        return CallStep(id=named.id, place=self._place(named), go=self._go(named, keys), flow=flow)

    def _hand_off(self, named: NamedStep, keys: Mapping[str, Node]) -> Step:
        reason = self._document.text(keys["hand_off"], "hand_off")
        if reason is not None and reason not in _REASONS:
            self._document.fault(
                keys["hand_off"], f"unknown reason `{reason}`; known are {', '.join(sorted(_REASONS))}"
            )
            reason = None
        return HandOffStep(
            id=named.id, place=self._place(named), reason=cast("HandoffReason", reason or "policy")
        )

    def _place(self, named: NamedStep) -> Place:
        return Place(self._document.file, line_of(named.node))

    def _go(self, named: NamedStep, keys: Mapping[str, Node]) -> str:
        if "go" in keys:
            return self._target(keys["go"])
        if named.following is None:
            self._document.fault(named.node, f"step `{named.id}` is the last one and must say where to `go`")
            return END
        return named.following

    def _when(self, keys: Mapping[str, Node]) -> Expression | None:
        return self._expression(keys["when"], "when") if "when" in keys else None

    def _tries(self, keys: Mapping[str, Node]) -> int:
        if "tries" not in keys:
            return DEFAULT_TRIES
        return self._document.integer(keys["tries"], "tries", least=1, most=9) or DEFAULT_TRIES

    def _target(self, node: Node) -> str:
        target = self._document.text(node, "a step's id")
        if target is not None and target not in self._targets:
            self._document.fault(node, f"unknown step `{target}`")
            return END
        return target or END

    def _slot_name(self, node: Node) -> str | None:
        name = self._document.text(node, "collect")
        if name is not None and name not in self._slots:
            self._document.fault(node, f"unknown slot `{name}`")
        return name

    def _keep(self, node: Node) -> str | None:
        name = self._document.text(node, "keep")
        if name is not None and (name in self._slots or name in RESERVED or not NAME.fullmatch(name)):
            self._document.fault(node, f"`{name}` cannot be a result's name: it is taken, or no name")
            return None
        return name

    def _response(self, node: Node) -> str | None:
        key = self._document.text(node, "a response")
        if key is None:
            return None
        response = self._vocabulary.responses.get(key)
        if response is None:
            self._document.fault(node, f"unknown response `{key}`")
        else:
            for language in LANGUAGES:
                if language not in response.languages:
                    self._document.fault(node, f"response `{key}` is not worded in `{language}`")
        return key

    def _expression(self, node: Node, what: str) -> Expression:
        text = self._document.text(node, what)
        if text is None:
            return _UNREADABLE
        try:
            return expressions.parse(text)
        except ExpressionInvalid as error:
            self._document.fault(node, error.detail)
            return _UNREADABLE

    def _argument(self, node: Node) -> Argument:
        if isinstance(node, yaml.MappingNode):
            return {name: self._argument(value) for name, _, value in self._document.entries(node, "a value")}
        if isinstance(node, yaml.SequenceNode):
            return [self._argument(element) for element in self._document.elements(node, "a value")]
        value = scalar(node)
        if not isinstance(value, str):
            return value
        try:
            return templates.parse(value)
        except ExpressionInvalid as error:
            self._document.fault(node, error.detail)
            return value

    def _arguments(self, node: Node) -> dict[str, Argument]:
        return {name: self._argument(value) for name, _, value in self._document.entries(node, "arguments")}

    def _check_arguments(
        self, named: NamedStep, keys: Mapping[str, Node], operation: str, signature: OperationSignature
    ) -> None:
        node = keys.get("arguments")
        names: dict[str, Node] = {}
        if isinstance(node, yaml.MappingNode):
            pairs: list[tuple[Node, Node]] = node.value
            names = {str(key.value): key for key, _ in pairs}
        for name, key in names.items():
            if name not in signature.arguments:
                self._document.fault(key, f"{operation} has no argument `{name}`")
        for name, required in signature.arguments.items():
            if required and name not in names:
                self._document.fault(
                    named.node, f"step `{named.id}`: {operation} needs the argument `{name}`"
                )

    def _on(self, node: Node, signature: OperationSignature | None, *, is_write: bool) -> dict[str, str]:
        known = WRITE_OUTCOMES if is_write else OUTCOMES
        targets: dict[str, str] = {}
        for code, key, value in self._document.entries(node, "on"):
            if signature is not None and code not in known and code not in signature.refusals:
                self._document.fault(key, f"`{code}` is no outcome of this operation")
            targets[code] = self._target(value)
        return targets

    def _offers(self, node: Node) -> Offers:
        keys = self._document.record(
            node, "choices", required=frozenset({"from", "value", "label"}), optional=frozenset()
        )
        return Offers(
            source=self._expression(keys["from"], "from") if "from" in keys else _UNREADABLE,
            value=self._expression(keys["value"], "value") if "value" in keys else _UNREADABLE,
            label=(self._response(keys["label"]) if "label" in keys else None) or "",
        )

    def _each(self, node: Node) -> Each | None:
        pairs = list(self._document.entries(node, "each"))
        if len(pairs) != 1:
            self._document.fault(node, "each must be one name with one list")
            return None
        name, key, value = pairs[0]
        if not NAME.fullmatch(name) or name in self._slots or name in RESERVED - {"item"}:
            self._document.fault(key, f"`{name}` cannot be an element's name")
        return Each(name, self._expression(value, "each"))
