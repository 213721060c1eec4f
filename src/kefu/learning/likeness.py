"""How alike messages are: the Jaccard similarity of their character bigrams.

Compared is what the classifier reads, cleaned and without white space and punctuation: a message in
traditional characters is the same as in simplified ones, with full stop the same as without.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false
# SciPy has no types; whatever leaves this module is typed.

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kefu.understanding.text import clean, squeezed

ALIKE = 0.8
"""From this similarity on, a message of `LONG` bigrams at least teaches nothing that the other does not."""
SHORT_ALIKE = 0.9
LONG = 8
"""Of a shorter message one bigram is more than a tenth: it is near-duplicate only with the same bigrams."""

_ROWS = 512

Similarities = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A message, by its row, and the one that it is most like."""

    row: int
    other: int
    similarity: float


def compared(text: str) -> str:
    """What of a message is compared; of one that is nothing but signs, these."""
    return squeezed(clean(text).text) or text.strip()


class Comparison:
    """Messages beside each other. Both sides are given in the form that `compared` makes."""

    def __init__(self, texts: Sequence[str], others: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        self._sets = [_numbered(text, numbers) for text in texts]
        self._others = [_numbered(text, numbers) for text in others]
        self._size = len(numbers)

    def near_duplicates(self) -> Iterator[Likeness]:
        """Each message that is a near-duplicate of another side's one, with the one it is most like."""
        for first, similarities in self._blocks():
            yield from self._near(first, similarities)

    def earlier_near_duplicates(self) -> Iterator[Likeness]:
        """As `near_duplicates` where both sides are the same messages: with one that stands before it."""
        for first, similarities in self._blocks():
            for row in range(len(similarities)):
                similarities[row, first + row :] = 0
            yield from self._near(first, similarities)

    def nearest(self) -> Similarities:
        """Where both sides are the same messages: each one's similarity to the one most like it."""
        found: list[Similarities] = []
        for first, similarities in self._blocks():
            for row in range(len(similarities)):
                similarities[row, first + row] = 0
            found.append(similarities.max(axis=1))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)

    def _near(self, first: int, similarities: Similarities) -> Iterator[Likeness]:
        own = self._lengths(self._sets[first : first + len(similarities)])
        sizes = np.minimum(own[:, None], self._lengths(self._others)[None, :])
        near = np.where(similarities >= np.where(sizes < LONG, SHORT_ALIKE, ALIKE), similarities, 0)
        for row in np.flatnonzero(near.max(axis=1, initial=0)).tolist():
            other = int(near[row].argmax())
            yield Likeness(first + row, other, float(near[row, other]))

    def _blocks(self) -> Iterator[tuple[int, Similarities]]:
        """The similarities of some rows at a time to all the others, with the first row's number."""
        if not self._others:
            return
        other_side = self._matrix(self._others).T.tocsr()
        other_sizes = self._lengths(self._others)
        for first in range(0, len(self._sets), _ROWS):
            block = self._sets[first : first + _ROWS]
            common = cast("Similarities", (self._matrix(block) @ other_side).toarray())
            union = self._lengths(block)[:, None] + other_sizes[None, :] - common
            yield first, cast("Similarities", common / np.maximum(union, 1))

    def _matrix(self, sets: Sequence[frozenset[int]]) -> Any:
        """A row for each message, a column for each bigram."""
        columns = [number for one in sets for number in one]
        starts = np.cumsum([0, *(len(one) for one in sets)])
        ones = np.ones(len(columns), dtype=np.float32)
        return csr_matrix((ones, columns, starts), shape=(len(sets), self._size))

    @staticmethod
    def _lengths(sets: Sequence[frozenset[int]]) -> Similarities:
        return np.fromiter((len(one) for one in sets), dtype=np.float32, count=len(sets))


def _numbered(text: str, numbers: dict[str, int]) -> frozenset[int]:
    # A message of one character has no bigrams; it is like itself all the same.
    grams = {text[i : i + 2] for i in range(max(1, len(text) - 1))} if text else set[str]()
    return frozenset(numbers.setdefault(gram, len(numbers)) for gram in grams)
