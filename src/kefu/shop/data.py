"""The merchant's material: the records the shop opens with, and the contract it serves them under."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from kefu.shop.contract import Contract
from kefu.shop.documents import Coupon, Customer, Document, Invoice, Order, Product, Return, Shipment

D = TypeVar("D", bound=Document)


@dataclass(frozen=True, slots=True)
class ShopData:
    """Loaded once, it may seed any number of shops."""

    contract: Contract
    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]
    shipments: tuple[Shipment, ...]
    returns: tuple[Return, ...]
    coupons: tuple[Coupon, ...]
    invoices: tuple[Invoice, ...]

    @classmethod
    def load(cls, folder: Path, contract: Path | None = None) -> "ShopData":
        """Reads ``products.json`` and its neighbours, and the ``backend-openapi.yaml`` beside the folder.

        Raises ``ValueError`` that names the file and the field where a record does not fit the contract.
        """
        return cls(
            contract=Contract.load(contract or folder.parent / "backend-openapi.yaml"),
            products=_read(folder / "products.json", Product),
            customers=_read(folder / "customers.json", Customer),
            orders=_read(folder / "orders.json", Order),
            shipments=_read(folder / "shipments.json", Shipment),
            returns=_read(folder / "returns.json", Return),
            coupons=_read(folder / "coupons.json", Coupon),
            invoices=_read(folder / "invoices.json", Invoice),
        )


def _read(path: Path, kind: type[D]) -> tuple[D, ...]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[kind, ...])
    except msgspec.DecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
