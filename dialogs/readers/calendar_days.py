"""Days that people name: the coming Tuesday, a week, a weekend, the 3rd, 3 April."""

from datetime import date, timedelta

from dialogs.readers.constraint import Days

FARTHEST = timedelta(days=400)
WEEK = timedelta(days=7)
WEEKEND = 5


def single(day: date) -> Days:
    """Return *day* alone."""
    return ((day, day + timedelta(days=1)),)


def shifted(days: Days, by: timedelta) -> Days:
    """Return *days* moved by as much."""
    return tuple((first + by, end + by) for first, end in days)


def coming(weekday: int, today: date) -> date:
    """Return the nearest such weekday, today included."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def named(weekday: int, today: date) -> Days:
    """Return the coming such weekday; on the day itself also the next, for people mean either."""
    nearest = coming(weekday, today)
    return single(nearest) + single(nearest + WEEK) if nearest == today else single(nearest)


def after_next(weekday: int, today: date) -> Days:
    """Return what "next Friday" may mean: the nearest after today, and that of next week where they differ."""
    nearest = coming(weekday, today + timedelta(days=1))
    of_next_week = monday(today) + WEEK + timedelta(days=weekday)
    return single(nearest) if nearest == of_next_week else single(nearest) + single(of_next_week)


def monday(day: date) -> date:
    """Return the Monday of the week of *day*."""
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> Days:
    """Return the week of *day*, from Monday."""
    return ((monday(day), monday(day) + WEEK),)


def weekend_of(day: date) -> Days:
    """Return the weekend of the week of *day*."""
    return ((monday(day) + timedelta(days=WEEKEND), monday(day) + WEEK),)


def month_of(year: int, month: int) -> Days:
    """Return all days of a month."""
    return ((date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)),)


def months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    (first, end) = month_of(count // 12, count % 12 + 1)[0]
    return min(first + timedelta(days=day.day - 1), end - timedelta(days=1))


def dated(day: int, month: int, year: int | None, *, today: date) -> date | None:
    """Return the date; without a *year*, the first from today on. Nothing when there is no such day."""
    if year is not None:
        return valid(year, month, day)
    this_year = valid(today.year, month, day)
    return this_year if this_year and this_year >= today else valid(today.year + 1, month, day)


def day_of_month(day: int, today: date) -> date | None:
    """Return the first such day of a month from today on."""
    months = (months_on(today.replace(day=1), ahead) for ahead in range(3))
    found = (valid(first.year, first.month, day) for first in months)
    return next((one for one in found if one is not None and one >= today), None)


def valid(year: int, month: int, day: int) -> date | None:
    """Return the date, or nothing when there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_order(first: int, second: int, *, month_first: bool) -> tuple[int, int]:
    """Return day and month of two numbers written in a row; the other order when only that can be."""
    day, month = (second, first) if month_first else (first, second)
    return (month, day) if month > 12 >= day else (day, month)
