"""The return rules that no recorded order happens to show."""

from dataclasses import replace

import pytest

from kefu.shop.data import ShopData
from kefu.shop.documents import Variant
from kefu.shop.problems import Refusal
from kefu.shop.return_rules import Line, bearer, check_eligible

from .support import NOW


@pytest.fixture
def jacket(data: ShopData) -> Line:
    order = next(order for order in data.orders if order.order_id == "YL20261112000908")
    [item] = order.items
    assert order.delivered_at is not None
    return Line(
        item=item,
        product=next(product for product in data.products if product.sku == item.sku),
        quantity=1,
        delivered_at=order.delivered_at,
        exchange_to=Variant(color="奶油白", size="M"),
        exchanged_before=0,
    )


def test_a_piece_is_exchanged_at_most_twice(jacket: Line) -> None:
    third = replace(jacket, exchanged_before=2)
    with pytest.raises(Refusal, match="最多换 2 次") as refused:
        check_eligible(third, "exchange", "size_mismatch", NOW, has_package=True, description="")
    assert refused.value.details == {"rule": "exchange_limit", "alternatives": ["return"]}


def test_only_the_first_size_exchange_is_at_the_sellers_cost(jacket: Line) -> None:
    assert bearer("exchange", "size_mismatch", [jacket]) == "seller"
    assert bearer("exchange", "size_mismatch", [replace(jacket, exchanged_before=1)]) == "buyer"


def test_late_delivery_is_returned_at_the_buyers_cost(jacket: Line) -> None:
    assert bearer("return", "late_delivery", [jacket]) == "buyer"
