"""`kefu train`: the classifier, trained anew, with the report that its bands were chosen from."""

import asyncio
from pathlib import Path

from rich.table import Table

from kefu.adapters.packs import load_pack
from kefu.cli.environment import settings_of
from kefu.cli.logs import quiet
from kefu.cli.printing import out, progress_bar, show, table
from kefu.learning.train_classifier import Quality, Report
from kefu.wiring import train

_WEAKEST = 10


def training(*, pack: str | None, data_dir: Path | None) -> None:
    """Keeps the artefact where the server looks for it, and prints what held-out utterances said about it."""
    quiet()
    settings = settings_of(pack=pack, data_dir=data_dir)
    loaded = load_pack(settings.pack)
    with progress_bar("training") as progress:
        report = asyncio.run(train(settings, loaded, progress))
    show(_by_style(report))
    show(_by_script(report))
    out().print(
        f"finds {report.out_of_scope_recall:.1%} of what is out of scope, "
        f"takes {report.false_alarms:.1%} of the rest for it"
    )
    if report.mood_accuracy is not None:
        out().print(f"reads the mood of {report.mood_accuracy:.1%} rightly")
    weakest = sorted(report.by_intent.items(), key=lambda item: item[1])[:_WEAKEST]
    out().print("weakest: " + ", ".join(f"{name} {accuracy:.0%}" for name, accuracy in weakest))


def _by_style(report: Report) -> Table:
    rows = table("style", "utterances", "accuracy", "top 3", "ECE")
    for style, quality in report.by_style.items():
        rows.add_row(style or "–", *_cells(quality))
    rows.add_row("[bold]all[/]", *_cells(report.overall))
    return rows


def _by_script(report: Report) -> Table:
    rows = table("script", "utterances", "accepted", "of them right", "acts from", "asks back from")
    for script, accepted in report.by_script.items():
        bands = accepted.calibration.bands
        rows.add_row(
            script,
            str(accepted.count),
            f"{accepted.coverage:.1%}",
            f"{accepted.precision:.1%}",
            f"{bands.accept:.2f}",
            f"{bands.suggest:.2f}",
        )
    return rows


def _cells(quality: Quality) -> tuple[str, str, str, str]:
    return str(quality.count), f"{quality.accuracy:.1%}", f"{quality.top3:.1%}", f"{quality.ece:.3f}"
