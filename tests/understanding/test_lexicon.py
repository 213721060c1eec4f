"""Word lists, and finding their words."""

import pytest

from kefu.errors import PackInvalid, Problem
from kefu.understanding.glossary import Glossary
from kefu.understanding.lexicon import Gazetteer, Lexicon, parse_lexicon


def test_words_are_kept_in_the_form_in_which_messages_are_matched() -> None:
    assert parse_lexicon("顺丰: [順豐, SF Express]", "couriers", "c.yaml").entries == {
        "顺丰": ("顺丰", "sf express")
    }


def test_every_entry_that_is_no_list_of_words_is_reported() -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_lexicon("a: [x]\nb: 3\na: [y]\nc: [[z]]\n", "l", "l.yaml")

    assert caught.value.problems == (
        Problem("l.yaml", 2, "`b` must be a list of words"),
        Problem("l.yaml", 3, "`a` stands here twice"),
        Problem("l.yaml", 4, "`c` must be a list of words"),
    )


def test_a_list_instead_of_a_mapping_is_refused() -> None:
    with pytest.raises(PackInvalid, match="maps keys to lists"):
        parse_lexicon("- a", "l", "l.yaml")


def test_an_empty_file_is_an_empty_lexicon() -> None:
    assert parse_lexicon("", "l", "l.yaml") == Lexicon("l", {})


def test_the_longest_word_at_a_place_is_found() -> None:
    found = Gazetteer([("四件套", 1), ("水洗棉四件套", 2)]).find("买了水洗棉四件套")

    assert list(found) == [(2, 8, 2)]


def test_a_latin_word_is_not_found_inside_another() -> None:
    assert list(Gazetteer([("sto", 1)]).find("the store 走sto吗")) == [(11, 14, 1)]


def test_an_empty_list_finds_nothing() -> None:
    assert list(Gazetteer[int]([]).find("什么都没有")) == []


def test_a_glossary_puts_the_shops_words_in_the_place_of_others() -> None:
    glossary = Glossary(Lexicon("glossary", {"订单": ("order",), "不": ("唔",)}))

    assert glossary.read("我的order唔见了, orders") == "我的订单不见了, orders"
