"""The drawings of an evaluation, as SVG. The only place that speaks matplotlib, which is an optional extra.

Text stays text in the files: whatever shows them has the fonts, this machine need not.
"""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownParameterType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# matplotlib may be absent, and where it is there, the keywords of its methods have no types.

import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kefu.errors import SettingsInvalid
from kefu.learning.evaluation import Evaluation
from kefu.learning.report import Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kefu",  # the same figures make the same file
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_BLUE, _ORANGE, _GREY = "#3366aa", "#dd7722", "#999999"
_SQUARE = (5.0, 5.0)
_WIDE = (7.0, 4.0)


def require_plots() -> None:
    """Raises `SettingsInvalid`, which says what to install, where nothing can be drawn."""
    if find_spec("matplotlib") is None:
        raise SettingsInvalid(
            "the report's plots need matplotlib, which is not installed: run `uv sync --extra eval`, "
            "or `pip install 'kefu[eval]'`"
        )


def draw(evaluation: Evaluation) -> Sequence[tuple[Plot, bytes]]:
    """Every drawing with its file's contents. Raises `SettingsInvalid` without matplotlib."""
    require_plots()
    plots = (
        (Plot("groups.svg", "意图组混淆 Groups confused"), _SQUARE, _groups),
        (Plot("reliability.svg", "校准图 Reliability"), _SQUARE, _reliability),
        (Plot("risk-coverage.svg", "风险与覆盖 Risk and coverage"), _WIDE, _risk_coverage),
        (Plot("styles.svg", "各文体准确率 Accuracy by style"), _WIDE, _styles),
        (Plot("confidence.svg", "置信度分布 Confidence"), _WIDE, _confidence),
    )
    return [(plot, _svg(size, paint, evaluation)) for plot, size, paint in plots]


def _svg(
    size: tuple[float, float], paint: "Callable[[Axes, Evaluation], None]", evaluation: Evaluation
) -> bytes:
    # Imported here: nothing else of the product needs it, and it takes longer to load than all the rest.
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    buffer = BytesIO()
    with rc_context(_STYLE), warnings.catch_warnings():
        # Only the measuring of labels lacks the glyphs, which the viewer has.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=size, layout="constrained")
        paint(figure.add_subplot(), evaluation)
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _groups(axes: "Axes", evaluation: Evaluation) -> None:
    labels, counts = evaluation.intents.groups.labels, evaluation.intents.groups.counts
    shares = [[count / max(1, sum(row)) for count in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    places = range(len(labels))
    axes.set_xticks(places, labels, rotation=60, ha="right")
    axes.set_yticks(places, labels)
    for row in places:
        for column in places:
            if counts[row][column]:
                colour = "white" if shares[row][column] > 0.5 else "black"
                axes.text(column, row, str(counts[row][column]), ha="center", va="center", color=colour)
    axes.set_xlabel("read as")
    axes.set_ylabel("truth")


def _reliability(axes: "Axes", evaluation: Evaluation) -> None:
    bins = evaluation.confidence.bins
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1)
    lows, width = [one.low for one in bins], [one.high - one.low for one in bins]
    axes.bar(lows, [one.accuracy for one in bins], width, align="edge", color=_BLUE, alpha=0.4)
    axes.plot([one.confidence for one in bins], [one.accuracy for one in bins], "o-", color=_BLUE)
    for one in bins:
        axes.annotate(str(one.count), (one.confidence, one.accuracy), (3, -9), textcoords="offset points")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence", ylabel="accuracy")
    axes.set_title(f"ECE {evaluation.confidence.ece:.3f}")


def _risk_coverage(axes: "Axes", evaluation: Evaluation) -> None:
    curve, actions = evaluation.confidence.curve, evaluation.actions
    axes.plot([point.coverage for point in curve], [1 - point.precision for point in curve], color=_BLUE)
    acted = (actions.acted.share, 1 - actions.right.share)
    axes.plot(*acted, "o", color=_ORANGE)
    axes.annotate(
        "acts without asking", acted, (-6, 4), textcoords="offset points", ha="right", color=_ORANGE
    )
    axes.set(xlim=(0, 1), ylim=(0, None), xlabel="coverage", ylabel="risk (share wrong)")
    axes.set_title(f"AURC {evaluation.confidence.aurc:.3f}")


def _styles(axes: "Axes", evaluation: Evaluation) -> None:
    styles = sorted(evaluation.intents.by_style.items(), key=lambda item: item[1].accuracy.share)
    rates = [quality.accuracy for _, quality in styles]
    shares = [rate.share for rate in rates]
    errors = [[rate.share - rate.low for rate in rates], [rate.high - rate.share for rate in rates]]
    axes.barh([name or "–" for name, _ in styles], shares, xerr=errors, color=_BLUE, ecolor=_GREY)
    axes.axvline(evaluation.intents.overall.accuracy.share, color=_ORANGE, linewidth=1)
    axes.set(xlim=(0, 1), xlabel="accuracy, with its 95 % interval; the line is that of all")


def _confidence(axes: "Axes", evaluation: Evaluation) -> None:
    for counts, label, colour in (
        (evaluation.confidence.in_scope, "in scope", _BLUE),
        (evaluation.confidence.out_of_scope, "out of scope", _ORANGE),
    ):
        total, steps = max(1, sum(counts)), len(counts)
        edges = [step / steps for step in range(steps)]
        shares = [count / total for count in counts]
        axes.bar(edges, shares, 1 / steps, align="edge", color=colour, alpha=0.5, label=label)
    axes.set(xlim=(0, 1), xlabel="confidence of the best guess", ylabel="share of its messages")
    axes.legend(frameon=False)
