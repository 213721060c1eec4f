"""Training: what comes out of utterances, and what is refused."""

from collections.abc import Sequence

import pytest

from kefu.errors import PackInvalid
from kefu.learning.material import Material
from kefu.learning.train_classifier import Trained, train_classifier
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import load_classifier
from kefu.understanding.labelled import LabelledMessage
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


def taught(utterances: Sequence[Utterance] = UTTERANCES) -> Trained:
    return train_classifier(Material(utterances))


def test_the_artefact_predicts_what_was_taught() -> None:
    classifier = load_classifier(taught().artefact)

    assert classifier.predict("想退货").intents[0][0] == "return_apply"
    assert classifier.predict("开票").intents[0][0] == "invoice_request"


def test_the_same_utterances_make_the_same_artefact() -> None:
    assert taught().artefact == taught().artefact


def test_the_report_judges_every_utterance_once_by_style_and_intent() -> None:
    report = taught().report

    assert report.overall.count == len(UTTERANCES)
    assert {style: quality.count for style, quality in report.by_style.items()} == {
        "plain": 15,
        "asr": 15,
        "polite": 15,
    }
    assert set(report.by_intent) == set(WORDS)


def test_the_accepted_band_is_as_precise_as_was_promised() -> None:
    accepted = taught().report.by_script["han"]

    assert accepted.precision >= 0.95
    assert 0 < accepted.calibration.bands.suggest <= accepted.calibration.bands.accept <= 1


def test_a_script_with_few_utterances_is_calibrated_with_all_others() -> None:
    report = taught().report

    assert report.by_script["latin"].count == 0
    assert report.by_script["latin"].calibration == report.by_script["han"].calibration


def test_a_script_with_enough_utterances_has_its_own_calibration() -> None:
    english = [
        Utterance(f"{intent} {number % 7} {other}", (intent, other)[number % 3 == 0], "english")
        for number in range(60)
        for intent, other in (("return_apply", "invoice_request"), ("invoice_request", "return_apply"))
        for _ in range(2)
    ]

    report = taught((*UTTERANCES, *english)).report

    assert report.by_script["latin"].count == len(english) == 240
    assert report.by_script["latin"].calibration != report.by_script["han"].calibration


def test_progress_is_told_from_nothing_to_done() -> None:
    told: list[float] = []

    train_classifier(Material(UTTERANCES), progress=lambda done, _: told.append(done))

    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_the_glossary_of_the_training_serves_too() -> None:
    glossary = Lexicon("glossary", {"发票": ("invoice",)})

    classifier = load_classifier(train_classifier(Material(UTTERANCES, glossaries=(glossary,))).artefact)

    assert classifier.predict("invoice").intents[0][0] == "invoice_request"


def test_what_only_teaches_is_not_judged() -> None:
    extra = (
        Utterance("换货", "exchange_apply", "example"),
        Utterance("开票呀", "invoice_request", "example"),
    )

    report = train_classifier(Material(UTTERANCES, extra)).report

    assert report.overall.count == len(UTTERANCES)


@pytest.mark.parametrize("utterances", [(), UTTERANCES[:15], (*UTTERANCES, Utterance("x", "rare", "plain"))])
def test_too_little_to_learn_from_is_refused(utterances: tuple[Utterance, ...]) -> None:
    with pytest.raises(PackInvalid):
        taught(utterances)


def test_messages_that_sound_alike_are_read_alike() -> None:
    classifier = load_classifier(taught().artefact)

    assert classifier.predict("推获").intents[0][0] == "return_apply"


def test_moods_are_learned_from_their_own_messages() -> None:
    moods = [
        LabelledMessage(f"{text}{ending}", mood)
        for mood, texts in {
            "angry": ["气死我了", "垃圾店", "骗子", "滚", "什么破服务"],
            "upset": ["好失望", "难过", "等得心急", "好烦啊", "唉"],
            "neutral": ["什么时候发货", "怎么开票", "我要退货", "地址在哪", "几点上班"],
            "happy": ["太好了", "真棒", "喜欢", "谢谢你", "完美"],
        }.items()
        for text in texts
        for ending in ("", "呀", "，你们店")
    ]

    trained = train_classifier(Material(UTTERANCES, moods=moods))

    classifier = load_classifier(trained.artefact)
    assert classifier.predict("气死我了").mood[0][0] == "angry"
    assert classifier.predict("喜欢").mood[0][0] == "happy"
    assert trained.report.mood_accuracy is not None
