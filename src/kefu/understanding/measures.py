"""Amounts of money, quantities and sizes."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kefu.understanding.numerals import NUMBER, parse_number, plain_value
from kefu.understanding.spans import Span

_YUAN = r"(?:元|块钱?|圆|圓|蚊|rmb|人民币|大洋|cny|yuan|刀|快钱|快(?=[^递点的慢]|$))"
_ROUGHLY = "(?:多|来|几)?"
_AMOUNT = re.compile(
    rf"(?:[¥￥$]|nt\$|rmb)\s?(?P<sign>{NUMBER})"
    rf"|(?<![a-z0-9第])(?P<number>{NUMBER}){_ROUGHLY}\s?{_YUAN}(?P<tail>[0-9零一二三四五六七八九](?![0-9个件]))?(?:毛|角)?钱?"
    rf"|(?<![a-z0-9第])(?P<dimes>[0-9一二三四五六七八九])(?:毛|角)(?:钱)?"
)
_MONEY_WORDS = "满|减|付了|退了?我?|只退了?|花了|值|价格|一共|扣了两?[笔次]?|扣了|赔我?|补我?|差|优惠|便宜了?|降了?|卖|到手|定金|尾款|预算|运费|差价|涨到?|补偿|退款|抵扣?|返"
_AFTER_MONEY_WORD = re.compile(
    rf"(?:{_MONEY_WORDS})(?:是|了|到|成|的|才|只有|要)?(?P<number>(?:[1-9][0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)|[一二两三四五六七八九十百千]{{2,6}})"
    rf"(?![0-9a-z%号天个件双条码次月年岁斤倍.]|公[斤分]|[一-鿿]?[码米]|分钟|小时)"
)
_HALF = {"半": Decimal("0.5")}

_COUNTERS = "件|个|個|双|雙|条|條|瓶|盒|箱|袋|套|台|包|支|床|罐|份|只|隻|对|對|块|张|張|把|杯|桶|枚|粒|顆|颗|根|组|組|样|樣|本|盏|片|提|打|顶|副|辆|卷|床|分(?=[^钟]|$)"
_NOT_COUNTED = r"(?!月|人|客服|小时|钟|礼拜|星期|问题|电话|快递|地址|字|次|地方|办法|意思|说法|人工|颜色|码(?!数)|单|活人|真人|解释|短信|手机|验证|账号|号|朋友|工作|选|答|方案|年|天|客户|女|姓|忙|角|楼|店|群|时|机器)"
_QUANTITY = re.compile(
    rf"(?<![第a-z0-9.每这那哪上下某另整同])(?P<number>[0-9]{{1,4}}|[一二两三四五六七八九十百千半俩仨]{{1,4}})\s?(?:{_COUNTERS}){_NOT_COUNTED}"
)
_ENGLISH_QUANTITY = re.compile(
    r"(?<![a-z0-9])(?P<number>[0-9]{1,4}|one|two|three|four|five|six|ten)\s?(?:pcs|pieces?|items?|bottles?|boxes|box|pairs?|packs?|sets?)(?![a-z])"
)
_ENGLISH_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_SINGLE = {"半", "一"}

_LETTER_SIZE = re.compile(
    r"(?<![a-z0-9])(?:size\s?)?(?P<size>x{0,4}s|x{1,4}l|[2-5]xl|[sml])(?P<mark>\s?(?:码|号|碼|號|马|size))?(?![a-z0-9])"
)
_SHOE_SIZE = re.compile(
    r"(?<![0-9a-z.])(?P<size>(?:2[2-9]|3[0-9]|4[0-8])(?:\.5|-(?:3[0-9]|4[0-8]))?|二十[二-九]|[二三四]十[一二三四五六七八九]?)\s?(?:码|碼|马(?!上))"
)
_BARE_SIZE = re.compile(
    r"(?:换成?|改成?|穿|要|拍的?|买的?|大一号的?|是|给我发|的)\s?(?P<size>3[3-9]|4[0-6])(?![0-9.元块个件天%号度公斤岁]|[a-z])"
)
_BRA_SIZE = re.compile(r"(?<![a-z0-9])(?P<size>[678][05][a-f])(?![a-z0-9])")
_METRES = re.compile(
    r"(?<![0-9.])(?P<size>[0-9]{2,3}\s?[×x*]\s?[0-9]{2,3}\s?(?:cm|厘米)?|[12]\.[0-9]\s?米床?|[0-9]{2,3}\s?cm|[0-9]{1,2}(?:\.[0-9])?\s?英寸|[0-9]{2,4}\s?ml)(?![a-z0-9])"
)
_WORD_SIZE = re.compile(r"[均小中大加][大小]?码|[大小][一1两2]码")
_SPOKEN_SIZES = {
    "爱姆": "M",
    "爱木": "M",
    "艾姆": "M",
    "爱欧": "L",
    "艾欧": "L",
    "爱哦": "L",
    "艾斯": "S",
    "爱斯": "S",
    "叉l": "XL",
    "叉爱欧": "XL",
    "两个叉l": "XXL",
    "叉叉l": "XXL",
}
_SPOKEN_SIZE = re.compile(rf"({'|'.join(sorted(_SPOKEN_SIZES, key=len, reverse=True))})(?:码|号|马)?")


def find_amounts(text: str) -> Iterator[Span]:
    """Money in yuan. A bare number is money only behind a word of paying."""
    for match in _AMOUNT.finditer(text):
        value = _amount(match)
        if value is not None:
            yield Span("amount", match.start(), match.end(), plain_value(value))
    for match in _AFTER_MONEY_WORD.finditer(text):
        value = parse_number(match["number"])
        if value is not None:
            yield Span("amount", match.start("number"), match.end("number"), plain_value(value))


def _amount(match: re.Match[str]) -> Decimal | None:
    if match["dimes"]:
        dimes = parse_number(match["dimes"])
        return None if dimes is None else dimes / 10
    value = parse_number(match["sign"] or match["number"])
    tail = parse_number(match["tail"]) if match["tail"] else None
    if value is None or tail is None:
        return value
    return value + tail / 10


def find_quantities(text: str) -> Iterator[Span]:
    """How many: a number with a counter."""
    for match in _QUANTITY.finditer(text):
        value = _HALF.get(match["number"]) or parse_number(match["number"])
        if value is not None and match["number"] != "半" and 0 < value < 10_000:
            yield Span("quantity", match.start(), match.end(), plain_value(value))
    for match in _ENGLISH_QUANTITY.finditer(text):
        word = match["number"]
        yield Span("quantity", match.start(), match.end(), _ENGLISH_NUMBERS.get(word) or int(word))


def find_sizes(text: str) -> Iterator[Span]:
    """Sizes as the shop sells them: letters, shoe numbers, cup sizes, lengths."""
    for match in _LETTER_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), match["size"].upper())
    for match in _SHOE_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), _shoe_size(match["size"]))
    for pattern in (_BARE_SIZE, _BRA_SIZE, _METRES):
        for match in pattern.finditer(text):
            yield Span("size", match.start("size"), match.end("size"), _compact(match["size"]))
    for match in _SPOKEN_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), _SPOKEN_SIZES[match[1]])
    for match in _WORD_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), match[0])


def _shoe_size(text: str) -> str:
    number = parse_number(text)
    return text if number is None else str(plain_value(number))


def _compact(text: str) -> str:
    plain = re.sub(r"\s", "", text)
    return plain.upper() if re.fullmatch(r"[0-9]{2}[a-f]", plain) else plain
