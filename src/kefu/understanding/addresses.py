"""Where goods are to go: street addresses down to the door, and places that a delivery is asked for."""

import re
from collections.abc import Iterator

from kefu.understanding.lexicon import Gazetteer, Lexicon
from kefu.understanding.spans import Span
from kefu.understanding.syllables import romanised

_HAN = "一-鿿"
# Particles and verbs that no name of a district holds.
_NAMED = rf"(?![的了吗呢吧啊就在或和到边送发能不可以是我你要有没寄去这那请帮给包邮农])[{_HAN}]"
_NUMBER = r"[0-9a-z一二三四五六七八九十百零〇两幺]{1,6}"
_REGION = re.compile(
    rf"(?:{_NAMED}){{2,3}}?(?:省|自治区)|(?:{_NAMED}){{1,7}}?(?:自治州|地区|盟|市)"
    rf"|(?:{_NAMED}){{1,6}}?(?:自治县|自治旗|新区|开发区|高新区|区|县|旗)"
    rf"|(?:{_NAMED}){{1,4}}?(?:街道办?|镇|乡|苏木|村(?!路)|屯|社区)"
)
_STREET = re.compile(
    rf"(?:{_NAMED}){{1,10}}?(?:路|街|大道|大街|巷|胡同|公路)[东西南北中]?(?:[一二三四五六七八九]段)?"
    rf"(?:\s?[甲乙丙丁]?{_NUMBER}\s?(?:号院?|弄)(?!楼))?"
)
_ESTATE = re.compile(
    rf"(?:{_NAMED}|[a-z0-9]){{1,12}}?(?:小区|花园|公寓|大厦|广场|家园|新村|宿舍|大学|学院|校区|学部|中心|"
    rf"园区|产业园|科技园|[园苑城府湾庭轩居邸])"
    rf"(?:[{_HAN}]{{1,4}}(?:校区|学部|学院))?(?:[一二三四五六七八九东西南北]区)?"
)
_UNIT = re.compile(rf"\s?{_NUMBER}\s?(?:[-—之]\s?{_NUMBER}\s?)?(?:号楼|栋|幢|座|单元|室|层|楼|号|户|门)")
_ROOM = re.compile(r"\s?[0-9]{3,4}室?(?![0-9元块件个年月])")
_DOWN_TO_DISTRICT = re.compile("[区县镇乡村路街巷号弄栋楼室苑园]|大学|学院|[一-鿿]市")
_COUNTY = re.compile(
    rf"(?:^|[^{_HAN}]|(?<=[到往寄送发在是们有认]))(?P<county>(?!整|全|隔壁|同一个|一个|哪个|小|边境|几|"
    rf"各|每)(?:{_NAMED}){{1,3}}(?:县|镇|乡|州))"
    rf"(?=$|[^{_HAN}]|[能送发的那吗可]|究竟|在不在)"
)
_COUNTY_HINT = re.compile("[县镇乡州]")
_STREET_HINT = re.compile("road|street|avenue|lane|boulevard| rd| st| ave")
_ENGLISH_STREET = re.compile(
    r"(?<![a-z0-9])[0-9]{1,5} (?:[a-z]+ ){1,4}(?:road|street|avenue|lane|boulevard|rd|st|"
    r"ave)(?![a-z])(?:, ?[a-z]+)?"
)

