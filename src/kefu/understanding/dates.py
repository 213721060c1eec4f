"""Dates as customers name them, resolved against the moment of the message."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kefu.understanding.numerals import parse_number

_NUMERAL = r"(?:[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
_TIME_OF_DAY = r"(?:早上|上午|中午|下午|晚上|夜里|凌晨)?"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """`value` is an ISO date, or None for words that name no single day (前几天)."""

    start: int
    end: int
    value: str | None


_DAYS: Mapping[str, int] = {
    "大前天": -3, "前天": -2, "前日": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1, "昨夜": -1, "寻日": -1,
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今儿个": 0, "今儿": 0, "今朝": 0, "今晨": 0,
    "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "明儿": 1, "明朝": 1, "听日": 1, "后天": 2, "后日": 2, "后儿": 2, "后个": 2,
    "大后天": 3, "yesterday": -1, "today": 0, "tomorrow": 1,
}  # fmt: skip
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_WEEKDAYS |= {str(n): n - 1 for n in range(1, 8)}
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKS = {"上上": -2, "上": -1, "上个": -1, "这": 0, "这个": 0, "本": 0, "": 0, "下": 1, "下个": 1, "下下": 2}
_WEEKS |= {"last": -1, "this": 0, "next": 1}
_VAGUE = re.compile(
    r"前[几两]天|[上下这本]个?月(?!底|初|中|[0-9一二三四五六七八九十])|[今去明前后]年(?![0-9一二三四五六七八九十]{1,2}月|底|初)"
    r"|(?:[上这下]个?|上上个?|下下个?)(?:周|星期|礼拜)(?![一二三四五六日天末1-7])|月底|月初|年底|年初|周末|weekend|过年|春节|除夕|中秋|端午"
    r"|[0-9]{4}年[0-9]{1,2}月(?![0-9])"
)

_FULL = re.compile(r"(?<![0-9])(20[0-9]{2})[-/.年]([01]?[0-9])[-/.月]([0-3]?[0-9])(?:日|号)?(?![0-9])")
_MONTH_DAY = re.compile(rf"(?<![0-9a-z])({_NUMERAL})月({_NUMERAL})(?:日|号)?(?![0-9个号楼])")
_SLASHED = re.compile(
    r"(?<![0-9./a-z-])(1[0-2]|0?[1-9])[/.]([0-2]?[0-9]|3[01])(?:日|号)?(?![0-9./元块折码寸升斤%vwg米])"
)
_DAY = re.compile(rf"(?<![0-9月第a-z])({_NUMERAL})号(?![楼线院库码店馆门仓床])(?=$|[^0-9]|那)")
_MONTH_DAY_RELATIVE = re.compile(rf"([上下这本])个?月({_NUMERAL})(?:号|日)")
_RELATIVE = re.compile("|".join(sorted(map(re.escape, _DAYS), key=len, reverse=True)))
_WEEKDAY = re.compile(
    r"(上上|上个|上|这个|这|本|下下|下个|下|)(?:周|星期|礼拜|禮拜)([一二三四五六日天末1-7])(?![0-9]|[年天个件块])"
)
_ENGLISH_WEEKDAY = re.compile(rf"(?:\b(last|this|next)\s+)?({'|'.join(_ENGLISH_WEEKDAYS)})(?![a-z])")
_AGO = re.compile(
    r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})个?(天|日|周|星期|礼拜|月)(?:以)?(前|后)(?!就|之)"
)
_EVENTS: Mapping[str, tuple[int, int]] = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "元旦": (1, 1), "圣诞节": (12, 25), "圣诞": (12, 25),
    "平安夜": (12, 24), "国庆节": (10, 1), "国庆": (10, 1), "情人节": (2, 14), "女神节": (3, 8), "妇女节": (3, 8), "劳动节": (5, 1),
    "儿童节": (6, 1), "六一八": (6, 18), "618": (6, 18), "跨年": (12, 31), "christmas": (12, 25),
}  # fmt: skip
_EVENT = re.compile(
    rf"(今年|去年|明年)?({'|'.join(sorted(map(re.escape, _EVENTS), key=len, reverse=True))})(?![0-9])"
)
_YEARS = {"去年": -1, "明年": 1}
_Reader = Callable[[re.Match[str], date], date | None]


def find_dates(text: str, now: datetime) -> Iterator[FoundDate]:
    """Every date in cleaned text; several readings of the same characters may overlap."""
    today = now.date()
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            day = _safely(read, match, today)
            if day is not None:
                yield FoundDate(match.start(), match.end(), day.isoformat())
    for match in _VAGUE.finditer(text):
        yield FoundDate(match.start(), match.end(), None)


def _safely(read: _Reader, match: re.Match[str], today: date) -> date | None:
    try:
        return read(match, today)
    except (ValueError, OverflowError):
        return None  # the 31st of February, the year 10000


def _int(text: str) -> int:
    number = parse_number(text)
    if number is None:
        raise ValueError(text)
    return int(number)


def _full(match: re.Match[str], today: date) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date) -> date:
    return _nearest(today, _int(match[1]), _int(match[2]))


def _day(match: re.Match[str], today: date) -> date:
    """The day of this month, or of the one before when it lies more than two weeks ahead."""
    day = today.replace(day=_int(match[1]))
    return _shift_months(day, -1) if (day - today).days > 14 else day


def _relative_month_day(match: re.Match[str], today: date) -> date:
    months = {"上": -1, "下": 1}.get(match[1], 0)
    return _shift_months(today.replace(day=1), months).replace(day=_int(match[2]))


def _relative(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_DAYS[match[0]])


def _weekday(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEKS[match[1] or ""], days=_WEEKDAYS[match[2]])


def _english_weekday(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEKS[match[1] or ""], days=_ENGLISH_WEEKDAYS.index(match[2]))


def _ago(match: re.Match[str], today: date) -> date:
    count = _int(match[1]) * (-1 if match[3] == "前" else 1)
    if match[2] == "月":
        return _shift_months(today, count)
    return today + timedelta(days=count * (1 if match[2] in "天日" else 7))


def _event(match: re.Match[str], today: date) -> date:
    month, day = _EVENTS[match[2]]
    if match[1]:
        return date(today.year + _YEARS.get(match[1], 0), month, day)
    return _nearest(today, month, day)


def _nearest(today: date, month: int, day: int) -> date:
    """The year is left out because it is obvious: the nearest such day."""
    candidates = [date(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min(candidates, key=lambda each: abs((each - today).days))


def _shift_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_FULL, _full),
    (_MONTH_DAY, _month_day),
    (_SLASHED, _month_day),
    (_MONTH_DAY_RELATIVE, _relative_month_day),
    (_DAY, _day),
    (_RELATIVE, _relative),
    (_WEEKDAY, _weekday),
    (_ENGLISH_WEEKDAY, _english_weekday),
    (_AGO, _ago),
    (_EVENT, _event),
)
