"""The shop's own numbers, however they are typed."""

from datetime import datetime

import pytest

from kefu.understanding.entities import EntityExtractor
from kefu.understanding.text import clean


def found(
    extractor: EntityExtractor, now: datetime, message: str, expects: str | None = None
) -> list[tuple[str, object]]:
    return [(e.type, e.value) for e in extractor.extract(clean(message), now, expects)]


@pytest.mark.parametrize(
    ("message", "kind", "value"),
    [
        ("yl-20261108-000123呢", "order_id", "YL20261108000123"),
        ("YL2O261108OOO123", "order_id", "YL20261108000123"),
        ("y l 2 0 2 6 1 1 0 8 0 0 0 1 2 3", "order_id", "YL20261108000123"),
        ("20261108000123发了吗", "order_id", "YL20261108000123"),
        ("订单尾号0123那单", "order_id", "0123"),
        ("后五位是00123", "order_id", "00123"),
        ("0123那单到哪了", "order_id", "0123"),
        ("尾号是幺七六三", "order_id", "1763"),
        ("SF 1358 8200 46712", "tracking_no", "SF1358820046712"),
        ("EMS9920417735一直没动", "tracking_no", "EMS9920417735"),
        ("sku 10023", "sku", "SKU10023"),
        ("ylq abcdef 用不了", "coupon_code", "YLQABCDEF"),
        ("统编是24536806", "tax_id", "24536806"),
        ("抬头苏州云木公司,91320508MA9XK5RT2B", "tax_id", "91320508MA9XK5RT2B"),
    ],
)
def test_a_number_is_found_in_its_one_form(
    extractor: EntityExtractor, now: datetime, message: str, kind: str, value: str
) -> None:
    assert (kind, value) in found(extractor, now, message)


@pytest.mark.parametrize(
    "message", ["尾号4417的卡", "手机尾号6618", "建行尾号3306的卡到账了吗", "取件码0123", "验证码是004512"]
)
def test_the_end_of_another_number_is_no_order(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    assert "order_id" not in [kind for kind, _ in found(extractor, now, message)]


def test_four_lone_digits_are_an_order_only_when_one_was_asked_for(
    extractor: EntityExtractor, now: datetime
) -> None:
    assert found(extractor, now, "0451", "order_id") == [("order_id", "0451")]
    assert found(extractor, now, "0451") == []
