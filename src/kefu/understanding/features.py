"""What the classifier sees of a message: character n-grams and words. Training and serving share this."""

import re
from collections.abc import Iterator

import rjieba

LONGEST_GRAM = 2
"""Longer n-grams repeat what the words say: they doubled the artefact and did not raise accuracy."""
LONGEST_INPUT = 300
"""Characters that are looked at; a longer message has said what it wants by then, and time stays bounded."""

_NUMBERS = (
    (re.compile(r"yl[\s-]?[0-9]{8}[\s-]?[0-9]{6}"), "①"),
    (re.compile(r"(?<![a-z])(?:sf|yt|zto|jd|sto|ems|yd)[0-9]{10,13}"), "②"),
    (re.compile(r"sku[0-9]{5}"), "③"),
    (re.compile(r"ylq[a-z0-9]{6}"), "④"),
    (re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"), "⑤"),
    (re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])"), "⑥"),
    (re.compile(r"[0-9]"), "0"),
)
_MARKS = re.compile(r"[^\w①-⑥]+")


def features(text: str) -> Iterator[str]:
    """The features of a cleaned message, repeated as often as they occur."""
    return features_of(shape_of(text))


def shape_of(text: str) -> str:
    """What the features depend on: a cleaned message with signs for its numbers and spaces for its marks."""
    shape = text[:LONGEST_INPUT]
    for pattern, sign in _NUMBERS:
        shape = pattern.sub(sign, shape)
    return f" {_MARKS.sub(' ', shape).strip()} "


def features_of(shape: str) -> Iterator[str]:
    for size in range(1, LONGEST_GRAM + 1):
        for start in range(len(shape) - size + 1):
            yield shape[start : start + size]
    for word in rjieba.cut(shape):
        if word != " ":
            # A prefix keeps words apart from n-grams of the same characters.
            yield f"w:{word}"
