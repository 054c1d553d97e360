"""What staff may ask for people who walk in: which places there are today, and one of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.appointments import SlotId
from domain.centres import CentreId
from domain.priority import ANYBODY, Terms
from domain.staff.commands import AtCentre, NotAllowed, StaffVisit
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceToday:
    """A slot of today that is not over; *left* more people can come to it."""

    slot: SlotId
    programme: str
    starts_at: datetime
    left: int


@dataclass(frozen=True, slots=True)
class PlacesToday:
    """The slots of today that are not over, by time, the one that is going on first."""

    places: tuple[PlaceToday, ...]


@dataclass(frozen=True, slots=True)
class FindPlacesToday(AtCentre[PlacesToday | NotAllowed]):
    """Which open slots has a centre for the rest of the day?"""

    centre: CentreId
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (PlacesToday, NotAllowed)


@dataclass(frozen=True, slots=True)
class WalkedIn:
    """The person has a place and has arrived."""

    visit: StaffVisit


@dataclass(frozen=True, slots=True)
class PlaceGone:
    """That place was taken meanwhile, or its time is over."""


@dataclass(frozen=True, slots=True)
class NoDoseLeft:
    """There is a place, and no dose that is not promised to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWalkIn(AtCentre[WalkedIn | PlaceGone | NoDoseLeft | NotAllowed]):
    """Take in somebody who has no booking: a new person, who is written to nowhere."""

    centre: CentreId
    programme: str
    dose: str
    slot: SlotId
    name: str
    birth: date
    terms: Terms = ANYBODY
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (WalkedIn, PlaceGone, NoDoseLeft, NotAllowed)
