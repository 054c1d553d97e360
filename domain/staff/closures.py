"""Visits that fell out as staff look after them: who answered, who is silent, what was said on the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from domain.appointments import Status
from domain.commands import Moved, NotOpen, SlotGone
from domain.context import Context
from domain.displaced import cancel, places_held, take
from domain.displaced_commands import TakeAlternative
from domain.displacements import State
from domain.staff import closure_commands as commands
from domain.staff.commands import NoVisit
from domain.staff.handling import Handler
from domain.staff.members import Member

LATELY = timedelta(days=7)
PAGE = 8


async def _find_closures(command: commands.FindClosures, _member: Member, context: Context) -> commands.Closures:
    return commands.Closures(tuple(await context.store.displacements.closures(command.centre, LATELY)))


async def _show_closure(
    command: commands.ShowClosure, _member: Member, context: Context
) -> commands.ClosureShown | commands.NoClosure:
    found = await context.store.displacements.closure(command.displacement)
    if found is None or found.centre.id != command.centre:
        return commands.NoClosure()
    visits = await context.store.displacements.visits_of(command.displacement)
    start = command.page * PAGE
    shown = tuple(visits[start : start + PAGE])
    await context.store.staff_visits.looked_at([one.visit.id for one in shown], "closure")
    return commands.ClosureShown(found, shown, has_more=len(visits) > start + PAGE)


async def _find_call_sheet(
    command: commands.FindCallSheet, member: Member, context: Context
) -> commands.CallSheet | commands.NotWaiting | NoVisit:
    """Return what is held, and a number: not where others read along."""
    store = context.store
    visit = await store.staff_visits.visit(command.appointment)
    if visit is None:
        return NoVisit()
    await store.staff_visits.looked_at([visit.id], "telephone")
    live = await store.displacements.live(command.appointment)
    known = await store.displacements.visit(command.appointment)
    if live is None or known is None:
        return commands.NotWaiting(visit)
    number = None if member.is_in_group else await store.displacements.number(command.appointment)
    return commands.CallSheet(known, places_held(live), number)


async def _move(command: commands.MoveByHand, _member: Member, context: Context) -> Moved | SlotGone | NotOpen:
    return await take(TakeAlternative(appointment=command.appointment, slot=command.slot), context)


async def _cancel(command: commands.CancelByHand, _member: Member, context: Context) -> commands.Noted | NotOpen:
    found = await context.store.displacements.live(command.appointment)
    visit = await context.store.appointments.by_id(command.appointment)
    if found is None or visit.status != Status.BOOKED:
        return NotOpen()
    await cancel(found, visit, State.CANCELLED, context)
    return commands.Noted()


async def _note_call(command: commands.NoteCall, _member: Member, context: Context) -> commands.Noted | NotOpen:
    found = await context.store.displacements.live(command.appointment)
    if found is None:
        return NotOpen()
    await context.store.displacements.telephoned(found.id)
    return commands.Noted()


HANDLES: Mapping[type, Handler] = {
    commands.FindClosures: _find_closures,
    commands.ShowClosure: _show_closure,
    commands.FindCallSheet: _find_call_sheet,
    commands.MoveByHand: _move,
    commands.CancelByHand: _cancel,
    commands.NoteCall: _note_call,
}
