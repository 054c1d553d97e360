"""Visits as staff find and mark them. Every visit that is shown is written down as looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from domain.appointments import REFERENCE_LENGTH, REFERENCE_LETTERS
from domain.attendance import Attended, attend
from domain.context import Context
from domain.staff import commands
from domain.staff.commands import CannotMark, Marked, NotAllowed, NoVisit, StaffVisit, VisitsFound
from domain.staff.handling import Handler
from domain.staff.members import Member

PAGE = 10
_BEFORE, _AFTER = timedelta(days=7), timedelta(days=60)  # around now, in which people are found by name
_REFERENCE = re.compile(rf"[{REFERENCE_LETTERS}]{{{REFERENCE_LENGTH}}}")


async def _find(command: commands.FindVisits, member: Member, context: Context) -> VisitsFound:
    centres = member.centres(command.right)
    text = command.text.strip()
    found: list[StaffVisit] = []
    if _REFERENCE.fullmatch(text.upper()):
        visit = await context.store.staff_visits.by_reference(text.upper())
        found = [visit] if visit is not None and (centres is None or visit.centre.id in centres) else []
    if not found:
        found = await context.store.staff_visits.by_name(
            text, centres, start=context.now - _BEFORE, until=context.now + _AFTER, limit=PAGE + 1
        )
    return await _shown(found[:PAGE], len(found) > PAGE, "find", context)


async def _of_day(command: commands.VisitsOfDay, _member: Member, context: Context) -> VisitsFound:
    found = await context.store.staff_visits.of_day(command.centre, command.day)
    if command.still_to_come:
        found = [visit for visit in found if visit.ends_at > context.now and visit.status in ("booked", "arrived")]
    start = command.page * PAGE
    return await _shown(found[start : start + PAGE], len(found) > start + PAGE, "day", context)


async def _shown(found: Sequence[StaffVisit], has_more: bool, action: str, context: Context) -> VisitsFound:
    await context.store.staff_visits.looked_at([visit.id for visit in found], action)
    return VisitsFound(tuple(found), has_more)


async def _mark(
    command: commands.MarkVisit, _member: Member, context: Context
) -> Marked | CannotMark | NoVisit | NotAllowed:
    store = context.store
    done = await attend(store, await store.appointments.by_id(command.appointment), command.status, context.now)
    visit = await store.staff_visits.visit(command.appointment)
    if visit is None:
        return NoVisit()
    return Marked(visit, done.again) if isinstance(done, Attended) else CannotMark(visit)


HANDLES: Mapping[type, Handler] = {
    commands.FindVisits: _find,
    commands.VisitsOfDay: _of_day,
    commands.MarkVisit: _mark,
}
