"""Makes `languages.npz`, the model that tells languages of one script apart.

    python -m kefu.understanding.language_training SENTENCES.jsonl.gz

`SENTENCES` holds one JSON object a line, `{"lang": …, "text": …}`: the sentences that readers of Mozilla
Common Voice are shown (github.com/mozilla/common-voice, server/data, CC0), up to 1,200 a language.
`shop_phrases.txt` beside this module adds what customers of a shop write. The same input gives the same file.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownParameterType=false, reportMissingTypeArgument=false
# SciPy has no types.

import gzip
import json
import random
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from kefu.understanding.language_model import ARTEFACT, LetterModel, dump_models, features_of, words_of
from kefu.understanding.scripts import letters_by_script

MOST_FEATURES: Mapping[str, int] = {"latin": 36_000, "cyrillic": 9_000, "arabic": 6_000, "devanagari": 3_000}
"""By script. Beyond, short messages gain nothing."""

SERVED = frozenset({"en", "es", "fr", "de", "pt", "it", "id", "vi", "ru", "ar"})
"""Languages that shops answer in. A message that could as well be another's is taken for one of these."""

_FAVOUR: Mapping[str, float] = {
    **dict.fromkeys(SERVED, 1.0),
    # Neighbours of a served language that few customers write.
    **dict.fromkeys(("az", "lv", "mk", "sq", "sw", "tl"), -0.5),
    **dict.fromkeys(("be", "cy", "eu", "is", "mt", "ug", "uz"), -1.0),
    **dict.fromkeys(("af", "ca"), -1.5),
    "ms": -2.0,
}
_LEFT_OUT = frozenset({"eo", "gl"})
"""Galician is read as Portuguese or Spanish, which its speakers read too; nobody shops in Esperanto."""
_TAGS = {"nb-NO": "nb", "sv-SE": "sv", "ne-NP": "ne"}
_PHRASES = "shop_phrases.txt"
_FEWEST_TEXTS = 30
_SAMPLES, _SAMPLES_OF_FEW = 9_000, 2_250
_MANY_TEXTS = 300
_LENGTHS = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12)
"""Words of a sample: messages are short, and so must be what teaches."""
_PHRASES_SHARE, _BARE_SHARE = 0.35, 0.25
_FEWEST_SAMPLES = 8
_PENALTY = 1.0

Texts = Mapping[str, Sequence[str]]
Sample = tuple[str, ...]
Floats = NDArray[np.float64]


def train(sentences: Texts, phrases: Texts) -> Mapping[str, LetterModel]:
    """A model for each script in which there are texts of two languages at least; texts are by language."""
    return {
        script: _model(
            _in_script(sentences, script),
            _in_script(phrases, script),
            most,
            random.Random(0),  # noqa: S311 -- it draws samples, always the same ones
        )
        for script, most in MOST_FEATURES.items()
    }


def parse_phrases(text: str) -> Texts:
    """By language, from lines of phrases that are separated by ` / ` under `# language` headings."""
    found: dict[str, list[str]] = defaultdict(list)
    language = ""
    for line in text.splitlines():
        if line.startswith("#"):
            language = line.lstrip("# ")
        elif line.strip():
            found[language] += [phrase.strip() for phrase in line.split(" / ")]
    return found


def _in_script(texts: Texts, script: str) -> Texts:
    return {
        language: written
        for language, listed in texts.items()
        if (written := [text for text in listed if _script_of(text) == script])
    }


def _script_of(text: str) -> str:
    counts = letters_by_script(text)
    return max(counts, key=lambda script: counts[script]) if counts else ""


