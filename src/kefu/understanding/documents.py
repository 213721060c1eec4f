"""Reading the pack's YAML with the line of every part, so that problems can be pointed at."""

from typing import cast

import yaml

from kefu import yaml_nodes
from kefu.errors import PackInvalid, Problem


def compose(text: str, file: str) -> yaml.Node | None:
    """The document's root node, None when it is empty. Raises `PackInvalid` for what is no YAML."""
    try:
        return yaml_nodes.compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackInvalid([Problem(file, line, error.problem or "not YAML")]) from error


def line_of(node: yaml.Node | None) -> int:
    """Counted from 1; 1 for a document without that node."""
    return node.start_mark.line + 1 if node else 1


def mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The entries of a mapping; nothing for any other node. Of two entries with one key, the last."""
    return dict(entries(node))


def entries(node: yaml.Node | None) -> list[tuple[str, yaml.Node]]:
    """The entries of a mapping in their order, doubled keys included."""
    if not isinstance(node, yaml.MappingNode):
        return []
    pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    return [(cast("str", key.value), value) for key, value in pairs if isinstance(key, yaml.ScalarNode)]


def items(node: yaml.Node | None) -> list[yaml.Node] | None:
    """The items of a list, None for any other node."""
    return cast("list[yaml.Node]", node.value) if isinstance(node, yaml.SequenceNode) else None


def scalar(node: yaml.Node | None) -> str:
    """The text of a scalar, empty for any other node."""
    return cast("str", node.value).strip() if isinstance(node, yaml.ScalarNode) else ""


def scalars(node: yaml.Node | None) -> tuple[str, ...] | None:
    """The texts of a list of scalars, None for any other node."""
    found = items(node)
    if found is None or not all(isinstance(item, yaml.ScalarNode) for item in found):
        return None
    return tuple(scalar(item) for item in found)
