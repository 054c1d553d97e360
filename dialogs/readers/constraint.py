"""When somebody can come: a constraint on days and wall times, never a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict, cast
from zoneinfo import ZoneInfo

_ALL_WEEK = frozenset(range(7))
_MOST_WINDOWS = 31

Days = tuple[tuple[date, date], ...]


class WhenJson(TypedDict, total=False):
    """A `When` as it is stored; what is empty is left out."""

    days: list[list[str]]
    weekdays: list[int]
    not_weekdays: list[int]
    from_time: str
    until_time: str
    at: str
    soonest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """
    What a person said about time; all that is said must hold, and an empty field allows everything.

    *days* are alternatives, each `[first, end)`, and times are the clinic's wall times, `[from, until)`.
    *soonest* is a wish rather than a limit: the earliest of what is allowed.
    """

    days: Days = ()
    weekdays: frozenset[int] = frozenset()
    not_weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    until_time: time | None = None
    at: time | None = None
    soonest: bool = False

    def allows(self, local: datetime) -> bool:
        """Tell whether *local*, a wall time at the clinic, is within what was said."""
        return self._allows_day(local.date()) and self._allows_time(local.time())

    def windows(self, zone: ZoneInfo, start: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """Return the spans of moments within [*start*, *until*) that are allowed by the clock of *zone*, a few dozen.

        Days that follow each other are one span; what would be more than a month of mornings is cut there.
        """
        found: list[tuple[datetime, datetime]] = []
        day, last = start.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last and len(found) <= _MOST_WINDOWS:
            begin, end = self._span_of(day, zone)
            begin, end = max(begin, start), min(end, until)
            if self._allows_day(day) and begin < end:
                first = found.pop()[0] if found and found[-1][1] == begin else begin
                found.append((first, end))
            day += timedelta(days=1)
        return found[:_MOST_WINDOWS]

    def _span_of(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return what is allowed of a *day* that is."""
        begin = datetime.combine(day, self.at or self.from_time or time.min, tzinfo=zone)
        if self.at is not None:
            end = begin + timedelta.resolution
        elif self.until_time is not None:
            end = datetime.combine(day, self.until_time, tzinfo=zone)
        else:
            end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
        return begin.astimezone(UTC), end.astimezone(UTC)

    def _allows_day(self, day: date) -> bool:
        return (
            (not self.days or any(first <= day < end for first, end in self.days))
            and (not self.weekdays or day.weekday() in self.weekdays)
            and day.weekday() not in self.not_weekdays
        )

    def _allows_time(self, wall: time) -> bool:
        return (
            (self.at is None or wall == self.at)
            and (self.from_time is None or wall >= self.from_time)
            and (self.until_time is None or wall < self.until_time)
        )

    def to_json(self) -> WhenJson:
        """Return what `from_json` reads back as an equal value."""
        stored: WhenJson = {}
        if self.days:
            stored["days"] = [[first.isoformat(), end.isoformat()] for first, end in self.days]
        if self.weekdays:
            stored["weekdays"] = sorted(self.weekdays)
        if self.not_weekdays:
            stored["not_weekdays"] = sorted(self.not_weekdays)
        if self.from_time is not None:
            stored["from_time"] = self.from_time.isoformat()
        if self.until_time is not None:
            stored["until_time"] = self.until_time.isoformat()
        if self.at is not None:
            stored["at"] = self.at.isoformat()
        if self.soonest:
            stored["soonest"] = True
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "When":
        """Read what `to_json` wrote."""
        known = cast("WhenJson", stored)
        return cls(
            days=tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in known.get("days", [])),
            weekdays=frozenset(known.get("weekdays", [])),
            not_weekdays=frozenset(known.get("not_weekdays", [])),
            from_time=_stored_time(known.get("from_time")),
            until_time=_stored_time(known.get("until_time")),
            at=_stored_time(known.get("at")),
            soonest=known.get("soonest", False),
        )


def both(one: When, other: When) -> When | None:
    """Return what holds where *one* and *other* hold, or nothing when they contradict each other."""
    days = _common_days(one.days, other.days)
    excluded = one.not_weekdays | other.not_weekdays
    weekdays = (one.weekdays or _ALL_WEEK) & (other.weekdays or _ALL_WEEK) - excluded
    if days is None or not weekdays:
        return None
    if one.weekdays or other.weekdays:
        excluded = frozenset()
    else:
        weekdays = frozenset()
    merged = When(
        days=days,
        weekdays=weekdays,
        not_weekdays=excluded,
        from_time=_chosen_time(one.from_time, other.from_time, max),
        until_time=_chosen_time(one.until_time, other.until_time, min),
        at=one.at or other.at,
        soonest=one.soonest or other.soonest,
    )
    return None if one.at and other.at and one.at != other.at else _settled(merged)


def either(one: When, other: When) -> When | None:
    """Return what holds where *one* or *other* holds, or nothing when no single `When` can say it."""
    if one.days and other.days and replace(one, days=()) == replace(other, days=()):
        return replace(one, days=tidy(one.days + other.days))
    if one.weekdays and other.weekdays and replace(one, weekdays=frozenset()) == replace(other, weekdays=frozenset()):
        return replace(one, weekdays=one.weekdays | other.weekdays)
    return _either_time(one, other)


def _either_time(one: When, other: When) -> When | None:
    """Join two spans of time that touch, if nothing else differs."""
    first, second = sorted((one, other), key=lambda when: when.from_time or time.min)
    if replace(first, from_time=None, until_time=None) != replace(second, from_time=None, until_time=None):
        return None
    open_ended = first.until_time is None or second.until_time is None
    latest = None if open_ended else _chosen_time(first.until_time, second.until_time, max)
    is_gap = first.until_time is not None and first.until_time < (second.from_time or time.min)
    return None if is_gap else replace(first, until_time=latest)


def tidy(days: Days) -> Days:
    """Return *days* in order, without those that stand within others; neighbours stay alternatives."""
    distinct = set(days)
    return tuple(
        sorted(
            (first, end)
            for first, end in distinct
            if not any(a <= first and end <= b and (a, b) != (first, end) for a, b in distinct)
        )
    )


def overlap(days: Days, others: Days) -> Days:
    """Return the days that are in both."""
    shared = ((max(a, c), min(b, d)) for a, b in days for c, d in others)
    return tidy(tuple((first, end) for first, end in shared if first < end))


def _common_days(days: Days, others: Days) -> Days | None:
    if not days or not others:
        return days or others
    return overlap(days, others) or None


def _settled(when: When) -> When | None:
    """Drop the bounds about an exact time; refuse what leaves no time at all."""
    start, end = when.from_time or time.min, when.until_time
    if when.at is not None:
        within = start <= when.at and (end is None or when.at < end)
        return replace(when, from_time=None, until_time=None) if within else None
    return when if end is None or start < end else None


def _chosen_time(one: time | None, other: time | None, choose: Callable[[time, time], time]) -> time | None:
    return choose(one, other) if one is not None and other is not None else one or other


def _stored_time(stored: str | None) -> time | None:
    return None if stored is None else time.fromisoformat(stored)
