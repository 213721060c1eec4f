"""The classifier tier's model: linear heads over TF-IDF features, with probabilities that mean what they say.

Where a sentence-embedding model is configured, a second head of the intents looks at the message's vector.

Serving needs numpy alone. The artefact is made by `kefu.learning.train_classifier`.
"""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar, cast, get_args

import numpy as np
from numpy.typing import NDArray

from kefu.conversation.values import Record
from kefu.errors import OperatorError
from kefu.understanding.catalogue import OUT_OF_SCOPE
from kefu.understanding.embedding import Vector
from kefu.understanding.features import VIEWS, FeatureReader, LanguageKnowledge, has_han
from kefu.understanding.reading import Sentiment
from kefu.understanding.request_judge import UNTAUGHT, RequestJudge

FORMAT = 3
"""The version of the artefact's layout; another one is refused instead of misread."""

RANKED = 5
"""How many intents a prediction lists."""
_REMEMBERED = 4096
_SEVERAL = "several"

F = TypeVar("F", bound=np.floating[Any])

Script = Literal["han", "latin"]
SCRIPTS: tuple[Script, ...] = get_args(Script)
"""Messages with a Chinese character, and all others. The model knows the two differently well."""

Ranking = tuple[tuple[str, float], ...]
"""Labels with their probabilities, the likeliest first."""


