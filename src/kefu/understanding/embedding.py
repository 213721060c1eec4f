"""The port to a sentence-embedding model: what a text means, as a direction in a space."""

from collections.abc import Callable, Sequence
from typing import Protocol, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import OutsideError
from kefu.understanding.features import LONGEST_INPUT

Vector = NDArray[np.float32]
"""One text: `dimension` numbers, of length 1 by the Euclidean norm."""

Vectors = NDArray[np.float32]
"""A row, as above, for each text."""


class EmbeddingUnavailable(OutsideError):
    """The embedding model cannot be reached, or what it answered cannot be used."""

    code = "embedding_unavailable"
    retryable = True


class Embedder(Protocol):
    """A sentence-embedding model. Adapters and fakes pass `tests/contracts/embedder.py`."""

    @property
    def model(self) -> str:
        """What the vectors depend on: those of another name must not be compared with these."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of one text or more, none of them blank; the same text always has the same one.

        Raises:
            EmbeddingUnavailable: there are none for now; who runs the model must act.
        """
        ...


class Discreet:
    """An `Embedder` that is shown no personal data, and no more of a text than the classifier looks at."""

    def __init__(self, embedder: Embedder, mask: Callable[[str], str]) -> None:
        self._embedder = embedder
        self._mask = mask

    @property
    def model(self) -> str:
        return self._embedder.model

    async def embed(self, texts: Sequence[str]) -> Vectors:
        return await self._embedder.embed([self._mask(text)[:LONGEST_INPUT] for text in texts])


def unit_rows(rows: ArrayLike, count: int) -> Vectors:
    """What a model answered for `count` texts, as this port promises it.

    Raises:
        EmbeddingUnavailable: it is something else than a row of finite numbers, not all 0, for each text.
    """
    try:
        given = np.asarray(rows, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise EmbeddingUnavailable("the embedding model answered vectors of unequal length") from error
    if given.ndim != 2 or len(given) != count or given.shape[1] == 0:
        raise EmbeddingUnavailable(
            f"the embedding model answered an array of shape {given.shape} for {count} texts"
        )
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(given, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise EmbeddingUnavailable("the embedding model answered a vector without a direction")
    return cast("Vectors", (given / lengths).astype(np.float32))


def encodable(text: str) -> str:
    """The text as it can be sent: half a character, which a message may hold, has no UTF-8."""
    return text.encode("utf-8", "replace").decode()
