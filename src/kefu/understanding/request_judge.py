"""Whether a message asks for several things at once: what is weighed, and how."""

from collections.abc import Mapping
from dataclasses import dataclass

UNKNOWN = 1e-4
"""The least probability that is told from others."""

AT_SIGHT = ("wording", "whole", "lead", "runner_up_lead", "connective", "length", "pieces")
"""What is known of a message before it is divided."""
SHARES = ("parts_are_the_best_two", "parts_are_among_the_best_three")
"""1 or 0, of the division."""
LIKELIHOODS = ("weaker_part", "stronger_part", "weaker_part_in_whole", "stronger_part_in_whole")
"""Logarithms of probabilities, of the division."""
FEATURES = (*AT_SIGHT, *SHARES, *LIKELIHOODS)
"""What a judge weighs, see `kefu.understanding.requests`."""


@dataclass(frozen=True, slots=True)
class RequestJudge:
    """A logistic regression over `FEATURES`."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    gate: float

    def may_be_several(self, seen: Mapping[str, float]) -> bool:
        """Whether what is known at sight makes it worth the while to divide the message.

        Nearly all messages ask for one thing, and dividing costs a prediction for each part.
        """
        return self.score(seen) >= self.gate

    def several(self, values: Mapping[str, float]) -> bool:
        return self.score(values) >= self.threshold

    def score(self, values: Mapping[str, float]) -> float:
        """In log odds, as far as these values say."""
        return self.intercept + sum(self.weights[name] * value for name, value in values.items())


UNTAUGHT = RequestJudge(
    {**dict.fromkeys(FEATURES, 0.0), "connective": 4.0, "weaker_part": 2.0},
    intercept=0.0,
    threshold=1.5,
    gate=1.5,
)
"""For packs that teach nothing about it: a connective must stand between parts that are known fairly well."""
