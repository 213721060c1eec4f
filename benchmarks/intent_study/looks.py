"""Ways of turning messages into features, so that methods can be told from what they are given to see."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportArgumentType=false
# scikit-learn and SciPy have no types.

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import rjieba
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from kefu.learning.linear import feature_space
from kefu.understanding.catalogue import Utterance
from kefu.understanding.features import FeatureReader, LanguageKnowledge
from kefu.understanding.text import clean

_SOUND_WEIGHT = 0.5
_LONGEST = 300

Read = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Sparse rows of the training part and of each judged part; `microseconds` of processor time that one
    message took from its text to its row, in one batch."""

    train: Any
    parts: Mapping[str, Any]
    microseconds: float

    @property
    def features(self) -> int:
        return self.train.shape[1]


Look = Callable[[Sequence[str], Mapping[str, Sequence[str]], LanguageKnowledge], Seen]


def see(
    look: Look,
    train: Sequence[Utterance],
    parts: Mapping[str, Sequence[Utterance]],
    knowledge: LanguageKnowledge,
) -> Seen:
    """What a way of looking makes of a set; the features are those of the training part."""
    return look(_texts(train), {name: _texts(part) for name, part in parts.items()}, knowledge)


def words(text: str) -> list[str]:
    """Words and pairs of words."""
    found = [word for word in rjieba.cut(text[:_LONGEST]) if not word.isspace()]
    return [*found, *(f"{first} {second}" for first, second in pairwise(found))]


def characters(text: str) -> list[str]:
    """All runs of one to three characters, in Latin script of one to five."""
    text = f" {text[:_LONGEST]} "
    longest = 5 if text.isascii() else 3
    return [
        text[start : start + size] for size in range(1, longest + 1) for start in range(len(text) - size + 1)
    ]


def both(text: str) -> list[str]:
    """Words, their pairs, and runs of characters; a prefix keeps equal ones apart."""
    return [*(f"w:{word}" for word in words(text)), *characters(text)]


def of(read: Read, *, sound: bool = False) -> Look:
    """A look at one list of features, with or without syllables and their pairs beside it."""

    def look(train: Sequence[str], parts: Mapping[str, Sequence[str]], knowledge: LanguageKnowledge) -> Seen:
        views = [(read, 1.0)]
        if sound:
            views.append((_sounds(knowledge.syllables), _SOUND_WEIGHT))
        vectorizers = [(_fitted(view, train), weight) for view, weight in views]

        def rows(texts: Sequence[str]) -> Any:
            blocks = [vectorizer.transform(texts) * weight for vectorizer, weight in vectorizers]
            return sparse.hstack(blocks, format="csr", dtype=np.float32)

        return _seen(rows, train, parts)

    return look


def product(train: Sequence[str], parts: Mapping[str, Sequence[str]], knowledge: LanguageKnowledge) -> Seen:
    """What the product's classifier sees: `kefu.understanding.features`."""
    reader = FeatureReader(knowledge)
    space = feature_space([reader.tokens(reader.shape(text)) for text in train])

    def rows(texts: Sequence[str]) -> Any:
        return space.matrix([reader.tokens(reader.shape(text)) for text in texts])

    return _seen(rows, train, parts)


def _seen(
    rows: Callable[[Sequence[str]], Any], train: Sequence[str], parts: Mapping[str, Sequence[str]]
) -> Seen:
    begin = time.process_time()
    found = {name: rows(part) for name, part in parts.items()}
    took = time.process_time() - begin
    return Seen(rows(train), found, took / sum(map(len, parts.values())) * 1e6)


def _fitted(read: Read, texts: Sequence[str]) -> TfidfVectorizer:
    # As the product does it, so that looks differ in nothing but their features.
    return TfidfVectorizer(analyzer=read, min_df=2, sublinear_tf=True, dtype=np.float32).fit(texts)


def _sounds(syllables: Mapping[str, str]) -> Read:
    def read(text: str) -> list[str]:
        heard = [syllables.get(character, character) for character in text[:_LONGEST]]
        return [*heard, *(f"{first} {second}" for first, second in pairwise(heard))]

    return read


def _texts(utterances: Sequence[Utterance]) -> list[str]:
    return [clean(utterance.text).text for utterance in utterances]
