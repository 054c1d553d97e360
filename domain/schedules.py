"""Schedules: weekly rules in wall time with exceptions by date, made into slots in UTC.

A wall time that a clock change skips does not exist: a slot that any of it would fall into is left out. One that
happens twice means its first occurrence, and the repetition gives no second slot. Making slots again gives the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import NewType
from zoneinfo import ZoneInfo

ScheduleId = NewType("ScheduleId", int)
MIDNIGHT = time(0)
_NONE: Mapping[date, tuple[WeeklyRule, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A span of one day's wall clock, half-open; *until* at midnight means the day's end."""

    start: time
    until: time


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRule:
    """Opening spans of one weekday (Monday is 0), cut in slots of *slot_length* with *capacity* places each."""

    weekday: int
    opening: Opening
    slot_length: timedelta
    capacity: int
    overbook: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot:
    """A slot to be published: its span in UTC and its places."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    overbook: int


def as_utc(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """Return the moment at which the clock in *zone* shows *wall* on *day*; None when it never does."""
    local = datetime.combine(day, wall, tzinfo=zone)
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _starts_at(wall: datetime, length: timedelta, zone: ZoneInfo) -> datetime | None:
    """Return when the clock in *zone* shows *wall*; None when it skips that, or something of *length* from there on."""
    start = as_utc(wall.date(), wall.time(), zone)
    last = wall + length - timedelta.resolution
    end = as_utc(last.date(), last.time(), zone)
    if start is None or end is None or end + timedelta.resolution - start < length:
        return None
    return start


def _wall_starts(rule: WeeklyRule, day: date) -> Iterator[datetime]:
    begin = datetime.combine(day, rule.opening.start)
    end = datetime.combine(day, rule.opening.until)
    if rule.opening.until == MIDNIGHT:
        end += timedelta(days=1)
    while begin + rule.slot_length <= end:
        yield begin
        begin += rule.slot_length


def _steady_offset(day: date, zone: ZoneInfo) -> timedelta | None:
    """Return by how much the clock in *zone* is ahead of UTC on *day*; None where it may change that day.

    A clock that shows midnight, the middle of the day and the next midnight with one offset was not changed between.
    """
    begin = datetime.combine(day, MIDNIGHT, tzinfo=zone)
    offsets = {(begin + timedelta(hours=hours)).utcoffset() for hours in (0, 12, 24)}
    return offsets.pop() if len(offsets) == 1 else None


def plan_day(rules: tuple[WeeklyRule, ...], day: date, zone: ZoneInfo) -> Iterator[PlannedSlot]:
    """Yield the slots of *day* by *rules*, in order of the rules."""
    rules = tuple(rule for rule in rules if rule.weekday == day.weekday())
    steady = _steady_offset(day, zone) if rules else None
    for rule in rules:
        for wall in _wall_starts(rule, day):
            if steady is not None:
                starts_at: datetime | None = (wall - steady).replace(tzinfo=UTC)
            else:
                starts_at = _starts_at(wall, rule.slot_length, zone)
            if starts_at is not None:
                yield PlannedSlot(
                    starts_at=starts_at,
                    ends_at=starts_at + rule.slot_length,
                    capacity=rule.capacity,
                    overbook=rule.overbook,
                )


def plan_slots(
    rules: tuple[WeeklyRule, ...],
    closures: frozenset[date],
    zone: ZoneInfo,
    *,
    start: date,
    until: date,
    shifts: Mapping[date, tuple[WeeklyRule, ...]] = _NONE,
) -> Iterator[PlannedSlot]:
    """Yield the slots of the days in [*start*, *until*), leaving out *closures*.

    On days of *shifts* their rules hold instead of the weekly ones.
    """
    day = start
    while day < until:
        if day not in closures:
            yield from plan_day(shifts.get(day, rules), day, zone)
        day += timedelta(days=1)
