"""`/healthz`: the process answers. `/readyz`: it can serve, part by part."""

from starlette.requests import Request
from starlette.responses import Response

from kefu import __version__
from kefu.api.application import Application
from kefu.api.records import JsonResponse
from kefu.errors import KefuError

_UNAVAILABLE = 503


class Health:
    def __init__(self, application: Application) -> None:
        self._application = application

    async def alive(self, _: Request) -> Response:
        return JsonResponse({"status": "ok", "version": __version__})

    async def ready(self, _: Request) -> Response:
        """200 when a customer would be answered; 503 names the part that keeps it from that."""
        try:
            await self._application.storage.workspaces()
        except KefuError as error:
            return JsonResponse({"status": "unavailable", "database": error.detail}, _UNAVAILABLE)
        release = self._application.bot.release
        return JsonResponse({"status": "ready", "database": "ok", "release": release})
