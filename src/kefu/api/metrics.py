"""What Prometheus scrapes. Children with labels are kept: looking one up costs more than counting."""

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One registry an application, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kefu_http_requests",
            "HTTP requests by route group and status",
            ("route", "status"),
            registry=self.registry,
        )
        self.latency = Histogram(
            "kefu_http_request_seconds",
            "Time to answer an HTTP request",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.sockets = Gauge("kefu_websocket_connections", "Open WebSockets", registry=self.registry)

    async def expose(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


class Measured:
    """Pure ASGI: counts and times every request by the first two segments of its path."""

    def __init__(self, app: ASGIApp, metrics: Metrics, paths: Iterable[str]) -> None:
        """`paths` are those that are served; all others are counted together."""
        self._app = app
        self._metrics = metrics
        self._groups = frozenset(map(_group, paths))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with self._metrics.sockets.track_inprogress():
                await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        begin = time.perf_counter()

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watching)
        finally:
            group = _group(scope["path"])
            # Strangers may ask for anything, and a preflight of anything succeeds: the names stay bounded.
            route = group if group in self._groups else "other"
            self._metrics.latency.labels(route).observe(time.perf_counter() - begin)
            self._metrics.requests.labels(route, str(status)).inc()


def _group(path: str) -> str:
    return "/" + "/".join(path.split("/")[1:3])
