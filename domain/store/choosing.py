"""Who has a free place, in SQL: each practitioner with the first one, and where they work."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.practitioner_ports import PractitionerOffer, WithPlace
from domain.practitioners import Practitioner, PractitionerId
from domain.priority import Terms
from domain.store.searches import has_place
from domain.store.tables import centre, practitioner, schedule, slot
from domain.words import Words

_own, _there = slot.alias("own"), centre.alias("there")


class SqlPractitioners:
    """`domain.practitioner_ports.Practitioners`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def with_place(
        self, programme: str, start: datetime, until: datetime, *, terms: Terms, centre: CentreId | None
    ) -> list[WithPlace]:
        places = await self._places(programme)
        rows = await self._connection.execute(_firsts(programme, start, until, terms, centre))
        return [_with_place(row, places[row.id]) for row in rows]

    async def _places(self, programme: str) -> dict[int, list[Any]]:
        """Return the centres of each practitioner, by id."""
        wanted = (
            select(schedule.c.practitioner_id, centre.c.id, centre.c.name, centre.c.town)
            .join_from(schedule, centre, centre.c.id == schedule.c.centre_id)
            .where(
                schedule.c.programme == programme,
                schedule.c.practitioner_id.is_not(None),
                centre.c.active,
                ~centre.c.professionals_only,
            )
            .order_by(schedule.c.id)
        )
        found: defaultdict[int, list[Any]] = defaultdict(list)
        for row in await self._connection.execute(wanted):
            found[row.practitioner_id].append(row)
        return found


def _firsts(programme: str, start: datetime, until: datetime, terms: Terms, at: CentreId | None) -> Any:
    """Select practitioners with the first slot at which each has a place."""
    first = (
        select(slot.c.id)
        .join_from(slot, centre, centre.c.id == slot.c.centre_id)
        .where(
            slot.c.practitioner_id == practitioner.c.id,
            slot.c.programme == programme,
            slot.c.starts_at >= start,
            slot.c.starts_at < until,
            has_place(has_priority=terms.has_priority),
            centre.c.active,
            ~centre.c.professionals_only,
            *(() if at is None else (slot.c.centre_id == at,)),
        )
        .order_by(slot.c.starts_at, slot.c.id)
        .limit(1)
        .correlate(practitioner)
        .scalar_subquery()
    )
    return (
        select(
            practitioner.c.id,
            practitioner.c.name,
            practitioner.c.specialities,
            _own.c.starts_at,
            _there.c.name.label("centre_name"),
            _there.c.tz,
        )
        .join_from(practitioner, _own, _own.c.id == first)
        .join(_there, _there.c.id == _own.c.centre_id)
        .where(practitioner.c.active)
        .order_by(_own.c.starts_at, practitioner.c.name, practitioner.c.id)
    )


def _with_place(row: Any, places: list[Any]) -> WithPlace:
    offer = PractitionerOffer(
        practitioner=Practitioner(PractitionerId(row.id), row.name),
        specialities=tuple(Words(tuple(one.items())) for one in row.specialities),
        centres=tuple(CentreId(one.id) for one in places),
        first_at=row.starts_at,
        centre_name=row.centre_name,
        tz=row.tz,
    )
    return WithPlace(offer, tuple(name for one in places for name in (one.name, one.town)))
