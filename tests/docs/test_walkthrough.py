"""The walk through the files tells what happens to a message, in the order in which it happens."""

import re
import sys
from pathlib import Path
from types import FrameType

import httpx

import kefu
from kefu.api.application import Application

from .support import DOCS, codes, links

PAGE = DOCS / "how-a-message-is-answered.md"
SOURCE = Path(kefu.__file__).parent


def steps() -> list[list[str]]:
    """The files of each numbered step, as paths inside the package."""
    text = PAGE.read_text()
    parts = re.split(r"^(\d+)\. ", text, flags=re.MULTILINE)[1:]
    assert [int(number) for number in parts[::2]] == list(range(1, len(parts) // 2 + 1))
    return [re.findall(r"\]\(\.\./src/kefu/([\w/]+\.py)\)", part) for part in parts[1::2]]


def test_every_file_that_it_names_exists_under_that_name() -> None:
    files = [link.removeprefix("../src/kefu/") for link in links(PAGE)]
    assert [file for file in files if not (SOURCE / file).is_file()] == []
    assert files == [code for code in codes(PAGE) if code.endswith(".py")]


def test_no_file_is_named_twice() -> None:
    named = [file for step in steps() for file in step]
    assert sorted(set(named)) == sorted(named)


async def test_a_message_enters_the_steps_in_their_order(
    client: httpx.AsyncClient, application: Application
) -> None:
    assert application.demo is not None
    headers = {"Authorization": f"Bearer {application.demo.api_key}"}
    body = {"message": "帮我取消订单YL20261119020743", "customer": {"id": "C00001"}}
    entered: dict[str, None] = {}

    def watch(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(SOURCE):
            entered.setdefault(path.relative_to(SOURCE).as_posix())

    sys.setprofile(watch)
    try:
        response = await client.post("/v1/chat", json=body, headers=headers)
    finally:
        sys.setprofile(None)
    assert response.status_code == 200
    first_of_each = [step[0] for step in steps()]
    assert [file for file in entered if file in first_of_each] == first_of_each
