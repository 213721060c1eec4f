"""`curve`: how accuracy grows with the number of utterances of each intent, for the product's method."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# The keywords of matplotlib's methods have no types.

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from intent_study import looks
from intent_study.results import percent, show, write
from intent_study.sets import IntentSet, fewer, pack_set
from kefu.learning.figures import Rate, rate
from kefu.learning.linear import fit
from kefu.learning.train_classifier import REGULARISATION
from kefu.understanding.catalogue import OUT_OF_SCOPE

SIZES: Sequence[int | None] = (3, 10, 16, 24, 48, 96, 192, None)

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kefu",  # the same figures make the same file
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True, slots=True)
class Point:
    """`most` utterances of each intent, None being all that there are: `taught` in all, their median `each`.
    Accuracies are of messages in scope, out of scope being one of the labels that can be read. `training` is
    in seconds of processor time, features aside."""

    most: int | None
    each: float
    taught: int
    accuracy: Mapping[str, Rate]
    training: float


def draw_curve(out: Path) -> None:
    """Trains with more and more of the pack; `curve.svg` is beside the figures."""
    one, release = pack_set()
    points: list[Point] = []
    for most in SIZES:
        points.append(_point(one, most))
        print(_cells(points[-1]), flush=True)
    title = f"Utterances of each intent, {release}"
    show(title, ["each", "in all", *one.parts, "training, CPU-s"], [_cells(point) for point in points])
    write(out, "curve", {"release": release, "split": one.split, "points": points})
    _draw(points, out / "curve.svg")


def _point(one: IntentSet, most: int | None) -> Point:
    train = fewer(one.train, most)
    seen = looks.see(looks.product, train, one.parts, one.knowledge())
    truth = np.array([one.labels.index(utterance.intent) for utterance in train], dtype=np.intp)
    begin = time.process_time()
    fitted = fit(seen.train, truth, len(one.labels), REGULARISATION)
    training = time.process_time() - begin
    accuracy: dict[str, Rate] = {}
    for name, part in one.parts.items():
        read = [one.labels[best] for best in fitted.scores(seen.parts[name]).argmax(axis=1).tolist()]
        pairs = zip(read, part, strict=True)
        accuracy[name] = rate(found == u.intent for found, u in pairs if u.intent != OUT_OF_SCOPE)
    return Point(most, float(np.median(np.bincount(truth))), len(train), accuracy, training)


def _cells(point: Point) -> list[str]:
    return [
        str(point.most or f"all ({point.each:.0f})"),
        str(point.taught),
        *(percent(accuracy) for accuracy in point.accuracy.values()),
        f"{point.training:.1f}",
    ]


def _draw(points: Sequence[Point], path: Path) -> None:
    with rc_context(_STYLE):
        figure = Figure(figsize=(7.0, 4.0), layout="constrained")
        axes = figure.add_subplot()
        for part, colour in zip(points[0].accuracy, ("#3366aa", "#dd7722"), strict=True):
            rates = [point.accuracy[part] for point in points]
            each = [point.each for point in points]
            axes.fill_between(each, [r.low for r in rates], [r.high for r in rates], color=colour, alpha=0.2)
            axes.plot(each, [r.share for r in rates], "o-", color=colour, label=part)
        axes.set_xscale("log")
        axes.set_xticks([point.each for point in points], [f"{point.each:.0f}" for point in points])
        axes.minorticks_off()
        axes.set(ylim=(0, 1), xlabel="utterances of each intent (median)", ylabel="accuracy in scope")
        axes.legend(frameon=False, loc="lower right")
        figure.savefig(path, format="svg", metadata={"Date": None})
    print(f"written: {path}", flush=True)
