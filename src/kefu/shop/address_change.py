"""Changing where an order goes (handbook HB-31, fees by HB-09, coverage by HB-10)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import assert_never

from msgspec.structs import asdict, replace

from kefu.shop.database import ORDERS, PRODUCTS, WAREHOUSE_REQUESTS
from kefu.shop.documents import Address, Document, Order, Product, WarehouseRequest
from kefu.shop.handling import Call, Reply, WriteRequest
from kefu.shop.problems import Refusal, not_found
from kefu.shop.shipping import fee, restricted_skus, undeliverable, zone_of
from kefu.shop.times import BEIJING

_INTERCEPT_DECIDED_IN = timedelta(minutes=30)
_PAYMENT_LINK_HOLDS = timedelta(minutes=30)


class AddressInput(Document, frozen=True, kw_only=True):
    receiver: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


class ChangeAddress(WriteRequest, frozen=True, kw_only=True):
    order_id: str
    address: AddressInput


class AddressChangeResult(Document, frozen=True, kw_only=True):
    order_id: str
    result: str
    address: Address
    fee_difference: Decimal | None = None
    payment_link_expires_at: datetime | None = None
    decide_by: datetime | None = None


def check_state(order: Order) -> None:
    """Raises ``address_change_limit`` or ``order_already_shipped`` when the order takes no new address."""
    match order.status:
        case "shipped":
            raise _shipped(order, "订单已发货，不能改地址", ["forward"])
        case "delivered" | "completed" | "in_aftersales":
            raise _shipped(order, "订单已签收，不能改地址", [])
        case "cancelled":
            raise _no_change(order, "订单已取消，不能改地址", [])
        case "pending_payment" if order.presale is None or order.presale.stage != "deposit_paid":
            raise _no_change(order, "订单还没付款，请取消后重拍", ["cancel"])
        case "pending_payment" | "paid" | "packed":
            pass
        case _:
            assert_never(order.status)
    if order.address_change_count:
        details = {"address_change_count": order.address_change_count}
        message = f"该订单已修改过 {order.address_change_count} 次地址"
        raise Refusal("address_change_limit", message, details=details)


def deliverable(wanted: AddressInput, products: Sequence[Product], now: datetime) -> Address:
    """The address with its zone; raises ``address_not_deliverable`` or ``item_restricted_for_zone``."""
    reason = undeliverable(wanted.province, wanted.city, wanted.district, wanted.detail)
    zone = zone_of(wanted.province)
    if reason is not None or zone is None:
        raise Refusal("address_not_deliverable", "该地址不在配送范围", details={"reason": reason})
    if skus := restricted_skus(products, zone, now.astimezone(BEIJING).date()):
        names = "、".join(product.name for product in products if product.sku in skus)
        message = f"{names}不能寄往{'一二三四五'[zone - 1]}区"
        raise Refusal("item_restricted_for_zone", message, details={"zone": zone, "skus": skus})
    return Address(**asdict(wanted), zone=zone)


def fee_difference(order: Order, products: Sequence[Product], address: Address) -> Decimal:
    """What the new address costs more, in yuan; a cheaper one gives nothing back."""
    zone = zone_of(address.province)
    charged = order.amounts.shipping_fee + (order.amounts.bulky_surcharge or Decimal(0))
    return max(Decimal(0), fee(order, products, zone) - charged) if zone else Decimal(0)


def change_address(request: ChangeAddress, call: Call) -> Reply:
    order = call.order(request.order_id)
    check_state(order)
    products = [_product(call, item.sku) for item in order.items]
    address = deliverable(request.address, products, call.now)
    extra = fee_difference(order, products, address)
    if order.status == "packed":
        return _ask_warehouse(order, address, extra, call)
    if extra:
        return _await_payment(order, address, extra, call)
    call.tx.put(ORDERS, replace(order, address=address, address_change_count=order.address_change_count + 1))
    return Reply(200, AddressChangeResult(order_id=order.order_id, result="changed", address=address))


def _ask_warehouse(order: Order, address: Address, extra: Decimal, call: Call) -> Reply:
    request = WarehouseRequest(
        order_id=order.order_id,
        kind="address",
        requested_at=call.now,
        decide_by=call.now + _INTERCEPT_DECIDED_IN,
        fee_difference=extra or None,
        address=address,
    )
    call.tx.put(WAREHOUSE_REQUESTS, request)
    result = AddressChangeResult(
        order_id=order.order_id,
        result="intercept_requested",
        address=address,
        fee_difference=extra or None,
        decide_by=request.decide_by,
    )
    return Reply(202, result)


def _await_payment(order: Order, address: Address, extra: Decimal, call: Call) -> Reply:
    """The order keeps its address until the difference is paid, which happens outside this interface."""
    request = WarehouseRequest(
        order_id=order.order_id,
        kind="address",
        requested_at=call.now,
        pay_by=call.now + _PAYMENT_LINK_HOLDS,
        fee_difference=extra,
        address=address,
    )
    call.tx.put(WAREHOUSE_REQUESTS, request)
    result = AddressChangeResult(
        order_id=order.order_id,
        result="awaiting_payment",
        address=address,
        fee_difference=extra,
        payment_link_expires_at=request.pay_by,
    )
    return Reply(200, result)


def _product(call: Call, sku: str) -> Product:
    product = call.tx.get(PRODUCTS, sku)
    if product is None:
        raise not_found("product_not_found")
    return product


def _shipped(order: Order, message: str, alternatives: list[str]) -> Refusal:
    details = {"status": order.status, "alternatives": alternatives}
    return Refusal("order_already_shipped", message, details=details)


def _no_change(order: Order, message: str, alternatives: list[str]) -> Refusal:
    """The contract has no code for an order too young or too dead to change; this one is nearest."""
    details = {"status": order.status, "alternatives": alternatives}
    return Refusal("address_change_limit", message, details=details)