def script_of(text: str) -> Script:
    """The script whose calibration holds for a message."""
    return "han" if has_han(text) else "latin"


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
    `temperature` (Guo et al. 2017, On Calibration of Modern Neural Networks).

    A message is out of scope when that is at least `outside` times as likely as the likeliest intent.
    """

    temperature: float
    bands: Bands
    outside: float


@dataclass(frozen=True, slots=True)
class View:
    """The features of one way of looking at a message, and how rare each is."""

    features: tuple[str, ...]
    idf: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """`weights` has a row for each feature of all views and a column for each label."""

    labels: tuple[str, ...]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Blend:
    """How the intents' two heads judge a message of one script together: `weight` is the share of the
    sentence head, whose scores are divided by `temperature`; `calibration` is that of both together."""

    weight: float
    temperature: float
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class SentenceHead:
    """A head over the vectors of the sentence-embedding model named `model`. `weights` has a row for each of
    their numbers."""

    model: str
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    blends: Mapping[Script, Blend]

    @property
    def dimension(self) -> int:
        return len(self.weights)


@dataclass(frozen=True, slots=True)
class Model:
    """`views` are in the order of `features.VIEWS`. `sentiment` is there when moods were taught; its
    temperature is that of all scripts. `calibrations` hold where no vector is known; `sentences` is there
    when an embedding model helped. `several`, with one label, and `request_judge` tell several requests from
    one."""

    views: tuple[View, ...]
    intents: Head
    calibrations: Mapping[Script, Calibration]
    knowledge: LanguageKnowledge
    sentiment: Head | None = None
    sentiment_temperature: float = 1.0
    sentences: SentenceHead | None = None
    several: Head | None = None
    request_judge: RequestJudge = UNTAUGHT


@dataclass(frozen=True, slots=True)
class Prediction:
    """`intents` are the likeliest ones, `RANKED` at most; `nothing` is the probability that the message is of
    no intent, and `outside` whether that is believed. `bands` is what confidence falls into. `mood` is empty
    when none was taught. `several` is how much the wording sounds like several requests, around 0."""

    intents: Ranking
    nothing: float
    outside: bool
    bands: Bands
    mood: tuple[tuple[Sentiment, float], ...] = ()
    several: float = 0.0


def no_vector(_: str) -> Vector | None:
    """What is known of any text where no embedding model is."""
    return None


class Classifier:
    """Predicts from a model that is held in memory; safe to share between tasks.

    `vector_of` says the vector of a cleaned text, or None: then the TF-IDF features alone decide, with the
    calibration of their own.
    """

    def __init__(self, model: Model, vector_of: Callable[[str], Vector | None] = no_vector) -> None:
        self._reader = FeatureReader(model.knowledge)
        self._calibrations = model.calibrations
        self._views: list[tuple[Mapping[str, int], NDArray[np.float32], int, float]] = []
        offset = 0
        for view, weight in zip(model.views, VIEWS.values(), strict=True):
            index = {feature: row for row, feature in enumerate(view.features)}
            self._views.append((index, view.idf, offset, weight))
            offset += len(index)
        self._labels = model.intents.labels
        self._outside = self._labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self._labels else None
        self._moods = model.sentiment.labels if model.sentiment else ()
        self._mood_temperature = model.sentiment_temperature
        self._knows_several = model.several is not None
        self.request_judge = model.request_judge
        heads = [head for head in (model.intents, model.sentiment, model.several) if head]
        # One matrix, so that a message's rows are fetched once for all heads.
        self._weights = np.concatenate([head.weights for head in heads], axis=1)
        self._bias = np.concatenate([head.bias for head in heads])
        self._sentences = model.sentences
        if model.sentences:
            self._meanings = model.sentences.weights.astype(np.float32)
        self._vector_of = vector_of
        # Customers ask alike, and alike but for the order number. An entry takes some 2 kB.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._predict)

    @property
    def labels(self) -> Sequence[str]:
        return self._labels

    def listens(self, text: str) -> bool:
        """Whether the vector of a cleaned message would count."""
        return self._sentences is not None and self._sentences.blends[script_of(text)].weight > 0

    def predict(self, text: str) -> Prediction:
        """What a cleaned message asks for, and in which mood."""
        shape, script = self._reader.shape(text), script_of(text)
        if self._sentences is not None and (vector := self._vector_of(text)) is not None:
            return self._predict_with(vector, self._sentences, shape, script)
        return self._remembered(shape, script)

    def _predict(self, shape: str, script: Script) -> Prediction:
        scores, calibration = self._scores(shape), self._calibrations[script]
        count = len(self._labels)
        return self._prediction(scores[:count], calibration, scores[count:])

    def _predict_with(self, vector: Vector, head: SentenceHead, shape: str, script: Script) -> Prediction:
        scores, blend = self._scores(shape), head.blends[script]
        count = len(self._labels)
        worded = scores[:count] / self._calibrations[script].temperature
        meant = (vector @ self._meanings + head.bias) / np.float32(blend.temperature)
        return self._prediction(blended(worded, meant, blend.weight), blend.calibration, scores[count:])

    def _prediction(
        self, scores: NDArray[np.float32], calibration: Calibration, others: NDArray[np.float32]
    ) -> Prediction:
        probabilities = _softmax(scores / calibration.temperature)
        nothing = 0.0
        if self._outside is not None:
            nothing = float(probabilities[self._outside])
            probabilities[self._outside] = -1.0
        order = _descending(probabilities)[:RANKED]
        intents = tuple((self._labels[i], float(probabilities[i])) for i in order if i != self._outside)
        outside = self._outside is not None and nothing >= calibration.outside * intents[0][1]
        several = float(others[-1]) if self._knows_several else 0.0
        mood = self._mood(others[: len(self._moods)])
        return Prediction(intents, nothing, outside, calibration.bands, mood, several)

    def _mood(self, scores: NDArray[np.float32]) -> tuple[tuple[Sentiment, float], ...]:
        if not self._moods:
            return ()
        probabilities = _softmax(scores / self._mood_temperature)
        order = _descending(probabilities)
        moods = cast("Sequence[Sentiment]", self._moods)
        return tuple((moods[i], float(probabilities[i])) for i in order)

    def _scores(self, shape: str) -> NDArray[np.float32]:
        rows: list[NDArray[np.intp]] = []
        values: list[NDArray[np.float32]] = []
        for tokens, (index, idf, offset, weight) in zip(self._reader.tokens(shape), self._views, strict=True):
            counts = Counter([index[token] for token in tokens if token in index])
            if not counts:
                continue
            known = np.array([*counts], dtype=np.intp)
            tfidf = (1 + np.log(np.array([*counts.values()], dtype=np.float32))) * idf[known]
            rows.append(known + offset)
            values.append(tfidf * np.float32(weight / np.sqrt(tfidf @ tfidf)))
        if not rows:
            return self._bias
        # Half precision is for the memory: arithmetic in it is slow.
        weights = self._weights[np.concatenate(rows)].astype(np.float32)
        return cast("NDArray[np.float32]", np.concatenate(values) @ weights + self._bias)


def blended(worded: NDArray[F], meant: NDArray[F], weight: float) -> NDArray[F]:
    """The scores of both heads together, each divided by its temperature before: a logarithmic pool of their
    probabilities (Genest & Zidek 1986, Combining Probability Distributions)."""
    return cast("NDArray[F]", (1 - weight) * worded + weight * meant)


def dump_classifier(model: Model) -> bytes:
    """The artefact: a `.npz` file whose bytes depend on the model alone."""
    about: Record = {
        "format": FORMAT,
        "labels": model.intents.labels,
        "calibrations": {script: asdict(model.calibrations[script]) for script in SCRIPTS},
        "moods": model.sentiment.labels if model.sentiment else (),
        "mood_temperature": model.sentiment_temperature,
        "knowledge": asdict(model.knowledge),
        "request_judge": asdict(model.request_judge),
    }
    if model.sentences:
        blends = {script: asdict(model.sentences.blends[script]) for script in SCRIPTS}
        about["sentences"] = {"model": model.sentences.model, "blends": blends}
    arrays: dict[str, NDArray[np.generic]] = {
        "about": _bytes(json.dumps(about)),
        "weights": model.intents.weights,
        "bias": model.intents.bias,
    }
    for name, view in zip(VIEWS, model.views, strict=True):
        arrays[f"{name}_features"] = _bytes("\n".join(view.features))
        arrays[f"{name}_idf"] = view.idf
    if model.sentences:
        arrays |= {"sentence_weights": model.sentences.weights, "sentence_bias": model.sentences.bias}
    if model.sentiment:
        arrays |= {"mood_weights": model.sentiment.weights, "mood_bias": model.sentiment.bias}
    if model.several:
        arrays |= {"several_weights": model.several.weights, "several_bias": model.several.bias}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.save(entry, array, allow_pickle=False)
            # A fixed date: `numpy.savez` would put the hour of training into the file.
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), entry.getvalue())
    return buffer.getvalue()


def load_classifier(data: bytes) -> Classifier:
    """The classifier that an artefact holds, where no vector is known. Raises `ArtefactInvalid`."""
    return Classifier(load_model(data))


def load_model(data: bytes) -> Model:
    """The model that an artefact holds.

    Raises:
        ArtefactInvalid: it holds none, or one of another format; train it again.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            about = json.loads(bytes(arrays["about"]))
            if about["format"] != FORMAT:
                raise ArtefactInvalid(f"classifier format {about['format']}, this release reads {FORMAT}")
            model = _model(about, arrays)
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ArtefactInvalid("the file is no classifier artefact") from error
    rows = sum(len(view.features) for view in model.views)
    for head in (model.intents, model.sentiment, model.several):
        if head and head.weights.shape != (rows, len(head.labels)):
            raise ArtefactInvalid("the classifier's weights do not fit its features and labels")
    sentences = model.sentences
    if sentences and sentences.weights.shape != (sentences.dimension, len(model.intents.labels)):
        raise ArtefactInvalid("the weights for sentence vectors do not fit the labels")
    return model


