"""Turns per second, latency, CPU and memory of `kefu serve`, beside a bare ASGI echo in the same run.

A closed loop: each connection sends a message, waits for the whole answer, and sends the next. Durable
commits are on, as always. The mix is FAQ 50 %, small talk 10 %, reads of the back office 30 %, cancelling an
order (proposed and declined, so that the run can be as long as it likes) 10 %.

The server remembers what it found for a question, so how often questions come again matters. The FAQ part
draws from every question and similar question of the pack's faq.csv, the n-th most frequent 1/n as often as
the first (Zipf, exponent 1); which is frequent is a fixed shuffle, and each run draws anew. Every line says
what share of its messages the same server had heard before, word for word.

    ./task bench                        all of it, about five minutes
    ./task bench --seconds 3            a quick look
"""

import argparse
import asyncio
import csv
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import websockets

from kefu.api.access import customer_token

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.server import Server, free_port

PACK = Path(__file__).parents[1] / "src/kefu/packs/yunlan"
CHAT = ("你好", "谢谢", "再见")
READS = ("我的快递到哪了 {order}", "{order} 发货了没有", "查一下订单 {order}")
_HUMAN = re.compile("人工|客服|真人|电话")
_PATIENCE_S = 30
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the report; latencies in milliseconds, CPU in milliseconds a turn, `repeats` a share."""

    name: str
    connections: int
    turns: int
    seconds: float
    p50: float
    p99: float
    cpu: float
    errors: int
    repeats: float


class Questions:
    """The pack's FAQ as customers ask it: few questions often, most of them seldom.

    Those about agents are left out: some hand the conversation over, and from then on the bot is silent.
    """

    def __init__(self, faq: Path) -> None:
        with faq.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        phrasings = (text for row in rows for text in (row["question"], *row["similar_questions"].split("|")))
        self._texts = [text for text in dict.fromkeys(phrasings) if text and not _HUMAN.search(text)]
        random.Random(0).shuffle(self._texts)
        self._cumulated = list(itertools.accumulate(1 / rank for rank in range(1, len(self._texts) + 1)))

    def draw(self, dice: random.Random) -> str:
        return dice.choices(self._texts, cum_weights=self._cumulated)[0]


QUESTIONS = Questions(PACK / "faq.csv")


class Http:
    """A keep-alive HTTP/1.1 client that does nothing beside: the generator must not be what is measured."""

    def __init__(self, port: int, key: str, customer: str, path: str) -> None:
        self._port, self._customer = port, customer
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        self._conversation: str | None = None

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def say(self, text: str) -> bool:
        body = msgspec.json.encode(
            {"message": text, "conversation_id": self._conversation, "customer": {"id": self._customer}}
        )
        self._writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer = msgspec.json.decode(await self._reader.readexactly(length))
        self._conversation = answer.get("conversation_id")
        return b" 200 " in head[:20]

    def fresh(self) -> None:
        self._conversation = None

    async def close(self) -> None:
        self._writer.close()


class Socket:
    """The widget's protocol: a turn lasts from the message to its `done`."""

    def __init__(self, port: int, key: str, token: str, path: str) -> None:
        self._url, self._key, self._token = f"ws://127.0.0.1:{port}{path}", key, token
        # An id that was used before would be given its first answer again, and no turn would run.
        self._numbers = (f"{uuid.uuid4().hex}-{number}" for number in itertools.count())

    async def open(self) -> None:
        self._socket = await websockets.connect(self._url, compression=None, max_queue=64)
        hello = {"type": "hello", "key": self._key, "customer_token": self._token}
        await self._socket.send(json.dumps(hello))
        await self._socket.recv()

    async def say(self, text: str) -> bool:
        message = {"type": "message", "client_message_id": next(self._numbers), "message": text}
        await self._socket.send(msgspec.json.encode(message).decode())
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    frame = msgspec.json.decode(await self._socket.recv())
                    if frame["type"] in ("done", "error"):
                        return frame["type"] == "done"
        except TimeoutError:
            return False

    def fresh(self) -> None:
        """A socket stays in its conversation."""

    async def close(self) -> None:
        await self._socket.close()


def messages(orders: list[dict[str, str]], customer: str, seed: int | str) -> Iterator[str]:
    """An endless mix for one customer; a cancellation is two messages."""
    dice = random.Random(seed)
    own = [order["order_id"] for order in orders if order["customer_id"] == customer]
    while True:
        what = dice.random()
        if what < 0.5 or not own:
            yield QUESTIONS.draw(dice)
        elif what < 0.6:
            yield dice.choice(CHAT)
        elif what < 0.9:
            yield dice.choice(READS).format(order=dice.choice(own))
        else:
            yield f"取消订单 {dice.choice(own)}"
            yield "先不取消"


