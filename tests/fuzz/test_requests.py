"""Ten thousand generated requests: whatever comes in, no server error and no stack trace comes out."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from tests.support.server import Server

REQUESTS = int(os.environ.get("KEFU_TEST_REQUESTS", "10000"))
PROBLEM = "application/problem+json"
SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)

pytestmark = [pytest.mark.fuzz, pytest.mark.enable_socket]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("fuzz"), models_dir) as server:
        yield server


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_operation_survives_what_fits_its_shape_and_what_does_not(
    server: Server, mode: GenerationMode
) -> None:
    schema: Any = schemathesis.openapi.from_url(f"{server.url}/openapi.json")  # generic beyond use
    headers = {"Authorization": f"Bearer {server.key}"}
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]
    each = max(5, REQUESTS * 2 // 5 // len(operations))

    def check(case: Any) -> None:
        response = case.call(base_url=server.url, headers=headers)
        told = f"{case.as_curl_command()}\n{response.status_code} {response.text[:500]}"
        assert response.status_code < 500, told
        assert "Traceback" not in response.text, told
        if response.status_code >= 400:
            assert response.headers["content-type"] == [PROBLEM], told

    for operation in operations:
        cases = operation.as_strategy(generation_mode=mode)
        generous = settings(max_examples=each, deadline=None, suppress_health_check=SLOW_IS_FINE)
        try:
            generous(given(cases)(check))()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, f"{operation.method} {operation.path} takes nothing"


ALPHABETS = (
    "".join(map(chr, range(0x20))),
    "".join(map(chr, range(0x200B, 0x2070))),
    "".join(map(chr, range(0x1F300, 0x1F650))),
    "的一是不了人我在有他这中大来上国退货订单快递取消确认转人工",
    "'\";--/*<>&%${}()[]\\|`\n\r\t",
    "".join(map(chr, range(0x600, 0x6FF))),
    "e\u0301\u0302\u0303\u0304\u0305\u0306",
)


def test_hostile_messages_are_answered_or_refused_never_fatal(server: Server) -> None:
    dice = random.Random(7)
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        conversation = None
        for number in range(REQUESTS // 5):
            alphabet = dice.choice(ALPHABETS) if dice.random() < 0.7 else "".join(ALPHABETS)
            length = int(10 ** dice.uniform(0, 3.8))
            text = "".join(dice.choices(alphabet, k=length))
            body = {"message": text, "conversation_id": conversation, "customer": {"id": "C00001"}}
            response = client.post("/v1/chat", json=body)
            assert response.status_code in (200, 400), (
                f"{response.status_code} for {text!r}: {response.text[:500]}"
            )
            assert "Traceback" not in response.text
            fresh = number % 7 == 0 or response.status_code != 200 or response.json()["handoff"]
            conversation = None if fresh else response.json()["conversation_id"]


@pytest.mark.parametrize("size", [1_000_000, 10_000_000])
def test_a_huge_message_is_refused_by_its_size(server: Server, size: int) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    response = httpx.post(f"{server.url}/v1/chat", json={"message": "a" * size}, headers=headers, timeout=30)
    assert response.status_code == 413
    assert response.headers["content-type"] == PROBLEM
