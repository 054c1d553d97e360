"""Requests in SQL: who is to answer them, which are open, and which nobody answered in time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal_column, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff.commands import StaffVisit
from domain.staff.members import StaffId
from domain.store.staff_visits import VISIT, visit_of
from domain.store.tables import appointment, practitioner, slot, staff, staff_group, staff_post

_IS_REQUEST = (appointment.c.status == literal_column("'pending'"), appointment.c.requested_at.is_not(None))
_WHOSE = (
    select(staff.c.id, staff.c.contact_id, slot.c.centre_id)
    .join_from(appointment, slot, slot.c.id == appointment.c.slot_id)
    .join(practitioner, practitioner.c.id == slot.c.practitioner_id)
    .join(staff, staff.c.id == practitioner.c.staff_id)
    .where(staff.c.left_at.is_(None))
)


class SqlStaffRequests:
    """`domain.staff.ports.StaffRequests`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def seen_by(self, appointment_id: AppointmentId) -> StaffId | None:
        row = (await self._connection.execute(_WHOSE.where(appointment.c.id == appointment_id))).first()
        return None if row is None else StaffId(row.id)

    async def open_requests(
        self, member: StaffId, centres: Collection[CentreId] | None, *, limit: int
    ) -> list[StaffVisit]:
        own = slot.c.practitioner_id.in_(select(practitioner.c.id).where(practitioner.c.staff_id == member))
        theirs = true() if centres is None else or_(own, slot.c.centre_id.in_(centres))
        wanted = VISIT.where(*_IS_REQUEST, theirs).order_by(slot.c.starts_at, appointment.c.id).limit(limit)
        return list(map(visit_of, await self._connection.execute(wanted)))

    async def visits_to(self, member: StaffId, *, from_when: datetime, until: datetime) -> list[StaffVisit]:
        wanted = VISIT.where(
            slot.c.practitioner_id.in_(select(practitioner.c.id).where(practitioner.c.staff_id == member)),
            slot.c.starts_at <= until,
            slot.c.ends_at > from_when,
            appointment.c.status.in_(["booked", "arrived"]),
        )
        return list(map(visit_of, await self._connection.execute(wanted.order_by(slot.c.starts_at, appointment.c.id))))


async def lapsed(connection: AsyncConnection, now: datetime, limit: int) -> list[AppointmentId]:
    """Return requests that nobody has answered by *now*, the oldest first."""
    wanted = select(appointment.c.id).where(*_IS_REQUEST, appointment.c.expires_at <= now)
    found = await connection.execute(wanted.order_by(appointment.c.expires_at).limit(limit))
    return [AppointmentId(one) for one in found.scalars()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """A contact by which staff are written to, and who of the staff it is; None for the chat of a team."""

    contact: ContactId
    staff: StaffId | None


async def practitioner_of(connection: AsyncConnection, appointment_id: AppointmentId) -> Reachable | None:
    """Return who of the staff is to see the person of an appointment."""
    row = (await connection.execute(_WHOSE.where(appointment.c.id == appointment_id))).first()
    return None if row is None else Reachable(contact=ContactId(row.contact_id), staff=StaffId(row.id))


async def managers_of(connection: AsyncConnection, centre_id: CentreId) -> list[Reachable]:
    """Return who manages a centre."""
    wanted = (
        select(staff.c.id, staff.c.contact_id)
        .join_from(staff, staff_post, staff_post.c.staff_id == staff.c.id)
        .where(
            staff.c.left_at.is_(None),
            staff_post.c.role.in_(["administrator", "manager"]),
            or_(staff_post.c.centre_id == centre_id, staff_post.c.centre_id.is_(None)),
        )
        .distinct()
    )
    found = await connection.execute(wanted)
    return [Reachable(contact=ContactId(row.contact_id), staff=StaffId(row.id)) for row in found]


async def teams_of(connection: AsyncConnection, centre_id: CentreId) -> list[Reachable]:
    """Return the chats of a centre's teams."""
    wanted = select(staff_group.c.contact_id).where(staff_group.c.centre_id == centre_id)
    found = await connection.execute(wanted.order_by(staff_group.c.contact_id))
    return [Reachable(contact=ContactId(one), staff=None) for one in found.scalars()]
