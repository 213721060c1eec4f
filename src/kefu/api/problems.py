"""Errors as RFC 9457 problem documents: the one place where HTTP statuses are chosen."""

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kefu import errors
from kefu.conversation.values import Value

MEDIA_TYPE = "application/problem+json"

_STATUSES: dict[type[errors.KefuError], int] = {
    errors.BadRequest: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.RateLimited: 429,
    errors.CallerError: 400,
    errors.OutsideError: 502,
    errors.StorageError: 503,
    errors.OperatorError: 500,
}
_TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Bad request",
    429: "Too many requests",
    500: "Internal error",
    502: "A system behind Kefu failed",
    503: "Temporarily unavailable",
}
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}
_log = structlog.get_logger("kefu.api")


def status_of(error: errors.KefuError) -> int:
    """The status of the nearest class in the error's own line."""
    return next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), 500)


def problem_record(error: errors.KefuError) -> dict[str, Value]:
    """The document, also used inside streams. `type` is a URN: the code is what programs compare."""
    status = status_of(error)
    record = _record(status, error.code, error.detail)
    if error.field is not None:
        record["field"] = error.field
    return record


def problem_response(error: errors.KefuError) -> Response:
    headers: dict[str, str] = {}
    if isinstance(error, errors.RateLimited):
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return _response(problem_record(error), headers)


async def on_kefu_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, errors.KefuError)  # noqa: S101 -- registered for this class only
    return problem_response(error)


async def on_http_exception(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this class only
    code = _HTTP_CODES.get(error.status_code, "bad_request")
    return _response(_record(error.status_code, code, error.detail), dict(error.headers or {}))


class LastResort:
    """Pure ASGI: whatever nothing else handled becomes a problem document and a log line.

    It stands inside Starlette's own catch-all, which would answer in plain text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watching(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            _log.error("request_failed", path=scope["path"], exc_info=error)
            await _response(INTERNAL)(scope, receive, send)


def _record(status: int, code: str, detail: str) -> dict[str, Value]:
    title = _TITLES.get(status, "Error")
    return {"type": f"urn:kefu:{code}", "title": title, "status": status, "code": code, "detail": detail}


INTERNAL = _record(500, "internal", "Something went wrong on our side; it has been logged.")
"""What a caller learns of a bug."""


def _response(record: dict[str, Value], headers: dict[str, str] | None = None) -> Response:
    status = record["status"]
    assert isinstance(status, int)  # noqa: S101 -- set by `_record`
    return Response(msgspec.json.encode(record), status, headers, MEDIA_TYPE)
