"""orders.cancel."""

from datetime import timedelta

import httpx
import pytest

from kefu.shop.cancellation import decide
from kefu.shop.data import ShopData
from kefu.shop.documents import Order
from kefu.shop.problems import Refusal

from .support import NOW, Caller, details, error


def _order(data: ShopData, order_id: str) -> Order:
    return next(order for order in data.orders if order.order_id == order_id)


async def _cancel(shop: Caller, order_id: str, customer: str) -> httpx.Response:
    return await shop.post(f"/v1/orders/{order_id}/cancel", {"reason": "wrong_spec"}, customer=customer)


async def _stock(shop: Caller, sku: str, color: str | None = None, size: str | None = None) -> int:
    levels = (await shop.get(f"/v1/products/{sku}")).json()["stock"]
    return next(level["qty"] for level in levels if (level["color"], level["size"]) == (color, size))


async def test_a_paid_order_is_cancelled_at_once_and_refunded_the_way_it_was_paid(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261119020743", "C00001")
    assert response.status_code == 200
    assert response.json()["result"] == "cancelled"
    order = (await shop.get("/v1/orders/YL20261119020743", customer="C00001")).json()
    assert (order["status"], order["cancel_reason"]) == ("cancelled", "wrong_spec")
    assert (order["cancelled_at"], order["refund_status"]) == ("2026-11-20T09:00:00+08:00", "full")
    [refund] = (await shop.get("/v1/orders/YL20261119020743/refunds", customer="C00001")).json()
    assert refund["refund_id"] == "RF2026112000032"
    assert (refund["kind"], refund["amount"], refund["method"]) == ("cancel", 194, "wechat_change")
    assert (refund["status"], refund["expected_by"]) == ("processing", "2026-11-21T09:00:00+08:00")


async def test_cancelling_puts_the_goods_back_on_the_shelf(shop: Caller) -> None:
    before = await _stock(shop, "SKU20026")
    await _cancel(shop, "YL20261119020743", "C00001")
    assert await _stock(shop, "SKU20026") == before + 1


async def test_cancelling_twice_says_that_it_is_done(shop: Caller) -> None:
    await _cancel(shop, "YL20261119020743", "C00001")
    again = await _cancel(shop, "YL20261119020743", "C00001")
    assert error(again) == (409, "order_not_cancellable")
    assert details(again)["status"] == "cancelled"


async def test_a_valid_coupon_comes_back(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261119038549", "C00093")
    assert response.json()["coupons_returned"] == ["YLQP936UG"]
    coupons = (await shop.get("/v1/customers/C00093/coupons", status="unused")).json()
    assert "YLQP936UG" in [coupon["coupon_code"] for coupon in coupons]


async def test_an_expired_coupon_stays_used(shop: Caller) -> None:
    shop.clock.advance(days=30)
    response = await _cancel(shop, "YL20261119038549", "C00093")
    assert "coupons_returned" not in response.json()


async def test_points_come_back(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261108048971", "C00023")
    assert response.json()["points_returned"] == 1200
    assert (await shop.get("/v1/customers/C00023/membership")).json()["points"] == 1736 + 1200


async def test_an_unpaid_order_is_cancelled_and_frees_its_coupon(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261120020574", "C00008")
    assert response.status_code == 200
    assert "refunds" not in response.json()
    assert response.json()["coupons_returned"] == ["YLQ5D7NTH"]


async def test_a_packed_order_asks_the_warehouse(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261118048276", "C00001")
    assert response.status_code == 202
    assert response.json() == {
        "order_id": "YL20261118048276",
        "status": "packed",
        "result": "intercept_requested",
        "decide_by": "2026-11-20T09:30:00+08:00",
    }


async def test_asking_again_does_not_move_the_warehouses_deadline(shop: Caller) -> None:
    first = await _cancel(shop, "YL20261118048276", "C00001")
    shop.clock.advance(minutes=10)
    assert (await _cancel(shop, "YL20261118048276", "C00001")).json() == first.json()


@pytest.mark.parametrize(
    ("order_id", "customer", "status", "alternatives"),
    [
        ("YL20261109014723", "C00036", "shipped", ["intercept", "refuse", "return"]),
        ("YL20261111034338", "C00004", "delivered", ["return"]),
        ("YL20261108000123", "C00001", "completed", ["return"]),
        ("YL20261108011206", "C00049", "in_aftersales", ["return"]),
    ],
)
async def test_after_dispatch_only_other_ways_are_left(
    shop: Caller, order_id: str, customer: str, status: str, alternatives: list[str]
) -> None:
    response = await _cancel(shop, order_id, customer)
    assert error(response) == (409, "order_not_cancellable")
    assert details(response) == {"status": status, "alternatives": alternatives}


async def test_a_custom_order_can_be_cancelled_for_two_hours(shop: Caller) -> None:
    assert (await _cancel(shop, "YL20261120017443", "C00026")).status_code == 200


async def test_after_two_hours_a_custom_order_is_being_made(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261117024739", "C00045")
    assert error(response) == (409, "order_not_cancellable")
    assert details(response)["type"] == "custom"


async def test_a_deposit_given_up_within_two_hours_is_refunded(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261120017837", "C00053")
    assert [refund["amount"] for refund in response.json()["refunds"]] == [60]
    order = (await shop.get("/v1/orders/YL20261120017837", customer="C00053")).json()
    assert (order["cancel_reason"], order["presale"]["stage"]) == ("deposit_self_cancel", "deposit_refunded")


async def test_a_deposit_is_kept_after_two_hours(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261115023492", "C00091")
    assert error(response) == (409, "order_not_cancellable")
    assert details(response)["deposit_cancel_until"] == "2026-11-15T12:13:00+08:00"


async def test_with_the_balance_paid_deposit_and_balance_both_come_back(shop: Caller) -> None:
    response = await _cancel(shop, "YL20261025047165", "C00074")
    refunds = [(refund["method"], refund["amount"]) for refund in response.json()["refunds"]]
    assert refunds == [("wechat_debit", 50), ("wechat_credit", 569)]


def test_a_deposit_is_given_up_once_per_campaign(data: ShopData) -> None:
    order = _order(data, "YL20261120017837")
    with pytest.raises(Refusal, match="每个活动只能自助取消一次"):
        decide(order, 1, NOW)


def test_the_last_second_of_a_deposits_two_hours_counts(data: ShopData) -> None:
    order = _order(data, "YL20261120017837")
    until = NOW + timedelta(minutes=43)
    assert decide(order, 0, until) == decide(order, 0, NOW)
    with pytest.raises(Refusal):
        decide(order, 0, until + timedelta(seconds=1))


async def test_a_strangers_order_cannot_be_cancelled(shop: Caller) -> None:
    assert error(await _cancel(shop, "YL20261119020743", "C00002")) == (404, "order_not_found")
    assert await shop.executions() == []
