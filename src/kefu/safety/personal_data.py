"""Personal data in text: where it stands, and the same text without it.

Recognisers are rules with a checksum wherever the number has one. Numbers of the shop's own kind (orders,
parcels, articles, coupons) are never personal, nor are service hotlines and amounts of money.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric

from kefu.safety.addresses import find_addresses, mask_address
from kefu.safety.folding import Folded, fold

PersonalType = Literal["phone", "email", "id_card", "bank_card", "address", "person", "plate", "wechat", "qq"]


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """`text == message[start:end]`; `value` is its normal form."""

    type: PersonalType
    start: int
    end: int
    text: str
    value: str


_Found = tuple[PersonalType, int, int, str]

_SHOP_NUMBER = re.compile(
    r"(?<![a-z0-9])(?:ylq[a-z0-9]{6}(?![a-z0-9])|(?:yl|sku|sf|yt|zto|jd|sto|ems|yd)[\s-]*[0-9](?:[\s-]?[0-9])*)"
)
_MONEY_OR_MORE = r"(?![0-9])(?!\s?(?:元|块|积分|\.[0-9]))"
_APART = r"(?<![a-z0-9])(?<![0-9][\s.-])(?<!¥)"
_SEPARATOR = r"[\s-]?"

_MOBILE = re.compile(
    rf"{_APART}(?:(?:\+|00)?86{_SEPARATOR})?(1{_SEPARATOR}[3-9](?:{_SEPARATOR}[0-9]){{9}}){_MONEY_OR_MORE}"
)
_TAIWAN_MOBILE = re.compile(
    rf"{_APART}(09[0-9]{{2}}{_SEPARATOR}[0-9]{{3}}{_SEPARATOR}[0-9]{{3}}){_MONEY_OR_MORE}"
)
_LANDLINE = re.compile(
    rf"{_APART}(\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{_SEPARATOR}[2-8][0-9]{{6,7}}){_MONEY_OR_MORE}"
)
_INTERNATIONAL = re.compile(r"(?<![0-9a-z])\+[1-9](?:[\s()-]{0,2}[0-9]){6,14}(?![0-9])")
_EMAIL = re.compile(
    r"(?<![a-z0-9.+_%*-])([a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_+-])?"
    r"@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,24})(?![a-z0-9@-])"
)
_ID_CARD = re.compile(
    rf"{_APART}([1-8][0-9]{{5}}{_SEPARATOR}(?:18|19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    rf"{_SEPARATOR}[0-9]{{3}}[0-9x])(?![0-9a-z])"
)
_BANK_CARD = re.compile(rf"{_APART}([3-69](?:{_SEPARATOR}[0-9]){{14,18}}){_MONEY_OR_MORE}")
_CARD_TAIL = re.compile(
    r"(?:卡(?:号|號)?的?(?:尾号|尾號|末四位|后四位|後四位)(?:是|为|:)?\s?)([0-9]{4})(?![0-9])"
)
_TAIL_OF_CARD = re.compile(r"(?:尾号|尾號)(?:是|为|:)?\s?([0-9]{4})(?![0-9])(?=的?[一-鿿]{0,4}卡)")
_PLATE = re.compile(
    r"(?<![a-z0-9])([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z]"
    r"[\s·.-]?(?=[a-z]{0,5}[0-9])[a-hj-np-z0-9]{4,5}[a-hj-np-z0-9挂学警港澳])(?![a-z0-9])"
)
_WECHAT = re.compile(
    r"(?:微信|威信|薇信|(?<![a-z])(?:wei ?xin|wechat|wx|vx))\s?(?:号码|号|號|id)?\s?(?:是|为|叫|搜|加|:)?\s?"
    r"([a-z][a-z0-9_-]{5,19})(?![a-z0-9_@.-])"
)
_QQ = re.compile(
    r"(?:(?<![a-z])qq|扣扣|企鹅)\s?(?:号码|号|號)?\s?(?:是|为|加|:)?\s?([1-9][0-9]{4,10})(?![0-9@])"
)

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤樊"
    "張劉陳楊黃趙吳孫馬鄭謝許韓鄧馮蕭葉蘇呂盧鐘譚陸賈鄒龍賀顧龔萬錢嚴湯"
)
_NOT_NAMES = (
    r"(?!(?:的|是|了|吗|呢|吧|和|跟|改|换|写|填|电话|地址|名字|名|姓|有|没|不|在|错|也|都|要|能|信息))"
)
_FULL_NAME = rf"(?:(?:欧阳|司马|诸葛|上官|[{_SURNAMES}]){_NOT_NAMES}[一-鿿]{{1,2}}?)"
_NAME_ENDS = (
    r"(?=$|[^一-鿿]|的|收|吧|电话|手机|先生|女士|小姐|地址|是我|签收|代收|代替|本人|了|就|可以|谢谢|不|吗)"
)
_ROLE = "(?:收件人|收货人|收貨人|联系人|聯絡人|签收人|簽收人|收件者|姓名|姓明|名字|真名)"
_BECOMES = (
    "(?:改[成为做]|换[成为做]|換成|写成|[是叫写寫填为:])(?:的?是|我?(?:媽媽|妈妈|爸爸|老婆|老公|同事|朋友))?"
)
_CALLED = re.compile(
    rf"(?:我叫|本人|{_ROLE}|{_ROLE}[^，。,!！?？*]{{0,10}}?{_BECOMES})\s?({_FULL_NAME}){_NAME_ENDS}"
)
_KIN = re.compile(rf"我?(?:同事|老婆|老公|妈妈|媽媽|爸爸|室友)({_FULL_NAME})(?=代|收|签|簽|[，,。])")
_TITLED = re.compile(rf"((?:欧阳|司马|诸葛|上官|[{_SURNAMES}])[一-鿿]{{0,2}}?(?:先生|女士|小姐(?!姐)))")
_SURNAME_ONLY = re.compile(r"(?:欧阳|司马|诸葛|上官|.)(?:先生|女士|小姐)")


def find_personal(text: str) -> tuple[PersonalSpan, ...]:
    """Personal data in `text`, in the order in which it stands, without overlaps."""
    folded = fold(text)
    shop_numbers = [match.span() for match in _SHOP_NUMBER.finditer(folded.text)]
    chosen: list[_Found] = []
    # The longest reading of the same characters is the right one: a bank card may contain a phone number.
    for found in sorted(_candidates(folded.text), key=lambda each: (each[1] - each[2], each[1])):
        taken = (*shop_numbers, *((start, end) for _, start, end, _ in chosen))
        if not any(found[1] < end and start < found[2] for start, end in taken):
            chosen.append(found)
    return tuple(_span(text, folded, found) for found in sorted(chosen, key=lambda each: each[1]))


def mask(text: str) -> str:
    """`text` with its personal data made unreadable, in the customary forms (138****0000).

    Masking what was masked changes nothing, so it may be applied wherever text leaves a place.
    """
    # What stands glued to something personal may be recognised only once that is gone.
    while (masked := _masked_once(text)) != text:
        text = masked
    return masked


def _masked_once(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for span in find_personal(text):
        pieces += (text[end : span.start], _MASKS[span.type](span.value))
        end = span.end
    return "".join((*pieces, text[end:]))


def _span(text: str, folded: Folded, found: _Found) -> PersonalSpan:
    kind, start, end, value = found
    first, last = folded.original_span(start, end)
    return PersonalSpan(kind, first, last, text[first:last], value)


def _candidates(text: str) -> Iterator[_Found]:
    if any(character.isdigit() for character in text):
        yield from _phones(text)
        yield from _cards(text)
        yield from _captured(text, "plate", _PLATE, _compact_upper)
        yield from _captured(text, "qq", _QQ, str)
    if "@" in text:
        yield from _captured(text, "email", _EMAIL, str)
    yield from _captured(text, "wechat", _WECHAT, str)
    for start, end in find_addresses(text):
        yield "address", start, end, text[start:end]
    for pattern in (_CALLED, _KIN, _TITLED):
        yield from _captured(text, "person", pattern, str)


def _phones(text: str) -> Iterator[_Found]:
    for pattern in (_MOBILE, _TAIWAN_MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            yield "phone", match.start(), match.end(1), _digits(match[1])
    if "+" in text:
        for match in _INTERNATIONAL.finditer(text):
            number = _international(match[0])
            if number is not None:
                yield "phone", match.start(), match.end(), number


def _international(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _cards(text: str) -> Iterator[_Found]:
    for match in _ID_CARD.finditer(text):
        number = _compact_upper(match[1])
        if ric.is_valid(number) or "身份" in text[max(0, match.start() - 10) : match.start()]:
            yield "id_card", match.start(1), match.end(1), number
    for match in _BANK_CARD.finditer(text):
        number = _digits(match[1])
        named = "卡" in text[max(0, match.start() - 10) : match.start()]
        # UnionPay numbers begin with 62; one with a slip of the finger is still as good as a card number.
        if named or number.startswith("62") or luhn.is_valid(number):
            yield "bank_card", match.start(1), match.end(1), number
    for pattern in (_CARD_TAIL, _TAIL_OF_CARD):
        yield from _captured(text, "bank_card", pattern, str)


def _captured(
    text: str, kind: PersonalType, pattern: re.Pattern[str], normal: Callable[[str], str]
) -> Iterator[_Found]:
    for match in pattern.finditer(text):
        yield kind, match.start(1), match.end(1), normal(match[1])


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _compact_upper(text: str) -> str:
    return re.sub(r"[\s·.-]", "", text).upper()


def _mask_number(value: str) -> str:
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 10 else f"{value[:2]}****{value[-2:]}"


def _mask_email(value: str) -> str:
    return f"{value[0]}***@{value.partition('@')[2]}"


def _mask_id_card(value: str) -> str:
    return f"{value[0]}{'*' * (len(value) - 2)}{value[-1]}"


def _mask_bank_card(value: str) -> str:
    return value if len(value) <= 4 else f"****{value[-4:]}"


def _mask_person(value: str) -> str:
    return value if _SURNAME_ONLY.fullmatch(value) else value[0] + "*" * (len(value) - 1)


def _mask_plate(value: str) -> str:
    return f"{value[:2]}****{value[-1]}"


def _mask_handle(value: str) -> str:
    return f"{value[0]}****"


_MASKS: Mapping[PersonalType, Callable[[str], str]] = {
    "phone": _mask_number,
    "email": _mask_email,
    "id_card": _mask_id_card,
    "bank_card": _mask_bank_card,
    "address": mask_address,
    "person": _mask_person,
    "plate": _mask_plate,
    "wechat": _mask_handle,
    "qq": _mask_handle,
}
