"""orders.change_address."""

from datetime import date

import httpx
import pytest

from kefu.shop.data import ShopData
from kefu.shop.shipping import Zone, fee, restricted_skus, zone_of

from .support import Caller, details, error

PAID = "YL20261119020743"  # one bottle of perfume, to Hangzhou
HOME = {
    "receiver": "周女士",
    "phone": "18600006891",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "detail": "文三路1号",
}
URUMQI = HOME | {"province": "新疆维吾尔自治区", "city": "乌鲁木齐市", "district": "天山区"}
LANZHOU = HOME | {"province": "甘肃省", "city": "兰州市", "district": "城关区"}


async def _change(shop: Caller, order_id: str, customer: str, address: dict[str, str]) -> httpx.Response:
    path = f"/v1/orders/{order_id}/address"
    return await shop.write("PUT", path, {"address": address}, customer=customer)


async def _address(shop: Caller, order_id: str, customer: str) -> dict[str, object]:
    return (await shop.get(f"/v1/orders/{order_id}", customer=customer)).json()["address"]


async def test_a_paid_order_takes_a_new_address(shop: Caller) -> None:
    response = await _change(shop, PAID, "C00001", HOME)
    assert response.status_code == 200
    assert response.json() == {"order_id": PAID, "result": "changed", "address": HOME | {"zone": 1}}
    assert await _address(shop, PAID, "C00001") == HOME | {"zone": 1}


async def test_only_once(shop: Caller) -> None:
    await _change(shop, PAID, "C00001", HOME)
    again = await _change(shop, PAID, "C00001", HOME | {"detail": "文三路2号"})
    assert error(again) == (409, "address_change_limit")
    assert details(again) == {"address_change_count": 1}


async def test_a_change_made_before_counts(shop: Caller) -> None:
    assert error(await _change(shop, "YL20261119033075", "C00042", HOME)) == (409, "address_change_limit")


async def test_before_the_balance_a_deposit_order_may_move_too(shop: Caller) -> None:
    assert (await _change(shop, "YL20261120017837", "C00053", HOME)).json()["result"] == "changed"


async def test_an_unpaid_order_is_cancelled_instead(shop: Caller) -> None:
    response = await _change(shop, "YL20261120020427", "C00023", HOME)
    assert error(response) == (409, "address_change_limit")
    assert details(response)["alternatives"] == ["cancel"]


async def test_a_packed_order_asks_the_warehouse_and_keeps_its_address(shop: Caller) -> None:
    before = await _address(shop, "YL20261118048276", "C00001")
    response = await _change(shop, "YL20261118048276", "C00001", HOME)
    assert response.status_code == 202
    assert response.json()["result"] == "intercept_requested"
    assert response.json()["decide_by"] == "2026-11-20T09:30:00+08:00"
    assert await _address(shop, "YL20261118048276", "C00001") == before


async def test_after_dispatch_only_forwarding_is_left(shop: Caller) -> None:
    response = await _change(shop, "YL20261109014723", "C00036", HOME)
    assert error(response) == (409, "order_already_shipped")
    assert details(response)["alternatives"] == ["forward"]


async def test_after_delivery_nothing_is_left(shop: Caller) -> None:
    response = await _change(shop, "YL20261111034338", "C00004", HOME)
    assert error(response) == (409, "order_already_shipped")


async def test_a_dearer_zone_waits_for_the_difference(shop: Caller) -> None:
    before = await _address(shop, "YL20261119032414", "C00114")
    response = await _change(shop, "YL20261119032414", "C00114", URUMQI)
    assert (response.status_code, response.json()["result"]) == (200, "awaiting_payment")
    assert response.json()["fee_difference"] == 20
    assert response.json()["payment_link_expires_at"] == "2026-11-20T09:30:00+08:00"
    assert await _address(shop, "YL20261119032414", "C00114") == before


async def test_a_cheaper_zone_gives_nothing_back(shop: Caller) -> None:
    response = await _change(shop, "YL20261117055338", "C00069", HOME)
    assert response.json()["result"] == "changed"
    assert "fee_difference" not in response.json()


async def test_bulky_goods_cost_sixty_more_in_far_zones(shop: Caller) -> None:
    response = await _change(shop, "YL20261119006640", "C00018", LANZHOU)
    assert response.json()["fee_difference"] == 60


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"province": "香港特别行政区", "city": "香港"}, "overseas_or_hmt"),
        ({"province": "台湾省", "city": "台北市"}, "overseas_or_hmt"),
        ({"province": "California", "city": "Los Angeles"}, "overseas_or_hmt"),
        ({"province": "海南省", "city": "三沙市"}, "sansha"),
        ({"detail": "32123部队"}, "military_only"),
        ({"detail": "邮政信箱1001"}, "po_box"),
    ],
)
async def test_places_nothing_is_sent_to(shop: Caller, changes: dict[str, str], reason: str) -> None:
    response = await _change(shop, PAID, "C00001", HOME | changes)
    assert error(response) == (422, "address_not_deliverable")
    assert details(response) == {"reason": reason}


async def test_perfume_does_not_travel_to_zone_five(shop: Caller) -> None:
    response = await _change(shop, PAID, "C00001", URUMQI)
    assert error(response) == (422, "item_restricted_for_zone")
    assert details(response) == {"zone": 5, "skus": ["SKU20026"]}


@pytest.mark.parametrize(
    ("sku", "zone", "day", "allowed"),
    [
        ("SKU60008", 5, date(2026, 11, 20), False),
        ("SKU60008", 5, date(2027, 3, 15), False),
        ("SKU60008", 5, date(2027, 3, 16), True),
        ("SKU60008", 4, date(2026, 11, 20), True),
        ("SKU60012", 4, date(2026, 7, 1), False),
        ("SKU20026", 4, date(2026, 11, 20), True),
        ("SKU40003", 5, date(2026, 11, 20), True),
    ],
    ids=["honey in winter", "last winter day", "spring", "nearer", "yoghurt", "perfume by land", "battery"],
)
def test_what_may_travel_where_and_when(
    data: ShopData, sku: str, zone: Zone, day: date, allowed: bool
) -> None:
    [product] = [product for product in data.products if product.sku == sku]
    assert (restricted_skus([product], zone, day) == []) is allowed


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "12345"), ("receiver", ""), ("detail", "x"), ("zone", "1")]
)
async def test_a_field_that_breaks_the_schema_is_named(shop: Caller, field: str, value: str) -> None:
    response = await _change(shop, PAID, "C00001", HOME | {field: value})
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": f"address.{field}"}


def test_the_fee_table_gives_what_every_recorded_order_was_charged(data: ShopData) -> None:
    products = {product.sku: product for product in data.products}
    for order in data.orders:
        zone = zone_of(order.address.province)
        assert zone is not None
        assert zone == order.address.zone
        charged = order.amounts.shipping_fee + (order.amounts.bulky_surcharge or 0)
        assert fee(order, [products[item.sku] for item in order.items], zone) == charged, order.order_id
