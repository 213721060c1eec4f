"""How values of the back office are written in a reply: money, times, counts, names of states.

A filter takes a value and gives the next one; what it cannot take raises `ExpressionFailed`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from kefu.conversation.values import Record, Value
from kefu.flows.expressions import ExpressionFailed, ValueMissing

Enums = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Table → value → language → words."""

FALLBACK = "en"
"""The language of what a pack has not translated."""


def _no_words() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Manner:
    """How this reply writes things: in which language, in which zone, seen from which year. `words` are
    translations of English texts that stand outside the responses."""

    language: str
    timezone: tzinfo
    enums: Enums
    year: int | None
    words: Mapping[str, str] = field(default_factory=_no_words)


@dataclass(frozen=True, slots=True)
class Filter:
    """`takes_argument` says whether `name:argument` must be written."""

    write: Callable[[Value, str, Manner], Value]
    takes_argument: bool = False


def _money(value: Value, _: str, __: Manner) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ExpressionFailed("is not an amount of money")
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise ExpressionFailed("is not an amount of money") from error
    if not amount.is_finite():
        raise ExpressionFailed("is not an amount of money")
    return f"¥{amount:,.2f}" if amount >= 0 else f"-¥{-amount:,.2f}"


def _count(value: Value, _: str, __: Manner) -> Value:
    return len(_list(value))


def _total(value: Value, argument: str, _: Manner) -> Value:
    numbers = [record.get(argument) for record in _records(value)]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise ExpressionFailed(f"an element's `{argument}` is not a number")
    total = sum((Decimal(str(number)) for number in numbers), Decimal(0))
    return int(total) if total == total.to_integral_value() else float(total)


def _pluck(value: Value, argument: str, _: Manner) -> Value:
    found: list[Value] = []
    for record in _records(value):
        if argument not in record:
            raise ValueMissing(f"an element has no `{argument}`", field=argument)
        found.append(record[argument])
    return found


def _join(value: Value, _: str, manner: Manner) -> Value:
    elements = _list(value)
    if not all(isinstance(element, str | int) for element in elements):
        raise ExpressionFailed("is not a list of texts")
    return _COMMAS.get(manner.language, ", ").join(str(element) for element in elements)


def _date(value: Value, _: str, manner: Manner) -> Value:
    return _day(_local(value, manner), manner)


def _datetime(value: Value, _: str, manner: Manner) -> Value:
    moment = _local(value, manner)
    if not isinstance(moment, datetime):
        return _day(moment, manner)
    separator = ", " if manner.language == "en" else " "
    return f"{_day(moment, manner)}{separator}{moment:%H:%M}"


def _enum(value: Value, argument: str, manner: Manner) -> Value:
    words = manner.enums.get(argument, {}).get(value) if isinstance(value, str) else None
    if words is None:
        raise ExpressionFailed(f"`{value}` has no words in the table `{argument}`")
    return words.get(manner.language) or words[FALLBACK]


def _localized(value: Value, _: str, manner: Manner) -> Value:
    texts: Record = value if isinstance(value, Mapping) else {}
    given, known = texts.get(manner.language), texts.get(FALLBACK)
    if isinstance(given, str):
        return given
    if isinstance(known, str):
        return manner.words.get(known, known)
    raise ExpressionFailed(f"has no text in `{manner.language}`")


FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "money": Filter(_money),
        "count": Filter(_count),
        "total": Filter(_total, takes_argument=True),
        "pluck": Filter(_pluck, takes_argument=True),
        "join": Filter(_join),
        "date": Filter(_date),
        "datetime": Filter(_datetime),
        "enum": Filter(_enum, takes_argument=True),
        "localized": Filter(_localized),
    }
)
"""`total:quantity` adds a field of every element, `pluck:name` lists one, `enum:table` looks a value up."""


def _list(value: Value) -> Sequence[Value]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ExpressionFailed("is not a list")
    return value


def _records(value: Value) -> list[Record]:
    records = [element for element in _list(value) if isinstance(element, Mapping)]
    if len(records) != len(_list(value)):
        raise ExpressionFailed("is not a list of records")
    return records


def _local(value: Value, manner: Manner) -> date:
    """A date as it is, an instant in the pack's zone."""
    try:
        if isinstance(value, str) and len(value) > 10:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(manner.timezone)
        elif isinstance(value, str):
            return date.fromisoformat(value)
    except (ValueError, OverflowError) as error:
        raise ExpressionFailed("is not a time") from error
    raise ExpressionFailed("is not a time with an offset")


def _day(day: date, manner: Manner) -> str:
    other_year = day.year != manner.year
    this_year, any_year = _DAYS.get(manner.language, _DAYS_ELSEWHERE)
    month = _MONTHS[day.month - 1]
    return (any_year if other_year else this_year).format(d=day.day, m=day.month, y=day.year, month=month)


_COMMAS: Mapping[str, str] = MappingProxyType({"zh": "、", "ja": "、", "ar": "، "})
_DAYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "zh": ("{m}月{d}日", "{y}年{m}月{d}日"),
        "ja": ("{m}月{d}日", "{y}年{m}月{d}日"),
        "ko": ("{m}월 {d}일", "{y}년 {m}월 {d}일"),
        "en": ("{month} {d}", "{month} {d}, {y}"),
        "de": ("{d}.{m}.", "{d}.{m}.{y}"),
        "ru": ("{d:02}.{m:02}", "{d:02}.{m:02}.{y}"),
    }
)
"""By language: a day of this year, and one of another. Unicode CLDR's short forms."""
_DAYS_ELSEWHERE = ("{d}/{m}", "{d}/{m}/{y}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
