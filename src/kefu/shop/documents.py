"""The shop's records, as the contract spells them.

Money is :class:`~decimal.Decimal` yuan. A field without a default is always sent; one with a default is
left out while it holds it, which the contract allows for empty optional fields.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

Category = Literal["服饰鞋靴", "美妆个护", "小家电", "数码配件", "家纺", "食品"]
Level = Literal["regular", "silver", "gold", "black"]
OrderStatus = Literal[
    "pending_payment", "paid", "packed", "shipped", "delivered", "completed", "cancelled", "in_aftersales"
]
OrderType = Literal["normal", "presale_full", "presale_deposit", "custom"]
CancelReason = Literal[
    "no_longer_wanted",
    "wrong_address",
    "wrong_spec",
    "found_cheaper",
    "duplicate_order",
    "late_delivery",
    "payment_timeout",
    "out_of_stock",
    "balance_not_paid",
    "deposit_self_cancel",
    "other",
]
PaymentMethod = Literal[
    "wechat_change",
    "wechat_debit",
    "wechat_credit",
    "alipay_balance",
    "alipay_debit",
    "huabei",
    "huabei_installment",
    "unionpay",
    "credit_card",
    "debit_card",
    "yunlan_balance",
    "gift_card",
]
RefundKind = Literal["cancel", "return", "refund_only", "lost", "price_protection", "refused"]
ReturnKind = Literal["return", "exchange", "refund_only", "repair"]
ReturnReason = Literal[
    "size_mismatch",
    "quality_issue",
    "wrong_item",
    "missing_item",
    "damaged",
    "not_as_described",
    "no_longer_wanted",
    "late_delivery",
]
ReturnMethod = Literal["pickup", "self_ship"]
ReturnStatus = Literal[
    "pending_review",
    "approved",
    "in_transit_back",
    "received",
    "inspection_failed",
    "refunding",
    "refunded",
    "exchange_shipped",
    "exchange_completed",
    "repairing",
    "repaired_shipped",
    "rejected",
    "closed_timeout",
    "cancelled",
]
ProblemType = Literal[
    "stuck", "lost", "damaged", "signed_not_received", "missing_item", "left_without_consent"
]
ProblemStatus = Literal[
    "processing",
    "waiting_photos",
    "waiting_carrier_proof",
    "carrier_replied",
    "carrier_confirmed",
    "awaiting_customer_choice",
    "resent",
    "refunded",
    "accepted_late",
    "over_48h",
    "closed",
]
CouponStatus = Literal["unused", "used", "expired", "locked"]
InvoiceType = Literal["e_normal", "e_special"]
TitleType = Literal["personal", "company"]
TicketType = Literal[
    "complaint",
    "partial_cancel",
    "forward_or_intercept",
    "change_courier",
    "late_dispatch_claim",
    "allergy_claim",
    "authenticity_claim",
    "installation",
    "account_appeal",
    "privacy_request",
    "corporate_purchase",
    "other",
]
Priority = Literal["low", "normal", "high", "urgent"]
NoReasonReturn = Literal["supported", "unopened_only", "unused_only", "not_supported"]
Restriction = Literal["flammable", "battery", "bulky", "cold_chain", "glass_bottle"]


class Document(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One JSON object of the contract."""


class Variant(Document, frozen=True, kw_only=True):
    color: str | None = None
    size: str | None = None


class Address(Document, frozen=True, kw_only=True):
    receiver: str
    phone: str
    province: str
    city: str
    district: str
    detail: str
    zone: int


class Customization(Document, frozen=True, kw_only=True):
    type: Literal["engraving", "hem_trim", "made_to_measure"]
    detail: str


class OrderItem(Document, frozen=True, kw_only=True):
    line_no: int
    sku: str
    name: str
    color: str | None
    size: str | None
    quantity: int
    unit_price: Decimal
    line_amount: Decimal
    promo_share: Decimal
    coupon_share: Decimal
    points_share: Decimal
    paid_amount: Decimal
    flash_sale: bool = False
    customization: Customization | None = None
    no_reason_until: datetime | None
    price_protect_until: datetime | None
    returned_quantity: int = 0


class OrderAmounts(Document, frozen=True, kw_only=True):
    goods_total: Decimal
    promo_name: str | None = None
    promo_discount: Decimal
    coupon_discount: Decimal
    points_discount: Decimal
    deposit_bonus: Decimal | None = None
    shipping_fee: Decimal
    shipping_coupon: Decimal | None = None
    bulky_surcharge: Decimal | None = None
    sf_surcharge: Decimal | None = None
    gift_wrap: Decimal | None = None
    payable: Decimal
    paid: Decimal


class Payment(Document, frozen=True, kw_only=True):
    method: PaymentMethod
    amount: Decimal
    paid_at: datetime
    transaction_no: str
    stage: Literal["deposit", "balance"] | None = None
    installments: Literal[3, 6, 12] | None = None


