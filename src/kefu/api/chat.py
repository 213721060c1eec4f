"""`POST /v1/chat`, whole or as server-sent events, and `POST /v1/understand`: the hot path, in Starlette."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Literal

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kefu.adapters.live import Subscription
from kefu.api.access import Caller, Gate, visitor, vouched_customer
from kefu.api.application import Application
from kefu.api.bodies import printable, read_json, too_long
from kefu.api.problems import INTERNAL, problem_record
from kefu.api.records import masked
from kefu.conversation.events import Customer
from kefu.conversation.ids import ConversationId
from kefu.conversation.messages import Attachment
from kefu.conversation.values import Record, Value
from kefu.errors import BadRequest, KefuError
from kefu.turn.context import context_of
from kefu.turn.response import command_records, reading_record
from kefu.turn.store import Accepted, Incoming
from kefu.understanding.reading import Context

_encoder = msgspec.json.Encoder()
_log = structlog.get_logger("kefu.api")
_SAFE_ANONYMOUS_ID = 16
"""A client message id this long is unlikely to be anybody else's; shorter ones need a customer too."""


class AttachmentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something sent beside text, by its address."""

    kind: Literal["image", "file", "audio", "video"]
    url: Annotated[str, msgspec.Meta(pattern="^https?://", max_length=2048)]
    name: str = ""
    size: int = 0


class CustomerIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is asking, as the merchant's server knows them."""

    id: str | None = None
    name: str | None = None
    locale: str | None = None
    attributes: dict[str, str | int | float | bool | None] = {}


class ChatRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One customer message. Only `message` or `attachments` is required."""

    message: str = ""
    conversation_id: str | None = None
    client_message_id: str | None = None
    customer: CustomerIn | None = None
    channel: str = "api"
    attachments: list[AttachmentIn] = []
    stream: bool = False


class UnderstandRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text to understand, in the context of a conversation when one is named."""

    message: str
    conversation_id: str | None = None


_chat_decoder = msgspec.json.Decoder(ChatRequest)
_understand_decoder = msgspec.json.Decoder(UnderstandRequest)


class ChatEndpoint:
    """The chat of design, section 4.2."""

    def __init__(self, application: Application, gate: Gate) -> None:
        self._application = application
        self._gate = gate

    async def chat(self, request: Request) -> Response:
        caller = await self._gate.caller(request)
        caller.require("chat")
        body = await read_json(request, _chat_decoder, self._application.limits.body_bytes)
        await self._gate.admit(caller, (body.customer and body.customer.id) or "")
        incoming = await self._incoming(caller, body)
        turns = caller.workspace.turns
        accepted = await turns.accept(incoming)
        if body.stream:
            events = self._stream(caller, accepted)
            return StreamingResponse(
                events, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
            )
        response = await turns.answer(accepted)
        return _json(for_caller(caller, response))

    async def understand(self, request: Request) -> Response:
        """The understanding part alone; nothing is stored, nothing is called."""
        caller = await self._gate.caller(request)
        caller.require("chat", "read")
        body = await read_json(request, _understand_decoder, self._application.limits.body_bytes)
        await self._gate.admit(caller, "")
        text = self._text(body.message)
        if not text.strip():
            raise BadRequest("message must not be empty", field="message")
        services = caller.workspace.turns.services
        context = Context(now=services.clock())
        if body.conversation_id is not None:
            state = await services.store.load(ConversationId(body.conversation_id))
            context = context_of(state, services.bot.flows, services.clock())
        begin = services.monotonic()
        reading = await services.bot.understanding.read(text, context)
        understood = services.monotonic()
        blocked = services.bot.input_guard.check(text)
        total = services.monotonic() - begin
        record: dict[str, Value] = {
            "commands": command_records(reading),
            **reading_record(reading, blocked),
            "timings_ms": {
                "total": round(total * 1000, 3),
                "understand": round((understood - begin) * 1000, 3),
            },
        }
        return _json(record)

    def _text(self, message: str) -> str:
        text = printable(message)
        if len(text) > self._application.limits.message_length:
            raise too_long(text, self._application.limits.message_length)
        return text

    async def _incoming(self, caller: Caller, body: ChatRequest) -> Incoming:
        text = self._text(body.message)
        if not text.strip() and not body.attachments:
            raise BadRequest("message must not be empty when there are no attachments", field="message")
        conversation_id = ConversationId(body.conversation_id) if body.conversation_id else None
        client_message_id = body.client_message_id or None
        if body.customer is not None and body.customer.id:
            given = body.customer
            customer = vouched_customer(body.customer.id, given.name, given.locale, given.attributes)
        elif conversation_id is not None:
            customer = await self._customer_of(caller, conversation_id)
        else:
            customer, client_message_id = _anonymous(body)
        return Incoming(
            customer=customer,
            channel=body.channel,
            text=text,
            conversation_id=conversation_id,
            client_message_id=client_message_id,
            attachments=stored_attachments(body.attachments),
        )

    async def _customer_of(self, caller: Caller, conversation_id: ConversationId) -> Customer:
        state = await caller.workspace.turns.state(conversation_id)
        if state.customer is None:
            raise AssertionError("a conversation opens with its customer")
        return state.customer

    async def _stream(self, caller: Caller, accepted: Accepted) -> AsyncIterator[bytes]:
        """`status`, `delta` and `part` as they come, then `done` with the whole response, or `error`."""
        with caller.workspace.live.subscribe(accepted.conversation_id) as frames:
            answer = asyncio.ensure_future(caller.workspace.turns.answer(accepted))
            try:
                async for frame in frames_until(answer, frames):
                    if frame["type"] in ("status", "delta", "part"):
                        yield _event(str(frame["type"]), frame)
                response = await answer
            except KefuError as error:
                yield _event("error", problem_record(error))
                return
            except Exception as error:  # noqa: BLE001 -- the status is out: only an event can say it now
                _log.error("stream_failed", conversation_id=accepted.conversation_id, exc_info=error)
                yield _event("error", INTERNAL)
                return
            yield _event("done", for_caller(caller, response))


async def frames_until(answer: "asyncio.Future[Record]", frames: Subscription) -> AsyncIterator[Record]:
    """Frames as they come, until the answer is there and everything published before it has been taken."""
    while not answer.done():
        following = asyncio.ensure_future(frames.next())
        try:
            await asyncio.wait({answer, following}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            following.cancel()  # also when the reader went away; what has come is not touched
        if following.done():
            yield following.result()
    for frame in frames.drain():
        yield frame


def stored_attachments(given: list[AttachmentIn]) -> tuple[Attachment, ...]:
    return tuple(Attachment(one.kind, one.url, one.name, one.size) for one in given)


def for_caller(caller: Caller, response: Record) -> Record:
    """The response as this caller may see it: operations' personal arguments are masked without `pii`."""
    operations = response["operations"]
    if caller.sees_personal_data or not operations:
        return response
    return {**response, "operations": masked(operations, caller.workspace.turns.services.mask)}


def _anonymous(body: ChatRequest) -> tuple[Customer, str | None]:
    """A customer whom nobody named. The same long client message id finds the same one again."""
    client_id = body.client_message_id
    if client_id is not None and len(client_id) >= _SAFE_ANONYMOUS_ID:
        return visitor(client_id), client_id
    return visitor(uuid.uuid4().hex), client_id


def _json(record: Record) -> Response:
    return Response(_encoder.encode(record), media_type="application/json")


def _event(name: str, record: Record) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + _encoder.encode(record) + b"\n\n"
