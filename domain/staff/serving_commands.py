"""What staff may ask about serving: which lots can be used, what was given, and that a wrong tap is undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, NewType

from domain.appointments import AppointmentId
from domain.staff.commands import CannotMark, NotAllowed, NoVisit, OfVisit, StaffCommand, StaffVisit, VisitsFound
from domain.staff.rights import Right

LotId = NewType("LotId", int)
UNDO_WITHIN = timedelta(days=1)  # at most; the day at the centre ends before


@dataclass(frozen=True, slots=True, kw_only=True)
class LotInHand:
    """A lot of *product* at a centre, good until *expires_on*, with so many doses *on_hand*."""

    id: LotId
    product: str
    number: str
    expires_on: date
    on_hand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody was given at a visit: a dose of *product* from *lot*; nothing that is counted without them."""

    product: str | None = None
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class LotsFound:
    """The lots that a visit can be served from, the likeliest first; *given* is what is on record already."""

    visit: StaffVisit
    lots: tuple[LotInHand, ...] = ()
    given: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLots(OfVisit[LotsFound | NoVisit | NotAllowed]):
    """From which lots of *products* can a visit be served today? First the product promised, first what expires."""

    appointment: AppointmentId
    products: tuple[str, ...]
    right: ClassVar = Right.SERVE
    results: ClassVar = (LotsFound, NoVisit, NotAllowed)


@dataclass(frozen=True, slots=True)
class Served:
    """It is on record that the person was served; *again*: it was before, and nothing more was used."""

    visit: StaffVisit
    given: Given
    again: bool = False


@dataclass(frozen=True, slots=True)
class LotGone:
    """The lot has no dose left, is too old, or is not at the centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeVisit(OfVisit[Served | LotGone | CannotMark | NoVisit | NotAllowed]):
    """Record that somebody was served, with a dose of a *lot* where doses are counted."""

    appointment: AppointmentId
    lot: LotId | None
    right: ClassVar = Right.SERVE
    results: ClassVar = (Served, LotGone, CannotMark, NoVisit, NotAllowed)


@dataclass(frozen=True, slots=True)
class Undone:
    """The visit is as before: the person has arrived, and the dose is back."""

    visit: StaffVisit


@dataclass(frozen=True, slots=True)
class CannotUndo:
    """It was not recorded today, or the person has booked anew since."""

    visit: StaffVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoServing(OfVisit[Undone | CannotUndo | NoVisit | NotAllowed]):
    """Take back that somebody was served, on the same day: it was a wrong tap."""

    appointment: AppointmentId
    right: ClassVar = Right.SERVE
    results: ClassVar = (Undone, CannotUndo, NoVisit, NotAllowed)


@dataclass(frozen=True, slots=True)
class FindLastServed(StaffCommand[VisitsFound | NotAllowed]):
    """Which visit did who asks record last as served? It is audited."""

    right: ClassVar = Right.SERVE
    results: ClassVar = (VisitsFound, NotAllowed)
