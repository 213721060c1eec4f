"""Store-wide promotions: what an amount of goods is reduced by (handbook HB-15 and HB-16)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kefu.shop.documents import Product
from kefu.shop.times import BEIJING


@dataclass(frozen=True, slots=True)
class Campaign:
    """Every full 300 yuan of goods are ``off`` cheaper between the two moments."""

    begins: datetime
    ends: datetime
    off: int


_EVERYDAY_STEPS = ((699, 90), (399, 40), (199, 15))
_CAMPAIGN_STEP = 300
_CAMPAIGNS = (
    Campaign(datetime(2026, 10, 31, 20, tzinfo=BEIJING), datetime(2026, 11, 4, tzinfo=BEIJING), 40),
    Campaign(datetime(2026, 11, 10, 20, tzinfo=BEIJING), datetime(2026, 11, 13, tzinfo=BEIJING), 40),
    Campaign(datetime(2026, 11, 13, tzinfo=BEIJING), datetime(2026, 11, 15, tzinfo=BEIJING), 30),
)


def discount(product: Product, amount: Decimal, at: datetime) -> Decimal:
    """Yuan off for ``amount`` yuan of this product alone, as anybody gets it at that moment."""
    if product.sale_zone == "clearance":
        return Decimal(0)
    campaign = next((c for c in _CAMPAIGNS if c.begins <= at < c.ends), None)
    if campaign is not None:
        counts = product.category != "食品"
        return Decimal(amount // _CAMPAIGN_STEP * campaign.off) if counts else Decimal(0)
    return Decimal(next((off for threshold, off in _EVERYDAY_STEPS if amount >= threshold), 0))
