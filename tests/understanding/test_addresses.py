"""Where goods go: addresses and their parts, and names of places that are no address."""

from datetime import datetime

import pytest

from kefu.understanding.address_parts import AddressParts, split_address
from kefu.understanding.entities import EntityExtractor
from kefu.understanding.text import clean


def addresses(extractor: EntityExtractor, now: datetime, message: str) -> list[str]:
    return [e.text for e in extractor.extract(clean(message), now) if e.type == "address"]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("寄到哈尔滨要几天", "哈尔滨"),
        ("新疆和田可以下单吗", "新疆和田"),
        ("改成苏州市姑苏区干将东路333号", "苏州市姑苏区干将东路333号"),
        ("实际要寄到单位长沙市岳麓区麓谷大道627号", "长沙市岳麓区麓谷大道627号"),
        ("收货地址是北京市海淀区中关村南大街甲8号", "北京市海淀区中关村南大街甲8号"),
        ("你们凤凰镇能送吗", "凤凰镇"),
        ("how many days to Xiamen", "Xiamen"),
        ("please ship to 88 Nanjing West Road, Shanghai", "88 Nanjing West Road, Shanghai"),
    ],
)
def test_where_something_is_to_go_is_an_address(
    extractor: EntityExtractor, now: datetime, message: str, text: str
) -> None:
    assert addresses(extractor, now, message) == [text]


@pytest.mark.parametrize(
    "message",
    [
        "包裹停在武汉三天了",
        "上海天气怎么样",
        "这是莆田货吧",
        "快递从南京又拉回西安",
        "四川的茶冒充的",
        "已经开封了",
    ],
)
def test_a_place_that_nothing_goes_to_is_no_address(
    extractor: EntityExtractor, now: datetime, message: str
) -> None:
    assert addresses(extractor, now, message) == []


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        (
            "浙江省杭州市西湖区文三路90号东部软件园3栋",
            AddressParts("浙江省", "杭州市", "西湖区", "文三路90号", "东部软件园3栋"),
        ),
        ("北京市朝阳区望京街10号", AddressParts("北京市", "北京市", "朝阳区", "望京街10号", "")),
        ("湖南省邵阳市隆回县", AddressParts("湖南省", "邵阳市", "隆回县", "", "")),
        (
            "新疆维吾尔自治区伊犁哈萨克自治州新源县",
            AddressParts("新疆维吾尔自治区", "伊犁哈萨克自治州", "新源县", "", ""),
        ),
        ("6号楼1单元302", AddressParts(detail="6号楼1单元302")),
    ],
)
def test_an_address_is_split_into_its_parts(address: str, parts: AddressParts) -> None:
    assert split_address(address) == parts
