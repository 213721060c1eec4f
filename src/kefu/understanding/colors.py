"""Colours: composed ones like 豆沙红, and plain ones like 蓝的, beside those that a lexicon lists."""

import re
from collections.abc import Iterable, Iterator

from kefu.understanding.spans import Span

_SHADES = (
    "浅|深|淡|暗|亮|墨|荧光|奶油|奶|雾霾|雾|烟灰|烟|雪|米|豆沙|豆|酒|枣|砖|玫瑰|玫|宝石|宝|湖水|湖|海军|"
    "海|橄榄|军|草木|草|薄荷|芥末|鹅|柠檬|橘|杏|焦糖|咖啡|驼|炭|铁|香槟"
    "|象牙|珍珠|樱花|樱桃|裸|肉|蜜桃|桃|番茄|车厘子|枫叶|莫兰迪|克莱因|孔雀|粉|紫|灰|蓝|青|梅子|树莓|"
    "抹茶|牛油果|燕麦|可可|巧克力|栗|姜|南瓜|珊瑚|复古|经典|水洗|哑光|珠光|星空|午夜|深海|太空|深空"
)
_BASES = "[红黄蓝绿白黑灰粉紫棕咖青橙金银褐杏]"
_BASE = re.compile(_BASES)
_COMPOSED = re.compile(
    rf"(?!奶粉|米粉|豆粉|草青|海白|海黑|海金|海银|雪青白|桃金|草白|米黑|米金)(?:(?:{_SHADES}){_BASES}|"
    rf"大红|正红|天蓝|天青|月白|本白)色?(?!花|枣|酒|茶|豆|米|糖|包|字|条纹)"
)
_PLAIN = {
    "红": "红色", "黑": "黑色", "白": "白色", "蓝": "蓝色", "绿": "绿色", "粉": "粉色", "灰": "灰色",
    "紫": "紫色", "黄": "黄色", "棕": "棕色", "橙": "橙色",
}  # fmt: skip
_CHOSEN = re.compile(
    rf"(?<=[要换成选拍订买穿把个件条双款那这支])(?P<color>[{''.join(_PLAIN)}])(?=的(?!多|少|字|圈|勾|按|"
    rf"图|人|灯)|色?布|$|[，,。]|还是)"
)
# Colours of buttons, wrapping and doors are not those of goods.
_ELSEWHERE = re.compile(
    r"(?:的|个)*(?:那个|那扇)?(?:按钮|按键|图标|字|袋子|礼袋|盒子|盒仔|箱子|包装|门|柜|圈|勾|标|问号|"
    r"倒计时|小?虫|缎带|通道|小方块|button|的?[“\"]|光|指示灯|火)|一枚"
)


def find_colors(text: str) -> Iterator[Span]:
    """The colours in cleaned text that follow from how colours are named."""
    if not _BASE.search(text):
        return
    for match in _COMPOSED.finditer(text):
        yield Span("color", match.start(), match.end(), match[0])
    for match in _CHOSEN.finditer(text):
        yield Span("color", match.start(), match.end(), _PLAIN[match["color"]])


def of_goods(text: str, colors: Iterable[Span]) -> Iterator[Span]:
    """Those of the colours that may be the colours of goods."""
    return (color for color in colors if not _ELSEWHERE.match(text, color.end))
