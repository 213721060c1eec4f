"""A write happens once for its key, after the customer's yes, and survives lost answers and restarts."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from kefu.shop.faults import AnswerLost, Delay, Fault, Incoming, Unavailable

from .support import DESK, NOW, OPERATOR, Caller, OpenShop, error

CANCEL = "/v1/orders/YL20261119020743/cancel"
KEY = "cancel-0123456789"
BODY = {"reason": "wrong_spec", "customer_confirmed_at": NOW.isoformat()}


async def _status(shop: Caller) -> str:
    return (await shop.get("/v1/orders/YL20261119020743", customer="C00001")).json()["status"]


async def test_the_same_key_and_body_hear_the_first_answer_again(shop: Caller) -> None:
    first = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
    again = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
    assert (again.status_code, again.json()) == (200, first.json())
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [entry["executions"] for entry in await shop.executions()] == [1]


async def test_many_at_once_with_one_key_execute_once(shop: Caller) -> None:
    answers = await asyncio.gather(*(shop.post(CANCEL, BODY, customer="C00001", key=KEY) for _ in range(20)))
    assert len({answer.text for answer in answers}) == 1
    assert [entry["executions"] for entry in await shop.executions()] == [1]


async def test_the_same_key_with_another_body_is_a_conflict(shop: Caller) -> None:
    await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
    other = await shop.post(CANCEL, BODY | {"note": "改主意"}, customer="C00001", key=KEY)
    assert error(other) == (409, "idempotency_conflict")


async def test_the_same_key_for_another_operation_is_a_conflict(shop: Caller) -> None:
    await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
    ticket = await shop.post(
        "/v1/tickets",
        {"type": "other", "summary": "催办"},
        customer="C00001",
        key=KEY,
    )
    assert error(ticket) == (409, "idempotency_conflict")


async def test_a_refusal_is_remembered_too(shop: Caller) -> None:
    order = "/v1/orders/YL20261109014723/cancel"
    first = await shop.post(order, BODY, customer="C00036", key=KEY)
    again = await shop.post(order, BODY, customer="C00036", key=KEY)
    assert error(first) == (409, "order_not_cancellable")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await shop.executions() == []


async def test_after_a_day_the_key_is_new_again(shop: Caller) -> None:
    body = {"type": "other", "summary": "催办"}
    first = await shop.post("/v1/tickets", body, customer="C00001", key=KEY)
    shop.clock.advance(hours=24)
    later = await shop.post("/v1/tickets", body, customer="C00001", key=KEY)
    assert later.status_code == 201
    assert later.json()["ticket_id"] != first.json()["ticket_id"]
    assert [entry["executions"] for entry in await shop.executions()] == [2]


async def test_a_replay_needs_no_fresh_confirmation(shop: Caller) -> None:
    first = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
    shop.clock.advance(hours=1)
    again = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_replay_masks_for_its_own_caller(shop: Caller) -> None:
    path = "/v1/orders/YL20261119020743/address"
    address = {
        "receiver": "周女士",
        "phone": "18600006891",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "detail": "文三路1号",
    }
    body = {"address": address, "customer_confirmed_at": NOW.isoformat()}
    await shop.write("PUT", path, body, customer="C00001", key=KEY)
    again = await shop.write("PUT", path, body, customer="C00001", key=KEY, token=DESK)
    assert again.json()["address"]["phone"] == "186****6891"
    assert again.json()["address"]["detail"] == "***"


@pytest.mark.parametrize("key", [None, "short", "x" * 65], ids=["none", "short", "long"])
async def test_a_write_needs_a_key_of_the_right_length(shop: Caller, key: str | None) -> None:
    headers = {"Authorization": f"Bearer {OPERATOR}", "X-Customer-Id": "C00001"}
    if key is not None:
        headers["Idempotency-Key"] = key
    response = await shop.send("POST", CANCEL, headers=headers, json=BODY)
    assert error(response) == (400, "idempotency_key_required")


@pytest.mark.parametrize(
    "confirmed",
    [None, "昨天", "2026-11-20T09:00:00", "2026-11-20T09:00+08:00", "20261120T090000+0800"],
    ids=["none", "words", "no zone", "no seconds", "basic format"],
)
async def test_a_write_needs_the_customers_yes(shop: Caller, confirmed: str | None) -> None:
    headers = {
        "Authorization": f"Bearer {OPERATOR}",
        "X-Customer-Id": "C00001",
        "Idempotency-Key": KEY,
    }
    body = {"reason": "other"} | ({"customer_confirmed_at": confirmed} if confirmed else {})
    response = await shop.send("POST", CANCEL, headers=headers, json=body)
    assert error(response) == (400, "confirmation_required")
    assert await _status(shop) == "paid"


@pytest.mark.parametrize(
    ("minutes", "status"), [(-16, 400), (-15, 200), (15, 200), (16, 400)], ids=["old", "edge", "ahead", "far"]
)
async def test_a_yes_holds_for_a_quarter_of_an_hour(shop: Caller, minutes: int, status: int) -> None:
    confirmed = (NOW + timedelta(minutes=minutes)).isoformat()
    response = await shop.post(CANCEL, BODY | {"customer_confirmed_at": confirmed}, customer="C00001")
    assert response.status_code == status


async def test_a_restart_keeps_the_orders_and_the_keys(open_shop: OpenShop, tmp_path: Path) -> None:
    database = tmp_path / "shop.sqlite"
    async with open_shop(database=database) as shop:
        first = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
    async with open_shop(database=database) as shop:
        again = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
        assert (again.json(), await _status(shop)) == (first.json(), "cancelled")
        assert [entry["executions"] for entry in await shop.executions()] == [1]


class Plan:
    """Strikes the first write with one fault, then lets everything pass."""

    def __init__(self, fault: Fault) -> None:
        self._fault: Fault | None = fault

    def __call__(self, incoming: Incoming) -> Fault | None:
        if not incoming.idempotency_key:
            return None
        fault, self._fault = self._fault, None
        return fault


async def test_a_lost_answer_is_found_again_under_its_key(open_shop: OpenShop) -> None:
    async with open_shop(faults=Plan(AnswerLost(retry_after_s=2))) as shop:
        lost = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
        assert error(lost) == (503, "service_unavailable")
        assert lost.headers["Retry-After"] == "2"
        assert await _status(shop) == "cancelled"
        found = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
        assert found.status_code == 200
        assert found.headers["Idempotency-Replayed"] == "true"
        assert [entry["executions"] for entry in await shop.executions()] == [1]


async def test_while_it_is_unavailable_nothing_happens(open_shop: OpenShop) -> None:
    async with open_shop(faults=Plan(Unavailable())) as shop:
        assert error(await shop.post(CANCEL, BODY, customer="C00001", key=KEY)) == (
            503,
            "service_unavailable",
        )
        assert await _status(shop) == "paid"
        assert (await shop.post(CANCEL, BODY, customer="C00001", key=KEY)).status_code == 200


async def test_a_caller_that_gives_up_waiting_may_ask_again(open_shop: OpenShop) -> None:
    async with open_shop(faults=Plan(Delay(60, when="after"))) as shop:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(shop.post(CANCEL, BODY, customer="C00001", key=KEY), 0.2)
        again = await shop.post(CANCEL, BODY, customer="C00001", key=KEY)
        assert again.headers["Idempotency-Replayed"] == "true"


async def test_a_delay_before_the_work_leaves_nothing_done(open_shop: OpenShop) -> None:
    async with open_shop(faults=Plan(Delay(60))) as shop:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(shop.post(CANCEL, BODY, customer="C00001", key=KEY), 0.05)
        assert await _status(shop) == "paid"
