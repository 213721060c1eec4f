"""Taking stock off the shelf and putting it back."""

from msgspec.structs import replace

from kefu.shop.database import PRODUCTS, Transaction
from kefu.shop.documents import Variant


def shift_stock(tx: Transaction, sku: str, variant: Variant, by: int) -> None:
    """Adds ``by`` pieces (negative takes them); a product or variant no longer listed has no shelf."""
    product = tx.get(PRODUCTS, sku)
    if product is None or product.stock_of(variant) is None:
        return
    levels = tuple(
        replace(level, qty=max(0, level.qty + by))
        if (level.color, level.size) == (variant.color, variant.size)
        else level
        for level in product.stock
    )
    tx.put(PRODUCTS, replace(product, stock=levels))
