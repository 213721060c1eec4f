"""Reckoning with months, and which one is meant when it is left out."""

from datetime import date, timedelta


def nearest(today: date, month: int, day: int) -> date:
    """The nearest such day, since the year is left out where it is obvious.

    Raises:
        ValueError: for a day that the month does not have.
    """
    candidates = [date(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min(candidates, key=lambda each: abs((each - today).days))


def of_this_month(number: int, today: date) -> date:
    """The day of this month, or of the one before when it lies more than two weeks ahead."""
    day = today.replace(day=number)
    return shift_months(day, -1) if (day - today).days > 14 else day


def shift_months(day: date, months: int) -> date:
    """The same day some months later or earlier, the last of the month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
