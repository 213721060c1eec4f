"""How widely the utterances of each intent are spread."""

import pytest

from kefu.learning.spread import Spread, spreads
from kefu.understanding.catalogue import parse_utterances


def spread(text: str) -> Spread:
    return spreads(parse_utterances(text, "a", "a.txt"))["a"]


def test_utterances_are_counted_with_their_styles_and_lengths() -> None:
    found = spread("# plain\n我要退货\n退\n# short\n帮我退掉吧")

    assert (found.count, found.styles) == (3, 2)
    assert (found.shortest, found.median, found.longest) == (1, 4, 5)


def test_repeated_word_pairs_lower_the_spread() -> None:
    assert spread("我要退货\n我要退货").distinct == 0.5
    assert spread("我要退货\n开张发票").distinct == 1


def test_the_mean_similarity_is_to_the_nearest_other() -> None:
    # 我要退货 and 我要退款 share two of four pairs of characters; 开票 shares none with either.
    assert spread("我要退货\n我要退款\n开票").nearest == pytest.approx(1 / 3)


def test_a_single_utterance_is_like_no_other() -> None:
    assert spread("我要退货").nearest == 0


def test_entities_are_counted_by_utterance_and_by_different_value() -> None:
    found = spread("退[裙子](product)\n退[裙子](product)和[M码](size)\n退[裤子](product)\n退货")

    assert (found.with_entities, found.entity_values) == (0.75, 3)


def test_every_intent_has_its_own_spread() -> None:
    two = (*parse_utterances("退", "b", "b.txt"), *parse_utterances("票\n开票", "a", "a.txt"))

    assert {intent: found.count for intent, found in spreads(two).items()} == {"a": 2, "b": 1}
