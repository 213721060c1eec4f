"""Follow-ups are read with what they lean on; messages of their own are left alone."""

from collections.abc import Sequence

import pytest

from kefu.understanding.ellipsis import leans_back, resolved
from kefu.understanding.reading import Entity
from kefu.understanding.text import Cleaned

SIZES = ("M码", "L码", "S码")
GOODS = ("连衣裙", "衬衫", "口红")


def entities(message: Cleaned) -> Sequence[Entity]:
    """Sizes and goods by their words."""
    return [
        Entity(kind, word, word, message.typed.index(word), message.typed.index(word) + len(word))
        for kind, words in (("size", SIZES), ("product", GOODS))
        for word in words
        if word in message.typed
    ]


@pytest.mark.parametrize(
    ("before", "said", "whole"),
    [
        (["没拆封的口红能退吗"], "那运费呢", "没拆封的口红能退吗，运费"),
        (["七天无理由退货吗"], "那拆封的呢", "七天无理由退货吗，拆封"),
        (["连衣裙M码还有货吗"], "L码呢", "连衣裙L码还有货吗"),
        (["连衣裙M码还有货吗", "L码呢"], "那S码呢？", "连衣裙S码还有货吗"),
        (["连衣裙什么时候补货"], "那衬衫呢", "衬衫什么时候补货"),
        (["会员有什么权益"], "如果过期了", "会员有什么权益，过期了"),
        (["你们送货到新疆吗", "好的"], "那运费呢", "你们送货到新疆吗，运费"),
        (["can i return a lipstick"], "what about shipping", "can i return a lipstick，shipping"),
    ],
)
def test_a_follow_up_is_read_with_what_it_leans_on(before: list[str], said: str, whole: str) -> None:
    assert resolved(said, before, entities) == whole


@pytest.mark.parametrize(
    "said", ["我要退货", "发票什么时候开好", "帮我查一下订单", "那个我上周买的豆浆机一直漏水你们到底管不管"]
)
def test_a_message_of_its_own_is_left_alone(said: str) -> None:
    assert resolved(said, ["会员有什么权益"], entities) is None


@pytest.mark.parametrize("before", [[], ["嗯"], ["好的", "1"]])
def test_a_follow_up_needs_something_to_lean_on(before: list[str]) -> None:
    assert resolved("那运费呢", before, entities) is None


def test_what_was_said_long_ago_is_not_leaned_on() -> None:
    before = ["会员有什么权益", "好", "嗯", "行", "哦"]

    assert resolved("那运费呢", before, entities) is None


@pytest.mark.parametrize("said", ["它多少钱", "这款有别的颜色吗", "刚才那个便宜点吗", "same as it"])
def test_a_pronoun_leans_back(said: str) -> None:
    assert leans_back(said)
