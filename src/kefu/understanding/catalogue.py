"""The pack's intents and the utterances that teach them, read from their files."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from kefu.conversation.values import Value
from kefu.errors import PackInvalid, Problem
from kefu.understanding.documents import compose, items, line_of, mapping, scalar, scalars

OUT_OF_SCOPE = "out_of_scope"
"""The name under which utterances are kept that belong to no intent."""

_MARK = re.compile(r"\[([^\[\]]+)\]\(([a-z_]+)(?::([a-z0-9_]+))?\)")
_HALF_MARK = re.compile(r"\]\(|\)\[")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LISTS = ("entities", "examples")
_TEXTS = ("name", "title", "group", "definition", "boundary")


@dataclass(frozen=True, slots=True)
class IntentDefinition:
    """What operators agreed that an intent is. `boundary` says what looks like it and is another."""

    name: str
    title: str
    group: str
    definition: str
    boundary: str
    entities: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """An entity of an utterance; `value` is given where the words alone do not say it."""

    type: str
    start: int
    end: int
    value: Value = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """`text` is what a customer types, its marks taken out. `style` is the heading that it stands under."""

    text: str
    intent: str
    style: str
    marks: tuple[Mark, ...] = ()
    line: int = 0


def parse_intents(text: str, file: str = "intents.yaml") -> tuple[IntentDefinition, ...]:
    """The intents in their order.

    Raises:
        PackInvalid: with every problem of the file.
    """
    root = compose(text, file)
    entries = items(mapping(root).get("intents"))
    if entries is None:
        raise PackInvalid([Problem(file, line_of(root), "`intents` must be a list of intents")])
    problems: list[Problem] = []
    intents = [intent for node in entries if (intent := _intent(node, file, problems)) is not None]
    problems += _duplicates(entries, file)
    if problems:
        raise PackInvalid(problems)
    return tuple(intents)


def parse_utterances(text: str, intent: str, file: str) -> tuple[Utterance, ...]:
    """The utterances of one file: `# style` headings, one a line, entities as `[words](type:value)`.

    Raises:
        PackInvalid: with every line that cannot be read.
    """
    problems: list[Problem] = []
    utterances: list[Utterance] = []
    style = ""
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if content.startswith("#"):
            style = content.lstrip("#").strip()
        elif content:
            plain, marks = _unmarked(content)
            if _HALF_MARK.search(plain):
                problems.append(
                    Problem(file, number, "an entity is marked as [words](type) or [words](type:value)")
                )
            utterances.append(Utterance(plain, intent, style, marks, number))
    if problems:
        raise PackInvalid(problems)
    return tuple(utterances)


def examples_of(intents: Iterable[IntentDefinition]) -> Iterator[Utterance]:
    """The examples of the definitions, as utterances."""
    for intent in intents:
        for example in intent.examples:
            yield Utterance(example, intent.name, "example")


def _unmarked(content: str) -> tuple[str, tuple[Mark, ...]]:
    pieces: list[str] = []
    marks: list[Mark] = []
    length = end = 0
    for match in _MARK.finditer(content):
        before = content[end : match.start()]
        start = length + len(before)
        pieces += (before, match[1])
        length = start + len(match[1])
        marks.append(Mark(match[2], start, length, _value(match[3])))
        end = match.end()
    return "".join((*pieces, content[end:])), tuple(marks)


def _value(text: str | None) -> Value:
    match text:
        case "true":
            return True
        case "false":
            return False
        case _:
            return text


def _intent(node: yaml.Node, file: str, problems: list[Problem]) -> IntentDefinition | None:
    line = line_of(node)
    fields = mapping(node)
    found: list[Problem] = [
        Problem(file, line_of(value), f"unknown key `{key}`")
        for key, value in fields.items()
        if key not in (*_TEXTS, *_LISTS)
    ]
    texts = {key: scalar(fields.get(key)) for key in _TEXTS}
    found += [Problem(file, line, f"`{key}` is missing") for key, value in texts.items() if not value]
    if texts["name"] and not _NAME.fullmatch(texts["name"]):
        found.append(Problem(file, line, f"`{texts['name']}` is no name: use a-z, 0-9 and _"))
    lists = {key: scalars(fields.get(key)) for key in _LISTS}
    found += [Problem(file, line, f"`{key}` must be a list") for key, value in lists.items() if value is None]
    problems += found
    if found:
        return None
    return IntentDefinition(**texts, entities=lists["entities"] or (), examples=lists["examples"] or ())


def _duplicates(entries: Sequence[yaml.Node], file: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for node in entries:
        name, line = scalar(mapping(node).get("name")), line_of(node)
        if name and name in first:
            yield Problem(file, line, f"`{name}` is already defined in line {first[name]}")
        first.setdefault(name, line)
