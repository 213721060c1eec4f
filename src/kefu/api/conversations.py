"""`/v1/conversations…`: list, read, export, and what people do to a conversation."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from kefu.adapters.storage import AuditEntry, ConversationFilter
from kefu.api.access import Caller, Gate, Scope
from kefu.api.feedback import give_feedback, rate
from kefu.api.records import (
    JsonResponse,
    conversation_record,
    masked,
    message_record,
    state_record,
)
from kefu.conversation.codec import encode_recorded
from kefu.conversation.events import AgentJoined, AgentSpoke, Event, Resolved, ReturnedToBot
from kefu.conversation.ids import AgentId, ConversationId, CustomerId, MessageId, TurnId, new_id
from kefu.conversation.messages import Text
from kefu.conversation.state import ConversationState
from kefu.conversation.values import Record
from kefu.errors import Conflict

_PAGE = 50
_LONGEST_PAGE = 200
_HIGHEST_SEQ = 2**31 - 1
"""What every database's integer column holds; no conversation gets that long."""

Id = Annotated[str, Field(min_length=1, max_length=64)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AgentMessageIn(_Body):
    """What an agent says; saying something joins the conversation."""

    agent_id: Id
    text: Annotated[str, Field(min_length=1, max_length=4000)]


class HandoffIn(_Body):
    """Why a human should take over."""

    reason: Literal["customer_asked", "complaint", "policy"] = "customer_asked"


class AgentIn(_Body):
    agent_id: Id


class RatingIn(_Body):
    """`score` from 1 (worst) to 5."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=1000)] = ""


class FeedbackIn(_Body):
    value: Literal["up", "down"]
    comment: Annotated[str, Field(max_length=1000)] = ""


def router(gate: Gate) -> APIRouter:
    """The routes, each behind the scopes that it names."""

    def allowed(*scopes: Scope) -> Any:
        async def depends(request: Request) -> Caller:
            caller = await gate.caller(request)
            caller.require(*scopes)
            await gate.admit(caller, "")
            return caller

        return Depends(depends)

    routes = APIRouter(prefix="/v1/conversations", tags=["conversations"])
    reader = allowed("read", "desk")
    speaker = allowed("chat", "desk")
    agent = allowed("desk")

    @routes.get("", summary="List conversations, latest activity first")
    async def list_conversations(
        caller: Annotated[Caller, reader],
        status: Literal["open", "resolved"] | None = None,
        owner: Literal["bot", "queue", "agent"] | None = None,
        queue: str | None = None,
        customer_id: str | None = None,
        channel: str | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=_LONGEST_PAGE)] = _PAGE,
    ) -> JsonResponse:
        customer = CustomerId(customer_id) if customer_id else None
        only = ConversationFilter(status, owner, queue, customer, channel)
        page = await caller.workspace.store.conversations(only, cursor=cursor, limit=limit)
        return JsonResponse(
            {"conversations": [conversation_record(row) for row in page.rows], "next": page.next}
        )

    @routes.get("/{conversation_id}", summary="One conversation with its messages")
    async def read_conversation(
        caller: Annotated[Caller, reader], conversation_id: ConversationId
    ) -> JsonResponse:
        store = caller.workspace.store
        row = await store.conversation(conversation_id)
        lines = await store.transcript(conversation_id)
        messages = [message_record(line) for line in lines]
        return await _shown(caller, conversation_id, {**conversation_record(row), "messages": messages})

    @routes.get("/{conversation_id}/messages", summary="The messages of a conversation")
    async def read_messages(
        caller: Annotated[Caller, reader],
        conversation_id: ConversationId,
        after: Annotated[int, Query(ge=0, le=_HIGHEST_SEQ)] = 0,
    ) -> JsonResponse:
        lines = await caller.workspace.store.transcript(conversation_id)
        newer = [message_record(line) for line in lines if line.seq > after]
        return await _shown(caller, conversation_id, {"messages": newer})

    @routes.post("/{conversation_id}/messages", status_code=201, summary="Say something as an agent")
    async def say_as_agent(
        caller: Annotated[Caller, agent], conversation_id: ConversationId, body: AgentMessageIn
    ) -> JsonResponse:
        turns = caller.workspace.turns
        state = await turns.state(conversation_id)
        owner, agent_id = state.owner, AgentId(body.agent_id)
        _check_owner(state, agent_id)
        message_id = MessageId(new_id("msg", turns.services.clock()))
        events: list[Event] = [] if owner.kind == "agent" else [AgentJoined(agent_id)]
        events.append(AgentSpoke(message_id, agent_id, (Text(body.text),)))
        state = await turns.append(conversation_id, *events)
        return JsonResponse({"message_id": message_id, **state_record(state)}, 201)

    @routes.get("/{conversation_id}/events", summary="The log of a conversation")
    async def read_events(
        caller: Annotated[Caller, reader],
        conversation_id: ConversationId,
        after: Annotated[int, Query(ge=0, le=_HIGHEST_SEQ)] = 0,
    ) -> JsonResponse:
        events = await caller.workspace.store.events(conversation_id, after=after)
        return await _shown(caller, conversation_id, {"events": [encode_recorded(one) for one in events]})

    @routes.get("/{conversation_id}/export", summary="The whole log as JSON lines")
    async def export(caller: Annotated[Caller, reader], conversation_id: ConversationId) -> StreamingResponse:
        lines = await caller.workspace.store.export(conversation_id)
        if caller.sees_personal_data:
            await _audit(caller, conversation_id)
        else:
            # The values, not the lines: a masked number would be no JSON any more.
            mask = caller.workspace.turns.services.mask
            lines = [msgspec.json.encode(masked(msgspec.json.decode(line), mask)).decode() for line in lines]

        def body() -> Iterator[str]:
            for line in lines:
                yield line + "\n"

        return StreamingResponse(body(), media_type="application/x-ndjson")

    @routes.get("/{conversation_id}/turns/{turn_id}/trace", summary="How a turn came to its reply")
    async def read_trace(
        caller: Annotated[Caller, reader], conversation_id: ConversationId, turn_id: TurnId
    ) -> JsonResponse:
        return JsonResponse(await caller.workspace.store.trace(conversation_id, turn_id))

    @routes.post("/{conversation_id}/handoff", summary="Pass the conversation to a human")
    async def hand_off(
        caller: Annotated[Caller, speaker], conversation_id: ConversationId, body: HandoffIn
    ) -> JsonResponse:
        return JsonResponse(state_record(await caller.workspace.turns.hand_off(conversation_id, body.reason)))

    @routes.post("/{conversation_id}/return", summary="Give the conversation back to the bot")
    async def give_back(
        caller: Annotated[Caller, agent], conversation_id: ConversationId, body: AgentIn
    ) -> JsonResponse:
        turns, agent_id = caller.workspace.turns, AgentId(body.agent_id)
        state = await turns.state(conversation_id)
        _check_owner(state, agent_id)
        if state.owner.kind != "bot":  # the bot has not finished with what it already owns
            state = await turns.append(conversation_id, ReturnedToBot(agent_id))
        return JsonResponse(state_record(state))

    @routes.post("/{conversation_id}/resolve", summary="End the episode")
    async def resolve(caller: Annotated[Caller, speaker], conversation_id: ConversationId) -> JsonResponse:
        event = Resolved("agent" if "desk" in caller.scopes else "customer")
        return JsonResponse(state_record(await caller.workspace.turns.append(conversation_id, event)))

    @routes.post("/{conversation_id}/rating", status_code=204, summary="Rate the conversation")
    async def give_rating(
        caller: Annotated[Caller, speaker], conversation_id: ConversationId, body: RatingIn
    ) -> None:
        await rate(caller.workspace, conversation_id, body.score, body.comment)

    @routes.post("/{conversation_id}/messages/{message_id}/feedback", status_code=204, summary="Rate a reply")
    async def give_thumb(
        caller: Annotated[Caller, speaker],
        conversation_id: ConversationId,
        message_id: MessageId,
        body: FeedbackIn,
    ) -> None:
        await give_feedback(caller.workspace, conversation_id, message_id, body.value, body.comment)

    return routes


def _check_owner(state: ConversationState, agent_id: AgentId) -> None:
    owner = state.owner
    if owner.kind == "agent" and owner.agent_id != agent_id:
        raise Conflict(f"agent {owner.agent_id} owns this conversation")


async def _shown(caller: Caller, conversation_id: ConversationId, record: Record) -> JsonResponse:
    """Personal data masked; a key with `pii` sees it all, and leaves a line in the audit log."""
    if caller.sees_personal_data:
        await _audit(caller, conversation_id)
        return JsonResponse(record)
    return JsonResponse(masked(record, caller.workspace.turns.services.mask))


async def _audit(caller: Caller, conversation_id: ConversationId) -> None:
    now = caller.workspace.turns.services.clock()
    entry = AuditEntry(now, f"key:{caller.key_id}", "read_personal_data", conversation_id, {})
    await caller.workspace.store.audit(entry)
