"""How it is said to what a list is limited: some days and times of day, no steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dialogs.readers.constraint import When
from dialogs.readers.limits import ANY_DAY
from dialogs.text import CalendarDay, Clock, Text, Weekdays, Writable, joined, say

_MOST_DAYS = 4


def days_in_words(days: When) -> Writable:
    """Return *days* as a few words: Saturday, before 12:00."""
    return joined(*_days(days), *_times(days), between=", ")


def limits_in_words(days: When, *, step_free: bool) -> Writable:
    """Return all limits as a few words."""
    access = say("step-free access") if step_free else None
    return joined(days_in_words(days) if days != ANY_DAY else None, access, between=", ")


def only(days: When, *, step_free: bool) -> Writable:
    """Say that the list has only what is within the limits."""
    on = None
    if days != ANY_DAY:
        has_days = bool(days.days or days.weekdays or days.not_weekdays)
        words = days_in_words(days)
        on = say("Only with a place on {days}.", days=words) if has_days else _at(words)
    return joined(on, say("Only with step-free access.") if step_free else None, between=" ")


def _at(times: Writable) -> Text:
    return say("Only with a place at this time: {times}.", times=times)


def _days(days: When) -> Iterator[Writable]:
    spans, weekdays = days.days, _weekdays(days)
    listed = [day for first, end in spans for day in _each(first, end) if _is_on(day, weekdays)]
    if spans and weekdays is not None and len(listed) <= _MOST_DAYS:
        yield joined(*map(CalendarDay, listed), between=" / ")
        return
    if weekdays is not None:
        yield Weekdays(weekdays)
    if spans:
        yield joined(*(_span(first, end - timedelta(days=1)) for first, end in spans), between=" / ")


def _weekdays(days: When) -> tuple[int, ...] | None:
    """Return the weekdays that are allowed, None where all of them are."""
    if not days.weekdays and not days.not_weekdays:
        return None
    return tuple(sorted((days.weekdays or frozenset(range(7))) - days.not_weekdays))


def _each(first: date, end: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((end - first).days)]


def _is_on(day: date, weekdays: tuple[int, ...] | None) -> bool:
    return weekdays is None or day.weekday() in weekdays


def _span(first: date, last: date) -> Writable:
    return CalendarDay(first) if first == last else joined(CalendarDay(first), CalendarDay(last), between=" - ")


def _times(days: When) -> Iterator[Writable]:
    if days.at is not None:
        yield _clock(days.at)
    elif days.from_time is not None and days.until_time is not None:
        yield joined(_clock(days.from_time), _clock(days.until_time), between="-")
    elif days.from_time is not None:
        yield say("from {time}", time=_clock(days.from_time))
    elif days.until_time is not None:
        yield say("before {time}", time=_clock(days.until_time))


def _clock(wall: time) -> Clock:
    return Clock(datetime.combine(date.min, wall))
