"""Names of persons, of those to whom an invoice is made out, and e-mail addresses that were read out."""

from datetime import datetime

import pytest

from kefu.understanding.entities import EntityExtractor
from kefu.understanding.text import clean


def named(extractor: EntityExtractor, now: datetime, message: str, kind: str) -> list[str]:
    return [e.text for e in extractor.extract(clean(message), now) if e.type == kind]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("收件人改成陈国栋", "陈国栋"),
        ("我叫林晓芸,昨天下的单", "林晓芸"),
        ("联系人欧阳明,电话变了", "欧阳明"),
        ("卡片落款写小军", "小军"),
        ("could the recipient be Anna Wu", "Anna Wu"),
    ],
)
def test_a_person_is_found_where_a_name_is_due(
    extractor: EntityExtractor, now: datetime, message: str, name: str
) -> None:
    assert named(extractor, now, message, "person") == [name]


@pytest.mark.parametrize(
    "message", ["收件人能改吗", "名字写错了", "我叫了客服", "联系人不是我", "找谁都没用"]
)
def test_where_no_name_follows_nobody_is_named(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    assert named(extractor, now, message, "person") == []


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("抬头写错了,应该是南昌赣鑫建材有限公司", "南昌赣鑫建材有限公司"),
        ("发票抬头写株洲瑞丰机电", "株洲瑞丰机电"),
        ("公司名叫洛阳中力重工有限公司", "洛阳中力重工有限公司"),
        ("抬头为成都小橘子文创工作室", "成都小橘子文创工作室"),
        ("抬头开个人", "个人"),
        ("抬头想从王磊换成公司", "王磊"),
        ("make it out to Nova Design Studio", "Nova Design Studio"),
    ],
)
def test_the_title_of_an_invoice_is_found(
    extractor: EntityExtractor, now: datetime, message: str, title: str
) -> None:
    assert title in named(extractor, now, message, "invoice_title")


@pytest.mark.parametrize("message", ["抬头改成我们公司的", "你们公司在哪", "抬头写什么"])
def test_a_company_without_a_name_is_no_title(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    assert named(extractor, now, message, "invoice_title") == []


@pytest.mark.parametrize(
    ("message", "value"),
    [("邮箱是幺二三艾特幺二六点康姆", "123@126.com"), ("发到 a b 7 艾特 qq 点 com", "ab7@qq.com")],
)
def test_an_address_that_was_read_out_is_written_down(
    extractor: EntityExtractor, now: datetime, message: str, value: str
) -> None:
    assert ("email", value) in [(e.type, e.value) for e in extractor.extract(clean(message), now)]
