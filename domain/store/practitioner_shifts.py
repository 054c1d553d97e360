"""Shifts as practitioners see them, in SQL: what is published of theirs, day by day and centre by centre."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.practitioners import PractitionerId
from domain.staff.commands import Workplace
from domain.staff.members import StaffId
from domain.staff.shift_commands import Shift
from domain.store.practitioners import replace_day, restore_day
from domain.store.shifts import must_move_first, settle
from domain.store.stamp import Stamp
from domain.store.tables import centre, practitioner, slot


class SqlPractitionerShifts:
    """`domain.staff.shift_ports.PractitionerShifts`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def practitioner(self, member: StaffId) -> PractitionerId | None:
        wanted = select(practitioner.c.id).where(practitioner.c.staff_id == member).with_for_update()
        row = (await self._connection.execute(wanted)).first()
        return None if row is None else PractitionerId(row.id)

    async def of(self, practitioner_id: PractitionerId, start: datetime, until: datetime) -> list[Shift]:
        wanted = (
            select(slot.c.starts_at, slot.c.ends_at, slot.c.taken, centre.c.id, centre.c.name, centre.c.tz)
            .join_from(slot, centre, centre.c.id == slot.c.centre_id)
            .where(
                slot.c.practitioner_id == practitioner_id,
                slot.c.status != "busy-unavailable",
                slot.c.ends_at > start,
                slot.c.starts_at < until,
            )
            .order_by(slot.c.starts_at)
        )
        found: dict[tuple[date, int], Shift] = {}
        for row in await self._connection.execute(wanted):
            day = row.starts_at.astimezone(ZoneInfo(row.tz)).date()
            before = found.get((day, row.id))
            found[day, row.id] = Shift(
                day=day,
                centre=Workplace(id=CentreId(row.id), name=row.name, tz=row.tz),
                starts_at=before.starts_at if before else row.starts_at,
                ends_at=row.ends_at,
                people=row.taken + (before.people if before else 0),
            )
        return list(found.values())

    async def take_off(self, practitioner_id: PractitionerId, day: date) -> tuple[int, int]:
        now = self._stamp.now
        stood = await replace_day(self._connection, practitioner_id, day, (), actor=self._stamp.actor)
        people = await must_move_first(self._connection, practitioner_id, day, after=now)
        if people:
            await restore_day(self._connection, practitioner_id, day, stood)
            return people, 0
        return 0, await settle(self._connection, practitioner_id, day, after=now)
