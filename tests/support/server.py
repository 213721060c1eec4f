"""A real `kefu serve` in a process of its own, to be called, killed and started again."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

READY_WITHIN_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`kefu serve` on loopback over `data_dir`; with one `models_dir`, many share a trained classifier."""

    def __init__(self, data_dir: Path, models_dir: Path, *, port: int | None = None, **settings: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.started_in_s = 0.0
        self._data_dir = data_dir
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("KEFU_")
        }
        self._environment |= {
            "KEFU_DATA_DIR": str(data_dir),
            "KEFU_MODELS_DIR": str(models_dir),
            "KEFU_PORT": str(self.port),
            "KEFU_RATE_LIMIT": "1000000",
            **settings,
        }
        self._process: subprocess.Popen[str] | None = None
        self._output: list[str] = []

    @property
    def key(self) -> str:
        """The demo API key, as the server keeps and prints it."""
        return (self._data_dir / "demo.key").read_text()

    @property
    def widget_key(self) -> str:
        """The public key of the demo page."""
        return (self._data_dir / "demo-widget.key").read_text()

    @property
    def identity_secret(self) -> bytes:
        """What a merchant's site signs customer tokens with."""
        return (self._data_dir / "identity.secret").read_bytes()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def output(self) -> str:
        return "".join(self._output)

    def start(self) -> None:
        """Returns once `/readyz` says so; raises with the server's own words when it does not."""
        begin = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kefu", "serve"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._collect, args=(self._process,), daemon=True).start()
        with httpx.Client(base_url=self.url, timeout=1.0) as client:
            while time.monotonic() - begin < READY_WITHIN_S:
                if self._process.poll() is not None:
                    raise RuntimeError(f"the server ended by itself:\n{self.output}")
                try:
                    if client.get("/readyz").is_success:
                        self.started_in_s = time.monotonic() - begin
                        return
                except httpx.TransportError:
                    time.sleep(0.02)
        raise RuntimeError(f"the server was not ready in time:\n{self.output}")

    def kill(self) -> None:
        """As a power cut would: no handler runs."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)

    def _collect(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._output.append(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", line))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
