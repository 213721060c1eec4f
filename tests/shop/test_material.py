"""What the shop is built from: the contract, the records, and the code behind each operation."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kefu.shop.app import create_shop
from kefu.shop.contract import Contract
from kefu.shop.data import ShopData
from kefu.shop.operations import HANDLERS

from .support import PACK, Clock


def test_every_operation_of_the_contract_has_its_code(data: ShopData) -> None:
    assert data.contract.operations.keys() == HANDLERS.keys()


def test_an_operation_without_code_is_reported_at_the_start(data: ShopData, clock: Clock) -> None:
    [first, *_] = data.contract.operations.values()
    unknown = Contract({**data.contract.operations, "orders.paint": first})
    with pytest.raises(LookupError, match=r"orders\.paint"):
        create_shop(replace(data, contract=unknown), clock=clock, tokens={})


def test_a_record_that_does_not_fit_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(PACK / "shop", folder)
    shutil.copy(PACK / "backend-openapi.yaml", tmp_path)
    (folder / "coupons.json").write_text('[{"coupon_code": 1}]', encoding="utf-8")
    with pytest.raises(ValueError, match=r"coupons\.json: .*\$\[0\]\.coupon_code"):
        ShopData.load(folder)
