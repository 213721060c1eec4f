"""The notation for phrases, and finding them."""

import re

import pytest

from kefu.errors import PackInvalid, Problem
from kefu.understanding.described import Phrases
from kefu.understanding.lexicon import parse_lexicon
from kefu.understanding.phrases import WIDEST_GAP, parse


@pytest.mark.parametrize("text", ["太大", "太大了", "太小", "太小了"])
def test_a_phrase_stands_for_all_that_its_parts_allow(text: str) -> None:
    assert re.fullmatch(parse("太(大|小)了?").pattern, text)


@pytest.mark.parametrize("text", ["太", "太大小", "大了", "太大了了"])
def test_a_phrase_stands_for_nothing_else(text: str) -> None:
    assert not re.fullmatch(parse("太(大|小)了?").pattern, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [("太(大|小)了?", "裤子太大了"), ("(和|跟)*不一样", "和图片不一样"), ("(a|b)?c(d|ef)", "acef")],
)
def test_every_match_holds_a_key_and_is_no_longer_than_said(phrase: str, text: str) -> None:
    parsed = parse(phrase)
    match = re.search(parsed.pattern, text)

    assert match is not None
    assert any(key in match[0] for key in parsed.keys)
    assert len(match[0]) <= parsed.longest


@pytest.mark.parametrize(
    ("phrase", "complaint"),
    [
        ("太(大", "does not close"),
        ("太大)", "never opened"),
        ("?太大", "must follow"),
        ("(太)?(大)?", "must not be optional"),
    ],
)
def test_a_phrase_that_is_none_is_refused_with_the_cause(phrase: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse(phrase)


def test_a_bad_phrase_of_a_pack_is_reported_with_its_line() -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_lexicon("damaged: [摔碎]\nwrong_item:\n  - 发错(了\n", "reasons", "reasons.yaml")

    assert caught.value.problems == (Problem("reasons.yaml", 3, "`发错(了`: a parenthesis does not close"),)


def test_all_phrases_are_found_with_their_meanings() -> None:
    found = Phrases([("坏(了|掉)", "broken"), ("和*不(符|同)", "different")]).find("锁坏了,和页面写的不符")

    assert list(found) == [(1, 3, "broken"), (4, 11, "different")]


def test_a_gap_ends_with_the_clause() -> None:
    phrases = Phrases([("和*不同", 1)])

    assert list(phrases.find("和你,不同")) == []
    assert list(phrases.find(f"和{'x' * (WIDEST_GAP + 1)}不同")) == []


def test_a_latin_phrase_is_found_as_words() -> None:
    assert list(Phrases([("runs small", 1)]).find("overruns smaller")) == []
