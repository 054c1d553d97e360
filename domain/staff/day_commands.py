"""What members of staff may ask about a centre's day, and what a day is in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.staff.commands import (
    AtCentre,
    CannotMark,
    Marked,
    NotAllowed,
    NoVisit,
    OfVisit,
    StaffVisit,
    Workplace,
)
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour of the centre's wall clock, in visits that begin in it.

    *booked* are all that people have, however they stand; those still to come are *confirmed* in the version that
    stands, *silent* (reminded of it and no answer), *unreachable* (nobody could be reminded), or none of these.
    *empty* are places that anybody could still take.
    """

    starts_at: datetime
    booked: int = 0
    confirmed: int = 0
    silent: int = 0
    unreachable: int = 0
    arrived: int = 0
    done: int = 0
    missed: int = 0
    empty: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """Doses of a product that are *good* on a day, and how many of that day's visits are *promised* one."""

    product: str
    good: int
    promised: int

    @property
    def short(self) -> int:
        return max(0, self.promised - self.good)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLeft:
    """A lot with doses left, and the last day on which they are good."""

    product: str
    number: str
    expires_on: date
    doses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """A day of a centre: hours with anything in them, doses, *lots* that expire within a week, open *tasks*."""

    centre: Workplace
    day: date
    hours: tuple[Hour, ...] = ()
    doses: tuple[Doses, ...] = ()
    lots: tuple[LotLeft, ...] = ()
    tasks: int = 0
    oldest_task: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.centre.tz)

    @property
    def booked(self) -> int:
        return sum(hour.booked for hour in self.hours)

    @property
    def silent(self) -> int:
        return sum(hour.silent for hour in self.hours)

    @property
    def unreachable(self) -> int:
        return sum(hour.unreachable for hour in self.hours)

    @property
    def exceptions(self) -> int:
        """How many things are not as they should be, each kind counted once for what is behind it."""
        short = sum(1 for one in self.doses if one.short)
        return short + self.silent + self.unreachable + len(self.lots) + self.tasks

    @property
    def says_nothing(self) -> bool:
        return not self.hours and not self.tasks


@dataclass(frozen=True, slots=True)
class ShowDay(AtCentre[DaySummary | NotAllowed]):
    """How is a centre's day, in numbers?"""

    centre: CentreId
    day: date
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (DaySummary, NotAllowed)


# ---- what is behind the numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Somebody to be telephoned about a visit; *number* where one is known, *reminded*: they have not answered."""

    visit: StaffVisit
    number: str | None
    reminded: bool


@dataclass(frozen=True, slots=True)
class Calls:
    """Whom to telephone, by time; *has_more*: there are more than are shown."""

    calls: tuple[Call, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class ShowCalls(AtCentre[Calls | NotAllowed]):
    """Who of a day did not answer, or could not be reminded? Each one shown is audited."""

    centre: CentreId
    day: date
    page: int = 0
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (Calls, NotAllowed)


@dataclass(frozen=True, slots=True)
class ConfirmVisit(OfVisit[Marked | CannotMark | NoVisit | NotAllowed]):
    """Record that somebody said, such as on the telephone, that they will come."""

    appointment: AppointmentId
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (Marked, CannotMark, NoVisit, NotAllowed)


@dataclass(frozen=True, slots=True)
class DosesFound:
    """Doses of today, the lots with any left, and the references of visits that are proposed to be moved."""

    doses: tuple[Doses, ...]
    lots: tuple[LotLeft, ...]
    to_move: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowDoses(AtCentre[DosesFound | NotAllowed]):
    """Which doses has a centre, until when are they good, and for whom are there none?"""

    centre: CentreId
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (DosesFound, NotAllowed)
