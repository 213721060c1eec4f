"""The artefact: what is written is read, and anything else is refused."""

from dataclasses import replace

import numpy as np
import pytest

from kefu.understanding.catalogue import OUT_OF_SCOPE
from kefu.understanding.classifier import (
    ArtefactInvalid,
    Bands,
    Blend,
    Calibration,
    Classifier,
    Head,
    Model,
    SentenceHead,
    View,
    dump_classifier,
    load_classifier,
    load_model,
)
from kefu.understanding.embedding import Vector
from kefu.understanding.features import LanguageKnowledge

NO_VIEW = View((), np.zeros(0, dtype=np.float32))
MODEL = Model(
    (View(("退", "w:发票"), np.array([1, 1], dtype=np.float32)), NO_VIEW, NO_VIEW),
    Head(
        ("invoice_request", OUT_OF_SCOPE, "return_apply"),
        np.array([[-1, -1, 2], [3, -1, -1]], dtype=np.float16),
        np.array([0, 0, 0], dtype=np.float32),
    ),
    {"han": Calibration(0.5, Bands(0.9, 0.4), 1.0), "latin": Calibration(1.0, Bands(0.99, 0.6), 1.0)},
    LanguageKnowledge({"退": ("return",)}),
    Head(
        ("angry", "upset", "neutral", "happy"),
        np.array([[1, 0, 0, 0], [0, 0, 0, 1]], dtype=np.float16),
        np.array([0, 0, 0.5, 0], dtype=np.float32),
    ),
)


def test_an_artefact_is_read_as_it_was_written() -> None:
    classifier = load_classifier(dump_classifier(MODEL))

    assert tuple(classifier.labels) == MODEL.intents.labels
    assert classifier.predict("退") == Classifier(MODEL).predict("退")
    assert classifier.predict("退").bands == MODEL.calibrations["han"].bands
    assert classifier.predict("退").intents[0][0] == "return_apply"
    assert classifier.predict("开发票").intents[0][0] == "invoice_request"


def test_a_model_that_was_taught_no_moods_is_read_as_it_was_written() -> None:
    classifier = load_classifier(dump_classifier(replace(MODEL, sentiment=None)))

    assert classifier.predict("退").mood == ()
    assert classifier.predict("退").intents == Classifier(MODEL).predict("退").intents


def test_the_same_model_gives_the_same_bytes() -> None:
    assert dump_classifier(MODEL) == dump_classifier(MODEL)


def test_probabilities_are_ranked_and_sum_to_one() -> None:
    prediction = Classifier(MODEL).predict("退")

    likelihood = [p for _, p in prediction.intents]
    assert likelihood == sorted(likelihood, reverse=True)
    assert sum(likelihood) + prediction.nothing == pytest.approx(1)


def test_the_mood_is_read_beside_the_intent() -> None:
    assert Classifier(MODEL).predict("退").mood[0][0] == "angry"
    assert Classifier(MODEL).predict("嗯").mood[0][0] == "neutral"


def test_messages_are_read_through_the_glossary_of_the_training() -> None:
    assert Classifier(MODEL).predict("return").intents[0][0] == Classifier(MODEL).predict("退").intents[0][0]


def test_each_script_is_trusted_as_far_as_it_was_known_in_training() -> None:
    classifier = Classifier(MODEL)

    assert classifier.predict("return 退").bands == Bands(0.9, 0.4)
    assert classifier.predict("return").bands == Bands(0.99, 0.6)
    assert classifier.predict("return").intents[0][1] < classifier.predict("退").intents[0][1]


def test_a_message_without_known_features_falls_back_to_the_bias() -> None:
    prediction = Classifier(MODEL).predict("?")

    assert [*(p for _, p in prediction.intents), prediction.nothing] == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(("threshold", "outside"), [(1.0, True), (1.5, False)])
def test_a_message_is_out_of_scope_from_the_calibrated_ratio_on(threshold: float, outside: bool) -> None:
    calibrations = {script: replace(known, outside=threshold) for script, known in MODEL.calibrations.items()}

    prediction = Classifier(replace(MODEL, calibrations=calibrations)).predict("嗯")

    assert prediction.outside is outside
    assert OUT_OF_SCOPE not in [name for name, _ in prediction.intents]


