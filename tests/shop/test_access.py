"""Tokens, scopes, rate limits and the shape of errors."""

from datetime import datetime

import httpx
import pytest

from kefu.shop.app import create_shop
from kefu.shop.data import ShopData
from kefu.shop.rate_limits import RateLimits

from .support import DESK, OPERATOR, READER, TOKENS, Caller, OpenShop, error

ORDER = "/v1/orders/YL20261119020743"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer unknown"}, {"Authorization": f"Basic {OPERATOR}"}],
    ids=["none", "unknown", "other scheme"],
)
async def test_a_request_without_a_known_token_is_refused(shop: Caller, headers: dict[str, str]) -> None:
    response = await shop.send("GET", ORDER, headers=headers | {"X-Customer-Id": "C00001"})
    assert error(response) == (401, "token_expired")


async def test_writing_needs_its_own_scope(shop: Caller) -> None:
    response = await shop.post(f"{ORDER}/cancel", {"reason": "other"}, customer="C00001", token=READER)
    assert error(response) == (401, "forbidden")
    assert await shop.executions() == []


async def test_an_unknown_path_answers_in_the_contracts_error_shape(shop: Caller) -> None:
    response = await shop.send("GET", "/v2/orders", headers={"Authorization": f"Bearer {OPERATOR}"})
    assert error(response) == (404, "bad_request")


async def test_a_wrong_method_answers_in_the_contracts_error_shape(shop: Caller) -> None:
    response = await shop.send("DELETE", ORDER, headers={"Authorization": f"Bearer {OPERATOR}"})
    assert error(response) == (405, "bad_request")


class Timer:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_reads_beyond_the_limit_wait_for_the_next_second(open_shop: OpenShop) -> None:
    timer = Timer()
    async with open_shop(limits=RateLimits(reads=2, writes=1), timer=timer) as shop:
        answers = [await shop.get(ORDER, customer="C00001") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert error(answers[2]) == (429, "rate_limited")
        assert answers[2].headers["Retry-After"] == "1"
        timer.seconds = 1.0
        assert (await shop.get(ORDER, customer="C00001")).status_code == 200


async def test_writes_have_a_limit_of_their_own(open_shop: OpenShop) -> None:
    async with open_shop(limits=RateLimits(reads=10, writes=1)) as shop:
        body = {"type": "other", "summary": "催办"}
        assert (await shop.post("/v1/tickets", body, customer="C00001")).status_code == 201
        assert error(await shop.post("/v1/tickets", body, customer="C00001")) == (429, "rate_limited")
        assert (await shop.get(ORDER, customer="C00001")).status_code == 200


async def test_each_token_has_its_own_limit(open_shop: OpenShop) -> None:
    async with open_shop(limits=RateLimits(reads=1, writes=1)) as shop:
        assert (await shop.get(ORDER, customer="C00001", token=DESK)).status_code == 200
        assert (await shop.get(ORDER, customer="C00001", token=READER)).status_code == 200


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 20_000, b" " * 70_000], ids=lambda c: repr(c[:4])
)
async def test_a_body_that_is_no_json_object_is_refused(shop: Caller, content: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {OPERATOR}",
        "X-Customer-Id": "C00001",
        "Idempotency-Key": "0123456789abcdef",
    }
    response = await shop.send("POST", f"{ORDER}/cancel", headers=headers, content=content)
    assert error(response) == (400, "bad_request")
    assert response.json()["error"]["details"] == {"field": "body"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "boredom"}, "reason"),
        ({"reason": "other", "note": "长" * 201}, "note"),
        ({"reason": "other", "refund": True}, "refund"),
    ],
)
async def test_a_field_that_breaks_the_schema_is_named(
    shop: Caller, body: dict[str, object], field: str
) -> None:
    response = await shop.post(f"{ORDER}/cancel", body, customer="C00001")
    assert error(response) == (400, "bad_request")
    assert response.json()["error"]["details"] == {"field": field}


async def test_a_number_with_a_fraction_is_no_quantity(shop: Caller) -> None:
    body = {"order_id": "YL20261119020743", "line_no": 1.0}
    response = await shop.post("/v1/price-protections", body, customer="C00001")
    assert response.json()["error"]["details"] == {"field": "line_no"}


async def test_a_failure_inside_says_nothing_about_itself(data: ShopData) -> None:
    def broken() -> datetime:
        raise ZeroDivisionError("secret")

    shop = create_shop(data, clock=broken, tokens=TOKENS)
    async with shop.router.lifespan_context(shop):
        transport = httpx.ASGITransport(shop, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http:
            headers = {"Authorization": f"Bearer {OPERATOR}", "X-Customer-Id": "C00001"}
            response = await http.get(ORDER, headers=headers)
    assert error(response) == (503, "service_unavailable")
    assert "secret" not in response.text


async def test_every_answer_carries_its_request_id(shop: Caller) -> None:
    response: httpx.Response = await shop.get("/v1/orders/YL20260101000000", customer="C00001")
    assert response.json()["error"]["request_id"] == response.headers["X-Request-Id"]
