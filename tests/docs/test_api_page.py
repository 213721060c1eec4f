"""Every example of the API's page is sent to the real application, and its answers have the shapes shown."""

import argparse
import json
import re
import runpy
import shlex
from pathlib import Path
from string import Template
from typing import get_args

import httpx
import msgspec
import pytest

from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.api import schemas
from kefu.api.access import customer_of_token
from kefu.api.application import Application
from kefu.api.chat import ChatRequest
from kefu.api.socket import Frame

from .support import CHINESE_README, DOCS, README, ROOT, Block, blocks

PAGE = DOCS / "api.md"
WITH_CURL = [
    block for page in (PAGE, README, CHINESE_README) for block in blocks(page, "sh") if "curl " in block.text
]

_curl = argparse.ArgumentParser("curl")
_curl.add_argument("url")
_curl.add_argument("-s", action="store_true")
_curl.add_argument("-N", action="store_true")
_curl.add_argument("-G", action="store_true")
_curl.add_argument("-X", dest="method")
_curl.add_argument("-H", dest="headers", action="append", default=[])
_curl.add_argument("-d", dest="data", action="append", default=[])
_curl.add_argument("--data-urlencode", dest="data", action="append")


def noted(note: str) -> list[Block]:
    return [block for block in blocks(PAGE, "json") if block.note == note]


def tag_of(block: Block) -> str:
    return json.loads(block.text)["type"]


@pytest.mark.parametrize("block", WITH_CURL, ids=str)
async def test_curl_examples_are_accepted(
    block: Block, client: httpx.AsyncClient, application: Application
) -> None:
    values = await _values(client, application)
    statuses = {line: (await _sent(client, line, values)).status_code for line in _commands(block)}
    assert {line: status for line, status in statuses.items() if status not in (200, 201, 204)} == {}


async def test_the_streaming_example_answers_with_the_events_of_the_table(
    client: httpx.AsyncClient, application: Application
) -> None:
    block = next(block for block in WITH_CURL if "-sN" in block.text)
    response = await _sent(client, _commands(block)[0], await _values(client, application))
    names = re.findall(r"^event: (\w+)$", response.text, re.MULTILINE)
    assert set(names) == {"status", "delta", "part", "done"}
    assert names[-1] == "done"


async def test_the_whole_request_is_accepted_and_shows_every_field(
    client: httpx.AsyncClient, application: Application
) -> None:
    (block,) = noted("POST /v1/chat")
    headers = {"Authorization": f"Bearer {(await _values(client, application))['KEY']}"}
    response = await client.post("/v1/chat", content=block.text.encode(), headers=headers)
    assert response.status_code == 200, response.text
    assert set(json.loads(block.text)) == set(ChatRequest.__struct_fields__)


@pytest.mark.parametrize(
    "block", [block for block in blocks(PAGE, "json") if hasattr(schemas, block.note)], ids=str
)
def test_an_answer_has_the_shape_that_openapi_describes(block: Block) -> None:
    kind: type[msgspec.Struct] = getattr(schemas, block.note)
    msgspec.json.decode(block.text, type=kind)
    assert set(json.loads(block.text)) == set(kind.__struct_fields__)


async def test_the_whole_response_shows_every_field_that_comes(
    client: httpx.AsyncClient, application: Application
) -> None:
    (block,) = noted("ChatResponse")
    headers = {"Authorization": f"Bearer {(await _values(client, application))['KEY']}"}
    asked = {"message": "我的订单YL20261108000123到哪了", "customer": {"id": "C00001"}}
    response = (await client.post("/v1/chat", json=asked, headers=headers)).json()
    shown = json.loads(block.text)
    changing = {"conversation_id", "turn_id", "release", "timings_ms", "parts"}
    assert set(shown) == set(response)
    assert {k: shown[k] for k in shown.keys() - changing} == {k: response[k] for k in shown.keys() - changing}


@pytest.mark.parametrize("block", noted("client"), ids=tag_of)
def test_a_clients_frame_is_understood(block: Block) -> None:
    frame = msgspec.json.decode(block.text, type=Frame)
    assert set(json.loads(block.text)) == {"type", *frame.__struct_fields__}


def test_every_frame_of_the_client_is_shown() -> None:
    tags = {kind.__struct_config__.tag for kind in get_args(Frame)}
    assert {tag_of(block) for block in noted("client")} == tags


def test_every_frame_that_the_widget_knows_of_the_server_is_shown() -> None:
    source = (ROOT / "console/widget/src/protocol.ts").read_text()
    frames = source.split("export type ServerFrame =")[1].split(";\n\n")[0]
    known = set(re.findall(r'^\s*(?:\| \{ )?type: "(\w+)"', frames, re.MULTILINE))
    assert {tag_of(block) for block in noted("server")} == known


def test_the_example_of_a_customer_token_makes_one_that_is_believed(
    application: Application,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (block,) = blocks(PAGE, "python")
    script = tmp_path / "token.py"
    script.write_text(block.text)
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script))
    customer = customer_of_token(application.identity_secret, capsys.readouterr().out.strip())
    assert (customer.id, customer.verified, customer.name) == ("C00001", True, "周女士")


async def _values(client: httpx.AsyncClient, application: Application) -> dict[str, str]:
    """What the examples' variables stand for: a key that may do it all, and a conversation with a reply."""
    scopes = frozenset({"chat", "read", "desk"})
    key = await application.storage.open(DEFAULT_WORKSPACE).create_key(scopes, "the examples")
    headers = {"Authorization": f"Bearer {key.secret}"}
    asked = {"message": "口红拆开了不喜欢颜色能退吗", "customer": {"id": "C00001"}}
    answer = (await client.post("/v1/chat", json=asked, headers=headers)).json()
    conversation = answer["conversation_id"]
    listed = await client.get(f"/v1/conversations/{conversation}/messages", headers=headers)
    return {
        "KEFU": "http://127.0.0.1:8000",
        "KEY": key.secret,
        "CONVERSATION": conversation,
        "TURN": answer["turn_id"],
        "MESSAGE": listed.json()["messages"][-1]["message_id"],
        "PASSAGE": answer["citations"][0]["passage_id"],
    }


def _commands(block: Block) -> list[str]:
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl ")]


async def _sent(client: httpx.AsyncClient, command: str, values: dict[str, str]) -> httpx.Response:
    """The command as curl would send it."""
    words = shlex.split(Template(command).substitute(values))
    given = _curl.parse_args(words[1:])
    headers = dict(header.split(": ", 1) for header in given.headers)
    if given.G:
        parameters = dict(item.split("=", 1) for item in given.data)
        return await client.get(given.url, params=parameters, headers=headers)
    method = given.method or ("POST" if given.data else "GET")
    return await client.request(method, given.url, content="&".join(given.data).encode(), headers=headers)
