"""Numbers as Chinese customers write and say them: 12, 十二, 两百五, 1千2, 九块九."""

import re
from decimal import Decimal, InvalidOperation

_DIGITS = {"零": 0, "〇": 0, "一": 1, "幺": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_TWENTIES = {"廿": "二十", "卅": "三十"}
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[零〇一二两俩三仨四五六七八九十百千万亿幺kw]")

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?(?:[百千万亿wk][0-9]?)?|[零〇一二两俩三仨四五六七八九十百千万亿幺廿卅]+)"
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
    tokens = _TOKEN.findall(plain)
    if not tokens or "".join(tokens) != plain:
        return None
    if all(token in _DIGITS for token in tokens) and len(tokens) > 1:
        return Decimal("".join(str(_DIGITS[token]) for token in tokens))
    return _by_units(tokens)


def digits_of(text: str) -> str:
    """Digits that were read out one by one, in figures: 零零三五 is 0035."""
    return text.translate(_SPOKEN_DIGITS)


def plain_value(number: Decimal) -> int | float:
    """The number as JSON has it: 3, not 3.0; 59.9, not 59.90."""
    return int(number) if number == number.to_integral_value() else float(number)


def _by_units(tokens: list[str]) -> Decimal:
    total = section = current = Decimal(0)
    last_unit, zero = 1, False
    for token in tokens:
        if token in _UNITS:
            unit = _UNITS[token]
            if unit >= _UNITS["万"]:
                total, section = total + (section + current or Decimal(1)) * unit, Decimal(0)
            else:
                section += (current or Decimal(1)) * unit
            current, last_unit, zero = Decimal(0), unit, False
        else:
            current = Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token)
            zero = zero or token in "零〇"
    if last_unit >= 100 and 0 < current < 10 and not zero:
        current *= last_unit // 10
    return total + section + current
