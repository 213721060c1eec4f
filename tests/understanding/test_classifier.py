"""The artefact: what is written is read, and anything else is refused."""

from dataclasses import replace

import numpy as np
import pytest

from kefu.understanding.catalogue import OUT_OF_SCOPE
from kefu.understanding.classifier import (
    ArtefactInvalid,
    Bands,
    Calibration,
    Classifier,
    Head,
    Model,
    View,
    dump_classifier,
    load_classifier,
)
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
