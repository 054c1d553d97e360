"""When somebody is at a centre's desk: in the hours of its schedules, by its wall clock, and on no day it is closed.

A centre without schedules is taken to be there on weekdays from nine to five.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_HORIZON = 60  # days that are looked ahead

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A span of one weekday's wall clock (Monday is 0), half-open; *until* at midnight means the day's end.

    It counts on the days from *first* to *last*, both included, where they are given.
    """

    weekday: int
    start: time
    until: time
    first: date | None = None
    last: date | None = None

    def is_on(self, day: date) -> bool:
        """Say whether it counts on a day."""
        begun = self.first is None or self.first <= day
        return day.weekday() == self.weekday and begun and (self.last is None or day <= self.last)


WEEKDAYS = tuple(Opening(weekday=weekday, start=time(9), until=time(17)) for weekday in range(5))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskHours:
    """The hours of one centre's desk in its *zone*, and the days on which it is closed."""

    zone: ZoneInfo
    openings: tuple[Opening, ...] = ()
    closures: frozenset[date] = frozenset()

    def on(self, day: date) -> Iterator[Span]:
        """Yield the spans of a day in UTC; what a change of the clock takes away is left out."""
        if day in self.closures:
            return
        for opening in self.openings or WEEKDAYS:
            if opening.is_on(day):
                start = datetime.combine(day, opening.start, self.zone).astimezone(UTC)
                last = day if opening.until != MIDNIGHT else day + _DAY
                until = datetime.combine(last, opening.until, self.zone).astimezone(UTC)
                if start < until:
                    yield start, until


def opens_at(desks: Sequence[DeskHours], moment: datetime) -> datetime | None:
    """Return when somebody is at one of the *desks*: *moment* itself, else the next one; None if not for weeks."""
    return next((max(start, moment) for start, _ in _from(desks, moment)), None)


def after(desks: Sequence[DeskHours], moment: datetime, wait: timedelta) -> datetime | None:
    """Return when *wait* has passed since *moment*, counting only while somebody is at one of the *desks*."""
    for start, until in _from(desks, moment):
        begin = max(start, moment)
        if begin + wait <= until:
            return begin + wait
        wait -= until - begin
    return None


def _from(desks: Sequence[DeskHours], moment: datetime) -> list[Span]:
    """Return the spans of all desks together that end after *moment*, in order, none meeting the next."""
    first = moment.date() - _DAY
    days = [first + number * _DAY for number in range(_HORIZON + 2)]
    spans = (span for desk in desks for day in days for span in desk.on(day))
    return [span for span in _merged(spans) if span[1] > moment]


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, until in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((start, until))
    return found
