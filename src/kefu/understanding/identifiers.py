"""The shop's own numbers: orders, parcels, articles, coupons, and the tax numbers of companies."""

import re
from collections.abc import Iterator

from stdnum.cn import uscc

from kefu.understanding.numerals import digits_of
from kefu.understanding.spans import Span

_GAP = r"[\s\-_]{0,2}"
_SPOKEN = "零〇幺一二三四五六七八九两"
# The letters that are taken for 0 and 1 when a number is copied by eye.
_TYPED = "0-9oil"
_LETTERS_FOR_DIGITS = str.maketrans("oil", "011")


def _number(least: int, most: int | None = None) -> str:
    """A pattern for so many digits, typed or read out, with a gap or none between two."""
    more = f"{{{least - 1},{(most or least) - 1}}}"
    return rf"(?:[{_TYPED}](?:{_GAP}[{_TYPED}]){more}|[{_SPOKEN}](?:{_GAP}[{_SPOKEN}]){more})"


_ORDER = re.compile(rf"(?<![a-z0-9])y{_GAP}l{_GAP}({_number(14)})(?![0-9])")
_BARE_ORDER = re.compile(
    r"(?<![a-z0-9])(20[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[\s-]?[0-9]{6})(?![0-9a-z])"
)
_TAIL_WORDS = (
    r"(?:(?:尾|后|末|最后)面?的?[四五六456几](?:位|个数字?|码)(?:数字?)?|尾[号数巴]|尾号后[四五六456]位)"
)
_TAIL = re.compile(
    rf"{_TAIL_WORDS}(?:是|为|:|的|叫)?\s?((?:[0-9](?:\s?[0-9]){{3,5}}|[{_SPOKEN}]{{4,6}}))(?!\s?[0-9])"
)
_TAIL_BEFORE = re.compile(
    rf"(?<![0-9a-z.])([0-9]{{4,6}}|[{_SPOKEN}]{{4,6}})"
    r"(?:结尾|这个尾号|的?[那这][一个]?(?:单|笔订单|个订单)|的?订单)"
)
_ORDER_WORD_TAIL = re.compile(
    rf"(?:订单|定单|单号|order)(?:号|编号)?(?:后面)?(?:是|为|:|的)?\s?([0-9]{{6}}|"
    rf"[{_SPOKEN}]{{6}})(?![0-9a-z元块])"
)
_LONE_TAIL = re.compile(rf"(?<![0-9a-z.])([0-9]{{4,6}}|[{_SPOKEN}]{{4,6}})(?![0-9a-z元块])")
# Order numbers count from zero every day, so that a tail with leading zeros is hardly anything else.
_COUNTED_TAIL = re.compile(r"(?<![0-9a-z.])(0[0-9]{5})(?![0-9a-z])")
_OTHER_CODES = re.compile(r"验证码|密码|邮编|取件码|取货码|code")
_OTHER_TAILS = re.compile(
    r"(?:卡|手机|电话|号码|银行|[中建工农招]行|中信|浦发|储蓄|运单|快递)(?:的|号)?(?:那个|是)?$"
)
_OF_A_CARD = re.compile("的?[一-鿿]{0,3}(?:卡|手机|号码)")
_TRACKING = re.compile(
    rf"(?<![a-z0-9])(s{_GAP}f|y{_GAP}t|z{_GAP}t{_GAP}o|j{_GAP}d|s{_GAP}t{_GAP}o|e{_GAP}m{_GAP}s|y{_GAP}d)"
    rf"{_GAP}({_number(10, 13)})(?![0-9])"
)
_SKU = re.compile(rf"(?<![a-z0-9])s{_GAP}k{_GAP}u{_GAP}({_number(5)})(?![0-9])")
_COUPON = re.compile(r"(?<![a-z0-9])y\s?l\s?q[\s-]?([a-z0-9](?:[\s-]?[a-z0-9]){5})(?![a-z0-9])")
_TAX = re.compile(r"(?<![a-z0-9])([0-9a-hj-npqrtuwxy]{18}|[0-9]{15}|[0-9]{20})(?![a-z0-9])")
_TAX_WORDS = re.compile(r"税号|纳税人|识别号|信用代码|tax")
_LIKE_TAX = re.compile(r"9[1-9][0-9]{6}[0-9a-z]{10}")
_ABOUT_INVOICES = re.compile("抬头|发票|开票|公司")
_TAIWAN_TAX = re.compile(r"(?:统编|统一编号)(?:是|为|:)?\s?([0-9]{8})(?![0-9])")
_HINT = re.compile(rf"[0-9]{{4}}|[{_SPOKEN}]{{4}}|[0-9{_SPOKEN}][\s\-_][0-9{_SPOKEN}]|yl|sku")


def find_identifiers(text: str, expects: str | None) -> Iterator[Span]:
    """The shop's numbers in cleaned text. Lone digits are an order's last only where one was asked for."""
    if not _HINT.search(text):
        return
    for match in _ORDER.finditer(text):
        if _mostly_digits(match[1]):
            yield Span("order_id", match.start(), match.end(), f"YL{_digits(match[1])}")
    for match in _BARE_ORDER.finditer(text):
        yield Span("order_id", match.start(), match.end(), f"YL{_digits(match[1])}")
    yield from _tails(text, expects)
    for match in _TRACKING.finditer(text):
        if _mostly_digits(match[2]):
            carrier = re.sub(r"[^a-z]", "", match[1]).upper()
            yield Span("tracking_no", match.start(), match.end(), f"{carrier}{_digits(match[2])}")
    for match in _SKU.finditer(text):
        yield Span("sku", match.start(), match.end(), f"SKU{_digits(match[1])}")
    for match in _COUPON.finditer(text):
        yield Span(
            "coupon_code", match.start(), match.end(), f"YLQ{re.sub('[^a-z0-9]', '', match[1]).upper()}"
        )
    yield from _tax_numbers(text, expects)


def _tails(text: str, expects: str | None) -> Iterator[Span]:
    if _OTHER_CODES.search(text):
        return
    for pattern in (_TAIL, _TAIL_BEFORE, _ORDER_WORD_TAIL, _COUNTED_TAIL):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 8) : match.start()]
            if not (_OTHER_TAILS.search(before) or _OF_A_CARD.match(text, match.end(1))):
                yield Span("order_id", match.start(1), match.end(1), _digits(match[1]))
    if expects == "order_id":
        for match in _LONE_TAIL.finditer(text):
            yield Span("order_id", match.start(1), match.end(1), _digits(match[1]))


def _tax_numbers(text: str, expects: str | None) -> Iterator[Span]:
    for match in _TAX.finditer(text):
        number = match[1].upper()
        said = _TAX_WORDS.search(text) or expects == "tax_id"
        alike = _LIKE_TAX.fullmatch(match[1]) and _ABOUT_INVOICES.search(text)
        if said or alike or uscc.is_valid(number):
            yield Span("tax_id", match.start(), match.end(), number)
    for match in _TAIWAN_TAX.finditer(text):
        yield Span("tax_id", match.start(1), match.end(1), match[1])


def _mostly_digits(text: str) -> bool:
    return sum(letter in "oil" for letter in text) <= len(text) // 3


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", digits_of(text.translate(_LETTERS_FOR_DIGITS)))
