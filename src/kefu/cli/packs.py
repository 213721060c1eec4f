"""`kefu init`, `check`, `release` and `flows`: what is done with a pack's files alone."""

import re
import shutil
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from kefu.adapters.packs import SKELETON_FOLDER, LoadedPack, built_in_packs, load_pack, read_pack
from kefu.cli.environment import pack_location
from kefu.cli.printing import out, print_problems, show, table
from kefu.errors import BadRequest, Conflict, NotFound, PackInvalid
from kefu.flows.graph import mermaid
from kefu.release.files import MANIFEST, did_you_mean
from kefu.release.manifest import PACK_NAME
from kefu.release.pack import release_id

_SKELETON_NAME = "my-shop"


def init(folder: Path) -> None:
    """Copies the skeleton. Raises `BadRequest` or `Conflict`, having written nothing."""
    name = folder.resolve().name
    if not PACK_NAME.fullmatch(name):
        raise BadRequest(
            f"`{name}` cannot be a pack's name: at most 40 lower-case letters, digits and -, a letter first"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"`{folder}` exists and is not an empty folder; choose another name")
    shutil.copytree(SKELETON_FOLDER, folder, dirs_exist_ok=True)
    manifest = folder / MANIFEST
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(re.sub(rf"\b{_SKELETON_NAME}\b", name, text), encoding="utf-8")
    console = out()
    console.print(f"[bold green]made[/] {escape(str(folder))}")
    shown = escape(str(folder) if str(folder).startswith((".", "/")) else f"./{folder}")
    for command, what in (
        ("check", "检查文件 check the files"),
        ("test", "对话测试 run its conversation tests"),
        ("chat --pack", "聊一聊 talk to it"),
        ("serve --pack", "上线 serve it"),
    ):
        console.print(f"  kefu {command} {shown}   [dim]# {what}[/]")


def check(pack: str | None) -> None:
    """Prints what the pack holds. Every problem otherwise, and exit code 1."""
    location = pack_location(pack)
    try:
        loaded = load_pack(location)
    except PackInvalid as invalid:
        # Paths from here, so that an editor can open them.
        folder = "" if location in built_in_packs() else f"{location.rstrip('/')}/"
        print_problems(f"{folder}{problem}" for problem in invalid.problems)
        raise typer.Exit(1) from invalid
    show(_summary(loaded))
    out().print(f"[bold green]no problems[/] {loaded.pack.release}")


def release(pack: str | None) -> None:
    out().print(release_id(read_pack(pack_location(pack))))


def graph(flow: str, *, pack: str | None) -> None:
    """Raises `NotFound` when the pack has no such flow."""
    flows = load_pack(pack_location(pack)).pack.flows.flows
    if flow not in flows:
        raise NotFound(f"there is no flow `{flow}`{did_you_mean(flow, flows)}")
    out().print(mermaid(flows[flow]), end="", markup=False)


def list_flows(pack: str | None) -> None:
    rows = table("flow", "title", "started by", "steps")
    for flow in load_pack(pack_location(pack)).pack.flows.flows.values():
        starts = ", ".join(flow.intents) or "other flows"
        rows.add_row(flow.name, flow.title.get("zh", ""), starts, str(len(flow.steps)))
    show(rows)


def _summary(loaded: LoadedPack) -> Table:
    pack = loaded.pack
    rows = Table(box=None, show_header=False)
    rows.add_row("pack", f"{escape(pack.manifest.title.get('zh', ''))} ({pack.manifest.name})")
    rows.add_row("intents", f"{len(pack.intents)}, taught by {len(pack.utterances)} utterances")
    rows.add_row("flows", ", ".join(pack.flows.flows) or "none")
    rows.add_row("responses", str(len(pack.wording.responses)))
    rows.add_row("knowledge", f"{len(pack.passages)} passages")
    rows.add_row("operations", str(len(loaded.operations)) if loaded.operations else "no back office")
    rows.add_row("tests", f"{len(pack.tests)} conversation tests")
    return rows
