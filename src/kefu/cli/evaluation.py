"""`kefu eval understanding`: the validation part, read as customers' messages are read, and judged."""

import asyncio
import platform
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import typer
from rich.markup import escape

import kefu
from kefu.adapters.clocks import system_clock
from kefu.adapters.packs import LoadedPack, load_pack
from kefu.adapters.subprocesses import Progress
from kefu.cli.environment import settings_of
from kefu.cli.files import write_file, write_json
from kefu.cli.logs import quiet
from kefu.cli.printing import err, out, progress_bar, show, table
from kefu.cli.thresholds import failures, parse_thresholds
from kefu.errors import NotFound
from kefu.learning.evaluation import Cost, Evaluation, evaluate
from kefu.learning.headline import Figure, headline
from kefu.learning.plots import draw, require_plots
from kefu.learning.report import Subject, markdown
from kefu.learning.tables import Section, sections
from kefu.settings import Settings
from kefu.understanding.catalogue import OUT_OF_SCOPE
from kefu.understanding.reading import Context, Reading, Understanding
from kefu.wiring import build

_WARM_UP = "預熱 warm up"
"""Read before the clock runs, in both scripts: loading tables is the start's cost, not a message's."""


def understanding(
    *,
    pack: str | None,
    data_dir: Path | None,
    json_file: Path | None,
    report: Path | None,
    fail_under: str | None,
    fail_over: str | None,
) -> None:
    """Exit code 1 when a threshold is not met. Raises `NotFound` for a pack without a validation part."""
    quiet()
    thresholds = parse_thresholds(fail_under, fail_over)
    if report is not None:
        require_plots()
    settings = settings_of(pack=pack, data_dir=data_dir)
    loaded = load_pack(settings.pack)
    with progress_bar("training") as progress:
        evaluation = asyncio.run(_evaluated(settings, loaded, progress))
    figures = headline(evaluation)
    subject = _subject(loaded)
    _print(evaluation, subject)
    if json_file is not None:
        write_json(json_file, _record(evaluation, subject, figures))
    if report is not None:
        _write_report(report, evaluation, subject)
    missed = failures(thresholds, figures)
    for sentence in missed:
        err().print(f"[bold red]failed[/] {escape(sentence)}")
    if missed:
        raise typer.Exit(1)


async def _evaluated(settings: Settings, loaded: LoadedPack, progress: Progress) -> Evaluation:
    pack = loaded.pack
    if all(utterance.intent == OUT_OF_SCOPE for utterance in pack.validation):
        raise NotFound("the pack has no validation part: write validation/<intent>.txt, see docs/packs.md")
    sets = pack.validation_sets.by_name().values()
    texts = [message.text for messages in (pack.validation, *sets) for message in messages]
    context = Context(pack.manifest.clock or system_clock())
    models = settings.models_dir or settings.data_dir / "models"
    with tempfile.TemporaryDirectory(prefix="kefu-eval-") as folder:
        apart = replace(settings, data_dir=Path(folder), models_dir=models)
        async with build(apart, progress=progress) as application:
            readings, cost = await _read(application.bot.understanding, texts, context)
    return evaluate(pack.intents, pack.validation, pack.validation_sets, readings, cost)


async def _read(
    reader: Understanding, texts: Iterable[str], context: Context
) -> tuple[Mapping[str, Reading], Cost]:
    """Each text once: whatever the reader remembers of messages is of no use to it."""
    distinct = list(dict.fromkeys(texts))
    await reader.read(_WARM_UP, context)
    begin = time.process_time()
    readings = {text: await reader.read(text, context) for text in distinct}
    return readings, Cost(len(distinct), time.process_time() - begin)


def _subject(loaded: LoadedPack) -> Subject:
    program = f"Kefu {kefu.__version__}, Python {platform.python_version()}, {platform.machine()}"
    titles = {intent.name: intent.title for intent in loaded.pack.intents}
    return Subject(loaded.pack.release, program, titles)


def _print(evaluation: Evaluation, subject: Subject) -> None:
    console = out()
    for section in sections(evaluation, subject.titles):
        if section.brief:
            console.print(f"\n[bold]{escape(section.title)}[/]")
            _print_section(section)


def _print_section(section: Section) -> None:
    if section.header:
        rows = table(*section.header)
        for row in section.rows:
            rows.add_row(*map(escape, row))
        show(rows)
    if section.note:
        out().print(f"[dim]{escape(section.note)}[/]")


def _record(evaluation: Evaluation, subject: Subject, figures: Sequence[Figure]) -> object:
    return {
        "release": subject.release,
        "program": subject.program,
        "headline": {figure.name: figure.value for figure in figures},
        "figures": evaluation,
    }


def _write_report(folder: Path, evaluation: Evaluation, subject: Subject) -> None:
    plots = draw(evaluation)
    for plot, contents in plots:
        write_file(folder / plot.file, contents)
    text = markdown(evaluation, subject, [plot for plot, _ in plots])
    write_file(folder / "report.md", text.encode())
    err().print(f"[dim]{escape(str(folder / 'report.md'))}[/]")
