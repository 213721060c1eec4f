"""Dates as customers name them, resolved against the moment of the message."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kefu.understanding.numerals import parse_number

_NUMERAL = r"(?:[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """`value` is an ISO date, or None for words that name no single day (前几天)."""

    start: int
    end: int
    value: str | None


_SPOKEN_DAYS: Mapping[int, tuple[str, ...]] = {
    -3: ("大前天",),
    -2: ("前天", "前日", "前晚"),
    -1: ("昨天", "昨日", "昨晚", "昨儿", "昨夜", "寻日", "yesterday", "last night"),
    0: ("今天", "今日", "今晚", "今早", "今儿个", "今儿", "今朝", "今晨", "today", "tonight"),
    1: ("明天", "明日", "明晚", "明早", "明儿", "明朝", "听日", "tomorrow"),
    2: ("后天", "后日", "后儿", "后个"),
    3: ("大后天",),
}
_DAYS = {word: days for days, words in _SPOKEN_DAYS.items() for word in words}
_WEEKDAYS = {day: index for index, day in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_NUMBERED_WEEKDAYS = {str(number): number - 1 for number in range(1, 8)}
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKS = {"上上": -2, "上": -1, "上个": -1, "这": 0, "这个": 0, "本": 0, "": 0, "下": 1, "下个": 1, "下下": 2}
_ENGLISH_WEEKS = {"": 0, "last": -1, "this": 0, "next": 1}
_YEAR = "(?:去年|前年|明年|后年|今年)"
_ONES = "一二三四五六七八九"
_LUNAR = rf"(?:大年|正月|腊月)(?:初[{_ONES}十]|十五|廿[{_ONES}]|二十[{_ONES}]|三十)"
_VAGUE = re.compile(
    "|".join(
        (
            r"前[几两]天|[上下这本]个?月(?!底|初|中|[0-9一二三四五六七八九十])",
            rf"{_YEAR}(?:[0-9]{{1,2}}|[{_ONES}十]{{1,2}})月(?![0-9{_ONES}十])(?:份|底|初)?",
            rf"{_YEAR}(?![0-9{_ONES}十]{{1,2}}月|底|初|圣诞|双|春节|国庆)(?:春天|夏天|秋天|冬天)?",
            rf"(?<![0-9{_ONES}十个几])(?:1[0-2]|[1-9]|十[一二]?|[{_ONES}])月(?:份|底|初|中旬)?(?![0-9{_ONES}十])",
            r"(?:[上这下]个?|上上个?|下下个?)(?:周|星期|礼拜)(?![一二三四五六日天末1-7])",
            r"[0-9]{4}年(?:[0-9]{1,2}月)?(?![0-9])|(?<!今)(?:月底|月初|年底|年初)|周末|weekend|black friday",
            r"(?:农历)?(?:过年|春节|除夕|中秋节?|端午节?|清明节?|元宵节?)",
            r"(?<![a-z])(?:last|this|next) (?:week|month|year|march|may|spring|summer|autumn)(?![a-z])",
            r"(?<![a-z])(?:this (?:morning|afternoon|evening)|end of the (?:month|year))(?![a-z])",
            r"(?<![a-z])(?:new year|mid-autumn|spring festival|national day|labou?r day)(?![a-z])",
            r"(?<=in )20[0-9]{2}(?![0-9])",
            rf"{_LUNAR}|(?<![最当一其])初[一二三四五六七八九十](?=那|之|到|才|发|前|$)",
        )
    )
)

_FULL = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-/.年]([01]?[0-9])[-/.月]([0-3]?[0-9])(?:日|号)?(?![0-9])")
_MONTH_DAY = re.compile(rf"(?<![0-9a-z])({_NUMERAL})月({_NUMERAL})(?:日|号)?(?![0-9个号楼])")
_SLASHED = re.compile(r"(?<![0-9./a-z-])(1[0-2]|0?[1-9])/([0-2]?[0-9]|3[01])(?:日|号)?(?![0-9./])")
_DOTTED = re.compile(
    r"(?<![0-9./a-z-])(1[0-2]|0?[1-9])\.([0-2]?[0-9]|3[01])(?:日|号|(?=下单|买|那天|发货|前|之前|到|签收|付|拍|$|[，,。]))"
)
_DAY = re.compile(rf"(?<![0-9月第a-z大小])({_NUMERAL})号(?![楼线院库码店馆门仓床])(?=$|[^0-9]|那)")
_MONTH_DAY_RELATIVE = re.compile(rf"([上下这本])个?月({_NUMERAL})(?:号|日)")
_RELATIVE = re.compile("|".join(sorted(map(re.escape, _DAYS), key=len, reverse=True)))
_WEEKDAY = re.compile(
    r"(上上|上个|上|这个|这|本|下下|下个|下|)(?:周|星期|礼拜|禮拜)([一二三四五六日天末1-7])(?![0-9]|[年天个件块])"
)
_ENGLISH_WEEKDAY = re.compile(
    rf"(?:(?<![a-z])(last|this|next)\s+)?(?<!black )({'|'.join(_ENGLISH_WEEKDAYS)})(?![a-z])"
)
_AGO = re.compile(
    r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})个?(天|日|周|星期|礼拜|月)(?:以)?(前|后)(?!之|悔|背|[期面])"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_MONTH_NAME = re.compile(
    rf"(?<![a-z0-9])(?:(?P<first>{_MONTH})\.?\s(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
    rf"|(?P<only>[0-3]?[0-9])(?:st|nd|rd|th)?\s(?:of\s)?(?P<last>{_MONTH}))(?:,?\s(?P<year>20[0-9]{{2}}|19[0-9]{{2}}))?(?![0-9a-z])"
)
_ENGLISH_DAY = re.compile(
    r"(?<![a-z0-9])the ([0-3]?[0-9])(?:st|nd|rd|th)(?! (?:time|one|order|day|floor))(?![a-z])"
)
_ENGLISH_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_ENGLISH_AGO = re.compile(
    rf"(?<![a-z0-9])([0-9]{{1,2}}|{'|'.join(_ENGLISH_COUNTS)}) (day|week|month|year)s? ago(?![a-z])"
)
_NAMED_DAYS: Mapping[tuple[int, int], tuple[str, ...]] = {
    (1, 1): ("元旦", "元旦节"),
    (2, 14): ("情人节",),
    (3, 8): ("女神节", "妇女节"),
    (5, 1): ("劳动节",),
    (6, 1): ("儿童节",),
    (6, 18): ("六一八", "618"),
    (10, 1): ("国庆节", "国庆"),
    (11, 11): ("双十一", "双11", "double 11", "double eleven"),
    (12, 12): ("双十二", "双12"),
    (12, 24): ("平安夜",),
    (12, 25): ("圣诞节", "圣诞", "christmas"),
    (12, 31): ("跨年",),
}
_EVENTS = {word: day for day, words in _NAMED_DAYS.items() for word in words}
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
    return _of_this_month(_int(match[1]), today)


def _relative_month_day(match: re.Match[str], today: date) -> date:
    months = {"上": -1, "下": 1}.get(match[1], 0)
    return _shift_months(today.replace(day=1), months).replace(day=_int(match[2]))


def _relative(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_DAYS[match[0]])


def _weekday(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEKS[match[1] or ""], days=(_WEEKDAYS | _NUMBERED_WEEKDAYS)[match[2]])


def _english_weekday(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_ENGLISH_WEEKS[match[1] or ""], days=_ENGLISH_WEEKDAYS.index(match[2]))


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


def _of_this_month(number: int, today: date) -> date:
    """The day of this month, or of the one before when it lies more than two weeks ahead."""
    day = today.replace(day=number)
    return _shift_months(day, -1) if (day - today).days > 14 else day


def _nearest(today: date, month: int, day: int) -> date:
    """The year is left out because it is obvious: the nearest such day."""
    candidates = [date(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min(candidates, key=lambda each: abs((each - today).days))


def _shift_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _month_name(match: re.Match[str], today: date) -> date:
    month = _MONTHS.index((match["first"] or match["last"])[:3]) + 1
    day = int(match["day"] or match["only"])
    year = match["year"]
    return date(int(year), month, day) if year else _nearest(today, month, day)


def _english_day(match: re.Match[str], today: date) -> date:
    return _of_this_month(int(match[1]), today)


def _english_ago(match: re.Match[str], today: date) -> date:
    count = _ENGLISH_COUNTS.get(match[1]) or int(match[1])
    unit = match[2]
    match unit:
        case "day":
            return today - timedelta(days=count)
        case "week":
            return today - timedelta(weeks=count)
        case "month":
            return _shift_months(today, -count)
        case _:
            return _shift_months(today, -12 * count)


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_FULL, _full),
    (_MONTH_DAY, _month_day),
    (_SLASHED, _month_day),
    (_DOTTED, _month_day),
    (_MONTH_DAY_RELATIVE, _relative_month_day),
    (_DAY, _day),
    (_RELATIVE, _relative),
    (_WEEKDAY, _weekday),
    (_ENGLISH_WEEKDAY, _english_weekday),
    (_AGO, _ago),
    (_MONTH_NAME, _month_name),
    (_ENGLISH_DAY, _english_day),
    (_ENGLISH_AGO, _english_ago),
    (_EVENT, _event),
)
