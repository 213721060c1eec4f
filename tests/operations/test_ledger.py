"""What opens the way to a write, and what makes two writes the same."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.conversation.ids import ConversationId, EffectId
from kefu.conversation.state import PendingEffect
from kefu.conversation.values import Record
from kefu.operations.ledger import digest_of, effect_key, may_execute

from ..conversation.strategies import NOON

ARGUMENTS: Record = {"order_id": "YL1", "reason": "other", "lines": [1, 2]}
HERE = ConversationId("conv_1")
PENDING = PendingEffect(
    EffectId("eff_1"),
    run=1,
    step="do",
    operation="orders.cancel",
    arguments=ARGUMENTS,
    digest=digest_of("orders.cancel", ARGUMENTS),
    expires_at=NOON + timedelta(minutes=10),
    confirmed=True,
)

_arguments: st.SearchStrategy[Record] = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())
)


@given(_arguments)
def test_the_digest_does_not_depend_on_the_order_of_arguments(arguments: Record) -> None:
    backwards = dict(reversed(list(arguments.items())))
    assert digest_of("orders.cancel", arguments) == digest_of("orders.cancel", backwards)


@given(_arguments)
def test_the_digest_survives_json(arguments: Record) -> None:
    stored = cast("Record", json.loads(json.dumps(arguments)))
    assert digest_of("orders.cancel", stored) == digest_of("orders.cancel", arguments)


@given(_arguments, _arguments)
def test_other_arguments_have_another_digest(one: Record, other: Record) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (digest_of("orders.cancel", one) == digest_of("orders.cancel", other)) == same


def test_another_operation_has_another_digest() -> None:
    assert digest_of("orders.cancel", ARGUMENTS) != digest_of("returns.create", ARGUMENTS)


@pytest.mark.parametrize(
    "other",
    [
        effect_key(ConversationId("conv_2"), 1, "do", "digest", 7),
        effect_key(HERE, 2, "do", "digest", 7),
        effect_key(HERE, 1, "do_it", "digest", 7),
        effect_key(HERE, 1, "do", "digest_2", 7),
        effect_key(HERE, 1, "do", "digest", 8),
    ],
    ids=["conversation", "run", "step", "arguments", "proposal"],
)
def test_an_effect_is_another_when_any_part_of_its_key_is(other: EffectId) -> None:
    assert effect_key(HERE, 1, "do", "digest", 7) != other


def test_the_same_proposal_has_the_same_key_after_a_crash() -> None:
    key = effect_key(HERE, 1, "do", "digest", 7)
    assert key == effect_key(HERE, 1, "do", "digest", 7)
    assert 16 <= len(key) <= 64  # what back offices take as Idempotency-Key


def test_a_yes_to_exactly_this_in_time_opens_the_way() -> None:
    assert may_execute(PENDING, "orders.cancel", ARGUMENTS, NOON)


def test_the_last_moment_is_in_time() -> None:
    assert may_execute(PENDING, "orders.cancel", ARGUMENTS, PENDING.expires_at)


@pytest.mark.parametrize(
    ("pending", "operation", "arguments", "late"),
    [
        (None, "orders.cancel", ARGUMENTS, timedelta()),
        (replace(PENDING, confirmed=False), "orders.cancel", ARGUMENTS, timedelta()),
        (PENDING, "orders.cancel", {**ARGUMENTS, "order_id": "YL2"}, timedelta()),
        (PENDING, "orders.cancel", {**ARGUMENTS, "note": ""}, timedelta()),
        (PENDING, "returns.create", ARGUMENTS, timedelta()),
        (PENDING, "orders.cancel", ARGUMENTS, timedelta(minutes=10, microseconds=1)),
    ],
    ids=["no proposal", "no yes", "another order", "one more argument", "another operation", "too late"],
)
def test_nothing_else_opens_it(
    pending: PendingEffect | None, operation: str, arguments: Record, late: timedelta
) -> None:
    assert not may_execute(pending, operation, arguments, NOON + late)
