"""How a call becomes a request, and an answer, or the lack of one, an outcome."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from kefu.adapters.operations.http import HttpBackOffice
from kefu.conversation.ids import CustomerId
from kefu.errors import OperationRefused, OperationUnavailable, OperationUnknown, SettingsInvalid
from kefu.operations.model import Call
from kefu.shop.app import create_shop
from kefu.shop.faults import AnswerLost, Fault, Incoming
from kefu.shop.rate_limits import RateLimits

from ..contracts.back_office import KEY, BackOfficeContract, Cases

PACK = Path(__file__).parents[2] / "src" / "kefu" / "packs" / "yunlan"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DOCUMENT = yaml.load((PACK / "backend-openapi.yaml").read_bytes(), Loader=_LOADER)  # noqa: S506 -- a safe one
NOW = datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=8)))
AMY = CustomerId("C00001")
GET = Call("orders.get", {"order_id": "YL20261119020743"}, AMY)
CANCEL = Call(
    "orders.cancel",
    {"order_id": "YL20261119020743", "reason": "other"},
    AMY,
    KEY,
    confirmed_at=NOW,
)

Answer = httpx.Response | Exception


class FarSide:
    """Answers requests from a list, the last one for ever, and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []
        self._answers = list(answers)

    def office(self, document: Mapping[str, Any] = DOCUMENT) -> HttpBackOffice:
        transport = httpx.MockTransport(self._answer)
        client = httpx.AsyncClient(
            transport=transport, base_url="http://shop.test/oms", headers={"Authorization": "Bearer t"}
        )
        return HttpBackOffice(client, document, sleep=self._sleep)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def ok(result: object = None) -> httpx.Response:
    return httpx.Response(200, json=result)


def refusal(code: str, details: object) -> httpx.Response:
    problem = {"code": code, "message": "不行", "details": details, "request_id": "req_1"}
    return httpx.Response(409, json={"error": problem})


async def sent(call: Call) -> httpx.Request:
    """The request that a call becomes."""
    far = FarSide(ok())
    await far.office().run(call)
    [request] = far.requests
    return request


# --- where arguments go


async def test_a_path_argument_goes_into_the_path() -> None:
    request = await sent(GET)
    assert (request.method, request.url.path) == ("GET", "/oms/v1/orders/YL20261119020743")


async def test_a_path_argument_cannot_leave_its_segment() -> None:
    request = await sent(Call("orders.get", {"order_id": "../customers?x=1#y"}, AMY))
    assert request.url.raw_path == b"/oms/v1/orders/..%2Fcustomers%3Fx%3D1%23y"


async def test_query_arguments_go_into_the_query_and_a_list_repeats_its_name() -> None:
    request = await sent(Call("orders.list", {"status": ["paid", "packed"], "keyword": "连衣裙"}, AMY))
    assert request.url.params.get_list("status") == ["paid", "packed"]
    assert request.url.params["keyword"] == "连衣裙"
    assert not request.content


async def test_what_is_left_goes_into_the_body() -> None:
    request = await sent(CANCEL)
    assert (request.method, request.url.path) == ("POST", "/oms/v1/orders/YL20261119020743/cancel")
    body = json.loads(request.content)
    assert (body["reason"], body.keys()) == ("other", {"reason", "customer_confirmed_at"})


async def test_the_time_of_the_yes_goes_where_the_document_wants_it() -> None:
    body = json.loads((await sent(CANCEL)).content)
    assert datetime.fromisoformat(body["customer_confirmed_at"]) == NOW


async def test_a_time_that_comes_back_from_the_database_in_another_zone_is_the_same_request() -> None:
    stored = replace(CANCEL, confirmed_at=NOW.astimezone(UTC))
    assert (await sent(stored)).content == (await sent(CANCEL)).content


def test_the_time_of_the_yes_is_no_argument_that_a_flow_could_give() -> None:
    assert "customer_confirmed_at" not in FarSide(ok()).office().operations["orders.cancel"].arguments


async def test_the_customer_goes_into_the_header_and_cannot_be_chosen_by_an_argument() -> None:
    assert (await sent(GET)).headers["X-Customer-Id"] == AMY


async def test_the_customer_fills_the_path_where_the_document_wants_it_there() -> None:
    request = await sent(Call("coupons.list", {}, AMY))
    assert request.url.path == f"/oms/v1/customers/{AMY}/coupons"


def test_the_customer_is_no_argument_that_a_flow_could_give() -> None:
    assert "customer_id" not in FarSide(ok()).office().operations["coupons.list"].arguments


async def test_only_a_write_carries_the_idempotency_key() -> None:
    assert (await sent(CANCEL)).headers["Idempotency-Key"] == KEY
    assert "Idempotency-Key" not in (await sent(GET)).headers


