"""Training: what comes out of utterances, and what is refused."""

import asyncio
from collections.abc import Sequence

import pytest

from kefu.adapters.fakes import HashedEmbedder
from kefu.errors import PackInvalid
from kefu.learning.material import Material
from kefu.learning.sentences import with_sentences
from kefu.learning.train_classifier import Trained, train_classifier
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import Classifier, load_classifier, load_model
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


def test_a_single_message_in_another_script_is_no_obstacle() -> None:
    english = Utterance("refund", "return_apply", "english")

    classifier = load_classifier(taught((*UTTERANCES, english)).artefact)

    assert classifier.predict("想退货").intents[0][0] == "return_apply"


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


CONCEPTS = {"return_apply": "退货款", "invoice_request": "发票据", OUT_OF_SCOPE: "天诗股"}
_characters = iter(range(0x4E00, 0x9FA5, 7))
_said = {chr(next(_characters)): concept for word in CONCEPTS.values() for concept in word * 60}
NEVER_THE_SAME_WORDS = tuple(
    Utterance("".join(said), intent, "plain")
    for intent, word in CONCEPTS.items()
    for said in zip(*([c for c, concept in _said.items() if concept == one] for one in word), strict=True)
)
"""Each character stands in one utterance only, so that words teach nothing about others."""


def meaning(text: str) -> str:
    return "".join(_said.get(character, character) for character in text)


def embedded(material: Material, embedder: HashedEmbedder) -> Material:
    return asyncio.run(with_sentences(material, embedder, progress=lambda done, text: None))


def test_meanings_are_learned_where_words_never_repeat() -> None:
    material = embedded(Material(NEVER_THE_SAME_WORDS[::2]), HashedEmbedder(meaning=meaning))

    report = train_classifier(material).report

    assert report.sentences is not None
    assert (report.sentences.model, report.sentences.dimension) == ("hashed", 64)
    assert report.sentences.without.accuracy < 0.5
    assert report.overall.accuracy > 0.95
    assert report.sentences.weights["han"] > 0


def test_the_artefact_reads_unseen_words_by_their_meaning() -> None:
    embedder = HashedEmbedder(meaning=meaning)
    taught, unseen = NEVER_THE_SAME_WORDS[::2], NEVER_THE_SAME_WORDS[1::2]

    model = load_model(train_classifier(embedded(Material(taught), embedder)).artefact)

    assert model.sentences is not None
    vectors = asyncio.run(embedder.embed([utterance.text for utterance in unseen]))
    known = dict(zip((utterance.text for utterance in unseen), vectors, strict=True))
    with_vectors, without = Classifier(model, known.get), Classifier(model)
    assert _right(with_vectors, unseen) > 0.95
    assert _right(without, unseen) < 0.5


def test_without_vectors_such_a_classifier_reads_as_if_it_had_never_seen_any() -> None:
    with_meaning = embedded(Material(UTTERANCES), HashedEmbedder())

    helped = load_classifier(train_classifier(with_meaning).artefact)

    alone = load_classifier(taught().artefact)
    assert helped.predict("想退货") == alone.predict("想退货")


def test_a_model_to_which_all_texts_are_one_gets_no_share_and_is_left_out() -> None:
    material = embedded(Material(UTTERANCES), HashedEmbedder(meaning=lambda text: "一"))

    trained = train_classifier(material)

    assert trained.report.sentences is not None
    assert set(trained.report.sentences.weights.values()) == {0.0}
    assert trained.artefact == taught().artefact


def test_examples_of_intents_without_utterances_take_no_rows_of_others() -> None:
    strange = Utterance("换一件", "exchange_apply", "example")
    example = Utterance(NEVER_THE_SAME_WORDS[1].text, NEVER_THE_SAME_WORDS[1].intent, "example")
    embedder = HashedEmbedder(meaning=meaning)
    utterances = NEVER_THE_SAME_WORDS[::2]

    mixed = train_classifier(embedded(Material(utterances, [strange, example]), embedder))

    assert mixed.artefact == train_classifier(embedded(Material(utterances, [example]), embedder)).artefact


def test_the_same_utterances_and_vectors_make_the_same_artefact() -> None:
    material = embedded(Material(NEVER_THE_SAME_WORDS[::2]), HashedEmbedder(meaning=meaning))

    assert train_classifier(material).artefact == train_classifier(material).artefact


def _right(classifier: Classifier, utterances: Sequence[Utterance]) -> float:
    read = [(classifier.predict(utterance.text), utterance.intent) for utterance in utterances]
    named = [OUT_OF_SCOPE if said.outside else said.intents[0][0] for said, _ in read]
    return sum(name == intent for name, (_, intent) in zip(named, read, strict=True)) / len(utterances)
