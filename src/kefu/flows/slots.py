"""Slot types: which values fit, in their one normal form, and how a message as a whole answers a question."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from kefu.conversation.commands import Affirm, Command, CorrectSlot, Deny, SetSlot
from kefu.conversation.values import Value
from kefu.flows.definition import Flow, Slot

LONGEST_TEXT = 1000
"""Characters of a customer's message that a text slot keeps."""


@dataclass(frozen=True, slots=True)
class SlotType:
    """`read` gives the value's normal form, or None when it does not fit.

    `from_message` says whether the words of a whole message may be taken as the answer when the slot is asked
    for and understanding found no such value: types with a form of their own may, names of things may not.
    `yes_or_no` says that a plain yes or no is such an answer.
    """

    read: Callable[[Value], Value]
    from_message: bool = False
    yes_or_no: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the answers that were offered: pressing it sends `message`, which stands for `value`."""

    value: Value
    message: str
    labels: tuple[str, ...] = ()
    about: Value = None


def values_given(
    flow: Flow,
    types: Mapping[str, SlotType],
    commands: Sequence[Command],
    *,
    filled: AbstractSet[str],
    asked: str | None,
) -> dict[str, Value]:
    """The slots of `flow` for which `commands` give a fitting value; a correction goes before a mention.

    A command may name a slot, or a type: then it means the slot that is asked for, or the first one that is
    empty, of that type.
    """
    given: dict[str, Value] = {}
    corrections = [command for command in commands if isinstance(command, CorrectSlot)]
    mentions = [command for command in commands if isinstance(command, SetSlot)]
    for command in (*corrections, *mentions):
        slot = _meant(flow, command.slot, taken=filled | given.keys(), asked=asked)
        if slot is None or slot.name in given:
            continue
        value = fitting(slot, types, command.value)
        if value is not None:
            given[slot.name] = value
    return given


def chosen(candidates: Sequence[Candidate], text: str) -> Candidate | None:
    """The offered answer that a message as a whole names, by its words or by its number."""
    # Channels without buttons show "1) … 2) …", so a bare number is an answer too.
    said = _plain(text).casefold()
    number = re.fullmatch(r"第?([1-9][0-9]?)[个号.)、]?", said)
    if number and int(number[1]) <= len(candidates):
        return candidates[int(number[1]) - 1]
    for candidate in candidates:
        if said in {_plain(label).casefold() for label in (candidate.message, *candidate.labels)}:
            return candidate
    return None


def answer_in(slot: Slot, types: Mapping[str, SlotType], commands: Sequence[Command], text: str) -> Value:
    """The value that a message as a whole gives to the slot that was asked for, or None."""
    yes, no = (any(isinstance(command, kind) for command in commands) for kind in (Affirm, Deny))
    kind = types.get(slot.type)
    if yes or no:
        return kind.read(yes) if kind is not None and kind.yes_or_no and yes != no else None
    return fitting(slot, types, text) if kind is not None and kind.from_message else None


def fitting(slot: Slot, types: Mapping[str, SlotType], value: Value) -> Value:
    """The value's normal form, or None when it does not fit the slot."""
    if slot.type == "choice":
        return value if isinstance(value, str) and value in slot.choices else None
    kind = types.get(slot.type)
    return None if kind is None or value is None else kind.read(value)


def _meant(flow: Flow, name: str, *, taken: AbstractSet[str], asked: str | None) -> Slot | None:
    if name in flow.slots:
        return flow.slots[name]
    of_type = [slot for slot in flow.slots.values() if slot.type == name]
    by_question = (slot for slot in of_type if slot.name == asked)
    by_need = (slot for slot in of_type if slot.name not in taken)
    return next(by_question, None) or next(by_need, None)


def _plain(value: Value) -> str:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""


def _compact(value: Value) -> str:
    return re.sub(r"[\s\-_]+", "", _plain(value)).upper()


def _pattern(pattern: str) -> Callable[[Value], Value]:
    compiled = re.compile(pattern, re.ASCII)

    def read(value: Value) -> Value:
        text = _compact(value)
        return text if compiled.fullmatch(text) else None

    return read


def _phone(value: Value) -> Value:
    """A mainland mobile number without its country code."""
    number = re.fullmatch(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})", _compact(value))
    return number[1] if number else None


def _text(value: Value) -> Value:
    return _plain(value)[:LONGEST_TEXT] or None


def _email(value: Value) -> Value:
    text = _plain(value).lower()
    return text if re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", text) and len(text) <= 254 else None


def _amount(value: Value) -> Value:
    """Yuan, as a text with at most two decimals: money does not pass through binary fractions."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = re.sub(r"[¥￥,\s]|元$|块钱?$", "", _plain(value)) if isinstance(value, str) else str(value)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < 10**9 or amount != round(amount, 2):
        return None
    return str(round(amount, 2))


def _quantity(value: Value) -> Value:
    if isinstance(value, bool):
        return None
    text = str(value) if isinstance(value, int) else _plain(value)
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else None


def _date(value: Value) -> Value:
    try:
        return date.fromisoformat(_plain(value)).isoformat()
    except ValueError:
        return None


def _boolean(value: Value) -> Value:
    return value if isinstance(value, bool) else None


STANDARD_TYPES: Mapping[str, SlotType] = MappingProxyType(
    {
        "order_id": SlotType(_pattern(r"YL\d{14}|\d{4,6}"), from_message=True),
        "tracking_no": SlotType(_pattern(r"(SF|YT|ZTO|JD|STO|EMS|YD)\d{10,13}"), from_message=True),
        "sku": SlotType(_pattern(r"SKU\d{5}"), from_message=True),
        "coupon_code": SlotType(_pattern(r"YLQ[A-Z0-9]{6}"), from_message=True),
        "tax_id": SlotType(_pattern(r"[0-9A-Z]{15,20}"), from_message=True),
        "phone": SlotType(_phone, from_message=True),
        "email": SlotType(_email, from_message=True),
        "amount": SlotType(_amount, from_message=True),
        "quantity": SlotType(_quantity, from_message=True),
        "date": SlotType(_date, from_message=True),
        "boolean": SlotType(_boolean, yes_or_no=True),
        "has_package": SlotType(_boolean, yes_or_no=True),
        "text": SlotType(_text, from_message=True),
        "address": SlotType(_text, from_message=True),
        "person": SlotType(_text, from_message=True),
        "invoice_title": SlotType(_text, from_message=True),
        **{name: SlotType(_text) for name in ("product", "size", "color", "reason", "courier")},
        # Values of a `choice` are listed by the slot itself.
        "choice": SlotType(lambda _: None),
    }
)
"""The types of the shipped merchant's entities. An `order_id` is a whole number or its last 4 to 6 digits."""
