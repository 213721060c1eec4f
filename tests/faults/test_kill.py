"""Kill the server at random moments under load; nothing acknowledged may be lost, doubled or done twice."""

import asyncio
import json
import os
import random
import sqlite3
import statistics
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.server import Server

KILLS = int(os.environ.get("KEFU_TEST_KILLS", "20"))
CUSTOMERS_AT_ONCE = 12
SHOP = Path(__file__).parents[2] / "src/kefu/packs/yunlan/shop"
QUESTIONS = (
    "口红拆开了不喜欢颜色能退吗",
    "我的快递到哪了",
    "七天无理由从哪天开始算",
    "你好",
    "新疆运费多少",
    "谢谢",
)

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket]


@dataclass
class Journal:
    """What clients were told, in their own words: the truth that the server is held to."""

    answered: dict[tuple[str, str], dict[str, Any]] = field(
        default_factory=dict[tuple[str, str], dict[str, Any]]
    )
    unacknowledged: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


async def _say(
    client: httpx.AsyncClient, journal: Journal, customer: str, text: str, conversation: str | None
) -> str:
    client_message_id = uuid.uuid4().hex
    body = {
        "message": text,
        "customer": {"id": customer},
        "conversation_id": conversation,
        "client_message_id": client_message_id,
    }
    try:
        response = await client.post("/v1/chat", json=body)
    except httpx.TransportError:
        journal.unacknowledged.append(body)
        raise
    assert response.status_code == 200, response.text
    answer = response.json()
    journal.answered[(answer["conversation_id"], client_message_id)] = answer | {"_body": body}
    return answer["conversation_id"]


async def _customer(client: httpx.AsyncClient, journal: Journal, order: dict[str, Any] | None) -> None:
    try:
        if order is None:
            conversation = None
            for _ in range(4):
                text = random.choice(QUESTIONS)
                conversation = await _say(client, journal, f"C{random.randint(1, 120):05d}", text, None)
                await _say(client, journal, conversation_customer(journal, conversation), text, conversation)
        else:
            customer = order["customer_id"]
            conversation = await _say(client, journal, customer, f"取消订单 {order['order_id']}", None)
            await _say(client, journal, customer, "确认取消", conversation)
    except httpx.TransportError:
        return


def conversation_customer(journal: Journal, conversation: str) -> str:
    bodies = [a["_body"] for (c, _), a in journal.answered.items() if c == conversation]
    return bodies[0]["customer"]["id"]


async def _load_until_killed(server: Server, journal: Journal, orders: list[dict[str, Any]]) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as client:
        tasks = [
            asyncio.create_task(_customer(client, journal, orders.pop() if n < 2 and orders else None))
            for n in range(CUSTOMERS_AT_ONCE)
        ]
        await asyncio.sleep(random.uniform(0.0, 0.4))
        server.kill()
        await asyncio.gather(*tasks)


async def _everything_is_still_there(server: Server, journal: Journal) -> None:
    """Asked again with the same ids, the server gives the very answers that it gave before."""
    headers = {"Authorization": f"Bearer {server.key}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as client:
        for answer in journal.answered.values():
            again = await client.post(
                "/v1/chat", json=answer["_body"] | {"conversation_id": answer["conversation_id"]}
            )
            assert again.status_code == 200, again.text
            assert again.json()["turn_id"] == answer["turn_id"]
            assert again.json()["reply"] == answer["reply"]
        for body in journal.unacknowledged:
            answer = await client.post("/v1/chat", json=body)
            assert answer.status_code == 200, answer.text


def _no_message_was_answered_twice(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT conversation_id, type, data FROM events ORDER BY conversation_id, seq"
        ).fetchall()
    spoken: dict[str, int] = {}
    for _, kind, text in rows:
        data = json.loads(text)
        if kind == "CustomerSpoke":
            spoken[data["message_id"]] = 0
        for message_id in data["answers"] if kind == "BotReplied" else ():
            spoken[message_id] += 1
    assert spoken
    assert set(spoken.values()) == {1}


def _no_order_was_cancelled_twice(data_dir: Path, asked_for: set[str]) -> None:
    with sqlite3.connect(data_dir / "kefu.db") as connection:
        effects = connection.execute(
            "SELECT arguments, status FROM effects WHERE operation = 'orders.cancel'"
        ).fetchall()
    executed = [json.loads(arguments)["order_id"] for arguments, status in effects if status == "executed"]
    assert len(executed) == len(set(executed))
    assert set(executed) <= asked_for
    assert not [status for _, status in effects if status == "unknown"]


async def test_killing_the_server_loses_nothing_and_repeats_nothing(
    tmp_path: Path, models_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [
        o
        for o in json.loads((SHOP / "orders.json").read_text())
        if o["status"] in ("paid", "pending_payment")
    ]
    asked_for = {order["order_id"] for order in orders}
    journal = Journal()
    server = Server(tmp_path, models_dir)
    starts: list[float] = []
    server.start()
    for kill in range(1, KILLS + 1):
        await _load_until_killed(server, journal, orders)
        server.start()
        starts.append(server.started_in_s)
        if kill % 20 == 0 or kill == KILLS:
            with capsys.disabled():
                told = f"{kill} kills, {len(journal.answered)} answers acknowledged"
                print(f"\n{told}; start: {_seconds(starts)}")
    await _everything_is_still_there(server, journal)
    server.stop()
    _no_message_was_answered_twice(tmp_path / "kefu.db")
    _no_order_was_cancelled_twice(tmp_path, asked_for)


def _seconds(starts: list[float]) -> str:
    """For people to read: the load on the machine decides, so nothing is asserted about it."""
    return f"median {statistics.median(starts):.2f} s, slowest {max(starts):.2f} s"
