"""The ASGI application: every route in one place."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from kefu import __version__
from kefu.api import conversations, knowledge, openapi
from kefu.api.access import Gate
from kefu.api.application import Application
from kefu.api.chat import ChatEndpoint
from kefu.api.health import Health
from kefu.api.metrics import Measured, Metrics
from kefu.api.pages import Pages
from kefu.api.problems import LastResort, on_http_exception, on_kefu_error, problem_response
from kefu.api.socket import SocketEndpoint
from kefu.errors import BadRequest, KefuError


def create_app(application: Application) -> ASGIApp:
    """The whole API over one running application."""
    gate = Gate(application)
    metrics = Metrics()
    chat, socket = ChatEndpoint(application, gate), SocketEndpoint(application, gate)
    health, pages = Health(application), Pages(application)

    app = FastAPI(
        title="Kefu", version=__version__, docs_url=None, redoc_url=None, openapi_url="/openapi.json"
    )
    routers = (conversations.router(gate), knowledge.router(application, gate))
    for router in routers:
        app.include_router(router)
    hot: list[Route | WebSocketRoute] = [
        Route("/v1/chat", chat.chat, methods=["POST"]),
        Route("/v1/understand", chat.understand, methods=["POST"]),
        WebSocketRoute("/v1/ws", socket.connect),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", metrics.expose),
        Route("/widget.js", pages.widget),
        Route("/widget-more.js", pages.widget),
        Route("/", pages.demo),
    ]
    app.router.routes[:0] = hot
    app.openapi = openapi.document(app)
    app.add_exception_handler(KefuError, on_kefu_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_middleware(LastResort)
    # Widgets sit on other origins; their keys travel in a header, never in a cookie.
    with_cors = CORSMiddleware(app, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"])
    served = (*hot, *(route for router in routers for route in router.routes))
    paths = [route.path for route in served if isinstance(route, Route | WebSocketRoute)]
    return Measured(with_cors, metrics, (*paths, "/openapi.json"))


async def _on_invalid_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for this class only
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    return problem_response(BadRequest(f"{field}: {first['msg']}", field=field or None))
