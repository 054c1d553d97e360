"""People who walk in: a place of today at once, even in a slot that has begun, with a dose promised as to anybody.

They are on record as people without a contact of their own, so that nobody is written to about them; whoever takes
them in is told the reference.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.appointments import Slot, course_of
from domain.booking import takes_place
from domain.context import Context
from domain.doses import Doses
from domain.patients import PatientId, tidy_name
from domain.staff.commands import NotAllowed
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.walk_in_commands import (
    FindPlacesToday,
    NoDoseLeft,
    PlaceGone,
    PlacesToday,
    TakeWalkIn,
    WalkedIn,
)
from domain.stock import NoDose

_NOBODY = PatientId(0)  # has no holds that would have to be spared


async def _places(command: FindPlacesToday, _member: Member, context: Context) -> PlacesToday:
    return PlacesToday(tuple(await context.store.walk_ins.places(command.centre, context.now)))


async def _take(
    command: TakeWalkIn, _member: Member, context: Context
) -> WalkedIn | PlaceGone | NoDoseLeft | NotAllowed:
    store, origin, name = context.store, context.origin, tidy_name(command.name)
    if origin is None or name is None:
        return NotAllowed()
    slot = (await store.appointments.lock_slots([command.slot])).get(command.slot)
    if slot is None or not _is_today(slot, command, context):
        return PlaceGone()
    left = {slot.id: slot.places_left(has_priority=command.terms.has_priority)}
    if not await takes_place(slot.id, left, _NOBODY, context):
        return PlaceGone()
    doses = Doses(store=store, patient=_NOBODY, terms=command.terms, now=context.now)
    promises = await doses.promised([slot], [])
    if isinstance(promises, NoDose):
        return NoDoseLeft()
    patient = await store.walk_ins.add_patient(name, command.birth)
    taken = await store.walk_ins.take(
        patient,
        course_of(command.programme, command.dose),
        slot.id,
        promise=promises[0],
        key=context.key,
        secret=origin.secret,
    )
    visit = await store.staff_visits.visit(taken)
    assert visit is not None  # noqa: S101  it was written just now
    await store.people.remember_centre(patient, command.centre)
    return WalkedIn(visit)


def _is_today(slot: Slot, command: TakeWalkIn, context: Context) -> bool:
    is_theirs = slot.centre.id == command.centre and slot.programme == command.programme
    return is_theirs and slot.ends_at > context.now and slot.day == slot.centre.local(context.now).date()


HANDLES: Mapping[type, Handler] = {FindPlacesToday: _places, TakeWalkIn: _take}
