"""What strangers, bugs and other pages get at the edges of the API."""

import asyncio
import json
from pathlib import Path
from unittest.mock import AsyncMock

import httpx
import pytest
import structlog

from kefu.adapters.live import InProcessLive
from kefu.adapters.secrets import secret_file
from kefu.adapters.storage import DEFAULT_WORKSPACE, WorkspaceStorage
from kefu.api.app import create_app
from kefu.api.application import Application
from kefu.api.chat import frames_until
from kefu.conversation.ids import ConversationId
from kefu.conversation.values import Record
from kefu.turn.runner import Turns


async def _begun(client: httpx.AsyncClient) -> str:
    response = await client.post("/v1/chat", json={"message": "转人工", "customer": {"id": "C00001"}})
    return response.json()["conversation_id"]


async def test_made_up_paths_make_no_new_metrics(client: httpx.AsyncClient) -> None:
    preflight = {"Origin": "http://elsewhere", "Access-Control-Request-Method": "GET"}
    assert (await client.options("/made/up", headers=preflight)).status_code == 200
    await client.get("/v1/conversations/unknown")
    shown = (await client.get("/metrics")).text
    assert 'route="/made/up"' not in shown
    assert 'route="/v1/conversations",status="404"' in shown


async def test_a_bug_is_answered_with_a_problem_document(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WorkspaceStorage, "conversation", AsyncMock(side_effect=ZeroDivisionError("secret")))
    with structlog.testing.capture_logs() as logs:
        response = await client.get("/v1/conversations/any")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "secret" not in response.text
    assert [line["event"] for line in logs] == ["request_failed"]


async def test_a_bug_ends_a_stream_with_an_error_event(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turns, "answer", AsyncMock(side_effect=ZeroDivisionError("secret")))
    with structlog.testing.capture_logs():
        body = {"message": "你好", "customer": {"id": "C00001"}, "stream": True}
        text = (await client.post("/v1/chat", json=body)).text
    assert text.startswith("event: error\n")
    assert "secret" not in text


async def test_a_reader_that_goes_away_leaves_nothing_waiting() -> None:
    live = InProcessLive()
    before = asyncio.all_tasks()
    answer: asyncio.Future[Record] = asyncio.get_running_loop().create_future()
    with live.subscribe(ConversationId("conv_1")) as frames:
        reading = asyncio.ensure_future(anext(frames_until(answer, frames)))
        await asyncio.sleep(0.01)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_customers_id_may_be_in_any_script(client: httpx.AsyncClient) -> None:
    body = {"message": "我的快递到哪了", "customer": {"id": "客户一"}}
    assert (await client.post("/v1/chat", json=body)).json()["rung"] != "form"


async def test_material_for_agents_is_not_searched_with_a_chat_key(
    client: httpx.AsyncClient, application: Application
) -> None:
    key = await application.storage.open(DEFAULT_WORKSPACE).create_key(frozenset({"chat"}), "a server")
    headers = {"Authorization": f"Bearer {key.secret}"}
    asked = {"q": "退货", "audience": "agent"}
    assert (await client.get("/v1/search", params=asked, headers=headers)).status_code == 403
    assert (await client.get("/v1/search", params={"q": "退货"}, headers=headers)).status_code == 200
    assert (await client.get("/v1/search", params=asked)).status_code == 200


async def test_blanks_are_nothing_to_understand(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/understand", json={"message": "  \n"})).status_code == 400


async def test_an_attachment_that_is_no_web_address_is_refused(client: httpx.AsyncClient) -> None:
    attachment = {"kind": "image", "url": "javascript:alert(1)"}
    response = await client.post("/v1/chat", json={"attachments": [attachment]})
    assert (response.status_code, response.json()["field"]) == (400, "attachments[0].url")


async def test_an_agent_does_not_give_back_what_another_has(client: httpx.AsyncClient) -> None:
    path = f"/v1/conversations/{await _begun(client)}"
    await client.post(f"{path}/messages", json={"agent_id": "amelie", "text": "您好"})
    assert (await client.post(f"{path}/return", json={"agent_id": "bob"})).status_code == 409
    assert (await client.post(f"{path}/return", json={"agent_id": "amelie"})).json()["owner"] == "bot"


async def test_giving_back_what_the_bot_has_changes_nothing(client: httpx.AsyncClient) -> None:
    path = f"/v1/conversations/{await _begun(client)}"
    first = (await client.post(f"{path}/return", json={"agent_id": "amelie"})).json()
    assert (await client.post(f"{path}/return", json={"agent_id": "amelie"})).json() == first


async def test_an_export_without_personal_data_is_still_json(client: httpx.AsyncClient) -> None:
    body = {"message": "你好", "customer": {"id": "C1", "attributes": {"phone": 13812345678}}}
    conversation = (await client.post("/v1/chat", json=body)).json()["conversation_id"]
    lines = (await client.get(f"/v1/conversations/{conversation}/export")).text.splitlines()
    assert json.loads(lines[0])["type"] == "ConversationOpened"


@pytest.mark.parametrize(
    ("base", "headers", "status"),
    [
        ("http://localhost:8000", {}, 200),
        ("http://localhost:8000", {"Origin": "http://elsewhere"}, 404),
        ("http://rebound.example:8000", {}, 404),
    ],
)
async def test_the_demo_page_is_for_this_machine_alone(
    application: Application, base: str, headers: dict[str, str], status: int
) -> None:
    transport = httpx.ASGITransport(create_app(application))
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        assert (await client.get("/", headers=headers)).status_code == status


def test_a_secret_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "identity.secret"
    path.write_bytes(b"")
    path.chmod(0o644)
    secret = secret_file(path)
    assert len(secret) == 32
    assert secret_file(path) == secret
    assert path.stat().st_mode & 0o077 == 0
