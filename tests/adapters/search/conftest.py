import pytest

from kefu.knowledge.lexicon import Lexicon
from kefu.knowledge.segment import Segmenter


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    """One for all: loading the dictionary takes a tenth of a second."""
    return Segmenter(Lexicon())
