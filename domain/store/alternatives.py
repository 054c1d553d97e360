"""What is looked at for places in stead of a visit, in SQL: what the person may have, and what is near."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import CLAIMING, SlotId, Status, course_of
from domain.centres import CentreId
from domain.patients import PatientId
from domain.store.searches import has_place
from domain.store.tables import appointment, centre, patient, slot

_NEAREST = 8  # places that are looked at in a direction; a few of them may have no dose


class SqlAlternatives:
    """`domain.displacement_ports.Alternatives`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def facts(self, patient_id: PatientId) -> Mapping[str, str]:
        wanted = select(patient.c.facts).where(patient.c.id == patient_id)
        found: Mapping[str, str] = (await self._connection.execute(wanted)).scalar_one()
        return found

    async def course_days(self, patient_id: PatientId, programme: str, *, but: str) -> dict[str, date]:
        prefix = course_of(programme, "")
        wanted = (
            select(appointment.c.course, slot.c.starts_at, centre.c.tz)
            .join_from(appointment, slot, slot.c.id == appointment.c.slot_id)
            .join(centre, centre.c.id == slot.c.centre_id)
            .where(
                appointment.c.patient_id == patient_id,
                func.substr(appointment.c.course, 1, len(prefix)) == prefix,
                appointment.c.course != but,
                appointment.c.status.in_([one for one in CLAIMING if one != Status.PENDING]),
            )
            .order_by(slot.c.starts_at)
        )
        rows = await self._connection.execute(wanted)
        return {row.course.removeprefix(prefix): row.starts_at.astimezone(ZoneInfo(row.tz)).date() for row in rows}

    async def near(
        self, centre_id: CentreId, programme: str, at: datetime, start: datetime, until: datetime, *, has_priority: bool
    ) -> list[SlotId]:
        found: list[tuple[Any, SlotId]] = []
        mine = slot.c.centre_id == centre_id, slot.c.programme == programme, has_place(has_priority=has_priority)
        for first, last, order in (
            (max(start, at), until, slot.c.starts_at),
            (start, min(at, until), slot.c.starts_at.desc()),
        ):
            some = select(slot.c.id, slot.c.starts_at).where(*mine, slot.c.starts_at >= first, slot.c.starts_at < last)
            rows = await self._connection.execute(some.order_by(order).limit(_NEAREST))
            found += [(abs(row.starts_at - at), SlotId(row.id)) for row in rows]
        return [one for _, one in sorted(found)][:_NEAREST]
