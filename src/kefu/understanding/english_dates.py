"""Dates in English words."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from kefu.understanding.months import nearest, of_this_month, shift_months

_WORD = re.compile("[a-z]{3}")
_DAYS: Mapping[str, int] = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_RELATIVE = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?![a-z])")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKS = {None: 0, "last": -1, "this": 0, "next": 1}
_WEEKDAY = re.compile(
    r"(?:(?<![a-z])(?P<which>last|this|next)\s+)?(?<!black )"
    rf"(?<![a-z])(?P<day>{'|'.join(_WEEKDAYS)})(?![a-z])"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTH = rf"(?:{_FULL_MONTH}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
_MONTH_DAY = re.compile(
    rf"(?<![a-z0-9])(?:(?P<first>{_MONTH})\.?\s(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
    rf"|(?P<only>[0-3]?[0-9])(?:st|nd|rd|th)?\s(?:of\s)?(?P<last>{_MONTH}))(?:,?\s(?P<year>20[0-9]{{2}}|"
    rf"19[0-9]{{2}}))?(?![0-9a-z])"
)
_DAY = re.compile(
    r"(?<![a-z0-9])the (?P<day>[0-3]?[0-9])(?:st|nd|rd|th)(?! (?:time|one|order|day|floor|item))(?![a-z])"
)
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_AGO = re.compile(
    rf"(?<![a-z0-9])(?P<count>[0-9]{{1,2}}|{'|'.join(_COUNTS)}) (?P<unit>day|week|month|year)s? ago(?![a-z])"
)
_NO_SINGLE_DAY = re.compile(
    r"(?<![a-z])(?:last|this|next) (?:week|month|year|march|may|spring|summer|autumn|winter)(?![a-z])"
    r"|(?<![a-z])(?:end of the (?:month|year)|(?:this |next |last )?weekend|new year|national day|"
    r"labou?r day|public holiday|cny)(?![a-z])"
    rf"|(?<=in )20[0-9]{{2}}(?![0-9])|(?:(?<=since )|(?<=in )|(?<=last )|"
    rf"(?<=[成到]))(?:{_FULL_MONTH})(?! [0-9])"
)


def find_english_days(text: str, today: date) -> Iterator[tuple[int, int, date | None]]:
    """Start, end and day of the dates in cleaned text; None for words that name no single day."""
    if not _WORD.search(text):
        return
    for match in _RELATIVE.finditer(text):
        yield *match.span(), today + timedelta(days=_DAYS[match[0]])
    monday = today - timedelta(days=today.weekday())
    for match in _WEEKDAY.finditer(text):
        shift = timedelta(weeks=_WEEKS[match["which"]], days=_WEEKDAYS.index(match["day"]))
        yield *match.span(), monday + shift
    for pattern, read in ((_MONTH_DAY, _month_day), (_DAY, _day), (_AGO, _ago)):
        for match in pattern.finditer(text):
            try:
                day = read(match, today)
            except ValueError:
                continue  # the 31st of February
            yield *match.span(), day
    for match in _NO_SINGLE_DAY.finditer(text):
        yield *match.span(), None


def _month_day(match: re.Match[str], today: date) -> date:
    month = _MONTHS.index((match["first"] or match["last"])[:3]) + 1
    day = int(match["day"] or match["only"])
    return date(int(match["year"]), month, day) if match["year"] else nearest(today, month, day)


def _day(match: re.Match[str], today: date) -> date:
    return of_this_month(int(match["day"]), today)


def _ago(match: re.Match[str], today: date) -> date:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    match match["unit"]:
        case "day":
            return today - timedelta(days=count)
        case "week":
            return today - timedelta(weeks=count)
        case "month":
            return shift_months(today, -count)
        case _:
            return shift_months(today, -12 * count)
