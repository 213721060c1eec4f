"""price_protection.apply, and the refunds that come of it."""

from datetime import datetime
from decimal import Decimal

import httpx
import pytest

from kefu.shop.data import ShopData
from kefu.shop.price_protection import compare
from kefu.shop.promotions import discount
from kefu.shop.refunds import expected_by, split
from kefu.shop.times import BEIJING

from .support import Caller, details, error

CLEANER = ("YL20261110051767", "C00045")  # a mite cleaner for 249, now 234 after the everyday promotion


async def _apply(shop: Caller, order: tuple[str, str], line_no: int = 1) -> httpx.Response:
    body = {"order_id": order[0], "line_no": line_no}
    return await shop.post("/v1/price-protections", body, customer=order[1])


async def test_the_difference_is_paid_back_the_way_it_was_paid(shop: Caller) -> None:
    response = await _apply(shop, CLEANER)
    assert response.status_code == 201
    assert response.json() == {
        "claim_id": "PPC202611200006",
        "line_no": 1,
        "status": "approved",
        "amount": 15,
        "applied_at": "2026-11-20T09:00:00+08:00",
    }
    order = (await shop.get(f"/v1/orders/{CLEANER[0]}", customer="C00045")).json()
    assert (order["refund_status"], order["price_protections"]) == ("partial", [response.json()])
    [refund] = order["refunds"]
    assert (refund["kind"], refund["amount"], refund["method"]) == ("price_protection", 15, "alipay_debit")


async def test_once_per_line(shop: Caller) -> None:
    await _apply(shop, CLEANER)
    assert error(await _apply(shop, CLEANER)) == (409, "price_protection_used")


async def test_several_pieces_are_paid_back_together(shop: Caller) -> None:
    assert (await _apply(shop, ("YL20261118009974", "C00099"), 3)).json()["amount"] == 5.99


@pytest.mark.parametrize(
    ("order", "line_no"),
    [
        (("YL20261117012576", "C00084"), 2),
        (("YL20261106016197", "C00110"), 2),
        (("YL20261119020743", "C00001"), 1),
    ],
    ids=["less than a yuan", "after a rejected claim", "same price"],
)
async def test_without_a_drop_of_a_yuan_nothing_is_paid(
    shop: Caller, order: tuple[str, str], line_no: int
) -> None:
    response = await _apply(shop, order, line_no)
    assert error(response) == (422, "no_price_drop")
    assert set(details(response)) == {"paid_unit", "current_unit"}


async def test_the_period_ends(shop: Caller) -> None:
    shop.clock.now = datetime(2026, 12, 11, tzinfo=BEIJING)
    response = await _apply(shop, CLEANER)
    assert error(response) == (422, "out_of_window")
    assert details(response) == {"price_protect_until": "2026-12-10T23:59:59+08:00"}


@pytest.mark.parametrize(
    ("order", "line_no", "rule"),
    [
        (("YL20261115022565", "C00002"), 1, "flash_sale"),
        (("YL20261116002476", "C00027"), 1, "clearance"),
        (("YL20261111027633", "C00018"), 1, "defect_special"),
        (("YL20261108025984", "C00074"), 1, "variant_unavailable"),
        (("YL20261029007532", "C00036"), 1, "refunded"),
    ],
)
async def test_what_has_no_price_protection(
    shop: Caller, order: tuple[str, str], line_no: int, rule: str
) -> None:
    response = await _apply(shop, order, line_no)
    assert error(response) == (422, "not_eligible")
    assert details(response)["rule"] == rule


@pytest.mark.parametrize(
    ("order", "status"),
    [(("YL20261120020427", "C00023"), "pending_payment"), (("YL20261109043755", "C00099"), "cancelled")],
)
async def test_only_a_paid_order_is_protected(shop: Caller, order: tuple[str, str], status: str) -> None:
    response = await _apply(shop, order)
    assert error(response) == (422, "not_eligible")
    assert details(response) == {"status": status}


async def test_a_line_on_its_way_back_is_not_protected(shop: Caller) -> None:
    response = await _apply(shop, ("YL20261108011206", "C00049"))
    assert error(response) == (409, "return_in_progress")
    assert details(response) == {"return_id": "RT20261112000016"}


async def test_a_deposit_order_goes_to_a_person(shop: Caller) -> None:
    response = await _apply(shop, ("YL20261025047165", "C00074"))
    assert (response.status_code, response.json()["status"]) == (202, "manual_review")
    again = await _apply(shop, ("YL20261025047165", "C00074"))
    assert error(again) == (409, "price_protection_used")


async def test_a_line_the_order_does_not_have_is_named(shop: Caller) -> None:
    response = await _apply(shop, CLEANER, 9)
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": "line_no"}


async def test_a_strangers_line_is_not_protected(shop: Caller) -> None:
    assert error(await _apply(shop, (CLEANER[0], "C00001"))) == (404, "order_not_found")


def test_the_comparison_gives_what_every_recorded_claim_was_paid(data: ShopData) -> None:
    products = {product.sku: product for product in data.products}
    recorded = [(order, claim) for order in data.orders for claim in order.price_protections]
    for order, claim in recorded:
        item = order.line(claim.line_no)
        assert item is not None
        compared = compare(item, products[item.sku], claim.applied_at).difference
        assert (compared if compared >= 1 else 0) == claim.amount, order.order_id


@pytest.mark.parametrize(
    ("day", "hour", "amount", "off"),
    [
        (20, 9, 198, 0),
        (20, 9, 199, 15),
        (20, 9, 399, 40),
        (20, 9, 800, 90),
        (11, 9, 650, 80),
        (14, 9, 650, 60),
        (5, 9, 650, 40),
    ],
    ids=["below", "first step", "second", "highest only", "campaign", "encore", "between campaigns"],
)
def test_promotions_by_amount_and_day(data: ShopData, day: int, hour: int, amount: int, off: int) -> None:
    dress = next(product for product in data.products if product.sku == "SKU10023")
    at = datetime(2026, 11, day, hour, tzinfo=BEIJING)
    assert discount(dress, Decimal(amount), at) == off


def test_food_takes_no_part_in_the_campaign(data: ShopData) -> None:
    dates = next(product for product in data.products if product.sku == "SKU60004")
    assert discount(dates, Decimal(600), datetime(2026, 11, 11, tzinfo=BEIJING)) == 0


def test_every_recorded_refund_arrives_by_the_rule_for_its_payment(data: ShopData) -> None:
    for refund in (refund for order in data.orders for refund in order.refunds):
        assert expected_by(refund.method, refund.initiated_at) == refund.expected_by, refund.refund_id


def test_outside_money_goes_back_before_the_shops_own_balance(data: ShopData) -> None:
    order = next(order for order in data.orders if order.order_id == "YL20261108031519")
    assert split(order, Decimal(160)) == [("wechat_credit", Decimal(154)), ("yunlan_balance", Decimal(6))]


def test_what_was_refunded_before_is_not_refunded_again(data: ShopData) -> None:
    order = next(order for order in data.orders if order.order_id == "YL20261107005515")
    assert split(order, Decimal(1000)) == [("unionpay", Decimal(284))]
