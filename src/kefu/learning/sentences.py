"""The vectors of the texts to learn from, gathered before the training, whose process asks nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import numpy as np

from kefu.learning.material import Material, Sentences
from kefu.understanding.embedding import Embedder, EmbeddingUnavailable, Vectors
from kefu.understanding.text import clean

BATCH = 512
"""Texts between two reports of progress; an adapter divides them further."""

_TRIES = 3
_FIRST_PAUSE = 1.0


async def with_sentences(
    material: Material,
    embedder: Embedder,
    *,
    progress: Callable[[float, str], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Material:
    """The material with the vectors of its texts, cleaned as messages are. A failure is waited out twice.

    Raises:
        EmbeddingUnavailable: the model failed three times in a row.
    """
    texts = [clean(utterance.text).text for utterance in (*material.utterances, *material.examples)]
    told = [text for text in dict.fromkeys(texts) if text.strip()]
    found: dict[str, Vectors] = {}
    for start in range(0, len(told), BATCH):
        progress(start / len(told), f"计算句向量 {start}/{len(told)}")
        batch = told[start : start + BATCH]
        found.update(zip(batch, await _patiently(embedder, batch, sleep), strict=True))
    progress(1.0, f"计算句向量 {len(told)}/{len(told)}")
    return replace(material, sentences=Sentences(embedder.model, _rows(texts, found)))


async def _patiently(
    embedder: Embedder, texts: Sequence[str], sleep: Callable[[float], Awaitable[None]]
) -> Vectors:
    for attempt in range(1, _TRIES):
        try:
            return await embedder.embed(texts)
        except EmbeddingUnavailable:
            await sleep(_FIRST_PAUSE * 4 ** (attempt - 1))
    return await embedder.embed(texts)


def _rows(texts: Sequence[str], found: dict[str, Vectors]) -> Vectors:
    dimensions = {len(vector) for vector in found.values()}
    if len(dimensions) > 1:
        raise EmbeddingUnavailable("the embedding model answered vectors of unequal length")
    rows = np.zeros((len(texts), max(dimensions, default=0)), dtype=np.float32)
    for row, text in enumerate(texts):
        if text in found:
            rows[row] = found[text]
    return rows
