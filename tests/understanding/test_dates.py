"""Dates, resolved against the moment of the message: Friday, 20 November 2026."""

from datetime import date, datetime

import pytest

from kefu.understanding import holidays
from kefu.understanding.dates import find_dates
from kefu.understanding.text import clean


def dates(message: str, now: datetime) -> list[tuple[str, str | None]]:
    text = clean(message).text
    return [(text[found.start : found.end], found.value) for found in find_dates(text, now)]


@pytest.mark.parametrize(
    ("message", "text", "value"),
    [
        ("大前天下的单", "大前天", "2026-11-17"),
        ("上上周三买的", "上上周三", "2026-11-04"),
        ("周六能到吗", "周六", "2026-11-21"),
        ("下个礼拜天之前要", "下个礼拜天", "2026-11-29"),
        ("昨晚八点付的款", "昨晚", "2026-11-19"),
        ("11/8拍的", "11/8", "2026-11-08"),
        ("11.8号下单", "11.8号", "2026-11-08"),
        ("8号就说发货", "8号", "2026-11-08"),
        ("30号的单", "30号", "2026-11-30"),
        ("元月三号到货", "元月三号", "2027-01-03"),
        ("轨迹停在11-03", "11-03", "2026-11-03"),
        ("两周后才在家", "两周后", "2026-12-04"),
        ("半年前买的", "半年前", "2026-05-20"),
        ("月底能发吗", "月底", "2026-11-30"),
        ("下个月初要用", "下个月初", "2026-12-01"),
        ("今年年底之前", "年底", "2026-12-31"),
        ("国庆发货吗", "国庆", "2026-10-01"),
        ("去年双十二买的", "去年双十二", "2025-12-12"),
        ("春节前能到吗", "春节", "2027-02-06"),
        ("去年中秋的礼盒", "去年中秋", "2025-10-06"),
        ("黑五有折扣吗", "黑五", "2026-11-27"),
        ("上个月十五号签收", "上个月十五号", "2026-10-15"),
        ("arrives the day after tomorrow?", "the day after tomorrow", "2026-11-22"),
        ("ordered on 3rd of October", "3rd of october", "2026-10-03"),
    ],
)
def test_a_date_is_resolved(now: datetime, message: str, text: str, value: str) -> None:
    assert (text, value) in dates(message, now)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("下周再说", "下周"),
        ("上个月买的", "上个月"),
        ("去年冬天的款", "去年冬天"),
        ("next week is fine", "next week"),
    ],
)
def test_a_time_of_more_than_a_day_has_no_value(now: datetime, message: str, text: str) -> None:
    assert (text, None) in dates(message, now)


@pytest.mark.parametrize(
    "message",
    [
        "等了三天",
        "七天无理由",
        "换长一号的",
        "三号楼",
        "一周三次",
        "提前几天约",
        "版本是2.4",
        "一机一号",
    ],
)
def test_durations_and_numbers_of_other_things_are_no_dates(now: datetime, message: str) -> None:
    assert dates(message, now) == []


def test_a_day_that_does_not_exist_is_no_date(now: datetime) -> None:
    assert ("2月30号", None) not in dates("2月30号", now)
    assert all(value != "2026-02-30" for _, value in dates("2月30号", now))


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("春节", 2026, date(2026, 2, 17)),
        ("除夕", 2026, date(2026, 2, 16)),
        ("中秋节", 2027, date(2027, 9, 15)),
        ("母亲节", 2026, date(2026, 5, 10)),
        ("感恩节", 2026, date(2026, 11, 26)),
    ],
)
def test_a_festival_is_on_its_day(name: str, year: int, day: date) -> None:
    assert holidays.day_of(name, year) == day


def test_a_festival_beyond_the_known_calendar_is_on_no_day() -> None:
    assert holidays.day_of("春节", 2199) is None


def test_every_named_day_has_a_day() -> None:
    assert [name for name in holidays.NAMES if holidays.day_of(name, 2026) is None] == []
