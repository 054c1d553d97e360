"""Requests answered by staff: each by whoever is to see the person, or by those who manage the centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.appointments import Status
from domain.booking import plan
from domain.context import Context
from domain.requests import CONFIRMED, DECLINED, let_go
from domain.staff.commands import NotAllowed, NoVisit, StaffVisit, VisitsFound
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.request_commands import Answered, AnswerRequest, NotRequested, ShowRequests
from domain.staff.rights import Right

AT_ONCE = 10


async def _show(_command: ShowRequests, member: Member, context: Context) -> VisitsFound:
    found = await context.store.staff_requests.open_requests(
        member.id, member.centres(Right.ALL_REQUESTS), limit=AT_ONCE + 1
    )
    shown = found[:AT_ONCE]
    await context.store.staff_visits.looked_at([visit.id for visit in shown], "request")
    return VisitsFound(tuple(shown), has_more=len(found) > AT_ONCE)


async def _answer(
    command: AnswerRequest, member: Member, context: Context
) -> Answered | NotRequested | NoVisit | NotAllowed:
    """Answer once: of several who answer at the same time the first one counts."""
    store = context.store
    found = await store.appointments.by_id(command.appointment)  # locked: what is read after it stands
    visit = await store.staff_visits.visit(command.appointment)
    if visit is None:
        return NoVisit()
    if not await _is_theirs(visit, member, context):
        return NotAllowed()
    await store.staff_visits.looked_at([visit.id], "request")
    if not found.is_request or found.is_lapsed(context.now):
        return NotRequested(visit)
    if not command.accept:
        await let_go(store, found, DECLINED, context.now)
        return Answered(replace(visit, status=Status.CANCELLED), accepted=False)
    await store.reminders.silence(found.id)
    await store.appointments.change(found.id, status=Status.BOOKED)
    booked = await store.appointments.by_id(found.id)
    await plan(booked, context)
    await store.reminders.plan(booked, [(CONFIRMED, context.now)])
    return Answered(replace(visit, status=Status.BOOKED), accepted=True)


async def _is_theirs(visit: StaffVisit, member: Member, context: Context) -> bool:
    """Say whether an answer is theirs to give: of visits to others those who manage the centre give it."""
    if member.may(Right.ALL_REQUESTS, visit.centre.id):
        return True
    return await context.store.staff_requests.seen_by(visit.id) == member.id


HANDLES: Mapping[type, Handler] = {ShowRequests: _show, AnswerRequest: _answer}
