"""What commands print: results to standard output, everything else to standard error."""

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kefu.errors import KefuError, PackInvalid

_WIDE = 240
"""Columns where there is no terminal: what is piped into another program must not be cut."""


def out() -> Console:
    """For results. Made anew each time, so that it writes to whatever standard output is now."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)


def table(name: str, *headers: str) -> Table:
    """An empty table. What stands in its first column can be copied: it is never cut."""
    empty = Table(box=None, header_style="bold")
    empty.add_column(name, no_wrap=True, min_width=len(name))
    for header in headers:
        empty.add_column(header)
    return empty


def show(rows: Table) -> None:
    """Prints a table: cells that are too long for a terminal are folded, not cut."""
    out().print(rows, soft_wrap=False)


def err() -> Console:
    """For progress, notes and errors."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def complain(error: KefuError) -> None:
    """The error in one readable message."""
    console = err()
    if not isinstance(error, PackInvalid):
        console.print(f"[bold red]error:[/] {escape(error.detail)}")
        return
    print_problems(str(problem) for problem in error.problems)


def print_problems(lines: Iterable[str]) -> None:
    console, count = err(), 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 -- counted for the summary
        console.print(escape(line))
    console.print(f"[bold red]{count} problem{'' if count == 1 else 's'}[/]")


@contextmanager
def progress_bar(title: str) -> Generator[Callable[[float, str], None]]:
    """A bar that appears with the first report of work and goes away when the block ends."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn(title), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
        console=err(), transient=True,
    )  # fmt: skip
    task = bar.add_task("", total=1.0)

    def report(done: float, text: str) -> None:
        bar.start()
        bar.update(task, completed=done, description=text)

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()
