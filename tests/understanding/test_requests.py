"""Several requests in one message: where it is divided, and when."""

from dataclasses import replace

import pytest

from kefu.understanding.classifier import Bands, Prediction
from kefu.understanding.request_judge import FEATURES, UNTAUGHT, RequestJudge
from kefu.understanding.requests import RequestFinder, divide, pieces

INTENTS = {"退货": "return_apply", "发票": "invoice_request", "物流": "logistics_track"}
EAGER = RequestJudge(dict.fromkeys(FEATURES, 0.0), intercept=1.0, threshold=0.0, gate=0.0)


def predict(text: str) -> Prediction:
    """Knows three words; torn when it hears several, lost when it hears none."""
    heard = [intent for word, intent in INTENTS.items() if word in text]
    others = [intent for intent in INTENTS.values() if intent not in heard]
    sure = 0.9 / len(heard) if heard else 0.1
    ranked = [(intent, sure) for intent in heard] + [(intent, 0.05) for intent in others]
    return Prediction(tuple(ranked), 0.0, False, Bands(0.8, 0.4))


def requests(text: str, judge: RequestJudge) -> list[tuple[str, str]]:
    found = RequestFinder(predict, judge).find(text, predict(text))
    return [(request.intent, text[request.start : request.end]) for request in found]


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("我要退货，另外发票也开一下", ["return_apply", "invoice_request"]),
        ("物流到哪了？顺便问下发票什么时候开", ["logistics_track", "invoice_request"]),
        (
            "帮我把鞋子退货 再看看物流到哪了 最后发票补一张",
            ["return_apply", "logistics_track", "invoice_request"],
        ),
        ("我想要退货发票补开一张", ["return_apply", "invoice_request"]),
    ],
)
def test_each_request_is_found_in_its_order(text: str, intents: list[str]) -> None:
    assert [intent for intent, _ in requests(text, EAGER)] == intents


def test_what_leads_over_to_a_request_is_no_part_of_it() -> None:
    assert [words for _, words in requests("我要退货，另外发票也开一下", EAGER)] == [
        "我要退货，",
        "发票也开一下",
    ]


@pytest.mark.parametrize("text", ["我要退货", "这件退货，那件也退货，还有鞋子也要退货"])
def test_one_wish_said_twice_is_one_request(text: str) -> None:
    assert requests(text, EAGER) == []


def test_what_does_not_pass_the_gate_is_not_divided() -> None:
    assert requests("我要退货，另外发票也开一下", replace(EAGER, gate=2.0)) == []


def test_an_untaught_judge_needs_a_connective() -> None:
    assert len(requests("我要退货，另外发票也开一下", UNTAUGHT)) == 2
    assert requests("退货的理由是发票抬头错了", UNTAUGHT) == []


def test_a_message_has_few_pieces_however_long_it_is() -> None:
    spans = pieces("，".join(["这件衣服不合适"] * 200))

    assert len(spans) == 4
    assert (spans[0][0], spans[-1][1]) == (0, 200 * 8 - 1)


@pytest.mark.parametrize("text", ["", "退", "，，，", "!", "ok"])
def test_what_says_too_little_is_not_divided(text: str) -> None:
    assert divide(text, predict) == []
