"""Bad input gets a problem document that names the field; hostile text is only text."""

from typing import Any

import httpx
import pytest

CUSTOMER = {"id": "C00001"}
HOSTILE = {
    "control characters": "你\x00好\x1b[31m",
    "zero width": "转\u200b人\u200b工",
    "right to left": "\u202e转人工",
    "markup": "<script>alert(1)</script>",
    "sql": "'; DROP TABLE events; --",
    "emoji": "😀" * 2000,
    "one long word": "啊" * 4000,
    "only marks": "。。。!!!",
    "private use": "\ue000\uf8ff",
    "template": "{{7*7}} ${jndi:ldap://x} {order.order_id}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_is_answered_politely(client: httpx.AsyncClient, text: str) -> None:
    response = await client.post("/v1/chat", json={"message": text, "customer": CUSTOMER})
    assert response.status_code == 200
    assert response.json()["reply"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": "   "}, "message"),
        ({"message": "长" * 4001}, "message"),
        ({"message": 5}, "message"),
        ({"message": "你好", "customer": {"id": "C\n1"}}, "customer.id"),
        ({"message": "你好", "customer": {"id": "x" * 65}}, "customer.id"),
    ],
)
async def test_a_bad_field_is_named(client: httpx.AsyncClient, body: dict[str, Any], field: str) -> None:
    response = await client.post("/v1/chat", json=body)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["field"] == field
    assert response.json()["code"] == "bad_request"


async def test_a_lone_surrogate_is_refused_as_bad_json(client: httpx.AsyncClient) -> None:
    body = b'{"message": "\\ud800"}'
    response = await client.post("/v1/chat", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400


async def test_a_megabyte_is_too_large(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/chat", json={"message": "啊" * 1_000_000})
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"


async def test_no_key_and_an_unknown_key_are_told_apart_from_a_weak_one(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    body = {"message": "你好"}
    for authorization in ("", "Bearer kefu_unknown", "Basic abc"):
        response = await client.post("/v1/chat", json=body, headers={"Authorization": authorization})
        assert response.status_code == 401
    assert (await stranger.post("/v1/chat", json=body)).status_code == 403


async def test_an_unknown_conversation_is_not_found(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/chat", json={"message": "你好", "conversation_id": "no-such"})
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


async def test_another_customers_conversation_is_not_found_either(client: httpx.AsyncClient) -> None:
    first = await client.post("/v1/chat", json={"message": "你好", "customer": CUSTOMER})
    conversation_id = first.json()["conversation_id"]
    body = {"message": "你好", "customer": {"id": "C00002"}, "conversation_id": conversation_id}
    assert (await client.post("/v1/chat", json=body)).status_code == 404


async def test_an_unknown_path_and_a_wrong_method_are_problems_too(client: httpx.AsyncClient) -> None:
    for response in (await client.get("/nowhere"), await client.get("/v1/chat")):
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code
