"""A pack's words: read with line-numbered faults."""

import pytest

from kefu.knowledge.lexicon import Lexicon, read_lexicon

SOUND = """
words: [运费险]
same:
  - [口红, 唇膏, 唇釉]
wider:
  化妆品: [口红]
english:
  Lipstick: 口红
ignore: [请问]
"""


def test_every_section_is_read() -> None:
    lexicon, problems = read_lexicon(SOUND, "knowledge.yaml")
    assert problems == ()
    assert lexicon == Lexicon(
        words=frozenset({"运费险"}),
        same={"口红": "口红", "唇膏": "口红", "唇釉": "口红", "lipstick": "口红"},
        wider={"口红": ("化妆品",)},
        ignore=frozenset({"请问"}),
    )


def test_an_empty_file_is_an_empty_lexicon() -> None:
    assert read_lexicon("", "knowledge.yaml") == (Lexicon(), ())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("words: [a\n", "k.yaml:2: not YAML"),
        ("- a\n", "k.yaml:1: a mapping must stand here"),
        ("wrods: [a]\n", "k.yaml:1: unknown key `wrods`"),
        ("words: a\n", "k.yaml:1: a list of words must stand here"),
        ("same:\n  - [a, b]\n  - [c, b]\n", "k.yaml:3: `b` stands for `a` already"),
        ("same: a\n", "k.yaml:1: `same` must be a list of lists"),
        ("english:\n  a: [b]\n", "k.yaml:2: `a` must be given one word"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, fault: str) -> None:
    _, problems = read_lexicon(text, "k.yaml")
    assert str(problems[0]).startswith(fault)
