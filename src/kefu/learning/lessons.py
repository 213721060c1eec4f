"""What a head learns from, and how it is judged: by heads that learned from the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from kefu.learning.linear import Fitted, Labels, Scores, fit, folds
from kefu.learning.logistic import fit_sentences
from kefu.understanding.embedding import Vectors

FOLDS = 5
ENOUGH_TO_JUDGE = 2000
"""So many judged utterances say enough: with a large data set, the folds after those are spared."""


class Taught(Protocol):
    """A head that learned from some messages of a lesson."""

    def scores(self, rows: Labels) -> Scores:
        """Those of the lesson's messages in these rows."""
        ...


H = TypeVar("H", bound=Taught)
H_co = TypeVar("H_co", bound=Taught, covariant=True)


class Lesson(Protocol[H_co]):
    """Messages with the numbers of their labels, of which there are `count`. The first `judgeable` messages
    teach and are judged, all others only teach."""

    @property
    def truth(self) -> Labels: ...

    @property
    def count(self) -> int: ...

    @property
    def judgeable(self) -> int: ...

    def taught(self, rows: Labels) -> H_co:
        """A head that learned from the messages in these rows."""
        ...


@dataclass(frozen=True, slots=True)
class WordHead:
    """`fitted` comes from some of the rows of `matrix`."""

    matrix: Any
    fitted: Fitted

    def scores(self, rows: Labels) -> Scores:
        return self.fitted.scores(self.matrix[rows])


@dataclass(frozen=True, slots=True)
class WordLesson:
    """Messages by their features, a row of the sparse `matrix` each. Which features there are and how rare
    each is may come from all messages: that tells nothing about their labels."""

    matrix: Any
    truth: Labels
    count: int
    judgeable: int
    regularisation: float

    def taught(self, rows: Labels) -> WordHead:
        return WordHead(self.matrix, self._fit(self.matrix[rows], self.truth[rows]))

    def final(self) -> Fitted:
        """The head that learned from all messages."""
        return self._fit(self.matrix, self.truth)

    def _fit(self, matrix: Any, truth: Labels) -> Fitted:
        return fit(matrix, truth, self.count, self.regularisation)


@dataclass(frozen=True, slots=True)
class VectorHead:
    """`fitted` comes from some of the `vectors`."""

    vectors: Vectors
    fitted: Fitted

    def scores(self, rows: Labels) -> Scores:
        return self.fitted.scores(self.vectors[rows])


@dataclass(frozen=True, slots=True)
class SentenceLesson:
    """Messages by their sentence vectors."""

    vectors: Vectors
    truth: Labels
    count: int
    judgeable: int

    def taught(self, rows: Labels) -> VectorHead:
        return VectorHead(self.vectors, fit_sentences(self.vectors[rows], self.truth[rows], self.count))


@dataclass(frozen=True, slots=True)
class Judged:
    """The messages in `rows` of a lesson, scored by heads that did not see them. In lessons about the same
    messages the rows are the same."""

    rows: Labels
    scores: Scores
    truth: Labels


@dataclass(frozen=True, slots=True)
class Trial(Generic[H]):
    """`head` is the last of the heads that judged, and `unseen` are the rows that it judged."""

    judged: Judged
    head: H
    unseen: Labels


def judge(lesson: Lesson[H], tell: Callable[[float, str], None]) -> Trial[H]:
    """Judges messages, fold by fold, until enough are judged. `tell` hears the share that is done."""
    truth = lesson.truth[: lesson.judgeable]
    teachers = np.arange(lesson.judgeable, len(lesson.truth))
    needed = 1 if lesson.judgeable // FOLDS >= ENOUGH_TO_JUDGE else FOLDS
    judged: list[tuple[H, Labels, Scores]] = []
    for number, (taught, held_out) in enumerate(folds(truth, FOLDS)):
        if number == needed:
            break
        tell(number / needed, f"检验 {number + 1}/{needed}")
        head = lesson.taught(np.concatenate([taught, teachers]))
        judged.append((head, held_out, head.scores(held_out)))
    rows = np.concatenate([held_out for _, held_out, _ in judged])
    head, unseen, _ = judged[-1]
    scores = np.concatenate([scores for _, _, scores in judged])
    return Trial(Judged(rows, scores, truth[rows]), head, unseen)
