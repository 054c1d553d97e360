"""What was sent to somebody and how it fared, told from the outbox and the providers' receipts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId
from domain.commands import Explained, Fate, Sent, VisitNews
from domain.context import claim_of
from domain.patients import Channel, ContactId
from domain.store.appointments import SqlAppointments
from domain.store.persons import people_of
from domain.store.prepared import Prepared
from domain.store.stamp import Stamp
from domain.store.tables import contact, outbox, receipt, reminder
from domain.store.types import Id

#: How far back is looked.
SINCE = timedelta(days=60)
_FATES = {"queued": Fate.WAITING, "dead": Fate.FAILED, "dropped": Fate.DROPPED}
_ARRIVED = {"delivered": Fate.DELIVERED, "read": Fate.READ, "undelivered": Fate.FAILED, "failed": Fate.FAILED}

_WRITTEN = (
    select(
        outbox.c.channel,
        outbox.c.state,
        outbox.c.due_at,
        outbox.c.sent_at,
        outbox.c.appointment_id,
        receipt.c.status,
    )
    .join_from(outbox, receipt, receipt.c.provider_id == outbox.c.provider_id, isouter=True)
    .where(
        outbox.c.contact_id.in_(people_of(bindparam("contact", type_=Id), contact.c.id)),
        outbox.c.menu.is_not(None),
        outbox.c.due_at >= bindparam("since"),
    )
)
_REMINDED = Prepared(_WRITTEN.where(outbox.c.menu < 0).order_by(outbox.c.id.desc()).limit(bindparam("most")))
_LAST = Prepared(
    _WRITTEN.where(outbox.c.menu > 0, outbox.c.due_at < bindparam("now")).order_by(outbox.c.id.desc()).limit(1)
)
_NEXT = Prepared(
    select(func.min(reminder.c.due_at)).where(
        reminder.c.appointment_id == bindparam("appointment"), reminder.c.state == literal_column("'waiting'")
    )
)
_STOPPED = Prepared(
    select(contact.c.stopped_at, contact.c.stop_reason, contact.c.channel)
    .where(contact.c.id.in_(people_of(bindparam("contact", type_=Id), contact.c.id)), contact.c.stopped_at.is_not(None))
    .order_by(contact.c.stopped_at.desc())
)
_MOST = 30


class SqlCommunications:
    """`domain.ports.Communications`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def explained(self, contact_id: ContactId) -> Explained:
        now = self._stamp.now
        values = {"contact": contact_id, "since": now - SINCE, "now": now, "most": _MOST}
        stopped = await _STOPPED.first(self._connection, {"contact": contact_id})
        reminded = await _REMINDED.all(self._connection, values)
        last = await _LAST.first(self._connection, values)
        claims = await SqlAppointments(self._connection, self._stamp).appointments_of(contact_id, now)
        visits = [
            VisitNews(
                claim=claim_of(one),
                told=tuple(_sent(row) for row in reminded if row.appointment_id == one.id),
                next_at=await self._next(one.id),
            )
            for one in claims
        ]
        return Explained(
            visits=tuple(visits),
            last=_sent(last) if last else None,
            stopped_at=stopped.stopped_at if stopped else None,
            stopped_by=stopped.stop_reason if stopped else "",
        )

    async def _next(self, appointment: AppointmentId) -> datetime | None:
        found: datetime | None = await _NEXT.value(self._connection, {"appointment": appointment})
        return found


def _sent(row: Any) -> Sent:
    fate = _FATES.get(row.state) or _ARRIVED.get(row.status or "", Fate.SENT)
    return Sent(at=row.sent_at or row.due_at, channel=Channel(row.channel), fate=fate)
