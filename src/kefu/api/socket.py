"""`GET /v1/ws`: the same messages and events as `/v1/chat`, for the widget and for apps."""

import asyncio
from contextlib import suppress
from typing import TypeAlias, cast

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from kefu.adapters.live import Subscription
from kefu.api.access import Caller, Gate, customer_of_token, visitor
from kefu.api.application import Application
from kefu.api.bodies import parse_with, printable, too_long
from kefu.api.chat import AttachmentIn, for_caller, stored_attachments
from kefu.api.feedback import give_feedback
from kefu.api.problems import problem_record
from kefu.api.records import message_record
from kefu.conversation.events import Customer
from kefu.conversation.ids import ConversationId, MessageId
from kefu.conversation.state import INITIAL, ConversationState
from kefu.conversation.values import Record
from kefu.errors import BadRequest, KefuError, NotFound
from kefu.turn.store import Accepted, Incoming

_POLICY_VIOLATION = 1008
_TRY_AGAIN = 1013
_HELLO_WITHIN = 10.0
_CHANNEL = "web"
_HANDOFF_TEXT = {"zh": "转人工", "en": "I want to talk to a person"}
_encoder = msgspec.json.Encoder()


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first frame. `after` is the last `seq` that the client has seen."""

    key: str
    customer_token: str | None = None
    conversation_id: str | None = None
    visitor_id: str | None = None
    after: int | None = None
    locale: str | None = None


class MessageFrame(msgspec.Struct, frozen=True, tag="message"):
    """A customer message; resent with the same id until it is accepted."""

    client_message_id: str
    message: str
    attachments: list[AttachmentIn] = []


class TypingFrame(msgspec.Struct, frozen=True, tag="typing"):
    """The customer is typing, or stopped."""

    typing: bool = True


class FeedbackFrame(msgspec.Struct, frozen=True, tag="feedback"):
    """A thumb up or down for one reply."""

    message_id: str
    value: str


class HandoffFrame(msgspec.Struct, frozen=True, tag="handoff"):
    """The button that is always there."""

    client_message_id: str | None = None


class PingFrame(msgspec.Struct, frozen=True, tag="ping"):
    """Keeps proxies from closing an idle connection."""


Frame: TypeAlias = Hello | MessageFrame | TypingFrame | FeedbackFrame | HandoffFrame | PingFrame
_decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)


class SocketEndpoint:
    """Accepts connections and runs one `_Session` for each."""

    def __init__(self, application: Application, gate: Gate) -> None:
        self._application = application
        self._gate = gate

    async def connect(self, socket: WebSocket) -> None:
        await socket.accept()
        try:
            session = await self._greet(socket)
        except KefuError as error:
            await _send(socket, _error_frame(error, None))
            await socket.close(_POLICY_VIOLATION)
            return
        except (WebSocketDisconnect, TimeoutError):
            return
        await session.run()

    async def _greet(self, socket: WebSocket) -> "_Session":
        async with asyncio.timeout(_HELLO_WITHIN):
            hello = parse_with(_decoder, await _receive(socket))
        if not isinstance(hello, Hello):
            raise BadRequest("the first frame must be `hello`", field="type")
        caller = await self._gate.caller_of(hello.key)
        caller.require("widget", "chat")
        return _Session(socket, self._application, self._gate, caller, hello, self._customer(hello))

    def _customer(self, hello: Hello) -> Customer:
        if hello.customer_token:
            return customer_of_token(self._application.identity_secret, hello.customer_token)
        if not hello.visitor_id or len(hello.visitor_id) < _SHORTEST_VISITOR:
            raise BadRequest(
                f"visitor_id needs at least {_SHORTEST_VISITOR} random characters", field="visitor_id"
            )
        return visitor(hello.visitor_id)


_SHORTEST_VISITOR = 16


class _Session:
    """One connection: frames in, frames out, in the order of the log."""

    def __init__(
        self,
        socket: WebSocket,
        application: Application,
        gate: Gate,
        caller: Caller,
        hello: Hello,
        customer: Customer,
    ) -> None:
        self._socket = socket
        self._application = application
        self._gate = gate
        self._caller = caller
        self._hello = hello
        self._customer = customer
        self._conversation_id: ConversationId | None = None
        self._client_ids: dict[MessageId, str] = {}
        self._forwarding: asyncio.Task[None] | None = None

    async def run(self) -> None:
        try:
            await self._welcome()
            while True:
                await self._take(await _receive(self._socket))
        except WebSocketDisconnect:
            pass
        finally:
            if self._forwarding is not None:
                self._forwarding.cancel()

    async def _take(self, text: str) -> None:
        client_message_id: str | None = None
        try:
            if len(text) > self._application.limits.body_bytes:
                raise BadRequest(f"a frame may have at most {self._application.limits.body_bytes} characters")
            frame = parse_with(_decoder, text)
            if isinstance(frame, MessageFrame | HandoffFrame):
                client_message_id = frame.client_message_id
            await self._handle(frame)
        except KefuError as error:
            await self._send(_error_frame(error, client_message_id))

    async def _handle(self, frame: Frame) -> None:
        match frame:
            case MessageFrame():
                await self._message(frame.message, frame.client_message_id, frame.attachments)
            case HandoffFrame():
                language = "en" if (self._hello.locale or "").startswith("en") else "zh"
                await self._message(_HANDOFF_TEXT[language], frame.client_message_id, [])
            case FeedbackFrame():
                await self._feedback(frame)
            case TypingFrame():
                self._publish({"type": "typing", "who": "customer", "typing": frame.typing})
            case PingFrame():
                await self._send({"type": "pong"})
            case Hello():
                raise BadRequest("`hello` is only the first frame", field="type")

    async def _welcome(self) -> None:
        history: list[Record] = []
        state = INITIAL
        if self._hello.conversation_id:
            known = await self._resume(ConversationId(self._hello.conversation_id))
            if known is not None:
                state, history = known
        await self._send(
            {
                "type": "welcome",
                "conversation_id": self._conversation_id,
                "customer": {"id": self._customer.id, "name": self._customer.name},
                "owner": state.owner.kind,
                "resolved": state.status == "resolved",
                "history": history,
                "last_seq": state.version,
            }
        )

    async def _resume(self, conversation_id: ConversationId) -> tuple[ConversationState, list[Record]] | None:
        """What the client missed; None for a stranger's conversation, as if it did not exist."""
        workspace = self._caller.workspace
        try:
            state = await workspace.turns.state(conversation_id)
        except NotFound:
            return None
        if state.customer is None or state.customer.id != self._customer.id:
            return None
        self._join(conversation_id)
        after = self._hello.after or 0
        lines = await workspace.store.transcript(conversation_id)
        history = [message_record(line) for line in lines if line.seq > after]
        return state, history

    async def _message(
        self, message: str, client_message_id: str | None, attachments: list[AttachmentIn]
    ) -> None:
        limit = self._application.limits.message_length
        text = printable(message)
        if not text.strip() and not attachments:
            raise BadRequest("message must not be empty", field="message")
        if len(text) > limit:
            raise too_long(text, limit)
        await self._gate.admit(self._caller, self._customer.id)
        turns = self._caller.workspace.turns
        accepted = await turns.accept(
            Incoming(
                customer=self._customer,
                channel=_CHANNEL,
                text=text,
                conversation_id=self._conversation_id,
                client_message_id=client_message_id,
                attachments=stored_attachments(attachments),
            )
        )
        self._join(accepted.conversation_id)
        await self._acknowledge(accepted, client_message_id)

    async def _acknowledge(self, accepted: Accepted, client_message_id: str | None) -> None:
        if client_message_id is not None:
            self._client_ids[accepted.message_id] = client_message_id
        await self._send(
            {
                "type": "accepted",
                "client_message_id": client_message_id,
                "message_id": accepted.message_id,
                "conversation_id": accepted.conversation_id,
                "seq": accepted.recorded[-1].seq if accepted.recorded else None,
            }
        )
        if accepted.response is None:
            self._publish({"type": "typing", "who": "bot", "typing": True})
            self._caller.workspace.turns.wake(accepted.conversation_id)
        else:
            await self._send(self._answered_before(accepted, accepted.response))

    def _answered_before(self, accepted: Accepted, response: Record) -> Record:
        """A message that was resent because its answer got lost on the way."""
        frame: Record = {
            "type": "done",
            "turn_id": response["turn_id"],
            "seq": None,
            "message_id": None,
            "answers": [accepted.message_id],
            "response": response,
        }
        return self._addressed(frame)

    async def _feedback(self, frame: FeedbackFrame) -> None:
        if self._conversation_id is None:
            raise BadRequest("there is no conversation yet", field="message_id")
        await self._gate.admit(self._caller, self._customer.id)
        await give_feedback(
            self._caller.workspace, self._conversation_id, MessageId(frame.message_id), frame.value, ""
        )

    def _join(self, conversation_id: ConversationId) -> None:
        """Watches the conversation from now on; before its first message there is none to watch."""
        if self._conversation_id == conversation_id:
            return
        self._conversation_id = conversation_id
        if self._forwarding is not None:
            self._forwarding.cancel()
        frames = self._caller.workspace.live.subscribe(conversation_id)
        self._forwarding = asyncio.create_task(self._forward(frames))
        # A task that is cancelled before it began never enters its `with`.
        self._forwarding.add_done_callback(lambda _: frames.close())

    async def _forward(self, frames: Subscription) -> None:
        with suppress(WebSocketDisconnect):
            while not frames.lagging:
                await self._send(self._addressed(await frames.next()))
            await self._socket.close(_TRY_AGAIN)

    def _addressed(self, frame: Record) -> Record:
        """A finished turn, with the client's own names for the messages that it answers."""
        if frame["type"] != "done":
            return frame
        answers = cast("list[MessageId]", frame["answers"])
        response = cast("Record", frame["response"])
        known = [self._client_ids.pop(message_id, None) for message_id in answers]
        return {
            **frame,
            "client_message_ids": [client_id for client_id in known if client_id is not None],
            "response": for_caller(self._caller, response),
        }

    def _publish(self, frame: Record) -> None:
        if self._conversation_id is not None:
            self._caller.workspace.live.publish(self._conversation_id, frame)

    async def _send(self, frame: Record) -> None:
        await _send(self._socket, frame)


def _error_frame(error: KefuError, client_message_id: str | None) -> Record:
    return {"type": "error", "client_message_id": client_message_id, "problem": problem_record(error)}


async def _receive(socket: WebSocket) -> str:
    """The next frame. Raises `WebSocketDisconnect` for a client that left, or that sends bytes."""
    message = await socket.receive()
    text = message.get("text")
    if text is None:
        raise WebSocketDisconnect
    return text


async def _send(socket: WebSocket, frame: Record) -> None:
    await socket.send_text(_encoder.encode(frame).decode())
