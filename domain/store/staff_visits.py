"""Visits as staff see them, in SQL: each with whether the person said that they will come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId, Status
from domain.centres import CentreId
from domain.gazetteer.names import fold
from domain.staff.commands import StaffVisit, Workplace
from domain.store.stamp import Stamp
from domain.store.tables import access_event, appointment, appointment_response, centre, patient, practitioner, slot
from domain.store.types import opened, unopened

_ACCEPTED = exists().where(
    appointment_response.c.appointment_id == appointment.c.id,
    appointment_response.c.version == appointment.c.version,
    appointment_response.c.status == literal_column("'accepted'"),
)
VISIT: Select[Any] = (
    select(
        appointment.c.id,
        appointment.c.reference,
        appointment.c.course,
        appointment.c.status,
        appointment.c.product,
        _ACCEPTED.label("is_accepted"),
        unopened(patient.c.name).label("patient_name"),
        slot.c.programme,
        slot.c.starts_at,
        slot.c.ends_at,
        practitioner.c.name.label("practitioner_name"),
        centre.c.id.label("centre_id"),
        centre.c.name.label("centre_name"),
        centre.c.tz,
    )
    .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
    .join(centre, slot.c.centre_id == centre.c.id)
    .join(patient, appointment.c.patient_id == patient.c.id)
    .join(practitioner, practitioner.c.id == slot.c.practitioner_id, isouter=True)
)
#: The states of visits that somebody may have on a day: neither holds, nor what was cancelled.
OF_DAY = (Status.BOOKED, Status.ARRIVED, Status.FULFILLED, Status.NOSHOW)


class SqlStaffVisits:
    """`domain.staff.ports.StaffVisits`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def visit(self, appointment_id: AppointmentId) -> StaffVisit | None:
        return await self._first(VISIT.where(appointment.c.id == appointment_id))

    async def by_reference(self, reference: str) -> StaffVisit | None:
        return await self._first(
            VISIT.where(appointment.c.reference == reference, appointment.c.status != Status.PENDING)
        )

    async def by_name(
        self, name: str, centres: Collection[CentreId] | None, *, start: datetime, until: datetime, limit: int
    ) -> list[StaffVisit]:
        words = fold(name).split()
        wanted = VISIT.where(slot.c.starts_at >= start, slot.c.starts_at < until, appointment.c.status.in_(OF_DAY))
        if centres is not None:
            wanted = wanted.where(slot.c.centre_id.in_(centres))
        rows = await self._connection.execute(wanted.order_by(slot.c.starts_at, appointment.c.id))
        found = (visit for visit in map(visit_of, rows) if words and _is_called(visit.patient_name, words))
        return [visit for visit, _ in zip(found, range(limit), strict=False)]

    async def of_day(self, centre_id: CentreId, day: date) -> list[StaffVisit]:
        tz = (await self._connection.execute(select(centre.c.tz).where(centre.c.id == centre_id))).scalar_one()
        start, until = bounds_of(day, tz)
        wanted = VISIT.where(
            slot.c.centre_id == centre_id,
            slot.c.starts_at >= start,
            slot.c.starts_at < until,
            appointment.c.status.in_(OF_DAY),
        )
        rows = await self._connection.execute(wanted.order_by(slot.c.starts_at, appointment.c.id))
        return list(map(visit_of, rows))

    async def looked_at(self, visits: Collection[AppointmentId], action: str) -> None:
        rows = [
            {
                "at": self._stamp.now,
                "actor": self._stamp.actor,
                "action": action,
                "entity": "appointment",
                "entity_id": one,
            }
            for one in visits
        ]
        if rows:
            await self._connection.execute(insert(access_event), rows)

    async def _first(self, wanted: Select[Any]) -> StaffVisit | None:
        row = (await self._connection.execute(wanted)).first()
        return visit_of(row) if row is not None else None


def bounds_of(day: date, tz: str) -> tuple[datetime, datetime]:
    """Return when a day begins and ends by the wall clock of *tz*."""
    zone = ZoneInfo(tz)
    return (
        datetime.combine(day, time.min, zone),
        datetime.combine(day + timedelta(days=1), time.min, zone),
    )


def visit_of(row: Any) -> StaffVisit:
    """Return the visit of a row of `VISIT`; a name that cannot be opened is left out."""
    return StaffVisit(
        id=AppointmentId(row.id),
        reference=row.reference,
        patient_name=opened(row.patient_name, patient.c.name) or "",
        programme=row.programme,
        dose=row.course.rpartition(":")[2],
        status=Status(row.status),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        centre=Workplace(id=CentreId(row.centre_id), name=row.centre_name, tz=row.tz),
        is_accepted=bool(row.is_accepted),
        product=row.product,
        practitioner=row.practitioner_name or "",
    )


def _is_called(name: str, words: list[str]) -> bool:
    """Say whether all *words* begin parts of a name."""
    parts = fold(name).split()
    return all(any(part.startswith(word) for part in parts) for word in words)
