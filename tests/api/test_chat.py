"""`POST /v1/chat`: the contract of design, section 4.2, on the built-in merchant."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx

from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.api.application import Application
from kefu.conversation.ids import CustomerId
from kefu.operations.model import Call

SHIPPED = ("C00001", "shipped")


async def say(
    client: httpx.AsyncClient, message: str, customer: str = "C00001", **more: object
) -> dict[str, Any]:
    response = await client.post("/v1/chat", json={"message": message, "customer": {"id": customer}, **more})
    assert response.status_code == 200, response.text
    return response.json()


async def order_of(application: Application, customer: str, status: str) -> str:
    office = application.workspaces[DEFAULT_WORKSPACE].turns.services.back_office
    call = Call("orders.list", {"status": [status]}, CustomerId(customer))
    listed = cast("dict[str, Any]", await office.run(call))
    return listed["items"][0]["order_id"]


async def test_the_response_has_exactly_the_fields_of_the_contract(client: httpx.AsyncClient) -> None:
    response = await say(client, "你好")
    assert set(response) == {
        "conversation_id", "turn_id", "reply", "parts", "language", "intent", "intents", "entities",
        "sentiment", "flow", "slots", "citations", "operations", "handoff", "out_of_scope", "blocked",
        "rung", "release", "timings_ms",
    }  # fmt: skip


async def test_an_opened_lipstick_gets_the_cited_rule(client: httpx.AsyncClient) -> None:
    response = await say(client, "口红拆开了不喜欢颜色能退吗")
    assert response["citations"][0]["source"] == "faq:F007"
    assert "[1]" in response["reply"]
    assert "拆封" in response["reply"]


async def test_a_parcel_is_tracked_by_its_order(client: httpx.AsyncClient, application: Application) -> None:
    order_id = await order_of(application, *SHIPPED)
    response = await say(client, f"我的订单{order_id}到哪了")
    assert response["flow"]["name"] == "track_parcel"
    assert response["slots"]["order_id"] == order_id
    assert [o["name"] for o in response["operations"]][-1] == "shipments.track"
    assert [p for p in response["parts"] if p["type"] == "card"]


async def test_a_strangers_order_is_answered_like_a_missing_one(
    client: httpx.AsyncClient, application: Application
) -> None:
    order_id = await order_of(application, *SHIPPED)
    theirs = await say(client, f"订单{order_id}到哪了", customer="C00002")
    missing = await say(client, "订单YL20260101999999到哪了", customer="C00002")
    assert theirs["reply"].replace(order_id, "…") == missing["reply"].replace("YL20260101999999", "…")


async def test_a_cancellation_waits_for_a_yes_and_happens_once(
    client: httpx.AsyncClient, application: Application
) -> None:
    order_id = await order_of(application, "C00001", "paid")
    asked = await say(client, f"帮我取消订单{order_id}")
    assert asked["operations"][-1] | {"arguments": None} == {
        "name": "orders.cancel", "kind": "write", "arguments": None, "status": "proposed",
    }  # fmt: skip
    done = await say(client, "确认取消", conversation_id=asked["conversation_id"])
    assert done["operations"][-1]["status"] == "executed"
    again = await say(client, "确认取消", conversation_id=asked["conversation_id"])
    assert not [o for o in again["operations"] if o["kind"] == "write"]


async def test_a_no_changes_nothing(client: httpx.AsyncClient, application: Application) -> None:
    order_id = await order_of(application, "C00001", "paid")
    asked = await say(client, f"帮我取消订单{order_id}")
    await say(client, "不用了", conversation_id=asked["conversation_id"])
    assert await order_of(application, "C00001", "paid") == order_id


async def test_asking_for_a_human_makes_the_bot_silent(client: httpx.AsyncClient) -> None:
    handed = await say(client, "转人工")
    assert handed["handoff"]["ticket_id"]
    assert handed["handoff"]["reason"] == "customer_asked"
    after = await say(client, "有人吗", conversation_id=handed["conversation_id"])
    assert after["reply"] == ""
    assert after["rung"] == "human"


async def test_the_same_client_message_id_gives_the_first_response_again(client: httpx.AsyncClient) -> None:
    first = await say(client, "你好", client_message_id="one")
    again = await say(client, "完全不同的话", client_message_id="one")
    assert again == first


async def test_ten_simultaneous_posts_of_one_message_are_one_message(client: httpx.AsyncClient) -> None:
    responses = await asyncio.gather(*(say(client, "你好", client_message_id="at-once") for _ in range(10)))
    assert len({response["turn_id"] for response in responses}) == 1


async def test_a_stream_ends_with_the_whole_response(client: httpx.AsyncClient) -> None:
    body = {"message": "口红拆开了不喜欢颜色能退吗", "customer": {"id": "C00001"}, "stream": True}
    async with client.stream("POST", "/v1/chat", json=body) as response:
        events = [event async for event in _events(response)]
    names = [name for name, _ in events]
    assert names[-1] == "done"
    assert "delta" in names
    said = "".join(data["text"] for name, data in events if name == "delta")
    assert said == events[-1][1]["reply"]


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_understanding_alone_has_no_side_effect(client: httpx.AsyncClient) -> None:
    before = (await client.get("/v1/conversations")).json()
    understood = await client.post("/v1/understand", json={"message": "帮我取消订单YL20261108000123"})
    assert understood.json()["intent"]["name"] == "order_cancel"
    assert understood.json()["entities"][0]["value"] == "YL20261108000123"
    assert (await client.get("/v1/conversations")).json() == before
