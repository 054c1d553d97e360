"""What staff may ask about visits that fell out: how it stands with each, and what they say on the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.appointments import AppointmentId, SlotId
from domain.centres import CentreId
from domain.commands import Moved, NotOpen, SlotFound, SlotGone
from domain.displacements import Cause, DisplacementId, State
from domain.staff.commands import AtCentre, NotAllowed, NoVisit, OfVisit, StaffVisit, Workplace
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Something that fell out, and how many of its visits are moved, cancelled, without answer, and were left alone.

    *silent* wait for an answer or for the offer itself; *lapsed* did not answer in time.
    """

    id: DisplacementId
    cause: Cause
    centre: Workplace
    start: datetime
    until: datetime
    is_open: bool
    product: str | None = None
    visits: int = 0
    moved: int = 0
    cancelled: int = 0
    silent: int = 0
    lapsed: int = 0
    withdrawn: int = 0
    to_telephone: int = 0


@dataclass(frozen=True, slots=True)
class Closures:
    """What fell out lately."""

    closures: tuple[Closure, ...]


@dataclass(frozen=True, slots=True)
class FindClosures(AtCentre[Closures | NotAllowed]):
    """What fell out lately at a centre?"""

    centre: CentreId
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (Closures, NotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplacedVisit:
    """A visit that fell out: how it stands, until when an answer is waited for, whether somebody telephoned.

    *is_unreached*: no channel took the message.
    """

    visit: StaffVisit
    state: State
    until: datetime | None = None
    is_telephoned: bool = False
    is_unreached: bool = False


@dataclass(frozen=True, slots=True)
class ClosureShown:
    """A closure with the visits of a page; *has_more*: there are more."""

    closure: Closure
    visits: tuple[DisplacedVisit, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class NoClosure:
    """There is no such closure at one's centres."""


@dataclass(frozen=True, slots=True)
class ShowClosure(AtCentre[ClosureShown | NoClosure | NotAllowed]):
    """Whom does a closure concern, and how does it stand with each? Each one shown is audited."""

    centre: CentreId
    displacement: DisplacementId
    page: int = 0
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (ClosureShown, NoClosure, NotAllowed)


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What one needs to telephone somebody: the visit, the places held, a number where one is known."""

    displaced: DisplacedVisit
    places: tuple[SlotFound, ...]
    number: str | None = None


@dataclass(frozen=True, slots=True)
class NotWaiting:
    """The visit waits for no answer: it is moved, cancelled, or can take place."""

    visit: StaffVisit


@dataclass(frozen=True, slots=True)
class FindCallSheet(OfVisit[CallSheet | NotWaiting | NoVisit | NotAllowed]):
    """What is held for somebody whose visit fell out, and how are they rung?"""

    appointment: AppointmentId
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (CallSheet, NotWaiting, NoVisit, NotAllowed)


@dataclass(frozen=True, slots=True)
class MoveByHand(OfVisit[Moved | SlotGone | NotOpen | NoVisit | NotAllowed]):
    """Move a visit that fell out to a place held for it, as its person said on the telephone."""

    appointment: AppointmentId
    slot: SlotId
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (Moved, SlotGone, NotOpen, NoVisit, NotAllowed)


@dataclass(frozen=True, slots=True)
class Noted:
    """It is on record."""


@dataclass(frozen=True, slots=True)
class CancelByHand(OfVisit[Noted | NotOpen | NoVisit | NotAllowed]):
    """Cancel a visit that fell out, as its person said on the telephone."""

    appointment: AppointmentId
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (Noted, NotOpen, NoVisit, NotAllowed)


@dataclass(frozen=True, slots=True)
class NoteCall(OfVisit[Noted | NotOpen | NoVisit | NotAllowed]):
    """Record that somebody telephoned; the places stay held."""

    appointment: AppointmentId
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (Noted, NotOpen, NoVisit, NotAllowed)
