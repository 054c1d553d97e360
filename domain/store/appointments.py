"""Slots and appointments in SQL."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import OPEN, Appointment, AppointmentId, Promise, Slot, SlotId, Status, new_reference
from domain.centres import Centre, CentreId
from domain.patients import ContactId, PatientId
from domain.practitioners import Practitioner, PractitionerId
from domain.priority import ANYBODY, Terms
from domain.stock import open_until
from domain.store.centres import centre_of
from domain.store.persons import ids_of, is_of
from domain.store.prepared import Prepared
from domain.store.searches import CENTRE, has_place
from domain.store.stamp import Stamp
from domain.store.stock import SqlStock
from domain.store.tables import appointment, audit_event, centre, outbox, patient, practitioner, slot, stock
from domain.store.types import Id

_SLOT = [
    slot.c.id.label("slot_id"),
    slot.c.programme,
    slot.c.starts_at,
    slot.c.ends_at,
    slot.c.capacity,
    slot.c.overbook,
    slot.c.taken,
    slot.c.status.label("slot_status"),
    slot.c.reserve,
    slot.c.practitioner_id,
    select(practitioner.c.name)
    .where(practitioner.c.id == slot.c.practitioner_id)
    .correlate(slot)
    .scalar_subquery()
    .label("practitioner_name"),
]
_SLOTS = select(*_SLOT, *CENTRE).join_from(slot, centre, slot.c.centre_id == centre.c.id)
APPOINTMENT = (
    select(
        appointment.c.id.label("appointment_id"),
        appointment.c.reference,
        appointment.c.patient_id,
        appointment.c.course,
        appointment.c.status,
        appointment.c.version,
        appointment.c.expires_at,
        appointment.c.product,
        appointment.c.product_day,
        appointment.c.priority_group,
        appointment.c.moves,
        appointment.c.quiet,
        appointment.c.requested_at,
        patient.c.name.label("patient_name"),
        *_SLOT,
        *CENTRE,
    )
    .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
    .join(centre, slot.c.centre_id == centre.c.id)
    .join(patient, appointment.c.patient_id == patient.c.id)
)

#: Requests lapse in another way: their people are told so.
_IS_HOLD = and_(appointment.c.status == literal_column("'pending'"), appointment.c.requested_at.is_(None))
_IS_REQUEST = and_(appointment.c.status == literal_column("'pending'"), appointment.c.requested_at.is_not(None))
_IS_OPEN = appointment.c.status.in_([literal_column(f"'{status}'") for status in OPEN])  # in words, as the index has it


@functools.cache
def _lock_slots(count: int) -> Prepared:
    ids = [bindparam(f"id_{number}", type_=Id) for number in range(count)]
    return Prepared(_SLOTS.where(slot.c.id.in_(ids)).order_by(slot.c.id).with_for_update(of=slot))


@functools.cache
def _open_claims(count: int) -> Prepared:
    courses = [bindparam(f"course_{number}", type_=String) for number in range(count)]
    mine = APPOINTMENT.where(
        appointment.c.patient_id == bindparam("patient"), appointment.c.course.in_(courses), _IS_OPEN
    )
    return Prepared(mine.order_by(appointment.c.id).with_for_update(of=appointment))


_SLOT_OF = Prepared(_SLOTS.where(slot.c.id == bindparam("id")))
_ONE = Prepared(
    APPOINTMENT.where(
        appointment.c.id == bindparam("id"),
        or_(
            is_of(bindparam("contact", type_=Id)),
            exists().where(  # who was written to about a visit may answer about it
                outbox.c.contact_id == bindparam("contact", type_=Id),
                outbox.c.menu.is_not(None),
                outbox.c.appointment_id == appointment.c.id,
            ),
        ),
    ).with_for_update(of=appointment)
)
_BY_ID = Prepared(APPOINTMENT.where(appointment.c.id == bindparam("id")).with_for_update(of=appointment))
_BY_REFERENCE = Prepared(
    APPOINTMENT.where(appointment.c.reference == bindparam("reference")).with_for_update(of=appointment)
)
_ZONE = Prepared(select(centre.c.tz).where(centre.c.id == bindparam("id")))
_THEIRS = slot.c.practitioner_id == bindparam("practitioner", type_=Id)
_FREE = {
    (has_priority, of_one): Prepared(
        _SLOTS.where(
            slot.c.centre_id == bindparam("centre"),
            slot.c.programme == bindparam("programme"),
            slot.c.starts_at >= bindparam("start"),
            slot.c.starts_at < bindparam("until"),
            has_place(has_priority=has_priority),
            *((_THEIRS,) if of_one else ()),
        )
        .order_by(slot.c.starts_at)
        .limit(bindparam("most", type_=Integer))
    )
    for has_priority in (False, True)
    for of_one in (False, True)
}
_claimed, _writer = appointment.alias("claimed"), bindparam("contact", type_=Id)
_OF_CONTACT = Prepared(
    APPOINTMENT.where(
        appointment.c.id.in_(
            union(
                select(_claimed.c.id).where(_claimed.c.patient_id.in_(ids_of(_writer))),
                select(outbox.c.appointment_id).where(outbox.c.contact_id == _writer, outbox.c.menu < 0),
            )
        ),
        or_(appointment.c.status.in_([literal_column("'booked'"), literal_column("'arrived'")]), _IS_REQUEST),
        slot.c.ends_at > bindparam("now"),
    ).order_by(slot.c.starts_at)
)
_WAS_BOOKED = exists().where(  # else it was a hold, of which nobody was told that they have it
    audit_event.c.entity == literal_column("'appointment'"),
    audit_event.c.entity_id == appointment.c.id,
    audit_event.c.action == literal_column("'booked'"),
)
_PAST = Prepared(
    APPOINTMENT.where(
        appointment.c.patient_id.in_(ids_of(_writer)),
        or_(
            appointment.c.status.in_([literal_column("'fulfilled'"), literal_column("'noshow'")]),
            (appointment.c.status == literal_column("'cancelled'")) & _WAS_BOOKED,
            appointment.c.status.in_([literal_column("'booked'"), literal_column("'arrived'")])
            & (slot.c.ends_at <= bindparam("now")),
        ),
    )
    .order_by(slot.c.starts_at.desc(), appointment.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
    .offset(bindparam("offset", type_=Integer))
)
_HOLD = Prepared(
    insert(appointment).returning(appointment.c.id),
    keys=(
        "reference",
        "patient_id",
        "slot_id",
        "course",
        "status",
        "expires_at",
        "channel",
        "contact_id",
        "idempotency_key",
        "created_at",
        "updated_at",
        "updated_by",
        "product",
        "product_day",
        "priority_group",
    ),
)


class SqlAppointments:
    """`domain.ports.Appointments`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def lock_slots(self, slots: Sequence[SlotId]) -> dict[SlotId, Slot]:
        ids = sorted(slots)
        values = {f"id_{number}": one for number, one in enumerate(ids)}
        rows = await _lock_slots(len(ids)).all(self._connection, values)
        return {found.id: found for found in map(_slot, rows)}

    async def slot(self, slot_id: SlotId) -> Slot | None:
        row = await _SLOT_OF.first(self._connection, {"id": slot_id})
        return _slot(row) if row else None

    async def release_lapsed(
        self,
        now: datetime,
        slot_id: SlotId | None = None,
        *,
        centres: Collection[int] = (),
        but_of: PatientId | None = None,
    ) -> int:
        # Locks hold and slot at once or passes by, so that this waits for nobody and nobody deadlocks with it.
        lapsed = (
            select(appointment.c.id)
            .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
            .where(_IS_HOLD, appointment.c.expires_at <= now)
            .with_for_update(skip_locked=True)
        )
        if slot_id is not None:
            lapsed = lapsed.where(appointment.c.slot_id == slot_id)
        if centres:
            lapsed = lapsed.where(slot.c.centre_id.in_(sorted(centres)), appointment.c.product.is_not(None))
        if but_of is not None:
            lapsed = lapsed.where(appointment.c.patient_id != but_of)
        if slot_id is None and not centres:
            await self._lock_stock_of_lapsed(now)
        released = await self._connection.execute(
            update(appointment)
            .where(appointment.c.id.in_(lapsed.scalar_subquery()))
            .values(status=Status.CANCELLED, expires_at=None, **self._changed())
        )
        return released.rowcount

    async def _lock_stock_of_lapsed(self, now: datetime) -> None:
        """Lock the stock that lapsed holds give back in its order, so that nobody waits for this in another one."""
        lapsed = (
            select(slot.c.centre_id, appointment.c.product)
            .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
            .where(
                _IS_HOLD,
                appointment.c.expires_at <= now,
                appointment.c.product.is_not(None),
            )
        )
        wanted = select(stock.c.product).where(tuple_(stock.c.centre_id, stock.c.product).in_(lapsed))
        await self._connection.execute(wanted.order_by(stock.c.centre_id, stock.c.product).with_for_update())

    async def open_claims(self, patient: PatientId, courses: Sequence[str]) -> dict[str, Appointment]:
        values = {f"course_{number}": course for number, course in enumerate(courses)}
        rows = await _open_claims(len(courses)).all(self._connection, {"patient": patient, **values})
        return {found.course: found for found in map(appointment_of, rows)}

    async def appointment(self, appointment: AppointmentId, contact: ContactId) -> Appointment | None:
        row = await _ONE.first(self._connection, {"id": appointment, "contact": contact})
        return appointment_of(row) if row else None

    async def by_id(self, appointment: AppointmentId) -> Appointment:
        return appointment_of(await _BY_ID.one(self._connection, {"id": appointment}))

    async def by_reference(self, reference: str) -> Appointment | None:
        """Return the appointment that people know as *reference*, locked."""
        row = await _BY_REFERENCE.first(self._connection, {"reference": reference})
        return appointment_of(row) if row else None

    async def add_hold(
        self,
        patient: PatientId,
        course: str,
        slot: SlotId,
        *,
        expires_at: datetime,
        key: str,
        promise: Promise | None = None,
    ) -> AppointmentId:
        added = await _HOLD.value(
            self._connection,
            {
                "reference": new_reference(),
                "patient_id": patient,
                "slot_id": slot,
                "course": course,
                "status": Status.PENDING,
                "expires_at": expires_at,
                "channel": self._stamp.channel,
                "contact_id": self._stamp.contact,
                "idempotency_key": key,
                "created_at": self._stamp.now,
                "updated_at": self._stamp.now,
                "updated_by": self._stamp.actor,
                **_promised(promise),
            },
        )
        return AppointmentId(added)

    async def change(
        self,
        appointment: AppointmentId,
        *,
        status: Status | None = None,
        slot: SlotId | None = None,
        expires_at: datetime | None = None,
        promise: Promise | None = None,
        moves: int | None = None,
        quiet: bool | None = None,
        requested_at: datetime | None = None,
    ) -> None:
        values: dict[str, Any] = {
            "expires_at": expires_at,
            "updated_at": self._stamp.now,
            "updated_by": self._stamp.actor,
        }
        if status is not None:
            values["status"] = status
        if slot is not None:
            values |= {"slot_id": slot, **_promised(promise)}
        others = {"moves": moves, "quiet": quiet, "requested_at": requested_at}
        values |= {name: value for name, value in others.items() if value is not None}
        new = {f"new_{name}": value for name, value in values.items()}
        await _change(tuple(values)).run(self._connection, {"wanted": appointment, **new})

    def _changed(self) -> dict[str, Any]:
        return {
            "version": _TABLE.c.version + 1,
            "updated_at": self._stamp.now,
            "updated_by": self._stamp.actor,
        }

    async def appointments_of(self, contact: ContactId, now: datetime) -> list[Appointment]:
        rows = await _OF_CONTACT.all(self._connection, {"contact": contact, "now": now})
        return list(map(appointment_of, rows))

    async def past_of(self, contact: ContactId, now: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        values = {"contact": contact, "now": now, "limit": limit, "offset": offset}
        return list(map(appointment_of, await _PAST.all(self._connection, values)))

    async def free_slots(
        self,
        centre: CentreId,
        programme: str,
        start: datetime,
        until: datetime,
        limit: int,
        *,
        terms: Terms = ANYBODY,
        practitioner: PractitionerId | None = None,
    ) -> list[Slot]:
        if terms.products:
            until = await self._last_dose(centre, until, terms)
        values = {"centre": centre, "programme": programme, "start": start, "until": until, "most": limit}
        of_one = practitioner is not None
        wanted = _FREE[terms.has_priority, of_one]
        rows = await wanted.all(self._connection, {**values, "practitioner": practitioner} if of_one else values)
        here = centre_of(rows[0]) if rows else None  # all of them are at the same centre
        return [_slot(row, here) for row in rows]

    async def _last_dose(self, centre_id: CentreId, until: datetime, terms: Terms) -> datetime:
        """Return *until*, or until when the centre has doses for somebody on *terms*."""
        supplies = await SqlStock(self._connection).supplies([centre_id], terms.products, own=terms.own)
        if supplies is None:
            return until
        zone = ZoneInfo(await _ZONE.value(self._connection, {"id": centre_id}))
        last = open_until(supplies.values(), terms, zone, self._stamp.now)
        return min(until, last) if last is not None else self._stamp.now


async def release_reserves(connection: AsyncConnection, now: datetime) -> int:
    """Give everybody the places that were kept for priority groups until *now*; return in how many slots."""
    over = update(slot).where(slot.c.reserve > 0, slot.c.release_at <= now).values(reserve=0)
    return (await connection.execute(over)).rowcount


async def by_reference(connection: AsyncConnection, reference: str) -> Appointment | None:
    """Return the appointment that people know as *reference*."""
    row = (await connection.execute(APPOINTMENT.where(appointment.c.reference == reference))).first()
    return appointment_of(row) if row else None


_TABLE = appointment


def _promised(promise: Promise | None) -> dict[str, Any]:
    if promise is None:
        return {"product": None, "product_day": None, "priority_group": None}
    return {"product": promise.product, "product_day": promise.day, "priority_group": promise.group}


@functools.cache
def _change(names: tuple[str, ...]) -> Prepared:
    new = {name: bindparam(f"new_{name}", type_=_TABLE.c[name].type) for name in names}
    return Prepared(
        update(_TABLE).where(_TABLE.c.id == bindparam("wanted")).values(version=_TABLE.c.version + 1, **new)
    )


def _slot(row: Any, at: Centre | None = None) -> Slot:
    return Slot(
        id=SlotId(row.slot_id),
        centre=at or centre_of(row),
        programme=row.programme,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        overbook=row.overbook,
        taken=row.taken,
        is_open=row.slot_status == "free",
        reserve=row.reserve,
        practitioner=Practitioner(PractitionerId(row.practitioner_id), row.practitioner_name)
        if row.practitioner_id is not None
        else None,
    )


def appointment_of(row: Any) -> Appointment:
    return Appointment(
        id=AppointmentId(row.appointment_id),
        reference=row.reference,
        patient=PatientId(row.patient_id),
        patient_name=row.patient_name,
        slot=_slot(row),
        course=row.course,
        status=Status(row.status),
        version=row.version,
        expires_at=row.expires_at,
        promise=Promise(row.product, row.product_day, row.priority_group) if row.product else None,
        moves=row.moves,
        quiet=row.quiet,
        requested_at=row.requested_at,
    )