def _model(sentences: Texts, phrases: Texts, most: int, chance: random.Random) -> LetterModel:
    samples, truth = _samples(sentences, phrases, chance)
    languages = tuple(sorted(set(truth)))
    answers = np.array([languages.index(language) for language in truth])
    counts = Counter(
        feature for sample in samples for feature in {f for word in sample for f in features_of(word)}
    )
    usual = [feature for feature, count in counts.items() if count >= _FEWEST_SAMPLES]
    # A first fit says which features matter; the second one makes do with these.
    weights, _ = _fit(_matrix(samples, usual), answers, len(languages), iterations=25)
    spread = (weights.max(axis=1) - weights.min(axis=1)) * np.sqrt([counts[feature] for feature in usual])
    kept = tuple(usual[row] for row in sorted(np.argsort(-spread)[:most]))
    weights, bias = _fit(_matrix(samples, kept), answers, len(languages), iterations=60)
    scale = float(np.abs(weights).max()) / 127
    favour = np.array([_FAVOUR.get(language, 0.0) for language in languages])
    return LetterModel(
        kept,
        languages,
        np.round(weights / scale).astype(np.int8),
        scale,
        (bias + favour).astype(np.float32),
    )


def _samples(sentences: Texts, phrases: Texts, chance: random.Random) -> tuple[list[Sample], list[str]]:
    """Stretches of a few words, a part of them without diacritics, as people type."""
    samples: list[Sample] = []
    truth: list[str] = []
    for language in sorted({*sentences, *phrases} - _LEFT_OUT):
        taught = [words for text in phrases.get(language, ()) if (words := words_of(text))]
        read = [words for text in sentences.get(language, ()) if (words := words_of(text))] + taught
        if len(read) < _FEWEST_TEXTS:
            continue
        for _ in range(_SAMPLES if len(read) > _MANY_TEXTS else _SAMPLES_OF_FEW):
            words = chance.choice(taught if taught and chance.random() < _PHRASES_SHARE else read)
            length = min(len(words), chance.choice(_LENGTHS))
            start = chance.randrange(len(words) - length + 1)
            sample = tuple(words[start : start + length])
            samples.append(tuple(map(_bare, sample)) if chance.random() < _BARE_SHARE else sample)
            truth.append(language)
    return samples, truth


def _bare(word: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", plain).translate(_PLAIN)


_PLAIN = str.maketrans({"đ": "d", "ł": "l", "ı": "i", "ø": "o", "ß": "ss", "æ": "ae"})


def _matrix(samples: Sequence[Sample], features: Sequence[str]) -> sparse.csr_matrix:
    rows = {feature: row for row, feature in enumerate(features)}
    columns: list[int] = []
    ends = [0]
    for sample in samples:
        columns += [row for word in sample for f in features_of(word) if (row := rows.get(f)) is not None]
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float32)
    return sparse.csr_matrix((ones, columns, ends), shape=(len(samples), len(features)))


def _fit(
    matrix: sparse.csr_matrix, answers: NDArray[np.int64], languages: int, *, iterations: int
) -> tuple[Floats, Floats]:
    """Multinomial logistic regression by L-BFGS: a row of weights for each feature, and the bias."""
    features = int(cast("Any", matrix).shape[1])
    target = np.zeros((len(answers), languages), dtype=np.float32)
    target[np.arange(len(answers)), answers] = 1
    turned = matrix.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat[: features * languages].reshape(features, languages)
        scores = matrix @ weights.astype(np.float32) + flat[features * languages :].astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        wrong = np.exp(logs) - target
        gradient = np.concatenate([(turned @ wrong + _PENALTY * weights).ravel(), wrong.sum(axis=0)])
        value = -float((logs * target).sum(dtype=np.float64)) + _PENALTY / 2 * float((weights**2).sum())
        return value, gradient.astype(np.float64)

    start = np.zeros(features * languages + languages)
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations}).x
    return found[: features * languages].reshape(features, languages), found[features * languages :]


def read_sentences(lines: Iterable[str]) -> Texts:
    found: dict[str, list[str]] = defaultdict(list)
    for record in map(json.loads, lines):
        language: str = record["lang"]
        found[_TAGS.get(language) or language].append(record["text"])
    return found


def _lines(path: Path) -> Iterator[str]:
    # A line ends at \n only: some texts hold U+2028.
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        yield from file


def main(path: Path) -> None:
    here = resources.files("kefu.understanding")
    phrases = parse_phrases((here / _PHRASES).read_text("utf-8"))
    models = train(read_sentences(_lines(path)), phrases)
    target = Path(str(here / ARTEFACT))
    target.write_bytes(dump_models(models))
    for script, model in models.items():
        sys.stdout.write(f"{script}: {len(model.features)} features, {' '.join(model.languages)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
