"""When digests come: at a wall time of the centre on some days of the week, once a day, and not once it is too late.

A time that a clock change skips comes as much later as the clock jumps; one that happens twice means its first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY, WORKING_DAYS = tuple(range(7)), tuple(range(5))
#: Members for all centres get a digest of each only where there are no more than so many.
FEW_CENTRES = 5
_NOON, _LATE = time(12), timedelta(hours=1)
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = 8  # days after which every day of the week has come again


@dataclass(frozen=True, slots=True)
class Plan:
    """At which wall time digests come, on which days of the week (Monday is 0)."""

    at: time = time(7)
    weekdays: tuple[int, ...] = EVERY_DAY

    def moment(self, day: date, zone: ZoneInfo) -> datetime | None:
        """Return when the digest of a day comes; None where none does."""
        if day.weekday() not in self.weekdays:
            return None
        return datetime.combine(day, self.at, zone).astimezone(UTC)

    def next_after(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the next digest comes, later than *now*; None where none ever does."""
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=number) for number in range(_WEEK))
        moments = (self.moment(day, zone) for day in days)
        return next((moment for moment in moments if moment is not None and moment > now), None)

    def useless_from(self, day: date, zone: ZoneInfo) -> datetime:
        """Return when the digest of a day is too late: at noon, or an hour after a time that is late itself."""
        noon = datetime.combine(day, _NOON, zone).astimezone(UTC)
        return max(noon, datetime.combine(day, self.at, zone).astimezone(UTC) + _LATE)


def days_in(text: str) -> tuple[int, ...] | None:
    """Read days of the week as on a command line: "mon-fri", "mon,wed,sat", "every", "none"; None if they are none."""
    text = text.strip().lower()
    if text in ("every", "none"):
        return EVERY_DAY if text == "every" else ()
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if first not in _NAMES or (last and last not in _NAMES):
            return None
        start, end = _NAMES.index(first), _NAMES.index(last or first)
        found |= {number % 7 for number in range(start, end + 1 if end >= start else end + 8)}
    return tuple(sorted(found))


def time_in(text: str) -> time | None:
    """Read a time of day written as 07:30; None if it is none."""
    if not re.fullmatch(r"\d{1,2}:\d{2}", text.strip()):
        return None
    hour, minute = map(int, text.strip().split(":"))
    return time(hour, minute) if hour < 24 and minute < 60 else None
