"""Two ways to the bot for `kefu chat`: in this process, or on a running server."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol, cast

import httpx

from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.api.access import visitor, vouched_customer
from kefu.api.application import Application
from kefu.api.chat import frames_until
from kefu.api.feedback import give_feedback
from kefu.api.records import passage_record
from kefu.conversation.events import BotReplied, Customer
from kefu.conversation.ids import ConversationId, PassageId
from kefu.conversation.values import Record
from kefu.errors import BadRequest, NotFound, OutsideError
from kefu.turn.store import Incoming

_CHANNEL = "terminal"
_TIMEOUT = 60.0

OnStatus = Callable[[str], None]


class Link(Protocol):
    """One conversation with the bot."""

    async def say(self, text: str, on_status: OnStatus) -> Record:
        """The response, as design section 4.2 has it. `on_status` hears what the bot is doing meanwhile."""
        ...

    async def source(self, passage_id: str) -> Record:
        """The passage that a citation names. Raises `NotFound`."""
        ...

    async def feedback(self, value: str) -> None:
        """A thumb for the last reply: `up` or `down`. Raises `NotFound` before the first one."""
        ...


class InProcess:
    """A conversation on an application of this process."""

    def __init__(self, application: Application, customer_id: str | None) -> None:
        self._application = application
        self._workspace = application.workspaces[DEFAULT_WORKSPACE]
        self._customer = _customer(application, customer_id)
        self._id: ConversationId | None = None

    async def say(self, text: str, on_status: OnStatus) -> Record:
        turns = self._workspace.turns
        accepted = await turns.accept(
            Incoming(customer=self._customer, channel=_CHANNEL, text=text, conversation_id=self._id)
        )
        self._id = accepted.conversation_id
        with self._workspace.live.subscribe(accepted.conversation_id) as frames:
            answer = asyncio.ensure_future(turns.answer(accepted))
            async for frame in frames_until(answer, frames):
                if frame["type"] == "status":
                    on_status(str(frame["text"]))
            return await answer

    async def source(self, passage_id: str) -> Record:
        passage = self._application.index.get(PassageId(passage_id))
        if passage is None:
            raise NotFound("there is no such passage any more")
        return passage_record(passage)

    async def feedback(self, value: str) -> None:
        log = () if self._id is None else await self._workspace.store.events(self._id)
        replies = [r.event.message_id for r in log if isinstance(r.event, BotReplied)]
        if self._id is None or not replies:
            raise NotFound("there is no reply yet")
        await give_feedback(self._workspace, self._id, replies[-1], value, "")


class Remote:
    """A conversation on a running server, through its public API."""

    def __init__(self, client: httpx.AsyncClient, customer_id: str | None) -> None:
        self._client = client
        self._customer_id = customer_id
        self._id: str | None = None

    async def say(self, text: str, on_status: OnStatus) -> Record:
        body: dict[str, object] = {"message": text, "stream": True, "channel": _CHANNEL}
        if self._id is not None:
            body["conversation_id"] = self._id
        if self._customer_id is not None:
            body["customer"] = {"id": self._customer_id}
        async with self._request("POST", "/v1/chat", json=body) as response:
            async for name, data in _server_sent(response):
                match name:
                    case "status":
                        on_status(str(data["text"]))
                    case "error":
                        raise OutsideError(str(data["detail"]))
                    case "done":
                        self._id = str(data["conversation_id"])
                        return data
                    case _:
                        pass
        raise OutsideError("the server ended its answer half-way")

    async def source(self, passage_id: str) -> Record:
        async with self._request("GET", f"/v1/knowledge/passages/{passage_id}") as response:
            return await _document(response)

    async def feedback(self, value: str) -> None:
        if self._id is None:
            raise NotFound("there is no reply yet")
        messages = f"/v1/conversations/{self._id}/messages"
        async with self._request("GET", messages) as response:
            listed = cast("list[Mapping[str, Any]]", (await _document(response))["messages"])
        replies = [message["message_id"] for message in listed if message["role"] == "bot"]
        if not replies:
            raise NotFound("there is no reply yet")
        async with self._request("POST", f"{messages}/{replies[-1]}/feedback", json={"value": value}):
            pass

    @asynccontextmanager
    async def _request(
        self, method: str, path: str, *, json: Mapping[str, object] | None = None
    ) -> AsyncGenerator[httpx.Response]:
        """Raises `OutsideError` with the server's own words when it refuses, or does not answer."""
        try:
            async with self._client.stream(method, path, json=json) as response:
                if response.is_error:
                    raise OutsideError(_problem(response.status_code, await response.aread()))
                yield response
        except httpx.HTTPError as error:
            raise OutsideError(f"{self._client.base_url} cannot be reached: {error}") from error


@asynccontextmanager
async def remote(url: str, key: str | None, customer_id: str | None) -> AsyncGenerator[Remote]:
    """Raises `BadRequest` when the address is none."""
    if not url.startswith(("http://", "https://")):
        raise BadRequest(f"`{url}` is no address; it begins with http:// or https://", field="url")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=_TIMEOUT) as client:
        yield Remote(client, customer_id)


def _customer(application: Application, customer_id: str | None) -> Customer:
    if customer_id is None:
        return visitor(f"terminal {application.clock().isoformat()}")
    return vouched_customer(customer_id, None, None, {})


async def _server_sent(response: httpx.Response) -> AsyncIterator[tuple[str, Record]]:
    """Events of a stream as (name, data); each of ours is one `event:` and one `data:` line."""
    name = ""
    async for line in response.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, cast("Record", json.loads(value))


async def _document(response: httpx.Response) -> Record:
    return cast("Record", json.loads(await response.aread()))


def _problem(status: int, body: bytes) -> str:
    try:
        return str(cast("Mapping[str, object]", json.loads(body))["detail"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {status}"
