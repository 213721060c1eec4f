"""Orders, refunds, invoices, customers and products, as they are read."""

import pytest

from .support import DESK, Caller, error

DRESS = "YL20261108000123"


async def test_an_order_is_read_by_its_customer(shop: Caller) -> None:
    response = await shop.get(f"/v1/orders/{DRESS}", customer="C00001")
    assert response.status_code == 200
    assert response.json()["order_id"] == DRESS


@pytest.mark.parametrize(
    ("order_id", "customer"), [(DRESS, "C00002"), ("YL20260101000000", "C00001")], ids=["stranger", "missing"]
)
@pytest.mark.parametrize("part", ["", "/refunds", "/invoices"])
async def test_a_strangers_order_looks_like_a_missing_one(
    shop: Caller, order_id: str, customer: str, part: str
) -> None:
    response = await shop.get(f"/v1/orders/{order_id}{part}", customer=customer)
    assert error(response) == (404, "order_not_found")


async def test_a_malformed_order_id_is_named(shop: Caller) -> None:
    response = await shop.get("/v1/orders/YL1", customer="C00001")
    assert error(response) == (400, "bad_request")
    assert response.json()["error"]["details"] == {"field": "order_id"}


async def test_where_the_contract_has_no_400_a_malformed_id_is_not_found(shop: Caller) -> None:
    assert error(await shop.get("/v1/returns/RT1", customer="C00001")) == (404, "return_not_found")


async def test_reads_need_a_customer(shop: Caller) -> None:
    response = await shop.get(f"/v1/orders/{DRESS}")
    assert error(response) == (400, "bad_request")
    assert response.json()["error"]["details"] == {"field": "X-Customer-Id"}


async def test_orders_come_newest_first_in_pages(shop: Caller) -> None:
    whole = (await shop.get("/v1/orders", customer="C00001", page_size=50)).json()
    first = (await shop.get("/v1/orders", customer="C00001", page_size=2)).json()
    second = (await shop.get("/v1/orders", customer="C00001", page_size=2, page=2)).json()
    created = [order["created_at"] for order in whole["items"]]
    assert created == sorted(created, reverse=True)
    assert first["items"] + second["items"] == whole["items"][:4]
    assert first["total"] == len(whole["items"])


async def test_orders_are_found_by_their_last_six_digits(shop: Caller) -> None:
    found = (await shop.get("/v1/orders", customer="C00001", order_tail="000123")).json()
    assert [order["order_id"] for order in found["items"]] == [DRESS]


async def test_orders_are_found_by_a_products_short_name(shop: Caller) -> None:
    found = (await shop.get("/v1/orders", customer="C00001", keyword="羊毛裙")).json()
    assert DRESS in [order["order_id"] for order in found["items"]]


async def test_orders_are_filtered_by_several_statuses(shop: Caller) -> None:
    found = (await shop.get("/v1/orders", customer="C00001", status=["packed", "paid"])).json()
    assert {order["status"] for order in found["items"]} == {"packed", "paid"}


async def test_orders_are_filtered_by_beijing_dates(shop: Caller) -> None:
    found = await shop.get(
        "/v1/orders", customer="C00001", created_from="2026-11-08", created_to="2026-11-08"
    )
    assert [order["order_id"] for order in found.json()["items"]] == [DRESS]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page_size", "51"),
        ("page", "first"),
        ("order_tail", "12"),
        ("status", "lost"),
        ("created_from", "2026-13-01"),
        ("keyword", "长" * 41),
    ],
)
async def test_a_bad_query_value_is_named(shop: Caller, name: str, value: str) -> None:
    response = await shop.get("/v1/orders", customer="C00001", **{name: value})
    assert error(response) == (400, "bad_request")
    assert response.json()["error"]["details"] == {"field": name}


async def test_refunds_of_an_order_can_be_narrowed_to_one(shop: Caller) -> None:
    path = "/v1/orders/YL20261107005515/refunds"
    refunds = (await shop.get(path, customer="C00026")).json()
    assert [refund["kind"] for refund in refunds] == ["price_protection"]
    none = await shop.get(path, customer="C00026", refund_id="RF2026010100001")
    assert none.json() == []


