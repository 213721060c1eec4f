"""What an operation's code looks like: a typed request and the call's circumstances in, a reply out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from kefu.shop.database import ORDERS, RETURNS, SHIPMENTS, Transaction
from kefu.shop.documents import Order, Return, Shipment
from kefu.shop.problems import not_found
from kefu.shop.schemas import Json

R = TypeVar("R", bound="Request")


class Request(Struct, frozen=True, kw_only=True):
    """An operation's path, query and body values, already checked against the contract."""


class WriteRequest(Request, frozen=True, kw_only=True):
    customer_confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """``now`` is Beijing time in whole seconds; ``customer_id`` is empty where the operation has none."""

    tx: Transaction
    now: datetime
    customer_id: str

    def order(self, order_id: str) -> Order:
        """The customer's order; raises ``order_not_found`` for a missing one and for a stranger's alike."""
        order = self.tx.get(ORDERS, order_id)
        if order is None or order.customer_id != self.customer_id:
            raise not_found("order_not_found")
        return order

    def claim(self, return_id: str) -> Return:
        """The customer's return; raises ``return_not_found`` for a missing one and for a stranger's alike."""
        claim = self.tx.get(RETURNS, return_id)
        if claim is None or claim.customer_id != self.customer_id:
            raise not_found("return_not_found")
        return claim

    def parcel(self, tracking_no: str) -> Shipment:
        """The customer's parcel; raises ``shipment_not_found`` for a missing and for a stranger's alike."""
        parcel = self.tx.get(SHIPMENTS, tracking_no)
        order = self.tx.get(ORDERS, parcel.order_id) if parcel else None
        if parcel is None or order is None or order.customer_id != self.customer_id:
            raise not_found("shipment_not_found")
        return parcel


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` is anything msgspec encodes."""

    status: int
    body: object


@dataclass(frozen=True, slots=True)
class Handler(Generic[R]):
    request: type[R]
    execute: Callable[[R, Call], Reply]

    def __call__(self, values: Mapping[str, Json], call: Call) -> Reply:
        return self.execute(msgspec.convert(values, self.request), call)
