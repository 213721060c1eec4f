"""The merchant's own documents: Markdown with front matter, cut into passages along their structure.

A table gives a passage a row, each cell worded with its column; a numbered list stays whole; a list stays with
the paragraph that introduces it. Every passage keeps the headings above it: «7 天» alone answers nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Literal, assert_never

import yaml

from kefu.errors import Problem
from kefu.knowledge.markdown import Block, Bullets, Content, Line, Paragraph, Steps, Table, blocks
from kefu.knowledge.material import Material, joined, passage_id
from kefu.knowledge.passages import Audience, Passage

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
_ORDINAL = re.compile(r"^[一二三四五六七八九十]+、\s*")
_FENCE = "---"
_EMPTY_CELLS = frozenset({"", "-", "—", "–", "/"})
_LONGEST_LIST = 200  # characters; a longer list without an introduction is cut into its items


@dataclass(frozen=True, slots=True)
class _Front:
    """The checked front matter of one document. `body_line` is where its text begins."""

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


def read_handbook(files: Mapping[str, str]) -> Material:
    """The passages of all documents, given as file name → text. An id may stand in one file only."""
    parts: list[Material] = []
    owners: dict[str, str] = {}
    for file, text in sorted(files.items()):
        part = read_document(text, file)
        for source in {passage.source for passage in part.passages}:
            owner = owners.setdefault(source, file)
            if owner != file:
                fault = Problem(file, 1, f"the id of `{source}` stands in {owner} too")
                part = Material(problems=(*part.problems, fault))
        parts.append(part)
    return joined(parts)


def read_document(text: str, file: str) -> Material:
    """The passages of one document; none when its front matter is faulty."""
    reading = _Reading(file)
    front = _front(text, reading)
    if front is None:
        return Material(problems=tuple(reading.problems))
    lines = text.splitlines()
    body = "\n".join(lines[front.body_line - 1 :])
    found = list(_passages(front, blocks(body)))
    if not found:
        reading.fault(front.body_line, "the document has no text")
    unique = {passage.passage_id: passage for passage in found}
    return Material(tuple(unique.values()), tuple(reading.problems))


def _front(text: str, reading: _Reading) -> _Front | None:
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != _FENCE or _FENCE not in (line.strip() for line in lines[1:]):
        reading.fault(1, f"the document must begin with front matter between two lines `{_FENCE}`")
        return None
    end = 1 + [line.strip() for line in lines[1:]].index(_FENCE)
    entries = _entries("\n".join(lines[1:end]), reading)
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
    return _Front(title, document_id, category, audience, since, until, end + 2)


def _entries(text: str, reading: _Reading) -> Mapping[str, tuple[str, int]]:
    """Each key with its value as written and its line in the file."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage before its document's data are put on it."""

    kind: Literal["section", "row", "steps"]
    text: str
    questions: tuple[str, ...] = ()


def _passages(front: _Front, found: tuple[Block, ...]) -> Iterator[Passage]:
    for heading, piece in _pieces(found):
        shown = tuple(_ORDINAL.sub("", title) for title in heading)
        yield Passage(
            passage_id=passage_id(front.document_id, *shown, piece.text),
            source=f"handbook:{front.document_id}",
            kind=piece.kind,
            title=front.title,
            heading=shown,
            text=piece.text,
            questions=piece.questions,
            category=front.category,
            audience=front.audience,
            effective_from=front.effective_from,
            effective_to=front.effective_to,
        )


def _pieces(found: tuple[Block, ...]) -> Iterator[tuple[tuple[str, ...], _Piece]]:
    introduction = ""
    for block, following in zip_longest(found, found[1:]):
        content = block.content
        if isinstance(content, Paragraph) and _introduces_list(block, following):
            introduction = content.content.text
            continue
        for piece in _cut(content, introduction):
            yield block.heading, piece
        introduction = ""


def _introduces_list(block: Block, following: Block | None) -> bool:
    if following is None or following.heading != block.heading or not isinstance(block.content, Paragraph):
        return False
    return isinstance(following.content, Bullets | Steps) and block.content.content.text.endswith(("：", ":"))


def _cut(content: Content, introduction: str) -> Iterator[_Piece]:
    match content:
        case Paragraph(line):
            # What introduced a table stands alone once the table is cut into rows: end it as a sentence.
            text = f"{line.text[:-1]}。" if line.text.endswith("：") else line.text
            yield _Piece("section", text, _labels((line,)))
        case Steps(items):
            numbered = [f"{number}. {item.text}" for number, item in enumerate(items, start=1)]
            yield _Piece("steps", _under(introduction, numbered), _labels(items))
        case Bullets(items):
            whole = _under(introduction, [f"- {item.text}" for item in items])
            if introduction or len(whole) <= _LONGEST_LIST:
                yield _Piece("section", whole, _labels(items))
            else:
                yield from (_Piece("section", item.text, _labels((item,))) for item in items)
        case Table(header, rows):
            yield from (_Piece("row", _row(header, row)) for row in rows)
        case _:
            assert_never(content)


def _labels(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.label.rstrip("：:") for line in lines if line.label)


def _under(introduction: str, lines: list[str]) -> str:
    return "\n".join([introduction, *lines] if introduction else lines)


def _row(header: tuple[str, ...], cells: tuple[str, ...]) -> str:
    """A row as words: «状态：已打包；取消：申请截单，不保证». A cell that says nothing is left out."""
    named = zip(header, cells, strict=True)
    return "；".join(f"{name}：{cell}" if name else cell for name, cell in named if cell not in _EMPTY_CELLS)
