"""What every sentence-embedding model behind the port promises.

A suite gives the fixtures `embedder`, which knows the characters of `TEXTS` at least, `failing`, which
answers nothing, and `another`, whose vectors must not be mixed with the first one's.
"""

import numpy as np
import pytest

from kefu.errors import OutsideError
from kefu.understanding.embedding import Embedder, EmbeddingUnavailable

TEXTS = ("我要退货", "帮我开发票", "我想退货", "where is my parcel", "退")
LARGER_THAN_A_BATCH = 150


class EmbedderContract:
    async def test_each_text_has_a_vector_of_length_one_in_its_place(self, embedder: Embedder) -> None:
        vectors = await embedder.embed(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), vectors.shape[1])
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)

    async def test_a_text_has_the_same_vector_in_any_company(self, embedder: Embedder) -> None:
        together = await embedder.embed(TEXTS)
        alone = [(await embedder.embed([text]))[0] for text in TEXTS]
        assert together == pytest.approx(np.array(alone), abs=1e-5)

    async def test_texts_that_share_words_are_closer_than_others(self, embedder: Embedder) -> None:
        vectors = await embedder.embed(["我要退货", "我想退货", "开发票"])
        assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]

    async def test_any_number_of_texts_is_embedded_in_their_order(self, embedder: Embedder) -> None:
        texts = [TEXTS[number % len(TEXTS)] for number in range(LARGER_THAN_A_BATCH)]
        few = await embedder.embed(TEXTS)
        expected = few[[number % len(TEXTS) for number in range(LARGER_THAN_A_BATCH)]]
        assert await embedder.embed(texts) == pytest.approx(expected, abs=1e-5)

    @pytest.mark.parametrize("text", ["🙂", "\ud800", "a\x00b", '"', "长" * 4000], ids=ascii)
    async def test_odd_texts_are_embedded_too(self, embedder: Embedder, text: str) -> None:
        assert np.isfinite(await embedder.embed([text])).all()

    async def test_it_has_a_name_of_its_own(self, embedder: Embedder, another: Embedder) -> None:
        assert embedder.model
        assert embedder.model != another.model

    async def test_a_failure_is_one_of_the_tree_and_worth_another_try(self, failing: Embedder) -> None:
        with pytest.raises(EmbeddingUnavailable, match=r"\w+") as failed:
            await failing.embed(TEXTS)
        assert isinstance(failed.value, OutsideError)
        assert failed.value.retryable
