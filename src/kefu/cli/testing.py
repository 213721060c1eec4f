"""`kefu test`: plays the pack's conversation tests and reports like a test runner."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from kefu.adapters.packs import load_pack
from kefu.cli.environment import settings_of
from kefu.cli.logs import quiet
from kefu.cli.printing import err, out, progress_bar
from kefu.cli.test_driver import Played, TurnPlayed, play_all
from kefu.errors import NotFound
from kefu.release.judging import Failure

_WIDTH = 60


def test(*, pack: str | None, only: str | None, jobs: int, as_json: bool, data_dir: Path | None) -> None:
    """Exit code 1 when a test failed. Raises `NotFound` when there is none to run."""
    quiet()
    settings = settings_of(pack=pack, data_dir=data_dir)
    parsed = load_pack(settings.pack).pack
    chosen = [one for one in parsed.tests if only is None or only in one.name or only in one.file]
    if not chosen:
        what = f"no test has `{only}` in its name or file" if only else "the pack has no tests"
        raise NotFound(what)
    show: Callable[[Played], None] = _nothing if as_json else _dot
    with progress_bar("training") as progress:
        start = parsed.manifest.clock
        played = asyncio.run(play_all(chosen, settings, start=start, jobs=jobs, progress=progress, show=show))
    if as_json:
        out().out(msgspec.json.encode([_record(one) for one in played]).decode())
    else:
        _report(played)
    if not all(one.passed for one in played):
        raise typer.Exit(1)


def _dot(played: Played) -> None:
    err().print("[green].[/]" if played.passed else "[bold red]F[/]", end="")


def _nothing(played: Played) -> None:
    """The document at the end says it all."""


def _report(played: Sequence[Played]) -> None:
    console = out()
    err().print()
    failed = [one for one in played if not one.passed]
    for one in failed:
        console.print(f"\n[bold red]FAILED[/] {escape(f'{one.test.file}:{one.test.line} {one.test.name}')}")
        for turn in one.turns:
            _print_turn(console, turn)
        for failure in one.lasting:
            _print_failure(console, failure)
    passed, seconds = len(played) - len(failed), sum(one.seconds for one in played)
    colour = "red" if failed else "green"
    console.print(
        f"\n[bold {colour}]{passed} passed, {len(failed)} failed[/] of {len(played)} ({seconds:.1f} s in all)"
    )


def _print_turn(console: Console, turn: TurnPlayed) -> None:
    mark = "[red]✗[/]" if turn.failures else "[green]✓[/]"
    console.print(f"  {mark} [dim]{turn.line:>4}[/] {escape(turn.user)}")
    if turn.failures:
        reply = turn.reply.replace("\n", " ")
        console.print(f"         [dim]→ {escape(reply[:_WIDTH])}{'…' if len(reply) > _WIDTH else ''}[/]")
    for failure in turn.failures:
        _print_failure(console, failure)


def _print_failure(console: Console, failure: Failure) -> None:
    console.print(f"         [dim]line {failure.line}[/]")
    console.print(f"         [green]expected[/] {escape(failure.expected)}")
    console.print(f"         [red]actual  [/] {escape(failure.actual)}")


def _record(played: Played) -> dict[str, object]:
    return {
        "name": played.test.name,
        "file": played.test.file,
        "line": played.test.line,
        "passed": played.passed,
        "seconds": round(played.seconds, 3),
        "turns": [
            {
                "user": turn.user,
                "line": turn.line,
                "reply": turn.reply,
                "failures": turn.failures,
            }
            for turn in played.turns
        ],
        "finally": played.lasting,
    }
