"""Amounts of money, quantities and sizes."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kefu.understanding.numerals import NUMBER, parse_number, plain_value
from kefu.understanding.spans import Span

_CHINESE = "一二两三四五六七八九十百千万廿"
_MORE = "(?:多|来|几|出头)?"

_YUAN = r"(?:元|块钱?|圆|蚊|rmb|人民币|大洋|cny|yuan|r(?![a-z])|快钱|快(?=[^递点的慢]|$))"
_AMOUNT = re.compile(
    rf"(?:[¥￥$]|nt\$)\s?(?P<sign>{NUMBER})"
    rf"|(?<![a-z0-9第几.])(?P<number>{NUMBER}){_MORE}\s?{_YUAN}(?P<tail>[0-9零一二三四五六七八九](?![0-9个件]))?(?:毛|角)?钱?{_MORE}"
    rf"|(?<![a-z0-9第几一])(?P<dimes>[0-9二三四五六七八九])(?:毛|角)(?:钱|(?!$))"
)
# 一块 is mostly "together" or "one piece"; a piece of something is no money either.
_NO_MONEY = re.compile(r"一[块快圆](?!钱)|[两三]块(?=垫|布|板|肉|地|玻璃|屏|膜|表)")
_MONEY_TALK = re.compile(
    r"[付退价块元钱满减券贵扣费折卖补赔花刷差交¥]|便宜|预算|定金|尾款|优惠|发票|收我|合计|金额"
    r"|spen[dt]|total|budget|deposit|paid|pay|price|cost|refund|charge|reach|under|off(?![a-z])|promo"
)
_UNITS = "号天个件双条码次月年岁斤倍张份袋盒瓶包人种台套升支只家毫米厘寸度分点秒时积日周层楼粒片克抽位"
_NOT_AFTER_MONEY = rf"(?![0-9a-z%.℃×*{_UNITS}])(?!公[斤分]|小时)"
_PAID = frozenset("满减付退扣花补价收送差抵贵赔要少")
_LEAST_BARE = 50
"""Smaller bare numbers are sizes, days and pieces far more often than prices."""
_BARE_FIGURES = re.compile(
    rf"(?<![0-9a-z.\-/:第×*号])(?P<number>[1-9][0-9]{{1,4}}(?:\.[0-9]{{1,2}})?|[1-9],[0-9]{{3}}){_NOT_AFTER_MONEY}"
)
_BARE_CHINESE = re.compile(
    rf"(?<![第几一二两三四五六七八九十百千万])(?P<number>[一二两三四五六七八九](?:百|千)[{_CHINESE}零]{{0,8}}|[二三四五六七八九]十[一二三四五六七八九]?|十万){_MORE}"
    rf"(?![{_CHINESE}零]){_NOT_AFTER_MONEY}(?!块[^钱]|[床顶根桶箱罐杯枚颗组样对把卷毛角]|[码])"
)

_COUNTERS = "件|个|双|条|瓶|盒|箱|袋|套|台|包|支|床|罐|份|只|对|把|杯|桶|枚|颗|根|组|本|盏|顶|副|卷|提"
_OBJECTS = "件|双|条|瓶|盒|箱|袋|套|包|支|床|罐|杯|桶|组|把|对"
_NOT_COUNTED = (
    r"(?!多?月|人|客服|小时|钟|多?礼拜|多?星期|问题|电话|快递|地址|字|次|地方|办法|意思|说法|颜色|码|单|活人|真人|解释|短信|手机|验证|账号|号|朋友|工作|选|答|方案|年|天|客户|女|姓|忙|角|楼|店|群|时|机器"
    r"|旧|邮箱|链接|班|仓|订单|吧|异地)"
)
_SEVERAL = re.compile(
    rf"(?<![第a-z0-9.每哪上下某整同几十百])(?P<number>[0-9]{{1,4}}|[二两三四五六七八九十百千][{_CHINESE}零]{{0,8}}|俩)\s?(?:{_COUNTERS}){_NOT_COUNTED}"
)
# One of something is a quantity when it was bought, missing or sent back; otherwise 一 is an article.
_ONE = re.compile(
    rf"(?<=[买拍要退加少差囤收发补再订漏来付其])(?:了|到|中|单了?|发了|寄了|给了|收到)?(?P<all>(?P<number>一)\s?(?:{_COUNTERS})){_NOT_COUNTED}"
    rf"|(?P<object>一(?:{_OBJECTS}))(?=的?(?:退|没|不要|想退|要退|少|缺|坏|碎))"
    rf"|(?<=[退加])(?P<of>一(?:{_OBJECTS}))"
)
_ENGLISH_QUANTITY = re.compile(
    r"(?<![a-z0-9])(?P<number>[0-9]{1,4}|one|two|three|four|five|six|ten)\s?"
    rf"(?:pcs|pieces?|items?|bottles?|boxes|box|pairs?|packs?|sets?|{_COUNTERS})(?![a-z])"
)
_ENGLISH_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}

_LETTER_SIZE = re.compile(
    r"(?<![a-z0-9'’])(?:size\s?)?(?P<size>x{0,4}s|x{1,4}l|[2-5]xl|[3-5]l|[sml])(?:\s?(?:码|号|马(?!上)))?(?![a-z0-9'])"
)
_SHOE_SIZE = re.compile(
    r"(?<![0-9a-z.])(?:欧码|eu)?(?P<size>(?:2[2-9]|3[0-9]|4[0-8])(?:\.5|-(?:3[0-9]|4[0-8]))?"
    r"|二十[二三四五六七八九]|[三四]十[一二三四五六七八九]?)\s?(?:码|马(?!上))"
)
_BARE_SIZE = re.compile(
    r"(?<=[左右这的靴鞋裤条换成标穿码买拍发要改])\s?(?P<size>2[6-9]|3[0-9]|4[0-6]|二十[六七八九]|[三四]十[一二三四五六七八九]?)"
    r"(?=的|吧|$|[，。,.!?右]|换|都|塞|发|合)"
)
_ENGLISH_SIZE = re.compile(
    r"(?<![a-z])(?P<size>(?:king|queen|twin) size|size\s?(?P<number>[0-9]{1,2}(?:\.5)?))(?![0-9a-z])"
)
_BRA_SIZE = re.compile(r"(?<![a-z0-9])(?P<size>[678][05][a-f])(?![a-z0-9])")
_MEASURED = re.compile(
    r"(?<![0-9.])(?P<size>[0-9]{2,3}\s?[×x*]\s?[0-9]{2,3}\s?(?:cm|厘米)?|[12]\.[0-9]\s?米床?)(?![a-z0-9])"
)
_WORD_SIZE = re.compile(r"均码|[小细]码|加大码?|[大小][一两]码")
_SPOKEN_LETTERS = {
    "S": ("艾斯", "爱斯"),
    "M": ("爱姆", "爱木", "艾姆"),
    "L": ("爱欧", "艾欧", "爱哦"),
    "XL": ("叉l", "叉爱欧"),
    "XXL": ("两个叉l", "叉叉l"),
}
_SPOKEN_SIZES = {word: size for size, words in _SPOKEN_LETTERS.items() for word in words}
_SPOKEN_SIZE = re.compile(rf"({'|'.join(sorted(_SPOKEN_SIZES, key=len, reverse=True))})(?:码|号|马)?")


def find_amounts(text: str) -> Iterator[Span]:
    """Money in yuan. A bare number is money only in a message that talks of paying."""
    for match in _AMOUNT.finditer(text):
        value = _amount(match)
        if value is not None and not _NO_MONEY.match(text, match.start()):
            yield Span("amount", match.start(), match.end(), plain_value(value))
    if not _MONEY_TALK.search(text):
        return
    for pattern in (_BARE_FIGURES, _BARE_CHINESE):
        for match in pattern.finditer(text):
            value = parse_number(match["number"])
            least = 10 if text[match.start() - 1 : match.start()] in _PAID else _LEAST_BARE
            if value is not None and value >= least:
                yield Span("amount", match.start(), match.end(), plain_value(value))


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
    for match in _SEVERAL.finditer(text):
        value = parse_number(match["number"])
        if value is not None and 0 < value < 10_000:
            yield Span("quantity", match.start(), match.end(), plain_value(value))
    for match in _ONE.finditer(text):
        group = next(name for name in ("all", "object", "of") if match[name])
        yield Span("quantity", match.start(group), match.end(group), 1)
    for match in _ENGLISH_QUANTITY.finditer(text):
        word = match["number"]
        yield Span("quantity", match.start(), match.end(), _ENGLISH_NUMBERS.get(word) or int(word))


def find_sizes(text: str) -> Iterator[Span]:
    """Sizes as the shop sells them: letters, shoe numbers, cup sizes, lengths."""
    for match in _LETTER_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), match["size"].upper())
    for pattern in (_SHOE_SIZE, _BARE_SIZE):
        for match in pattern.finditer(text):
            start = match.start("size")
            end = match.end() if pattern is _SHOE_SIZE else match.end("size")
            yield Span("size", start, end, _numbered_size(match["size"]))
    for match in _ENGLISH_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), match["number"] or match["size"])
    for match in _BRA_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), match["size"].upper())
    for match in _MEASURED.finditer(text):
        yield Span("size", match.start("size"), match.end("size"), re.sub(r"\s", "", match["size"]))
    for match in _SPOKEN_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), _SPOKEN_SIZES[match[1]])
    for match in _WORD_SIZE.finditer(text):
        yield Span("size", match.start(), match.end(), match[0])


def _numbered_size(text: str) -> str:
    number = parse_number(text)
    return text if number is None else str(plain_value(number))
