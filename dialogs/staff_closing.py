"""Spans of a centre's time, as staff say and read them: "thursday morning", "3 March from 2 to 4 pm"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from dialogs.questions import Hearing, Missed, Reading, Took
from dialogs.readers.when import When, read_when
from dialogs.said import Said
from dialogs.text import CalendarDay, Clock, Writable, say
from domain.staff.closing_commands import Span
from domain.staff.commands import Workplace
from domain.words import LANGUAGES

_MOST_DAYS = 62


class Spanning(Protocol):
    """Something that lasts for a while at a centre."""

    @property
    def start(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...
    @property
    def centre(self) -> Workplace: ...


def when_in(text: str, *, now: datetime, language: str) -> When | None:
    """Return the days and times of day that *text* names, in *language* or any other; *now* is the wall time there."""
    wanted = (language, *(one for one in LANGUAGES if one != language))
    found = (read_when(text, language=one, now=now) for one in wanted)
    return next((one for one in found if one is not None and (one.days or one.weekdays)), None)


def spans_of(when: When, place: Workplace, now: datetime) -> list[Span]:
    """Return the spans that may be meant, each of which is closed as a whole; the earliest first.

    Of several days in a row with the same hours each is a span of its own.
    """
    zone = ZoneInfo(place.tz)
    start = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    if not when.days:
        return [_span(*one, zone) for one in when.windows(zone, start, start + timedelta(days=8))]
    found = (one for days in when.days for one in _each(when, days, zone))
    return [_span(*one, zone) for one in found][:_MOST_DAYS]


def _each(when: When, days: tuple[date, date], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    first, end = (datetime.combine(day, time.min, zone) for day in days)
    only = When(
        days=(days,),
        weekdays=when.weekdays,
        not_weekdays=when.not_weekdays,
        from_time=when.from_time,
        until_time=when.until_time,
    )
    yield from only.windows(zone, first, end)


def _span(start: datetime, until: datetime, zone: ZoneInfo) -> Span:
    return span_between(start.astimezone(zone), until.astimezone(zone))


def span_between(first: datetime, last: datetime) -> Span:
    """Return a span between two wall times of one zone, with the days that it covers from midnight to midnight."""
    day = first.date() if first.time() == time.min else first.date() + timedelta(days=1)
    days = []
    while day < last.date():
        days.append(day)
        day += timedelta(days=1)
    return Span(start=first.astimezone(UTC), until=last.astimezone(UTC), days=tuple(days))


def span_in(span: Span, place: Workplace) -> Writable:
    """Return a span in words, by the wall clock of its centre."""
    zone = ZoneInfo(place.tz)
    start, until = span.start.astimezone(zone), span.until.astimezone(zone)
    last = (until - timedelta.resolution).date()
    if start.time() == until.time() == time.min:
        if last == start.date():
            return CalendarDay(last)
        return say("{first} to {last}", first=CalendarDay(start.date()), last=CalendarDay(last))
    if last == start.date():
        return _part_of(last, start, until)
    return say(
        "{first}, {start}, to {last}, {until}",
        first=CalendarDay(start.date()),
        start=Clock(start),
        last=CalendarDay(until.date()),
        until=Clock(until),
    )


def _part_of(day: date, start: datetime, until: datetime) -> Writable:
    """Return a part of a day in words."""
    if start.time() == time.min:
        return say("{day}, until {until}", day=CalendarDay(day), until=Clock(until))
    if until.time() == time.min:
        return say("{day}, from {start} on", day=CalendarDay(day), start=Clock(start))
    return say("{day}, {start} to {until}", day=CalendarDay(day), start=Clock(start), until=Clock(until))


def span_said(one: Spanning) -> Writable:
    """Return when something is, in words."""
    return span_in(Span(start=one.start, until=one.until), one.centre)


class WhenReader:
    """Reads days and times of day; *place* is where the clock counts."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        """Return the words, where they name a day."""
        now = hearing.now.astimezone(ZoneInfo(self._place.tz)).replace(tzinfo=None)
        found = when_in(said.text, now=now, language=hearing.language)
        return Took(said.text) if found is not None else Missed(HINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Days of every week, Monday is 0, and wall times [*start*, *until*) on each."""

    weekdays: tuple[int, ...]
    start: time
    until: time


_FIRST_TIME = re.compile(r"(?<![\w:])(\d)")


def hours_in(text: str, *, now: datetime, language: str) -> Hours | None:
    """Return the hours of a day of the week: "monday 9 to 12", "lundi de 9h à 12h"."""
    for words in (text, _FIRST_TIME.sub(r"from \1", text, count=1)):
        when = when_in(words, now=now, language=language)
        if when is not None and when.from_time is not None and when.until_time is not None:
            weekdays = when.weekdays or {first.weekday() for first, _ in when.days}
            return Hours(weekdays=tuple(sorted(weekdays)), start=when.from_time, until=when.until_time)
    return None


class HoursReader:
    """Reads the hours of a day of the week; *place* is where the clock counts."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        """Return the words, where they are hours."""
        now = hearing.now.astimezone(ZoneInfo(self._place.tz)).replace(tzinfo=None)
        return Took(said.text) if hours_in(said.text, now=now, language=hearing.language) else Missed()


class CountReader:
    """Reads how many places a slot has."""

    def read(self, said: Said, _hearing: Hearing) -> Reading[int]:
        """Return a number of one to three digits."""
        found = re.fullmatch(r"\D*(\d{1,3})\D*", said.text)
        return Took(int(found[1])) if found is not None else Missed()


HINT = say('I could not read a day. Write, for example: "thursday morning" or "3 March from 2 to 4 pm".')
