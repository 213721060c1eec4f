"""Markdown as blocks under their headings: what a handbook's structure says, without its typography."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

_LATIN_LINE_END = re.compile(r"(?<=[!-~])\s*\n\s*(?=[!-~])")
_LINE_END = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a list item or a cell; `label` is what stands in bold at its very beginning, if any."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list; its numbers start from 1."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Content = Paragraph | Bullets | Steps | Table


@dataclass(frozen=True, slots=True)
class Block:
    """`heading` is outermost first, without the level-1 title; `line` counts from 1."""

    content: Content
    heading: tuple[str, ...]
    line: int


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a document in order. Code, quotes and HTML are taken as the paragraphs they contain."""
    parser = MarkdownIt("commonmark").enable("table")
    found: list[Block] = []
    headings: dict[int, str] = {}
    for node in SyntaxTreeNode(parser.parse(text)).children:
        line = node.map[0] + 1 if node.map else 0
        if node.type == "heading":
            level = int(node.tag.removeprefix("h"))
            headings = {depth: title for depth, title in headings.items() if depth < level}
            headings[level] = _line(node).text
            continue
        heading = tuple(title for depth, title in sorted(headings.items()) if depth > 1)
        found.extend(Block(content, heading, line) for content in _contents(node))
    return tuple(found)


def _contents(node: SyntaxTreeNode) -> Iterator[Content]:
    match node.type:
        case "paragraph":
            yield Paragraph(_line(node))
        case "bullet_list":
            yield Bullets(_items(node))
        case "ordered_list":
            yield Steps(_items(node))
        case "table":
            header, *rows = [_cells(row) for part in node.children for row in part.children]
            yield Table(header, tuple(rows))
        case "blockquote":
            for child in node.children:
                yield from _contents(child)
        case "fence" | "code_block":
            yield Paragraph(Line(node.content.strip()))
        case _:
            return


def _items(node: SyntaxTreeNode) -> tuple[Line, ...]:
    return tuple(_line(item) for item in node.children)


def _cells(row: SyntaxTreeNode) -> tuple[str, ...]:
    return tuple(_line(cell).text for cell in row.children)


def _line(node: SyntaxTreeNode) -> Line:
    """The text of all that stands under `node`; nested blocks follow each other with a semicolon between."""
    texts: list[str] = []
    label = ""
    for inline in _inlines(node):
        tokens = inline.children or []
        if not texts:
            label = _label(tokens)
        texts.append(_plain(tokens))
    return Line("；".join(texts), label)


def _inlines(node: SyntaxTreeNode) -> Iterator[Token]:
    for child in node.walk():
        if child.type == "inline" and child.token is not None:
            yield child.token


def _plain(tokens: list[Token]) -> str:
    """A line end inside a paragraph is a space between Latin words and nothing between Chinese ones."""
    shown = {"text": None, "code_inline": None, "softbreak": "\n", "hardbreak": "\n"}
    parts = (shown[token.type] or token.content for token in tokens if token.type in shown)
    return _LINE_END.sub("", _LATIN_LINE_END.sub(" ", "".join(parts))).strip()


def _label(tokens: list[Token]) -> str:
    visible = [token for token in tokens if token.content or token.type.startswith("strong")]
    if len(visible) > 2 and visible[0].type == "strong_open" and visible[2].type == "strong_close":
        return visible[1].content.strip()
    return ""
