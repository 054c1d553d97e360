"""Slots closed and opened, wider and narrower, in SQL. Whoever changes slots locks them first, in order of id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.displacement_ports import Counted
from domain.store import catalogue
from domain.store.stamp import Stamp
from domain.store.tables import appointment, closure, slot

CLOSED, FREE = "busy-unavailable", "free"
_IS_BOOKED = appointment.c.status == literal_column("'booked'")


def overlapping(centre: CentreId, start: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL that a slot of a centre lies in [*start*, *until*), if only in part."""
    return slot.c.centre_id == centre, slot.c.starts_at < until, slot.c.ends_at > start


class SqlClosings:
    """`domain.displacement_ports.Closings`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def count(self, centre: CentreId, start: datetime, until: datetime) -> Counted:
        rows = await self._rows(self._to_come(centre, start, until), slot.c.status != CLOSED)
        booked = await self._booked([row.id for row in rows])
        busy = {row.slot_id for row in booked}
        return Counted(len(rows), len(booked), sum(row.id not in busy for row in rows))

    async def close(self, centre: CentreId, start: datetime, until: datetime) -> tuple[int, list[AppointmentId]]:
        rows = await self._rows(self._to_come(centre, start, until), slot.c.status != CLOSED, locks=True)
        ids = [row.id for row in rows]
        if ids:
            await self._connection.execute(update(slot).where(slot.c.id.in_(ids)).values(status=CLOSED))
        return len(ids), [AppointmentId(row.id) for row in await self._booked(ids)]

    async def open(self, centre: CentreId, start: datetime, until: datetime) -> int:
        rows = await self._rows(self._to_come(centre, start, until), slot.c.status == CLOSED, locks=True)
        if rows:
            ids = [row.id for row in rows]
            await self._connection.execute(update(slot).where(slot.c.id.in_(ids)).values(status=FREE))
        return len(rows)

    async def close_days(self, centre: CentreId, days: Iterable[date]) -> None:
        for day in days:
            await catalogue.close_day(self._connection, centre, day)

    async def open_days(self, centre: CentreId, days: Iterable[date]) -> None:
        mine = closure.c.centre_id == centre, closure.c.day.in_(list(days))
        await self._connection.execute(delete(closure).where(*mine))

    async def widen(self, centre: CentreId, start: datetime, until: datetime, capacity: int) -> tuple[int, int]:
        rows = await self._rows(self._to_come(centre, start, until), slot.c.status != CLOSED, locks=True)
        too_many = sum(max(0, row.taken - capacity - row.overbook) for row in rows)
        if too_many or not rows:
            return len(rows), too_many
        kept = func.min(slot.c.reserve, capacity) if self._is_sqlite else func.least(slot.c.reserve, capacity)
        changed = update(slot).where(slot.c.id.in_([row.id for row in rows]))
        await self._connection.execute(changed.values(capacity=capacity, reserve=kept))
        return len(rows), 0

    @property
    def _is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    def _to_come(self, centre: CentreId, start: datetime, until: datetime) -> ColumnElement[bool]:
        mine = overlapping(centre, max(start, self._stamp.now), until)
        return mine[0] & mine[1] & mine[2]

    async def _rows(self, *where: ColumnElement[bool], locks: bool = False) -> list[Any]:
        found = select(slot.c.id, slot.c.taken, slot.c.overbook).where(*where).order_by(slot.c.id)
        return list((await self._connection.execute(found.with_for_update() if locks else found)).all())

    async def _booked(self, slots: list[int]) -> list[Any]:
        if not slots:
            return []
        found = select(appointment.c.id, appointment.c.slot_id).where(appointment.c.slot_id.in_(slots), _IS_BOOKED)
        return list((await self._connection.execute(found.order_by(appointment.c.id))).all())
