"""Which values fit a slot, in their normal form."""

import pytest

from kefu.conversation.commands import CorrectSlot, SetSlot
from kefu.conversation.values import Value
from kefu.flows.definition import Flow, Place, Slot
from kefu.flows.slots import STANDARD_TYPES, values_given

PLACE = Place("slots.yaml", 1)


@pytest.mark.parametrize(
    ("type_", "value", "normal"),
    [
        ("order_id", "yl 20261108-000123", "YL20261108000123"),
        ("order_id", "ＹＬ２０２６１１０８０００１２３", "YL20261108000123"),
        ("order_id", "000123", "000123"),
        ("order_id", "12345", "12345"),
        ("order_id", "123", None),
        ("order_id", 123456, None),
        ("tracking_no", "sf1358820046712", "SF1358820046712"),
        ("tracking_no", "XX1358820046712", None),
        ("sku", "sku10023", "SKU10023"),
        ("coupon_code", "ylq8x2k4m", "YLQ8X2K4M"),
        ("phone", "+86 138-0013-8000", "13800138000"),
        ("phone", "12800138000", None),
        ("email", "Ann@Example.com", "ann@example.com"),
        ("email", "ann@example", None),
        ("amount", "¥1,299.5元", "1299.50"),
        ("amount", 59.9, "59.90"),
        ("amount", "1.005", None),
        ("amount", float("nan"), None),
        ("quantity", "2", 2),
        ("quantity", 0, None),
        ("quantity", True, None),
        ("date", "2026-11-08", "2026-11-08"),
        ("date", "2026-02-30", None),
        ("boolean", False, False),
        ("boolean", "false", None),
        ("text", "  ", None),
        ("text", "破了个洞 ", "破了个洞"),
    ],
)  # fmt: skip
def test_a_value_that_fits_takes_its_normal_form(type_: str, value: Value, normal: Value) -> None:
    assert STANDARD_TYPES[type_].read(value) == normal


def flow(*slots: Slot) -> Flow:
    return Flow("f", {}, "", (), {slot.name: slot for slot in slots}, {}, "s", "slots.yaml")


DATES = flow(Slot("start", "date", PLACE), Slot("until", "date", PLACE))


def test_a_type_means_the_slot_that_is_asked_for() -> None:
    given = values_given(
        DATES, STANDARD_TYPES, [SetSlot("date", "2026-11-08")], filled=frozenset(), asked="until"
    )
    assert given == {"until": "2026-11-08"}


def test_two_values_of_one_type_fill_two_slots_in_order() -> None:
    commands = [SetSlot("date", "2026-11-08"), SetSlot("date", "2026-11-09")]
    given = values_given(DATES, STANDARD_TYPES, commands, filled=frozenset(), asked=None)
    assert given == {"start": "2026-11-08", "until": "2026-11-09"}


def test_a_correction_goes_before_a_mention() -> None:
    commands = [SetSlot("until", "2026-11-08"), CorrectSlot("until", "2026-11-09")]
    given = values_given(DATES, STANDARD_TYPES, commands, filled=frozenset(), asked=None)
    assert given == {"until": "2026-11-09"}


def test_what_the_flow_has_no_slot_for_is_left_alone() -> None:
    assert values_given(DATES, STANDARD_TYPES, [SetSlot("size", "M")], filled=frozenset(), asked=None) == {}
