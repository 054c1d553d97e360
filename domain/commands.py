"""What may be asked of the domain, and the results that each command can have.

A command names its possible results in `results`; a script takes them apart with `match`. Commands carry ids only:
who calls comes from the context in which a handler runs, never from the command.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from domain.appointments import AppointmentId, SlotId, Status
from domain.centres import Centre, CentreId, Position
from domain.patients import Channel, PatientId
from domain.practitioners import Practitioner
from domain.priority import ANYBODY, Terms

R = TypeVar("R", covariant=True)


class Command(Generic[R]):
    """Something to be carried out; *R* is the union of its results."""

    __slots__ = ()
    results: ClassVar[tuple[type, ...]]

    def after(self, _before: Any) -> Command[R]:
        """Return what to carry out where the same step came to *before* with other values."""
        return self


# ---- people


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A patient as the dialog knows one; *facts* are lasting answers by criterion key."""

    id: PatientId
    name: str
    birth: date
    facts: tuple[tuple[str, str], ...] = ()
    last_centre: CentreId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who writes: whether they agreed that answers are kept, and the people this contact may book for.

    *has_number*: the contact is a telephone number, by which they can be rung.
    """

    consented: bool
    has_number: bool = True
    me: Person | None = None
    household: tuple[Person, ...] = ()
    courses: tuple[str, ...] = ()

    def person(self, patient: PatientId) -> Person | None:
        """Return the one called *patient* among me and my household."""
        people = (self.me, *self.household) if self.me else self.household
        return next((one for one in people if one.id == patient), None)


@dataclass(frozen=True, slots=True)
class WhoIsThis(Command[Caller]):
    """Who writes from this contact?"""

    results: ClassVar = (Caller,)


@dataclass(frozen=True, slots=True)
class ConsentKept:
    """The consent is on record with its time."""


@dataclass(frozen=True, slots=True)
class KeepConsent(Command[ConsentKept]):
    """Record that this contact agreed."""

    results: ClassVar = (ConsentKept,)


@dataclass(frozen=True, slots=True)
class PatientKept:
    """The person is on record as *patient*; *is_me*: the one who writes."""

    patient: PatientId
    is_me: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPatient(Command[PatientKept]):
    """Put a person on record, or bring *patient* up to date; *is_me*: the one who writes from this contact."""

    patient: PatientId | None
    is_me: bool
    name: str
    birth: date
    facts: tuple[tuple[str, str], ...] = ()
    results: ClassVar = (PatientKept,)

    def after(self, before: PatientKept) -> KeepPatient:
        """Correct the person that was put on record, instead of adding another."""
        is_the_same = self.patient is None and before.is_me == self.is_me
        return replace(self, patient=before.patient) if is_the_same else self


# ---- places


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point with the name people call it by; *near* is a larger place near it, where the name does not tell.

    A town with centres has its *country* and the first of its *postcode*s.
    """

    label: str
    position: Position
    near: str = ""
    country: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """There is one such place."""

    place: Place


@dataclass(frozen=True, slots=True)
class SeveralPlaces:
    """Several places are called so."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class NoSuchPlace:
    """No place known here is called so."""


@dataclass(frozen=True, slots=True)
class FindPlace(Command[PlaceFound | SeveralPlaces | NoSuchPlace]):
    """Where is the town or postcode *text*?"""

    text: str
    results: ClassVar = (PlaceFound, SeveralPlaces, NoSuchPlace)


@dataclass(frozen=True, slots=True)
class CentreFound:
    """There is such a centre."""

    centre: Centre


@dataclass(frozen=True, slots=True)
class NoSuchCentre:
    """There is no such centre, or it has closed."""


@dataclass(frozen=True, slots=True)
class FindCentre(Command[CentreFound | NoSuchCentre]):
    """Which centre has this id?"""

    centre: CentreId
    results: ClassVar = (CentreFound, NoSuchCentre)


# ---- appointments


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An appointment as the dialog shows it; until *answer_by* it is a request that waits for an answer.

    *fell_out*: its slot is closed, so that it cannot take place there.
    """

    id: AppointmentId
    reference: str
    patient: PatientId
    patient_name: str
    programme: str
    dose: str
    status: Status
    version: int
    slot: SlotId
    starts_at: datetime
    ends_at: datetime
    centre: Centre
    product: str | None = None
    moves: int = 0
    is_quiet: bool = False
    practitioner: Practitioner | None = None
    answer_by: datetime | None = None
    fell_out: bool = False


@dataclass(frozen=True, slots=True)
class DoseSlot:
    """A place wanted for one dose of a programme."""

    dose: str
    slot: SlotId


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFound:
    """A free place."""

    slot: SlotId
    starts_at: datetime
    ends_at: datetime
    centre: Centre
    practitioner: Practitioner | None = None


