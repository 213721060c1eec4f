"""Both sides of a comparison meet in the same terms."""

import pytest

from kefu.knowledge.lexicon import Lexicon
from kefu.knowledge.segment import Segmenter


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("發票抬頭", "发票抬头"),
        ("ＹＬ１２３", "yl123"),
        ("退\u200b货", "退货"),
        ("  a \n b ", "a b"),
        ("\ud800退", "退"),
    ],
    ids=["traditional", "full width", "zero width", "white space", "lone surrogate"],
)
def test_text_is_brought_to_one_spelling(plain: Segmenter, written: str, read: str) -> None:
    assert plain.normalise(written) == read


def test_words_with_one_meaning_become_one_word() -> None:
    segmenter = Segmenter(Lexicon(same={"唇膏": "口红", "口红": "口红"}))
    assert segmenter.terms("唇膏能退").grams == segmenter.terms("口红能退").grams


def test_the_longest_phrase_wins() -> None:
    segmenter = Segmenter(Lexicon(same={"退货": "退货", "退货险": "运费险"}))
    assert "运费险" in segmenter.terms("退货险多少钱").words


def test_a_latin_phrase_is_no_part_of_a_longer_word() -> None:
    segmenter = Segmenter(Lexicon(same={"ship": "发货"}))
    assert "发货" not in segmenter.terms("membership").words


def test_english_meets_the_words_of_the_material(segmenter: Segmenter) -> None:
    assert {"口红", "拆封", "退货"} <= segmenter.terms("Can I return an opened lipstick?").words.keys()


def test_a_known_word_stays_whole() -> None:
    assert "运费险" in Segmenter(Lexicon(words=frozenset({"运费险"}))).terms("运费险赔多少").words


def test_words_to_be_ignored_say_nothing() -> None:
    segmenter = Segmenter(Lexicon(ignore=frozenset({"请问", "的"})))
    assert segmenter.terms("请问我的发票").grams == segmenter.terms("我发票").grams


def test_a_number_counts_as_one_character(plain: Segmenter) -> None:
    assert plain.terms("满199减15.5元").grams[:3] == ("满", "199", "减")


def test_pairs_of_characters_do_not_cross_a_clause(plain: Segmenter) -> None:
    assert "货能" not in plain.terms("退货，能吗").grams


def test_a_thing_weighs_more_than_what_is_done_with_it(plain: Segmenter) -> None:
    words = plain.terms("发票修改").words
    assert words["发票"] > words["修改"]


def test_wider_words_are_found_step_by_step(segmenter: Segmenter) -> None:
    assert segmenter.wider("成都")[:2] == ("四川", "三区")


def test_wider_words_that_lead_in_a_circle_end() -> None:
    segmenter = Segmenter(Lexicon(wider={"甲": ("乙",), "乙": ("甲",)}))
    assert segmenter.wider("甲") == ("乙",)
