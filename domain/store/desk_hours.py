"""The hours of centres' desks, as their schedules and closures have them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.desk_hours import DeskHours, Opening
from domain.store.catalogue import rule_from_json
from domain.store.statements import first
from domain.store.tables import centre, closure, schedule

_MOST = 50  # centres whose hours are looked at where none in particular is meant
_DAY = timedelta(days=1)


async def desk_hours(connection: AsyncConnection, centre_id: CentreId | None) -> list[DeskHours]:
    """Return the hours of a centre's desk; with None those of all that are active, up to a number of them."""
    wanted = select(centre.c.id, centre.c.tz).where(centre.c.active).order_by(centre.c.id).limit(first(_MOST))
    if centre_id is not None:
        wanted = select(centre.c.id, centre.c.tz).where(centre.c.id == centre_id)
    places = (await connection.execute(wanted)).all()
    ids = [place.id for place in places]
    openings: dict[int, list[Opening]] = defaultdict(list)
    for row in await connection.execute(select(schedule).where(schedule.c.centre_id.in_(ids))):
        openings[row.centre_id] += _openings(row)
    closed: dict[int, list[Any]] = defaultdict(list)
    for row in await connection.execute(select(closure).where(closure.c.centre_id.in_(ids))):
        closed[row.centre_id].append(row.day)
    return [
        DeskHours(zone=ZoneInfo(place.tz), openings=tuple(openings[place.id]), closures=frozenset(closed[place.id]))
        for place in places
    ]


def _openings(row: Any) -> list[Opening]:
    rules = map(rule_from_json, row.rules)
    return [
        Opening(
            weekday=rule.weekday,
            start=rule.opening.start,
            until=rule.opening.until,
            first=row.valid_from,
            last=row.valid_until,
        )
        for rule in rules
    ]
