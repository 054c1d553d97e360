"""Which centre a thing concerns, and what its people are called, in SQL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.patients import ContactId
from domain.store.persons import ids_of
from domain.store.tables import appointment, centre, contact, patient, slot
from domain.store.types import Id, Moment, opened, unopened

_contact = bindparam("contact", type_=Id)
_IS_TO_COME = appointment.c.status.in_([literal_column("'booked'"), literal_column("'arrived'")])


def _next_centre() -> Select[Any]:
    return (
        select(slot.c.centre_id)
        .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
        .where(
            appointment.c.patient_id.in_(ids_of(_contact)),
            _IS_TO_COME,
            slot.c.ends_at > bindparam("now", type_=Moment),
        )
        .order_by(slot.c.starts_at, appointment.c.id)
        .limit(1)
    )


def _last_centre() -> Select[Any]:
    had = select(patient.c.last_centre_id).where(patient.c.id.in_(ids_of(_contact)))
    return had.where(patient.c.last_centre_id.is_not(None)).order_by(patient.c.updated_at.desc()).limit(1)


def _only_centre() -> Select[Any]:
    return select(func.min(centre.c.id)).where(centre.c.active).having(func.count(centre.c.id) == 1)


_OF_CONTACT = select(
    func.coalesce(
        _next_centre().scalar_subquery(),
        bindparam("under_way", type_=Id),
        _last_centre().scalar_subquery(),
        _only_centre().scalar_subquery(),
    )
)
_OF_VISIT = (
    select(slot.c.centre_id)
    .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
    .where(appointment.c.id == bindparam("appointment", type_=Id))
)


async def centre_of(
    connection: AsyncConnection, contact_id: ContactId, now: datetime, *, under_way: CentreId | None = None
) -> CentreId | None:
    """Return the centre that concerns somebody: of the next visit, else one *under_way*, else the last one.

    Where there is but one centre, it is that.
    """
    values = {"contact": contact_id, "now": now, "under_way": under_way}
    found = (await connection.execute(_OF_CONTACT, values)).scalar()
    return CentreId(found) if found is not None else None


async def centre_of_subject(
    connection: AsyncConnection, subject: str, contact_id: ContactId | None, now: datetime
) -> CentreId | None:
    """Return the centre of what a task is about, such as "appointment:7" or "stock:3:flu", if one is known."""
    kind, _, rest = subject.partition(":")
    number = rest.partition(":")[0]
    if kind == "stock" and number.isdecimal():
        return CentreId(int(number))
    found = None
    if kind == "appointment" and number.isdecimal():
        found = (await connection.execute(_OF_VISIT, {"appointment": int(number)})).scalar()
    if found is not None:
        return CentreId(found)
    return await centre_of(connection, contact_id, now) if contact_id is not None else None


async def names_of(connection: AsyncConnection, contacts: Collection[ContactId]) -> dict[ContactId, str]:
    """Return the full name of the person of each contact: their own, else of the first whom they look after.

    One that is not on record, or cannot be opened, is left out.
    """
    one, same = contact.alias("one"), contact.alias("same")
    found = (
        select(one.c.id, unopened(patient.c.name).label("name"))
        .join_from(one, same, same.c.conversation_id == one.c.conversation_id)
        .join(patient, (patient.c.id == same.c.patient_id) | (patient.c.guardian_contact_id == same.c.id))
        .where(one.c.id.in_(contacts))
        .order_by(patient.c.guardian_contact_id.is_not(None), patient.c.id)
    )
    names: dict[ContactId, str] = {}
    for row in await connection.execute(found) if contacts else ():
        name = opened(row.name, patient.c.name)
        if name:
            names.setdefault(ContactId(row.id), name)
    return names
