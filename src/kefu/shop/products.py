"""Searching the catalogue."""

from msgspec import field

from kefu.shop.database import PRODUCTS
from kefu.shop.documents import Category, Product
from kefu.shop.handling import Call, Reply, Request
from kefu.shop.paging import page_of
from kefu.shop.problems import not_found


class GetProduct(Request, frozen=True, kw_only=True):
    sku: str


class SearchProducts(Request, frozen=True, kw_only=True):
    query: str = field(name="q")
    category: Category | None = None
    color: str | None = None
    size: str | None = None
    in_stock: bool = False
    page: int
    page_size: int


def get(request: GetProduct, call: Call) -> Reply:
    product = call.tx.get(PRODUCTS, request.sku)
    if product is None:
        raise not_found("product_not_found")
    return Reply(200, product)


def search(request: SearchProducts, call: Call) -> Reply:
    """Every word of ``q`` must occur in the product's names or SKU; exact names come first."""
    where = {} if request.category is None else {"category": request.category}
    words = request.query.casefold().split()
    found = [
        product
        for product in call.tx.find(PRODUCTS, **where)
        if all(any(word in name for name in _names(product)) for word in words)
        and _has_variant(product, request)
    ]
    found.sort(key=lambda product: _distance(product, request.query.strip().casefold()))
    return Reply(200, page_of(found, request.page, request.page_size))


def _names(product: Product) -> tuple[str, ...]:
    return tuple(name.casefold() for name in (product.name, *product.short_names, product.sku))


def _distance(product: Product, query: str) -> int:
    """How much longer than the query the closest name is."""
    return min((len(name) - len(query) for name in _names(product) if query in name), default=100)


def _has_variant(product: Product, request: SearchProducts) -> bool:
    return any(
        request.color in (None, level.color)
        and request.size in (None, level.size)
        and (not request.in_stock or (level.qty > 0 and product.status == "on_sale"))
        for level in product.stock
    )
