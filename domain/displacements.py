"""Visits that fall out: whom that concerns, what is held for them, and until when they may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from domain.appointments import Appointment, AppointmentId
from domain.patients import ContactId

DisplacementId = NewType("DisplacementId", int)
DisplacedId = NewType("DisplacedId", int)

#: How many places are held for each.
HELD = 3
#: So long before the visit an answer is needed, and so long after they were asked at least, unless the visit is sooner.
BEFORE, AT_LEAST = timedelta(hours=24), timedelta(hours=24)


class Cause(StrEnum):
    """Why visits fall out."""

    CLOSED = "closed"
    ILL = "ill"
    LOSS = "loss"


class State(StrEnum):
    """How it stands with one visit.

    It waits to be offered something else, or to be told that it can take place after all (withdrawing); offered, it
    waits for an answer. All others are ends: moved, cancelled, lapsed without an answer, withdrawn.
    """

    WAITING = "waiting"
    OFFERED = "offered"
    WITHDRAWING = "withdrawing"
    MOVED = "moved"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """A visit that falls out, at the moment locked: the *holds* are the appointments in its place, by time.

    *contact* is who booked.
    """

    id: DisplacedId
    displacement: DisplacementId
    cause: Cause
    appointment: AppointmentId
    slot: int
    state: State
    contact: ContactId
    deadline_at: datetime | None = None
    offered_at: datetime | None = None
    holds: tuple[Appointment, ...] = ()


def deadline_of(visit_at: datetime, now: datetime) -> datetime:
    """Return until when an answer is waited for: a day before the visit or a day from now, whichever is later.

    It is never later than the visit itself.
    """
    return min(max(visit_at - BEFORE, now + AT_LEAST), visit_at)


def course_of_hold(displaced: DisplacedId, number: int) -> str:
    """Return the course of a place held: one of its own, that no programme has and nobody books."""
    return f"offer:{displaced}:{number}"
