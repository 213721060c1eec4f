"""Builds the shop as an ASGI application."""

import secrets
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kefu.shop import idempotency
from kefu.shop.auth import authorise
from kefu.shop.data import ShopData
from kefu.shop.database import Database
from kefu.shop.endpoint import Endpoint, Service, refusal_response
from kefu.shop.faults import Faults, no_faults
from kefu.shop.operations import HANDLERS
from kefu.shop.problems import Refusal
from kefu.shop.rate_limits import RateLimiter, RateLimits
from kefu.shop.seeding import seed


def create_shop(
    data: ShopData | Path,
    database: str | Path = ":memory:",
    *,
    clock: Callable[[], datetime],
    tokens: Mapping[str, frozenset[str]],
    limits: RateLimits | None = None,
    faults: Faults = no_faults,
    admin: bool = False,
    timer: Callable[[], float] = time.monotonic,
) -> Starlette:
    """The back office behind ``data``: a pack's ``shop`` folder, or material loaded before.

    ``database`` is a SQLite file that survives restarts, or ``:memory:``. ``clock`` gives the business time,
    with a time zone. ``tokens`` maps bearer tokens to their scopes (``oms:read``, ``oms:write``,
    ``pii:read``). ``limits`` defaults to the contract's own. ``admin`` adds ``GET /_admin/executions``: how
    often each idempotency key took effect. ``timer`` gives monotonic seconds for the rate limit.

    The application answers only within its lifespan. A host that mounts it (the contract's servers do so
    under ``/oms``) or calls it through ``httpx.ASGITransport`` enters that itself:
    ``async with shop.router.lifespan_context(shop): ...``.

    Raises ``OSError`` or ``ValueError`` naming the file when ``data`` cannot be read, and ``LookupError``
    when the contract names an operation that the shop does not know.
    """
    material = data if isinstance(data, ShopData) else ShopData.load(data)
    storage = Database(str(database))
    limiter = RateLimiter(limits or RateLimits(), timer)
    service = Service(storage, tokens, limiter, faults, clock)

    if unknown := material.contract.operations.keys() - HANDLERS.keys():
        raise LookupError(f"the contract names operations without a handler: {', '.join(sorted(unknown))}")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        await storage.open()
        try:
            await storage.run(lambda tx: seed(tx, material))
            yield
        finally:
            await storage.close()

    routes = [
        Route(
            operation.path,
            Endpoint(operation, HANDLERS[operation.operation_id], service).answer,
            methods=[operation.method],
        )
        for operation in material.contract.operations.values()
    ]
    if admin:
        routes.append(Route("/_admin/executions", _executions(service), methods=["GET"]))
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={HTTPException: _no_such_route, Exception: _failure},
    )


def _executions(service: Service) -> Callable[[Request], object]:
    async def answer(request: Request) -> Response:
        try:
            authorise(request.headers.get("Authorization"), service.tokens, "oms:read")
        except Refusal as refusal:
            return refusal_response(refusal, _request_id())
        items = await service.database.run(idempotency.executions)
        return Response(msgspec.json.encode({"items": items}), media_type="application/json")

    return answer


async def _no_such_route(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return refusal_response(Refusal("bad_request", "没有该接口", status=status), _request_id())


async def _failure(_request: Request, _error: Exception) -> Response:
    """The contract documents no 500: the server's log has the error, the caller learns that it failed."""
    return refusal_response(Refusal("service_unavailable", "系统异常", retry_after=5), _request_id())


def _request_id() -> str:
    return f"req_{secrets.token_hex(6)}"
