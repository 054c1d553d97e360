"""A practitioner's day as it is published and as it should be: what has to go, and who would lose a place by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.schedules import PlannedSlot
from domain.store import catalogue, publishing
from domain.store.occupancy import Occupied
from domain.store.tables import slot

_CLOSED = "busy-unavailable"


async def must_move_first(
    connection: AsyncConnection, practitioner_id: int, day: date, *, after: datetime | None = None
) -> int:
    """Return how many people have places on *day* that a practitioner does not give any more by rules and shifts.

    With *after* only slots that start after it count.
    """
    return sum(row.taken for row in await _to_go(connection, practitioner_id, day, after))


async def settle(connection: AsyncConnection, practitioner_id: int, day: date, *, after: datetime | None = None) -> int:
    """Let the published slots of *day* be those that are planned, as far as nobody has a place; return how many went.

    Slots that are planned and closed are opened again, unless the practitioner is elsewhere then.
    """
    gone = [row.id for row in await _to_go(connection, practitioner_id, day, after) if not row.taken]
    if gone:
        await connection.execute(update(slot).where(slot.c.id.in_(gone), slot.c.taken == 0).values(status=_CLOSED))
    for own in await _schedules(connection, practitioner_id):
        planned = {one.starts_at: one for one in await _planned(connection, own, day)}
        closed = [
            (row, planned[row.starts_at])
            for row in await _published(connection, own, day)
            if row.status == _CLOSED and row.starts_at in planned
        ]
        await _open(connection, own, closed)
        if await _is_published(connection, own, day):
            await publishing.publish(connection, own, start=day, until=_next(day))
    return len(gone)


async def _is_published(connection: AsyncConnection, own: Any, day: date) -> bool:
    """Say whether a practitioner has slots as late as *day* already, so that what is new there is to come at once."""
    later = select(slot.c.id).where(
        slot.c.practitioner_id == own.practitioner_id, slot.c.starts_at >= _midnight(day, own.tz)
    )
    return (await connection.execute(later.limit(1))).first() is not None


async def _open(connection: AsyncConnection, own: Any, closed: list[tuple[Any, PlannedSlot]]) -> None:
    if not closed:
        return
    start, until = closed[0][1].starts_at, max(one.ends_at for _, one in closed)
    occupied = await Occupied.of(connection, own.practitioner_id, start, until)
    free = [row.id for row, one in closed if occupied.take(own.id, one)]
    if free:
        await connection.execute(update(slot).where(slot.c.id.in_(free)).values(status="free"))


async def _to_go(connection: AsyncConnection, practitioner_id: int, day: date, after: datetime | None) -> list[Any]:
    """Return the open slots of a day that are published and not planned."""
    found: list[Any] = []
    for own in await _schedules(connection, practitioner_id):
        planned = {one.starts_at for one in await _planned(connection, own, day)}
        published = await _published(connection, own, day)
        found += [row for row in published if row.status != _CLOSED and row.starts_at not in planned]
    return [row for row in found if after is None or row.starts_at > after]


async def _schedules(connection: AsyncConnection, practitioner_id: int) -> list[Any]:
    return await catalogue.schedules(connection, practitioner_id=practitioner_id)


async def _planned(connection: AsyncConnection, own: Any, day: date) -> Iterable[PlannedSlot]:
    return list(await publishing.plan(connection, own, start=day, until=_next(day)))


async def _published(connection: AsyncConnection, own: Any, day: date) -> list[Any]:
    wanted = select(slot.c.id, slot.c.starts_at, slot.c.ends_at, slot.c.taken, slot.c.status).where(
        slot.c.schedule_id == own.id,
        slot.c.starts_at >= _midnight(day, own.tz),
        slot.c.starts_at < _midnight(_next(day), own.tz),
    )
    return list(await connection.execute(wanted.order_by(slot.c.id).with_for_update()))


def _midnight(day: date, tz: str) -> datetime:
    return datetime.combine(day, datetime.min.time(), ZoneInfo(tz))


def _next(day: date) -> date:
    return day + timedelta(days=1)
