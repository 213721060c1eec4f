"""`kefu serve` and `kefu shop`: one process, until it is told to stop."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Coroutine, Generator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from rich.markup import escape
from starlette.types import ASGIApp

from kefu.adapters.clocks import clock_from, system_clock
from kefu.adapters.packs import load_pack, pack_folder
from kefu.api.app import create_app
from kefu.cli.environment import settings_of
from kefu.cli.logs import configure
from kefu.cli.printing import err, progress_bar
from kefu.errors import SettingsInvalid
from kefu.settings import Settings
from kefu.shop.app import create_shop
from kefu.wiring import build

_SHOP_SCOPES = frozenset({"oms:read", "oms:write"})
_LARGEST_FRAME = 2**20
"""Bytes of one WebSocket frame; the API itself takes less, but only after it has read it."""

_GRACE = 10
"""Seconds that open requests get to finish when the process is told to stop."""


def serve(*, host: str | None, port: int | None, data_dir: Path | None, pack: str | None) -> None:
    """Raises `SettingsInvalid` or `PackInvalid` before anything is served."""
    settings = settings_of(host=host, port=port, data_dir=data_dir, pack=pack)
    configure(settings.log_format)
    with _listening(settings.host, settings.port) as listener:
        _run(_serve(settings, listener))


def shop(*, host: str, port: int, data_dir: Path | None, pack: str | None, token: str | None) -> None:
    """Raises `SettingsInvalid` when the pack brings no shop."""
    settings = settings_of(data_dir=data_dir, pack=pack)
    configure(settings.log_format)
    manifest = load_pack(settings.pack).pack.manifest
    if manifest.backoffice is None or manifest.backoffice.shop is None:
        raise SettingsInvalid("the pack names no folder under backoffice.shop", field="pack")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    secret = token or secrets.token_urlsafe(24)
    app = create_shop(
        pack_folder(settings.pack) / manifest.backoffice.shop,
        settings.data_dir / "shop.db",
        clock=clock_from(manifest.clock) if manifest.clock and settings.clock == "pack" else system_clock,
        tokens={secret: _SHOP_SCOPES},
    )
    with _listening(host, port) as listener:
        _announce(_address(listener), {"token": secret if token is None else "as given"})
        _run(_listen(app, listener, lifespan=True))


async def _serve(settings: Settings, listener: socket.socket) -> None:
    async with AsyncExitStack() as stack:
        with progress_bar("training the classifier (first start)") as progress:
            application = await stack.enter_async_context(build(settings, progress=progress))
        facts = {"release": application.bot.release, "data": str(settings.data_dir.resolve())}
        if application.demo is not None:
            facts["demo key"] = application.demo.api_key
        _announce(_address(listener), facts)
        await _listen(create_app(application), listener)


async def _listen(app: ASGIApp, listener: socket.socket, *, lifespan: bool = False) -> None:
    """Serves until SIGINT or SIGTERM, lets open requests end and returns: callers can clean up."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on" if lifespan else "off",
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        ws_max_size=_LARGEST_FRAME,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows has no signal handlers in its loop; there Ctrl-C cancels
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, server.handle_exit, number, None)
    await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leaves signals alone: uvicorn raises them again at its end, which would skip our own."""
        yield


@contextmanager
def _listening(host: str, port: int) -> Generator[socket.socket]:
    """The port, taken before any work is done. Raises `SettingsInvalid` when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise SettingsInvalid(
            f"cannot listen on {host} port {port}: {reason}; choose another with --port", field="port"
        ) from error
    with listener:
        yield listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in ("127.0.0.1", "::1") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _announce(address: str, facts: Mapping[str, str]) -> None:
    console = err()
    console.print(f"[bold green]serving[/] {address}")
    for name, value in facts.items():
        console.print(f"  {name:<8} {escape(value)}")
    console.print("  [dim]Ctrl-C stops it[/]")


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Runs on uvloop where there is one."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        asyncio.run(work)
        return
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(work)
