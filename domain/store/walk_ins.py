"""People who come without a booking, in SQL.

Every appointment has a contact that it was made from. That of people who walk in is the desk of the centre itself: a
contact at which nobody can be reached, so that nothing is ever sent about them, to staff neither.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId, Promise, SlotId, Status, new_reference
from domain.centres import CentreId
from domain.patients import Channel, ContactId, PatientId
from domain.staff.walk_in_commands import PlaceToday
from domain.store.conversations import contact_at
from domain.store.staff_visits import bounds_of
from domain.store.stamp import Stamp
from domain.store.tables import appointment, centre, contact, patient, slot

DESK = "desk"  # the channel of what is made at the desk, and why nothing is sent to its contact


class SqlWalkIns:
    """`domain.staff.acting_ports.WalkIns`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def places(self, centre_id: CentreId, now: datetime) -> list[PlaceToday]:
        tz = (await self._connection.execute(select(centre.c.tz).where(centre.c.id == centre_id))).scalar_one()
        start, until = bounds_of(now.astimezone(ZoneInfo(tz)).date(), tz)
        rows = await self._connection.execute(
            select(slot)
            .where(
                slot.c.centre_id == centre_id,
                slot.c.starts_at >= start,
                slot.c.starts_at < until,
                slot.c.ends_at > now,
                slot.c.status == "free",
            )
            .order_by(slot.c.starts_at, slot.c.id)
        )
        return [
            PlaceToday(
                slot=SlotId(row.id),
                programme=row.programme,
                starts_at=row.starts_at,
                left=max(0, row.capacity + row.overbook - row.reserve - row.taken),
            )
            for row in rows
        ]

    async def add_patient(self, name: str, birth: date) -> PatientId:
        values: dict[str, Any] = {
            "guardian_contact_id": None,
            "name": name,
            "birth": birth.isoformat(),
            "facts": {},
            "created_at": self._stamp.now,
            "updated_at": self._stamp.now,
        }
        added = await self._connection.execute(insert(patient).values(values).returning(patient.c.id))
        return PatientId(added.scalar_one())

    async def take(
        self, patient_id: PatientId, course: str, slot_id: SlotId, *, promise: Promise | None, key: str, secret: bytes
    ) -> AppointmentId:
        values = {
            "reference": new_reference(),
            "patient_id": patient_id,
            "slot_id": slot_id,
            "course": course,
            "status": Status.ARRIVED,
            "channel": DESK,
            "contact_id": await self._desk_of(slot_id, secret),
            "idempotency_key": key,
            "created_at": self._stamp.now,
            "updated_at": self._stamp.now,
            "updated_by": self._stamp.actor,
            "product": promise.product if promise is not None else None,
            "product_day": promise.day if promise is not None else None,
            "priority_group": promise.group if promise is not None else None,
            "quiet": True,
        }
        added = await self._connection.execute(insert(appointment).values(values).returning(appointment.c.id))
        return AppointmentId(added.scalar_one())

    async def _desk_of(self, slot_id: SlotId, secret: bytes) -> ContactId:
        """Return the contact of the desk at a slot's centre, which is made with the first who walks in there."""
        where = (await self._connection.execute(select(slot.c.centre_id).where(slot.c.id == slot_id))).scalar_one()
        found = await contact_at(
            self._connection, secret=secret, channel=Channel.SMS, address=f"{DESK}:{where}", now=self._stamp.now
        )
        silent = update(contact).where(contact.c.id == found, contact.c.stopped_at.is_(None))
        await self._connection.execute(silent.values(stopped_at=self._stamp.now, stop_reason=DESK))
        return found
