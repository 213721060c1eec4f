"""One OpenAPI document for all routes: FastAPI's own, and the hot ones from their msgspec types."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kefu import __version__
from kefu.api import schemas
from kefu.api.chat import ChatRequest, UnderstandRequest
from kefu.api.schemas import ChatResponse, Problem, Understood

_REF = "#/components/schemas/{name}"
_HOT: dict[str, tuple[str, type, type, tuple[int, ...]]] = {
    "/v1/chat": ("Answer one customer message", ChatRequest, ChatResponse, (400, 401, 403, 404, 413, 429)),
    "/v1/understand": (
        "Understand a text, with no side effect",
        UnderstandRequest,
        Understood,
        (400, 401, 403, 404, 413, 429),
    ),
}
_OPEN = ("/healthz", "/readyz")
_CONVERSATION = "/v1/conversations/{conversation_id}"
_ANSWERS: dict[tuple[str, str], type] = {
    ("get", "/v1/conversations"): schemas.ConversationPage,
    ("get", _CONVERSATION): schemas.ConversationDetail,
    ("get", f"{_CONVERSATION}/messages"): schemas.MessageList,
    ("post", f"{_CONVERSATION}/messages"): schemas.SaidAsAgent,
    ("get", f"{_CONVERSATION}/events"): schemas.EventList,
    ("post", f"{_CONVERSATION}/handoff"): schemas.Ownership,
    ("post", f"{_CONVERSATION}/return"): schemas.Ownership,
    ("post", f"{_CONVERSATION}/resolve"): schemas.Ownership,
    ("get", "/v1/search"): schemas.SearchResult,
    ("get", "/v1/knowledge/passages/{passage_id}"): schemas.PassageText,
}
"""What FastAPI's routes answer; their records are written as they are, past its own serialisation."""


def document(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The document, made on first use."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(_build(app))
        return made

    return openapi


def _build(app: FastAPI) -> dict[str, Any]:
    spec = get_openapi(
        title="Kefu",
        version=__version__,
        summary="Customer service for online merchants",
        routes=app.routes,
    )
    kinds = [kind for _, request, response, _ in _HOT.values() for kind in (request, response)]
    kinds += [*_ANSWERS.values(), Problem]
    _, components_of = msgspec.json.schema_components(kinds, ref_template=_REF)
    components = spec.setdefault("components", {})
    components.setdefault("schemas", {}).update(components_of)
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    spec["security"] = [{"key": []}]
    for path, (summary, request, response, failures) in _HOT.items():
        spec["paths"][path] = {"post": _operation(path, summary, request, response, failures)}
    for path in _OPEN:
        spec["paths"][path] = {"get": _probe(path)}
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            _with_problems(operation)
            if (method, path) in _ANSWERS:
                status = "201" if "201" in operation["responses"] else "200"
                schema = {"schema": _ref(_ANSWERS[method, path])}
                operation["responses"][status]["content"] = {"application/json": schema}
    return spec


def _operation(
    path: str, summary: str, request: type, response: type, failures: tuple[int, ...]
) -> dict[str, Any]:
    return {
        "operationId": path.rsplit("/", 1)[-1],
        "summary": summary,
        "tags": ["chat"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(request)}}},
        "responses": {
            "200": {
                "description": "The whole response; as server-sent events with `stream: true`",
                "content": {
                    "application/json": {"schema": _ref(response)},
                    "text/event-stream": {"schema": {"type": "string"}},
                },
            },
            **{str(status): {"description": "A problem document"} for status in failures},
        },
    }


def _probe(path: str) -> dict[str, Any]:
    ok = {"description": "In order", "content": {"application/json": {"schema": {"type": "object"}}}}
    responses: dict[str, Any] = {"200": ok}
    if path == "/readyz":
        responses["503"] = {"description": "Not able to serve", "content": ok["content"]}
    return {"operationId": path[1:], "tags": ["health"], "security": [], "responses": responses}


def _with_problems(operation: dict[str, Any]) -> None:
    """Every refusal is a problem document, FastAPI's own 422 included: it is answered as 400."""
    responses = operation["responses"]
    responses.pop("422", None)
    if operation.get("security") != []:
        for status in ("400", "401", "403", "404", "409", "413", "429"):
            responses.setdefault(status, {"description": "A problem document"})
    content = {"application/problem+json": {"schema": _ref(Problem)}}
    for status, response in responses.items():
        if status.startswith("4"):
            response["content"] = content


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}
