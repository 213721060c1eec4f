"""`kefu key`: API keys. Works beside a running server."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

from rich.markup import escape

from kefu.adapters.clocks import system_clock
from kefu.adapters.storage import DEFAULT_WORKSPACE, Storage, WorkspaceStorage
from kefu.api.access import Scope
from kefu.cli.environment import settings_of
from kefu.cli.printing import err, out, show, table
from kefu.errors import BadRequest
from kefu.release.files import did_you_mean

_SCOPES: tuple[str, ...] = get_args(Scope)


def create(label: str, scopes: Iterable[str], *, data_dir: Path | None) -> None:
    """Prints the secret alone on standard output. Raises `BadRequest` for a scope that does not exist."""
    wanted = frozenset(scopes)
    for scope in sorted(wanted - set(_SCOPES)):
        hint = did_you_mean(scope, _SCOPES)
        raise BadRequest(f"unknown scope `{scope}`{hint}; known are {', '.join(_SCOPES)}", field="scope")

    async def work() -> None:
        async with _workspace(data_dir) as store:
            key = await store.create_key(wanted, label)
        err().print(
            f"made key [bold]{key.key_id}[/] with {', '.join(sorted(wanted))}. Its secret, this once:"
        )
        out().out(key.secret)

    asyncio.run(work())


def listing(*, data_dir: Path | None) -> None:
    async def work() -> None:
        async with _workspace(data_dir) as store:
            keys = await store.keys()
        rows = table("id", "label", "scopes", "created", "revoked")
        for key in keys:
            revoked = key.revoked_at.isoformat(timespec="seconds") if key.revoked_at else ""
            created = key.created_at.isoformat(timespec="seconds")
            rows.add_row(key.key_id, escape(key.label), ", ".join(sorted(key.scopes)), created, revoked)
        show(rows)

    asyncio.run(work())


def revoke(key_id: str, *, data_dir: Path | None) -> None:
    """Raises `NotFound` when there is no such key."""

    async def work() -> None:
        async with _workspace(data_dir) as store:
            await store.revoke_key(key_id)
        err().print(f"revoked {escape(key_id)}; a running server lets it in for at most half a minute more")

    asyncio.run(work())


@asynccontextmanager
async def _workspace(data_dir: Path | None) -> AsyncGenerator[WorkspaceStorage]:
    settings = settings_of(data_dir=data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with Storage.embedded(settings.data_dir / "kefu.db", system_clock, exclusive=False) as storage:
        yield storage.open(DEFAULT_WORKSPACE)
