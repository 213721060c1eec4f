"""returns.create and returns.cancel."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from kefu.shop.times import BEIJING

from .support import Caller, details, error

DRESS = ("YL20261108000123", "C00001")  # delivered on 9 November, no reason needed until the 24th
SHOES = ("YL20261118027850", "C00093")  # hiking shoes for 419, delivered the evening before
COAT = ("YL20261112000908", "C00047")  # down jacket, cream, L, delivered on 13 November
POWDER = ("YL20261107000746", "C00052")  # eye shadow, delivered on 12 November


async def _apply(
    shop: Caller,
    order: tuple[str, str],
    kind: str = "return",
    reason: str = "no_longer_wanted",
    *,
    line_no: int = 1,
    quantity: int = 1,
    exchange_to: dict[str, str] | None = None,
    has_package: bool = True,
    **more: Any,
) -> httpx.Response:
    order_id, customer = order
    item: dict[str, object] = {"line_no": line_no, "quantity": quantity}
    if exchange_to is not None:
        item["exchange_to"] = exchange_to
    body = {"order_id": order_id, "kind": kind, "reason": reason, "items": [item], "has_package": has_package}
    return await shop.post("/v1/returns", body | more, customer=customer)


async def _order(shop: Caller, order: tuple[str, str]) -> dict[str, Any]:
    return (await shop.get(f"/v1/orders/{order[0]}", customer=order[1])).json()


async def _stock(shop: Caller, sku: str, color: str, size: str) -> int:
    levels = (await shop.get(f"/v1/products/{sku}")).json()["stock"]
    return next(level["qty"] for level in levels if (level["color"], level["size"]) == (color, size))


async def test_a_return_waits_for_review_and_shows_what_comes_back(shop: Caller) -> None:
    response = await _apply(shop, DRESS, description="不想要了", return_method="pickup")
    assert response.status_code == 201
    claim = response.json()
    assert claim["return_id"] == "RT20261120000004"
    assert (claim["status"], claim["refund_amount"], claim["deduction"]) == ("pending_review", 314, 0)
    assert (claim["shipping_fee_bearer"], claim["warehouse"]) == ("buyer", "嘉兴仓")
    assert claim["timeline"] == [{"time": "2026-11-20T09:00:00+08:00", "event": "顾客提交申请：退货退款"}]
    stored = await shop.get("/v1/returns/RT20261120000004", customer="C00001")
    assert stored.json() == claim


async def test_the_order_shows_its_return(shop: Caller) -> None:
    await _apply(shop, DRESS)
    order = await _order(shop, DRESS)
    assert (order["status"], order["status_before_aftersales"]) == ("in_aftersales", "completed")
    assert order["returns"] == ["RT20261120000004"]


async def test_a_line_has_one_open_return_at_a_time(shop: Caller) -> None:
    first = await _apply(shop, DRESS)
    again = await _apply(shop, DRESS, reason="quality_issue")
    assert error(again) == (409, "return_in_progress")
    assert details(again) == {"return_id": first.json()["return_id"]}


async def test_other_lines_of_the_order_stay_free(shop: Caller) -> None:
    order = ("YL20261111020067", "C00011")
    assert (await _apply(shop, order, line_no=1)).status_code == 201
    assert (await _apply(shop, order, line_no=2)).status_code == 201


async def test_the_last_second_of_the_period_counts(shop: Caller) -> None:
    shop.clock.now = datetime(2026, 11, 24, 23, 59, 59, tzinfo=BEIJING)
    assert (await _apply(shop, DRESS)).status_code == 201


async def test_the_second_after_is_too_late(shop: Caller) -> None:
    shop.clock.now = datetime(2026, 11, 25, tzinfo=BEIJING)
    response = await _apply(shop, DRESS)
    assert error(response) == (422, "out_of_window")
    assert details(response) == {"deadline": "2026-11-24T23:59:59+08:00"}


@pytest.mark.parametrize(
    ("order", "line_no", "has_package", "rule"),
    [
        (("YL20261115008282", "C00063"), 1, True, "not_supported"),
        (("YL20261111027633", "C00018"), 1, True, "not_supported"),
        (("YL20261110046613", "C00112"), 1, True, "customized"),
        (("YL20261112000034", "C00007"), 2, False, "unopened_only"),
        (("YL20261112000034", "C00007"), 1, False, "unopened_only"),
    ],
    ids=["chilled food", "defect special", "engraved belt", "opened make-up", "opened rice"],
)
async def test_what_cannot_be_returned_without_reason(
    shop: Caller, order: tuple[str, str], line_no: int, has_package: bool, rule: str
) -> None:
    response = await _apply(shop, order, line_no=line_no, has_package=has_package)
    assert error(response) == (422, "not_eligible")
    assert details(response) == {"rule": rule}


@pytest.mark.parametrize(
    ("order", "deduction", "refund", "reason"),
    [
        (SHOES, 10, 409, "鞋盒缺失折损费"),
        (("YL20261115045494", "C00047"), 30, 949, "彩盒缺失折损费"),
        (("YL20261117040241", "C00047"), 20, 129, "彩盒缺失折损费"),
        (("YL20261112031608", "C00056"), 5, 51.67, "收纳袋缺失折损费"),
        (DRESS, 0, 314, None),
    ],
    ids=["shoes", "appliance from 500", "appliance below 500", "textile, one of three", "clothes"],
)
async def test_a_missing_package_costs(
    shop: Caller, order: tuple[str, str], deduction: float, refund: float, reason: str | None
) -> None:
    claim = (await _apply(shop, order, has_package=False)).json()
    assert (claim["deduction"], claim["refund_amount"]) == (deduction, refund)
    assert claim.get("deduction_reason") == reason


async def test_for_faulty_goods_the_package_does_not_matter_and_the_seller_pays(shop: Caller) -> None:
    claim = (await _apply(shop, SHOES, reason="quality_issue", has_package=False)).json()
    assert (claim["deduction"], claim["refund_amount"]) == (0, 419)
    assert claim["shipping_fee_bearer"] == "seller"


async def test_price_protection_paid_before_is_not_paid_twice(shop: Caller) -> None:
    claim = (await _apply(shop, ("YL20261107005515", "C00026"))).json()
    assert claim["refund_amount"] == 314 - 30


@pytest.mark.parametrize(
    ("order", "days_later", "status"),
    [
        (("YL20261111020651", "C00063"), 1, 201),
        (("YL20261111020651", "C00063"), 2, 422),
        (("YL20261113006616", "C00023"), 11, 201),
        (("YL20261113006616", "C00023"), 12, 422),
        (("YL20261030012247", "C00075"), 300, 201),
        (("YL20261030012247", "C00075"), 360, 422),
    ],
    ids=["appliance 7", "appliance 8", "clothes 15", "clothes 16", "food fresh", "food expired"],
)
async def test_faulty_goods_have_periods_of_their_own(
    shop: Caller, order: tuple[str, str], days_later: int, status: int
) -> None:
    shop.clock.advance(days=days_later)
    assert (await _apply(shop, order, reason="quality_issue")).status_code == status


async def test_a_size_exchange_reserves_the_new_piece_at_the_sellers_cost(shop: Caller) -> None:
    before = await _stock(shop, "SKU10002", "奶油白", "M")
    response = await _apply(shop, COAT, "exchange", "size_mismatch", exchange_to={"size": "M"})
    claim = response.json()
    assert response.status_code == 201
    assert claim["items"][0]["exchange_to"] == {"color": "奶油白", "size": "M"}
    assert (claim["refund_amount"], claim["shipping_fee_bearer"]) == (None, "seller")
    assert await _stock(shop, "SKU10002", "奶油白", "M") == before - 1


async def test_a_colour_exchange_is_at_the_buyers_cost(shop: Caller) -> None:
    claim = await _apply(shop, COAT, "exchange", exchange_to={"color": "黑色"})
    assert claim.json()["shipping_fee_bearer"] == "buyer"


async def test_a_size_is_exchanged_within_ten_days_even_where_returning_takes_fifteen(shop: Caller) -> None:
    response = await _apply(shop, DRESS, "exchange", "size_mismatch", exchange_to={"size": "L"})
    assert error(response) == (422, "out_of_window")
    assert details(response) == {"deadline": "2026-11-19T23:59:59+08:00"}


async def test_a_faulty_piece_is_exchanged_for_its_like(shop: Caller) -> None:
    claim = (await _apply(shop, DRESS, "exchange", "quality_issue")).json()
    assert claim["items"][0]["exchange_to"] == {"color": "雾霾蓝", "size": "M"}


async def test_an_exchange_says_for_what(shop: Caller) -> None:
    response = await _apply(shop, COAT, "exchange", "size_mismatch")
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": "items.0.exchange_to"}


async def test_an_exchange_needs_stock(shop: Caller) -> None:
    wanted = {"color": "燕麦色", "size": "M"}
    response = await _apply(shop, DRESS, "exchange", "quality_issue", exchange_to=wanted)
    assert error(response) == (422, "variant_out_of_stock")


async def test_an_exchange_keeps_the_price(shop: Caller) -> None:
    order = ("YL20261110007456", "C00089")
    response = await _apply(shop, order, "exchange", line_no=2, exchange_to={"size": "1.8米床"})
    assert error(response) == (422, "variant_price_mismatch")


async def test_food_is_not_exchanged(shop: Caller) -> None:
    order = ("YL20261112041197", "C00074")
    response = await _apply(shop, order, "exchange", "quality_issue")
    assert error(response) == (422, "not_eligible")
    assert details(response) == {"rule": "food_not_exchangeable"}


@pytest.mark.parametrize(
    ("order", "reason", "description"),
    [
        (("YL20261116002476", "C00027"), "damaged", ""),
        (("YL20261111008945", "C00088"), "damaged", ""),
        (("YL20261111008945", "C00088"), "missing_item", ""),
        (("YL20261030012247", "C00075"), "quality_issue", "有哈喇味"),
        (POWDER, "quality_issue", "用了以后过敏，附诊断"),
    ],
    ids=["damaged and cheap", "damaged food", "missing", "food gone off", "allergy"],
)
async def test_money_back_without_sending_anything_back(
    shop: Caller, order: tuple[str, str], reason: str, description: str
) -> None:
    response = await _apply(shop, order, "refund_only", reason, description=description)
    claim = response.json()
    assert response.status_code == 201
    assert (claim["warehouse"], claim["shipping_fee_bearer"], claim["return_method"]) == (None, None, None)
    assert claim["refund_amount"] > 0


@pytest.mark.parametrize(
    ("order", "reason", "rule"),
    [
        (SHOES, "damaged", "damaged_over_50"),
        (SHOES, "quality_issue", "refund_only_scope"),
        (SHOES, "no_longer_wanted", "refund_only_scope"),
    ],
)
async def test_other_goods_have_to_come_back(
    shop: Caller, order: tuple[str, str], reason: str, rule: str
) -> None:
    response = await _apply(shop, order, "refund_only", reason)
    assert error(response) == (422, "not_eligible")
    assert details(response) == {"rule": rule, "alternatives": ["return"]}


@pytest.mark.parametrize(
    ("order", "reason", "deadline"),
    [
        (("YL20261113006616", "C00023"), "damaged", "2026-11-18T20:47:19+08:00"),
        (POWDER, "quality_issue", "2026-11-19T23:59:59+08:00"),
    ],
)
async def test_money_back_alone_has_short_periods(
    shop: Caller, order: tuple[str, str], reason: str, deadline: str
) -> None:
    response = await _apply(shop, order, "refund_only", reason)
    assert error(response) == (422, "out_of_window")
    assert details(response) == {"deadline": deadline}


async def test_a_repair_is_free_within_the_warranty(shop: Caller) -> None:
    claim = (await _apply(shop, ("YL20261027051201", "C00114"), "repair", "quality_issue")).json()
    assert (claim["kind"], claim["shipping_fee_bearer"], claim["refund_amount"]) == ("repair", "seller", None)


async def test_a_warranty_ends(shop: Caller) -> None:
    shop.clock.now = datetime(2028, 11, 3, tzinfo=BEIJING)
    response = await _apply(shop, ("YL20261027051201", "C00114"), "repair", "quality_issue")
    assert error(response) == (422, "out_of_window")
    assert details(response) == {"deadline": "2028-11-02T23:59:59+08:00"}


@pytest.mark.parametrize(
    ("order", "reason", "rule"),
    [
        (("YL20261112018433", "C00078"), "quality_issue", "no_warranty"),
        (("YL20261027051201", "C00114"), "no_longer_wanted", "repair_reason"),
    ],
)
async def test_what_is_not_repaired(shop: Caller, order: tuple[str, str], reason: str, rule: str) -> None:
    response = await _apply(shop, order, "repair", reason)
    assert error(response) == (422, "not_eligible")
    assert details(response) == {"rule": rule}


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (("YL20261109014723", "C00036"), "shipped"),
        (("YL20261119020743", "C00001"), "paid"),
        (("YL20261120020427", "C00023"), "pending_payment"),
    ],
)
async def test_goods_not_yet_delivered_are_not_returned(
    shop: Caller, order: tuple[str, str], status: str
) -> None:
    response = await _apply(shop, order)
    assert error(response) == (409, "order_not_delivered")
    assert details(response) == {"status": status}


async def test_each_parcel_of_an_order_counts_for_itself(shop: Caller) -> None:
    order = ("YL20261116004791", "C00101")
    assert (await _apply(shop, order, line_no=1)).status_code == 201
    assert error(await _apply(shop, order, line_no=2)) == (409, "order_not_delivered")
    assert (await _order(shop, order))["status"] == "shipped"


@pytest.mark.parametrize(
    ("order", "line_no", "quantity", "returnable"),
    [(("YL20261112031608", "C00056"), 1, 4, 3), (("YL20261030007959", "C00003"), 2, 1, 0)],
    ids=["more than bought", "already returned"],
)
async def test_no_more_is_returned_than_is_there(
    shop: Caller, order: tuple[str, str], line_no: int, quantity: int, returnable: int
) -> None:
    response = await _apply(shop, order, line_no=line_no, quantity=quantity)
    assert error(response) == (422, "not_eligible")
    assert details(response) == {"rule": "quantity", "line_no": line_no, "returnable": returnable}


async def test_each_warehouse_gets_a_return_of_its_own(shop: Caller) -> None:
    items = [{"line_no": 2, "quantity": 1}, {"line_no": 3, "quantity": 1}]
    response = await _apply(shop, ("YL20261114003464", "C00106"), items=items)
    assert error(response) == (422, "not_eligible")
    assert details(response)["warehouses"] == ["佛山仓", "嘉兴仓"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [{"line_no": 1}]}, "items.0.quantity"),
        ({"items": [{"line_no": 9, "quantity": 1}]}, "items.0.line_no"),
        ({"items": [{"line_no": 1, "quantity": 1}] * 2}, "items"),
        (
            {"items": [{"line_no": 1, "quantity": 1, "exchange_to": {"weight": "5"}}]},
            "items.0.exchange_to.weight",
        ),
        ({"kind": "gift"}, "kind"),
        ({"has_package": "yes"}, "has_package"),
        ({"return_method": "drone"}, "return_method"),
    ],
)
async def test_a_field_that_makes_no_sense_is_named(
    shop: Caller, changes: dict[str, Any], field: str
) -> None:
    response = await _apply(shop, DRESS, **changes)
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": field}


async def test_a_strangers_order_cannot_be_returned(shop: Caller) -> None:
    assert error(await _apply(shop, (DRESS[0], "C00002"))) == (404, "order_not_found")


async def _cancel(shop: Caller, return_id: str, customer: str) -> httpx.Response:
    return await shop.post(f"/v1/returns/{return_id}/cancel", {}, customer=customer)


@pytest.mark.parametrize(
    ("return_id", "customer"),
    [
        ("RT20261120000001", "C00068"),
        ("RT20261118000004", "C00040"),
        ("RT20261116000011", "C00049"),
    ],
    ids=["pending", "approved", "on its way"],
)
async def test_until_the_warehouse_has_the_goods_a_return_can_be_withdrawn(
    shop: Caller, return_id: str, customer: str
) -> None:
    response = await _cancel(shop, return_id, customer)
    assert response.status_code == 200
    claim = response.json()
    assert (claim["status"], claim["finished_at"]) == ("cancelled", "2026-11-20T09:00:00+08:00")
    assert claim["timeline"][-1]["event"] == "顾客撤销申请"
    order = (await shop.get(f"/v1/orders/{claim['order_id']}", customer=customer)).json()
    assert order["status"] == "delivered"
    assert "status_before_aftersales" not in order


async def test_a_withdrawn_exchange_frees_the_reserved_piece(shop: Caller) -> None:
    before = await _stock(shop, "SKU10002", "奶油白", "M")
    claim = (await _apply(shop, COAT, "exchange", "size_mismatch", exchange_to={"size": "M"})).json()
    await _cancel(shop, claim["return_id"], "C00047")
    assert await _stock(shop, "SKU10002", "奶油白", "M") == before


async def test_the_order_stays_in_aftersales_while_another_return_is_open(shop: Caller) -> None:
    order = ("YL20261111020067", "C00011")
    first = (await _apply(shop, order, line_no=1)).json()
    await _apply(shop, order, line_no=2)
    await _cancel(shop, first["return_id"], "C00011")
    assert (await _order(shop, order))["status"] == "in_aftersales"


async def test_after_withdrawing_the_line_is_free_again(shop: Caller) -> None:
    claim = (await _apply(shop, DRESS)).json()
    await _cancel(shop, claim["return_id"], "C00001")
    assert (await _apply(shop, DRESS)).status_code == 201


@pytest.mark.parametrize(
    ("return_id", "customer", "status"),
    [
        ("RT20261112000016", "C00049", "received"),
        ("RT20261111000021", "C00023", "refunding"),
        ("RT20261115000039", "C00083", "cancelled"),
    ],
)
async def test_afterwards_it_cannot(shop: Caller, return_id: str, customer: str, status: str) -> None:
    response = await _cancel(shop, return_id, customer)
    assert error(response) == (409, "return_not_cancellable")
    assert details(response) == {"status": status}


async def test_a_strangers_return_cannot_be_withdrawn(shop: Caller) -> None:
    assert error(await _cancel(shop, "RT20261120000001", "C00001")) == (404, "return_not_found")
