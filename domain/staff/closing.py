"""Slots closed, opened and given more or fewer places by staff, and what they do about the visits that fall out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from domain.context import Context
from domain.displacements import Cause
from domain.schedules import Opening
from domain.staff import closing_commands as commands
from domain.staff.handling import Handler
from domain.staff.members import Member

LATELY = timedelta(days=7)
PAGE = 8


async def _count(command: commands.CountAffected, _member: Member, context: Context) -> commands.Affected:
    found = await context.store.closings.count(command.centre, command.span.start, command.span.until)
    return commands.Affected(found.slots, found.visits, found.empty)


async def _close(command: commands.CloseSpan, _member: Member, context: Context) -> commands.Closed:
    """Close at once; the offers are made afterwards, one visit after another."""
    span, store = command.span, context.store
    await store.closings.close_days(command.centre, span.days)
    slots, visits = await store.closings.close(command.centre, span.start, span.until)
    cause = Cause.ILL if isinstance(command, commands.CloseIfIll) else Cause.CLOSED
    new = await store.displacements.add(command.centre, cause, span.start, span.until, visits, told=context.contact)
    return commands.Closed(new, slots, len(visits))


async def _open(command: commands.OpenSpan, _member: Member, context: Context) -> commands.Opened:
    """Withdraw what is offered before the slots are locked, as everybody does who answers."""
    span, store = command.span, context.store
    withdrawn = await store.displacements.withdraw(command.centre, span.start, span.until)
    await store.closings.open_days(command.centre, span.days)
    return commands.Opened(await store.closings.open(command.centre, span.start, span.until), withdrawn)


async def _set_capacity(
    command: commands.SetCapacity, _member: Member, context: Context
) -> commands.CapacitySet | commands.MustMoveFirst:
    span = command.span
    slots, too_many = await context.store.closings.widen(command.centre, span.start, span.until, command.capacity)
    return commands.MustMoveFirst(too_many, span) if too_many else commands.CapacitySet(slots)


async def _set_week(
    command: commands.SetWeek, _member: Member, context: Context
) -> commands.WeekSet | commands.MustMoveFirst | commands.NoHours:
    """Change the rules of every week, and with them the slots that are published already."""
    week = context.store.week
    opening = None
    if command.start is not None and command.until is not None:
        opening = Opening(start=command.start, until=command.until)
    if not await week.has_hours(command.centre, command.weekday, opening):
        return commands.NoHours()
    refused = await week.too_many(command.centre, command.weekday, opening, command.capacity)
    if refused is not None:
        return refused
    changed, added = await week.change(command.centre, command.weekday, opening, command.capacity)
    return commands.WeekSet(changed, added)


HANDLES: Mapping[type, Handler] = {
    commands.CountAffected: _count,
    commands.CountIfIll: _count,
    commands.CloseSpan: _close,
    commands.CloseIfIll: _close,
    commands.OpenSpan: _open,
    commands.SetCapacity: _set_capacity,
    commands.SetWeek: _set_week,
}
