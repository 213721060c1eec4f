"""Any back office that an OpenAPI document describes, called over HTTP.

The document is the configuration: `operationId` is the operation's name, its parameters and body properties
are the arguments, and the method says whether it reads or writes.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC
from typing import Any, cast
from urllib.parse import quote

import httpx

from kefu.adapters.operations.openapi import CONSENT_ARGUMENT, Endpoint, endpoints_of
from kefu.conversation.values import Record, Value
from kefu.errors import OperationRefused, OperationUnavailable, OperationUnknown
from kefu.operations.model import Call, Operation

_ATTEMPTS = 3
_FIRST_PAUSE = 0.1
_TOO_MANY = 429
_RETRY_STATUSES = frozenset({_TOO_MANY, 502, 503, 504})


class HttpBackOffice:
    """A `BackOffice` over an `httpx.AsyncClient` whose base URL and credentials are already set.

    Reads and keyed writes are retried on connection failures, time-outs and 429/502/503/504, with jitter.
    Retrying a write is safe because it always carries the same `Idempotency-Key`.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        document: Mapping[str, Any],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`document` is the parsed OpenAPI document. Raises `SettingsInvalid` when it cannot be used."""
        self._client = client
        self._endpoints = endpoints_of(document)
        self._sleep = sleep

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {name: endpoint.operation for name, endpoint in self._endpoints.items()}

    async def run(self, call: Call) -> Value:
        endpoint = self._endpoints[call.operation]
        request = _request(self._client, endpoint, call)
        response = await self._send(request, endpoint)
        if response.is_success:
            return _result(response, endpoint)
        raise _failure(response, endpoint)

    async def _send(self, request: httpx.Request, endpoint: Endpoint) -> httpx.Response:
        reached = False
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                response = await self._client.send(request)
                if response.status_code not in _RETRY_STATUSES:
                    return response
                reached = reached or response.status_code != _TOO_MANY
                pause = _retry_after(response)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
                pause = None
            except httpx.TransportError:
                reached = True
                pause = None
            if attempt < _ATTEMPTS:
                backoff = _FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 -- jitter
                await self._sleep(min(pause, 2.0) if pause is not None else backoff)
        name = endpoint.operation.name
        # A gateway's 503 may hide a write that went through: only one that never got there is certain.
        if endpoint.operation.kind == "write" and reached:
            raise OperationUnknown(f"{name} got no answer that says whether it happened")
        raise OperationUnavailable(f"{name} cannot be reached")


def _request(client: httpx.AsyncClient, endpoint: Endpoint, call: Call) -> httpx.Request:
    arguments: dict[str, Value] = dict(call.arguments)
    path = endpoint.path
    for name in endpoint.path_arguments:
        value = str(call.customer_id if name == endpoint.customer_argument else arguments.pop(name))
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    headers: dict[str, bytes] = {}
    if endpoint.takes_customer_header:
        headers["X-Customer-Id"] = call.customer_id.encode()  # merchants name customers in any script
    if call.idempotency_key is not None:
        headers["Idempotency-Key"] = call.idempotency_key.encode()
    query = {name: arguments.pop(name) for name in endpoint.query_arguments if name in arguments}
    params = cast("dict[str, Any]", query)
    if endpoint.takes_consent and call.confirmed_at is not None:
        # In UTC: a retry whose time came back from the database must be the same request to the letter.
        arguments[CONSENT_ARGUMENT] = call.confirmed_at.astimezone(UTC).isoformat()
    body: Record | None = arguments if endpoint.has_body else None
    raw = {name.encode(): value for name, value in headers.items()}
    return client.build_request(endpoint.method, path, params=params or None, headers=raw, json=body)


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def _result(response: httpx.Response, endpoint: Endpoint) -> Value:
    """What a success says; one that cannot be read says only that something answered."""
    if not response.content:
        return None
    try:
        return cast("Value", response.json())
    except ValueError as error:
        failure = OperationUnknown if endpoint.operation.kind == "write" else OperationUnavailable
        raise failure(f"{endpoint.operation.name} was answered with something that is no JSON") from error


def _failure(
    response: httpx.Response, endpoint: Endpoint
) -> OperationRefused | OperationUnavailable | OperationUnknown:
    """A 4xx is the back office's decision, in its own words; a 5xx leaves open what happened."""
    if response.is_server_error:
        failure = OperationUnknown if endpoint.operation.kind == "write" else OperationUnavailable
        return failure(f"{endpoint.operation.name} was answered with {response.status_code}")
    try:
        error = cast("Mapping[str, Any]", response.json()["error"])
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return OperationRefused(f"http_{response.status_code}", "the back office gave no reason")
    details = error.get("details")
    known = cast("Mapping[str, object]", details) if isinstance(details, Mapping) else None
    return OperationRefused(code, message, known)
