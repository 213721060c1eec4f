"""How well the labelled sets are read."""

from tests.learning.readings import reading

from kefu.learning.labelled_figures import (
    dialect_figures,
    language_figures,
    multi_intent_figures,
    sentiment_figures,
)
from kefu.understanding.labelled import LabelledMessage
from kefu.understanding.reading import Sentiment

BOTH = ("return_apply", 0.6), ("invoice_request", 0.5)


def asking(*intents: str, style: str = "plain") -> LabelledMessage:
    return LabelledMessage("退货开票", style, intents)


def test_all_requests_must_be_heard_and_no_others() -> None:
    both = asking("invoice_request", "return_apply")
    judged = [
        (both, reading(*BOTH, requested=2)),
        (both, reading(*BOTH, requested=1)),
        (both, reading(*BOTH, ("size_advice", 0.4), requested=3)),
    ]

    figures = multi_intent_figures(judged)

    assert figures is not None
    assert (figures.exact.right, figures.exact.count) == (1, 3)
    assert (figures.pairs.truth, figures.pairs.found, figures.pairs.right) == (6, 6, 5)
    assert figures.several.right == 2


def test_requests_are_told_apart_by_style() -> None:
    judged = [
        (asking("return_apply", "invoice_request", style=style), reading(*BOTH, requested=heard))
        for style, heard in (("plain", 2), ("angry", 1))
    ]

    figures = multi_intent_figures(judged)

    assert figures is not None
    assert {style: found.right for style, found in figures.by_style.items()} == {"plain": 1, "angry": 0}


def test_moods_are_confused_in_the_matrix_of_all_four() -> None:
    pairs: list[tuple[Sentiment, Sentiment]] = [("angry", "upset"), ("angry", "angry"), ("happy", "happy")]
    judged = [(LabelledMessage("好", truth), reading(sentiment=found)) for truth, found in pairs]

    figures = sentiment_figures(judged)

    assert figures is not None
    assert figures.confusion.labels == ("angry", "upset", "neutral", "happy")
    assert figures.confusion.counts[0] == (1, 1, 0, 0)
    assert list(figures.by_label) == ["angry", "happy"]
    assert figures.macro_f1 == (figures.by_label["angry"].f1 + 1) / 2


def test_languages_are_judged_by_their_tag_and_intents_where_they_are_known() -> None:
    judged = [
        (
            LabelledMessage("幾時到", "yue", ("logistics_track",)),
            reading(("order_status", 0.9), language="yue"),
        ),
        (LabelledMessage("hi", "en"), reading(("greeting", 1.0), language="en")),
        (LabelledMessage("到著はいつ", "ja"), reading(("logistics_track", 0.9), language="und")),
    ]

    figures = language_figures(judged)

    assert figures is not None
    assert {tag: found.right for tag, found in figures.by_language.items()} == {"yue": 1, "en": 1, "ja": 0}
    assert [(one.truth, one.found) for one in figures.confused] == [("ja", "und")]
    assert (figures.intents.count, figures.intents.right) == (1, 0)
    assert list(figures.intents_by_language) == ["yue"]


def test_dialects_are_judged_by_the_intent() -> None:
    judged = [
        (LabelledMessage("啥子时候到", "四川话", ("logistics_track",)), reading(("logistics_track", 0.9))),
        (LabelledMessage("啥个辰光到", "上海话", ("logistics_track",)), reading(("greeting", 0.9))),
        (LabelledMessage("今朝天气", "上海话", ("out_of_scope",)), reading(out_of_scope=True)),
    ]

    figures = dialect_figures(judged)

    assert figures is not None
    assert (figures.accuracy.right, figures.accuracy.count) == (2, 3)
    assert {name: (r.right, r.count) for name, r in figures.by_dialect.items()} == {
        "四川话": (1, 1),
        "上海话": (1, 2),
    }


def test_a_set_that_is_not_there_has_no_figures() -> None:
    every = (multi_intent_figures, sentiment_figures, language_figures, dialect_figures)

    assert [figures([]) for figures in every] == [None] * 4
