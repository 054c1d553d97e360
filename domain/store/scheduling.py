"""What finders outside are told: schedules, centres and slots that are public, read page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, bindparam, exists, select

from domain.priority import Terms
from domain.stock import END_OF_TIME, open_until
from domain.store.database import Database
from domain.store.prepared import Prepared, Values
from domain.store.stock import SqlStock
from domain.store.tables import centre, schedule, slot

#: Rows read at once: each page is one short read, and a few milliseconds of work between two turns.
PAGE = 500
_IS_PUBLIC = (centre.c.active, ~centre.c.professionals_only)
_most = bindparam("most", type_=Integer)

_SCHEDULES = Prepared(
    select(schedule.c.id, schedule.c.programme, schedule.c.centre_id, centre.c.country, centre.c.postcode, centre.c.tz)
    .join_from(schedule, centre, schedule.c.centre_id == centre.c.id)
    .where(*_IS_PUBLIC, schedule.c.id > bindparam("after"))
    .order_by(schedule.c.id)
    .limit(_most)
)
_CENTRES = Prepared(
    select(
        centre.c.id,
        centre.c.key,
        centre.c.name,
        centre.c.address,
        centre.c.town,
        centre.c.postcode,
        centre.c.country,
        centre.c.lat,
        centre.c.lon,
        centre.c.access_notes,
    )
    .where(*_IS_PUBLIC, exists().where(schedule.c.centre_id == centre.c.id), centre.c.id > bindparam("after"))
    .order_by(centre.c.id)
    .limit(_most)
)
_SLOTS = Prepared(
    select(
        slot.c.id,
        slot.c.starts_at,
        slot.c.ends_at,
        slot.c.capacity,
        slot.c.overbook,
        slot.c.taken,
        slot.c.reserve,
        slot.c.status,
    )
    .where(
        slot.c.schedule_id == bindparam("schedule"),
        slot.c.starts_at > bindparam("after"),
        slot.c.starts_at < bindparam("until"),
    )
    .order_by(slot.c.starts_at)
    .limit(_most)
)


async def public_schedules(database: Database, *, page: int = PAGE) -> AsyncIterator[Any]:
    """Yield (id, programme, centre_id, country, postcode, tz) of each schedule at a public centre."""
    async for rows in _pages(database, _SCHEDULES, {"after": 0}, "id", page):
        for row in rows:
            yield row


def public_centres(database: Database, *, page: int = PAGE) -> AsyncIterator[list[Any]]:
    """Yield pages of (id, key, name, address, town, postcode, country, lat, lon, access_notes) of public centres."""
    return _pages(database, _CENTRES, {"after": 0}, "id", page)


def slots_of(
    database: Database, schedule_id: int, *, start: datetime, until: datetime, page: int = PAGE
) -> AsyncIterator[list[Any]]:
    """Yield pages of a schedule's slots in [*start*, *until*).

    Rows are (id, starts_at, ends_at, capacity, overbook, taken, status), the earliest first. No connection is held
    while the caller works on a page.
    """
    before = start - timedelta(microseconds=1)
    return _pages(database, _SLOTS, {"schedule": schedule_id, "after": before, "until": until}, "starts_at", page)


async def doses_until(database: Database, centre_id: int, tz: str, terms: Terms, now: datetime) -> datetime | None:
    """Return until when a centre has doses for slots of people on *terms*; None where it has none."""
    if not terms.products:
        return END_OF_TIME
    async with database.read() as connection:
        supplies = await SqlStock(connection).supplies([centre_id], terms.products)
    return END_OF_TIME if supplies is None else open_until(supplies.values(), terms, ZoneInfo(tz), now)


async def _pages(
    database: Database, statement: Prepared, values: Values, key: str, page: int
) -> AsyncIterator[list[Any]]:
    """Yield the rows in pages, each of which begins behind the *key* of the last row of the one before."""
    values = {**values, "most": page}
    while True:
        async with database.read() as connection:
            rows = await statement.all(connection, values)
        if rows:
            yield rows
        if len(rows) < page:
            return
        values = {**values, "after": getattr(rows[-1], key)}
