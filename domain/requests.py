"""Requests: places that are kept until whoever is to see the person confirms or declines, or lets the time pass.

A request is an appointment in `pending` with the moment at which it was asked for. What is to be told of it, to staff
and to the person, is planned with the reminders, in the transaction that changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.appointments import Appointment, AppointmentId, Status
from domain.commands import Requested
from domain.context import Context, claim_of
from domain.ports import Store

#: What is told at once: to staff that somebody asks, and to the person what became of it.
ASKED, CONFIRMED, DECLINED, UNANSWERED = "asked", "confirmed", "declined", "unanswered"


async def request(claims: Sequence[Appointment], context: Context) -> Requested:
    """Make requests of holds, to be answered before the visit and within the programme's time."""
    store, now = context.store, context.now
    asked: list[Appointment] = []
    for claim in claims:
        until = min(now + context.policy(claim.slot.programme).confirm, claim.slot.starts_at)
        await store.appointments.change(claim.id, expires_at=until, requested_at=now)
        asked.append(await store.appointments.by_id(claim.id))
        await store.reminders.plan(asked[-1], [(ASKED, now)])
    return Requested(tuple(map(claim_of, asked)), min(one.expires_at or now for one in asked))


async def let_go(store: Store, found: Appointment, kind: str, now: datetime) -> None:
    """Cancel a request, which is locked, and have the person told so as *kind*."""
    await store.reminders.silence(found.id)
    await store.appointments.change(found.id, status=Status.CANCELLED)
    await store.reminders.plan(await store.appointments.by_id(found.id), [(kind, now)])


async def expire(store: Store, appointment: AppointmentId, now: datetime) -> bool:
    """Let go of a request that nobody has answered in time; say whether it was still one."""
    found = await store.appointments.by_id(appointment)
    if not found.is_request or not found.is_lapsed(now):
        return False
    await let_go(store, found, UNANSWERED, now)
    return True
