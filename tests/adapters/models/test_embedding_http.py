"""The embedder's contract over a real server on this machine, and answers that no server should give."""

import asyncio
import json
import socket
import zlib
from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.contracts.embedder import EmbedderContract

from kefu.adapters.models.embedding_http import LARGEST_BATCH, HttpEmbedder
from kefu.understanding.embedding import EmbeddingUnavailable

KEY = {"Authorization": "Bearer k"}


def characters_of(text: str) -> list[float]:
    """How often classes of characters occur."""
    counts = [0.5] * 32
    for character in text:
        counts[zlib.crc32(character.encode()) % 32] += 1
    return counts


async def embeddings(request: Request) -> Response:
    """As OpenAI's reference has it, with the rows in another order than the texts."""
    asked: dict[str, Any] = await request.json()
    if request.headers.get("Authorization") != KEY["Authorization"]:
        return JSONResponse({"error": {"message": "no such key"}}, 401)
    if not 0 < len(asked["input"]) <= LARGEST_BATCH:
        return JSONResponse({"error": {"message": "too many inputs"}}, 422)
    rows = [
        {"object": "embedding", "index": index, "embedding": characters_of(text)}
        for index, text in enumerate(asked["input"])
    ]
    return JSONResponse({"object": "list", "data": rows[::-1], "model": asked["model"], "usage": {}})


class Server(uvicorn.Server):
    """Says when it can be called."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@pytest.mark.enable_socket
class TestOverAServer(EmbedderContract):
    @pytest.fixture
    async def url(self) -> AsyncGenerator[str]:
        app = Starlette(routes=[Route("/v1/embeddings", embeddings, methods=["POST"])])
        server = Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none"))
        serving = asyncio.create_task(server.serve())
        await server.listening.wait()
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
        server.should_exit = True
        await serving

    @pytest.fixture
    async def embedder(self, url: str) -> AsyncGenerator[HttpEmbedder]:
        async with httpx.AsyncClient(base_url=url, headers=KEY) as client:
            yield HttpEmbedder(client, "bge-small-zh")

    @pytest.fixture
    async def another(self, url: str) -> AsyncGenerator[HttpEmbedder]:
        async with httpx.AsyncClient(base_url=url, headers=KEY) as client:
            yield HttpEmbedder(client, "bge-large-zh")

    @pytest.fixture
    async def failing(self, url: str) -> AsyncGenerator[HttpEmbedder]:
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": "Bearer revoked"}) as client:
            yield HttpEmbedder(client, "bge-small-zh")


def answering(answer: Callable[[int], httpx.Response]) -> HttpEmbedder:
    """An embedder whose server answers a request for so many texts like this."""

    def respond(request: httpx.Request) -> httpx.Response:
        return answer(len(json.loads(request.content)["input"]))

    client = httpx.AsyncClient(transport=httpx.MockTransport(respond), base_url="http://models.test/v1")
    return HttpEmbedder(client, "m")


def responding(status: int, content: bytes) -> Callable[[int], httpx.Response]:
    return lambda _: httpx.Response(status, content=content)


def saying(*rows: object) -> Callable[[int], httpx.Response]:
    text = json.dumps({"data": [{"index": index, "embedding": row} for index, row in enumerate(rows)]})
    return responding(200, text.encode())


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (responding(503, b"loading the model"), "503: loading the model"),
        (responding(200, b"<html>"), "cannot be read"),
        (responding(200, b'{"error": "no such model"}'), "cannot be read"),
        (responding(200, b'{"data": "\xff"}'), "cannot be read"),
        (saying([1.0, 0.0]), "1 vectors, not one for each of 2 texts"),
        (saying([1.0], [1.0], [1.0]), "3 vectors, not one for each of 2 texts"),
        (saying([1.0, 0.0], [1.0]), "unequal length"),
        (saying([], []), "shape"),
        (saying([1.0, 0.0], [0.0, 0.0]), "without a direction"),
        (saying([1.0, float("nan")], [1.0, 1.0]), "cannot be read"),
        (saying([1.0, "2"], [1.0, 1.0]), "cannot be read"),
        (saying([1.0, None], [1.0, 1.0]), "cannot be read"),
        (saying([1e308, 1e308], [1.0, 1.0]), "without a direction"),
    ],
)
async def test_an_answer_that_cannot_be_used_is_refused(
    answer: Callable[[int], httpx.Response], complaint: str
) -> None:
    with pytest.raises(EmbeddingUnavailable, match=complaint):
        await answering(answer).embed(["退货", "发票"])


async def test_two_vectors_for_one_text_and_none_for_another_are_refused() -> None:
    rows = [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}]
    with pytest.raises(EmbeddingUnavailable, match="not one for each"):
        await answering(lambda _: httpx.Response(200, json={"data": rows})).embed(["退货", "发票"])


async def test_batches_whose_vectors_differ_in_length_are_refused() -> None:
    def answer(count: int) -> httpx.Response:
        row = [1.0] if count == LARGEST_BATCH else [1.0, 1.0]
        rows = [{"index": index, "embedding": row} for index in range(count)]
        return httpx.Response(200, json={"data": rows})

    with pytest.raises(EmbeddingUnavailable, match="unequal length"):
        await answering(answer).embed(["退货"] * (LARGEST_BATCH + 1))


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.ReadTimeout("")])
async def test_a_server_that_gives_no_answer_is_unavailable(failure: httpx.HTTPError) -> None:
    def fail(_: int) -> httpx.Response:
        raise failure

    with pytest.raises(EmbeddingUnavailable, match=r"refused|ReadTimeout"):
        await answering(fail).embed(["退货"])
