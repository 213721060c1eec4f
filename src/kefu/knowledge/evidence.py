"""What speaks for and against a passage as the answer to a question, weighed into one score.

Search engines order what they find by sums that grow with the question and the corpus; nothing can be read
off such a number. Here every piece of evidence is a share between 0 and 1, so that one threshold fits all
questions, whichever engine proposed the passage.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from kefu.knowledge.passages import Passage


class Evidence(NamedTuple):
    """What speaks for and against one passage, each a share between 0 and 1.

    `closeness` is the cosine to the nearest phrasing. `asked` and `mirrored` compare the question's words
    with those of the best phrasing, one way and both ways. `told` and `shown` say how much of the question
    stands anywhere in the passage and in its shown text; `grams` and `impact` do so by characters, plain and
    as BM25. `thing_missing` is the weight of the heaviest thing asked about that the passage does not name,
    `number_missing` the share of numbers and codes that it lacks, `name_missing` that of what the merchant
    tells apart by name. `strange` says how much the question speaks of what the whole material never names.
    `length` grows with the passage.
    """

    closeness: float
    asked: float
    mirrored: float
    told: float
    shown: float
    grams: float
    impact: float
    thing_missing: float
    number_missing: float
    name_missing: float
    strange: float
    length: float


@dataclass(frozen=True, slots=True)
class Weights:
    """`bias` first, then one weight for each field of `Evidence`."""

    faq: tuple[float, ...]
    document: tuple[float, ...]

    def score(self, passage: Passage, evidence: Evidence) -> float:
        """Between 0 and 1: how likely the passage answers the question."""
        bias, *weights = self.faq if passage.kind == "faq" else self.document
        total = bias + sum(weight * value for weight, value in zip(weights, evidence, strict=True))
        return 1 / (1 + math.exp(-total))


WEIGHTS = Weights(
    faq=(-4.6, 1.2, 0.1, 4.1, 1.2, 1.6, 3.8, 6.2, -0.3, -0.4, -1.8, -2.6, -1.6),
    document=(-4.5, 1.8, -1.0, 1.7, 3.8, 2.3, 4.3, 2.9, -0.9, -0.1, -0.5, -2.4, -2.0),
)
"""Fitted by softmax over a question's candidates and «nothing», on the built-in pack: its development
questions, and each phrasing of a FAQ pair asked of that pair without it. Being about shares, they suit other
material too."""
