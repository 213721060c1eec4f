"""The vectors of what customers write, where they come in time: no message waits for a model that is down."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

import structlog

from kefu.understanding.embedding import Embedder, EmbeddingUnavailable, Vector

PATIENCE = 0.3
"""Seconds that a customer's turn may wait: beyond, the classifier does without."""

REMEMBERED = 512
"""Texts; a vector takes some 4 kB."""

_FAILURES = 3
_PAUSE = 30.0
_log = structlog.get_logger("kefu.understanding")


class SentenceVectors:
    """Asks an `Embedder` beforehand for what the classifier, which cannot wait, looks up afterwards.

    After three failures in a row the model is asked once in 30 seconds, until it answers again.
    """

    def __init__(
        self,
        embedder: Embedder,
        dimension: int,
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`dimension` is that of the vectors that the classifier learned from; others are refused.
        `patience` is in seconds."""
        self._embedder = embedder
        self._dimension = dimension
        self._patience = patience
        self._clock = clock
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._failures = 0
        self._asked_again_at = 0.0
        self._missed = 0

    @property
    def missed(self) -> int:
        """How often texts were read without their vectors, since the start."""
        return self._missed

    def get(self, text: str) -> Vector | None:
        """The vector of a text that was fetched lately."""
        return self._vectors.get(text)

    async def fetch(self, texts: Sequence[str]) -> None:
        """Makes the vectors of these texts known, unless the model fails or is late, which raises nothing."""
        for text in texts:
            if text in self._vectors:
                self._vectors.move_to_end(text)
        unknown = [text for text in texts if text not in self._vectors and text.strip()]
        if not unknown:
            return
        if not self._lets_through():
            self._missed += 1
            return
        try:
            async with asyncio.timeout(self._patience):
                vectors = await self._embedder.embed(unknown)
            self._check(vectors.shape, len(unknown))
        except (EmbeddingUnavailable, TimeoutError) as error:
            self._failed(str(error) or f"no answer within {self._patience} s")
            return
        self._succeeded()
        self._remember(unknown, list(vectors))

    def _check(self, shape: tuple[int, ...], count: int) -> None:
        if shape != (count, self._dimension):
            raise EmbeddingUnavailable(
                f"vectors of {shape[-1]} numbers, but the classifier learned from {self._dimension}: "
                "the model has changed; give it another name and train again"
            )

    def _remember(self, texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        self._vectors.update(zip(texts, vectors, strict=True))
        while len(self._vectors) > REMEMBERED:
            self._vectors.popitem(last=False)

    def _lets_through(self) -> bool:
        if self._failures < _FAILURES:
            return True
        if self._clock() < self._asked_again_at:
            return False
        # One message tries; those that come meanwhile do not wait for it.
        self._asked_again_at = self._clock() + _PAUSE
        return True

    def _failed(self, reason: str) -> None:
        self._missed += 1
        self._failures += 1
        self._asked_again_at = self._clock() + _PAUSE
        _log.warning("embedding_unavailable", reason=reason, missed=self._missed)

    def _succeeded(self) -> None:
        if self._failures >= _FAILURES:
            _log.info("embedding_back", missed=self._missed)
        self._failures = 0
