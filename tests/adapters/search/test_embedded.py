"""The passage index's contract on the embedded engine, in memory and in a folder."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.contracts.passage_index import (
    INVOICE,
    LIPSTICK,
    MATERIAL,
    NOON,
    Build,
    PassageIndexContract,
    names,
)

from kefu.adapters.search.embedded import EmbeddedIndex
from kefu.knowledge.passages import Passage, PassageIndex, Query
from kefu.knowledge.segment import Segmenter


class TestInMemory(PassageIndexContract):
    @pytest.fixture
    def build(self, segmenter: Segmenter) -> Build:
        return lambda passages: EmbeddedIndex(passages, segmenter)


class TestInAFolder(PassageIndexContract):
    @pytest.fixture
    def build(self, segmenter: Segmenter, tmp_path: Path) -> Build:
        def in_folder(passages: Sequence[Passage]) -> PassageIndex:
            return EmbeddedIndex(passages, segmenter, tmp_path / "index")

        return in_folder

    def test_what_the_folder_held_before_is_replaced(self, build: Build) -> None:
        build(MATERIAL)
        rebuilt = build((LIPSTICK,))
        assert names(rebuilt.search(Query("怎么开发票", NOON))) in ([], ["F1"])
        assert rebuilt.get(INVOICE.passage_id) is None
