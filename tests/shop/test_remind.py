"""orders.remind_shipment."""

import httpx
import pytest

from .support import Caller, details, error


async def _remind(shop: Caller, order_id: str, customer: str) -> httpx.Response:
    return await shop.post(f"/v1/orders/{order_id}/reminders", {}, customer=customer)


async def test_an_overdue_order_is_urged(shop: Caller) -> None:
    response = await _remind(shop, "YL20261116029895", "C00071")
    assert response.status_code == 201
    assert response.json() == {
        "order_id": "YL20261116029895",
        "reminded_at": "2026-11-20T09:00:00+08:00",
        "reply_by": "2026-11-21T09:00:00+08:00",
        "late_dispatch_compensation": 27.45,
    }
    order = (await shop.get("/v1/orders/YL20261116029895", customer="C00071")).json()
    assert order["last_remind_at"] == "2026-11-20T09:00:00+08:00"


async def test_late_dispatch_pays_at_least_five_yuan(shop: Caller) -> None:
    response = await _remind(shop, "YL20261117055338", "C00069")
    assert response.json()["late_dispatch_compensation"] == 5


async def test_late_dispatch_pays_at_most_thirty_yuan(shop: Caller) -> None:
    response = await _remind(shop, "YL20261025047165", "C00074")
    assert response.json()["late_dispatch_compensation"] == 30


async def test_once_in_a_day(shop: Caller) -> None:
    response = await _remind(shop, "YL20261117034243", "C00041")
    assert error(response) == (409, "reminder_too_frequent")
    assert details(response) == {"last_remind_at": "2026-11-20T00:00:00+08:00"}
    shop.clock.advance(hours=15)
    assert (await _remind(shop, "YL20261117034243", "C00041")).status_code == 201


async def test_before_the_promised_time_there_is_nothing_to_urge(shop: Caller) -> None:
    response = await _remind(shop, "YL20261119020743", "C00001")
    assert error(response) == (422, "not_overdue")
    assert details(response) == {"promised_ship_by": "2026-11-21T08:57:50+08:00"}


async def test_a_scheduled_delivery_has_no_promised_time(shop: Caller) -> None:
    assert error(await _remind(shop, "YL20261119006640", "C00018")) == (422, "not_overdue")


@pytest.mark.parametrize(
    ("order_id", "customer", "code"),
    [
        ("YL20261109014723", "C00036", "order_already_shipped"),
        ("YL20261111034338", "C00004", "order_already_shipped"),
        ("YL20261120020427", "C00023", "not_overdue"),
    ],
    ids=["shipped", "delivered", "unpaid"],
)
async def test_an_order_that_waits_for_nothing_cannot_be_urged(
    shop: Caller, order_id: str, customer: str, code: str
) -> None:
    assert error(await _remind(shop, order_id, customer)) == (409, code)


async def test_a_strangers_order_cannot_be_urged(shop: Caller) -> None:
    assert error(await _remind(shop, "YL20261116029895", "C00001")) == (404, "order_not_found")
