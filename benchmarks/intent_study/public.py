"""`public`: the product's training on public sets, beside plain TF-IDF with a linear SVC in the same run."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportAttributeAccessIssue=false
# scikit-learn has no types.

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.svm import LinearSVC

from intent_study import looks
from intent_study.looks import Look
from intent_study.results import percent, show, write
from intent_study.sets import IntentSet, data_folder, public_set
from kefu.learning.figures import Rate, rate
from kefu.learning.material import Material
from kefu.learning.train_classifier import train_classifier
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.classifier import Classifier, load_classifier
from kefu.understanding.text import clean

_REFERENCES: Mapping[str, Look] = {
    "words": looks.of(looks.words),
    "words and characters": looks.of(looks.both),
}

PUBLISHED: Mapping[str, tuple[float, float]] = {
    "SVM": (0.910, 0.145),
    "FastText": (0.890, 0.097),
    "MLP": (0.935, 0.474),
    "BERT": (0.969, 0.403),
}
"""In-scope accuracy and out-of-scope recall on the official test part of CLINC150, trained with its
out-of-scope examples: Larson et al. 2019, An Evaluation Dataset for Intent Classification and Out-of-Scope
Prediction, table 2, full data, oos-train. Quoted from memory, not checked against the paper."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`label` is the first reading, `unweighed` the likeliest label, whatever the threshold for being out of
    scope. `likeliest` are the first three intents; `accepted` says whether the reading is acted on."""

    label: str
    unweighed: str
    likeliest: tuple[str, ...]
    accepted: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """`inside`: of messages in scope, the share that is read rightly; `recall`: of those out of scope, the
    share known as such; `false_alarms`: of messages in scope, the share taken for out of scope."""

    inside: Rate
    recall: Rate
    false_alarms: Rate


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one set. `coverage` and `precision` are those of the accepted band, messages out of scope aside.
    `training` is in seconds of processor time, the folds that calibrate included; `reading` in microseconds
    a message, one after another. `references` are accuracies; `scopes` is empty without messages out of
    scope."""

    name: str
    split: str
    train: int
    test: int
    labels: int
    accuracy: Rate
    top3: Rate
    coverage: Rate
    precision: Rate
    training: float
    reading: float
    size: int
    references: Mapping[str, Rate]
    scopes: Mapping[str, Scope]


def judge_public(names: Sequence[str], data: Path | None, out: Path) -> None:
    """Judges the product on each set. Raises `DataMissing`."""
    folder = data_folder(data)
    found: list[Figures] = []
    for name in names:
        found.append(_figures(public_set(name, folder)))
        print(_cells(found[-1]), flush=True)
    show("Public sets", _HEADER, [_cells(one) for one in found])
    for one in found:
        if one.scopes:
            show(f"Out of scope, {one.name}", *_scope_table(one))
    write(out, "public", found)


def _figures(one: IntentSet) -> Figures:
    test = next(iter(one.parts.values()))
    begin = time.process_time()
    artefact = train_classifier(Material(one.train)).artefact
    training = time.process_time() - begin
    readings, microseconds = _read(load_classifier(artefact), test)
    labels = [reading.label for reading in readings]
    references = {name: _reference(look, one, test) for name, look in _REFERENCES.items()}
    unweighed = [reading.unweighed for reading in readings]
    read = {
        "Kefu": labels,
        "Kefu, the likeliest label": unweighed,
        **{f"LinearSVC, {name}": found for name, found in references.items()},
    }
    outside = any(utterance.intent == OUT_OF_SCOPE for utterance in test)
    inside = [(r, u) for r, u in zip(readings, test, strict=True) if u.intent != OUT_OF_SCOPE]
    return Figures(
        one.name,
        one.split,
        len(one.train),
        len(test),
        len(one.labels),
        _accuracy(labels, test),
        rate(u.intent in r.likeliest for r, u in inside),
        rate(r.accepted for r, _ in inside),
        rate(r.label == u.intent for r, u in inside if r.accepted),
        training,
        microseconds,
        len(artefact),
        {name: _accuracy(found, test) for name, found in references.items()},
        {name: _scope(found, test) for name, found in read.items()} if outside else {},
    )


def _read(classifier: Classifier, test: Sequence[Utterance]) -> tuple[list[Reading], float]:
    texts = [clean(utterance.text).text for utterance in test]
    classifier.predict("warm up")
    begin = time.process_time()
    predictions = [classifier.predict(text) for text in texts]
    took = time.process_time() - begin
    readings = [
        Reading(
            OUT_OF_SCOPE if found.outside else found.intents[0][0],
            OUT_OF_SCOPE if found.nothing >= found.intents[0][1] else found.intents[0][0],
            tuple(label for label, _ in found.intents[:3]),
            not found.outside and found.intents[0][1] >= found.bands.accept,
        )
        for found in predictions
    ]
    return readings, took / len(texts) * 1e6


def _reference(look: Look, one: IntentSet, test: Sequence[Utterance]) -> list[str]:
    """What LinearSVC reads with scikit-learn's own settings."""
    seen = looks.see(look, one.train, {"test": test}, one.knowledge())
    truth = np.array([utterance.intent for utterance in one.train])
    machine = LinearSVC(random_state=0).fit(seen.train, truth)
    return machine.predict(seen.parts["test"]).tolist()


def _accuracy(labels: Sequence[str], test: Sequence[Utterance]) -> Rate:
    return rate(label == utterance.intent for label, utterance in zip(labels, test, strict=True))


def _scope(labels: Sequence[str], test: Sequence[Utterance]) -> Scope:
    pairs = [(label, utterance.intent) for label, utterance in zip(labels, test, strict=True)]
    inside = [(found, truth) for found, truth in pairs if truth != OUT_OF_SCOPE]
    return Scope(
        rate(found == truth for found, truth in inside),
        rate(found == OUT_OF_SCOPE for found, truth in pairs if truth == OUT_OF_SCOPE),
        rate(found == OUT_OF_SCOPE for found, _ in inside),
    )


_HEADER = [
    "set",
    "train / judged / labels",
    "Kefu",
    "its first three",
    *(f"LinearSVC, {name}" for name in _REFERENCES),
    "accepted",
    "of it right",
    "training, CPU-s",
    "µs a message",
    "MB",
]


def _cells(one: Figures) -> list[str]:
    return [
        one.name,
        f"{one.train} / {one.test} / {one.labels}",
        percent(one.accuracy),
        f"{one.top3.share:.1%}",
        *(percent(one.references[name]) for name in _REFERENCES),
        f"{one.coverage.share:.1%}",
        f"{one.precision.share:.1%}",
        f"{one.training:.0f}",
        f"{one.reading:.0f}",
        f"{one.size / 1e6:.1f}",
    ]


def _scope_table(one: Figures) -> tuple[list[str], list[list[str]]]:
    rows = [
        [name, percent(scope.inside), percent(scope.recall), percent(scope.false_alarms)]
        for name, scope in one.scopes.items()
    ]
    if one.name == "clinc150":
        rows += [
            [f"published: {name}", f"{inside:.1%}", f"{recall:.1%}", "–"]
            for name, (inside, recall) in PUBLISHED.items()
        ]
    return ["", "in-scope accuracy", "out-of-scope recall", "false alarms"], rows