async def test_the_clients_own_credentials_are_sent() -> None:
    assert (await sent(GET)).headers["Authorization"] == "Bearer t"


# --- what answers mean


async def test_an_answer_without_content_is_null() -> None:
    assert await FarSide(httpx.Response(204)).office().run(CANCEL) is None


async def test_a_4xx_is_a_refusal_with_its_code_words_and_details() -> None:
    far = FarSide(refusal("order_not_cancellable", {"status": "shipped", "alternatives": ["return"]}))
    with pytest.raises(OperationRefused) as refused:
        await far.office().run(CANCEL)
    assert (refused.value.reason, refused.value.detail) == ("order_not_cancellable", "不行")
    assert refused.value.details == {"status": "shipped", "alternatives": ["return"]}
    assert len(far.requests) == 1


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"[]", b'"no"', b'{"error": "no"}', b'{"error": {"code": "x"}}', b""],
)
async def test_a_4xx_in_another_shape_is_a_refusal_by_its_status(body: bytes) -> None:
    with pytest.raises(OperationRefused) as refused:
        await FarSide(httpx.Response(422, content=body)).office().run(CANCEL)
    assert refused.value.reason == "http_422"


async def test_details_that_are_no_record_are_left_out() -> None:
    with pytest.raises(OperationRefused) as refused:
        await FarSide(refusal("bad_request", ["order_id"])).office().run(GET)
    assert refused.value.details == {}


async def test_a_500_leaves_open_what_a_write_did() -> None:
    with pytest.raises(OperationUnknown):
        await FarSide(httpx.Response(500)).office().run(CANCEL)


async def test_a_500_to_a_read_is_unavailable() -> None:
    with pytest.raises(OperationUnavailable):
        await FarSide(httpx.Response(500)).office().run(GET)


async def test_a_success_that_cannot_be_read_leaves_open_what_a_write_did() -> None:
    with pytest.raises(OperationUnknown):
        await FarSide(httpx.Response(200, text="<html>")).office().run(CANCEL)


async def test_a_success_that_cannot_be_read_is_unavailable_for_a_read() -> None:
    with pytest.raises(OperationUnavailable):
        await FarSide(httpx.Response(200, text="<html>")).office().run(GET)


# --- trying again


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(503),
        httpx.Response(502),
        httpx.Response(504),
        httpx.ReadTimeout("late"),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("cut"),
    ],
    ids=["503", "502", "504", "time-out", "refused connection", "cut connection"],
)
async def test_a_passing_failure_is_tried_again_with_the_same_request(failure: Answer) -> None:
    far = FarSide(failure, ok({"result": "cancelled"}))
    assert await far.office().run(CANCEL) == {"result": "cancelled"}
    first, second = far.requests
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == KEY
    assert (first.url, first.content) == (second.url, second.content)


async def test_a_busy_back_office_is_given_the_time_it_asks_for() -> None:
    far = FarSide(httpx.Response(429, headers={"Retry-After": "1"}), ok())
    await far.office().run(GET)
    assert far.pauses == [1.0]


async def test_a_customer_does_not_wait_for_a_long_retry_after() -> None:
    far = FarSide(httpx.Response(429, headers={"Retry-After": "3600"}), ok())
    await far.office().run(GET)
    assert far.pauses == [2.0]


