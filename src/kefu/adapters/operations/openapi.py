"""From an OpenAPI 3 document to the operations that Kefu may call."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from kefu.errors import SettingsInvalid
from kefu.operations.model import Operation

_METHODS = ("get", "put", "post", "patch", "delete")
_CUSTOMER_HEADER = "X-Customer-Id"
_CUSTOMER_PATH = "customer_id"
CONSENT_ARGUMENT = "customer_confirmed_at"
"""Back offices that want to know when the customer agreed take it in the body under this name."""

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an operation's arguments go. Who asks, and when they agreed, come from the call itself."""

    operation: Operation
    method: str
    path: str
    path_arguments: tuple[str, ...]
    query_arguments: tuple[str, ...]
    has_body: bool
    takes_customer_header: bool
    takes_consent: bool
    customer_argument: str | None


def endpoints_of(document: Document) -> dict[str, Endpoint]:
    """Every operation with an `operationId`, by that name.

    Raises:
        SettingsInvalid: a description is no OpenAPI 3, a reference leads nowhere, or there is no operation.
    """
    endpoints: dict[str, Endpoint] = {}
    for path, item in _items(document.get("paths")):
        for method in _METHODS:
            described = item.get(method)
            if described and "operationId" in described:
                endpoint = _read_endpoint(document, path, method, described)
                endpoints[endpoint.operation.name] = endpoint
    if not endpoints:
        raise SettingsInvalid("the OpenAPI document describes no operation with an operationId")
    return endpoints


def _read_endpoint(document: Document, path: str, method: str, described: Document) -> Endpoint:
    try:
        return _endpoint(document, path, method, described)
    except (AttributeError, KeyError, TypeError) as error:
        raise SettingsInvalid(f"{method.upper()} {path} is not described as OpenAPI 3 wants it") from error


def _endpoint(document: Document, path: str, method: str, described: Document) -> Endpoint:
    parameters = [_resolve(document, parameter) for parameter in described.get("parameters", ())]
    body = _body_schema(document, described)
    in_path = tuple(re.findall(r"{(\w+)}", path))
    in_query = {p["name"]: bool(p.get("required")) for p in parameters if p["in"] == "query"}
    required_in_body = frozenset(body.get("required", ()))
    properties = body.get("properties", {})
    in_body = {name: name in required_in_body for name in properties if name != CONSENT_ARGUMENT}
    customer = _CUSTOMER_PATH if _CUSTOMER_PATH in in_path else None
    arguments = {name: True for name in in_path if name != customer} | in_query | in_body
    headers = {p["name"] for p in parameters if p["in"] == "header"}
    return Endpoint(
        operation=Operation(
            name=described["operationId"],
            kind="read" if method == "get" else "write",
            arguments=arguments,
            summary=str(described.get("summary", "")),
            refusals=frozenset(_refusals(document, described)),
        ),
        method=method.upper(),
        path=path,
        path_arguments=in_path,
        query_arguments=tuple(in_query),
        has_body=bool(body),
        takes_customer_header=_CUSTOMER_HEADER in headers,
        takes_consent=CONSENT_ARGUMENT in properties,
        customer_argument=customer,
    )


def _body_schema(document: Document, described: Document) -> Document:
    body = _resolve(document, described.get("requestBody") or {})
    return _resolve(document, body.get("content", {}).get("application/json", {}).get("schema") or {})


def _refusals(document: Document, described: Document) -> Iterator[str]:
    """The error codes that the documented examples of 4xx answers show."""
    for status, response in described.get("responses", {}).items():
        if str(status).startswith("4"):
            content = _resolve(document, response).get("content", {}).get("application/json", {})
            for example in content.get("examples", {}).values():
                code = example.get("value", {}).get("error", {}).get("code")
                if code:
                    yield str(code)


def _items(paths: object) -> Iterator[tuple[str, Document]]:
    if isinstance(paths, Mapping):
        for path, item in cast("Mapping[str, object]", paths).items():
            if isinstance(item, Mapping):
                yield path, cast("Document", item)


def _resolve(document: Document, node: Document) -> Document:
    """The node itself, or what its local `$ref` points at."""
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Any = document
    for key in str(reference).removeprefix("#/").split("/"):
        if not isinstance(target, Mapping) or key not in target:
            raise SettingsInvalid(f"the OpenAPI document has nothing at {reference}")
        target = cast("Document", target)[key]
    return cast("Document", target)
