"""Sizes as shops sell them: letters, shoe and waist numbers, heights, cups, lengths."""

import re
from collections.abc import Iterator

from kefu.understanding.numerals import parse_number, plain_value
from kefu.understanding.spans import Span

# 马 is what pinyin input makes of 码.
_CODE = r"(?:码|号|马(?!上))"
_TENS = r"二十[二三四五六七八九]|[三四]十[一二三四五六七八九]?"
_SHOES = r"2[2-9]|3[0-9]|4[0-8]"

# With the accents of other languages: nothing in té lá is a size.
_LATIN_LETTER = "a-z\u00e0-\u024f\u0300-\u036f\u1e00-\u1eff"
_LATIN = re.compile("[smlxeku]")
_ALONE, _ENDED = rf"(?<![0-9'’.{_LATIN_LETTER}])", rf"(?![0-9'{_LATIN_LETTER}])"
_LETTERS = re.compile(
    rf"{_ALONE}(?:size\s?)?(?P<size>x{{0,4}}s|x{{1,4}}l|[2-6]xl|[sml])(?:\s?{_CODE})?{_ENDED}"
    rf"|{_ALONE}(?P<many>[3-6]l)\s?{_CODE}"
)
_CODE_HINT = re.compile("[码马]|欧|eu")
_LATIN_SIZE = re.compile("[0-9][a-g]")
_LENGTH_HINT = re.compile("[x×*乘米寸]")
_NUMBERED = re.compile(
    rf"(?<![0-9a-z.])(?:欧码|欧|eu\s?)?(?P<size>(?:{_SHOES})(?:\.5|-(?:3[0-9]|4[0-8]))?|{_TENS}|"
    rf"1[0-9]0)\s?(?:码半?|马半?(?!上))"
    rf"|(?<![a-z])(?:欧码|eu\s?)(?P<european>(?:{_SHOES})(?:\.5)?)(?![0-9])"
)
# Of bare numbers only those that shoes, waists and children's clothes come in, in a message about sizes.
_BARE = re.compile(
    r"(?<![0-9a-z.:/一二三四五六七八九点-])(?:(?P<shoes>(?:3[3-9]|4[0-6])(?:\.5)?|三十[三四五六七八九]|"
    r"四十[一二三四五六]?)"
    rf"|(?<=[左右这的靴鞋裤条换成标穿选码买拍发要改退订来是])\s?(?P<size>2[6-9]|3[0-2]|{_TENS}|"
    rf"1[0-6][05](?=的|[，。,.!?、]|$|还|换|太|偏)))"
    rf"(?![0-9a-z.:/%×*元块度天个件双条岁斤公多分点号折周年月日楼盒瓶包人次箱袋支罐千万百十床套米厘寸小])"
)
_TALKS_OF_SIZE = re.compile(r"[码鞋靴裤穿脚双童]|尺[寸吗马]|换|合身|拍成|选成|塞|欧码|pair")
_MONEY = re.compile("[付退扣减满价元块花补差省¥]")
_BODY = re.compile(r"(?<![0-9a-z.])(?P<size>1[4-9][05]/(?:[6-9][0-9]|1[0-2][0-9])[a-c])(?![0-9a-z])")
_ENGLISH = re.compile(
    r"(?<![a-z])(?:(?P<size>(?:king|queen|twin|full) size)"
    r"|(?:size|us|uk|eu) ?(?P<number>[0-9]{1,2}(?:\.5)?))(?![0-9a-z%])"
)
_CUP = re.compile(r"(?<![a-z0-9])(?P<size>[6-9][05][a-g])(?:\s?码)?(?![a-z0-9])")
_MEASURED = re.compile(
    r"(?<![0-9.])(?P<size>[0-9]{2,3}\s?[×x*乘]\s?[0-9]{2,3}\s?(?:cm|厘米|公分)?|[12]\.[0-9]\s?米床?|"
    r"一米[二三五八](?=的?床|的)|两米二?(?=的?床)|[0-9]{1,2}(?:\.[0-9])?(?:英寸|寸))(?![a-z0-9])"
)
_WORDS = re.compile(
    r"(?:(?<=size )|(?<=[到成换为要])|(?<= in ))(?P<size>large|medium|small)(?P<number>)(?![a-z])"
)
_NAMED = re.compile(
    r"均码|[小细]码|加[大小]码|[特加]大号|"
    r"(?<=[换买拍])[大小][一两]码"
)
_SPOKEN_LENGTHS = {
    "一米二": "1.2米",
    "一米三": "1.3米",
    "一米五": "1.5米",
    "一米八": "1.8米",
    "两米": "2米",
    "两米二": "2.2米",
}
_SPOKEN_LETTERS = {
    "S": ("艾斯", "爱斯"),
    "M": ("爱姆", "爱木", "艾姆", "艾母"),
    "L": ("爱欧", "艾欧", "爱哦", "艾偶"),
    "XL": ("叉l", "叉爱欧", "x爱欧", "一个叉l", "加大l"),
    "XXL": ("两个叉l", "叉叉l", "双叉l"),
}
_SPOKEN_SIZES = {word: size for size, words in _SPOKEN_LETTERS.items() for word in words}
_SPOKEN_HINT = re.compile("[艾爱叉双加个]")
_SPOKEN = re.compile(rf"({'|'.join(sorted(_SPOKEN_SIZES, key=len, reverse=True))}){_CODE}?")


def find_sizes(text: str, *, numbers: bool) -> Iterator[Span]:
    """The sizes in cleaned text. `numbers` says that there is a number in it at all."""
    if _LATIN.search(text):
        for match in _LETTERS.finditer(text):
            yield Span("size", match.start(), match.end(), (match["size"] or match["many"]).upper())
        for pattern in (_WORDS, _ENGLISH):
            for match in pattern.finditer(text):
                yield Span("size", match.start(), match.end(), match["number"] or match["size"])
    if _SPOKEN_HINT.search(text):
        for match in _SPOKEN.finditer(text):
            yield Span("size", match.start(), match.end(), _SPOKEN_SIZES[match[1]])
    if "码" in text or "号" in text:
        for match in _NAMED.finditer(text):
            yield Span("size", match.start(), match.end(), match[0])
    if numbers:
        yield from _in_numbers(text)


def _in_numbers(text: str) -> Iterator[Span]:
    if _CODE_HINT.search(text):
        for match in _NUMBERED.finditer(text):
            yield Span("size", match.start(), match.end(), _plain(match["size"] or match["european"]))
    if _TALKS_OF_SIZE.search(text):
        for match in _BARE.finditer(text):
            group = "shoes" if match["shoes"] else "size"
            if not _MONEY.search(text, max(0, match.start() - 1), match.start()):
                yield Span("size", match.start(group), match.end(group), _plain(match[group]))
    if _LATIN_SIZE.search(text):
        for pattern in (_BODY, _CUP):
            for match in pattern.finditer(text):
                yield Span("size", match.start(), match.end(), match["size"].upper())
    if _LENGTH_HINT.search(text):
        for match in _MEASURED.finditer(text):
            value = _SPOKEN_LENGTHS.get(match["size"], re.sub(r"\s", "", match["size"]))
            yield Span("size", match.start("size"), match.end("size"), re.sub("[x*乘]", "×", value))


def _plain(text: str) -> str:
    number = parse_number(text)
    return text if number is None else str(plain_value(number))
