"""What a practitioner may ask about their own shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.staff.commands import NotAllowed, StaffCommand, Workplace
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """From when until when somebody is at a centre on a day, and how many people they are to see there."""

    day: date
    centre: Workplace
    starts_at: datetime
    ends_at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Shifts:
    """The shifts of the next days, by time."""

    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class NoPractitioner:
    """Who asks is on no list of practitioners."""


@dataclass(frozen=True, slots=True)
class ShowShifts(StaffCommand[Shifts | NoPractitioner | NotAllowed]):
    """When and where does one work in the next two weeks?"""

    right: ClassVar = Right.SHIFTS
    results: ClassVar = (Shifts, NoPractitioner, NotAllowed)


@dataclass(frozen=True, slots=True)
class DayOff:
    """The day is off; so many *slots* are offered no more."""

    day: date
    slots: int


@dataclass(frozen=True, slots=True)
class MustMoveFirst:
    """So many *people* have places on that day: they must be moved first, and nothing is changed."""

    day: date
    people: int


@dataclass(frozen=True, slots=True)
class TakeDayOff(StaffCommand[DayOff | MustMoveFirst | NoPractitioner | NotAllowed]):
    """Be nowhere on a day, unless somebody would lose a place by it."""

    day: date
    right: ClassVar = Right.SHIFTS
    results: ClassVar = (DayOff, MustMoveFirst, NoPractitioner, NotAllowed)
