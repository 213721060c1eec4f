"""The pages as data: their fenced blocks, links and headings."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README, CHINESE_README = ROOT / "README.md", ROOT / "README.zh-CN.md"
PAGES: Sequence[Path] = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "console" / "README.md"])

_BUILT = frozenset(
    {
        ".git",
        ".venv",
        ".tools",
        ".data",
        "dist",
        "reports",
        "node_modules",
        "__pycache__",
        ".pytest_cache",
        "web",
    }
)
_markdown = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `note` is what follows the language on its fence; `line` counts from 1."""

    page: Path
    line: int
    language: str
    note: str
    text: str

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[Block]:
    """The page's fenced blocks in these languages."""
    return [block for block in _blocks(page) if block.language in languages]


def links(page: Path) -> list[str]:
    """Where the page's links lead, in their order."""
    return [str(token.attrs["href"]) for token in _inline(page) if token.type == "link_open"]


def codes(page: Path) -> list[str]:
    """Everything that stands in code spans, in its order."""
    return [token.content for token in _inline(page) if token.type == "code_inline"]


def headings(page: Path) -> list[str]:
    """The headings' texts, without their marks."""
    tokens = _tokens(page)
    return [
        "".join(child.content for child in following.children or ())
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]


def anchors(page: Path) -> set[str]:
    """What a link to a heading of the page may end in, spelled as GitHub spells it."""
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings(page)}


def rows(page: Path, heading: str) -> Iterator[list[str]]:
    """The rows of the tables below a heading, each as the Markdown text of its cells."""
    below = re.split(rf"^#+ {re.escape(heading)}$", page.read_text(), maxsplit=1, flags=re.MULTILINE)[1]
    for line in re.split(r"^#+ ", below, maxsplit=1, flags=re.MULTILINE)[0].splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def tracked_files() -> list[Path]:
    """Every file of the source tree: what git tracks or would, else everything that no build has made."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        found = (ROOT / name for name in listed.split("\0") if name)
    else:
        found = (path for path in ROOT.rglob("*") if _BUILT.isdisjoint(path.relative_to(ROOT).parts))
    return [path for path in found if path.is_file()]


def _blocks(page: Path) -> Iterator[Block]:
    for token in _tokens(page):
        if token.type == "fence" and token.map is not None:
            language, _, note = token.info.strip().partition(" ")
            yield Block(page, token.map[0] + 1, language, note, token.content)


def _inline(page: Path) -> Iterator[Token]:
    for token in _tokens(page):
        yield from token.children or ()


def _tokens(page: Path) -> list[Token]:
    return _markdown.parse(page.read_text())
