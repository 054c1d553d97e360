"""What members of staff may ask about requests: which are open, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.appointments import AppointmentId
from domain.staff.commands import NotAllowed, NoVisit, OfVisit, StaffCommand, StaffVisit, VisitsFound
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True)
class ShowRequests(StaffCommand[VisitsFound | NotAllowed]):
    """Which requests wait for one's answer? Each one shown is audited."""

    right: ClassVar = Right.REQUESTS
    results: ClassVar = (VisitsFound, NotAllowed)


@dataclass(frozen=True, slots=True)
class Answered:
    """The person is told: the visit is booked, or cancelled where it is not *accepted*."""

    visit: StaffVisit
    accepted: bool


@dataclass(frozen=True, slots=True)
class NotRequested:
    """It waits for no answer: somebody has answered, it was withdrawn, or the time is over."""

    visit: StaffVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest(OfVisit[Answered | NotRequested | NoVisit | NotAllowed]):
    """Confirm or decline a request for a visit to oneself, or with more rights to others."""

    appointment: AppointmentId
    accept: bool
    right: ClassVar = Right.REQUESTS
    results: ClassVar = (Answered, NotRequested, NoVisit, NotAllowed)
