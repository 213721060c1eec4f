"""The built-in merchant's material, read once."""

from pathlib import Path

import pytest

from kefu.knowledge.faq import read_faq
from kefu.knowledge.handbook import read_handbook
from kefu.knowledge.lexicon import Lexicon, read_lexicon
from kefu.knowledge.material import Material
from kefu.knowledge.segment import Segmenter

PACK = Path(__file__).parents[2] / "src" / "kefu" / "packs" / "yunlan"


@pytest.fixture(scope="session")
def faq() -> Material:
    return read_faq((PACK / "faq.csv").read_text("utf-8"), "faq.csv")


@pytest.fixture(scope="session")
def handbook() -> Material:
    return read_handbook({path.name: path.read_text("utf-8") for path in (PACK / "handbook").glob("*.md")})


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    lexicon, problems = read_lexicon((PACK / "knowledge.yaml").read_text("utf-8"), "knowledge.yaml")
    assert not problems
    return lexicon


@pytest.fixture(scope="session")
def segmenter(lexicon: Lexicon) -> Segmenter:
    return Segmenter(lexicon)


@pytest.fixture(scope="session")
def plain() -> Segmenter:
    return Segmenter(Lexicon())
