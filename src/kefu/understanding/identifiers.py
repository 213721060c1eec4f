"""The shop's own numbers: orders, parcels, articles, coupons, and the tax numbers of companies."""

import re
from collections.abc import Iterator

from stdnum.cn import uscc

from kefu.understanding.numerals import digits_of
from kefu.understanding.spans import Span

_D = "[0-9零〇幺一二三四五六七八九两]"
_GAP = r"[\s\-_]{0,2}"
_ORDER = re.compile(rf"(?<![a-z0-9])y{_GAP}l{_GAP}({_D}(?:{_GAP}{_D}){{13}})(?![0-9])")
_BARE_ORDER = re.compile(
    r"(?<![a-z0-9])(20[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[\s-]?[0-9]{6})(?![0-9a-z])"
)
_TAIL_WORDS = r"(?:尾[号数]|末六位|后六位|后面六位|最后六位|后6位|末6位|后面6位|最后6位)"
_TAIL = re.compile(rf"{_TAIL_WORDS}(?:是|为|:|的)?\s?({_D}(?:\s?{_D}){{5}})(?!\s?{_D})")
_TAIL_BEFORE = re.compile(r"(?<![0-9a-z])([0-9]{6})(?:结尾|这个尾号|那单|这单|的?订单)")
_ORDER_WORD_TAIL = re.compile(
    r"(?:订单|单号|order)(?:号|编号)?(?:后面)?(?:是|为|:|的)?\s?([0-9]{6}|[零〇幺一二三四五六七八九两]{6})(?![0-9a-z元块])"
)
_LONE_TAIL = re.compile(r"(?<![0-9a-z.])([0-9]{6}|[零〇幺一二三四五六七八九两]{6})(?![0-9a-z元块])")
# Order numbers count from zero every day, so that a tail with leading zeros is hardly anything else.
_COUNTED_TAIL = re.compile(r"(?<![0-9a-z.])(0[0-9]{5})(?![0-9a-z])")
_OTHER_CODES = re.compile(r"验证码|密码|邮编|取件码|取货码|code")
_TRACKING = re.compile(
    rf"(?<![a-z0-9])(s{_GAP}f|y{_GAP}t|z{_GAP}t{_GAP}o|j{_GAP}d|s{_GAP}t{_GAP}o|e{_GAP}m{_GAP}s|y{_GAP}d)"
    rf"{_GAP}({_D}(?:{_GAP}{_D}){{9,12}})(?![0-9])"
)
_SKU = re.compile(rf"(?<![a-z0-9])s{_GAP}k{_GAP}u{_GAP}({_D}(?:{_GAP}{_D}){{4}})(?![0-9])")
_COUPON = re.compile(r"(?<![a-z0-9])ylq[\s-]?([a-z0-9]{6})(?![a-z0-9])")
_TAX = re.compile(r"(?<![a-z0-9])([0-9a-hj-npqrtuwxy]{18}|[0-9]{15}|[0-9]{20})(?![a-z0-9])")
_TAX_WORDS = re.compile(r"税号|纳税人|识别号|信用代码|tax")


def find_identifiers(text: str, expects: str | None) -> Iterator[Span]:
    """The shop's numbers in cleaned text. Any six lone digits are an order only where one was asked for."""
    for match in _ORDER.finditer(text):
        yield Span("order_id", match.start(), match.end(), f"YL{_digits(match[1])}")
    for match in _BARE_ORDER.finditer(text):
        yield Span("order_id", match.start(), match.end(), f"YL{_digits(match[1])}")
    lone = _LONE_TAIL if expects == "order_id" else _COUNTED_TAIL
    tails = [] if _OTHER_CODES.search(text) else [_TAIL, _TAIL_BEFORE, _ORDER_WORD_TAIL, lone]
    for pattern in tails:
        for match in pattern.finditer(text):
            yield Span("order_id", match.start(1), match.end(1), _digits(match[1]))
    for match in _TRACKING.finditer(text):
        carrier = re.sub(r"[^a-z]", "", match[1]).upper()
        yield Span("tracking_no", match.start(), match.end(), f"{carrier}{_digits(match[2])}")
    for match in _SKU.finditer(text):
        yield Span("sku", match.start(), match.end(), f"SKU{_digits(match[1])}")
    for match in _COUPON.finditer(text):
        yield Span("coupon_code", match.start(), match.end(), f"YLQ{match[1].upper()}")
    for match in _TAX.finditer(text):
        number = match[1].upper()
        if uscc.is_valid(number) or _TAX_WORDS.search(text) or expects == "tax_id":
            yield Span("tax_id", match.start(), match.end(), number)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", digits_of(text))
