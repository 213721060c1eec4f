"""invoices.request."""

from dataclasses import replace
from datetime import datetime

import httpx
import msgspec
import pytest

from kefu.shop.data import ShopData
from kefu.shop.times import BEIJING

from .support import Caller, OpenShop, details, error

DRESS = ("YL20261108000123", "C00001")  # completed the day before, no invoice yet
SKIRT = ("YL20261110051008", "C00001")  # a personal invoice, issued two days before
PERSONAL = {"type": "e_normal", "title_type": "personal", "title": "个人", "email": "a@example.com"}
COMPANY = PERSONAL | {
    "title_type": "company",
    "title": "上海某某科技有限公司",
    "tax_id": "91310115MA0000002X",
}
SPECIAL = COMPANY | {
    "type": "e_special",
    "registered_address": "上海市浦东新区某路1号",
    "registered_phone": "021-50000000",
    "bank_name": "某某银行上海分行",
    "bank_account": "1001000000000000000",
}


async def _request(
    shop: Caller, order: tuple[str, str], what: dict[str, str], action: str = "new"
) -> httpx.Response:
    body = {"action": action, "order_id": order[0]} | what
    return await shop.post("/v1/invoices", body, customer=order[1])


async def test_an_invoice_is_asked_for(shop: Caller) -> None:
    response = await _request(shop, DRESS, PERSONAL)
    assert response.status_code == 201
    invoice = response.json()
    assert invoice["invoice_id"] == "IV2026112000001"
    assert (invoice["amount"], invoice["status"], invoice["tax_id"]) == (324, "processing", None)
    listed = await shop.get(f"/v1/orders/{DRESS[0]}/invoices", customer="C00001")
    assert listed.json() == [invoice]
    order = (await shop.get(f"/v1/orders/{DRESS[0]}", customer="C00001")).json()
    assert order["invoice_id"] == "IV2026112000001"


async def test_a_special_invoice_is_reviewed_first(shop: Caller) -> None:
    assert (await _request(shop, DRESS, SPECIAL)).json()["status"] == "reviewing"


@pytest.mark.parametrize(
    ("order", "amount"),
    [(("YL20261031055639", "C00061"), 39), (("YL20261107005515", "C00026"), 284)],
    ids=["gift card", "price protection"],
)
async def test_only_money_paid_and_kept_is_invoiced(
    shop: Caller, order: tuple[str, str], amount: float
) -> None:
    assert (await _request(shop, order, PERSONAL)).json()["amount"] == amount


async def test_when_everything_was_refunded_there_is_nothing_to_invoice(shop: Caller) -> None:
    response = await _request(shop, ("YL20261018020281", "C00055"), PERSONAL)
    assert error(response) == (422, "not_eligible")


async def test_an_invoice_waits_for_completion(shop: Caller) -> None:
    response = await _request(shop, ("YL20261111034338", "C00004"), PERSONAL)
    assert error(response) == (409, "order_not_completed")
    assert details(response) == {"status": "delivered", "auto_complete_at": "2026-11-29T20:36:05+08:00"}


async def test_an_order_has_one_invoice(shop: Caller) -> None:
    assert error(await _request(shop, SKIRT, PERSONAL)) == (409, "invoice_exists")


async def test_after_a_rejection_it_may_be_asked_for_again(shop: Caller) -> None:
    response = await _request(shop, ("YL20261024008482", "C00068"), COMPANY)
    assert (response.status_code, response.json()["amount"]) == (201, 910.16)


async def test_half_a_year_after_completion_is_too_late(shop: Caller) -> None:
    shop.clock.now = datetime(2027, 6, 1, tzinfo=BEIJING)
    assert error(await _request(shop, DRESS, PERSONAL)) == (422, "out_of_window")


async def test_a_person_gets_no_special_invoice(shop: Caller) -> None:
    response = await _request(shop, DRESS, SPECIAL | {"title_type": "personal"})
    assert error(response) == (422, "not_eligible")


@pytest.mark.parametrize("tax_id", ["123", "91310115ma0000002x", "9" * 21])
async def test_a_malformed_tax_number_has_a_code_of_its_own(shop: Caller, tax_id: str) -> None:
    assert error(await _request(shop, DRESS, COMPANY | {"tax_id": tax_id})) == (422, "invalid_tax_id")


@pytest.mark.parametrize(
    ("what", "missing"),
    [
        (COMPANY, "tax_id"),
        (SPECIAL, "registered_address"),
        (SPECIAL, "bank_account"),
        (PERSONAL, "email"),
        (PERSONAL, "title"),
    ],
)
async def test_what_is_missing_is_named(shop: Caller, what: dict[str, str], missing: str) -> None:
    response = await _request(shop, DRESS, {name: value for name, value in what.items() if name != missing})
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": missing}


async def test_an_email_must_look_like_one(shop: Caller) -> None:
    response = await _request(shop, DRESS, PERSONAL | {"email": "me@home"})
    assert details(response) == {"field": "email"}


async def test_an_issued_invoice_is_replaced_once(shop: Caller) -> None:
    response = await _request(shop, SKIRT, COMPANY, "reissue")
    assert response.status_code == 201
    assert response.json()["reissue_count"] == 1
    listed = (await shop.get(f"/v1/orders/{SKIRT[0]}/invoices", customer="C00001")).json()
    assert [invoice["status"] for invoice in listed] == ["processing", "reissuing"]
    assert listed[1]["replaced_by"] == response.json()["invoice_id"]
    assert error(await _request(shop, SKIRT, PERSONAL, "reissue")) == (409, "reissue_limit")


async def test_a_replacement_made_before_counts(shop: Caller) -> None:
    response = await _request(shop, ("YL20261006008118", "C00076"), COMPANY, "reissue")
    assert error(response) == (409, "reissue_limit")


@pytest.mark.parametrize(
    "order", [DRESS, ("YL20261112055614", "C00025")], ids=["never asked for", "being made"]
)
async def test_only_an_issued_invoice_can_be_replaced(shop: Caller, order: tuple[str, str]) -> None:
    response = await _request(shop, order, COMPANY, "reissue")
    assert error(response) == (422, "not_eligible")
    assert details(response) == {"rule": "not_issued"}


async def test_a_month_after_issue_is_too_late(shop: Caller) -> None:
    response = await _request(shop, ("YL20261003010309", "C00035"), SPECIAL, "reissue")
    assert error(response) == (422, "out_of_window")
    assert details(response) == {"deadline": "2026-11-18T13:27:10+08:00"}


async def test_a_personal_invoice_does_not_become_a_special_one(shop: Caller) -> None:
    response = await _request(shop, SKIRT, SPECIAL, "reissue")
    assert error(response) == (422, "not_eligible")


async def test_once_its_purpose_is_confirmed_the_buyer_must_act_first(
    open_shop: OpenShop, data: ShopData
) -> None:
    confirmed = replace(
        data,
        invoices=tuple(
            msgspec.structs.replace(invoice, note="税务平台已确认用途")
            if invoice.invoice_id == "IV2026101600044"
            else invoice
            for invoice in data.invoices
        ),
    )
    async with open_shop(data=confirmed) as shop:
        response = await _request(shop, ("YL20261003024357", "C00109"), SPECIAL, "reissue")
        assert error(response) == (409, "red_confirmation_required")


async def test_a_strangers_order_cannot_be_invoiced(shop: Caller) -> None:
    assert error(await _request(shop, (DRESS[0], "C00002"), PERSONAL)) == (404, "order_not_found")
