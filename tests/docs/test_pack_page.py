"""The files that the page about packs shows, laid over a new pack, make a sound one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu.adapters.packs import SKELETON_FOLDER, LoadedPack, load_pack
from kefu.knowledge.questions import read_questions

from .support import DOCS, Block, blocks

PAGE = DOCS / "packs.md"


def shown() -> Iterator[Block]:
    for block in blocks(PAGE, "yaml", "csv", "markdown", "text"):
        if block.note:
            yield block


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> LoadedPack:
    folder = tmp_path_factory.mktemp("packs") / "my-shop"
    shutil.copytree(SKELETON_FOLDER, folder)
    for block in shown():
        path = folder / block.note
        path.parent.mkdir(exist_ok=True)
        if block.note == "intents.yaml":  # the page shows one intent, which joins those of the new pack
            path.write_text(path.read_text() + block.text.removeprefix("intents:\n"))
        else:
            path.write_text(block.text)
    return load_pack(folder)


def test_they_make_a_pack_without_problems(pack: LoadedPack) -> None:
    assert pack.pack.release.startswith("my-shop@")


def test_its_flow_is_started_by_its_intent(pack: LoadedPack) -> None:
    assert pack.pack.flows.flow_for_intent("order_cancel") == "cancel_order"


def test_its_operations_are_a_read_and_a_write(pack: LoadedPack) -> None:
    kinds = {name: operation.kind for name, operation in pack.operations.items()}
    assert kinds == {"orders.get": "read", "orders.cancel": "write"}


def test_its_questions_name_what_its_material_holds(pack: LoadedPack) -> None:
    text = next(block.text for block in shown() if block.note.startswith("questions/"))
    questions, problems = read_questions(text, "questions/dev.yaml")
    sources = {passage.source for passage in pack.pack.passages}
    assert problems == ()
    assert frozenset[str]().union(*(question.sources for question in questions)) <= sources


def test_a_block_is_shown_for_every_kind_of_file() -> None:
    kinds = {Path(block.note).parts[0] for block in shown()}
    assert kinds >= {
        "pack.yaml", "policy.yaml", "guard.yaml", "intents.yaml", "utterances", "validation", "rules.yaml",
        "lexicons", "flows", "responses", "faq.csv", "handbook", "knowledge.yaml", "questions", "tests",
    }  # fmt: skip
