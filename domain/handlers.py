"""Commands carried out: each handler reads and writes through the store's ports, inside the caller's transaction.

A person's own appointments are locked first, then slots in order of id, so that two people who want each other's
places wait instead of deadlocking; lapsed holds of others are freed only where nobody else has them locked.
Stock is locked after slots. A place or a dose is promised only while its row is locked; the database's own
constraints stand behind (I1, I2, I5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from domain import commands
from domain.appointments import HOLD, OPEN, Appointment, Slot, SlotId, Status, course_of
from domain.commands import AlreadyBooked, Claim, DoseSlot, Held, SlotGone
from domain.doses import Doses, after
from domain.patients import ContactId, PatientId
from domain.places import places_called
from domain.ports import Store
from domain.stock import NoDose


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """In whose name and when a command runs; *key* is the same when the same message is handled again.

    *country* tells where the contact is likely at home (ISO 3166), with nothing where that is not known; few ask it.
    """

    store: Store
    contact: ContactId
    now: datetime
    key: str
    country: Callable[[], str] = lambda: ""


async def handle(command: commands.Command[Any], context: Context) -> object:
    """Carry out *command* and return one of its results."""
    match command:
        case commands.HoldSlots():
            return await hold_slots(command, context)
        case commands.BookSlots():
            return await book_slots(command, context)
        case commands.MoveAppointment():
            return await move_appointment(command, context)
        case commands.CancelAppointment():
            return await cancel_appointment(command, context)
        case commands.MyAppointments():
            found = await context.store.appointments.appointments_of(context.contact, context.now)
            return commands.Mine(tuple(claim_of(one) for one in found))
        case commands.FindFollowUp():
            return await find_follow_up(command, context)
        case _:
            return await _handle_people(command, context)


async def _handle_people(command: commands.Command[Any], context: Context) -> object:
    store = context.store
    match command:
        case commands.WhoIsThis():
            return await store.people.caller(context.contact)
        case commands.KeepConsent():
            await store.people.keep_consent(context.contact)
            return commands.ConsentKept()
        case commands.KeepPatient():
            return await keep_patient(command, context)
        case commands.FindPlace():
            return _as_result(await places_called(command.text, store.centres, context.country()))
        case commands.FindCentre():
            centre = await store.centres.centre(command.centre)
            return commands.CentreFound(centre) if centre else commands.NoSuchCentre()
        case commands.OpenTask():
            subject = f"contact:{context.contact}"
            await store.people.open_task(command.kind, context.contact, subject, command.note)
            return commands.TaskOpened()
        case commands.RememberRecommendation():
            due_on = await store.recommendations.remember(context.contact, command.programme, command.due_on)
            return commands.Remembered(due_on)
        case _:
            raise TypeError(f"no handler for {type(command).__name__}")


def _as_result(
    places: list[commands.Place],
) -> commands.PlaceFound | commands.SeveralPlaces | commands.NoSuchPlace:
    match places:
        case []:
            return commands.NoSuchPlace()
        case [one]:
            return commands.PlaceFound(one)
        case _:
            return commands.SeveralPlaces(tuple(places))


async def keep_patient(command: commands.KeepPatient, context: Context) -> commands.PatientKept:
    """Put the person on record, or bring the record up to date."""
    people = context.store.people
    known = command.patient
    if known is None and command.is_me and (me := (await people.caller(context.contact)).me) is not None:
        known = me.id
    if known is not None:
        await people.change_patient(context.contact, known, name=command.name, birth=command.birth, facts=command.facts)
    else:
        known = await people.add_patient(
            context.contact, is_me=command.is_me, name=command.name, birth=command.birth, facts=command.facts
        )
    return commands.PatientKept(known, command.is_me)


# ---- holding and booking


async def hold_slots(command: commands.HoldSlots, context: Context) -> Held | SlotGone | AlreadyBooked:
    """Keep the wanted places, all or none."""
    until = context.now + HOLD
    match await _claim(command, context, until):
        case SlotGone() | AlreadyBooked() as refused:
            return refused
        case claims:
            return Held(tuple(map(claim_of, claims)), until)


async def book_slots(command: commands.BookSlots, context: Context) -> commands.Booked | SlotGone | AlreadyBooked:
    """Book the wanted places, taking again what a lapsed hold gave up."""
    until = context.now + HOLD
    match await _claim(command, context, until):
        case SlotGone() | AlreadyBooked() as refused:
            return refused
        case claims:
            for claim in claims:
                await context.store.appointments.change(claim.id, status=Status.BOOKED)
            await context.store.people.remember_centre(command.patient, claims[0].slot.centre.id)
            booked = await _claims_of(command.patient, command.programme, command.wanted, context)
            return commands.Booked(tuple(map(claim_of, booked)))


async def _claim(
    command: commands.HoldSlots | commands.BookSlots, context: Context, until: datetime
) -> list[Appointment] | SlotGone | AlreadyBooked:
    store, patient, programme, wanted = context.store, command.patient, command.programme, command.wanted
    courses = {one.dose: course_of(programme, one.dose) for one in wanted}
    mine = await store.appointments.open_claims(patient, list(courses.values()))
    for claim in mine.values():
        if claim.status != Status.PENDING:
            return AlreadyBooked(claim_of(claim))
    held = {course: claim.slot.id for course, claim in mine.items()}
    slots = await store.appointments.lock_slots(sorted({*held.values(), *(one.slot for one in wanted)}))
    doses = Doses(store=store, patient=patient, terms=command.terms, now=context.now)
    doses = await doses.of_course(programme, but=courses.values())
    offered = [slots[one.slot] for one in wanted if _is_offered(slots.get(one.slot), programme, context.now)]
    promises = await doses.promised(offered, list(mine.values()))
    left = {slot.id: slot.places_left(has_priority=command.terms.has_priority) for slot in slots.values()}
    for one in wanted:
        slot = slots.get(one.slot)
        if slot is None or not _is_offered(slot, programme, context.now):
            return SlotGone(one.dose, slot.starts_at if slot else None)
        if held.get(courses[one.dose]) != slot.id and not await _takes_place(slot.id, left, patient, context):
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


def _is_offered(slot: Slot | None, programme: str, now: datetime) -> bool:
    return slot is not None and slot.is_open and slot.programme == programme and slot.starts_at > now


async def _takes_place(slot: SlotId, left: dict[SlotId, int], patient: PatientId, context: Context) -> bool:
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
    )
    fitting = [slot for slot in found if slot.id != first.id]
    best = min(fitting, key=lambda slot: (slot.day, abs(_of_day(slot) - _of_day(first))), default=None)
    if best is None:
        return commands.NoSlot()
    return commands.SlotFound(slot=best.id, starts_at=best.starts_at, ends_at=best.ends_at, centre=best.centre)


def _is_within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day < last)


def _midnight(slot: Slot, days: int) -> datetime:
    """Return when the day begins, at the centre, that is so many days after the one of *slot*."""
    return datetime.combine(slot.day + timedelta(days=days), time(0), tzinfo=slot.centre.zone)


def _of_day(slot: Slot) -> timedelta:
    wall = slot.centre.local(slot.starts_at)
    return timedelta(hours=wall.hour, minutes=wall.minute)


# ---- moving and cancelling


async def move_appointment(
    command: commands.MoveAppointment, context: Context
) -> commands.Moved | SlotGone | commands.NotOpen:
    """Move by one UPDATE of the same appointment (I6)."""
    store = context.store
    found = await store.appointments.appointment(command.appointment, context.contact)
    if found is None or found.status != Status.BOOKED or found.version != command.version:
        return commands.NotOpen()
    dose = claim_of(found).dose
    slots = await store.appointments.lock_slots(sorted({found.slot.id, command.slot}))
    target = slots.get(command.slot)
    if target is None or not _is_offered(target, found.slot.programme, context.now):
        return SlotGone(dose, target.starts_at if target else None)
    if not _is_within(target.day, command.first, command.last):
        return SlotGone(dose, target.starts_at)
    if found.slot.id != target.id:
        doses = Doses(store=store, patient=found.patient, terms=command.terms, now=context.now)
        promises = await (await doses.of_course(target.programme, but=[found.course])).promised([target], [found])
        left = target.places_left(has_priority=command.terms.has_priority)
        if isinstance(promises, NoDose) or not await _takes_place(target.id, {target.id: left}, found.patient, context):
            return SlotGone(dose, target.starts_at)
        await store.appointments.change(found.id, slot=command.slot, promise=promises[0])
        await store.people.remember_centre(found.patient, target.centre.id)
    moved = await store.appointments.appointment(found.id, context.contact)
    return commands.Moved(claim_of(cast(Appointment, moved)))


async def cancel_appointment(
    command: commands.CancelAppointment, context: Context
) -> commands.Cancelled | commands.NotOpen:
    """Cancel what is still to come; the database frees the place."""
    found = await context.store.appointments.appointment(command.appointment, context.contact)
    if found is None or found.status not in OPEN or found.slot.ends_at <= context.now:
        return commands.NotOpen()
    await context.store.appointments.change(found.id, status=Status.CANCELLED)
    return commands.Cancelled(claim_of(found))


def claim_of(appointment: Appointment) -> Claim:
    """Return *appointment* as the dialog shows it."""
    slot = appointment.slot
    return Claim(
        id=appointment.id,
        reference=appointment.reference,
        patient=appointment.patient,
        patient_name=appointment.patient_name,
        programme=slot.programme,
        dose=appointment.course.rpartition(":")[2],
        status=appointment.status,
        version=appointment.version,
        slot=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        centre=slot.centre,
        product=appointment.promise.product if appointment.promise else None,
    )