@pytest.mark.parametrize("value", ["", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-1"])
async def test_a_retry_after_that_is_no_number_of_seconds_is_a_usual_pause(value: str) -> None:
    far = FarSide(httpx.Response(429, headers={"Retry-After": value}), ok())
    await far.office().run(GET)
    [pause] = far.pauses
    assert 0 < pause < 1


async def test_pauses_grow() -> None:
    far = FarSide(httpx.Response(503), httpx.Response(503), ok())
    await far.office().run(GET)
    first, second = far.pauses
    assert 0.05 <= first <= 0.15
    assert 0.1 <= second <= 0.3


@pytest.mark.parametrize("failure", [httpx.Response(503), httpx.ReadTimeout("late")], ids=["503", "time-out"])
async def test_a_write_that_may_have_arrived_is_unknown(failure: Answer) -> None:
    far = FarSide(failure)
    with pytest.raises(OperationUnknown):
        await far.office().run(CANCEL)
    assert len(far.requests) == 3


@pytest.mark.parametrize(
    "failure",
    [httpx.ConnectError("refused"), httpx.ConnectTimeout("late"), httpx.Response(429)],
    ids=["refused connection", "no connection in time", "429"],
)
async def test_a_write_that_never_arrived_is_unavailable(failure: Answer) -> None:
    with pytest.raises(OperationUnavailable):
        await FarSide(failure).office().run(CANCEL)


async def test_a_write_that_arrived_once_stays_unknown_whatever_came_after() -> None:
    far = FarSide(httpx.ReadTimeout("late"), httpx.ConnectError("refused"))
    with pytest.raises(OperationUnknown):
        await far.office().run(CANCEL)


@pytest.mark.parametrize("failure", [httpx.Response(503), httpx.ReadTimeout("late")], ids=["503", "time-out"])
async def test_a_read_that_gets_no_answer_is_unavailable(failure: Answer) -> None:
    with pytest.raises(OperationUnavailable):
        await FarSide(failure).office().run(GET)


# --- the document


def test_the_document_says_what_reads_what_writes_and_what_may_be_refused() -> None:
    operations = FarSide(ok()).office().operations
    assert len(operations) == 20
    cancel = operations["orders.cancel"]
    assert (cancel.kind, cancel.summary) == ("write", "取消订单")
    assert cancel.arguments == {"order_id": True, "reason": True, "note": False}
    assert {"order_not_found", "order_not_cancellable"} <= cancel.refusals


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"paths": None},
        {"paths": []},
        {"paths": {"/orders": None}},
        {"paths": {"/orders": {"get": {"summary": "an operation without an id"}}}},
        {
            "paths": {
                "/o": {"get": {"operationId": "a", "parameters": [{"$ref": "#/components/parameters/P"}]}}
            }
        },
        {"paths": {"/o": {"get": {"operationId": "a", "parameters": [{"in": "query"}]}}}},
        {"paths": {"/o": {"get": {"operationId": "a", "parameters": "none"}}}},
        {"paths": {"/o": {"post": {"operationId": "a", "requestBody": "a body"}}}},
        {"paths": {"/o": {"get": "orders.get"}}},
    ],
    ids=[
        "empty",
        "null paths",
        "paths in a list",
        "null path",
        "no operationId",
        "dangling reference",
        "nameless parameter",
        "parameters in a text",
        "body in a text",
        "operation in a text",
    ],
)
def test_a_document_that_describes_nothing_usable_is_refused(document: Mapping[str, Any]) -> None:
    with pytest.raises(SettingsInvalid):
        FarSide(ok()).office(document)


# --- the real shop


class TestOverTheShop(BackOfficeContract):
    @pytest.fixture
    def cases(self) -> Cases:
        return Cases(
            read=GET,
            read_shows={"order_id": "YL20261119020743", "status": "paid"},
            refused_read=Call("orders.get", {"order_id": "YL20261119020743"}, CustomerId("C00002")),
            refused_read_code="order_not_found",
            write=CANCEL,
            write_shows={"result": "cancelled"},
            refused_write=Call(
                "orders.cancel",
                {**CANCEL.arguments, "order_id": "YL20261109014723"},
                CustomerId("C00036"),
                KEY,
                confirmed_at=NOW,
            ),
            refused_write_code="order_not_cancellable",
        )

    @pytest.fixture
    def losses(self) -> list[Fault]:
        """What happens to the next requests."""
        return []

    @pytest.fixture
    async def client(self, losses: list[Fault]) -> AsyncGenerator[httpx.AsyncClient]:
        def faults(_: Incoming) -> Fault | None:
            return losses.pop() if losses else None

        shop = create_shop(
            PACK / "shop",
            clock=lambda: NOW,
            tokens={"t": frozenset({"oms:read", "oms:write"})},
            limits=RateLimits(reads=10_000, writes=10_000),
            faults=faults,
            admin=True,
        )
        async with (
            shop.router.lifespan_context(shop),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(shop),
                base_url="http://shop.test",
                headers={"Authorization": "Bearer t"},
            ) as client,
        ):
            yield client

    @pytest.fixture
    def back_office(self, client: httpx.AsyncClient) -> HttpBackOffice:
        return HttpBackOffice(client, DOCUMENT, sleep=_at_once)

    @pytest.fixture
    def unreachable(self) -> HttpBackOffice:
        return FarSide(httpx.ConnectError("refused")).office()

    @pytest.fixture
    def losing_answers(self, back_office: HttpBackOffice, losses: list[Fault]) -> HttpBackOffice:
        losses.extend([AnswerLost()] * 3)  # as often as one call tries
        return back_office

    @pytest.fixture
    def executions(self, client: httpx.AsyncClient) -> Callable[[str], Awaitable[int]]:
        async def count(key: str) -> int:
            items: Sequence[Mapping[str, Any]] = (await client.get("/_admin/executions")).json()["items"]
            return sum(item["executions"] for item in items if item["idempotency_key"] == key)

        return count

    async def test_an_answer_lost_once_is_not_even_noticed(
        self,
        back_office: HttpBackOffice,
        losses: list[Fault],
        executions: Callable[[str], Awaitable[int]],
    ) -> None:
        losses.append(AnswerLost())
        assert await back_office.run(CANCEL)
        assert await executions(KEY) == 1


async def _at_once(_: float) -> None:
    return None
