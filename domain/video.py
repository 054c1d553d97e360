"""Visits by video: the room of each, and "I am here", said by either side from shortly before until the end."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from domain.appointments import Appointment, AppointmentId, Status
from domain.commands import Claim, Command
from domain.context import Context, claim_of

#: What is told at once: to either side that the other one waits.
PATIENT_HERE, PRACTITIONER_HERE = "patient-here", "practitioner-here"
#: From so long before the visit on one can say that one is there.
EARLY = timedelta(minutes=15)
ROOM = "{room}"


def room(secret: bytes, appointment: int) -> str:
    """Return the name of an appointment's room, which nobody can guess and which stays when it is moved."""
    digest = hmac.new(secret, f"room\0{appointment}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:15]).decode().lower()


def link(pattern: str, secret: bytes, appointment: int) -> str:
    """Return the address of an appointment's room."""
    return pattern.replace(ROOM, room(secret, appointment))


def is_time(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Say whether somebody may be there already, or still."""
    return starts_at - EARLY <= now < ends_at


@dataclass(frozen=True, slots=True)
class HereTold:
    """Whoever is to see the person is told that they wait."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class TooEarly:
    """It is too early for that; the visit is later."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class NoVideoVisit:
    """There is no such visit by video to come."""


@dataclass(frozen=True, slots=True)
class SayHere(Command[HereTold | TooEarly | NoVideoVisit]):
    """Be there for a visit by video: for *appointment*, or the next one."""

    appointment: AppointmentId | None = None
    results: ClassVar = (HereTold, TooEarly, NoVideoVisit)


async def say_here(command: SayHere, context: Context) -> HereTold | TooEarly | NoVideoVisit:
    """Have it told to whoever is to see the person; once, however often it is said."""
    found = await _to_come(command, context)
    if found is None:
        return NoVideoVisit()
    if not is_time(found.slot.starts_at, found.slot.ends_at, context.now):
        return TooEarly(claim_of(found))
    await context.store.reminders.plan_once(found, PATIENT_HERE, context.now)
    return HereTold(claim_of(found))


async def _to_come(command: SayHere, context: Context) -> Appointment | None:
    mine = await context.store.appointments.appointments_of(context.contact, context.now)
    return next(
        (
            one
            for one in mine
            if command.appointment in (None, one.id)
            and one.status in (Status.BOOKED, Status.ARRIVED)
            and context.policy(one.slot.programme).video
        ),
        None,
    )
