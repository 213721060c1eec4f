"""A customer's membership and coupons."""

from kefu.shop.database import COUPONS, CUSTOMERS
from kefu.shop.documents import CouponStatus, Customer
from kefu.shop.handling import Call, Reply, Request
from kefu.shop.problems import not_found


class GetMembership(Request, frozen=True, kw_only=True):
    customer_id: str


class ListCoupons(GetMembership, frozen=True, kw_only=True):
    status: CouponStatus | None = None


def membership(request: GetMembership, call: Call) -> Reply:
    return Reply(200, _customer(request, call))


def coupons(request: ListCoupons, call: Call) -> Reply:
    _customer(request, call)
    owned = call.tx.find(COUPONS, customer_id=request.customer_id)
    return Reply(200, [coupon for coupon in owned if request.status in (None, coupon.status)])


def _customer(request: GetMembership, call: Call) -> Customer:
    customer = call.tx.get(CUSTOMERS, request.customer_id)
    if customer is None:
        raise not_found("customer_not_found")
    return customer
