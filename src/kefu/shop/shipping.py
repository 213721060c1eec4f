"""Zones, shipping fees and what may travel where (handbook HB-09 and HB-10)."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias, assert_never

from kefu.shop.documents import Level, Order, Product, Restriction

Zone: TypeAlias = Literal[1, 2, 3, 4, 5]
Undeliverable: TypeAlias = Literal["overseas_or_hmt", "sansha", "military_only", "po_box"]


@dataclass(frozen=True, slots=True)
class Tariff:
    """Yuan for the first kilogram and for each further one; free from ``free_from`` yuan of goods."""

    first_kg: int
    further_kg: int
    free_from: int


_TARIFFS: Mapping[Zone, Tariff] = {
    1: Tariff(6, 1, 99),
    2: Tariff(8, 2, 99),
    3: Tariff(10, 4, 99),
    4: Tariff(15, 8, 199),
    5: Tariff(20, 12, 299),
}
_PROVINCES: Mapping[Zone, str] = {
    1: "浙江 江苏 上海 安徽",
    2: "北京 天津 河北 山东 河南 湖北 湖南 江西 福建 广东",
    3: "山西 陕西 四川 重庆 贵州 云南 广西 海南 辽宁 吉林 黑龙江",
    4: "甘肃 青海 宁夏 内蒙古",
    5: "新疆 西藏",
}
_ZONES: Mapping[str, Zone] = {
    province: zone for zone, provinces in _PROVINCES.items() for province in provinces.split()
}
_BULKY_SURCHARGE = Decimal(60)

_MILITARY = re.compile(r"\d{4,6}\s*部队")
_STREET = re.compile(r"[路街道巷弄村号幢栋]")
_PO_BOX = re.compile(r"(邮政)?(专用)?信箱")


def zone_of(province: str) -> Zone | None:
    """The fee zone of a mainland province, however its name is lengthened; ``None`` for anywhere else."""
    return next((zone for name, zone in _ZONES.items() if province.startswith(name)), None)


def undeliverable(province: str, city: str, district: str, detail: str) -> Undeliverable | None:
    """Why nothing can be sent there, or ``None`` when it can."""
    if zone_of(province) is None:
        return "overseas_or_hmt"
    if "三沙" in city:
        return "sansha"
    if _STREET.search(detail) is None:
        if _MILITARY.search(detail):
            return "military_only"
        if _PO_BOX.search(detail):
            return "po_box"
    return None


def restricted_skus(products: Iterable[Product], zone: Zone, on: date) -> list[str]:
    """The products that may not travel to the zone on that day."""
    return [p.sku for p in products if any(_is_restricted(r, zone, on) for r in p.restrictions)]


def _is_restricted(restriction: Restriction, zone: Zone, on: date) -> bool:
    match restriction:
        case "cold_chain":
            return zone >= 4
        case "flammable":
            return zone == 5
        case "glass_bottle":
            return zone == 5 and _is_winter(on)
        case "battery" | "bulky":
            return False
        case _:
            assert_never(restriction)


def _is_winter(on: date) -> bool:
    """1 November to 15 March: glass freezes and bursts on the way."""
    return on.month >= 11 or on.month <= 2 or (on.month == 3 and on.day <= 15)


def fee(order: Order, products: Sequence[Product], zone: Zone) -> Decimal:
    """Base fee and bulky surcharge that the order would cost to the zone, in yuan."""
    if order.delivery.method == "pickup":
        return Decimal(0)
    weight = sum(
        (p.weight_kg * item.quantity for item, p in zip(order.items, products, strict=True)), Decimal(0)
    )
    tariff = _TARIFFS[zone]
    base = Decimal(tariff.first_kg + (max(1, math.ceil(weight)) - 1) * tariff.further_kg)
    if _goods_after_discounts(order) >= _free_from(order.level_at_order, zone):
        base = Decimal(0)
    bulky = sum(
        item.quantity for item, p in zip(order.items, products, strict=True) if "bulky" in p.restrictions
    )
    return base + (_BULKY_SURCHARGE * bulky if zone >= 4 else 0)


def _free_from(level: Level, zone: Zone) -> int:
    if zone >= 4:
        return 99 if level == "black" else _TARIFFS[zone].free_from
    match level:
        case "regular":
            return _TARIFFS[zone].free_from
        case "silver":
            return 79
        case "gold":
            return 49
        case "black":
            return 0
        case _:
            assert_never(level)


def _goods_after_discounts(order: Order) -> Decimal:
    """After promotions and coupons, before points: what counts towards free shipping."""
    amounts = order.amounts
    deposit_bonus = amounts.deposit_bonus or Decimal(0)
    return amounts.goods_total - amounts.promo_discount - amounts.coupon_discount - deposit_bonus
