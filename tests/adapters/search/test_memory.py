"""The passage index's contract on the index without an engine."""

import pytest
from tests.contracts.passage_index import Build, PassageIndexContract

from kefu.adapters.search.memory import MemoryIndex
from kefu.knowledge.segment import Segmenter


class TestMemory(PassageIndexContract):
    @pytest.fixture
    def build(self, segmenter: Segmenter) -> Build:
        return lambda passages: MemoryIndex(passages, segmenter)
