"""What a document says about itself before its text: YAML between two lines of three dashes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import yaml

from kefu.errors import Problem
from kefu.knowledge.passages import Audience
from kefu.yaml_nodes import compose

# A business customer is still a customer: what is written for companies may be shown to whoever asks.
_AUDIENCES: Mapping[str, Audience] = {
    "顾客": "customer",
    "企业客户": "customer",
    "customer": "customer",
    "客服": "agent",
    "agent": "agent",
}
_KEYS = ("title", "id", "category", "effective_from", "effective_to", "audience")
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Front:
    """Checked front matter. `body_line`, counted from 1, is where the document's text begins."""

    title: str
    document_id: str
    category: str
    audience: frozenset[Audience]
    effective_from: date | None
    effective_to: date | None
    body_line: int


@dataclass(slots=True)
class _Reading:
    file: str
    problems: list[Problem] = field(default_factory=list[Problem])

    def fault(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, message))


def read_front(text: str, file: str) -> tuple[Front | None, tuple[Problem, ...]]:
    """The front matter, or None and why not."""
    reading = _Reading(file)
    front = _front(text, reading)
    return front, tuple(reading.problems)


def _front(text: str, reading: _Reading) -> Front | None:
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != _FENCE or _FENCE not in (line.strip() for line in lines[1:]):
        reading.fault(1, f"the document must begin with front matter between two lines `{_FENCE}`")
        return None
    end = 1 + [line.strip() for line in lines[1:]].index(_FENCE)
    entries = _entries("\n".join(lines[1:end]), reading)
    if not entries:
        return None
    title, document_id = _word(entries, "title", reading), _word(entries, "id", reading)
    audience = _audience(entries, reading)
    since, until = _day(entries, "effective_from", reading), _day(entries, "effective_to", reading)
    if since and until and until < since:
        reading.fault(entries["effective_to"][1], "effective_to lies before effective_from")
    if document_id and not _ID.fullmatch(document_id):
        reading.fault(entries["id"][1], "the id may hold letters, digits and `-` only, at most 40")
    if reading.problems:
        return None
    category = entries.get("category", ("", 0))[0]
    return Front(title, document_id, category, audience, since, until, end + 2)


def _entries(text: str, reading: _Reading) -> Mapping[str, tuple[str, int]]:
    """Each key with its value as written and its line in the file."""
    try:
        node = compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        reading.fault(line, f"the front matter is not YAML: {error.problem}")
        return {}
    if not isinstance(node, yaml.MappingNode):
        reading.fault(1, f"the front matter must name {', '.join(_KEYS)}")
        return {}
    entries: dict[str, tuple[str, int]] = {}
    pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
    for key, value in pairs:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            reading.fault(line, "the front matter holds single values only")
        elif key.value not in _KEYS:
            reading.fault(line, f"unknown key `{key.value}`; known are {', '.join(_KEYS)}")
        elif key.value in entries:
            reading.fault(line, f"`{key.value}` stands twice")
        else:
            entries[key.value] = (value.value.strip(), line)
    return entries


def _word(entries: Mapping[str, tuple[str, int]], key: str, reading: _Reading) -> str:
    value, line = entries.get(key, ("", 1))
    if not value:
        reading.fault(line, f"the front matter lacks `{key}`")
    return value


def _day(entries: Mapping[str, tuple[str, int]], key: str, reading: _Reading) -> date | None:
    value, line = entries.get(key, ("", 1))
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        reading.fault(line, f"{key} must be a day such as 2026-11-01, not `{value}`")
        return None


def _audience(entries: Mapping[str, tuple[str, int]], reading: _Reading) -> frozenset[Audience]:
    value, line = entries.get("audience", ("", 1))
    if not value:
        return frozenset({"customer", "agent"})
    words = [word.strip() for word in re.split(r"[,，、]", value)]
    for word in words:
        if word not in _AUDIENCES:
            reading.fault(line, f"unknown audience `{word}`; known are {', '.join(_AUDIENCES)}")
    return frozenset(_AUDIENCES[word] for word in words if word in _AUDIENCES)
