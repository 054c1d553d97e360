"""Staff who are there for a visit by video: the person they are to see is told that they wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from domain.appointments import AppointmentId, Status
from domain.context import Context
from domain.staff.commands import NotAllowed, StaffCommand, StaffVisit
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.rights import Right
from domain.video import EARLY, PRACTITIONER_HERE


@dataclass(frozen=True, slots=True)
class PresentTold:
    """The person is told that somebody waits for them."""

    visit: StaffVisit


@dataclass(frozen=True, slots=True)
class SeveralPresent:
    """Several are to be seen now."""

    visits: tuple[StaffVisit, ...]


@dataclass(frozen=True, slots=True)
class NobodyNow:
    """Nobody is to be seen by video now, or shortly."""


@dataclass(frozen=True, slots=True)
class SayPresent(StaffCommand[PresentTold | SeveralPresent | NobodyNow | NotAllowed]):
    """Be there for a visit by video to oneself: for *appointment*, or the one that there is now."""

    appointment: AppointmentId | None = None
    right: ClassVar = Right.REQUESTS
    results: ClassVar = (PresentTold, SeveralPresent, NobodyNow, NotAllowed)


async def _present(
    command: SayPresent, member: Member, context: Context
) -> PresentTold | SeveralPresent | NobodyNow | NotAllowed:
    store, now = context.store, context.now
    found = [
        visit
        for visit in await store.staff_requests.visits_to(member.id, from_when=now, until=now + EARLY)
        if context.policy(visit.programme).video and command.appointment in (None, visit.id)
    ]
    await store.staff_visits.looked_at([visit.id for visit in found], "present")
    if not found:
        return NobodyNow()
    if len(found) > 1:
        return SeveralPresent(tuple(found))
    appointment = await store.appointments.by_id(found[0].id)
    if appointment.status not in (Status.BOOKED, Status.ARRIVED):
        return NobodyNow()
    await store.reminders.plan_once(appointment, PRACTITIONER_HERE, now)
    return PresentTold(found[0])


HANDLES: Mapping[type, Handler] = {SayPresent: _present}
