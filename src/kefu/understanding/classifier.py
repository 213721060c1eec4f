"""The classifier tier: a linear model over TF-IDF features, with probabilities that mean what they say.

Serving needs numpy alone. The artefact is made by `kefu.learning.train_classifier`.
"""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from kefu.conversation.values import Record
from kefu.errors import OperatorError
from kefu.understanding.features import features
from kefu.understanding.glossary import Glossary
from kefu.understanding.lexicon import Lexicon

FORMAT = 1
"""The version of the artefact's layout; another one is refused instead of misread."""


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
class LinearModel:
    """`weights` has a row for each feature and a column for each label. Scores become probabilities by
    softmax after division by `temperature` (Guo et al. 2017, On Calibration of Modern Neural Networks).
    `glossary` is what messages were read through in training, and therefore are in serving."""

    features: tuple[str, ...]
    labels: tuple[str, ...]
    idf: NDArray[np.float32]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    temperature: float
    bands: Bands
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
        self._temperature = model.temperature
        self.bands = model.bands

    @property
    def labels(self) -> Sequence[str]:
        return self._labels

    def predict(self, text: str) -> tuple[tuple[str, float], ...]:
        """Every label with its probability, the likeliest first, for a cleaned message."""
        scores = self._scores(self._glossary.read(text)) / self._temperature
        exponents = np.exp(scores - scores.max())
        probabilities = exponents / exponents.sum()
        order = np.argsort(-probabilities, kind="stable")
        return tuple((self._labels[int(i)], float(probabilities[i])) for i in order)

    def _scores(self, text: str) -> NDArray[np.float32]:
        index = self._index
        counts = Counter(row for feature in features(text) if (row := index.get(feature)) is not None)
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
        "temperature": model.temperature,
        "bands": asdict(model.bands),
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
                about["temperature"],
                Bands(**about["bands"]),
                {word: tuple(others) for word, others in about["glossary"].items()},
            )
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ArtefactInvalid("the file is no classifier artefact") from error
    if model.weights.shape != (len(model.features), len(model.labels)):
        raise ArtefactInvalid("the classifier's weights do not fit its features and labels")
    return Classifier(model)


def _bytes(text: str) -> NDArray[np.generic]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
