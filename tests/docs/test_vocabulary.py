"""What the code has a closed list of, the pages list too: settings, events, commands, problem codes."""

import dataclasses
import importlib
import pkgutil
import re
from typing import get_args

import pytest

import kefu
from kefu.api.problems import status_of
from kefu.conversation.commands import Command
from kefu.conversation.events import Event
from kefu.errors import KefuError
from kefu.settings import Settings

from .support import DOCS, headings, rows

OF_HTTP_ALONE = {"method_not_allowed": 405, "unsupported_media_type": 415}
"""Codes of refusals by the router, which raise no error of the tree."""


def first_cells(page: str, heading: str) -> list[str]:
    return [row[0].strip("`") for row in rows(DOCS / page, heading)]


def test_every_setting_has_one_row() -> None:
    settings = {f"KEFU_{field.name.upper()}" for field in dataclasses.fields(Settings)}
    assert sorted(first_cells("settings.md", "Settings")) == sorted(settings)


@pytest.mark.parametrize(
    ("heading", "union"), [("Events", Event), ("Commands", Command)], ids=["events", "commands"]
)
def test_every_member_of_a_closed_vocabulary_has_one_line_in_the_order_of_the_code(
    heading: str, union: object
) -> None:
    assert first_cells("events-and-commands.md", heading) == [kind.__name__ for kind in get_args(union)]


def test_every_problem_code_is_listed_with_its_status() -> None:
    for module in pkgutil.walk_packages(kefu.__path__, "kefu."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    listed = {row[0].strip("`"): int(row[1]) for row in rows(DOCS / "api.md", "Errors")}
    tree = {kind.code: status_of(kind.__new__(kind)) for kind in _with_subclasses(KefuError)}
    assert listed == {**tree, **OF_HTTP_ALONE}


def test_every_file_of_a_pack_has_a_section() -> None:
    from kefu.release.files import FAQ, FOLDERS, GUARD, INTENTS, KNOWLEDGE, MANIFEST, POLICY, RULES

    files = {MANIFEST, POLICY, GUARD, INTENTS, RULES, FAQ, KNOWLEDGE, *FOLDERS}
    assert files <= set(headings(DOCS / "packs.md"))


def test_every_attribute_of_the_script_tag_is_described() -> None:
    source = (DOCS.parent / "console/widget/src/settings.ts").read_text()
    read = re.search(r"const \{([^}]*)\} = script\.dataset", source)
    assert read is not None
    names = {re.sub(r"([A-Z])", r"-\1", name.strip()).lower() for name in read[1].split(",")}
    assert set(first_cells("widget.md", "Attributes")) == {f"data-{name}" for name in names}


def _with_subclasses(kind: type[KefuError]) -> set[type[KefuError]]:
    return {kind}.union(*(_with_subclasses(child) for child in kind.__subclasses__()))
