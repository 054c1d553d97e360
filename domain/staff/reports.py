"""A centre's week or month in figures, computed from narrow rows: no names, and no count so small that it tells of one.

Waits are days from the first booking to the visit, as it stands now. A visit that was moved counts with its new time;
what a move freed at the old one is not known, so that freed places are those that were cancelled.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import TypeVar
from zoneinfo import ZoneInfo

from domain.appointments import Status

FEW = 5  # fewer than so many are not told by group
_DAY = timedelta(days=1)
Key = TypeVar("Key")


class Period(StrEnum):
    """How long a report reaches back; the value stands in the database."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"

    def before(self, day: date) -> tuple[date, date]:
        """Return the first and the last day of the last whole one before *day*."""
        if self is Period.WEEKLY:
            monday = day - timedelta(days=day.weekday())
            return monday - timedelta(days=7), monday - _DAY
        last = day.replace(day=1) - _DAY
        return last.replace(day=1), last

    def end(self, first: date) -> date:
        """Return the last day of the one that begins on *first*."""
        if self is Period.WEEKLY:
            return first + timedelta(days=6)
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY

    def told_on(self, day: date) -> date:
        """Return the last day, no later than *day*, on which a report is told."""
        return self.before(day)[1] + _DAY


class Lead(StrEnum):
    """How long before a visit it was booked."""

    DAY = "0-1"  # days
    WEEK = "2-7"
    FORTNIGHT = "8-14"
    LONGER = "15+"

    @classmethod
    def of(cls, wait: timedelta) -> Lead:
        """Return in which of these a wait falls, by its whole days."""
        days = wait // _DAY
        return cls.DAY if days < 2 else cls.WEEK if days < 8 else cls.FORTNIGHT if days < 15 else cls.LONGER


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """An appointment that was booked: when first, for when, in which group, how it stands, when it was cancelled."""

    slot: int
    status: Status
    group: str | None
    booked_at: datetime
    starts_at: datetime
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """How many visits there were, and how many of them nobody came to."""

    visits: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Days from booking to visit: the *median*, and what the *longest* tenth waits at least; None for nobody."""

    median: float | None = None
    longest: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """Places that were cancelled before their time: how many, and what became of them."""

    places: int = 0
    again: int = 0  # somebody else booked them
    empty: int = 0
    open: int = 0  # their time is still to come


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShare:
    """The part that a priority group (None: no group) has in the bookings; None where they are so few that it hides."""

    group: str | None
    bookings: int | None
    share: float | None = None  # of all bookings, 0 to 1
    median: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of it."""

    bookings: int
    visits: int
    missed: int
    by_lead: tuple[tuple[Lead, Missed], ...]
    by_weekday: tuple[tuple[int, Missed], ...]  # Monday is 0
    wait: Wait
    freed: Freed
    groups: tuple[GroupShare, ...]


def figures(rows: Sequence[Booked], zone: ZoneInfo, start: datetime, until: datetime, now: datetime) -> Figures:
    """Return the figures of [*start*, *until*), of *rows* with all that was booked, visited or cancelled then."""
    made = [row for row in rows if start <= row.booked_at < until and row.status != Status.CANCELLED]
    visits = [row for row in rows if start <= row.starts_at < until and row.starts_at < now and _is_visit(row)]
    weekdays = _counted((row.starts_at.astimezone(zone).weekday(), row) for row in visits)
    leads = _counted((Lead.of(row.starts_at - row.booked_at), row) for row in visits)
    return Figures(
        bookings=sum(start <= row.booked_at < until for row in rows),
        visits=len(visits),
        missed=sum(row.status == Status.NOSHOW for row in visits),
        by_lead=tuple((lead, leads.get(lead, Missed())) for lead in Lead),
        by_weekday=tuple((day, weekdays[day]) for day in sorted(weekdays)),
        wait=_wait(made),
        freed=_freed(rows, start, until, now),
        groups=tuple(_groups(made)),
    )


def _is_visit(row: Booked) -> bool:
    return row.status in (Status.BOOKED, Status.ARRIVED, Status.FULFILLED, Status.NOSHOW)


def _counted(rows: Iterable[tuple[Key, Booked]]) -> Mapping[Key, Missed]:
    visits: Counter[Key] = Counter()
    missed: Counter[Key] = Counter()
    for key, row in rows:
        visits[key] += 1
        missed[key] += row.status == Status.NOSHOW
    return {key: Missed(visits=count, missed=missed[key]) for key, count in visits.items()}


def _wait(rows: Sequence[Booked]) -> Wait:
    days = sorted((row.starts_at - row.booked_at) / _DAY for row in rows)
    if not days:
        return Wait()
    return Wait(median=round(_median(days), 1), longest=round(days[ceil(len(days) * 0.9) - 1], 1))


def _median(ordered: Sequence[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _freed(rows: Sequence[Booked], start: datetime, until: datetime, now: datetime) -> Freed:
    """Match, slot by slot, each place that was freed with the next booking there that has none yet."""
    freed: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    booked: dict[int, list[datetime]] = defaultdict(list)
    for row in rows:
        booked[row.slot].append(row.booked_at)
        gone = row.cancelled_at
        if gone is not None and start <= gone < until and gone < row.starts_at:
            freed[row.slot].append((gone, row.starts_at > now))
    again = empty = still_open = 0
    for slot, places in freed.items():
        later = iter(sorted(booked[slot]))
        for gone, is_to_come in sorted(places):
            if next((one for one in later if one > gone), None) is not None:
                again += 1
            elif is_to_come:
                still_open += 1
            else:
                empty += 1
    return Freed(places=again + empty + still_open, again=again, empty=empty, open=still_open)


def _groups(rows: Sequence[Booked]) -> Iterable[GroupShare]:
    by_group: dict[str | None, list[Booked]] = defaultdict(list)
    for row in rows:
        by_group[row.group].append(row)
    for group in sorted(by_group, key=lambda one: (one is None, one or "")):
        theirs = by_group[group]
        if len(theirs) < FEW:
            yield GroupShare(group=group, bookings=None)
        else:
            share = round(len(theirs) / len(rows), 3)
            yield GroupShare(group=group, bookings=len(theirs), share=share, median=_wait(theirs).median)
