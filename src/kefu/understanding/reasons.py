"""Why a customer sends something back or complains about it."""

import re
from collections.abc import Iterator

from kefu.understanding.described import Phrases, phrases_of
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.spans import Span, standing

# What is denied, asked, feared or imagined has not happened.
_UNREAL_BEFORE = re.compile(
    r"(?:不会|会不会|会|没有?|没怎么|不是|并不|并没有?|不算|不|别|勿|防止?|避免|担心|怕|就怕|万一|容易|"
    r"如果|要是|假如|假设|是否|有没有|有无|保证|绝对不|从不|从来没|倘若|需不|或者|是不是会|if|won't|not|"
    r"don't)"
    r"(?:再|太|很|出现|有|发生|被|给|怎么|那么|洗|穿|用|轻易)?$"
)
_ASKED_AFTER = re.compile(
    r"(?:吗|嘛|么|不(?=$|[,，?。啊呀])|没有?(?=$|[,，?])|还是|的话|怎么算|算谁|谁负责|赔不赔|保不保|包不包)"
)
_OTHER_MATTERS = re.compile(
    r"券|积分|发票|抬头|税号|密码|验证码|登[录陆]|账号|账户|注册|会员|链接|短信|弹窗|评价|号码|姓名|名字|"
    r"公司名|实名|认证|系统|页面|网页|按钮|付款|支付|退款|退宽|金额|银行|余额|请求|小程序|app|有效期|"
    r"活动|定金|尾款|工单|人工|客服(?!发)|tax|invoice|code|link|login|password"
)
_LOOK_BACK = 9
"""Characters before a phrase in which its subject is sought."""
_BREAK = re.compile(r"[,，。!?;、\n]")


class Reasons:
    """Finds the reasons of a pack's lexicon in cleaned text."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        self._phrases = Phrases(phrases_of(lexicon))

    def find(self, text: str) -> Iterator[Span]:
        """Reasons as the customer's own complaint, not those that are only asked about or ruled out."""
        found = [Span("reason", start, end, value) for start, end, value in self._phrases.find(text)]
        # Of 摔碎了 and 碎了 only the longer one shows whether 万一 stands before it.
        for span in standing(found) if len(found) > 1 else found:
            before = text[max(0, span.start - _LOOK_BACK) : span.start]
            unreal = _UNREAL_BEFORE.search(before) or _ASKED_AFTER.match(text, span.end)
            if not (unreal or _of_something_else(before)):
                yield span


def _of_something_else(before: str) -> bool:
    clause = _BREAK.split(before)[-1]
    return bool(_OTHER_MATTERS.search(clause))
