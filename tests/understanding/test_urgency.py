"""Messages that cannot wait, by the shipped pack's words; exaggeration is no sign of danger."""

from collections.abc import Mapping

import pytest

from kefu.conversation.events import Signal
from kefu.errors import PackInvalid
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.text import clean
from kefu.understanding.urgency import UrgencyLexicon


@pytest.fixture(name="urgency", scope="module")
def of_the_pack(lexicons: Mapping[str, Lexicon]) -> UrgencyLexicon:
    return UrgencyLexicon(lexicons["urgency"])


@pytest.mark.parametrize(
    "message",
    [
        "我不想活了",
        "活着真没意思",
        "真的好想死",
        "再不退钱我就去死",
        "你们再不退钱我就从楼上跳下去",
        "吃了一瓶安眠药",
        "我想自殺",
        "i want to kill myself",
        "I don’t want to live anymore",
        "死にたいです",
        "quiero morirme",
        "je veux mourir",
        "хочу умереть",
    ],
)
def test_words_of_self_harm_are_noticed(urgency: UrgencyLexicon, message: str) -> None:
    assert urgency.read(clean(message))[:1] == ("self_harm",)


@pytest.mark.parametrize(
    "message",
    [
        "笑死我了",
        "想死你了",
        "气死我了",
        "累死了",
        "手机快死机了",
        "想死你们家的面膜了",
        "等得我想死的心都有了",
        "不活了哈哈哈",
        "跳楼价什么时候开始",
        "自杀式减肥",
        "死了这条心吧",
        "this dress is to die for",
        "I want to die for this bag",
        "你们去死吧",
    ],
)
def test_exaggeration_is_no_word_of_self_harm(urgency: UrgencyLexicon, message: str) -> None:
    assert "self_harm" not in urgency.read(clean(message))


@pytest.mark.parametrize(
    "message",
    [
        "再不处理我就打12315",
        "打12345投诉你们",
        "小红书挂你们",
        "發到網上讓大家避雷",
        "等着收律师函吧",
        "去市场监督管理局举报",
        "不退款我就去法院告你",
        "I'm going to sue you",
        "I'll dispute the charge with my bank",
        "警察に通報します",
        "tôi sẽ kiện ra tòa",
    ],
)
def test_the_threat_to_report_or_expose_is_noticed(urgency: UrgencyLexicon, message: str) -> None:
    assert "threat" in urgency.read(clean(message))


@pytest.mark.parametrize(
    "message",
    [
        "烟雾报警器什么时候到",
        "相机的曝光时间怎么调",
        "替我转告你们店长一声谢谢",
        "信息藏那么深，我点不到，直接告诉我在哪",
        "我去工商银行付款",
        "小红书上看到的那款有吗",
        "订单号是YL20261234512345",
        "kiện hàng của tôi đâu rồi",
        "고소한 맛이에요?",
        "merci, un avocat bien mûr",
    ],
)
def test_what_only_sounds_like_a_threat_is_none(urgency: UrgencyLexicon, message: str) -> None:
    assert "threat" not in urgency.read(clean(message))


@pytest.mark.parametrize(
    "message",
    [
        "第三次了",
        "我都说了几遍了",
        "催三遍了",
        "打了八百个电话",
        "跟你们说过多少次了",
        "I already asked twice",
    ],
)
def test_asking_once_more_is_noticed(urgency: UrgencyLexicon, message: str) -> None:
    assert urgency.read(clean(message)) == ("repeated",)


@pytest.mark.parametrize(
    "message",
    [
        "第三次下单有优惠吗",
        "买了三次了，质量一直很好",
        "洗了三次就褪色",
        "how many times can I use the coupon",
    ],
)
def test_counting_something_else_is_no_repetition(urgency: UrgencyLexicon, message: str) -> None:
    assert urgency.read(clean(message)) == ()


@pytest.mark.parametrize(
    "message", ["急用，明天就要", "明天婚礼要穿", "周五之前必须到", "加急发货", "I need it by Friday"]
)
def test_a_deadline_is_noticed(urgency: UrgencyLexicon, message: str) -> None:
    assert urgency.read(clean(message)) == ("deadline",)


@pytest.mark.parametrize(
    "message", ["不急着用", "加急费怎么收", "春节前能发货吗", "is there a deadline for returns"]
)
def test_a_question_about_time_is_no_deadline(urgency: UrgencyLexicon, message: str) -> None:
    assert urgency.read(clean(message)) == ()


def test_the_gravest_signal_comes_first(urgency: UrgencyLexicon) -> None:
    signals: tuple[Signal, ...] = ("threat", "repeated", "deadline")
    assert urgency.read(clean("明天就要用，说了三遍了，再不发我就投诉到12315")) == signals


def test_what_somebody_else_has_found_is_kept(urgency: UrgencyLexicon) -> None:
    assert urgency.read(clean("急用"), ("threat",)) == ("threat", "deadline")


def test_a_pack_without_the_words_notices_nothing() -> None:
    assert UrgencyLexicon(Lexicon("urgency", {})).read(clean("我不想活了")) == ()


@pytest.mark.parametrize(
    ("expression", "message"), [("(曝光", "no regular expression"), ("(曝光)?", "matches the empty text")]
)
def test_a_pattern_that_cannot_be_meant_is_refused(expression: str, message: str) -> None:
    with pytest.raises(PackInvalid, match=message):
        UrgencyLexicon(Lexicon("urgency", {"threat_patterns": (expression,)}))
