"""The classifier tier: a linear model over TF-IDF features, with probabilities that mean what they say.

Serving needs numpy alone. The artefact is made by `kefu.learning.train_classifier`.
"""

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from kefu.conversation.values import Record
from kefu.errors import OperatorError
from kefu.understanding.features import features_of, shape_of
from kefu.understanding.glossary import Glossary
from kefu.understanding.lexicon import Lexicon

FORMAT = 2
"""The version of the artefact's layout; another one is refused instead of misread."""

_REMEMBERED = 1024

Script = Literal["han", "latin"]
SCRIPTS: tuple[Script, ...] = get_args(Script)
"""Messages with a Chinese character, and all others. The model knows the two differently well."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def script_of(text: str) -> Script:
    """The script whose calibration holds for a message."""
    return "han" if _HAN.search(text) else "latin"


class ArtefactInvalid(OperatorError):
    """The file is no classifier, or one that another release made."""

    code = "artefact_invalid"


@dataclass(frozen=True, slots=True)
class Bands:
    """Where confidence is enough. Chosen from the risk–coverage curve of held-out messages.

    From `accept` on, a reading is acted on; from `suggest` on, it is worth asking about; below, the message
    counts as not understood.
    """

    accept: float
    suggest: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the scores of one script can be trusted. They become probabilities by softmax after division by
    `temperature` (Guo et al. 2017, On Calibration of Modern Neural Networks)."""

    temperature: float
    bands: Bands


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` has a row for each feature and a column for each label. `glossary` is what messages were read
    through in training, and therefore are in serving."""

    features: tuple[str, ...]
    labels: tuple[str, ...]
    idf: NDArray[np.float32]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    calibrations: Mapping[Script, Calibration]
    glossary: Mapping[str, tuple[str, ...]]


class Classifier:
    """Predicts from a model that is held in memory; safe to share between tasks."""

    def __init__(self, model: LinearModel) -> None:
        self._glossary = Glossary(Lexicon("glossary", model.glossary))
        self._index = {feature: row for row, feature in enumerate(model.features)}
        self._labels = model.labels
        self._idf = model.idf
        # Half precision is for the file: arithmetic in it is slow.
        self._weights = model.weights.astype(np.float32)
        self._bias = model.bias
        self._calibrations = model.calibrations
        # Customers ask alike, and alike but for the order number. An entry takes some 8 kB.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._predict)

    @property
    def labels(self) -> Sequence[str]:
        return self._labels

    def bands(self, text: str) -> Bands:
        """The bands that a cleaned message's confidence falls into."""
        return self._calibrations[script_of(text)].bands

    def predict(self, text: str) -> tuple[tuple[str, float], ...]:
        """Every label with its probability, the likeliest first, for a cleaned message."""
        return self._remembered(shape_of(self._glossary.read(text)), script_of(text))

    def _predict(self, shape: str, script: Script) -> tuple[tuple[str, float], ...]:
        scores = self._scores(shape) / self._calibrations[script].temperature
        exponents = np.exp(scores - scores.max())
        probabilities = exponents / exponents.sum()
        order = np.argsort(-probabilities, kind="stable")
        return tuple((self._labels[int(i)], float(probabilities[i])) for i in order)

    def _scores(self, shape: str) -> NDArray[np.float32]:
        index = self._index
        counts = Counter(row for feature in features_of(shape) if (row := index.get(feature)) is not None)
        if not counts:
            return self._bias
        rows = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(values)) * self._idf[rows]
        values /= np.sqrt(values @ values)
        return cast("NDArray[np.float32]", values @ self._weights[rows] + self._bias)


def dump_classifier(model: LinearModel) -> bytes:
    """The artefact: a `.npz` file whose bytes depend on the model alone."""
    about: Record = {
        "format": FORMAT,
        "labels": model.labels,
        "calibrations": {script: asdict(model.calibrations[script]) for script in SCRIPTS},
        "glossary": model.glossary,
    }
    arrays: Mapping[str, NDArray[np.generic]] = {
        "about": _bytes(json.dumps(about)),
        "features": _bytes("\n".join(model.features)),
        "idf": model.idf,
        "weights": model.weights,
        "bias": model.bias,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.save(entry, array, allow_pickle=False)
            # A fixed date: `numpy.savez` would put the hour of training into the file.
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), entry.getvalue())
    return buffer.getvalue()


def load_classifier(data: bytes) -> Classifier:
    """The classifier that an artefact holds.

    Raises:
        ArtefactInvalid: it holds none, or one of another format; train it again.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            about = json.loads(bytes(arrays["about"]))
            if about["format"] != FORMAT:
                raise ArtefactInvalid(f"classifier format {about['format']}, this release reads {FORMAT}")
            model = LinearModel(
                tuple(bytes(arrays["features"]).decode().split("\n")),
                tuple(about["labels"]),
                arrays["idf"],
                arrays["weights"],
                arrays["bias"],
                {
                    script: Calibration(known["temperature"], Bands(**known["bands"]))
                    for script in SCRIPTS
                    if (known := about["calibrations"][script])
                },
                {word: tuple(others) for word, others in about["glossary"].items()},
            )
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ArtefactInvalid("the file is no classifier artefact") from error
    if model.weights.shape != (len(model.features), len(model.labels)):
        raise ArtefactInvalid("the classifier's weights do not fit its features and labels")
    return Classifier(model)


def _bytes(text: str) -> NDArray[np.generic]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