class Delivery(Document, frozen=True, kw_only=True):
    method: Literal["express", "scheduled", "pickup"]
    sf_upgrade: bool
    freight_insurance: bool
    scheduled_date: date | None = None
    scheduled_slot: str | None = None
    reschedule_count: int = 0
    pickup_store: str | None = None
    pickup_ready_at: datetime | None = None
    pickup_keep_until: datetime | None = None


class OrderPresale(Document, frozen=True, kw_only=True):
    stage: Literal["full_paid", "deposit_paid", "balance_paid", "deposit_refunded", "deposit_forfeited"]
    campaign: str
    ship_by: date | None = None
    deposit_paid: Decimal | None = None
    deposit_worth: Decimal | None = None
    deposit_paid_at: datetime | None = None
    deposit_cancel_until: datetime | None = None
    balance_due: Decimal | None = None
    balance_from: datetime | None = None
    balance_to: datetime | None = None
    balance_paid_at: datetime | None = None


class Refund(Document, frozen=True, kw_only=True):
    refund_id: str
    kind: RefundKind
    return_id: str | None
    amount: Decimal
    method: PaymentMethod
    status: Literal["processing", "succeeded", "failed"]
    initiated_at: datetime
    arrived_at: datetime | None
    expected_by: datetime


class PriceProtection(Document, frozen=True, kw_only=True):
    claim_id: str
    line_no: int
    status: Literal["approved", "rejected", "manual_review"]
    amount: Decimal
    applied_at: datetime
    reject_reason: str | None = None


class Compensation(Document, frozen=True, kw_only=True):
    type: Literal[
        "late_dispatch",
        "out_of_stock",
        "wrong_or_missing_item",
        "left_without_consent",
        "missed_schedule",
        "missed_installation",
    ]
    amount: Decimal
    form: Literal["yunlan_balance", "coupon"]
    status: Literal["issued", "pending"]
    issued_at: datetime


