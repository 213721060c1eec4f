"""YAML that remembers its lines, so that every fault of a pack's file can be pointed at.

Only YAML's node graph is used: no value is built before its place is known, `on` stays a word, and a key that
stands twice is seen.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import yaml

from kefu.conversation.values import Value
from kefu.errors import Problem
from kefu.yaml_nodes import compose

Node = yaml.Node

_MAPPING, _SEQUENCE = "a mapping", "a list"
_DEEPEST = 40


@dataclass(slots=True)
class Document:
    """One file being read; `problems` collects what is wrong with it while reading goes on."""

    file: str
    problems: list[Problem] = field(default_factory=list[Problem])

    def root(self, text: str) -> Node | None:
        """The file's only document, or None when it is none or broken."""
        try:
            node = compose(text)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self.problems.append(Problem(self.file, line, f"not YAML: {error.problem or error.context}"))
            return None
        except (yaml.YAMLError, RecursionError):
            self.problems.append(Problem(self.file, 0, "not YAML"))
            return None
        if node is None:
            self.problems.append(Problem(self.file, 0, "the file is empty"))
        elif not self._is_sound(node, 0):
            return None
        return node

    def fault(self, node: Node, message: str) -> None:
        self.problems.append(Problem(self.file, line_of(node), message))

    def entries(self, node: Node, what: str) -> Iterator[tuple[str, Node, Node]]:
        """Each key of a mapping, its node and its value; one that stands twice is a fault and comes once."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} must be {_MAPPING}")
            return
        seen: set[str] = set()
        pairs: list[tuple[Node, Node]] = node.value
        for key, value in pairs:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, f"{what}: a key must be a word")
            elif key.value in seen:
                self.fault(key, f"{what}: `{key.value}` stands twice")
            else:
                seen.add(key.value)
                yield key.value, key, value

    def record(
        self, node: Node, what: str, *, required: AbstractSet[str], optional: AbstractSet[str]
    ) -> dict[str, Node]:
        """The values of a mapping with known keys. Unknown and missing ones are faults."""
        values: dict[str, Node] = {}
        known = required | optional
        for name, key, value in self.entries(node, what):
            if name in known:
                values[name] = value
            else:
                self.fault(key, f"{what}: unknown key `{name}`; known are {', '.join(sorted(known))}")
        if isinstance(node, yaml.MappingNode):
            for name in sorted(required - values.keys()):
                self.fault(node, f"{what}: `{name}` is missing")
        return values

    def elements(self, node: Node, what: str) -> list[Node]:
        if isinstance(node, yaml.SequenceNode):
            return list[Node](node.value)
        self.fault(node, f"{what} must be {_SEQUENCE}")
        return []

    def text(self, node: Node, what: str) -> str | None:
        """A scalar's text, whatever YAML would take it for."""
        if isinstance(node, yaml.ScalarNode) and node.value:
            return str(node.value)
        self.fault(node, f"{what} must be a text")
        return None

    def integer(self, node: Node, what: str, *, least: int, most: int) -> int | None:
        value = scalar(node)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(node, f"{what} must be a whole number from {least} to {most}")
        return None

    def localized(self, node: Node, what: str, languages: tuple[str, ...]) -> Mapping[str, str]:
        """A text in each of `languages`."""
        values = self.record(node, what, required=frozenset(languages), optional=frozenset())
        texts = {name: self.text(value, f"{what}.{name}") for name, value in values.items()}
        return {name: text for name, text in texts.items() if text is not None}

    def _is_sound(self, node: Node, depth: int) -> bool:
        if depth > _DEEPEST:
            self.fault(node, "nested too deeply, or containing itself")
            return False
        return all(self._is_sound(child, depth + 1) for child in _children(node))


def line_of(node: Node) -> int:
    """Counting from 1."""
    return node.start_mark.line + 1 if node.start_mark else 0


def scalar(node: Node) -> Value:
    """The value of a scalar: null, true, false, numbers and texts as JSON and YAML 1.2 know them."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    text = str(node.value)
    if node.style:
        return text
    match text:
        case "" | "~" | "null":
            return None
        case "true" | "false":
            return text == "true"
        case _:
            return _number(text)


def plain(node: Node) -> Value:
    """The JSON value of a node."""
    if isinstance(node, yaml.MappingNode):
        pairs: list[tuple[Node, Node]] = node.value
        return {str(key.value): plain(value) for key, value in pairs}
    if isinstance(node, yaml.SequenceNode):
        elements: list[Node] = node.value
        return [plain(element) for element in elements]
    return scalar(node)


def _number(text: str) -> Value:
    # Leading zeros are part of a text: 004 is no number.
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits[:1].isdigit() or (digits[0] == "0" and digits[1:2].isdigit()):
        return text
    whole, point, fraction = digits.partition(".")
    if not whole.isdigit() or (point and not fraction.isdigit()) or len(text) > 18:
        return text
    return float(text) if point else int(text)


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, yaml.MappingNode):
        pairs: list[tuple[Node, Node]] = node.value
        for key, value in pairs:
            yield key
            yield value
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value
