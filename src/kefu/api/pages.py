"""What a browser gets: the demo shop page at `/` and the widget that any page may embed."""

import html
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.api.access import customer_token
from kefu.api.application import Application, Demo
from kefu.conversation.ids import CustomerId
from kefu.conversation.values import Record, Value
from kefu.errors import NotFound, OutsideError
from kefu.operations.model import Call

WEB = Path(__file__).parent.parent / "web"
_TOKEN_LASTS = timedelta(hours=12)
_ORDERS_SHOWN = 6
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Pages:
    def __init__(self, application: Application) -> None:
        self._application = application

    async def widget(self, request: Request) -> Response:
        """The widget's scripts, for any origin: they carry no secret."""
        path = WEB / request.url.path.removeprefix("/")
        if not path.is_file():
            raise NotFound("the widget is not built; run `./task setup`")
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
        return FileResponse(path, media_type="text/javascript", headers=headers)

    async def demo(self, request: Request) -> Response:
        """The demo shop, for the demo customer. It exists only where only this machine can reach it."""
        demo = self._application.demo
        path = WEB / "index.html"
        if demo is None or not path.is_file() or not _from_this_machine(request):
            raise NotFound("there is no demo page here; embed /widget.js in a page of your own")
        template = path.read_text(encoding="utf-8")
        membership = await self._read("membership.get", demo, {})
        name = str(membership.get("nickname", demo.customer_id))
        token = customer_token(self._application.identity_secret, demo.customer_id, name, _TOKEN_LASTS)
        listed = await self._read("orders.list", demo, {"page_size": _ORDERS_SHOWN})
        values = {
            "widget_key": html.escape(demo.widget_key),
            "customer_token": html.escape(token),
            "customer_name": html.escape(name),
            "orders_json": _script_json([_order(item) for item in listed.get("items", [])]),
            "suggestions_json": _script_json({k: list(v) for k, v in demo.suggestions.items()}),
        }
        for name, value in values.items():
            template = template.replace("{{" + name + "}}", value)
        return HTMLResponse(template, headers={"Cache-Control": "no-store"})

    async def _read(self, operation: str, demo: Demo, arguments: Record) -> dict[str, Any]:
        """What the back office knows of the demo customer; nothing when it does not answer."""
        back_office = self._application.workspaces[DEFAULT_WORKSPACE].turns.services.back_office
        if operation not in back_office.operations:
            return {}
        try:
            result = await back_office.run(Call(operation, arguments, CustomerId(demo.customer_id)))
        except OutsideError:
            return {}
        return cast("dict[str, Any]", result)


def _from_this_machine(request: Request) -> bool:
    """Not by another page's script, and not under a name that somebody else made point here."""
    return "Origin" not in request.headers and request.url.hostname in _LOOPBACK


def _order(order: dict[str, Any]) -> dict[str, Value]:
    return {
        "order_id": order["order_id"],
        "status": order["status"],
        "title": order["items"][0]["name"],
        "created_at": order["created_at"],
        "amount": order["amounts"]["payable"],
    }


def _script_json(value: Value) -> str:
    """JSON that may stand inside a `<script>` element whatever it contains."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
