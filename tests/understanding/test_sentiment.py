"""How a customer feels, by the shipped pack's words and by a classifier's guess."""

from collections.abc import Mapping

import pytest

from kefu.errors import PackInvalid
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.reading import Sentiment
from kefu.understanding.sentiment import SentimentLexicon
from kefu.understanding.text import clean


@pytest.fixture(name="sentiment", scope="module")
def of_the_pack(lexicons: Mapping[str, Lexicon]) -> SentimentLexicon:
    return SentimentLexicon(lexicons["sentiment"])


@pytest.mark.parametrize(
    ("message", "mood"),
    [
        ("垃圾店,气死我了!!", "angry"),
        ("等太久了有点失望", "upset"),
        ("质量真好,很满意,谢谢", "happy"),
        ("麻烦帮我查一下", "neutral"),
        ("我对你们很不满意", "upset"),
        ("這服務太差勁了，騙子", "angry"),
        ("this is ridiculous, you scammers", "angry"),
        ("", "neutral"),
    ],
)
def test_words_tell_the_mood(sentiment: SentimentLexicon, message: str, mood: Sentiment) -> None:
    assert sentiment.read(clean(message)) == mood


def test_a_negated_complaint_is_none(sentiment: SentimentLexicon) -> None:
    assert sentiment.read(clean("没有不满意的地方")) != "upset"


def test_a_question_about_praise_praises_nothing(sentiment: SentimentLexicon) -> None:
    assert sentiment.read(clean("这件好看吗")) == "neutral"


@pytest.mark.parametrize(
    ("message", "mood"), [("快递到哪了😡", "angry"), ("收到了🥰", "happy"), ("还没到😭", "upset")]
)
def test_emoji_tell_the_mood(sentiment: SentimentLexicon, message: str, mood: Sentiment) -> None:
    assert sentiment.read(clean(message)) == mood


def test_praise_that_is_sarcasm_makes_nobody_happy(sentiment: SentimentLexicon) -> None:
    assert sentiment.read(clean("呵呵，你们的服务可真是“贴心”啊")) == "angry"


def test_a_guess_decides_where_words_say_nothing(sentiment: SentimentLexicon) -> None:
    guess: list[tuple[Sentiment, float]] = [
        ("angry", 0.9),
        ("neutral", 0.05),
        ("upset", 0.03),
        ("happy", 0.02),
    ]
    assert sentiment.read(clean("我的东西呢"), guess) == "angry"


def test_plain_words_outweigh_a_weak_guess(sentiment: SentimentLexicon) -> None:
    guess: list[tuple[Sentiment, float]] = [("neutral", 0.4), ("happy", 0.3), ("angry", 0.2), ("upset", 0.1)]
    assert sentiment.read(clean("一群骗子，垃圾"), guess) == "angry"


def test_a_pattern_that_is_no_regular_expression_is_refused() -> None:
    with pytest.raises(PackInvalid, match=r"lexicons/sentiment\.yaml.*no regular expression"):
        SentimentLexicon(Lexicon("sentiment", {"sarcasm": ("(呵呵",)}))
