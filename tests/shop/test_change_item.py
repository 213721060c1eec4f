"""orders.change_item."""

import httpx
import pytest

from .support import Caller, details, error

SWEATER = "YL20261116029895"  # a cashmere sweater, caramel, S, paid


async def _change(
    shop: Caller, order_id: str, customer: str, wanted: dict[str, object], line_no: object = 1
) -> httpx.Response:
    return await shop.write("PATCH", f"/v1/orders/{order_id}/items/{line_no}", wanted, customer=customer)


async def _stock(shop: Caller) -> dict[str, int]:
    levels = (await shop.get("/v1/products/SKU10007")).json()["stock"]
    return {level["size"]: level["qty"] for level in levels if level["color"] == "焦糖"}


async def test_a_paid_line_changes_its_size(shop: Caller) -> None:
    response = await _change(shop, SWEATER, "C00071", {"size": "M"})
    assert response.status_code == 200
    [line] = response.json()["items"]
    assert (line["color"], line["size"]) == ("焦糖", "M")
    assert response.json()["item_change_count"] == 1
    assert (await shop.get(f"/v1/orders/{SWEATER}", customer="C00071")).json() == response.json()


async def test_the_new_size_leaves_the_shelf_and_the_old_one_returns(shop: Caller) -> None:
    before = await _stock(shop)
    await _change(shop, SWEATER, "C00071", {"size": "M"})
    after = await _stock(shop)
    assert (after["M"], after["S"]) == (before["M"] - 1, before["S"] + 1)


async def test_only_once(shop: Caller) -> None:
    await _change(shop, SWEATER, "C00071", {"size": "M"})
    again = await _change(shop, SWEATER, "C00071", {"size": "XL"})
    assert error(again) == (409, "item_not_changeable")


@pytest.mark.parametrize(
    ("order_id", "customer", "why"),
    [
        ("YL20261119045424", "C00110", {"item_change_count": 1}),
        ("YL20261118055573", "C00034", {"status": "packed"}),
        ("YL20261120020427", "C00023", {"status": "pending_payment"}),
        ("YL20261119029608", "C00072", {"type": "custom"}),
        ("YL20261025047165", "C00074", {"type": "presale_deposit"}),
    ],
)
async def test_orders_whose_lines_stay_as_they_are(
    shop: Caller, order_id: str, customer: str, why: dict[str, object]
) -> None:
    response = await _change(shop, order_id, customer, {"color": "黑色"})
    assert error(response) == (409, "item_not_changeable")
    assert details(response) == why


@pytest.mark.parametrize("wanted", [{"color": "奶茶色", "size": "L"}, {"color": "荧光绿"}])
async def test_a_variant_without_stock_cannot_be_had(shop: Caller, wanted: dict[str, object]) -> None:
    response = await _change(shop, SWEATER, "C00071", wanted)
    assert error(response) == (422, "variant_out_of_stock")
    assert details(response)["sku"] == "SKU10007"


@pytest.mark.parametrize(
    ("wanted", "line_no", "field"),
    [
        ({}, 1, "color | size"),
        ({"size": "S"}, 1, "color | size"),
        ({"size": "M"}, 9, "line_no"),
        ({"size": "M"}, "first", "line_no"),
        ({"size": 38}, 1, "size"),
        ({"size": "M", "quantity": 2}, 1, "quantity"),
    ],
)
async def test_a_request_that_makes_no_sense_names_its_field(
    shop: Caller, wanted: dict[str, object], line_no: object, field: str
) -> None:
    response = await _change(shop, SWEATER, "C00071", wanted, line_no)
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": field}


async def test_a_strangers_line_cannot_be_changed(shop: Caller) -> None:
    assert error(await _change(shop, SWEATER, "C00001", {"size": "M"})) == (404, "order_not_found")
