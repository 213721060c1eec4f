"""Pages of a list, as the contract counts them."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from kefu.shop.documents import Document

D = TypeVar("D", bound=Document)


class Page(Document, Generic[D], frozen=True, kw_only=True):
    items: tuple[D, ...]
    total: int
    page: int
    page_size: int


def page_of(found: Sequence[D], page: int, page_size: int) -> Page[D]:
    """The ``page``-th stretch, counted from 1; one beyond the end is empty."""
    start = (page - 1) * page_size
    return Page(
        items=tuple(found[start : start + page_size]), total=len(found), page=page, page_size=page_size
    )
