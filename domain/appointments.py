"""Appointments: their states, what counts as a claim on a place, holds and references."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType

from domain.centres import Centre
from domain.patients import PatientId
from domain.practitioners import Practitioner

AppointmentId = NewType("AppointmentId", int)
SlotId = NewType("SlotId", int)

HOLD = timedelta(minutes=10)
# No 0 O 1 I L U V: nothing that is misread from a screen or misheard on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
REFERENCE_LENGTH = 6


class Status(StrEnum):
    """FHIR AppointmentStatus, as far as Frontdesk uses it; a hold is `pending`."""

    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    WAITLIST = "waitlist"
    ENTERED_IN_ERROR = "entered-in-error"


#: States that take a place of their slot (invariant I1).
CLAIMING = (Status.PENDING, Status.BOOKED, Status.ARRIVED, Status.FULFILLED)
#: States of which a person has at most one per course (invariant I2).
OPEN = (Status.PENDING, Status.BOOKED, Status.ARRIVED)


@dataclass(frozen=True, slots=True)
class Promise:
    """A dose of *product* on *day*, on the account of the priority group *group*."""

    product: str
    day: date
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A span of time at a centre with places for *programme*; *taken* is kept by the database."""

    id: SlotId
    centre: Centre
    programme: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    overbook: int
    taken: int
    is_open: bool
    reserve: int = 0
    practitioner: Practitioner | None = None

    @property
    def day(self) -> date:
        """The day at the centre on which it starts."""
        return self.centre.local(self.starts_at).date()

    def places_left(self, *, has_priority: bool) -> int:
        """Return how many places can be had, by people of a priority group or by anybody."""
        kept = 0 if has_priority else self.reserve
        return max(0, self.capacity + self.overbook - kept - self.taken) if self.is_open else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One person's claim on one place; *version* rises with every change; *promise* is the dose that goes with it.

    *moves* counts how often it was moved; of a *quiet* one nobody is reminded. *requested_at* is when it was asked for
    where a practitioner has to confirm it.
    """

    id: AppointmentId
    reference: str
    patient: PatientId
    patient_name: str
    slot: Slot
    course: str
    status: Status
    version: int
    expires_at: datetime | None = None
    promise: Promise | None = None
    moves: int = 0
    quiet: bool = False
    requested_at: datetime | None = None

    @property
    def is_request(self) -> bool:
        """Whether this waits for a practitioner's answer: its place is kept, and nothing is booked."""
        return self.status == Status.PENDING and self.requested_at is not None

    def is_lapsed(self, now: datetime) -> bool:
        """Say whether this is a hold whose time is over."""
        return self.status == Status.PENDING and self.expires_at is not None and self.expires_at <= now


def new_reference() -> str:
    """Return a short unguessable reference that carries no meaning."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))


def course_of(programme: str, dose: str) -> str:
    """Return the course: what a person may have only one open claim on."""
    return f"{programme}:{dose}"
