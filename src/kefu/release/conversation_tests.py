"""Conversation tests (design, section 4.4), as a pack's `tests/*.yaml` say them.

A test is a list of turns, each with what must be true of its response, and `finally` what must be true of the
back office once all is said::

    - name: 取消后订单就取消了
      customer: C00007            # verified; without the line an anonymous visitor speaks
      turns:
        - user: 取消订单YL20261119000123
          expect: {flow: cancel_order, asks: confirm, not_operations: [orders.cancel]}
        - user: 确认取消
          after: 2m               # time that passes before the message
          expect: {operations: [orders.cancel], reply_any: [已取消]}
      finally: {orders: {order_id: YL20261119000123, status: cancelled}, effects: {orders.cancel: 1}}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from kefu.conversation.values import Record, Value

OperationStatus = Literal["proposed", "executed", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class IntentIs:
    """None expects that no intent was found; so it is with flows and questions."""

    name: str | None
    line: int


@dataclass(frozen=True, slots=True)
class FlowIs:
    """`status` and `step` are None when they do not matter."""

    name: str | None
    status: str | None
    step: str | None
    line: int


@dataclass(frozen=True, slots=True)
class SlotIs:
    """A value of None expects the slot to be empty."""

    slot: str
    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class Asks:
    """`what` is a slot's name, `confirm`, `clarify` or `offer_human`."""

    what: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Ran:
    operation: str
    status: OperationStatus
    line: int


@dataclass(frozen=True, slots=True)
class NotRan:
    """Not called: having been proposed to the customer is not being called."""

    operation: str
    line: int


@dataclass(frozen=True, slots=True)
class ReplyHas:
    """`any`, `all` or `none` of the texts."""

    quantity: Literal["any", "all", "none"]
    texts: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Cites:
    """Every one of `sources`; when there are none, anything (`some`) or nothing at all."""

    some: bool
    sources: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class HandsOff:
    """`reason` and `queue` are None when they do not matter."""

    handed_off: bool
    reason: str | None
    queue: str | None
    line: int


@dataclass(frozen=True, slots=True)
class LanguageIs:
    tag: str
    line: int


@dataclass(frozen=True, slots=True)
class IsBlocked:
    blocked: bool
    line: int


Check: TypeAlias = (
    IntentIs | FlowIs | SlotIs | Asks | Ran | NotRan | ReplyHas | Cites | HandsOff | LanguageIs | IsBlocked
)


@dataclass(frozen=True, slots=True)
class ScriptedTurn:
    """`after` is how long the customer waits before saying it."""

    user: str
    after: timedelta
    checks: tuple[Check, ...]
    line: int


@dataclass(frozen=True, slots=True)
class RecordExpected:
    """A record of the back office about an order, with these fields. `customer` is who may read it."""

    kind: Literal["orders", "returns"]
    order_id: str
    customer: str | None
    fields: Record
    line: int


@dataclass(frozen=True, slots=True)
class Finally:
    """`effects` counts the writes that were carried out, all of them; None when the test does not say."""

    effects: Mapping[str, int] | None = None
    records: tuple[RecordExpected, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class ConversationTest:
    """`customer` is the id of a verified customer, or None for a visitor whom nobody knows."""

    __test__ = False  # not a class of pytest's, whatever its name

    name: str
    file: str
    line: int
    customer: str | None
    turns: tuple[ScriptedTurn, ...]
    lasting: Finally = Finally()
