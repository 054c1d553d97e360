"""What reports are made of, in SQL: one statement for a centre and a time, with rows that hold no person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import Status
from domain.centres import CentreId
from domain.staff.commands import Workplace
from domain.staff.report_commands import Report
from domain.staff.reports import Booked, Period, figures
from domain.store.staff_visits import bounds_of
from domain.store.stamp import Stamp
from domain.store.tables import appointment, audit_event, centre, slot


def _at(action: str, which: Any) -> Any:
    """Select when an appointment first, or last, came to a state."""
    return (
        select(which(audit_event.c.at))
        .where(
            audit_event.c.entity == "appointment",
            audit_event.c.entity_id == appointment.c.id,
            audit_event.c.action == action,
        )
        .scalar_subquery()
    )


_BOOKED_AT = _at("booked", func.min)
_CANCELLED_AT = _at("cancelled", func.max)


def _rows(centre_id: CentreId, start: datetime, until: datetime) -> Select[Any]:
    """Select what was ever booked at a centre for *start* or later, of the slots that the time is about.

    What was booked or cancelled within it is for a visit that was still to come: so are its slots.
    """
    booked = _BOOKED_AT.label("booked_at")
    return (
        select(
            appointment.c.slot_id,
            appointment.c.status,
            appointment.c.priority_group,
            slot.c.starts_at,
            booked,
            _CANCELLED_AT.label("cancelled_at"),
        )
        .join_from(appointment, slot, slot.c.id == appointment.c.slot_id)
        .where(
            slot.c.centre_id == centre_id,
            slot.c.starts_at >= start,
            appointment.c.status != Status.PENDING,
            or_(slot.c.starts_at < until, appointment.c.created_at < until),
            _BOOKED_AT.is_not(None),
        )
    )


class SqlReports:
    """`domain.staff.report_commands.Reports`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def report(self, centre_id: CentreId, period: Period, today: date | None = None) -> Report:
        found = select(centre.c.name, centre.c.tz).where(centre.c.id == centre_id)
        place = (await self._connection.execute(found)).one()
        zone = ZoneInfo(place.tz)
        first, last = period.before(today or self._stamp.now.astimezone(zone).date())
        start, until = bounds_of(first, place.tz)[0], bounds_of(last, place.tz)[1]
        rows = [_booked(row) for row in await self._connection.execute(_rows(centre_id, start, until))]
        return Report(
            centre=Workplace(id=centre_id, name=place.name, tz=place.tz),
            period=period,
            first=first,
            last=last,
            figures=figures(rows, zone, start, until, self._stamp.now),
        )


def _booked(row: Any) -> Booked:
    status = Status(row.status)
    return Booked(
        slot=row.slot_id,
        status=status,
        group=row.priority_group,
        booked_at=row.booked_at,
        starts_at=row.starts_at,
        cancelled_at=row.cancelled_at if status == Status.CANCELLED else None,
    )
