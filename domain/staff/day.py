"""A centre's day as its staff ask for it: numbers first, and behind each number the people or things it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.appointments import Status
from domain.context import Context
from domain.staff import day_commands as commands
from domain.staff.commands import CannotMark, Marked, NoVisit
from domain.staff.handling import Handler
from domain.staff.members import Member

PAGE = 8


async def _show(command: commands.ShowDay, _member: Member, context: Context) -> commands.DaySummary:
    return await context.store.staff_day.summary(command.centre, command.day)


async def _calls(command: commands.ShowCalls, member: Member, context: Context) -> commands.Calls:
    """Return whom to telephone; numbers stand in nobody's group chat."""
    found = await context.store.staff_day.calls(command.centre, command.day, context.now)
    start = command.page * PAGE
    shown = found[start : start + PAGE]
    await context.store.staff_visits.looked_at([one.visit.id for one in shown], "call")
    if member.is_in_group:
        shown = [replace(one, number=None) for one in shown]
    return commands.Calls(tuple(shown), len(found) > start + PAGE)


async def _confirm(command: commands.ConfirmVisit, _member: Member, context: Context) -> Marked | CannotMark | NoVisit:
    store = context.store
    found = await store.appointments.by_id(command.appointment)
    can_be = found.status == Status.BOOKED and found.slot.ends_at > context.now
    is_new = await store.reminders.respond(found, "accepted") if can_be else False
    await store.staff_visits.looked_at([command.appointment], "confirm")
    visit = await store.staff_visits.visit(command.appointment)
    if visit is None:
        return NoVisit()
    return Marked(visit, again=not is_new) if can_be else CannotMark(visit)


async def _doses(command: commands.ShowDoses, _member: Member, context: Context) -> commands.DosesFound:
    place = (await context.store.staffing.workplaces([command.centre]))[0]
    return await context.store.staff_day.doses(command.centre, place.today(context.now))


HANDLES: Mapping[type, Handler] = {
    commands.ShowDay: _show,
    commands.ShowCalls: _calls,
    commands.ConfirmVisit: _confirm,
    commands.ShowDoses: _doses,
}
