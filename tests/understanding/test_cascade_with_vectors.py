"""The cascade with a sentence-embedding model: whom it asks when, and what is left when nobody answers."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pytest

from kefu.adapters.fakes import HashedEmbedder
from kefu.conversation.commands import Affirm, Clarify, StartFlow
from kefu.conversation.events import Question
from kefu.understanding.cascade import Cascade
from kefu.understanding.classifier import (
    Bands,
    Blend,
    Calibration,
    Classifier,
    Head,
    Model,
    SentenceHead,
    View,
)
from kefu.understanding.entities import EntityExtractor
from kefu.understanding.features import LanguageKnowledge
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.menu import Menu
from kefu.understanding.reading import Context
from kefu.understanding.rules import Rule
from kefu.understanding.sentence_vectors import SentenceVectors

DIMENSION = 32
NOT_WANTED = "那件事别办了"
UNSURE = Clarify(("order_cancel", "order_status"))


@pytest.fixture
def embedder() -> HashedEmbedder:
    return HashedEmbedder(DIMENSION)


@pytest.fixture
async def model(embedder: HashedEmbedder) -> Model:
    """Knows no word, and that `NOT_WANTED` means to cancel; what is not Chinese is left to the words."""
    [direction] = await embedder.embed([NOT_WANTED])
    embedder.asked.clear()
    calibration = Calibration(1.0, Bands(0.9, 0.4), 1.0)
    nothing = View((), np.zeros(0, dtype=np.float32))
    return Model(
        (nothing, nothing, nothing),
        Head(
            ("order_cancel", "order_status"),
            np.zeros((0, 2), dtype=np.float16),
            np.array([0.1, 0], dtype=np.float32),
        ),
        {"han": calibration, "latin": calibration},
        LanguageKnowledge(),
        sentences=SentenceHead(
            "hashed",
            np.stack([9 * direction, -9 * direction], axis=1).astype(np.float16),
            np.zeros(2, dtype=np.float32),
            {
                "han": Blend(0.8, 1.0, Calibration(1.0, Bands(0.7, 0.4), 1.0)),
                "latin": Blend(0.0, 1.0, calibration),
            },
        ),
    )


@pytest.fixture
def cascade(
    model: Model,
    embedder: HashedEmbedder,
    rules: tuple[Rule, ...],
    extractor: EntityExtractor,
    menu: Menu,
    lexicons: Mapping[str, Lexicon],
) -> Cascade:
    vectors = SentenceVectors(embedder, DIMENSION)
    classifier = Classifier(model, vectors.get)
    return Cascade(rules, classifier, extractor, menu, lexicons, vectors=vectors)


async def test_a_message_is_read_by_its_meaning_where_its_words_say_nothing(
    cascade: Cascade, now: datetime
) -> None:
    assert (await cascade.read(NOT_WANTED, Context(now))).commands == (StartFlow("cancel_order"),)


async def test_without_an_answer_the_words_decide_as_they_did_alone(
    cascade: Cascade, embedder: HashedEmbedder, now: datetime
) -> None:
    embedder.fails()

    assert (await cascade.read(NOT_WANTED, Context(now))).commands == (UNSURE,)


async def test_nobody_is_asked_about_what_a_rule_has_read(
    cascade: Cascade, embedder: HashedEmbedder, now: datetime
) -> None:
    reading = await cascade.read("好的", Context(now, Question("confirm"), flow="cancel_order"))

    assert reading.commands == (Affirm(),)
    assert embedder.asked == []


async def test_nobody_is_asked_where_the_answer_would_not_count(
    cascade: Cascade, embedder: HashedEmbedder, now: datetime
) -> None:
    assert (await cascade.read("never mind that thing", Context(now))).commands == (UNSURE,)
    assert embedder.asked == []
