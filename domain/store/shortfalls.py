"""Doses promised that a centre does not have any more: a task for staff that proposes whom to move."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.stock import Claimed, to_be_moved
from domain.store.people import SqlPeople
from domain.store.stamp import Stamp
from domain.store.tables import appointment, centre, lot, slot, stock, task

KIND = "stock-shortfall"
_SHOWN = 60  # references in one note


def subject_of(place: int, product: str) -> str:
    """Return what the task of a product at a centre is about."""
    return f"stock:{place}:{product}"


async def look_at_promises(connection: AsyncConnection, where: Collection[tuple[int, str]], now: datetime) -> None:
    """Open or renew the task of each centre and product in *where* with too few doses; close it where all is well."""
    for place, product in sorted(where):
        here = (await connection.execute(select(centre.c.name, centre.c.tz).where(centre.c.id == place))).one()
        moved = await without_dose(connection, place, product, now.astimezone(ZoneInfo(here.tz)).date())
        subject = subject_of(place, product)
        if moved:
            people = SqlPeople(connection, Stamp(now=now, actor="stock"))
            await people.open_task(KIND, None, subject, _note(here.name, product, [one.reference for one in moved]))
        else:
            is_open = task.c.kind == KIND, task.c.subject == subject, task.c.state == "open"
            done = {"state": "done", "closed_at": now, "closed_by": "stock", "lease_until": None}
            await connection.execute(update(task).where(*is_open).values(**done))


async def to_be_moved_at(connection: AsyncConnection, place: int, product: str, today: date) -> list[str]:
    """Return the references of visits that are proposed to be moved, since a centre has too few doses for them."""
    return [one.reference for one in await without_dose(connection, place, product, today)]


async def without_dose(connection: AsyncConnection, place: int, product: str, today: date) -> list[Claimed]:
    """Return the claims on a product at a centre that it has no doses for."""
    mine = lot.c.centre_id == place, lot.c.product == product, lot.c.on_hand > 0
    lots = [(row.expires_on, row.on_hand) for row in await connection.execute(select(lot).where(*mine))]
    since = select(stock.c.counted_on).where(stock.c.centre_id == place, stock.c.product == product)
    counted_on: date | None = (await connection.execute(since)).scalar()
    claims = await connection.execute(
        select(
            appointment.c.reference, appointment.c.product_day, appointment.c.priority_group, appointment.c.created_at
        )
        .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
        .where(
            slot.c.centre_id == place,
            appointment.c.product == product,
            appointment.c.status.in_(["pending", "booked", "arrived"]),
        )
        .order_by(appointment.c.id)
    )
    claimed = [
        Claimed(row.reference, row.product_day, row.priority_group is not None, row.created_at)
        for row in claims
        if counted_on is None or row.product_day >= counted_on
    ]
    return to_be_moved(lots, claimed, today)


def _note(name: str, product: str, references: list[str]) -> str:
    more = f" and {len(references) - _SHOWN} more" if len(references) > _SHOWN else ""
    return (
        f"{name} has {len(references)} doses of {product} fewer than it promised. Proposed to be moved, those who"
        f" booked last first and people of a priority group last: {', '.join(references[:_SHOWN])}{more}."
    )
