"""One request from the wire to the answer: the same steps for every operation."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from kefu.shop import idempotency
from kefu.shop.auth import Caller, authorise
from kefu.shop.contract import Operation, Place
from kefu.shop.database import ENCODER, Database, Transaction
from kefu.shop.faults import AnswerLost, Delay, Fault, Faults, Incoming, Unavailable
from kefu.shop.handling import Call, Handler
from kefu.shop.idempotency import Answer
from kefu.shop.masking import mask_personal_data
from kefu.shop.problems import Refusal, bad_request
from kefu.shop.rate_limits import RateLimiter
from kefu.shop.schemas import Json, Moment
from kefu.shop.times import BEIJING

_LONGEST_BODY = 64 * 1024
_CONFIRMATION_HOLDS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Service:
    """What the endpoints of one shop share."""

    database: Database
    tokens: Mapping[str, frozenset[str]]
    limiter: RateLimiter
    faults: Faults
    clock: Callable[[], datetime]

    def now(self) -> datetime:
        return self.clock().astimezone(BEIJING).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Outcome:
    answer: Answer
    replayed: bool = False


class Endpoint:
    """An operation of the contract, bound to the code that carries it out."""

    # Any: a handler is generic in its own request type, and a table of them holds every kind.
    def __init__(self, operation: Operation, handler: Handler[Any], service: Service) -> None:
        self._operation = operation
        self._handler = handler
        self._service = service

    async def answer(self, request: Request) -> Response:
        request_id = f"req_{secrets.token_hex(6)}"
        try:
            return await self._respond(request, request_id)
        except Refusal as refusal:
            return refusal_response(refusal, request_id)
        except sqlite3.OperationalError:
            unavailable = Refusal("service_unavailable", "系统繁忙，请稍后重试", retry_after=1)
            return refusal_response(unavailable, request_id)

    async def _respond(self, request: Request, request_id: str) -> Response:
        fault = self._service.faults(
            Incoming(
                self._operation.operation_id,
                request.headers.get("X-Customer-Id"),
                request.headers.get("Idempotency-Key"),
            )
        )
        await _strike_before(fault)
        caller = self._admit(request)
        values = self._operation.read_parameters(_Parameters(request))
        if self._operation.is_write:
            values |= self._operation.check_body(await _json(request))
        outcome = await self._service.database.run(lambda tx: self._carry_out(tx, values, request_id))
        await _strike_after(fault)
        return _response(outcome, caller, request_id)

    def _admit(self, request: Request) -> Caller:
        writes = self._operation.is_write
        authorization = request.headers.get("Authorization")
        caller = authorise(authorization, self._service.tokens, "oms:write" if writes else "oms:read")
        self._service.limiter.take(caller.token, "write" if writes else "read")
        return caller

    def _carry_out(self, tx: Transaction, values: dict[str, Json], request_id: str) -> Outcome:
        customer_id = str(values.get("X-Customer-Id") or values.get("customer_id") or "")
        call = Call(tx, self._service.now(), customer_id)
        if not self._operation.is_write:
            reply = self._handler(values, call)
            return Outcome(Answer(reply.status, ENCODER.encode(reply.body)))

        key = str(values.pop("Idempotency-Key"))
        name = self._operation.operation_id
        request = idempotency.digest(name, customer_id, values)
        if (first := idempotency.recall(tx, key, request, call.now)) is not None:
            return Outcome(first, replayed=True)
        _check_confirmation(values, call.now)
        answer = self._write(values, call, request_id)
        idempotency.remember(tx, key, request, answer, call.now)
        if answer.status < 400:
            idempotency.record_execution(tx, key, name, customer_id, call.now)
        return Outcome(answer)

    def _write(self, values: Mapping[str, Json], call: Call, request_id: str) -> Answer:
        try:
            with call.tx.attempt():
                reply = self._handler(values, call)
        except Refusal as refusal:
            # A refusal by the rules is a result like any other: the same key must hear it again.
            return Answer(refusal.status, ENCODER.encode(refusal.body(request_id)))
        return Answer(reply.status, ENCODER.encode(reply.body))


class _Parameters:
    def __init__(self, request: Request) -> None:
        self._request = request

    def values(self, place: Place, name: str) -> Sequence[str]:
        match place:
            case "path":
                return [str(self._request.path_params[name])]
            case "query":
                return self._request.query_params.getlist(name)
            case "header":
                return self._request.headers.getlist(name)
            case _:
                assert_never(place)


async def _json(request: Request) -> Json:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > _LONGEST_BODY:
            raise bad_request("body", "请求体过大")
    try:
        return msgspec.json.decode(received)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request("body", "不是合法的 JSON") from error


def _check_confirmation(values: Mapping[str, Json], now: datetime) -> None:
    confirmed_at = msgspec.convert(values["customer_confirmed_at"], Moment)
    if abs(now - confirmed_at) > _CONFIRMATION_HOLDS:
        raise Refusal(
            "confirmation_required",
            "customer_confirmed_at 与当前时间相差超过 15 分钟，请顾客重新确认",
            details={"field": "customer_confirmed_at", "now": now},
        )


async def _strike_before(fault: Fault | None) -> None:
    match fault:
        case None | AnswerLost() | Delay(when="after"):
            return
        case Delay(seconds=seconds):
            await asyncio.sleep(seconds)
        case Unavailable(retry_after_s=seconds):
            raise Refusal("service_unavailable", "系统维护中", retry_after=seconds)
        case _:
            assert_never(fault)


async def _strike_after(fault: Fault | None) -> None:
    match fault:
        case Delay(seconds=seconds, when="after"):
            await asyncio.sleep(seconds)
        case AnswerLost(retry_after_s=seconds):
            raise Refusal("service_unavailable", "下游超时", retry_after=seconds)
        case None | Delay() | Unavailable():
            return
        case _:
            assert_never(fault)


def _response(outcome: Outcome, caller: Caller, request_id: str) -> Response:
    body = outcome.answer.body
    if not caller.reads_personal_data:
        body = msgspec.json.encode(mask_personal_data(msgspec.json.decode(body)))
    headers = {"X-Request-Id": request_id}
    if outcome.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(body, outcome.answer.status, headers, "application/json")


def refusal_response(refusal: Refusal, request_id: str) -> Response:
    """The contract's error body, with ``Retry-After`` where waiting helps."""
    headers = {"X-Request-Id": request_id}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    body = ENCODER.encode(refusal.body(request_id))
    return Response(body, refusal.status, headers, "application/json")
