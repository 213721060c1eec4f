"""`/v1/conversations…`: what agents, programs and operators do with a conversation."""

import json
from typing import Any

import httpx
import pytest

from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.api.application import Application


async def begun(client: httpx.AsyncClient, message: str = "你好", customer: str = "C00001") -> dict[str, Any]:
    response = await client.post("/v1/chat", json={"message": message, "customer": {"id": customer}})
    return response.json()


async def test_a_conversation_can_be_listed_read_and_exported(client: httpx.AsyncClient) -> None:
    conversation = (await begun(client))["conversation_id"]
    listed = (await client.get("/v1/conversations", params={"customer_id": "C00001"})).json()
    read = (await client.get(f"/v1/conversations/{conversation}")).json()
    exported = (await client.get(f"/v1/conversations/{conversation}/export")).text.splitlines()
    assert [row["conversation_id"] for row in listed["conversations"]] == [conversation]
    assert [message["role"] for message in read["messages"]] == ["customer", "bot"]
    assert [json.loads(line)["seq"] for line in exported] == list(range(1, read["version"] + 1))


async def test_pages_of_conversations_follow_one_another(client: httpx.AsyncClient) -> None:
    for number in range(1, 6):
        await begun(client, customer=f"C{number:05d}")
    first = (await client.get("/v1/conversations", params={"limit": 3})).json()
    rest = (await client.get("/v1/conversations", params={"limit": 3, "cursor": first["next"]})).json()
    seen = [row["conversation_id"] for page in (first, rest) for row in page["conversations"]]
    assert len(set(seen)) == 5
    assert rest["next"] is None


async def test_an_agent_who_speaks_takes_the_conversation_over(client: httpx.AsyncClient) -> None:
    conversation = (await begun(client, "转人工"))["conversation_id"]
    path = f"/v1/conversations/{conversation}"
    said = await client.post(f"{path}/messages", json={"agent_id": "小王", "text": "您好，我来处理"})
    other = await client.post(f"{path}/messages", json={"agent_id": "小李", "text": "我也来"})
    assert said.status_code == 201
    assert said.json()["owner"] == "agent"
    assert other.status_code == 409


async def test_the_bot_answers_again_once_it_is_given_back(client: httpx.AsyncClient) -> None:
    conversation = (await begun(client, "转人工"))["conversation_id"]
    await client.post(f"/v1/conversations/{conversation}/return", json={"agent_id": "小王"})
    body = {"message": "你好", "conversation_id": conversation}
    assert (await client.post("/v1/chat", json=body)).json()["reply"]


async def test_a_program_can_hand_a_conversation_over(client: httpx.AsyncClient) -> None:
    conversation = (await begun(client))["conversation_id"]
    handed = await client.post(f"/v1/conversations/{conversation}/handoff", json={"reason": "policy"})
    assert handed.json()["handoff"]["reason"] == "policy"
    assert handed.json()["owner"] == "queue"


async def test_a_resolved_conversation_opens_again_with_the_next_message(client: httpx.AsyncClient) -> None:
    conversation = (await begun(client))["conversation_id"]
    resolved = await client.post(f"/v1/conversations/{conversation}/resolve")
    await client.post("/v1/chat", json={"message": "还有个问题", "conversation_id": conversation})
    assert resolved.json()["status"] == "resolved"
    assert (await client.get(f"/v1/conversations/{conversation}")).json()["status"] == "open"


async def test_a_thumb_is_shown_with_its_reply(client: httpx.AsyncClient) -> None:
    conversation = (await begun(client))["conversation_id"]
    path = f"/v1/conversations/{conversation}"
    reply = (await client.get(f"{path}/messages")).json()["messages"][-1]["message_id"]
    thumbed = await client.post(f"{path}/messages/{reply}/feedback", json={"value": "up"})
    assert thumbed.status_code == 204
    assert (await client.get(f"{path}/messages")).json()["messages"][-1]["feedback"] == "up"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("rating", {"score": 6}, 400),
        ("rating", {"score": 5, "comment": "长" * 1001}, 400),
        ("rating", {"score": 5}, 204),
        ("messages/none/feedback", {"value": "up"}, 404),
        ("messages/none/feedback", {"value": "sideways"}, 400),
    ],
)
async def test_opinions_are_checked(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], status: int
) -> None:
    conversation = (await begun(client))["conversation_id"]
    response = await client.post(f"/v1/conversations/{conversation}/{path}", json=body)
    assert response.status_code == status


async def test_a_trace_tells_what_each_stage_took(client: httpx.AsyncClient) -> None:
    answer = await begun(client, "口红拆开了不喜欢颜色能退吗")
    path = f"/v1/conversations/{answer['conversation_id']}/turns/{answer['turn_id']}/trace"
    stages = [stage["name"] for stage in (await client.get(path)).json()["stages"]]
    assert stages == ["guard", "understand", "decide", "act", "compose", "guard"]


async def test_a_widgets_public_key_reads_no_conversations(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    conversation = (await begun(client))["conversation_id"]
    for path in ("/v1/conversations", f"/v1/conversations/{conversation}"):
        assert (await stranger.get(path)).status_code == 403
    resolve = await stranger.post(f"/v1/conversations/{conversation}/resolve")
    assert resolve.status_code == 403


async def test_the_retrieval_test_ranks_passages_that_citations_open(client: httpx.AsyncClient) -> None:
    found = (await client.get("/v1/search", params={"q": "口红拆封能退吗", "limit": 3})).json()["passages"]
    opened = (await client.get(f"/v1/knowledge/passages/{found[0]['passage_id']}")).json()
    assert found[0]["source"] == "faq:F007"
    assert opened["text"] == found[0]["text"]


async def test_health_metrics_and_the_document_need_no_key(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        response = await client.get(path, headers={"Authorization": ""})
        assert response.status_code == 200


async def test_personal_data_is_masked_unless_the_key_may_see_it(
    client: httpx.AsyncClient, application: Application
) -> None:
    conversation = (await begun(client, "我的手机号是13800138000，帮我看看"))["conversation_id"]
    store = application.storage.open(DEFAULT_WORKSPACE)
    key = await store.create_key(frozenset({"read", "pii"}), "an auditor")
    allowed = {"Authorization": f"Bearer {key.secret}"}
    for part in ("", "/messages", "/events", "/export"):
        path = f"/v1/conversations/{conversation}{part}"
        assert "13800138000" not in (await client.get(path)).text
        assert "13800138000" in (await client.get(path, headers=allowed)).text
    assert {entry.action for entry in await store.audit_entries()} == {"read_personal_data"}