@pytest.mark.parametrize("data", [b"", b"PK", b"no artefact at all", dump_classifier(MODEL)[:200]])
def test_what_is_no_artefact_is_refused(data: bytes) -> None:
    with pytest.raises(ArtefactInvalid):
        load_classifier(data)


def test_the_artefact_of_another_format_is_refused() -> None:
    data = dump_classifier(MODEL).replace(b'"format": 3', b'"format": 9')

    with pytest.raises(ArtefactInvalid):
        load_classifier(data)


BANDS_OF_BOTH = Bands(0.7, 0.3)
WITH_SENTENCES = replace(
    MODEL,
    sentences=SentenceHead(
        "tiny",
        np.array([[4, 0, 0], [0, 0, 4]], dtype=np.float16),
        np.array([0, 0, 0], dtype=np.float32),
        {
            "han": Blend(0.8, 1.0, Calibration(1.0, BANDS_OF_BOTH, 1.0)),
            "latin": Blend(0.0, 1.0, Calibration(1.0, Bands(0.6, 0.2), 1.0)),
        },
    ),
)
INVOICES = np.array([1, 0], dtype=np.float32)
RETURNS = np.array([0, 1], dtype=np.float32)


def knowing(vectors: dict[str, Vector]) -> Classifier:
    return Classifier(WITH_SENTENCES, vectors.get)


def test_a_message_without_known_words_is_read_by_its_vector() -> None:
    classifier = knowing({"不要了": RETURNS, "凭据": INVOICES})

    assert classifier.predict("不要了").intents[0][0] == "return_apply"
    assert classifier.predict("凭据").intents[0][0] == "invoice_request"
    assert classifier.predict("不要了").bands == BANDS_OF_BOTH


def test_both_heads_count_by_their_share() -> None:
    torn = knowing({"退": INVOICES}).predict("退")
    agreed = knowing({"退": RETURNS}).predict("退")

    assert torn.intents[0][0] == "invoice_request"
    assert agreed.intents[0][0] == "return_apply"
    words, vector = np.array([-2, -2, 4]), np.array([0, 0, 4])  # of MODEL's weights for 退, and of RETURNS
    shares = np.exp(0.2 * words + 0.8 * vector)
    assert agreed.intents[0][1] == pytest.approx(shares[2] / shares.sum(), rel=1e-3)


def test_the_mood_is_the_words_alone() -> None:
    assert knowing({"退": INVOICES}).predict("退").mood == Classifier(MODEL).predict("退").mood


def test_without_a_vector_the_words_decide_with_their_own_calibration() -> None:
    assert knowing({}).predict("退") == Classifier(MODEL).predict("退")
    assert knowing({}).predict("退").bands == MODEL.calibrations["han"].bands


def test_a_vector_that_comes_later_counts_from_then_on() -> None:
    vectors: dict[str, Vector] = {}
    classifier = knowing(vectors)
    before = classifier.predict("凭据")
    vectors["凭据"] = INVOICES

    assert classifier.predict("凭据") != before


def test_messages_of_one_shape_keep_vectors_of_their_own() -> None:
    classifier = knowing({"订单1": INVOICES, "订单2": RETURNS})

    assert classifier.predict("订单1").intents[0][0] == "invoice_request"
    assert classifier.predict("订单2").intents[0][0] == "return_apply"


def test_it_says_for_which_messages_a_vector_would_count() -> None:
    assert knowing({}).listens("退")
    assert not knowing({}).listens("return")
    assert not Classifier(MODEL).listens("退")


def test_a_sentence_head_is_read_as_it_was_written() -> None:
    read = load_model(dump_classifier(WITH_SENTENCES)).sentences

    assert read is not None
    assert (read.model, read.dimension) == ("tiny", 2)
    assert WITH_SENTENCES.sentences is not None
    assert read.blends == WITH_SENTENCES.sentences.blends
    again = Classifier(load_model(dump_classifier(WITH_SENTENCES)), {"凭据": INVOICES}.get)
    assert again.predict("凭据") == knowing({"凭据": INVOICES}).predict("凭据")


def test_a_sentence_head_that_does_not_fit_the_labels_is_refused() -> None:
    assert WITH_SENTENCES.sentences is not None
    narrow = replace(WITH_SENTENCES.sentences, weights=np.zeros((2, 2), dtype=np.float16))

    with pytest.raises(ArtefactInvalid, match="sentence vectors"):
        load_model(dump_classifier(replace(WITH_SENTENCES, sentences=narrow)))
