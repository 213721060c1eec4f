"""How many pieces are meant."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from kefu.understanding.numerals import parse_number, plain_value
from kefu.understanding.spans import Span

_SIGNS = "零一二两三四五六七八九十百千万廿"
# 个 counts anything, the other measure words mostly goods.
_PIECES = "件双条瓶盒箱袋套台支床罐杯桶枚颗根盏顶副卷提包只份把对组本样斤打串管听坛幅粒排筐盆枝扎块张片评"
_MEASURE = rf"(?:[{_PIECES}]|公斤|千克|大包|小包|大盒|小盒|大瓶|小瓶|大箱|大袋|小袋)"
_OBJECT = (
    r"(?:[件双条瓶盒箱袋套台支床罐杯桶枚颗根盏顶副卷提包只份把对组本串管块]|大包|小包|大盒|小盒|大瓶|小瓶)"
)
_COUNT = rf"(?:[0-9]{{1,5}}|[二两三四五六七八九十百千][{_SIGNS}]{{0,8}}|一[百千万][{_SIGNS}]{{0,8}})"
_APART = r"(?<![第a-z0-9.每哪上下某整同几十百千万一二两三四五六七八九头前后那这])"

_SEVERAL = re.compile(
    rf"(?<![第a-z0-9.每哪某同几{_SIGNS}])(?P<number>{_COUNT}|半)(?:多|来)?\s?(?P<measure>{_MEASURE}|个)"
)
_ONE = re.compile(rf"(?<![第每哪某同几不{_SIGNS}])一(?P<measure>{_OBJECT}|个)")
_SOME = re.compile(r"(?<=[买要拍退换订加来定寄发])(?:了|咗)?(?P<number>[俩仨])(?![月人口孩娃闺儿女])")
# What is counted, when it is no goods.
_OTHER_THINGS = re.compile(
    r"多?月|人|客服|小时|钟|多?礼拜|多?星期|问题|电话|快递|地址|字|次|地方|办法|意思|说法|颜色|码|单|"
    r"活人|真人|解释|短信|手机|验证|账号|号|朋友|工作|选|答|方案|年|天|客户|女|姓|忙|角|楼|店|群|时|"
    r"机器人?客服"
    r"|旧|邮箱|链接|班|仓|订单|吧台|异地|包裹|箱子|纸箱|城市|city|度|浏览|积分|名字|数字|头像|记录|评价|"
    r"消息|物流|信息|通知|钱|优惠|券|红包|规则|话|路|心|事|图|照片|视频|身份|理由|网|系统|站|驿站|门|"
    r"小区|村|学校|东西[^,，。]|公众号|平台|软件|app|步骤|流程|选项|按钮|页面|部门|程序|机构|孩子|娃|"
    r"大人|老人|省|县|区|国|等级|级|梯|房|浴|卧|柜|插座|孔|口|角|面|边|头|手|脚|腿|眼|耳朵|手指|鸡|猫|狗|"
    r"寄|发货|到货|送的"
    r"|[0-9]"
)
_NEEDS_GOODS = frozenset("块张片本只把枚样斤个对条提顶串") | {"公斤", "千克"}
"""Measure words that count other things too, and what the customer weighs."""
# What one does with a number of pieces. Of 换一件 and 来一件 the 一 is mostly an article.
_DONE_TO_SOME = re.compile(r"(?:[买拍退加添囤减订]|减到|砍到|砍成|add)(?:了|掉|其中|那|这)?(?:其中)?的?\s?$")
_BOUGHT = re.compile(
    r"(?:[买拍退换欢要加添订定下留整囤带购]|来|add|采购|量大?概?|大概|需要|约|下了|减到|砍到|砍成|降至|从)"
    r"(?:了|我|给|成|到|大概|上|个)?\s?$"
)
_ENGLISH = re.compile(
    r"(?<![a-z0-9.])(?P<number>[0-9]{1,4}|one|two|three|four|five|six|ten)\s?"
    r"(?:pcs|pieces?|items?|bottles?|boxes|box|pairs?|packs?|sets?|bags?|units?|cans?|jars?|cartons?|"
    r"(?<=[a-z])[瓶件盒个双袋包箱套条支罐])(?![a-z])"
)
_ENGLISH_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_REACH = 7
"""Characters between a number and the goods that it counts: 两件米白的小香风外套."""


def find_quantities(text: str, things: Sequence[Span], *, numbers: bool) -> Iterator[Span]:
    """The quantities in cleaned text; `things` are the goods, colours and sizes in it.

    `numbers` says that there is a number in digits or Chinese characters in it at all.
    """
    yield from _in_english(text)
    if not numbers:
        return
    goods = sorted(thing.start for thing in things if thing.type == "product")
    starts = sorted(thing.start for thing in things)
    for match in _SEVERAL.finditer(text):
        value = parse_number(match["number"]) if match["number"] != "半" else None
        if _counts_goods(text, match, starts, goods) and (value is None or 0 < value < 100_000):
            yield Span("quantity", match.start(), match.end(), 0.5 if value is None else plain_value(value))
    for match in _ONE.finditer(text):
        if _one_is_counted(text, match, goods):
            yield Span("quantity", match.start(), match.end(), 1)
    for match in _SOME.finditer(text):
        yield Span("quantity", match.start("number"), match.end(), {"俩": 2, "仨": 3}[match["number"]])


def _in_english(text: str) -> Iterator[Span]:
    for match in _ENGLISH.finditer(text):
        word = match["number"]
        yield Span("quantity", match.start(), match.end(), _ENGLISH_NUMBERS.get(word) or int(word))


def _counts_goods(text: str, match: re.Match[str], things: Sequence[int], goods: Sequence[int]) -> bool:
    if _near(match.end(), things, reach=0):
        return True
    if _OTHER_THINGS.match(text, match.end()):
        return False
    if match["measure"] not in _NEEDS_GOODS and match["number"] != "半":
        return True
    return _near(match.end(), goods) or _bought(text, match.start())


def _one_is_counted(text: str, match: re.Match[str], goods: Sequence[int]) -> bool:
    """One of something is a quantity where goods follow or it is dealt with; otherwise 一 is an article."""
    if _near(match.end(), goods, reach=0):
        return match["measure"] != "个"
    if _OTHER_THINGS.match(text, match.end()):
        return False
    return bool(_DONE_TO_SOME.search(text, max(0, match.start() - 8), match.start()))


def _bought(text: str, start: int) -> bool:
    return bool(_BOUGHT.search(text, max(0, start - 8), start))


def _near(end: int, starts: Sequence[int], reach: int = _REACH) -> bool:
    following = bisect_left(starts, end)
    return following < len(starts) and starts[following] <= end + reach