@dataclass(frozen=True, slots=True)
class NoSlot:
    """There is no free place that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindFollowUp(Command[SlotFound | NoSlot]):
    """Which free place at the same centre is nearest in time of day, [*after_days*, *before_days*) later?

    It is with the same practitioner, where the first one is with any.
    """

    slot: SlotId
    after_days: int
    before_days: int
    terms: Terms = ANYBODY
    results: ClassVar = (SlotFound, NoSlot)


@dataclass(frozen=True, slots=True)
class Held:
    """The places are kept for this person until *until*."""

    claims: tuple[Claim, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class SlotGone:
    """That place cannot be had any more; *starts_at* is when it was, if there is such a slot at all."""

    dose: str
    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """This person has a place for this already."""

    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSlots(Command[Held | SlotGone | AlreadyBooked]):
    """Keep one place for each dose, all or none, for the time of a hold; earlier holds of the course move along."""

    patient: PatientId
    programme: str
    wanted: tuple[DoseSlot, ...]
    terms: Terms = ANYBODY
    results: ClassVar = (Held, SlotGone, AlreadyBooked)


@dataclass(frozen=True, slots=True)
class Booked:
    """The places are this person's."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Requested:
    """The places are kept for this person until whoever is to see them has answered, at the latest by *until*."""

    claims: tuple[Claim, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSlots(Command[Booked | Requested | SlotGone | AlreadyBooked]):
    """Book what is held; where the hold has run out, take the places again if they are free.

    Where the programme wants it confirmed by whoever is to see the person, it is requested.
    """

    patient: PatientId
    programme: str
    wanted: tuple[DoseSlot, ...]
    terms: Terms = ANYBODY
    results: ClassVar = (Booked, Requested, SlotGone, AlreadyBooked)


@dataclass(frozen=True, slots=True)
class Mine:
    """The open bookings of the caller and their household, by time."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class MyAppointments(Command[Mine]):
    """Which bookings are open for the people of this contact?"""

    results: ClassVar = (Mine,)


@dataclass(frozen=True, slots=True)
class Past:
    """Visits that are over or cancelled, newest first; *has_more*: there are older ones."""

    claims: tuple[Claim, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class PastAppointments(Command[Past]):
    """Which visits of the caller's people are over? *page* counts from 0, with *at_once* to a page."""

    page: int = 0
    at_once: int = 10
    results: ClassVar = (Past,)


@dataclass(frozen=True, slots=True)
class Moved:
    """The same appointment is now at another time or place."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class NotOpen:
    """The appointment is over, cancelled, or changed since it was shown."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """It could be changed here until *until* only."""

    until: datetime


@dataclass(frozen=True, slots=True)
class TooOften:
    """It has been moved *most* times, as often as it can be."""

    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAppointment(Command[Moved | SlotGone | NotOpen | TooLate | TooOften]):
    """Move an appointment as it stands in *version* to *slot*; the old place is kept if that fails.

    The new day must lie in [*first*, *last*) where those are given: other doses of the course may need that.
    """

    appointment: AppointmentId
    version: int
    slot: SlotId
    first: date | None = None
    last: date | None = None
    terms: Terms = ANYBODY
    results: ClassVar = (Moved, SlotGone, NotOpen, TooLate, TooOften)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The appointment is cancelled and its place free."""

    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAppointment(Command[Cancelled | NotOpen | TooLate]):
    """Cancel an appointment, a hold included."""

    appointment: AppointmentId
    results: ClassVar = (Cancelled, NotOpen, TooLate)


# ---- what is answered to reminders


@dataclass(frozen=True, slots=True)
class VisitFound:
    """The appointment as it stands; *is_accepted*: the person has said that they will come."""

    claim: Claim
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class NoSuchVisit:
    """There is no such appointment that this contact may know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindVisit(Command[VisitFound | NoSuchVisit]):
    """How does this appointment stand, of the caller's people or one that they were reminded of?"""

    appointment: AppointmentId
    results: ClassVar = (VisitFound, NoSuchVisit)


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is on record that the person will come; *again*: it was before."""

    claim: Claim
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAppointment(Command[Accepted | NotOpen]):
    """Record that the person will come."""

    appointment: AppointmentId
    results: ClassVar = (Accepted, NotOpen)


@dataclass(frozen=True, slots=True)
class Silenced:
    """Nobody is reminded of it any more."""

    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceAppointment(Command[Silenced | NotOpen]):
    """Remind nobody of this appointment any more."""

    appointment: AppointmentId
    results: ClassVar = (Silenced, NotOpen)


# ---- what was written


class Fate(StrEnum):
    """What became of a message, as far as it is known."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message to the person: when it went out or was to go, by which channel, and its fate."""

    at: datetime
    channel: Channel
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNews:
    """What was said of a visit to come, newest first, and when more is to be said."""

    claim: Claim
    told: tuple[Sent, ...] = ()
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The true state: whether and since when messages are stopped, the last question sent before, and each visit."""

    visits: tuple[VisitNews, ...] = ()
    last: Sent | None = None
    stopped_at: datetime | None = None
    stopped_by: str = ""


@dataclass(frozen=True, slots=True)
class Explain(Command[Explained]):
    """What was written to this person, how did it fare, and what comes next?"""

    results: ClassVar = (Explained,)


# ---- later


@dataclass(frozen=True, slots=True)
class Remembered:
    """The person will be written to on *due_on*."""

    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberRecommendation(Command[Remembered]):
    """Write to this contact when *due_on* has come, from which day on they may have *programme*.

    Where it is remembered for an earlier day already, that day stays: it may be another person's.
    """

    programme: str
    due_on: date
    results: ClassVar = (Remembered,)


# ---- staff


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """Staff have it on their list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask(Command[TaskOpened]):
    """Ask a member of staff to look: *kind* says at what; *note*, where it is given, replaces an earlier one."""

    kind: str
    note: str = ""
    results: ClassVar = (TaskOpened,)
