"""In whose name an invoice is made out."""

import re
from collections.abc import Iterator

from kefu.understanding.persons import FULL_NAME
from kefu.understanding.spans import Span

_KINDS = (
    "有限责任公司|股份有限公司|有限公司|集团公司|分公司|公司|集团|事务所|企业社|商行|工作室|合作社|"
    "研究院|研究所|幼儿园|医院|大学|学院|学校|中学|小学|中心|银行|协会|基金会|委员会|机电厂|加工厂|厂|"
    "经营部|门市部|店|贸易行|商贸|贸易|物业|机电|科技|文化|重工|建设|国际|实业|传媒|餐饮|服饰|工程|"
    "咨询|网络|电子|医药|物流|工司|studio"
)
_HINT = re.compile("公司|事务所|企业社|抬头|台头|名称|户名|title|ltd|inc|llc|limited|studio")
_LEGAL = re.compile(
    r"[一-鿿()a-z]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司|事务所|企业社)"
    r"(?:[一-鿿]{2,6}?分公司)?"
    r"|(?<![a-z])[a-z][a-z&. ]{2,40}?(?:ltd|inc|co\.|llc|limited|studio|gmbh)(?![a-z])"
)
_LINKS = "应该|应当|就|要|请|名称|改成|换成|写成|改|换|写|填|开|为|是|叫|用|抬头|[:“]|给|帮我|的"
_TITLED = re.compile(
    rf"(?:抬头|台头|公司名称?|单位名称?|户名|title)(?:{_LINKS}){{0,4}}(?P<name>[一-鿿()a-z]{{2,22}}?(?:{_KINDS}))"
    r"(?![一-鿿]{0,8}?(?:公司|中心|店|工作室|学校|医院))"
)
# What leads up to the name: 抬头应该是…, 从个人换成…
_LEAD = re.compile(
    r"^.*(?:抬头|台头|名称|[写换改开]成|[是为写称开用叫:]|公司名|给我|单位|with |to |is )(?=.{4})"
)
_PERSONAL = re.compile(r"(?:抬头|台头|title)(?:就|还)?(?:写|是|用|开|选|填|为|改成|换成|:| )?(个人)")
_OWN_NAME = re.compile(
    r"(?:抬头|台头)[^,，。]{0,10}?(?:是|写|用|开|填|为|从|由|改成|换成|姓名写|名字写|:)\s?"
    rf"(?P<name>{FULL_NAME})(?=$|[^一-鿿]|的|改|换|就|可以|行)"
)
_OF_THEIRS = (
    "阿拉|俺们?|咱们?|我们?|你们?|贵|本|新|原|旧|老|这个|那个|这家|哪个|什么|以前|现在|之前|别的|换|其他"
)
_NO_NAME = re.compile(
    rf"[从想]|错了|应该|更正|换成|改成|写成|什么|后面|^(?:{_OF_THEIRS})?的?(?:公司|单位|学校|医院|店|中心|厂|集团|大学)$"
)


def find_invoice_titles(text: str) -> Iterator[Span]:
    """Names of companies, and what is said to be the title of an invoice: a company, a person, 个人."""
    if not _HINT.search(text):
        return
    for match in _LEGAL.finditer(text):
        lead = _LEAD.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        if match.end() - start >= 4:
            yield _title(text, start, match.end())
    for match in _TITLED.finditer(text):
        if not _NO_NAME.search(match["name"]):
            yield _title(text, match.start("name"), match.end("name"))
    for match in _OWN_NAME.finditer(text):
        yield _title(text, match.start("name"), match.end("name"))
    for match in _PERSONAL.finditer(text):
        yield _title(text, match.start(1), match.end(1))


def _title(text: str, start: int, end: int) -> Span:
    return Span("invoice_title", start, end, text[start:end])
