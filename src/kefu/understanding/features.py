"""What the classifier sees of a message. Training and serving share this.

A message is looked at in three ways: how it is worded (characters, their pairs, words, marks), how it sounds
(syllables, so that 推货 and 退货 are alike), and how its words are spelled (parts of words, where no Chinese
character stands). A lexicon of 323 concepts with 10,000 expressions as a fourth brought a tenth of a point.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import rjieba

from kefu.understanding.glossary import Glossary
from kefu.understanding.lexicon import Lexicon

LONGEST_INPUT = 300
"""Characters that are looked at; a longer message has said what it wants by then, and time stays bounded."""

VIEWS: Mapping[str, float] = {"wording": 1.0, "sound": 0.5, "spelling": 1.0}
"""The ways of looking, and how much each weighs beside the wording."""

Tokens = tuple[tuple[str, ...], ...]
"""The features of one message, view by view, repeated as often as they occur."""

Words = Mapping[str, tuple[str, ...]]

_NUMBERS = (
    (re.compile(r"yl[\s-]?[0-9]{8}[\s-]?[0-9]{6}"), "①"),
    (re.compile(r"(?<![a-z])(?:sf|yt|zto|jd|sto|ems|yd)[0-9]{10,13}"), "②"),
    (re.compile(r"sku[0-9]{5}"), "③"),
    (re.compile(r"ylq[a-z0-9]{6}"), "④"),
    (re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"), "⑤"),
    (re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])"), "⑥"),
    (re.compile(r"[0-9]"), "0"),
)
_PUNCTUATION = re.compile(r"[^\w①-⑥]+")
_MARK = re.compile(r"[!?~]|…|\.\.\.")
_WORD = re.compile(r"[^\W\d_]+")
_PART_SIZES = (3, 4, 5)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in the text."""
    return _HAN.search(text) is not None


def _no_words() -> Words:
    return {}


def _no_sounds() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class LanguageKnowledge:
    """What is known of words before any example. It becomes a part of the artefact: messages are read in
    serving as they were in training.

    `glossary` maps the shop's word to foreign and dialect ones, `syllables` a character to its sound.
    """

    glossary: Words = field(default_factory=_no_words)
    syllables: Mapping[str, str] = field(default_factory=_no_sounds)


class FeatureReader:
    """Reads cleaned messages with the knowledge of one artefact."""

    def __init__(self, knowledge: LanguageKnowledge) -> None:
        self._glossary = Glossary(Lexicon("glossary", knowledge.glossary))
        self._syllables = knowledge.syllables

    def shape(self, text: str) -> str:
        """What the features depend on: the classifier cannot tell messages of one shape apart."""
        shape = self._glossary.read(text)[:LONGEST_INPUT]
        for pattern, sign in _NUMBERS:
            shape = pattern.sub(sign, shape)
        return shape

    def tokens(self, shape: str) -> Tokens:
        """The features of a shape, in the order of `VIEWS`."""
        bare = f" {_PUNCTUATION.sub(' ', shape).strip()} "
        if has_han(bare):
            return tuple(_wording(shape, bare)), tuple(self._sound(bare)), ()
        words = _WORD.findall(bare)
        return (*_wording(shape, bare), *_pairs(words)), (), tuple(_parts(words))

    def _sound(self, bare: str) -> Iterator[str]:
        syllables = [self._syllables.get(character, character) for character in bare]
        yield from syllables
        for first, second in pairwise(syllables):
            yield f"{first} {second}"


def _wording(shape: str, bare: str) -> Iterator[str]:
    yield from bare
    # Longer n-grams repeat what the words say: they doubled the artefact and did not raise accuracy.
    for start in range(len(bare) - 1):
        yield bare[start : start + 2]
    # A prefix keeps words and marks apart from n-grams of the same characters.
    for word in rjieba.cut(bare):
        if word != " ":
            yield f"w:{word}"
    for mark in _MARK.findall(shape):
        yield f"m:{mark}"


def _pairs(words: Sequence[str]) -> Iterator[str]:
    for first, second in pairwise(words):
        yield f"b:{first} {second}"


def _parts(words: Iterable[str]) -> Iterator[str]:
    """All runs of three to five letters, the word's borders counted as letters."""
    for word in words:
        bounded = f" {word} "
        for size in _PART_SIZES:
            for start in range(max(1, len(bounded) - size + 1)):
                yield bounded[start : start + size]
