"""tickets.create."""

from datetime import datetime

import pytest

from kefu.shop.times import BEIJING

from .support import Caller, details, error


@pytest.mark.parametrize(
    ("body", "first_response_by"),
    [
        ({"type": "complaint"}, "2026-11-20T11:00:00+08:00"),
        ({"type": "other", "priority": "urgent"}, "2026-11-20T11:00:00+08:00"),
        ({"type": "other", "callback_requested": True}, "2026-11-20T11:00:00+08:00"),
        ({"type": "partial_cancel"}, "2026-11-21T09:00:00+08:00"),
    ],
)
async def test_a_ticket_says_when_a_person_answers(
    shop: Caller, body: dict[str, object], first_response_by: str
) -> None:
    response = await shop.post("/v1/tickets", {"summary": "请处理"} | body, customer="C00001")
    assert response.status_code == 201
    assert response.json() == {
        "ticket_id": "TK20261120000001",
        "type": body["type"],
        "status": "open",
        "created_at": "2026-11-20T09:00:00+08:00",
        "first_response_by": first_response_by,
    }


@pytest.mark.parametrize(
    ("hour", "minute", "first_response_by"),
    [(3, 0, "2026-11-20T10:30:00+08:00"), (23, 0, "2026-11-21T09:30:00+08:00")],
    ids=["at night", "late in the evening"],
)
async def test_only_service_hours_count(shop: Caller, hour: int, minute: int, first_response_by: str) -> None:
    shop.clock.now = datetime(2026, 11, 20, hour, minute, tzinfo=BEIJING)
    body = {"type": "complaint", "summary": "态度不好"}
    response = await shop.post("/v1/tickets", body, customer="C00001")
    assert response.json()["first_response_by"] == first_response_by


async def test_each_ticket_has_its_own_number(shop: Caller) -> None:
    body = {"type": "other", "summary": "催办"}
    first = await shop.post("/v1/tickets", body, customer="C00001")
    second = await shop.post("/v1/tickets", body, customer="C00001")
    assert (first.json()["ticket_id"], second.json()["ticket_id"]) == ("TK20261120000001", "TK20261120000002")


async def test_a_ticket_may_point_at_the_customers_own_records(shop: Caller) -> None:
    about = {
        "order_id": "YL20261108011206",
        "return_id": "RT20261112000016",
        "description": "退件已签收",
        "conversation_id": "c-1",
    }
    body = {"type": "complaint", "summary": "退款慢"} | about
    assert (await shop.post("/v1/tickets", body, customer="C00049")).status_code == 201


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"order_id": "YL20261108011206"}, "order_not_found"),
        ({"return_id": "RT20261112000016"}, "return_not_found"),
        ({"tracking_no": "STO7768849456660"}, "shipment_not_found"),
    ],
)
async def test_a_ticket_about_a_strangers_record_is_refused(
    shop: Caller, about: dict[str, str], code: str
) -> None:
    body = {"type": "other", "summary": "催办"} | about
    assert error(await shop.post("/v1/tickets", body, customer="C00001")) == (404, code)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "wish", "summary": "催办"}, "type"),
        ({"type": "other", "summary": "催"}, "summary"),
        ({"type": "other"}, "summary"),
        ({"type": "other", "summary": "催办", "order_id": "123"}, "order_id"),
    ],
)
async def test_a_field_that_breaks_the_schema_is_named(
    shop: Caller, body: dict[str, object], field: str
) -> None:
    response = await shop.post("/v1/tickets", body, customer="C00001")
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": field}
