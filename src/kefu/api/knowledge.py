"""`/v1/search`, the retrieval test, and the passages that citations open."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from kefu.api.access import Gate
from kefu.api.application import Application
from kefu.api.records import JsonResponse, hit_record, passage_record
from kefu.conversation.ids import PassageId
from kefu.errors import NotFound
from kefu.knowledge.passages import Query as Question

_MOST = 50


def router(application: Application, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["knowledge"])

    @routes.get("/search", summary="What the knowledge holds about a question")
    async def search(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=500)],
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 10,
        audience: Literal["customer", "agent"] = "customer",
    ) -> JsonResponse:
        caller = await gate.caller(request)
        caller.require("read", "chat", "desk")
        if audience == "agent":
            caller.require("read", "desk")
        await gate.admit(caller, "")
        at = application.clock().astimezone(application.bot.wording.timezone)
        hits = application.index.search(Question(q, at, audience, limit))
        return JsonResponse({"query": q, "passages": [hit_record(hit) for hit in hits]})

    @routes.get("/knowledge/passages/{passage_id:path}", summary="One passage, as a citation opens it")
    async def read_passage(request: Request, passage_id: str) -> JsonResponse:
        caller = await gate.caller(request)
        caller.require("widget", "chat", "read", "desk")
        passage = application.index.get(PassageId(passage_id))
        insider = not caller.scopes.isdisjoint({"read", "desk", "admin"})
        if passage is None or not ("customer" in passage.audience or insider):
            raise NotFound("there is no such passage")
        return JsonResponse(passage_record(passage))

    return routes
