"""Visits that fall out, settled: moved to a place that was held for them, cancelled, or left where they were.

A move is one change of the very same appointment (I6), in the unit of work that lets go of the places held.
"""

from __future__ import annotations

from dataclasses import replace

from domain.alternatives import wanted_for
from domain.appointments import Appointment, SlotId, Status
from domain.booking import is_offered, is_within, plan
from domain.commands import Claim, Moved, NotOpen, SlotFound, SlotGone
from domain.context import Context, claim_of
from domain.displaced_commands import Alternatives, FindAlternatives, NotDisplaced, TakeAlternative
from domain.displacements import Displaced, State
from domain.doses import Doses
from domain.stock import NoDose


async def handle_displaced(command: FindAlternatives | TakeAlternative, context: Context) -> object:
    """Show what is held for somebody, or move their visit there."""
    match command:
        case FindAlternatives(appointment):
            found = await context.store.displacements.live(appointment)  # before the appointment, as everybody does
            visit = await context.store.appointments.appointment(appointment, context.contact)
            if visit is None or found is None or found.state != State.OFFERED or visit.status != Status.BOOKED:
                return NotDisplaced(claim_of(visit) if visit is not None else None)
            return Alternatives(claim_of(visit), places_held(found), found.deadline_at or visit.slot.starts_at)
        case TakeAlternative():
            if await context.store.displacements.live(command.appointment) is None:  # before the appointment itself
                return NotOpen()
            if await context.store.appointments.appointment(command.appointment, context.contact) is None:
                return NotOpen()
            return await take(command, context)


def places_held(found: Displaced) -> tuple[SlotFound, ...]:
    """Return the places that are held and still open."""
    return tuple(
        SlotFound(slot=one.slot.id, starts_at=one.slot.starts_at, ends_at=one.slot.ends_at, centre=one.slot.centre)
        for one in found.holds
        if one.slot.is_open
    )


async def take(command: TakeAlternative, context: Context) -> Moved | SlotGone | NotOpen:
    """Move a visit to a place held for it; the old place is left as it was if that fails."""
    store = context.store
    found = await store.displacements.live(command.appointment)
    if found is None or found.state != State.OFFERED:
        return NotOpen()
    visit = await store.appointments.by_id(command.appointment)
    if visit.status != Status.BOOKED or visit.slot.id != found.slot:
        return NotOpen()
    held = next((one for one in found.holds if one.slot.id == command.slot), None)
    dose = claim_of(visit).dose
    if held is None or not is_offered(held.slot, visit.slot.programme, context.now):
        return SlotGone(dose, held.slot.starts_at if held else None)
    await store.displacements.lock_for([visit.id, *(one.id for one in found.holds)], [])
    moved = await _move(visit, held, found, context)
    return Moved(moved) if moved is not None else SlotGone(dose, held.slot.starts_at)


async def _move(visit: Appointment, held: Appointment, found: Displaced, context: Context) -> Claim | None:
    """Move where days and doses allow it; None where they do not."""
    store = context.store
    target = (await store.appointments.lock_slots([held.slot.id]))[held.slot.id]
    programme = context.programme(target.programme)
    if not target.is_open or programme is None:
        return None
    wanted = await wanted_for(visit, programme, store, not_before=context.now)
    if not is_within(target.day, wanted.first, wanted.last):
        return None
    doses = Doses(store=store, patient=visit.patient, terms=wanted.terms, now=context.now)
    doses = await doses.of_course(programme.key, but=[visit.course])
    promises = await doses.promised([target], [visit, held])
    if isinstance(promises, NoDose):
        return None
    await let_go(found, context)
    await store.appointments.change(visit.id, slot=SlotId(target.id), promise=promises[0], moves=visit.moves + 1)
    await store.people.remember_centre(visit.patient, target.centre.id)
    await store.displacements.end(found.id, State.MOVED)
    moved = await store.appointments.by_id(visit.id)
    await store.reminders.silence(moved.id)
    await plan(moved, context)
    return claim_of(moved)


async def let_go(found: Displaced, context: Context) -> None:
    """Let go of what is held for somebody."""
    for one in found.holds:
        await context.store.appointments.change(one.id, status=Status.CANCELLED)


async def cancel(found: Displaced, visit: Appointment, state: State, context: Context) -> Claim:
    """Cancel a visit that falls out, and let go of what is held in its stead."""
    await context.store.displacements.lock_for([visit.id, *(one.id for one in found.holds)], [])
    await let_go(found, context)
    await context.store.appointments.change(visit.id, status=Status.CANCELLED)
    await context.store.reminders.silence(visit.id)
    await context.store.displacements.end(found.id, state)
    return claim_of(replace(visit, status=Status.CANCELLED, version=visit.version + 1))
