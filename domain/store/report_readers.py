"""Who is to have a centre's report, and has not yet, in SQL: members with the right there who want digests."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff.reports import Period
from domain.staff.rights import RIGHTS, Right
from domain.store.statements import insert_into
from domain.store.tables import centre, contact, digest, staff, staff_post

_ROLES = [role.value for role, rights in RIGHTS.items() if Right.REPORTS in rights]


async def zones(connection: AsyncConnection) -> list[str]:
    """Return the zones in which there are centres."""
    return sorted((await connection.execute(select(centre.c.tz).where(centre.c.active).distinct())).scalars())


async def waiting(connection: AsyncConnection, tz: str, period: Period, day: date) -> list[tuple[CentreId, ContactId]]:
    """Return (centre, contact) of who is to have the report that is told on *day* at the centres in a zone.

    Who became a member on that day or later gets the next one.
    """
    has_it = exists().where(
        digest.c.centre_id == centre.c.id,
        digest.c.contact_id == staff.c.contact_id,
        digest.c.kind == period.value,
        digest.c.day == day,
    )
    found = (
        select(centre.c.id, staff.c.contact_id)
        .join_from(staff, staff_post, staff_post.c.staff_id == staff.c.id)
        .join(centre, or_(staff_post.c.centre_id == centre.c.id, staff_post.c.centre_id.is_(None)))
        .join(contact, contact.c.id == staff.c.contact_id)
        .where(
            centre.c.active,
            centre.c.tz == tz,
            staff.c.left_at.is_(None),
            staff.c.made_at < datetime.combine(day, time.min, ZoneInfo(tz)),
            staff.c.wants_digest,
            staff_post.c.role.in_(_ROLES),
            contact.c.stop_reason.is_(None),
            ~has_it,
        )
        .distinct()
        .order_by(centre.c.id, staff.c.contact_id)
    )
    return [(CentreId(row.id), ContactId(row.contact_id)) for row in await connection.execute(found)]


async def note(
    connection: AsyncConnection, centre_id: CentreId, contact_id: ContactId, period: Period, day: date, now: datetime
) -> bool:
    """Note that somebody has a report; say whether nobody else did so."""
    values = {"centre_id": centre_id, "contact_id": contact_id, "kind": period.value, "day": day, "made_at": now}
    noted = insert_into(connection, digest).values(**values).on_conflict_do_nothing().returning(digest.c.id)
    return (await connection.execute(noted)).first() is not None
