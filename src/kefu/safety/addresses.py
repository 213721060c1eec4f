"""Street addresses: a place down to a door. A city alone tells nobody where a customer lives."""

import re
from collections.abc import Iterator

_HAN = "一-鿿"
_NUMBER = r"(?:[0-9]{1,5}|[a-z](?![a-z])|[一二三四五六七八九十百零〇两幺]{1,6})"
_WITHIN = r"(?:号楼|号院|号|號|弄|栋|幢|座|单元|單元|室|层|樓|楼|组|房|户|梯|门|巷|期)"
_UNIT = rf"(?:{_NUMBER}\s?(?:[-－—之]\s?{_NUMBER}\s?)?{_WITHIN})"
_ROOM = r"(?:[0-9]{3,4}(?![0-9元块件个月年])|[零〇一二三四五六七八九幺]{3,4}(?![一-鿿]))"
_STREET = r"(?:路|街|大道|道|巷|胡同|里|村|屯|段|公路|街道|弄)"
_ESTATE = (
    r"(?:小区|花园|公寓|大厦|广场|园|苑|家园|新村|宿舍|府|阁|湾|庄|城|坊|轩|居|邸|院|校区|学校|大学|中心|区)"
)
_TIMES = rf"(?![{_HAN}]{{0,2}}(?:发货|到货|线|前|之前|下单|早上|晚上|上午|下午))"

_ADDRESS = re.compile(
    rf"""
    (?:
      (?P<street>[{_HAN}]{{1,24}}?{_STREET}[东西南北中]?(?:[一二三四五六七八九]段)?)\s?{_UNIT}{_TIMES}
      (?:\s?[{_HAN}a-z]{{0,10}}?\s?{_UNIT}){{0,5}}
    | [{_HAN}]{{1,24}}?{_ESTATE}\s?(?:[一二三四五六七八九东西南北]区)?\s?{_UNIT}(?:\s?{_UNIT}){{1,5}}
    | [{_HAN}]{{2,24}}?(?:省|市|区|县|镇|乡)[{_HAN}]{{0,16}}?{_ESTATE}\s?{_UNIT}
    | {_UNIT}\s?{_UNIT}(?:\s?{_UNIT}){{0,4}}
    | {_UNIT}(?=\s?{_ROOM})
    )
    (?:\s?{_ROOM}室?)?
    """,
    re.VERBOSE,
)
# Words that lead up to an address and are no part of one.
_LEAD = re.compile(
    r"^.*(?:地址|收货地|改[到成为做至]|[写换填变错]成|应该|正确|[寄送发到往在是住去给我把叫帮]|家里|公司|[:：，,。!！?？“”])"
)
_REGION = re.compile(
    rf"^[{_HAN}]{{2,}}?(?:省|自治区|市|区|县|州|旗)(?:[{_HAN}]{{1,6}}?(?:市|区|县|州|旗)){{0,2}}"
)
_HINT = re.compile(r"[号號弄栋幢座室楼樓]|单元|單元")


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Spans of street addresses in folded text."""
    if not _HINT.search(text):
        return
    for match in _ADDRESS.finditer(text):
        lead = _LEAD.match(match[0])
        begin = match.start() + (lead.end() if lead else 0)
        if _says_a_place(text[begin : match.end()]):
            yield begin, match.end()


def mask_address(address: str) -> str:
    """The address down to its district."""
    region = _REGION.match(address)
    return f"{region[0] if region else ''}***"


def _says_a_place(address: str) -> bool:
    return len(address) >= 4 and bool(re.search(r"[0-9一二三四五六七八九十百]", address))
