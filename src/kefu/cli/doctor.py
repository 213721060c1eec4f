"""`kefu doctor`: what is configured, reachable, degraded. Changes nothing."""

import asyncio
import os
import platform
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Literal

import httpx
import msgspec
import typer
from rich.markup import escape

import kefu
from kefu.adapters.clocks import system_clock
from kefu.adapters.packs import LoadedPack, load_pack
from kefu.adapters.search.embedded import EmbeddedIndex
from kefu.adapters.storage import Storage
from kefu.cli.environment import settings_of
from kefu.cli.logs import quiet
from kefu.cli.printing import out, show, table
from kefu.errors import KefuError, PackInvalid
from kefu.knowledge.passages import Query
from kefu.knowledge.segment import Segmenter
from kefu.settings import Settings

_ROOM = 2**30
_LITTLE_ROOM = 100 * 2**20
"""Free bytes under which an installation is degraded, or cannot go on."""

_TIMEOUT = 5.0
_WIDGET_FILES = ("widget.js", "index.html")
_REFUSED = (401, 403)
_COLOURS = {"ok": "green", "degraded": "yellow", "failed": "bold red"}

State = Literal["ok", "degraded", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `detail` is one sentence, and says what to do unless all is well."""

    part: str
    state: State
    detail: str


def doctor(*, data_dir: Path | None, pack: str | None, as_json: bool) -> None:
    """Prints every finding; exit code 1 when a part failed."""
    quiet()
    findings = asyncio.run(examine(lambda: settings_of(data_dir=data_dir, pack=pack)))
    if as_json:
        out().out(msgspec.json.encode([asdict(finding) for finding in findings]).decode())
    else:
        rows = table("part", "state", "detail")
        for finding in findings:
            colour = _COLOURS[finding.state]
            rows.add_row(finding.part, f"[{colour}]{finding.state}[/]", escape(finding.detail))
        show(rows)
    if any(finding.state == "failed" for finding in findings):
        raise typer.Exit(1)


async def examine(read_settings: Callable[[], Settings]) -> Sequence[Finding]:
    """The findings of every check that the earlier ones leave possible."""
    versions = f"Kefu {kefu.__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    findings = [Finding("version", "ok", versions)]
    try:
        settings = read_settings()
    except KefuError as error:
        return [*findings, Finding("settings", "failed", error.detail)]
    findings.append(_settings(settings))
    findings += [_disk(settings), await _guarded("database", _database(settings))]
    try:
        loaded = load_pack(settings.pack)
    except PackInvalid as invalid:
        count = len(invalid.problems)
        findings.append(
            Finding("pack", "failed", f"{count} problems; `kefu check {settings.pack}` lists them")
        )
    except KefuError as error:
        findings.append(Finding("pack", "failed", error.detail))
    else:
        findings += [Finding("pack", "ok", loaded.pack.release), _classifier(settings), _index(loaded)]
        findings.append(await _back_office(settings, loaded))
    return [*findings, _widget()]


async def _guarded(part: str, check: Awaitable[Finding]) -> Finding:
    try:
        return await check
    except KefuError as error:
        return Finding(part, "failed", error.detail)


def _settings(settings: Settings) -> Finding:
    given = sorted(name for name in os.environ if name.startswith("KEFU_"))
    return Finding("settings", "ok", ", ".join(given) or f"all defaults, data in {settings.data_dir}")


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir.resolve()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        return Finding("disk", "failed", f"{there} cannot be written to; choose another --data-dir")
    free = shutil.disk_usage(there).free
    state: State = "ok" if free >= _ROOM else "degraded" if free >= _LITTLE_ROOM else "failed"
    return Finding("disk", state, f"{free / 2**30:.1f} GB free at {folder}")


async def _database(settings: Settings) -> Finding:
    path = settings.data_dir / "kefu.db"
    if not path.exists():
        return Finding("database", "ok", f"{path} will be made on the first start")
    async with Storage.embedded(path, system_clock, exclusive=False) as storage:
        count = len(await storage.workspaces())
    size = path.stat().st_size / 2**20
    return Finding("database", "ok", f"{path}, {size:.1f} MB, {count} workspace{'' if count == 1 else 's'}")


def _classifier(settings: Settings) -> Finding:
    folder = settings.models_dir or settings.data_dir / "models"
    if any(folder.glob("classifier-*.npz")):
        return Finding("classifier", "ok", f"trained, in {folder}")
    return Finding("classifier", "ok", "will be trained on the first start; `kefu train` does it now")


def _index(loaded: LoadedPack) -> Finding:
    if not loaded.pack.passages:
        return Finding("index", "degraded", "the pack has no knowledge; questions cannot be answered from it")
    begin = perf_counter()
    index = EmbeddedIndex(loaded.pack.passages, Segmenter(loaded.pack.search_words))
    built = perf_counter() - begin
    title = loaded.pack.passages[0].title
    found = index.search(Query(title, loaded.pack.manifest.clock or system_clock()))
    state: State = "ok" if found else "degraded"
    return Finding("index", state, f"{len(loaded.pack.passages)} passages, built in {built:.2f} s")


async def _back_office(settings: Settings, loaded: LoadedPack) -> Finding:
    manifest = loaded.pack.manifest.backoffice
    if manifest is None:
        return Finding("back office", "ok", "none: the pack names no OpenAPI file")
    if settings.backoffice_url is None:
        if manifest.shop is None:
            return Finding("back office", "degraded", "KEFU_BACKOFFICE_URL is not set: operations cannot run")
        return Finding("back office", "ok", f"the pack's own shop, {len(loaded.operations)} operations")
    token = settings.backoffice_token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with httpx.AsyncClient(headers=headers, timeout=_TIMEOUT) as client:
            answer = await client.get(settings.backoffice_url)
    except httpx.HTTPError as error:
        return Finding("back office", "failed", f"{settings.backoffice_url} cannot be reached: {error}")
    if answer.status_code in _REFUSED:
        return Finding("back office", "failed", "it refuses the token; check KEFU_BACKOFFICE_TOKEN")
    return Finding("back office", "ok", f"{settings.backoffice_url} answers")


def _widget() -> Finding:
    folder = Path(kefu.__file__).parent / "web"
    missing = [name for name in _WIDGET_FILES if not (folder / name).is_file()]
    if missing:
        what = f"{', '.join(missing)} not built: the API works, the widget and the demo page do not"
        return Finding("widget", "degraded", what)
    return Finding(
        "widget", "ok", f"{sum((folder / name).stat().st_size for name in _WIDGET_FILES) // 1024} kB"
    )
