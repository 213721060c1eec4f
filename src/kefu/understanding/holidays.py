"""Days that have a name: festivals, and the days on which shops sell cheaply."""

from collections.abc import Mapping
from datetime import date, timedelta

_FIXED: Mapping[str, tuple[int, int]] = {
    "元旦节": (1, 1),
    "元旦": (1, 1),
    "情人节": (2, 14),
    "女神节": (3, 8),
    "妇女节": (3, 8),
    "三八节": (3, 8),
    "愚人节": (4, 1),
    "劳动节": (5, 1),
    "五一劳动节": (5, 1),
    "儿童节": (6, 1),
    "六一儿童节": (6, 1),
    "618": (6, 18),
    "六一八": (6, 18),
    "教师节": (9, 10),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "十一黄金周": (10, 1),
    "万圣节": (10, 31),
    "光棍节": (11, 11),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双拾一": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
    "平安夜": (12, 24),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
    "跨年夜": (12, 31),
    "double 11": (11, 11),
    "double eleven": (11, 11),
    "singles day": (11, 11),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "new year's day": (1, 1),
    "valentine's day": (2, 14),
}

# The lunar festivals of 2024 to 2035, and the solar terms that are celebrated, as month and day.
_MOVING: Mapping[str, str] = {
    "春节": "0210 0129 0217 0206 0126 0213 0203 0123 0211 0131 0219 0208",
    "清明": "0404 0404 0405 0405 0404 0404 0405 0405 0404 0404 0405 0405",
    "端午": "0610 0531 0619 0609 0528 0616 0605 0624 0612 0601 0620 0610",
    "七夕": "0810 0829 0819 0808 0826 0816 0805 0824 0812 0801 0820 0810",
    "中秋": "0917 1006 0925 0915 1003 0922 0912 1001 0919 0908 0927 0916",
    "重阳": "1011 1029 1018 1008 1026 1016 1005 1024 1012 1001 1020 1009",
    "冬至": "1221 1221 1222 1222 1221 1221 1222 1222 1221 1221 1222 1222",
}
_FIRST_YEAR = 2024
_DAYS_FROM_SPRING = {"除夕": -1, "大年三十": -1, "年三十": -1, "大年初一": 0, "年初一": 0, "元宵": 14}
_COUNTED: Mapping[str, tuple[int, int, int]] = {
    "母亲节": (5, 6, 2),
    "父亲节": (6, 6, 3),
    "感恩节": (11, 3, 4),
}
"""Month, weekday counted from Monday, and which of that weekday in the month."""

NAMES: tuple[str, ...] = (
    *_FIXED,
    *(name + suffix for name in (*_MOVING, *_DAYS_FROM_SPRING) for suffix in ("节", "")),
    *_COUNTED,
    "春节期间",
    "黑五",
    "黑色星期五",
    "black friday",
    "mid-autumn",
    "spring festival",
    "chinese new year",
)
_OTHER_NAMES = {
    "mid-autumn": "中秋",
    "spring festival": "春节",
    "chinese new year": "春节",
    "黑色星期五": "黑五",
    "black friday": "黑五",
    "春节期间": "春节",
}


def day_of(name: str, year: int) -> date | None:
    """The day of a festival in `NAMES` in one year, or None for a year whose calendar is not known here."""
    name = _OTHER_NAMES.get(name, name)
    if name in _FIXED:
        return date(year, *_FIXED[name])
    festival = name.removesuffix("节") if name not in _COUNTED and name != "春节" else name
    if festival in _COUNTED:
        return _counted(year, *_COUNTED[festival])
    if festival == "黑五":
        return _counted(year, *_COUNTED["感恩节"]) + timedelta(days=1)
    if festival in _DAYS_FROM_SPRING:
        return _shifted(_moving("春节", year), _DAYS_FROM_SPRING[festival])
    return _moving(festival if festival in _MOVING else "春节", year)


def _moving(name: str, year: int) -> date | None:
    days = _MOVING[name].split()
    if not _FIRST_YEAR <= year < _FIRST_YEAR + len(days):
        return None
    day = days[year - _FIRST_YEAR]
    return date(year, int(day[:2]), int(day[2:]))


def _shifted(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days=days)


def _counted(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