async def test_an_order_without_refunds_has_an_empty_list(shop: Caller) -> None:
    assert (await shop.get(f"/v1/orders/{DRESS}/refunds", customer="C00001")).json() == []


async def test_reissued_invoices_come_newest_first(shop: Caller) -> None:
    invoices = (await shop.get("/v1/orders/YL20261006008118/invoices", customer="C00076")).json()
    assert [invoice["invoice_id"] for invoice in invoices] == ["IV2026102500054", "IV2026102100053"]


async def test_a_return_is_read_by_its_customer_only(shop: Caller) -> None:
    path = "/v1/returns/RT20261112000016"
    assert (await shop.get(path, customer="C00049")).json()["status"] == "received"
    assert error(await shop.get(path, customer="C00001")) == (404, "return_not_found")


async def test_coupons_are_filtered_by_status(shop: Caller) -> None:
    coupons = (await shop.get("/v1/customers/C00008/coupons", status="locked")).json()
    assert [coupon["coupon_code"] for coupon in coupons] == ["YLQ5D7NTH"]


@pytest.mark.parametrize("part", ["coupons", "membership"])
async def test_an_unknown_customer_is_not_found(shop: Caller, part: str) -> None:
    assert error(await shop.get(f"/v1/customers/C99999/{part}")) == (404, "customer_not_found")


async def test_membership_shows_level_and_points(shop: Caller) -> None:
    member = (await shop.get("/v1/customers/C00001/membership")).json()
    assert (member["level"], member["points"]) == ("gold", 2380)


async def test_personal_data_is_whole_for_those_who_may_read_it(shop: Caller) -> None:
    address = (await shop.get("/v1/customers/C00001/membership")).json()["default_address"]
    assert (address["phone"], address["detail"]) == ("18600006891", "云杉里小区3幢2单元501室")


async def test_without_the_scope_phones_are_masked_and_addresses_end_at_the_district(shop: Caller) -> None:
    member = (await shop.get("/v1/customers/C00001/membership", token=DESK)).json()
    order = (await shop.get(f"/v1/orders/{DRESS}", customer="C00001", token=DESK)).json()
    assert member["phone"] == "186****6891"
    assert member["default_address"]["phone"] == "186****6891"
    assert member["default_address"]["district"] == "余杭区"
    assert {member["default_address"]["detail"], order["address"]["detail"]} == {"***"}


@pytest.mark.parametrize("query", ["羊毛裙", "羊毛针织连衣裙", "SKU10023", "sku10023"])
async def test_a_product_is_found_by_name_short_name_and_sku(shop: Caller, query: str) -> None:
    found = (await shop.get("/v1/products", q=query)).json()
    assert found["items"][0]["sku"] == "SKU10023"


async def test_the_closest_name_comes_first(shop: Caller) -> None:
    found = (await shop.get("/v1/products", q="羊毛衫")).json()
    assert found["items"][0]["name"] == "男士美利奴羊毛衫"


async def test_products_are_narrowed_to_a_category(shop: Caller) -> None:
    found = (await shop.get("/v1/products", q="礼盒", category="食品")).json()
    assert {product["category"] for product in found["items"]} == {"食品"}


@pytest.mark.parametrize(("in_stock", "found"), [("false", 1), ("true", 0)])
async def test_a_sold_out_variant_is_left_out_when_only_stock_counts(
    shop: Caller, in_stock: str, found: int
) -> None:
    query = {"q": "羊毛针织连衣裙", "color": "燕麦色", "size": "M", "in_stock": in_stock}
    assert (await shop.get("/v1/products", **query)).json()["total"] == found


async def test_a_search_needs_words(shop: Caller) -> None:
    assert error(await shop.get("/v1/products")) == (400, "bad_request")


async def test_a_product_is_read_by_its_sku(shop: Caller) -> None:
    assert (await shop.get("/v1/products/SKU10023")).json()["name"] == "羊毛针织连衣裙"
    assert error(await shop.get("/v1/products/SKU99999")) == (404, "product_not_found")
