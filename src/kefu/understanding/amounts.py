"""Amounts of money, in yuan."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kefu.understanding.numerals import NUMBER, parse_number, plain_value
from kefu.understanding.spans import Span

_SIGNS = "零一二两三四五六七八九十百千万廿"
_MORE = "(?:多|来|几|出头)?"
# 快 is what pinyin input makes of 块.
_YUAN = r"(?:元|块(?:大洋|钱)?|圆|蚊|rmb|人民币|大洋|cny|yuan|r(?![a-z])|快钱|快(?=[^递点的慢]|$))"
_ROUGHLY = r"(?:几[十百千万]|[一二三四五六七八九]?十几|[十百千]来)"
_TAIL = r"[0-9零一二三四五六七八九](?![0-9十百千块个件瓶份套条双斤盒袋支罐箱]|包(?!邮))"
_NAMED = re.compile(
    rf"(?:[¥￥$]|nt\$|rmb\s|(?<=[：: ])[+-](?=[0-9]+\.[0-9]{{2}}))\s?(?P<sign>{NUMBER})"
    rf"|(?<![a-z0-9第几.])(?:{_ROUGHLY})?(?P<number>{NUMBER}){_MORE}\s?{_YUAN}"
    rf"(?P<tail>{_TAIL})?(?:毛|角)?钱?{_MORE}"
    rf"|(?<![a-z0-9第几一二三四五六七八九十]){_ROUGHLY}{_YUAN}"
    rf"|(?<![a-z0-9第几一])(?P<dimes>[0-9二三四五六七八九])(?:毛|角)(?:钱|(?=[^0-9]))"
)
# 一块 is mostly "together" or "one piece"; a piece of something is no money either.
_NO_MONEY = re.compile(
    r"一[块快圆](?!钱|[零二三四五六七八九毛])|[两三四五六]块(?=垫|布|板|肉|地|玻璃|屏|大屏|膜|表|电池|"
    r"面膜|毛巾|曲奇|饼|砖)|[一二两三四]角(?!钱)"
)
_ONE_YUAN = re.compile("[抵差交赔收补]")

_PLAIN = re.compile(
    r"(?<![0-9a-z.\-/:第×*号~])(?:[1-9][0-9]{1,4}(?:\.[0-9]{1,2})?"
    r"|[1-9],[0-9]{3}|[1-9](?:\.[0-9])?[kw](?![a-z]))"
    rf"|(?<![{_SIGNS}第几])(?:[一二三四五六七八九]?十几|[一二三四五六七八九]{{2}}十"
    rf"|[一二两三四五六七八九]{{1,2}}[百千][{_SIGNS}]{{0,8}}|[二三四五六七八九]十[一二三四五六七八九]?|"
    rf"十[一二三四五六七八九]|十?[一二两三四五六七八九]万[{_SIGNS}]{{0,6}}){_MORE}"
)
"""A number that is money only where the words around it say so."""

_MEASURED = re.compile(
    r"[0-9a-z%.:℃×*~号天个件双条码次月年岁斤倍张份袋盒瓶包人种台套升支只家毫米厘寸度分点时积日周层楼粒片克"
    r"抽位床名股字行关瓦伏遍趟句颗对百千万十亿]"
    r"|公[斤分里]|小时|块[^钱]|星期|礼拜|毛绒|折(?![0-9一二三四五六七八九])|秒(?!付)|开头|电话|热线|大寿|"
    r"[户口期平代届桌寸吋]|粉丝|heads|points|多?(?:个|天|次|人|件|年|号)"
)
_CODES = re.compile(
    r"(?:点|今年|年纪|岁数|code|error|报错|错误|热线|电话|尾号|编号|型号|体重|身高)(?:最近)?(?:在)?[ :]?$"
)
# What is done with money, and what its sums are called.
_STRONG = re.compile(
    r"(?:付|花|退|扣|满|减|检|抵|赔|补|省|便宜|贵|差|价|预算|人均|每人|金|款|费|额|账|卖|刷|凑|超过|不到|"
    r"转|充值?|返|收|掏出?|[两二一]笔|刀到|砍到|显示"
    r"|total|budget|paid|pay|spen[dt]|cost|price|under|over|reach|refund(?:ed)?|charged?|deposit|says|"
    r"came to|basket is|gave me)"
    r"(?:价|款|钱|费|额|到|出|回|了|的|是|我|你|给|够|成|只|才|就|个|那|要|退|扣|减|付|共|计|来|算|过|进|"
    r"在|着|们|of|for|a|about|only|the|:| ){0,3}$"
)
_WEAK = re.compile(
    r"(?:共|计|算|标|送|要|到手|最多|最少|少|多|值|低|高|降|涨|得|才|was|is|at|me|the|only)(?:了|到|的|"
    r"是|我|你|给|够|成|只|才|就|个|那|要|共|计|:| ){0,3}$"
)
_AFTER = re.compile(
    r"的(?:券|东西|单子|商品|货|优惠|那个|那张|那款|定金|尾款|衣|裤|鞋|净|红包|预算|档)"
    r"|以内|以下|以上|左右|左又|上下|封顶|包邮|减|返|抵|定金|尾款|押金|运费|邮费|秒付|能抵|的?优惠|预算"
    r"|[,，]?(?:只|却|就)?退| ?(?:deposit|off|budget|以内)"
)
_MONEY_TALK = re.compile(
    r"[付退价块元钱满减券贵扣费折卖补赔花刷差交账¥]|便宜|预算|定金|尾款|优惠|收我|合计|金额|银行|信用卡"
    r"|spen[dt]|total|budget|deposit|paid|pay|price|cost|refund|charge|reach|promo|came to|basket"
)
_POINTS = re.compile(r"积分|points")
_LEAST = 10
_MOST = 200_000
_PAGE_ERRORS = frozenset({"400", "401", "403", "404", "500", "502", "503", "504"})
_LEAST_UNSAID = 50
"""Smaller numbers that nothing next to them explains are sizes, days and pieces more often than prices."""
_UNSAID_MOST = 10_000
_PLAIN_SUM = 100
"""From here on a strong word next to the number suffices."""


def find_amounts(text: str) -> Iterator[Span]:
    """Money in cleaned text. Words like 几百块, which name no single sum, have no value."""
    for match in _NAMED.finditer(text):
        if _NO_MONEY.match(text, match.start()) and not _ONE_YUAN.search(
            text, max(0, match.start() - 1), match.start()
        ):
            continue
        value = _named_value(match)
        if value != 0:
            yield Span("amount", match.start(), match.end(), None if value is None else plain_value(value))
    yield from _plain_amounts(text)


def _plain_amounts(text: str) -> Iterator[Span]:
    talk: bool | None = None
    for match in _PLAIN.finditer(text):
        before = text[max(0, match.start() - 8) : match.start()]
        if _MEASURED.match(text, match.end()) or _CODES.search(before):
            continue
        value = parse_number(re.sub("[几多来]|出头", "", match[0]))
        if value is None or not _LEAST <= value < _MOST or match[0] in _PAGE_ERRORS:
            continue
        talk = bool(_MONEY_TALK.search(text)) and not _POINTS.search(text) if talk is None else talk
        strong = bool(_STRONG.search(before) or _AFTER.match(text, match.end()))
        if (strong and (talk or value >= _PLAIN_SUM)) or (
            talk and (_LEAST_UNSAID <= value < _UNSAID_MOST or _WEAK.search(before) is not None)
        ):
            yield Span("amount", match.start(), match.end(), plain_value(value))


def _named_value(match: re.Match[str]) -> Decimal | None:
    if match["dimes"]:
        dimes = parse_number(match["dimes"])
        return None if dimes is None else dimes / 10
    number = match["sign"] or match["number"]
    value = parse_number(number) if number else None
    tail = parse_number(match["tail"]) if match["tail"] else None
    return value if value is None or tail is None else value + tail / 10
