"""Names of persons, where the words around them say that one is to come."""

import re
from collections.abc import Iterator

from kefu.understanding.spans import Span
from kefu.understanding.text import Cleaned

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤樊"
    "温康施文牛芦葛章殷倪庞骆翟关鲁焦柳岳梅安齐易乔童耿单尤俞葛欧左季申甘房路翁柯舒游卜凌霍喻谷阮温"
)
_NO_NAME = (
    "(?!的|是|了|吗|呢|吧|和|跟|改|换|写|填|电话|地址|名字|名|姓|有|没|不|在|错|也|都|要|能|信息|个|到|给|上|下"
    "|来|我|你|他|她)"
)
FULL_NAME = rf"(?:(?:欧阳|司马|诸葛|上官|[{_SURNAMES}])(?:{_NO_NAME}[一-鿿]){{1,2}}?)"
"""A pattern for a name: a common surname and one or two characters."""

_ENDS = r"(?=$|[^一-鿿a-z]|的|收|吧|电话|手机|先生|女士|小姐|地址|签收|代收|代替|就|可以|谢谢|不|吗|别的|了)"
_CUE = (
    "收件人|收货人|联系人|签收人|收件者|取件人|寄件人|姓名|真名|名字|实名|机主|户主|署名|落款|称呼"
    "|[我她他]叫|名叫|本名|我是|本人"
)
_LINKS = "应该|应当|就|现在|已经|改|换|写|填|成|为|是|叫|的|我|自己|要|请|帮我|麻烦|名字|姓名|给|从|由"
_LINK = rf"(?:{_LINKS}|[:“ ]){{0,5}}"
_HINT = re.compile(
    rf"{_CUE}|小[{_SURNAMES}]|[姐哥妹弟]|家[父母]|爱人|店长|人叫|经理|阿姨|叔叔|大妈"
    "|recipient|receiver|consignee|name"
)
_CALLED = re.compile(rf"(?:{_CUE}){_LINK}(?P<name>{FULL_NAME}){_ENDS}")
_BECOMES = re.compile(rf"(?:改|换|写|变|填|更正)(?:成|为|作|回真名)(?P<name>{FULL_NAME}){_ENDS}")
_OF_NAMES = re.compile("收件|收货人|联系人|名字|姓名|签收人|真名|consignee")
_SIGNED = re.compile(r"(?:落款|署名)(?:写|是|:)?(?P<name>小[一-鿿])(?=$|[^一-鿿])")
# 小 and one of these is a colleague; 小白, 小方, 小金 are something else.
_COLLEAGUES = (
    "王李张刘陈杨赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯曹彭曾肖董潘袁蔡蒋余杜魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖贾邹程梅"
)
_STAFF = re.compile(
    rf"(?:^|[^一-鿿]|客服|感谢|表扬|谢谢|找|上次|那位|叫|离职的|填的是|箱是|祝)(?:你们的?)?(?P<name>小[{_COLLEAGUES}])"
    r"(?=$|[^一-鿿]|的|老师|姐|哥|处理|服务|帮|真|许|给|走|一步|她|他)"
)
_RELATED = re.compile(
    rf"(?:姐姐|哥哥|妹妹|弟弟|家父|家母|爱人|店长|的人叫)(?P<name>{FULL_NAME})(?=$|[^一-鿿]|那儿|那里|签收|收|专业|的)"
)
_RANKED = re.compile(rf"(?P<name>[{_SURNAMES}](?:经理|阿姨|叔叔|大妈))")
_ENGLISH = re.compile(
    r"(?:[Rr]ecipient|[Rr]eceiver|[Cc]onsignee|[Nn]ame)(?: (?:is|be|to|should be|"
    r"as))*:? (?P<name>[A-Z][a-z]+ [A-Z][a-z]+)(?![a-z])"
    r"|[Mm]y name is (?P<own>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![a-z])"
)


def find_persons(message: Cleaned) -> Iterator[Span]:
    """Names of persons in a message, conservatively: a surname alone makes no name."""
    text = message.text
    if not _HINT.search(text):
        return
    patterns = [_CALLED, _SIGNED, _STAFF, _RELATED, _RANKED]
    if _OF_NAMES.search(text):
        patterns.append(_BECOMES)
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield Span("person", match.start("name"), match.end("name"), match["name"])
    for match in _ENGLISH.finditer(message.typed):
        group = "name" if match["name"] else "own"
        start, end = message.cleaned_span(match.start(group), match.end(group))
        if start < end:
            yield Span("person", start, end, match[group])