_DELIVERED_TO = re.compile(
    r"(?:寄|送|发|配送|运|邮|投递|直邮|宅配)(?:货|件|快递|过)?(?:到|往|去|至|达|给|拢|咗去|"
    r"回)?(?:我们|咱们?|俺们?|我|的|离岛|那个|:| ){0,2}$"
)
_SOMEWHERE = re.compile(
    r"(?:在|喺|佇|勒|住|到|去|往|至|拢|是|填|达|抵达)(?:我们|咱们?|俺们?|我|的|离岛|那个|:| ){0,2}$"
)
# Where a parcel is on its way is no address.
_UNDER_WAY = re.compile(
    r"走错|迷路|物流(?:显示|信息)?|轨迹|停[到在留]|卡[在咗]|滞留|中转|分拨|转运|趴窝|躺平|"
    r"它[^,，。]{0,6}(?:在|跑|去|到)|越走|又回|拉回|绕|倒着走|快递(?:开始|到|在)|包裹(?:在|一直|到)|线路|"
    r"路线|海口转"
)
_ABOUT_DELIVERY = re.compile(
    r"寄|送|配送|发货|发不|发[到往吗]|邮费|运费|邮资|油费|包邮|直邮|偏远|超区|下单|收件|收货|能到|到得|"
    r"几天|多久|多少天|工作天|安装|上门"
)
_SERVED = re.compile(
    r"(?:那边|这边|这里|地区|本地|乡下|农村|山区|岛上?|边境|偏远|小县城|的话|有[冇没])?[^,，。?!]{0,3}?"
    r"(?:能不能|能|可以|可唔可以|可否|发不|发吗|发货|寄吗|寄不|送[不吗得货到]|收不收|包邮|配送|直邮|下单|"
    r"几天|多久|需要加|就要多|多付|又不是|加收|加运费|运费|邮费|有货|算偏远|属于|收得到|到[吗么不得])"
)
_SHOPS = re.compile(r"门店|实体店|店面|线下|铺头|体验店|专柜|你们公司|总部")
_ENGLISH_DELIVERY = re.compile(
    r"ship|deliver|send|courier|postage|live in|address|shop|store|pick ?-?up|assembl|install|moved|"
    r"order|region|dorm|how many days|how long|arrive|寄|送|发|drop off|available|possible"
)
_UNSURE_NAMES = frozenset({"来宾", "开封", "长治", "大同", "安康", "和田", "铜仁", "宜春", "海外"})
"""Names that are words as well."""


class Places:
    """Finds addresses that begin with a place of the pack's lexicon, and such places as destinations."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        names = dict(lexicon.pairs()) if lexicon else {}
        for word, key in tuple(names.items()):
            latin = romanised(word.removesuffix("市").removesuffix("省"))
            if latin is not None and len(latin) > 5:
                names.setdefault(latin, key)
        self._names = Gazetteer(names.items())

    def find(self, text: str) -> Iterator[Span]:
        """Addresses in cleaned text; a place alone counts where something is to be delivered to it."""
        places = list(self._names.find(text))
        end = -1
        for index, (start, place_end, name) in enumerate(places):
            if start < end:
                continue
            end = place_end
            for following, further, _ in places[index + 1 :]:
                if following > end:
                    break
                end = further if following == end else end
            end = _rest(text, end)
            if _is_address(text, start, end) or _is_destination(text, start, end):
                yield Span("address", start, end, name if end == place_end else text[start:end])
        if _COUNTY_HINT.search(text) and _ABOUT_DELIVERY.search(text):
            for match in _COUNTY.finditer(text):
                yield Span("address", match.start("county"), match.end("county"), match["county"])
        if _STREET_HINT.search(text):
            for match in _ENGLISH_STREET.finditer(text):
                yield Span("address", match.start(), match.end(), match[0])

    def begins(self, text: str, start: int, end: int) -> int:
        """Where the first place within a span begins; what stands before it only leads up to the address."""
        return next((start + first for first, _, _ in self._names.find(text[start:end])), start)


def _rest(text: str, start: int) -> int:
    """Where the parts end that follow a place: districts, street, house."""
    end = start
    for pattern, most in ((_REGION, 4), (_STREET, 1), (_ESTATE, 1), (_UNIT, 5)):
        for _ in range(most):
            part = pattern.match(text, end)
            if part is None:
                break
            end = part.end()
    room = _ROOM.match(text, end) if end > start else None
    return room.end() if room else end


def _is_address(text: str, start: int, end: int) -> bool:
    """Whether the words go down to a district or beyond."""
    said = text[start:end]
    return len(said) > 4 and bool(_DOWN_TO_DISTRICT.search(said, 2))


def _is_destination(text: str, start: int, end: int) -> bool:
    if text[start].isascii():
        return bool(_ENGLISH_DELIVERY.search(text))
    before = text[max(0, start - 8) : start]
    if _DELIVERED_TO.search(before):
        return True
    if text[start:end] in _UNSURE_NAMES or _UNDER_WAY.search(text):
        return False
    return bool(
        (_SOMEWHERE.search(before) and _ABOUT_DELIVERY.search(text))
        or _SERVED.match(text, end)
        or _SHOPS.search(text)
    )
