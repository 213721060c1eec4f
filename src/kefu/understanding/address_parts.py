"""An address by its parts, as operations want them: province, city, district, street, and what remains."""

import re
from dataclasses import dataclass

_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾"
    "|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(
    rf"(?:{_PROVINCES})(?:省|特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区)?|(?:{'|'.join(_MUNICIPALITIES)})市?"
)
_CITY = re.compile(r"[一-鿿]{2,8}?(?:自治州|地区|盟|市)")
_DISTRICT = re.compile(r"[一-鿿]{1,8}?(?:自治县|自治旗|新区|开发区|高新区|区|县|旗|市)")
_NUMBERED = r"(?:[0-9一二三四五六七八九十百零〇甲乙]{1,6}(?:号院?|弄)(?!楼))?"
_STREET = re.compile(
    r"[一-鿿]{1,12}?(?:街道|镇|乡|(?:大道|大街|路|街|巷|胡同|公路)(?:[东西南北中]?[一二三四五六七八九]?段?)?"
    rf"{_NUMBERED})"
)


@dataclass(frozen=True, slots=True)
class AddressParts:
    """Each part as it was said, empty where it was not. `detail` is what follows the street."""

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    detail: str = ""


def split_address(address: str) -> AddressParts:
    """The parts of a Chinese address that begins with its widest; white space and commas are left out.

    A municipality is both province and city: 北京市朝阳区 is in the city 北京市 of the province 北京市.
    """
    rest = re.sub(r"[\s,，、]+", "", address)
    province, rest = _taken(_PROVINCE, rest)
    if province.removesuffix("市") in _MUNICIPALITIES:
        city = province
        rest = rest.removeprefix("市").removeprefix("市辖区")
    else:
        city, rest = _taken(_CITY, rest)
    district, rest = _taken(_DISTRICT, rest)
    street, detail = _taken(_STREET, rest)
    return AddressParts(province, city, district, street, detail)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.match(text)
    return (match[0], text[match.end() :]) if match else ("", text)
