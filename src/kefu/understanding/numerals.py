"""Numbers as Chinese customers write and say them: 12, 十二, 两百五, 1千2, 九块九."""

import re
from decimal import Decimal, InvalidOperation

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGIT_NAMES = _DIGITS | {"〇": 0, "幺": 1, "两": 2, "俩": 2, "仨": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_TWENTIES = {"廿": "二十", "卅": "三十"}
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[零〇一二两俩三仨四五六七八九十百千万亿幺kw]")

NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?(?:[百千万亿wk][0-9]?)*"
    r"|[零〇一二两俩三仨四五六七八九十百千万亿幺廿卅]{1,12})"
)
"""A pattern for one number, to be built into others."""

_SPOKEN_DIGITS = str.maketrans("零〇幺一二三四五六七八九两", "0011234567892")


def parse_number(text: str) -> Decimal | None:
    """The value of a number in digits, characters or both; None for what is none.

    A last digit after a unit counts in the next lower unit, as it is said: 三百二 is 320, 1千2 is 1200.
    """
    plain = text.replace(",", "")
    for short, long in _TWENTIES.items():
        plain = plain.replace(short, long)
    try:
        return Decimal(plain)
    except InvalidOperation:
        pass
    signs = _TOKEN.findall(plain)
    if not signs or "".join(signs) != plain:
        return None
    if all(sign in _DIGIT_NAMES for sign in signs) and len(signs) > 1:
        return Decimal("".join(str(_DIGIT_NAMES[sign]) for sign in signs))
    return _by_units(signs)


def digits_of(text: str) -> str:
    """Digits that were read out one by one, in figures: 零零三五 is 0035."""
    return text.translate(_SPOKEN_DIGITS)


def plain_value(number: Decimal) -> int | float:
    """The number as JSON has it: 3, not 3.0; 59.9, not 59.90."""
    return int(number) if number == number.to_integral_value() else float(number)


def _by_units(signs: list[str]) -> Decimal:
    total = section = current = Decimal(0)
    last_unit, zero = 1, False
    for sign in signs:
        if sign in _UNITS:
            unit = _UNITS[sign]
            if unit >= _UNITS["万"]:
                total, section = total + (section + current or Decimal(1)) * unit, Decimal(0)
            else:
                section += (current or Decimal(1)) * unit
            current, last_unit, zero = Decimal(0), unit, False
        else:
            current = Decimal(_DIGIT_NAMES[sign]) if sign in _DIGIT_NAMES else Decimal(sign)
            zero = zero or sign in "零〇"
    if last_unit >= 100 and 0 < current < 10 and not zero:
        current *= last_unit // 10
    return total + section + current
