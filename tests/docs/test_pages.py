"""Every page: its blocks are what they say they are, its links lead somewhere, its commands exist."""

import ast
import json
import re
import runpy
from pathlib import Path

import pytest
import typer
import yaml

from kefu.cli.app import app

from .support import (
    CHINESE_README,
    PAGES,
    README,
    ROOT,
    Block,
    anchors,
    blocks,
    codes,
    headings,
    links,
    name_of,
)

PARSERS = {"json": json.loads, "yaml": yaml.safe_load, "python": ast.parse}
COMMAND = re.compile(r"(?:^|[\s;&(])(?:uv run )?kefu ((?:[a-z]+ ?)+)|\./task ([a-z]+)", re.MULTILINE)
OPTION = re.compile(r"(?<=\s)--[a-z-]+")


def of_all(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page, *languages)]


@pytest.mark.parametrize("block", of_all(*PARSERS), ids=str)
def test_a_block_is_in_the_language_that_its_fence_names(block: Block) -> None:
    assert PARSERS[block.language](block.text) is not None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    broken: list[str] = []
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_is_shown_exists_with_its_options(page: Path) -> None:
    verbs = runpy.run_path(str(ROOT / "task"))["VERBS"]
    shown = [*codes(page), *(line for block in blocks(page, "sh") for line in block.text.splitlines())]
    unknown: list[str] = []
    for line in shown:
        text = line.partition("#")[0]
        for words, verb in COMMAND.findall(text):
            if (verb and verb not in verbs) or (words and not _is_command(words.split(), text)):
                unknown.append(line)
    assert unknown == []


def test_the_command_line_is_looked_up_as_it_is_typed() -> None:
    assert _is_command(["key", "create"], "kefu key create --scope chat")
    assert not _is_command(["key", "make"], "kefu key make")
    assert not _is_command(["serve"], "kefu serve --hots localhost")


@pytest.mark.parametrize("what", [headings, codes, links], ids=["headings", "code spans", "links"])
def test_both_readmes_have_the_same_number_of(what: type) -> None:
    assert len(what(CHINESE_README)) == len(what(README))


def test_both_readmes_show_the_same_blocks() -> None:
    """Comments aside, which are in the page's own language."""
    both = [
        [re.sub(r"\s*# .*", "", block.text) for block in blocks(page, "sh", "html")]
        for page in (README, CHINESE_README)
    ]
    assert both[0] == both[1]


def test_both_readmes_lead_to_the_same_pages() -> None:
    there = {README.name, CHINESE_README.name}
    assert [link for link in links(README) if link not in there] == [
        link for link in links(CHINESE_README) if link not in there
    ]


def _is_command(words: list[str], line: str) -> bool:
    """Whether `kefu` has that command, a command of a group included, and each long option of the line."""
    group = typer.main.get_command(app)
    commands = getattr(group, "commands", {})
    command = commands.get(words[0])
    if command is not None and hasattr(command, "commands"):
        command = command.commands.get(words[1]) if len(words) > 1 else command
    if command is None:
        return False
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    return set(OPTION.findall(line)) <= known
