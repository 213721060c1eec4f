"""Dates as customers name them, resolved against the moment of the message."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kefu.understanding import holidays
from kefu.understanding.english_dates import find_english_days
from kefu.understanding.months import nearest, of_this_month, shift_months
from kefu.understanding.numerals import parse_number

_ONES = "一二三四五六七八九"
_NUMERAL = rf"(?:[0-9]{{1,2}}|[{_ONES}十廿]{{1,3}})"
_HINT = re.compile(
    r"[天日月年周晡晚早朝晨夜号底初末节旦庆圣元秋午清冬重双夕黑昨今明后前/-]|礼拜|星期|618|六一八|"
    r"[0-9]\.[0-9]|[a-z]{3}"
)
_NUMBERED = re.compile(rf"[0-9{_ONES}十廿半两元]\s?[月号日/.年个天周星礼-]")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """`value` is an ISO date, or None for words that name no single day (前几天, 下周)."""

    start: int
    end: int
    value: str | None


_SPOKEN_DAYS: Mapping[int, tuple[str, ...]] = {
    -3: ("大前天",),
    -2: ("前天", "前日", "前晚"),
    -1: ("昨天", "昨日", "昨晚", "昨儿个", "昨儿", "昨夜", "昨早", "昨个", "寻日"),
    0: ("今天", "今日", "今晚", "今早", "今儿个", "今儿", "今个", "今朝", "今晨", "今晡日"),
    1: ("明天", "明日", "明晚", "明早", "明儿个", "明儿", "明朝", "听日"),
    2: ("后天", "后日", "后儿", "后个"),
    3: ("大后天",),
}
_DAYS = {word: days for days, words in _SPOKEN_DAYS.items() for word in words}
_RELATIVE = re.compile("|".join(sorted(_DAYS, key=len, reverse=True)))

_WEEKDAYS = {day: index for index, day in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_NUMBERED_WEEKDAYS = {str(number): number - 1 for number in range(1, 8)}
_WEEKS = {"上上": -2, "上": -1, "上个": -1, "这": 0, "这个": 0, "本": 0, "": 0, "下": 1, "下个": 1, "下下": 2}
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天末1-7])(?![0-9]|[年天个件块次])")
_WHICH_WEEK = re.compile("(?<!一)(?:上上|下下|上个|下个|这个|[上下这本])$")
_COUNTED_WEEK = re.compile("[一两几每0-9]$")

_FULL = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-/.年]([01]?[0-9])[-/.月]([0-3]?[0-9])(?:日|号)?(?![0-9])")
_MONTH_DAY = re.compile(rf"(?<![0-9a-z])({_NUMERAL}|元)月({_NUMERAL})(?:日|号)?(?![0-9个号楼])")
_SLASHED = re.compile(r"(?<![0-9./a-z-])(1[0-2]|0?[1-9])/([0-2]?[0-9]|3[01])(?:日|号)?(?![0-9./])")
_DASHED = re.compile(r"(?<![0-9a-z-])(0[1-9]|1[0-2])-([0-2][0-9]|3[01])(?![0-9-])")
_DOTTED = re.compile(
    r"(?<![0-9./a-z-])(1[0-2]|0?[1-9])\.([0-2]?[0-9]|3[01])"
    r"(?:日|号|(?=起|下单|买|那天|发货|前|之前|到|签收|付|拍)|(?<=[0-9.]{4})(?=$|[，,。]))"
)
_DAY = re.compile(
    rf"(?<![0-9月第a-z大小长短那这卖转几机.-])({_NUMERAL})(?:号|(?<=[0-9])日)"
    r"(?![楼线院库码店馆门仓床公机柜桌房])"
)
_DAY_OF_RELATIVE_MONTH = re.compile(rf"([上下这本])个?月({_NUMERAL})(?:号|日)")
_AGO = re.compile(
    rf"(?<!前)([0-9]{{1,3}}|[{_ONES}两十]{{1,3}}|半)个?(天|日|周|星期|礼拜|月|年)以?(前|后)"
    r"(?!之|悔|背|[期面])"
)

_EVENT = re.compile("|".join(sorted(map(re.escape, holidays.NAMES), key=len, reverse=True)))
_WHICH_YEAR = re.compile("(?:今年|去年|前年|明年)$")
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "": 0}

_EDGES = {"初": 1, "中旬": 15, "底": 31}
_EDGE_OF_MONTH = re.compile(
    rf"(?P<which>[上下这本]个?)?(?P<month>(?<![0-9{_ONES}十个几])(?:1[0-2]|[1-9]|十[一二]?|"
    rf"[{_ONES}]))?月(?P<edge>底|初|中旬)"
)
_EDGE_OF_YEAR = re.compile("(?P<year>去|今|明)?年(?P<edge>底|初)")

_VAGUE = re.compile("[月年周初]|前[几两]天|礼拜|星期|假日|腊八")
_NO_SINGLE_DAY = re.compile(
    r"(?<!提)前[几两]天|[上下这本]个?月(?!底|初|中|[0-9一二三四五六七八九十])"
    rf"|[去前明后今]年(?:(?:[0-9]{{1,2}}|[{_ONES}十]{{1,2}})月(?![0-9{_ONES}十底初中])份?|[春夏秋冬]天)?"
    rf"|(?<![0-9{_ONES}十个几])(?:1[0-2]|[1-9]|十[一二]?|[{_ONES}]|元|腊|正)月份?(?![0-9{_ONES}十底初中])"
    r"|(?:(?<!一)[上这下]个?|上上个?|下下个?)(?:周|星期|礼拜)(?!末|[一二三四五六日天末1-7])"
    r"|[0-9]{4}年(?:[0-9]{1,2}月)?(?![0-9])|[零一二〇三四五六七八九]{4}年"
    r"|(?<![上下这一每])周末|过年|周年庆|年货节|假日|腊八"
    rf"|(?:大年|正月|腊月)(?:初[{_ONES}十]|十五|廿[{_ONES}]|二十[{_ONES}]|三十)"
    r"|(?<![最当一其])初[一二三四五六七八九十](?=那|之|到|才|发|前|以|了|[,，?。]|$)"
)

_Reader = Callable[[re.Match[str], date], date | None]


def find_dates(text: str, now: datetime) -> Iterator[FoundDate]:
    """Every date in cleaned text; several readings of the same characters may overlap."""
    if not _HINT.search(text):
        return
    today = now.date()
    for sign, pattern, read in (*_READERS, *_NUMERIC_READERS) if _NUMBERED.search(text) else _READERS:
        if sign in text:
            for match in pattern.finditer(text):
                day = _safely(read, match, today)
                if day is not None:
                    yield FoundDate(match.start(), match.end(), day.isoformat())
    yield from _weekdays(text, today)
    yield from _events(text, today)
    for start, end, day in find_english_days(text, today):
        yield FoundDate(start, end, None if day is None else day.isoformat())
    if _VAGUE.search(text):
        for match in _NO_SINGLE_DAY.finditer(text):
            yield FoundDate(match.start(), match.end(), None)


def _safely(read: _Reader, match: re.Match[str], today: date) -> date | None:
    try:
        return read(match, today)
    except (ValueError, OverflowError):
        return None  # the 31st of February, the year 10000


def _weekdays(text: str, today: date) -> Iterator[FoundDate]:
    monday = today - timedelta(days=today.weekday())
    for match in _WEEKDAY.finditer(text):
        which = _WHICH_WEEK.search(text, max(0, match.start() - 2), match.start())
        start = which.start() if which else match.start()
        if not _COUNTED_WEEK.search(text, max(0, start - 1), start) or which:
            day = (_WEEKDAYS | _NUMBERED_WEEKDAYS)[match[1]]
            found = monday + timedelta(weeks=_WEEKS[which[0] if which else ""], days=day)
            yield FoundDate(start, match.end(), found.isoformat())


def _events(text: str, today: date) -> Iterator[FoundDate]:
    for match in _EVENT.finditer(text):
        if text[match.start() - 1 : match.start()].isdigit() or text[match.end() : match.end() + 1].isdigit():
            continue
        which = _WHICH_YEAR.search(text, max(0, match.start() - 2), match.start())
        start = which.start() if which else match.start()
        day = _event_day(match[0], which[0] if which else None, today)
        yield FoundDate(start, match.end(), None if day is None else day.isoformat())


def _event_day(name: str, which: str | None, today: date) -> date | None:
    if which is not None:
        return holidays.day_of(name, today.year + _YEARS[which])
    days = [day for shift in (-1, 0, 1) if (day := holidays.day_of(name, today.year + shift)) is not None]
    return min(days, key=lambda day: abs((day - today).days), default=None)


def _int(text: str) -> int:
    number = parse_number(text)
    if number is None:
        raise ValueError(text)
    return int(number)


def _full(match: re.Match[str], today: date) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date) -> date:
    return nearest(today, 1 if match[1] == "元" else _int(match[1]), _int(match[2]))


def _day(match: re.Match[str], today: date) -> date:
    return of_this_month(_int(match[1]), today)


def _day_of_relative_month(match: re.Match[str], today: date) -> date:
    months = {"上": -1, "下": 1}.get(match[1], 0)
    return shift_months(today.replace(day=1), months).replace(day=_int(match[2]))


def _relative(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_DAYS[match[0]])


def _ago(match: re.Match[str], today: date) -> date:
    sign = -1 if match[3] == "前" else 1
    if match[1] == "半":
        return _half(match[2], sign, today)
    count = _int(match[1]) * sign
    if match[2] in "月年":
        return shift_months(today, count * (12 if match[2] == "年" else 1))
    return today + timedelta(days=count * (1 if match[2] in "天日" else 7))


def _half(unit: str, sign: int, today: date) -> date:
    if unit == "年":
        return shift_months(today, 6 * sign)
    if unit == "月":
        return today + timedelta(days=15 * sign)
    raise ValueError(unit)


def _edge_of_month(match: re.Match[str], today: date) -> date:
    edge = _EDGES[match["edge"]]
    if match["month"]:
        first = nearest(today, _int(match["month"]), 1)
    else:
        months = {"上": -1, "下": 1}.get((match["which"] or "")[:1], 0)
        first = shift_months(today.replace(day=1), months)
        if not match["which"] and edge == 1 and today.day > 15:
            first = shift_months(first, 1)  # 月初, said towards the end of one, is the next
    last = shift_months(first, 1) - timedelta(days=1)
    return first.replace(day=min(edge, last.day))


def _edge_of_year(match: re.Match[str], today: date) -> date:
    year = today.year + {"去": -1, "明": 1}.get(match["year"] or "", 0)
    if match["edge"] == "底":
        return date(year, 12, 31)
    return date(year, 1, 1) if match["year"] or today.month <= 6 else date(year + 1, 1, 1)


# Each with a sign without which it cannot match.
_READERS: tuple[tuple[str, re.Pattern[str], _Reader], ...] = (
    ("", _RELATIVE, _relative),
    ("月", _EDGE_OF_MONTH, _edge_of_month),
    ("年", _EDGE_OF_YEAR, _edge_of_year),
)
_NUMERIC_READERS: tuple[tuple[str, re.Pattern[str], _Reader], ...] = (
    ("", _FULL, _full),
    ("月", _MONTH_DAY, _month_day),
    ("/", _SLASHED, _month_day),
    ("-", _DASHED, _month_day),
    (".", _DOTTED, _month_day),
    ("月", _DAY_OF_RELATIVE_MONTH, _day_of_relative_month),
    ("号", _DAY, _day),
    ("日", _DAY, _day),
    ("前", _AGO, _ago),
    ("后", _AGO, _ago),
)
