"""A sentence-embedding model behind the HTTP interface that most servers of models share."""

from collections.abc import Sequence

import httpx
import msgspec
import numpy as np

from kefu.understanding.embedding import EmbeddingUnavailable, Vectors, encodable, unit_rows

LARGEST_BATCH = 64
"""Texts of one request; servers commonly refuse more than some hundreds."""

_LONGEST_EXCERPT = 200


class _Row(msgspec.Struct):
    index: int
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Row]


_answers = msgspec.json.Decoder(_Answer)


class HttpEmbedder:
    """An `Embedder` over an `httpx.AsyncClient` whose base URL, credentials and time-out are already set.

    Speaks `POST embeddings` as OpenAI's reference describes it, and believes no answer unchecked.
    """

    def __init__(self, client: httpx.AsyncClient, model: str) -> None:
        self._client = client
        self._name = model

    @property
    def model(self) -> str:
        return f"http:{self._name}"

    async def embed(self, texts: Sequence[str]) -> Vectors:
        batches = [
            await self._batch(texts[start : start + LARGEST_BATCH])
            for start in range(0, len(texts), LARGEST_BATCH)
        ]
        if len({batch.shape[1] for batch in batches}) > 1:
            raise EmbeddingUnavailable("the embedding server answered vectors of unequal length")
        return np.concatenate(batches)

    async def _batch(self, texts: Sequence[str]) -> Vectors:
        body = {"model": self._name, "input": [encodable(text) for text in texts]}
        try:
            response = await self._client.post("embeddings", json=body)
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            raise EmbeddingUnavailable(f"the embedding server cannot be reached: {said}") from error
        if not response.is_success:
            excerpt = response.text[:_LONGEST_EXCERPT]
            raise EmbeddingUnavailable(f"the embedding server answered {response.status_code}: {excerpt}")
        return _vectors(response.content, len(texts))


def _vectors(content: bytes, count: int) -> Vectors:
    try:
        rows = _answers.decode(content).data
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EmbeddingUnavailable(f"the embedding server's answer cannot be read: {error}") from error
    rows.sort(key=lambda row: row.index)
    if [row.index for row in rows] != list(range(count)):
        raise EmbeddingUnavailable(
            f"the embedding server answered {len(rows)} vectors, not one for each of {count} texts"
        )
    return unit_rows([row.embedding for row in rows], count)
