"""Training: what comes out of utterances, and what is refused."""

import pytest

from kefu.errors import PackInvalid
from kefu.learning.train_classifier import train_classifier
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import load_classifier
from kefu.understanding.lexicon import Lexicon

WORDS = {
    "return_apply": ["我要退货", "帮我退掉这件", "想退货退款", "这件退了吧", "退货怎么弄"],
    "invoice_request": ["帮我开发票", "开个电子发票", "发票怎么开", "要开专票", "给我开票"],
    OUT_OF_SCOPE: ["明天天气怎么样", "写一首诗", "今天股票涨了吗", "翻译一句话", "讲讲历史"],
}
UTTERANCES = tuple(
    Utterance(f"{text}{ending}", intent, style)
    for intent, texts in WORDS.items()
    for text in texts
    for ending, style in (("", "plain"), ("啊", "asr"), ("，谢谢", "polite"))
)


def test_the_artefact_predicts_what_was_taught() -> None:
    classifier = load_classifier(train_classifier(UTTERANCES).artefact)

    assert classifier.predict("想退货")[0][0] == "return_apply"
    assert classifier.predict("开票")[0][0] == "invoice_request"


def test_the_same_utterances_make_the_same_artefact() -> None:
    assert train_classifier(UTTERANCES).artefact == train_classifier(UTTERANCES).artefact


def test_the_report_judges_every_utterance_once_by_style_and_intent() -> None:
    report = train_classifier(UTTERANCES).report

    assert report.overall.count == len(UTTERANCES)
    assert {style: quality.count for style, quality in report.by_style.items()} == {
        "plain": 15,
        "asr": 15,
        "polite": 15,
    }
    assert set(report.by_intent) == set(WORDS)


def test_the_accepted_band_is_as_precise_as_was_promised() -> None:
    accepted = train_classifier(UTTERANCES).report.by_script["han"]

    assert accepted.precision >= 0.95
    assert 0 < accepted.calibration.bands.suggest <= accepted.calibration.bands.accept <= 1


def test_a_script_with_few_utterances_is_calibrated_with_all_others() -> None:
    report = train_classifier(UTTERANCES).report

    assert report.by_script["latin"].count == 0
    assert report.by_script["latin"].calibration == report.by_script["han"].calibration


def test_a_script_with_enough_utterances_has_its_own_calibration() -> None:
    english = [
        Utterance(f"{intent} {number % 7} {other}", (intent, other)[number % 3 == 0], "english")
        for number in range(60)
        for intent, other in (("return_apply", "invoice_request"), ("invoice_request", "return_apply"))
        for _ in range(2)
    ]

    report = train_classifier((*UTTERANCES, *english)).report

    assert report.by_script["latin"].count == len(english) == 240
    assert report.by_script["latin"].calibration != report.by_script["han"].calibration


def test_progress_is_told_from_nothing_to_done() -> None:
    told: list[float] = []

    train_classifier(UTTERANCES, progress=lambda done, _: told.append(done))

    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_the_glossary_of_the_training_serves_too() -> None:
    glossary = Lexicon("glossary", {"发票": ("invoice",)})

    classifier = load_classifier(train_classifier(UTTERANCES, glossary).artefact)

    assert classifier.predict("invoice")[0][0] == "invoice_request"


def test_what_only_teaches_is_not_judged() -> None:
    extra = (
        Utterance("换货", "exchange_apply", "example"),
        Utterance("开票呀", "invoice_request", "example"),
    )

    report = train_classifier(UTTERANCES, None, extra).report

    assert report.overall.count == len(UTTERANCES)


@pytest.mark.parametrize("utterances", [(), UTTERANCES[:15], (*UTTERANCES, Utterance("x", "rare", "plain"))])
def test_too_little_to_learn_from_is_refused(utterances: tuple[Utterance, ...]) -> None:
    with pytest.raises(PackInvalid):
        train_classifier(utterances)
