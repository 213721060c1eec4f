"""How the tests speak to a shop: a caller that holds every answer to the contract, and a clock to move."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, cast

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from starlette.routing import Match, Route

from kefu.shop.data import ShopData
from kefu.shop.faults import Faults, no_faults
from kefu.shop.rate_limits import RateLimits
from kefu.shop.times import BEIJING

PACK = Path(__file__).parents[2] / "src" / "kefu" / "packs" / "yunlan"
NOW = datetime(2026, 11, 20, 9, tzinfo=BEIJING)
OPERATOR, DESK, READER = "operator-token", "desk-token", "reader-token"
TOKENS = {
    OPERATOR: frozenset({"oms:read", "oms:write", "pii:read"}),
    DESK: frozenset({"oms:read", "oms:write"}),
    READER: frozenset({"oms:read"}),
}
PLENTY = RateLimits(reads=10_000, writes=10_000)


class Clock:
    """Business time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


class Answers:
    """Checks that a response is one that the contract documents for its operation."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        resource: Any = Resource(contents=document, specification=DRAFT202012)
        self._registry: Any = cast("Any", Registry)().with_resource("urn:contract", resource)
        self._operations = [
            (Route(path, _never, methods=[method]), path, method, spec)
            for path, item in document["paths"].items()
            for method, spec in item.items()
        ]
        self._validators: dict[str, Draft202012Validator] = {}

    def check(self, response: httpx.Response) -> None:
        pointer = self._schema_of(response)
        if pointer not in self._validators:
            reference = {"$ref": f"urn:contract#{pointer}"}
            self._validators[pointer] = Draft202012Validator(reference, registry=self._registry)
        cast("Any", self._validators[pointer]).validate(response.json())
        assert response.headers["X-Request-Id"].startswith("req_")

    def _schema_of(self, response: httpx.Response) -> str:
        request = response.request
        scope: dict[str, Any] = {
            "type": "http",
            "path": request.url.path,
            "method": request.method,
            "headers": [],
        }
        for route, path, method, spec in self._operations:
            if route.matches(scope)[0] is Match.FULL:
                status = str(response.status_code)
                # A malformed header or query has no 400 of its own where the contract forgot it.
                answer = spec["responses"].get(status) or {"$ref": "#/components/responses/BadRequest"}
                assert status in spec["responses"] or status == "400", f"undocumented status {status}"
                if "$ref" in answer:
                    return f"{answer['$ref'][1:]}/content/application~1json/schema"
                escaped = path.replace("/", "~1")
                return f"/paths/{escaped}/{method}/responses/{status}/content/application~1json/schema"
        return "/components/schemas/Error"


class Caller:
    """Speaks to one shop. The keyword ``customer`` becomes ``X-Customer-Id``."""

    def __init__(self, http: httpx.AsyncClient, clock: Clock, answers: Answers) -> None:
        self._http = http
        self._answers = answers
        self.clock = clock

    async def get(
        self, path: str, *, customer: str | None = None, token: str = OPERATOR, **query: object
    ) -> httpx.Response:
        params = cast("dict[str, Any]", {name: value for name, value in query.items() if value is not None})
        return await self.send("GET", path, headers=_headers(token, customer), params=params)

    async def post(self, path: str, body: Mapping[str, object], **how: Any) -> httpx.Response:
        return await self.write("POST", path, body, **how)

    async def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, object],
        *,
        customer: str,
        token: str = OPERATOR,
        key: str | None = None,
    ) -> httpx.Response:
        """A confirmed write: the confirmation time and a fresh key are added unless given."""
        confirmed = {"customer_confirmed_at": self.clock().isoformat()} | dict(body)
        headers = _headers(token, customer) | {"Idempotency-Key": key or str(uuid.uuid4())}
        return await self.send(method, path, headers=headers, json=confirmed)

    async def send(self, method: str, path: str, **how: Any) -> httpx.Response:
        response = await self._http.request(method, path, **how)
        self._answers.check(response)
        return response

    async def executions(self) -> list[dict[str, Any]]:
        response = await self._http.get("/_admin/executions", headers=_headers(OPERATOR, None))
        return response.json()["items"]


class OpenShop(Protocol):
    def __call__(
        self,
        *,
        data: ShopData | None = None,
        database: Path | None = None,
        faults: Faults = no_faults,
        limits: RateLimits = PLENTY,
        timer: Callable[[], float] | None = None,
    ) -> AbstractAsyncContextManager[Caller]: ...


def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def details(response: httpx.Response) -> dict[str, Any]:
    return response.json()["error"]["details"]


def _headers(token: str, customer: str | None) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}"}
    return headers | {"X-Customer-Id": customer} if customer else headers


async def _never(_request: object) -> None:
    raise AssertionError("only its path is used")
