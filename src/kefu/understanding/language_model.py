"""Which language a few words are in, where several languages share a script: a linear model of letters.

Words add up, so that a message costs one look-up for each word that was seen before. The artefact
`languages.npz` beside this module is made by `kefu.understanding.language_training`.
"""

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

_PACKAGE = "kefu.understanding"
ARTEFACT = "languages.npz"
LONGEST_GRAM = 4
_LONGEST_WORD = 24
_MOST_WORDS = 40
"""Words that are looked at: more of them never changed an answer."""
_FEWEST_PLAIN = 3
_REMEMBERED = 4096

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_APOSTROPHES = str.maketrans("’`´ʼ", "''''")


@dataclass(frozen=True, slots=True)
class LetterModel:
    """The model of one script. `weights` has a row for each feature and a column for each language; a row
    times `scale` is a logarithm of odds."""

    features: tuple[str, ...]
    languages: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: float
    bias: NDArray[np.float32]


def words_of(text: str) -> list[str]:
    """The words of a text in their matching form."""
    return _WORD.findall(unicodedata.normalize("NFC", text.lower()).translate(_APOSTROPHES))


def features_of(word: str) -> list[str]:
    """What the model knows a word by: itself, and its letters in groups of two to four."""
    padded = f"_{word[:_LONGEST_WORD]}_"
    grams = [
        padded[start : start + size]
        for size in range(2, LONGEST_GRAM + 1)
        for start in range(len(padded) - size + 1)
    ]
    return [f"={word}", *grams]


class LanguageGuesser:
    """Guesses among the languages of one script."""

    def __init__(self, model: LetterModel) -> None:
        self._rows = {feature: row for row, feature in enumerate(model.features)}
        self._columns = {language: column for column, language in enumerate(model.languages)}
        self._languages = model.languages
        self._bias = model.bias
        # Small integers are for the file: arithmetic in them is slow.
        self._weights = model.weights.astype(np.float32) * np.float32(model.scale)
        # The words of service talk come again and again. An entry takes some 400 bytes.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._scores_of)

    def knows(self, language: str) -> bool:
        """Whether it is one of the languages that are guessed among."""
        return language in self._columns

    def guess(self, text: str, before: str | None = None, bonus: float = 0.0) -> str | None:
        """The likeliest language, or None when no word has a feature that the model knows.

        `before` is favoured by `bonus`, in logarithmic odds.
        """
        words = _without_names(text)[:_MOST_WORDS]
        found = [scores for word in words if (scores := self._remembered(word)) is not None]
        if not found:
            return None
        scores = np.add.reduce(found) + self._bias
        column = self._columns.get(before or "")
        if column is not None:
            scores[column] += bonus
        return self._languages[int(scores.argmax())]

    def _scores_of(self, word: str) -> NDArray[np.float32] | None:
        rows = [row for feature in features_of(word) if (row := self._rows.get(feature)) is not None]
        if not rows:
            return None
        return np.add.reduce(self._weights.take(rows, axis=0))


def _without_names(text: str) -> list[str]:
    """The words but for capitalised ones, where enough others are left: titles and brands are anybody's."""
    first, *others = text.split(maxsplit=1) or [""]
    plain = " ".join(word for word in "".join(others).split() if not word[0].isupper())
    words = words_of(f"{first} {plain}")
    return words if len(words) > _FEWEST_PLAIN else words_of(text)


@cache
def guessers() -> Mapping[str, LanguageGuesser]:
    """The shipped guessers, by script."""
    data = (resources.files(_PACKAGE) / ARTEFACT).read_bytes()
    return {script: LanguageGuesser(model) for script, model in load_models(data).items()}


def dump_models(models: Mapping[str, LetterModel]) -> bytes:
    """The artefact, compressed."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for script, model in models.items():
        arrays[f"{script}.features"] = _packed(model.features)
        arrays[f"{script}.languages"] = _packed(model.languages)
        arrays[f"{script}.weights"] = model.weights
        arrays[f"{script}.scale"] = np.array([model.scale], dtype=np.float32)
        arrays[f"{script}.bias"] = model.bias
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def load_models(data: bytes) -> Mapping[str, LetterModel]:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        scripts = [name.removesuffix(".bias") for name in arrays.files if name.endswith(".bias")]
        return {
            script: LetterModel(
                _unpacked(arrays[f"{script}.features"]),
                _unpacked(arrays[f"{script}.languages"]),
                arrays[f"{script}.weights"],
                float(arrays[f"{script}.scale"][0]),
                arrays[f"{script}.bias"],
            )
            for script in scripts
        }


def _packed(names: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpacked(data: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(data.tobytes().decode().split("\n"))
