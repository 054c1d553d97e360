"""Patients who say themselves that they are here: from an hour before a visit until its end, for their own people."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.appointments import Appointment, Status
from domain.attendance import Attended, attend
from domain.centres import CentreId
from domain.context import Context, claim_of
from domain.presence_commands import Arrived, NotYet, NoVisitNow, SayArrived

EARLY = timedelta(minutes=60)


async def say_arrived(command: SayArrived, context: Context) -> Arrived | NotYet | NoVisitNow:
    """Mark whoever of the caller's people has a visit now as arrived; all of them come together."""
    store = context.store
    known = await store.appointments.appointments_of(context.contact, context.now)
    now = [one for one in known if _is_now(one, command.centre, context.now)]
    if not now:
        return NotYet(claim_of(known[0])) if known else NoVisitNow()
    news = []
    for one in sorted(now, key=lambda one: one.id):
        found = await store.appointments.by_id(one.id)
        done = await attend(store, found, Status.ARRIVED, context.now)
        news.append(isinstance(done, Attended) and not done.again)
    marked = [await store.appointments.by_id(one.id) for one in now]
    return Arrived(tuple(map(claim_of, marked)), again=not any(news))


def _is_now(one: Appointment, centre: CentreId | None, now: datetime) -> bool:
    is_there = centre is None or one.slot.centre.id == centre
    is_open = one.status in (Status.BOOKED, Status.ARRIVED)
    return is_there and is_open and one.slot.starts_at - EARLY <= now < one.slot.ends_at
