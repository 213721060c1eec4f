"""Personal data is found where it stands, hidden when it leaves, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.safety.personal_data import find_personal, mask


@pytest.mark.parametrize(
    ("message", "kind", "text", "value"),
    [
        ("电话13800138000，帮我改下", "phone", "13800138000", "13800138000"),
        ("打 138-0013-8000 找我", "phone", "138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "phone", "+86 138 0013 8000", "13800138000"),
        ("我手机１３８００１３８０００", "phone", "１３８００１３８０００", "13800138000"),
        ("手机号幺三八零零幺三八零零零", "phone", "幺三八零零幺三八零零零", "13800138000"),
        ("電話0912345678", "phone", "0912345678", "0912345678"),
        ("座机 0571-88886666", "phone", "0571-88886666", "057188886666"),
        ("ring me on +852 9123 4567", "phone", "+852 9123 4567", "+85291234567"),
        ("发到 Zhang.San@QQ.com 吧", "email", "Zhang.San@QQ.com", "zhang.san@qq.com"),
        ("证件11010519491231002x", "id_card", "11010519491231002x", "11010519491231002X"),
        ("身份证号330106199203044321", "id_card", "330106199203044321", "330106199203044321"),
        ("卡号 4311 9500 8821 7643", "bank_card", "4311 9500 8821 7643", "4311950088217643"),
        ("退到4111111111111111", "bank_card", "4111111111111111", "4111111111111111"),
        ("我中信卡尾号3306", "bank_card", "3306", "3306"),
        (
            "改成杭州市滨江区江陵路88号3幢，谢谢",
            "address",
            "杭州市滨江区江陵路88号3幢",
            "杭州市滨江区江陵路88号3幢",
        ),
        ("门牌号漏写了，补上6单元1802", "address", "6单元1802", "6单元1802"),
        ("收件人改成陈国平", "person", "陈国平", "陈国平"),
        ("我叫张伟，之前来过", "person", "张伟", "张伟"),
        ("张女士收", "person", "张女士", "张女士"),
        ("车牌京A12345停楼下", "plate", "京A12345", "京A12345"),
        ("加我微信abc_12345", "wechat", "abc_12345", "abc_12345"),
        ("我的qq号是12345678", "qq", "12345678", "12345678"),
    ],
)
def test_personal_data_is_found_as_it_was_typed_with_its_normal_form(
    message: str, kind: str, text: str, value: str
) -> None:
    found = [(span.type, span.text, span.value) for span in find_personal(message)]

    assert found == [(kind, text, value)]


@pytest.mark.parametrize(
    "message",
    [
        "订单YL20261108000123到哪了",
        "单号 yl 2026 1108 000123",
        "查一下 SF1358820046712",
        "SF13588200467 这个件",
        "热线400-800-1234，或者打95588",
        "一共13800138000元",
        "优惠券YLQ8X2K4M，商品SKU10023",
        "新SKU10023的京东E卡500",
        "我11月8号在路上，12号发货",
        "2026年11月20日09:00",
        "买了3件，付了 199 退 169",
        "客服小姐姐真好",
        "寄到哈尔滨市要几天",
    ],
)
def test_numbers_of_the_shop_are_not_personal(message: str) -> None:
    assert mask(message) == message


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("电话13800138000", "电话138****8000"),
        ("zhang@qq.com", "z***@qq.com"),
        ("证件11010519491231002X", "证件1****************X"),
        ("退到4111111111111111", "退到****1111"),
        ("寄到杭州市滨江区江陵路88号3幢", "寄到杭州市滨江区***"),
        ("收件人改成陈国平", "收件人改成陈**"),
        ("张女士您好", "张女士您好"),
        ("微信abc_12345", "微信a****"),
        ("京A12345", "京A****5"),
        (
            "13800138000和13900139000都行，订单YL20261108000123",
            "138****8000和139****9000都行，订单YL20261108000123",
        ),
    ],
)
def test_masking_keeps_the_customary_part(message: str, masked: str) -> None:
    assert mask(message) == masked


_fragments = st.sampled_from(
    [
        "13800138000",
        "zhang@qq.com",
        "11010519491231002X",
        "4111111111111111",
        "杭州市滨江区江陵路88号3幢2单元",
        "收件人陈国平",
        "微信abc_12345",
        "QQ12345678",
        "京A12345",
        "YL20261108000123",
        "，",
        " ",
        "\u200b",
        "\ud800",
        "🙂",
        "1",
        "号",
    ]
)
_messages = st.lists(st.one_of(_fragments, st.text(max_size=4)), max_size=8).map("".join)


@given(_messages)
def test_spans_point_into_the_message_and_do_not_overlap(message: str) -> None:
    end = 0
    for span in find_personal(message):
        assert end <= span.start < span.end <= len(message)
        assert message[span.start : span.end] == span.text
        end = span.end


@given(_messages)
def test_masking_twice_is_masking_once(message: str) -> None:
    assert mask(mask(message)) == mask(message)
