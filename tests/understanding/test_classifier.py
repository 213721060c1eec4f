"""The artefact: what is written is read, and anything else is refused."""

import numpy as np
import pytest

from kefu.understanding.classifier import (
    ArtefactInvalid,
    Bands,
    Calibration,
    Classifier,
    LinearModel,
    dump_classifier,
    load_classifier,
)

MODEL = LinearModel(
    ("退", "w:发票"),
    ("invoice_request", "return_apply"),
    np.array([1, 1], dtype=np.float32),
    np.array([[-1, 2], [3, -1]], dtype=np.float16),
    np.array([0, 0], dtype=np.float32),
    {"han": Calibration(0.5, Bands(0.9, 0.4)), "latin": Calibration(1.0, Bands(0.99, 0.6))},
    {"退": ("return",)},
)


def test_an_artefact_is_read_as_it_was_written() -> None:
    classifier = load_classifier(dump_classifier(MODEL))

    assert tuple(classifier.labels) == MODEL.labels
    assert classifier.bands("退") == MODEL.calibrations["han"].bands
    assert classifier.predict("退")[0][0] == "return_apply"
    assert classifier.predict("开发票")[0][0] == "invoice_request"


def test_the_same_model_gives_the_same_bytes() -> None:
    assert dump_classifier(MODEL) == dump_classifier(MODEL)


def test_probabilities_are_ranked_and_sum_to_one() -> None:
    ranking = Classifier(MODEL).predict("退")

    assert [p for _, p in ranking] == sorted((p for _, p in ranking), reverse=True)
    assert sum(p for _, p in ranking) == pytest.approx(1)


def test_messages_are_read_through_the_glossary_of_the_training() -> None:
    assert Classifier(MODEL).predict("return")[0][0] == Classifier(MODEL).predict("退")[0][0]


def test_each_script_is_trusted_as_far_as_it_was_known_in_training() -> None:
    classifier = Classifier(MODEL)

    assert classifier.bands("return 退") == Bands(0.9, 0.4)
    assert classifier.bands("return") == Bands(0.99, 0.6)
    assert classifier.predict("return")[0][1] < classifier.predict("退")[0][1]


def test_a_message_without_known_features_falls_back_to_the_bias() -> None:
    assert Classifier(MODEL).predict("?") == (("invoice_request", 0.5), ("return_apply", 0.5))


@pytest.mark.parametrize("data", [b"", b"PK", b"no artefact at all", dump_classifier(MODEL)[:200]])
def test_what_is_no_artefact_is_refused(data: bytes) -> None:
    with pytest.raises(ArtefactInvalid):
        load_classifier(data)


def test_the_artefact_of_another_format_is_refused() -> None:
    data = dump_classifier(MODEL).replace(b'"format": 2', b'"format": 9')

    with pytest.raises(ArtefactInvalid):
        load_classifier(data)
