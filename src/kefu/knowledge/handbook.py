"""The merchant's own documents: Markdown with front matter, cut into passages along their structure.

A table gives a passage a row, each cell worded with its column; a numbered list stays whole; a list stays
with the paragraph that introduces it. Every passage keeps the headings above it: «7 天» alone says nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, assert_never

from kefu.errors import Problem
from kefu.knowledge.front_matter import Front, read_front
from kefu.knowledge.markdown import Block, Bullets, Content, Line, Paragraph, Steps, Table, blocks
from kefu.knowledge.material import Material, joined, passage_id
from kefu.knowledge.passages import Passage

_ORDINAL = re.compile(r"^[一二三四五六七八九十]+、\s*")
_EMPTY_CELLS = frozenset({"", "-", "—", "–", "/"})
_LONGEST_LIST = 200  # characters; a longer list without an introduction is cut into its items


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
    front, problems = read_front(text, file)
    if front is None:
        return Material(problems=problems)
    body = "\n".join(text.splitlines()[front.body_line - 1 :])
    # What stands twice under one heading is one passage.
    unique = {passage.passage_id: passage for passage in _passages(front, blocks(body))}
    if not unique:
        problems = (*problems, Problem(file, front.body_line, "the document has no text"))
    return Material(tuple(unique.values()), problems)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage before its document's data are put on it."""

    kind: Literal["section", "row", "steps"]
    text: str
    questions: tuple[str, ...] = ()


def _passages(front: Front, found: tuple[Block, ...]) -> Iterator[Passage]:
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