def _model(about: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    return Model(
        tuple(View(_lines(arrays[f"{name}_features"]), arrays[f"{name}_idf"]) for name in VIEWS),
        Head(tuple(about["labels"]), arrays["weights"], arrays["bias"]),
        {script: _calibration(about["calibrations"][script]) for script in SCRIPTS},
        LanguageKnowledge(
            {word: tuple(others) for word, others in about["knowledge"]["glossary"].items()},
            about["knowledge"]["syllables"],
        ),
        Head(tuple(about["moods"]), arrays["mood_weights"], arrays["mood_bias"]) if about["moods"] else None,
        about["mood_temperature"],
        _sentence_head(about["sentences"], arrays) if "sentences" in about else None,
        Head((_SEVERAL,), arrays["several_weights"], arrays["several_bias"])
        if "several_weights" in arrays
        else None,
        RequestJudge(**about["request_judge"]),
    )


def _calibration(known: dict[str, Any]) -> Calibration:
    return Calibration(known["temperature"], Bands(**known["bands"]), known["outside"])


def _sentence_head(about: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> SentenceHead:
    blends: dict[Script, Blend] = {
        script: Blend(known["weight"], known["temperature"], _calibration(known["calibration"]))
        for script in SCRIPTS
        if (known := about["blends"][script])
    }
    return SentenceHead(about["model"], arrays["sentence_weights"], arrays["sentence_bias"], blends)


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    exponents = np.exp(scores - scores.max())
    return cast("NDArray[np.float32]", exponents / exponents.sum())


def _descending(values: NDArray[np.float32]) -> list[int]:
    return cast("list[int]", np.argsort(-values, kind="stable").tolist())


def _bytes(text: str) -> NDArray[np.generic]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _lines(data: NDArray[Any]) -> tuple[str, ...]:
    text = bytes(data).decode()
    return tuple(text.split("\n")) if text else ()
