"""What is to be done about visits that fell out, in SQL: leased by workers, the earliest visit first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import Appointment
from domain.centres import CentreId
from domain.displacements import DisplacedId, DisplacementId, State
from domain.patients import ContactId
from domain.store.displacements import TO_DO as _TO_DO
from domain.store.tables import appointment, displaced, displacement, outbox, task


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A row that something is to be done about, and who booked."""

    id: DisplacedId
    contact: ContactId


async def lease(connection: AsyncConnection, *, now: datetime, until: datetime, limit: int) -> list[Due]:
    """Return what is to be done by *now*, the earliest visit first; nobody else is given it before *until*."""
    has_moved_on = exists().where(
        appointment.c.id == displaced.c.appointment_id,
        or_(appointment.c.status != literal_column("'booked'"), appointment.c.slot_id != displaced.c.slot_id),
    )
    due = (
        select(displaced.c.id)
        .where(
            _TO_DO,
            or_(displaced.c.state != State.OFFERED, displaced.c.deadline_at <= now, has_moved_on),
            or_(displaced.c.lease_until.is_(None), displaced.c.lease_until <= now),
        )
        .order_by(displaced.c.visit_at, displaced.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    booked_by = select(appointment.c.contact_id).where(appointment.c.id == displaced.c.appointment_id)
    leased = (
        update(displaced)
        .where(displaced.c.id.in_(due.scalar_subquery()))
        .values(lease_until=until)
        .returning(displaced.c.id, displaced.c.visit_at, booked_by.scalar_subquery().label("contact_id"))
    )
    rows = sorted((await connection.execute(leased)).all(), key=lambda row: (row.visit_at, row.id))
    return [Due(id=DisplacedId(row.id), contact=ContactId(row.contact_id)) for row in rows]


async def told_in_vain(connection: AsyncConnection, outbox_id: int) -> bool:
    """Let an offer that did not reach its person be told in another way; say whether that message was one."""
    sent = select(outbox.c.appointment_id).where(
        outbox.c.id == outbox_id, outbox.c.menu > 0, outbox.c.appointment_id.is_not(None)
    )
    again = update(displaced).where(
        displaced.c.appointment_id.in_(sent.scalar_subquery()), displaced.c.state == State.OFFERED
    )
    return bool((await connection.execute(again.values(state=State.WAITING, lease_until=None))).rowcount)


async def tried(connection: AsyncConnection, of: Appointment) -> list[tuple[ContactId, str]]:
    """Return to which contacts an offer went in vain, each with what came of it."""
    wanted = select(outbox.c.contact_id, outbox.c.error).where(
        outbox.c.appointment_id == of.id,
        outbox.c.version == of.version,
        outbox.c.menu > 0,
        outbox.c.state == literal_column("'dead'"),
    )
    return [(ContactId(row.contact_id), row.error or "") for row in await connection.execute(wanted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """Something that fell out of which every visit is settled, and where that is to be told."""

    id: DisplacementId
    contact: ContactId


_IS_SETTLED = and_(
    displacement.c.state == "open",
    ~exists().where(and_(displaced.c.displacement_id == displacement.c.id, _TO_DO)),
)


async def over(connection: AsyncConnection, limit: int) -> list[Over]:
    """Return what is settled and was not told yet."""
    wanted = select(displacement.c.id, displacement.c.contact_id).where(_IS_SETTLED).limit(limit)
    rows = await connection.execute(wanted.order_by(displacement.c.id))
    return [Over(id=DisplacementId(row.id), contact=ContactId(row.contact_id)) for row in rows]


async def close(connection: AsyncConnection, displacement_id: DisplacementId, now: datetime) -> bool:
    """Close what is settled; say whether nobody else has done so."""
    closed = update(displacement).where(displacement.c.id == displacement_id, _IS_SETTLED)
    return bool((await connection.execute(closed.values(state="done", ended_at=now))).rowcount)


async def of_centre(connection: AsyncConnection, kind: str, subject: str, centre_id: CentreId) -> None:
    """Let an open task be a centre's."""
    mine = task.c.kind == kind, task.c.subject == subject, task.c.state == literal_column("'open'")
    await connection.execute(update(task).where(*mine).values(centre_id=centre_id))
