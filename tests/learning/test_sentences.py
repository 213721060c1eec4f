"""Gathering the vectors of what is to be learned from."""

from collections.abc import Sequence

import numpy as np
import pytest

from kefu.adapters.fakes import HashedEmbedder
from kefu.learning.material import Material
from kefu.learning.sentences import BATCH, with_sentences
from kefu.understanding.catalogue import Utterance
from kefu.understanding.embedding import EmbeddingUnavailable, Vectors

DIMENSION = 16


def material(*texts: str, examples: Sequence[str] = ()) -> Material:
    return Material(
        [Utterance(text, "return_apply", "plain") for text in texts],
        [Utterance(text, "return_apply", "example") for text in examples],
    )


async def vectors_of(given: Material, embedder: HashedEmbedder) -> Vectors:
    pauses: list[float] = []

    async def at_once(seconds: float) -> None:
        pauses.append(seconds)

    taught = await with_sentences(given, embedder, progress=_nobody, sleep=at_once)
    assert taught.sentences is not None
    assert taught.sentences.model == embedder.model
    return taught.sentences.vectors


def _nobody(done: float, text: str) -> None:
    """Nobody watches."""


async def test_utterances_come_first_then_examples_each_with_its_row() -> None:
    vectors = await vectors_of(
        material("我要退货", "开发票", examples=["我要退货"]), HashedEmbedder(DIMENSION)
    )

    assert vectors == pytest.approx(await HashedEmbedder(DIMENSION).embed(["我要退货", "开发票", "我要退货"]))


async def test_texts_are_embedded_as_the_classifier_will_see_messages() -> None:
    embedder = HashedEmbedder(DIMENSION)

    await vectors_of(material("我要退貨！", "ＲＥＴＵＲＮ"), embedder)

    assert embedder.asked == [["我要退货!", "return"]]


async def test_the_same_text_is_asked_for_once_and_a_blank_one_never() -> None:
    embedder = HashedEmbedder(DIMENSION)

    vectors = await vectors_of(material("退货", "退货", "🌫"), embedder)

    assert embedder.asked == [["退货"]]
    assert (vectors[0] == vectors[1]).all()
    assert not vectors[2].any()


async def test_many_texts_come_in_batches_with_progress_from_nothing_to_done() -> None:
    embedder = HashedEmbedder(DIMENSION)
    told: list[float] = []
    texts = [f"包裹{number}" for number in range(2 * BATCH + 1)]

    await with_sentences(material(*texts), embedder, progress=lambda done, _: told.append(done))

    assert [len(batch) for batch in embedder.asked] == [BATCH, BATCH, 1]
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert told == sorted(told)


async def test_two_failures_are_waited_out() -> None:
    embedder = HashedEmbedder(DIMENSION)
    embedder.fails(2)

    assert (await vectors_of(material("退货"), embedder)).shape == (1, DIMENSION)


async def test_a_model_that_keeps_failing_is_given_up() -> None:
    embedder = HashedEmbedder(DIMENSION)
    embedder.fails(3)

    with pytest.raises(EmbeddingUnavailable):
        await vectors_of(material("退货"), embedder)


async def test_a_model_that_changes_in_between_is_refused() -> None:
    class Growing(HashedEmbedder):
        async def embed(self, texts: Sequence[str]) -> Vectors:
            await super().embed(texts)
            return np.eye(len(texts), DIMENSION + len(self.asked), dtype=np.float32)

    with pytest.raises(EmbeddingUnavailable, match="unequal"):
        await vectors_of(material(*map(str, range(BATCH + 1))), Growing(DIMENSION))


async def test_vectors_change_neither_what_the_material_says_nor_what_it_equals() -> None:
    plain = material("退货")
    taught = await with_sentences(plain, HashedEmbedder(DIMENSION), progress=_nobody)

    assert repr(taught) == repr(plain)
    assert taught == plain