async def drive(
    make: Callable[[str], Http | Socket],
    connections: int,
    seconds: float,
    orders: list[dict[str, str]],
    name: str,
    pid: int,
    heard: set[str],
) -> Run:
    """One run; `heard` is what the server was told before, and is added to."""
    customers = sorted({order["customer_id"] for order in orders})
    latencies: list[float] = []
    errors = repeats = 0
    clients: list[tuple[Http | Socket, Iterator[str]]] = []
    for n in range(connections):
        customer = customers[n % len(customers)]
        client = make(customer)
        await client.open()
        clients.append((client, messages(orders, customer, f"{name} {connections} {n}")))
    end = time.perf_counter() + seconds

    async def loop(client: Http | Socket, texts: Iterator[str]) -> None:
        nonlocal errors, repeats
        for turn in itertools.count(1):
            if time.perf_counter() > end:
                return
            text = next(texts)
            repeats += text in heard
            heard.add(text)
            begin = time.perf_counter()
            errors += not await client.say(text)
            latencies.append((time.perf_counter() - begin) * 1000)
            if turn % 12 == 0:
                client.fresh()

    cpu, begin = cpu_seconds(pid), time.perf_counter()
    await asyncio.gather(*(loop(client, texts) for client, texts in clients))
    took, used = time.perf_counter() - begin, cpu_seconds(pid) - cpu
    await asyncio.gather(*(client.close() for client, _ in clients))
    latencies.sort()
    return Run(
        name,
        connections,
        len(latencies),
        took,
        latencies[len(latencies) // 2],
        latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))],
        used * 1000 / len(latencies),
        errors,
        repeats / len(latencies),
    )


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mb(pid: int) -> float:
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024


ECHO = """
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""


async def reference(seconds: float, orders: list[dict[str, str]]) -> list[Run]:
    """The same generator against an application that only echoes: what the machine gives at most."""
    runs: list[Run] = []
    heard: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "echo.py").write_text(ECHO)
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "echo:app",
            "--port",
            str(port),
            "--log-level",
            "error",
            "--no-access-log",
        ]
        process = subprocess.Popen(command, cwd=folder)
        try:
            await asyncio.sleep(1.5)

            def make(customer: str) -> Http:
                return Http(port, "none", customer, "/")

            for connections in (1, 10, 50, 1000):
                run = await drive(make, connections, seconds, orders, "ASGI echo, HTTP", process.pid, heard)
                runs.append(run)
                print_run(runs[-1])
        finally:
            process.terminate()
            process.wait()
    return runs


def print_run(run: Run) -> None:
    print(
        f"{run.name:<18} {run.connections:>5} connections  {run.turns / run.seconds:>7.0f}/s  "
        f"p50 {run.p50:>7.2f} ms  "
        f"p99 {run.p99:>7.2f} ms  {run.cpu:>6.3f} CPU-ms/turn  "
        f"{run.repeats:>4.0%} repeats  {run.errors} errors",
        flush=True,
    )


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each run")
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 10, 50, 1000])
    options = parser.parse_args()
    orders = json.loads((PACK / "shop/orders.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder) / "models"
        first = Server(Path(folder) / "data", models)
        with first:
            print(f"first start, trained from nothing: {first.started_in_s:.1f} s")
        with Server(Path(folder) / "data", models, KEFU_LOG_FORMAT="json") as server:
            print(f"start: {server.started_in_s:.2f} s, {resident_mb(server.pid):.0f} MB resident")
            widget_key = (Path(folder) / "data" / "demo-widget.key").read_text()
            secret = (Path(folder) / "data" / "identity.secret").read_bytes()
            hour = timedelta(hours=1)
            kinds: dict[str, Callable[[str], Http | Socket]] = {
                "kefu, HTTP": lambda customer: Http(server.port, server.key, customer, "/v1/chat"),
                "kefu, WebSocket": lambda customer: Socket(
                    server.port, widget_key, customer_token(secret, customer, None, hour), "/v1/ws"
                ),
            }
            heard: set[str] = set()
            for name, make in kinds.items():
                for connections in options.connections:
                    print_run(
                        await drive(make, connections, options.seconds, orders, name, server.pid, heard)
                    )
            print(f"afterwards: {resident_mb(server.pid):.0f} MB resident")
    await reference(options.seconds, orders)


if __name__ == "__main__":
    asyncio.run(main())
