"""Business time: Beijing dates, working days and service hours."""

from datetime import datetime, time, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
"""The contract counts every business date in Beijing time."""

SERVICE_OPENS = time(8, 30)
"""Human service runs from here until midnight, every day (handbook HB-35)."""


def end_of_day(moment: datetime, *, days_later: int = 0) -> datetime:
    """23:59:59 in Beijing on the moment's date, or ``days_later`` days after it."""
    day = moment.astimezone(BEIJING).date() + timedelta(days=days_later)
    return datetime.combine(day, time(23, 59, 59), tzinfo=BEIJING)


def after_working_days(moment: datetime, days: int) -> datetime:
    """The end of the ``days``-th working day after ``moment``; weekends do not count, holidays do."""
    day = moment.astimezone(BEIJING).date()
    while days:
        day += timedelta(days=1)
        days -= day.isoweekday() <= 5
    return datetime.combine(day, time(23, 59, 59), tzinfo=BEIJING)


def after_service_hours(moment: datetime, span: timedelta) -> datetime:
    """When ``span`` of human service time has passed since ``moment``."""
    at = moment.astimezone(BEIJING)
    while True:
        opens = datetime.combine(at.date(), SERVICE_OPENS, tzinfo=BEIJING)
        midnight = datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=BEIJING)
        begins = max(at, opens)
        if begins + span <= midnight:
            return begins + span
        span -= midnight - begins
        at = midnight


def add_months(moment: datetime, months: int) -> datetime:
    """The same day of the month ``months`` later, or that month's last day where it is shorter."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(moment.day, (following - timedelta(days=1)).day))
