"""Changing a line's colour or size before it is packed (handbook HB-31)."""

from msgspec.structs import replace

from kefu.shop.database import ORDERS, PRODUCTS
from kefu.shop.documents import Order, OrderItem, Product, Variant
from kefu.shop.handling import Call, Reply, WriteRequest
from kefu.shop.problems import Refusal, bad_request
from kefu.shop.stock import shift_stock


class ChangeItem(WriteRequest, frozen=True, kw_only=True):
    order_id: str
    line_no: int
    color: str | None = None
    size: str | None = None


def check_order(order: Order) -> None:
    """Raises ``item_not_changeable`` unless a line of this order may still change, once."""
    if order.status != "paid":
        raise Refusal("item_not_changeable", "只有待打包的订单能改规格", details={"status": order.status})
    if order.type == "presale_deposit" or order.is_custom:
        kind = "custom" if order.is_custom else order.type
        raise Refusal("item_not_changeable", "定金预售和定制订单不能改规格", details={"type": kind})
    if order.item_change_count:
        details = {"item_change_count": order.item_change_count}
        raise Refusal("item_not_changeable", "该订单已修改过规格", details=details)


def check_variant(product: Product | None, item: OrderItem, target: Variant) -> None:
    """Raises ``variant_out_of_stock`` or ``variant_price_mismatch`` unless the target can stand in."""
    wanted = product.stock_of(target) if product and product.status == "on_sale" else None
    if wanted is None or wanted.qty < item.quantity:
        named = " ".join(part for part in (target.color, target.size) if part)
        details = {"sku": item.sku, "color": target.color, "size": target.size}
        raise Refusal("variant_out_of_stock", f"{named} 暂时无货", details=details)
    current = product.stock_of(Variant(color=item.color, size=item.size)) if product else None
    if wanted.price != (current.price if current else item.unit_price):
        raise Refusal("variant_price_mismatch", "目标规格价格不同，请取消重拍")


def change_item(request: ChangeItem, call: Call) -> Reply:
    order = call.order(request.order_id)
    item = order.line(request.line_no)
    if item is None:
        raise bad_request("line_no", "订单没有该商品行")
    check_order(order)
    ordered = Variant(color=item.color, size=item.size)
    target = Variant(color=request.color or item.color, size=request.size or item.size)
    if target == ordered:
        raise bad_request("color | size", "和现在的规格相同")
    check_variant(call.tx.get(PRODUCTS, item.sku), item, target)
    shift_stock(call.tx, item.sku, ordered, item.quantity)
    shift_stock(call.tx, item.sku, target, -item.quantity)
    changed = replace(item, color=target.color, size=target.size)
    lines = tuple(changed if line.line_no == item.line_no else line for line in order.items)
    order = replace(order, items=lines, item_change_count=order.item_change_count + 1)
    call.tx.put(ORDERS, order)
    return Reply(200, order)
