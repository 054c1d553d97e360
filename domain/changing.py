"""Appointments moved, cancelled, confirmed and made quiet, within the deadlines of their programme."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from domain import commands
from domain.appointments import OPEN, Appointment, Status
from domain.booking import is_offered, is_within, plan, takes_place
from domain.commands import SlotGone
from domain.context import Context, claim_of
from domain.doses import Doses
from domain.stock import NoDose


async def move_appointment(
    command: commands.MoveAppointment, context: Context
) -> commands.Moved | SlotGone | commands.NotOpen | commands.TooLate | commands.TooOften:
    """Move by one UPDATE of the same appointment (I6)."""
    store = context.store
    found = await store.appointments.appointment(command.appointment, context.contact)
    if found is None or found.status != Status.BOOKED or found.version != command.version:
        return commands.NotOpen()
    if (refused := _unmovable(found, context)) is not None:
        return refused
    dose = claim_of(found).dose
    slots = await store.appointments.lock_slots(sorted({found.slot.id, command.slot}))
    target = slots.get(command.slot)
    if target is None or not is_offered(target, found.slot.programme, context.now):
        return SlotGone(dose, target.starts_at if target else None)
    if not is_within(target.day, command.first, command.last):
        return SlotGone(dose, target.starts_at)
    if found.slot.id != target.id:
        doses = Doses(store=store, patient=found.patient, terms=command.terms, now=context.now)
        promises = await (await doses.of_course(target.programme, but=[found.course])).promised([target], [found])
        left = target.places_left(has_priority=command.terms.has_priority)
        if isinstance(promises, NoDose) or not await takes_place(target.id, {target.id: left}, found.patient, context):
            return SlotGone(dose, target.starts_at)
        await store.appointments.change(found.id, slot=command.slot, promise=promises[0], moves=found.moves + 1)
        await store.people.remember_centre(found.patient, target.centre.id)
    moved = cast(Appointment, await store.appointments.appointment(found.id, context.contact))
    if moved.version != found.version:
        await store.reminders.silence(moved.id)
        await plan(moved, context)
    return commands.Moved(claim_of(moved))


def _unmovable(found: Appointment, context: Context) -> commands.TooLate | commands.TooOften | None:
    if not found.slot.is_open:  # it fell out, and not by their wish
        return None
    changes = context.policy(found.slot.programme).changes
    if found.slot.starts_at - changes.move < context.now:
        return commands.TooLate(found.slot.starts_at - changes.move)
    return commands.TooOften(changes.moves) if changes.moves and found.moves >= changes.moves else None


async def cancel_appointment(
    command: commands.CancelAppointment, context: Context
) -> commands.Cancelled | commands.NotOpen | commands.TooLate:
    """Cancel what is still to come; the database frees the place."""
    found = await context.store.appointments.appointment(command.appointment, context.contact)
    if found is None or found.status not in OPEN or found.slot.ends_at <= context.now:
        return commands.NotOpen()
    until = found.slot.starts_at - context.policy(found.slot.programme).changes.cancel
    is_late = until < min(context.now, found.slot.starts_at)
    if found.status == Status.BOOKED and found.slot.is_open and is_late:
        return commands.TooLate(until)
    await context.store.appointments.change(found.id, status=Status.CANCELLED)
    if found.status != Status.PENDING or found.is_request:
        await context.store.reminders.silence(found.id)
    cancelled = replace(found, status=Status.CANCELLED, version=found.version + 1, expires_at=None)
    return commands.Cancelled(claim_of(cancelled))


async def handle_visits(
    command: commands.FindVisit | commands.AcceptAppointment | commands.SilenceAppointment, context: Context
) -> object:
    store = context.store
    found = await store.appointments.appointment(command.appointment, context.contact)
    if isinstance(command, commands.FindVisit):
        if found is None:
            return commands.NoSuchVisit()
        fell_out = found.status == Status.BOOKED and await store.displacements.is_live(found.id)
        claim = claim_of(found)
        is_accepted = await store.reminders.is_accepted(found)
        return commands.VisitFound(replace(claim, fell_out=claim.fell_out or fell_out), is_accepted)
    if found is None or found.status not in (Status.BOOKED, Status.ARRIVED) or found.slot.ends_at <= context.now:
        return commands.NotOpen()
    if isinstance(command, commands.AcceptAppointment):
        is_new = await store.reminders.respond(found, "accepted")
        return commands.Accepted(claim_of(found), again=not is_new)
    if not found.quiet:
        await store.appointments.change(found.id, quiet=True)
        await store.reminders.silence(found.id)
    return commands.Silenced(claim_of(found))
