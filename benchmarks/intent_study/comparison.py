"""`methods`: many methods on the same rows."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from intent_study import looks, methods
from intent_study.looks import Look, Seen
from intent_study.methods import Method, Trained
from intent_study.results import percent, show, write
from intent_study.sets import PACK, IntentSet, data_folder, fewer, pack_set, public_set, some
from kefu.learning.figures import Rate, rate
from kefu.learning.linear import Labels, Scores
from kefu.understanding.catalogue import Utterance

T = TypeVar("T")

_STEPS = 60
_TOP = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """Of all messages of a part, out of scope being a label like any other."""

    accuracy: Rate
    top3: Rate
    by_style: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Row:
    """`training` is in seconds of processor time, features aside; `reading` and `scoring` are in
    microseconds of it a message, in one batch; `size` is in bytes."""

    method: str
    sees: str
    parts: Mapping[str, Judged]
    training: float
    reading: float
    scoring: float
    size: int


_PRODUCT = "as the product"
_LOOKS: Mapping[str, Look] = {
    "words 1–2": looks.of(looks.words),
    "characters": looks.of(looks.characters),
    "words, characters": looks.of(looks.both),
    "words, characters, syllables": looks.of(looks.both, sound=True),
    _PRODUCT: looks.product,
}

_SVC, _LR, _KNN, _FASTTEXT, _NETWORK = "linear SVC", "LR", "nearest 15", "fastText-like", "network"
_METHODS: Mapping[str, Method] = {
    _SVC: methods.support_vectors,
    _LR: partial(methods.logistic_regression, steps=_STEPS),
    "complement NB": methods.complement_bayes,
    "NB-SVM": methods.bayes_support_vectors,
    "nearest 5": partial(methods.nearest, neighbours=5),
    _KNN: partial(methods.nearest, neighbours=15),
    "nearest 30": partial(methods.nearest, neighbours=30),
    "SVD 256 + LR": partial(methods.embedded, steps=_STEPS),
    _FASTTEXT: methods.fasttext,
    _NETWORK: methods.network,
}
_ENSEMBLES = ((_SVC, _LR), (_SVC, _KNN), (_SVC, _FASTTEXT), (_SVC, _NETWORK), (_SVC, _FASTTEXT, _NETWORK))


def compare(names: Sequence[str], data: Path | None, most: int | None, judged: int, out: Path) -> None:
    """Compares all methods on each set. Raises `DataMissing`."""
    for name in names:
        one, about = pack_set() if name == PACK else (public_set(name, data_folder(data)), "")
        train = fewer(one.train, most)
        parts = {part: some(own, judged) for part, own in one.parts.items()}
        counts = ", ".join(f"{len(own)} {part}" for part, own in parts.items())
        name_of = f"{name}, {about}" if about else name
        title = f"{name_of}: {len(train)} to learn from, {counts}, {len(one.labels)} labels"
        print(f"{title}; {one.split}", flush=True)
        rows = list(_Comparison(one, train, parts).rows())
        show(title, *_table(rows, tuple(parts)))
        write(out, f"methods-{name}", {"set": title, "split": one.split, "rows": rows})


class _Comparison:
    def __init__(
        self, one: IntentSet, train: Sequence[Utterance], parts: Mapping[str, Sequence[Utterance]]
    ) -> None:
        self._train, self._parts, self._knowledge = train, parts, one.knowledge()
        numbers = {label: number for number, label in enumerate(one.labels)}
        self._count = len(numbers)
        self._taught = _numbers(train, numbers)
        self._truth = {name: _numbers(part, numbers) for name, part in parts.items()}

    def rows(self) -> list[Row]:
        rows: list[Row] = []
        seen = None
        for sees, look in _LOOKS.items():
            seen = looks.see(look, self._train, self._parts, self._knowledge)
            if sees != _PRODUCT:
                rows.append(self._row(_SVC, sees, seen)[0])
        assert seen is not None
        found: dict[str, tuple[Row, Trained, Mapping[str, Scores]]] = {}
        for name in _METHODS:
            found[name] = self._row(name, _PRODUCT, seen)
            rows.append(found[name][0])
        return rows + [self._ensemble([found[name] for name in names]) for names in _ENSEMBLES]

    def _row(self, name: str, sees: str, seen: Seen) -> tuple[Row, Trained, Mapping[str, Scores]]:
        trained, training = _timed(partial(_METHODS[name], seen.train, self._taught, self._count))
        timed = {part: _timed(partial(trained.scores, rows)) for part, rows in seen.parts.items()}
        scores = {part: found for part, (found, _) in timed.items()}
        scoring = sum(took for _, took in timed.values()) / sum(map(len, self._truth.values())) * 1e6
        row = Row(name, sees, self._judged(scores), training, seen.microseconds, scoring, trained.size)
        print(f"{name}, {sees}: {_accuracies(row)} {training:.1f} s", flush=True)
        return row, trained, scores

    def _ensemble(self, members: Sequence[tuple[Row, Trained, Mapping[str, Scores]]]) -> Row:
        rows, trained = [row for row, _, _ in members], [one for _, one, _ in members]
        scores = {
            part: methods.together(trained, [given[part] for _, _, given in members]) for part in self._parts
        }
        return Row(
            " + ".join(row.method for row in rows),
            _PRODUCT,
            self._judged(scores),
            sum(row.training for row in rows),
            rows[0].reading,
            sum(row.scoring for row in rows),
            sum(row.size for row in rows),
        )

    def _judged(self, scores: Mapping[str, Scores]) -> Mapping[str, Judged]:
        return {part: _judge(own, self._truth[part], self._parts[part]) for part, own in scores.items()}


def _judge(scores: Scores, truth: Labels, utterances: Sequence[Utterance]) -> Judged:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :_TOP]
    right = order[:, 0] == truth
    styles = np.array([utterance.style for utterance in utterances])
    by_style = {style: rate(right[styles == style].tolist()) for style in dict.fromkeys(styles.tolist())}
    return Judged(
        rate(right.tolist()),
        rate((order == truth[:, None]).any(axis=1).tolist()),
        by_style if len(by_style) > 1 else {},
    )


def _numbers(utterances: Sequence[Utterance], labels: Mapping[str, int]) -> Labels:
    """The labels' numbers; one that nothing teaches can never be right."""
    return np.array([labels.get(utterance.intent, -1) for utterance in utterances], dtype=np.intp)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.process_time()
    return work(), time.process_time() - begin


def _accuracies(row: Row) -> str:
    return ", ".join(f"{part} {judged.accuracy.share:.4f}" for part, judged in row.parts.items())


def _table(rows: Sequence[Row], parts: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    header = ["method", "sees"]
    for part in parts:
        header += [f"accuracy, {part}", "top 3"]
    header += ["training, CPU-s", "µs a message", "MB"]
    return header, [
        [
            row.method,
            row.sees,
            *(
                cell
                for part in parts
                for cell in (percent(row.parts[part].accuracy), f"{row.parts[part].top3.share:.1%}")
            ),
            f"{row.training:.1f}",
            f"{row.reading:.0f} + {row.scoring:.0f}",
            f"{row.size / 1e6:.1f}",
        ]
        for row in rows
    ]
