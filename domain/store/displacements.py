"""Visits that fall out, in SQL: written with the closure, then each worked off in a unit of work of its own.

Locks go in one order: the row of `displaced`, its appointments, slots in order of id, stock. What is still to be done
with a row is leased by workers, the earliest visit first; its state decides what that is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, literal_column, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId, SlotId
from domain.centres import CentreId
from domain.displacements import Cause, Displaced, DisplacedId, DisplacementId, State
from domain.patients import ContactId
from domain.staff.closure_commands import Closure, DisplacedVisit
from domain.store import closures
from domain.store.appointments import APPOINTMENT, appointment_of
from domain.store.closings import overlapping
from domain.store.stamp import Stamp
from domain.store.statements import insert_into
from domain.store.tables import (
    appointment,
    contact,
    displaced,
    displaced_hold,
    displacement,
    reminder,
    slot,
    stock,
)
from domain.telephone import is_number

FELL_OUT = "fell-out"  # why nobody is reminded
LIVE = (State.WAITING, State.OFFERED)
_IS_LIVE = displaced.c.state.in_([literal_column(f"'{one}'") for one in LIVE])  # in words, as the index has it
TO_DO = displaced.c.state.in_([literal_column(f"'{one}'") for one in (*LIVE, State.WITHDRAWING)])
_ONE = (
    select(displaced, displacement.c.cause, appointment.c.contact_id.label("booked_by"))
    .join_from(displaced, displacement, displacement.c.id == displaced.c.displacement_id)
    .join(appointment, appointment.c.id == displaced.c.appointment_id)
)
_AT_ONCE = 400  # rows in a statement


class SqlDisplacements:
    """`domain.displacement_ports.Displacements`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def add(
        self,
        centre: CentreId,
        cause: Cause,
        start: datetime,
        until: datetime,
        visits: Collection[AppointmentId],
        *,
        told: ContactId,
        product: str | None = None,
    ) -> DisplacementId:
        values = {
            "centre_id": centre,
            "cause": cause,
            "starts_at": start,
            "ends_at": until,
            "product": product,
            "contact_id": told,
            "state": "open" if visits else "done",
            "made_at": self._stamp.now,
            "made_by": self._stamp.actor,
            "ended_at": None if visits else self._stamp.now,
        }
        added = await self._connection.execute(insert(displacement).values(values).returning(displacement.c.id))
        new = DisplacementId(added.scalar_one())
        ids = sorted(visits)
        for first in range(0, len(ids), _AT_ONCE):
            await self._add_visits(new, ids[first : first + _AT_ONCE])
        return new

    async def _add_visits(self, new: DisplacementId, ids: Sequence[AppointmentId]) -> None:
        """Write down some visits, and let nobody be reminded of them."""
        concerned = (
            select(
                literal_column(str(int(new))),
                appointment.c.id,
                slot.c.id,
                slot.c.starts_at,
                literal_column(f"'{State.WAITING}'"),
            )
            .join_from(appointment, slot, slot.c.id == appointment.c.slot_id)
            .where(appointment.c.id.in_(ids))
            .order_by(appointment.c.id)
        )
        columns = ["displacement_id", "appointment_id", "slot_id", "visit_at", "state"]
        added = insert_into(self._connection, displaced).from_select(columns, concerned)
        await self._connection.execute(added.on_conflict_do_nothing())
        waits = reminder.c.appointment_id.in_(ids), reminder.c.state == literal_column("'waiting'")
        await self._connection.execute(update(reminder).where(*waits).values(state="dropped", why=FELL_OUT))

    # ---- one visit

    async def live(self, appointment_id: AppointmentId) -> Displaced | None:
        wanted = _ONE.where(displaced.c.appointment_id == appointment_id, _IS_LIVE).with_for_update(of=displaced)
        row = (await self._connection.execute(wanted)).first()
        return await self._displaced(row) if row is not None else None

    async def is_live(self, appointment_id: AppointmentId) -> bool:
        wanted = select(displaced.c.id).where(displaced.c.appointment_id == appointment_id, _IS_LIVE)
        return (await self._connection.execute(wanted)).first() is not None

    async def locked(self, displaced_id: DisplacedId) -> Displaced:
        wanted = _ONE.where(displaced.c.id == displaced_id).with_for_update(of=displaced)
        return await self._displaced((await self._connection.execute(wanted)).one())

    async def _displaced(self, row: Any) -> Displaced:
        held = select(displaced_hold.c.appointment_id).where(displaced_hold.c.displaced_id == row.id)
        wanted = APPOINTMENT.where(appointment.c.id.in_(held), appointment.c.status == literal_column("'pending'"))
        holds = await self._connection.execute(wanted.order_by(slot.c.starts_at, appointment.c.id))
        return Displaced(
            id=DisplacedId(row.id),
            displacement=DisplacementId(row.displacement_id),
            cause=Cause(row.cause),
            appointment=AppointmentId(row.appointment_id),
            slot=row.slot_id,
            state=State(row.state),
            contact=ContactId(row.booked_by),
            deadline_at=row.deadline_at,
            offered_at=row.offered_at,
            holds=tuple(map(appointment_of, holds)),
        )

    async def offered(self, displaced_id: DisplacedId, holds: Sequence[AppointmentId], deadline: datetime) -> None:
        rows = [{"displaced_id": displaced_id, "appointment_id": one} for one in holds]
        if rows:
            await self._connection.execute(insert(displaced_hold), rows)
        await self._change(displaced_id, deadline_at=deadline)

    async def put_off(self, displaced_id: DisplacedId, until: datetime) -> None:
        await self._change(displaced_id, lease_until=until)

    async def told(self, displaced_id: DisplacedId, contact_id: ContactId | None) -> None:
        await self._change(
            displaced_id, state=State.OFFERED, offered_at=self._stamp.now, contact_id=contact_id, lease_until=None
        )

    async def end(self, displaced_id: DisplacedId, state: State) -> None:
        await self._change(
            displaced_id, state=state, ended_at=self._stamp.now, ended_by=self._stamp.actor, lease_until=None
        )

    async def telephoned(self, displaced_id: DisplacedId) -> None:
        await self._change(displaced_id, telephoned_at=self._stamp.now, telephoned_by=self._stamp.actor)

    async def _change(self, displaced_id: DisplacedId, **values: Any) -> None:
        await self._connection.execute(update(displaced).where(displaced.c.id == displaced_id).values(**values))

    # ---- opened again

    async def withdraw(self, centre_id: CentreId, start: datetime, until: datetime) -> int:
        there = (
            select(displaced.c.id)
            .join_from(displaced, displacement, displacement.c.id == displaced.c.displacement_id)
            .join(slot, slot.c.id == displaced.c.slot_id)
            .where(_IS_LIVE, displacement.c.cause != Cause.LOSS, *overlapping(centre_id, start, until))
            .order_by(displaced.c.id)
        )
        ids = list((await self._connection.execute(there.with_for_update(of=displaced))).scalars())
        for first in range(0, len(ids), _AT_ONCE):
            some = displaced.c.id.in_(ids[first : first + _AT_ONCE])
            await self._connection.execute(
                update(displaced).where(some).values(state=State.WITHDRAWING, lease_until=None)
            )
        mine = (
            displacement.c.centre_id == centre_id,
            displacement.c.state == "open",
            displacement.c.cause != Cause.LOSS,
            displacement.c.starts_at >= start,
            displacement.c.ends_at <= until,
        )
        await self._connection.execute(
            update(displacement).where(*mine).values(state="undone", ended_at=self._stamp.now)
        )
        return len(ids)

    async def remind_again(self, appointment_id: AppointmentId, version: int) -> None:
        again = update(reminder).where(
            reminder.c.appointment_id == appointment_id,
            reminder.c.version == version,
            reminder.c.state == literal_column("'dropped'"),
            reminder.c.why == FELL_OUT,
        )
        await self._connection.execute(again.values(state="waiting", why=None, lease_until=None))

    # ---- as staff see it

    async def closures(self, centre_id: CentreId, since: timedelta) -> list[Closure]:
        return await closures.at_centre(self._connection, centre_id, self._stamp.now - since)

    async def closure(self, displacement_id: DisplacementId) -> Closure | None:
        return await closures.one(self._connection, displacement_id)

    async def visits_of(self, displacement_id: DisplacementId) -> list[DisplacedVisit]:
        return await closures.visits_of(self._connection, displacement_id)

    async def visit(self, appointment_id: AppointmentId) -> DisplacedVisit | None:
        return await closures.visit(self._connection, appointment_id)

    async def number(self, appointment_id: AppointmentId) -> str | None:
        booked_by = select(appointment.c.contact_id).where(appointment.c.id == appointment_id)
        mine = select(contact.c.conversation_id).where(contact.c.id == booked_by.scalar_subquery())
        same = select(contact.c.address).where(contact.c.conversation_id == mine.scalar_subquery())
        rows = await self._connection.execute(same.order_by(contact.c.id))
        return next((row.address for row in rows if is_number(row.address)), None)

    # ---- locks

    async def lock_for(self, appointments: Collection[AppointmentId], slots: Collection[SlotId]) -> None:
        theirs = select(appointment.c.slot_id).where(appointment.c.id.in_(appointments))
        wanted = select(slot.c.id).where(or_(slot.c.id.in_(theirs), slot.c.id.in_(slots))).order_by(slot.c.id)
        await self._connection.execute(wanted.with_for_update())
        held = (
            select(slot.c.centre_id, appointment.c.product)
            .join_from(appointment, slot, slot.c.id == appointment.c.slot_id)
            .where(appointment.c.id.in_(appointments), appointment.c.product.is_not(None))
        )
        locked = select(stock.c.product).where(tuple_(stock.c.centre_id, stock.c.product).in_(held))
        await self._connection.execute(locked.order_by(stock.c.centre_id, stock.c.product).with_for_update())
