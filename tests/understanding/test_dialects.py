"""Dialect words as standard ones, through the shipped pack's lexicon: the classifier reads what comes out."""

from collections.abc import Mapping, Sequence

import pytest

from kefu.understanding.catalogue import Utterance
from kefu.understanding.glossary import Glossary
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.text import clean


@pytest.fixture(name="dialects", scope="module")
def of_the_pack(lexicons: Mapping[str, Lexicon]) -> Glossary:
    return Glossary(lexicons["dialects"])


@pytest.mark.parametrize(
    ("message", "standard"),
    [
        ("俺的快递咋还没到", "我的"),
        ("侬快点帮我看看", "你"),
        ("我啥子时候能收到", "什么"),
        ("我哋张單喺邊度", "我们"),
        ("阮的货有到无", "我的"),
        ("这个咋个退嘛", "怎么"),
    ],
)
def test_a_dialect_word_is_read_as_the_standard_one(dialects: Glossary, message: str, standard: str) -> None:
    assert standard in dialects.read(clean(message).text)


def test_plain_mandarin_is_read_as_it_stands(dialects: Glossary, utterances: Sequence[Utterance]) -> None:
    plain = [clean(utterance.text).text for utterance in utterances if utterance.style == "plain"]
    changed = [text for text in plain if dialects.read(text) != text]
    assert len(plain) > 1000
    assert len(changed) < 0.01 * len(plain)