class Order(Document, frozen=True, kw_only=True):
    order_id: str
    customer_id: str
    level_at_order: Level
    type: OrderType
    status: OrderStatus
    status_before_aftersales: OrderStatus | None = None
    channel: Literal["app", "miniprogram", "web"]
    items: tuple[OrderItem, ...]
    amounts: OrderAmounts
    coupon_codes: tuple[str, ...] = ()
    points_used: int = 0
    payments: tuple[Payment, ...]
    delivery: Delivery
    address: Address
    remark: str = ""
    gift_card_message: str | None = None
    created_at: datetime
    pay_deadline: datetime | None = None
    paid_at: datetime | None
    promised_ship_by: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None = None
    cancel_reason: CancelReason | None = None
    address_change_count: int = 0
    item_change_count: int = 0
    last_remind_at: datetime | None = None
    shipments: tuple[str, ...]
    returns: tuple[str, ...] = ()
    refund_status: Literal["none", "partial", "full"]
    refunds: tuple[Refund, ...] = ()
    price_protections: tuple[PriceProtection, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    invoice_id: str | None = None
    presale: OrderPresale | None = None

    @property
    def is_custom(self) -> bool:
        return self.type == "custom" or any(item.customization for item in self.items)

    def line(self, line_no: int) -> OrderItem | None:
        return next((item for item in self.items if item.line_no == line_no), None)


class ShipmentException(Document, frozen=True, kw_only=True):
    type: Literal["stuck", "lost", "damaged", "signed_not_received"]
    since: datetime
    threshold_hours: int | None = None
    deemed_lost_at: datetime | None = None
    confirmed_at: datetime | None = None
    resolution: Literal["refund", "resend"] | None = None
    within_48h: bool | None = None
    report_within_72h: bool | None = None
    carrier_proof: str | None = None


class ProblemReport(Document, frozen=True, kw_only=True):
    report_id: str
    type: ProblemType
    reported_at: datetime
    note: str
    status: ProblemStatus


class ShipmentEvent(Document, frozen=True, kw_only=True):
    time: datetime
    location: str
    status: Literal["collected", "in_transit", "out_for_delivery", "delivered"]
    description: str


class Shipment(Document, frozen=True, kw_only=True):
    shipment_id: str
    order_id: str
    tracking_no: str
    carrier_code: str
    carrier: str
    warehouse: str
    line_nos: tuple[int, ...]
    purpose: Literal["order", "exchange", "resend", "repair_return"]
    status: Literal["collected", "in_transit", "out_for_delivery", "delivered", "exception", "returned"]
    shipped_at: datetime
    delivered_at: datetime | None
    signed_by: str | None = None
    estimated_delivery: date | None = None
    exception: ShipmentException | None = None
    problem_reports: tuple[ProblemReport, ...] = ()
    events: tuple[ShipmentEvent, ...]

    @property
    def last_update(self) -> datetime:
        return self.events[-1].time if self.events else self.shipped_at


class ReturnItem(Document, frozen=True, kw_only=True):
    line_no: int
    sku: str
    name: str
    color: str | None
    size: str | None
    quantity: int
    exchange_to: Variant | None = None


class TimelineEntry(Document, frozen=True, kw_only=True):
    time: datetime
    event: str


class Return(Document, frozen=True, kw_only=True):
    return_id: str
    order_id: str
    customer_id: str
    kind: ReturnKind
    reason: ReturnReason
    description: str
    status: ReturnStatus
    items: tuple[ReturnItem, ...]
    has_package: bool
    images_count: int
    shipping_fee_bearer: Literal["buyer", "seller"] | None
    return_method: ReturnMethod | None
    warehouse: str | None
    return_tracking_no: str | None
    refund_amount: Decimal | None
    deduction: Decimal
    deduction_reason: str | None = None
    refund_id: str | None
    requested_at: datetime
    approved_at: datetime | None
    ship_back_deadline: datetime | None
    shipped_back_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    finished_at: datetime | None
    reject_reason: str | None = None
    resend_tracking_no: str | None = None
    timeline: tuple[TimelineEntry, ...]


class StockLevel(Document, frozen=True, kw_only=True):
    color: str | None
    size: str | None
    price: Decimal
    qty: int


class ProductPresale(Document, frozen=True, kw_only=True):
    type: Literal["full", "deposit"]
    campaign: str
    status: Literal["active", "ended"]
    order_from: datetime | None = None
    order_to: datetime | None = None
    ship_by: date | None = None
    deposit: Decimal | None = None
    deposit_worth: Decimal | None = None
    deposit_from: datetime | None = None
    deposit_to: datetime | None = None
    balance_from: datetime | None = None
    balance_to: datetime | None = None
    ship_within_days: int | None = None


class PricePoint(Document, frozen=True, kw_only=True):
    from_: date = field(name="from")
    price: Decimal


class Product(Document, frozen=True, kw_only=True):
    sku: str
    name: str
    short_names: tuple[str, ...]
    category: Category
    category_code: str
    subcategory: str
    price: Decimal
    list_price: Decimal
    status: Literal["on_sale", "off_shelf"]
    warehouse: str
    colors: tuple[str, ...]
    sizes: tuple[str, ...]
    stock: tuple[StockLevel, ...]
    specs: dict[str, str]
    material: str
    weight_kg: Decimal
    shelf_life_days: int | None
    nearest_expiry: date | None
    warranty_months: int | None
    no_reason_return: NoReasonReturn
    sale_zone: Literal["normal", "clearance", "defect_special"]
    price_protection_days: int
    freight_insurance: bool
    traceability: str
    restrictions: tuple[Restriction, ...]
    services: tuple[str, ...]
    presale: ProductPresale | None
    price_history: tuple[PricePoint, ...]

    def stock_of(self, variant: Variant) -> StockLevel | None:
        return next((s for s in self.stock if (s.color, s.size) == (variant.color, variant.size)), None)


class PointsExpiring(Document, frozen=True, kw_only=True):
    amount: int
    date: date


class Customer(Document, frozen=True, kw_only=True):
    customer_id: str
    nickname: str
    level: Level
    level_name: str
    points: int
    points_expiring: PointsExpiring
    annual_spend: Decimal
    level_valid_until: date
    phone: str
    phone_masked: str
    email: str | None
    birthday_month: int
    style_preference: str
    language: str
    default_address: Address
    yunlan_balance: Decimal
    free_pickups_left: int
    free_sf_upgrades_left: int
    avoid_couriers: tuple[str, ...]
    registered_at: datetime
    status: str


class Coupon(Document, frozen=True, kw_only=True):
    coupon_code: str
    customer_id: str
    template: str
    name: str
    type: str
    category_scope: str | None
    threshold: Decimal
    amount: Decimal
    valid_from: datetime
    valid_to: datetime
    status: CouponStatus
    used_order_id: str | None
    issued_at: datetime


class Invoice(Document, frozen=True, kw_only=True):
    invoice_id: str
    order_id: str
    customer_id: str
    type: InvoiceType
    title_type: TitleType
    title: str
    tax_id: str | None
    amount: Decimal
    email: str
    status: Literal["processing", "reviewing", "issued", "reissuing", "red_flushed", "rejected"]
    requested_at: datetime
    issued_at: datetime | None
    invoice_no: str | None
    reissue_count: int = 0
    replaced_by: str | None = None
    note: str | None = None


class Ticket(Document, frozen=True, kw_only=True):
    ticket_id: str
    type: TicketType
    status: Literal["open", "in_progress", "waiting_customer", "resolved", "closed"]
    created_at: datetime
    first_response_by: datetime


class TicketRecord(Document, frozen=True, kw_only=True):
    """A ticket as the shop keeps it: the public part and what the desk needs to work on it."""

    ticket: Ticket
    customer_id: str
    priority: Priority
    summary: str
    description: str = ""
    order_id: str | None = None
    return_id: str | None = None
    tracking_no: str | None = None
    callback_requested: bool = False
    conversation_id: str | None = None


class WarehouseRequest(Document, frozen=True, kw_only=True):
    """A change asked for but not in force: held up by the warehouse's answer or by the customer's payment."""

    order_id: str
    kind: Literal["cancel", "address"]
    requested_at: datetime
    decide_by: datetime | None = None
    pay_by: datetime | None = None
    fee_difference: Decimal | None = None
    address: Address | None = None
