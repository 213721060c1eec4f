"""`GET /v1/ws`: the widget's protocol, over a real connection to a real server."""

import json
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.server import Server
from websockets.sync.client import ClientConnection, connect

from kefu.api.access import customer_token

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("socket"), models_dir) as server:
        yield server


@contextmanager
def connected(server: Server, **hello: object) -> Generator[tuple[ClientConnection, dict[str, Any]]]:
    """A connection that has said hello, and what it was answered."""
    with connect(server.url.replace("http", "ws") + "/v1/ws") as socket:
        send(socket, type="hello", **({"key": server.widget_key, "visitor_id": uuid.uuid4().hex} | hello))
        yield socket, receive(socket)


def send(socket: ClientConnection, **frame: object) -> None:
    socket.send(json.dumps(frame))


def receive(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(socket.recv(timeout=10))


def receive_until(socket: ClientConnection, kind: str) -> list[dict[str, Any]]:
    frames = [receive(socket)]
    while frames[-1]["type"] != kind:
        frames.append(receive(socket))
    return frames


def token_of(server: Server, customer: str) -> str:
    return customer_token(server.identity_secret, customer, "测试顾客", timedelta(minutes=5))


def test_a_message_is_acknowledged_then_answered_piece_by_piece(server: Server) -> None:
    with connected(server) as (socket, welcome):
        send(socket, type="message", client_message_id="m1", message="口红拆开了不喜欢颜色能退吗")
        frames = receive_until(socket, "done")
    assert welcome["conversation_id"] is None
    assert frames[0]["type"] == "accepted"
    assert frames[-1]["client_message_ids"] == ["m1"]
    said = "".join(frame["text"] for frame in frames if frame["type"] == "delta")
    assert said == frames[-1]["response"]["reply"]


def test_a_reconnecting_client_gets_what_it_missed_and_nothing_twice(server: Server) -> None:
    visitor = uuid.uuid4().hex
    with connected(server, visitor_id=visitor) as (socket, _):
        send(socket, type="message", client_message_id="m1", message="你好")
        accepted = receive_until(socket, "done")[0]
    conversation = accepted["conversation_id"]
    with connected(server, visitor_id=visitor, conversation_id=conversation, after=accepted["seq"]) as (
        _,
        welcome,
    ):
        assert [item["role"] for item in welcome["history"]] == ["bot"]


def test_a_resent_message_is_answered_with_the_first_answer(server: Server) -> None:
    with connected(server) as (socket, _):
        send(socket, type="message", client_message_id="only-once", message="你好")
        first = receive_until(socket, "done")[-1]
        send(socket, type="message", client_message_id="only-once", message="你好")
        again = receive_until(socket, "done")[-1]
    assert again["response"] == first["response"]
    assert again["client_message_ids"] == ["only-once"]


def test_a_customer_token_speaks_for_its_customer(server: Server) -> None:
    with connected(server, customer_token=token_of(server, "C00001")) as (socket, welcome):
        send(socket, type="message", client_message_id="m1", message="我的快递到哪了")
        done = receive_until(socket, "done")[-1]
    assert welcome["customer"] == {"id": "C00001", "name": "测试顾客"}
    assert done["response"]["operations"][0]["status"] == "executed"


def test_a_visitor_learns_nothing_about_orders(server: Server) -> None:
    with connected(server) as (socket, _):
        send(socket, type="message", client_message_id="m1", message="订单YL20261118051115到哪了")
        done = receive_until(socket, "done")[-1]
    assert not [part for part in done["response"]["parts"] if part["type"] == "card"]
    assert not done["response"]["operations"]


def test_a_strangers_conversation_is_as_if_it_did_not_exist(server: Server) -> None:
    with connected(server) as (socket, _):
        send(socket, type="message", client_message_id="m1", message="你好")
        conversation = receive_until(socket, "done")[0]["conversation_id"]
    with connected(server, visitor_id="somebody-else-entirely", conversation_id=conversation) as (
        _,
        welcome,
    ):
        assert welcome["conversation_id"] is None
        assert welcome["history"] == []


@pytest.mark.parametrize(
    ("hello", "code"),
    [
        ({"key": "kefu_unknown"}, "unauthenticated"),
        ({"customer_token": "forged.token.here"}, "unauthenticated"),
        ({"visitor_id": "short"}, "bad_request"),
    ],
)
def test_a_bad_hello_is_refused_with_a_problem(server: Server, hello: dict[str, str], code: str) -> None:
    with connected(server, **hello) as (_, answer):
        assert answer["type"] == "error"
        assert answer["problem"]["code"] == code


def test_a_bad_frame_is_refused_and_the_connection_goes_on(server: Server) -> None:
    with connected(server) as (socket, _):
        socket.send("{not json")
        assert receive(socket)["problem"]["code"] == "bad_request"
        send(socket, type="message", client_message_id="long", message="长" * 5000)
        refused = receive(socket)
        assert refused["problem"]["field"] == "message"
        assert refused["client_message_id"] == "long"
        send(socket, type="ping")
        assert receive(socket) == {"type": "pong"}


def test_two_tabs_of_one_customer_see_the_same_answer(server: Server) -> None:
    token = token_of(server, "C00003")
    with connected(server, customer_token=token) as (first, _):
        send(first, type="message", client_message_id="m1", message="你好")
        conversation = receive_until(first, "done")[0]["conversation_id"]
        with connected(server, customer_token=token, conversation_id=conversation) as (second, _):
            send(first, type="message", client_message_id="m2", message="谢谢")
            assert receive_until(second, "done")[-1] | {"client_message_ids": []} == receive_until(
                first, "done"
            )[-1] | {"client_message_ids": []}


def test_the_handoff_button_hands_over(server: Server) -> None:
    with connected(server) as (socket, _):
        send(socket, type="handoff", client_message_id="h1")
        done = receive_until(socket, "done")[-1]
    assert done["response"]["handoff"]["reason"] == "customer_asked"
