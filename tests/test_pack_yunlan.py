"""The built-in merchant: its pack has no problems, and its tests speak of what the shop really has."""

import json
import re
from pathlib import Path

import pytest

import kefu
from kefu.adapters.packs import LoadedPack, built_in_packs, load_pack
from kefu.release.responses import PRODUCT_RESPONSES

SAID = re.compile(r"""(?:say|render|offer_human|SayStock|text)\(\s*"([a-z_]+(?:\.[a-z_]+)*)\"""")


@pytest.fixture(scope="module")
def yunlan() -> LoadedPack:
    return load_pack("yunlan")


def test_it_is_the_only_pack_that_ships_built_in() -> None:
    assert built_in_packs() == ("yunlan",)


def test_it_has_no_problems(yunlan: LoadedPack) -> None:
    assert yunlan.pack.release.startswith("yunlan@")


def test_it_has_at_least_forty_conversation_tests(yunlan: LoadedPack) -> None:
    assert len(yunlan.pack.tests) >= 40


def test_every_flow_that_customers_start_has_conversation_tests(yunlan: LoadedPack) -> None:
    text = b"".join(data for path, data in yunlan.files.items() if path.startswith("tests/")).decode()
    started = set(yunlan.pack.flows.triggers().values())
    assert {flow for flow in started if flow not in text} == set()


def test_its_tests_name_customers_of_the_shop(yunlan: LoadedPack) -> None:
    customers = {record["customer_id"] for record in json.loads(yunlan.files["shop/customers.json"])}
    named = {test.customer for test in yunlan.pack.tests if test.customer is not None}
    assert named - customers == set()


def test_what_its_tests_say_about_records_is_about_orders_of_the_shop(yunlan: LoadedPack) -> None:
    orders = {record["order_id"] for record in json.loads(yunlan.files["shop/orders.json"])}
    named = {record.order_id for test in yunlan.pack.tests for record in test.lasting.records}
    assert named
    assert named - orders == set()


def test_every_response_that_a_turn_says_by_itself_is_asked_of_packs() -> None:
    """A new response in the product's code must become part of what `kefu check` demands."""
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(kefu.__file__).parent.glob("turn/*.py")
    )
    said = set(SAID.findall(source))
    assert said >= {"handoff.done", "knowledge.none", "internal_error"}
    assert said - PRODUCT_RESPONSES.keys() == set()
