"""Places held and booked: one for each dose, all or none, each with its dose and its reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from domain import commands
from domain.appointments import HOLD, Appointment, Slot, SlotId, Status, course_of
from domain.commands import AlreadyBooked, DoseSlot, Held, SlotGone
from domain.context import Context, claim_of
from domain.doses import Doses, after
from domain.patients import PatientId
from domain.requests import request
from domain.stock import NoDose


async def hold_slots(command: commands.HoldSlots, context: Context) -> Held | SlotGone | AlreadyBooked:
    """Keep the wanted places, all or none."""
    until = context.now + HOLD
    match await _claim(command, context, until):
        case SlotGone() | AlreadyBooked() as refused:
            return refused
        case claims:
            return Held(tuple(map(claim_of, claims)), until)


async def book_slots(
    command: commands.BookSlots, context: Context
) -> commands.Booked | commands.Requested | SlotGone | AlreadyBooked:
    """Book the wanted places, taking again what a lapsed hold gave up; or request them, where they are confirmed."""
    until = context.now + HOLD
    match await _claim(command, context, until):
        case SlotGone() | AlreadyBooked() as refused:
            return refused
        case claims if context.policy(command.programme).confirm:
            await context.store.people.remember_centre(command.patient, claims[0].slot.centre.id)
            return await request(claims, context)
        case claims:
            for claim in claims:
                await context.store.appointments.change(claim.id, status=Status.BOOKED)
            await context.store.people.remember_centre(command.patient, claims[0].slot.centre.id)
            booked = await _claims_of(command.patient, command.programme, command.wanted, context)
            for one in booked:
                await plan(one, context)
            return commands.Booked(tuple(map(claim_of, booked)))


async def _claim(
    command: commands.HoldSlots | commands.BookSlots, context: Context, until: datetime
) -> list[Appointment] | SlotGone | AlreadyBooked:
    store, patient, programme, wanted = context.store, command.patient, command.programme, command.wanted
    courses = {one.dose: course_of(programme, one.dose) for one in wanted}
    mine = await store.appointments.open_claims(patient, list(courses.values()))
    for claim in mine.values():
        if claim.status != Status.PENDING or claim.is_request:
            return AlreadyBooked(claim_of(claim))
    held = {course: claim.slot.id for course, claim in mine.items()}
    slots = await store.appointments.lock_slots(sorted({*held.values(), *(one.slot for one in wanted)}))
    doses = Doses(store=store, patient=patient, terms=command.terms, now=context.now)
    doses = await doses.of_course(programme, but=courses.values())
    offered = [slots[one.slot] for one in wanted if is_offered(slots.get(one.slot), programme, context.now)]
    promises = await doses.promised(offered, list(mine.values()))
    left = {slot.id: slot.places_left(has_priority=command.terms.has_priority) for slot in slots.values()}
    for one in wanted:
        slot = slots.get(one.slot)
        if slot is None or not is_offered(slot, programme, context.now):
            return SlotGone(one.dose, slot.starts_at if slot else None)
        if held.get(courses[one.dose]) != slot.id and not await takes_place(slot.id, left, patient, context):
            return SlotGone(one.dose, slot.starts_at)
    if isinstance(promises, NoDose):
        return SlotGone(wanted[promises.number].dose, offered[promises.number].starts_at)
    for one, promise in zip(wanted, promises, strict=True):
        own = mine.get(courses[one.dose])
        if own is not None:
            await store.appointments.change(own.id, slot=one.slot, expires_at=until, promise=promise)
        else:
            key = f"{context.key}:{one.dose}"
            await store.appointments.add_hold(
                patient, courses[one.dose], one.slot, expires_at=until, key=key, promise=promise
            )
    return await _claims_of(patient, programme, wanted, context)


def is_offered(slot: Slot | None, programme: str, now: datetime) -> bool:
    return slot is not None and slot.is_open and slot.programme == programme and slot.starts_at > now


async def takes_place(slot: SlotId, left: dict[SlotId, int], patient: PatientId, context: Context) -> bool:
    """Take one of the places that are *left*, after freeing what others let lapse."""
    if left[slot] <= 0:
        left[slot] += await context.store.appointments.release_lapsed(context.now, slot, but_of=patient)
    left[slot] -= 1
    return left[slot] >= 0


async def _claims_of(
    patient: PatientId, programme: str, wanted: Sequence[DoseSlot], context: Context
) -> list[Appointment]:
    claims = await context.store.appointments.open_claims(patient, [course_of(programme, one.dose) for one in wanted])
    return sorted(claims.values(), key=lambda claim: claim.slot.starts_at)


async def find_follow_up(command: commands.FindFollowUp, context: Context) -> commands.SlotFound | commands.NoSlot:
    """Find the place for the next dose: the earliest fitting day at the centre, nearest to the same time of day."""
    first = await context.store.appointments.slot(command.slot)
    if first is None:
        return commands.NoSlot()
    start = max(_midnight(first, command.after_days), context.now)
    until = _midnight(first, command.before_days)
    found = await context.store.appointments.free_slots(
        first.centre.id,
        first.programme,
        start,
        until,
        limit=200,
        terms=await after(first, command.terms, context.store),
        practitioner=first.practitioner.id if first.practitioner else None,
    )
    fitting = [slot for slot in found if slot.id != first.id]
    best = min(fitting, key=lambda slot: (slot.day, abs(_of_day(slot) - _of_day(first))), default=None)
    if best is None:
        return commands.NoSlot()
    return slot_found(best)


def slot_found(slot: Slot) -> commands.SlotFound:
    """Return a free place as the dialog shows it."""
    return commands.SlotFound(
        slot=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        centre=slot.centre,
        practitioner=slot.practitioner,
    )


def is_within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day < last)


def _midnight(slot: Slot, days: int) -> datetime:
    """Return when the day begins, at the centre, that is so many days after the one of *slot*."""
    return datetime.combine(slot.day + timedelta(days=days), time(0), tzinfo=slot.centre.zone)


def _of_day(slot: Slot) -> timedelta:
    wall = slot.centre.local(slot.starts_at)
    return timedelta(hours=wall.hour, minutes=wall.minute)


async def plan(appointment: Appointment, context: Context) -> None:
    """Plan the reminders of an appointment that was booked or moved just now, unless its person wants none."""
    if not appointment.quiet:
        policy, slot = context.policy(appointment.slot.programme), appointment.slot
        await context.store.reminders.plan(
            appointment, policy.plan(slot.starts_at, slot.ends_at, slot.centre.zone, context.now)
        )
