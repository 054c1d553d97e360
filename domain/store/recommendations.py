"""Who is to be told when a day has come, from which they may have what was too early.

In FHIR's words an ImmunizationRecommendation.
There is one waiting row per contact and programme; whoever takes it out of `waiting` tells them, so that several
workers tell nobody twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NewType

from sqlalchemy import ColumnElement, case, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.patients import ContactId
from domain.store.stamp import Stamp
from domain.store.statements import insert_into
from domain.store.tables import centre, contact, patient, recommendation, schedule

RecommendationId = NewType("RecommendationId", int)

_WAITS = recommendation.c.state == literal_column("'waiting'")  # in words, as the partial indexes have it


class SqlRecommendations:
    """`domain.ports.Recommendations`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def remember(self, contact_id: ContactId, programme: str, due_on: date) -> date:
        added = insert_into(self._connection, recommendation)
        known = recommendation.c.due_on
        stays = (known > self._stamp.now.date()) & (known < added.excluded.due_on)
        kept = added.on_conflict_do_update(
            index_elements=["contact_id", "programme"],
            index_where=_WAITS,
            set_={"due_on": case((stays, known), else_=added.excluded.due_on)},
        ).returning(known)
        values = {
            "contact_id": contact_id,
            "programme": programme,
            "due_on": due_on,
            "state": "waiting",
            "made_at": self._stamp.now,
        }
        found: date = (await self._connection.execute(kept, values)).scalar_one()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Somebody to be told."""

    id: RecommendationId
    contact: ContactId
    programme: str


# Whose wall clock counts: of the centre where the person was last, else of a centre that offers the programme.
_LAST = (
    select(centre.c.tz)
    .join_from(contact, patient, contact.c.patient_id == patient.c.id)
    .join(centre, centre.c.id == patient.c.last_centre_id)
    .where(contact.c.id == recommendation.c.contact_id)
    .correlate(recommendation)
    .scalar_subquery()
)
_OFFERS = (
    select(centre.c.tz)
    .join_from(schedule, centre, schedule.c.centre_id == centre.c.id)
    .where(schedule.c.programme == recommendation.c.programme, centre.c.active)
    .order_by(centre.c.id)
    .limit(1)
    .correlate(recommendation)
    .scalar_subquery()
)
_zone_of: ColumnElement[str] = func.coalesce(_LAST, _OFFERS, literal_column("'UTC'"))


async def zones(connection: AsyncConnection, latest: date) -> list[str]:
    """Return the zones in which somebody waits for a day no later than *latest*."""
    found = select(_zone_of).where(_WAITS, recommendation.c.due_on <= latest).distinct()
    return sorted((await connection.execute(found)).scalars())


async def due(connection: AsyncConnection, zone: str, day: date, limit: int) -> list[Due]:
    """Return who in *zone* is to be told now that it is *day* there, the longest waiting first."""
    found = (
        select(recommendation.c.id, recommendation.c.contact_id, recommendation.c.programme)
        .where(_WAITS, recommendation.c.due_on <= day, _zone_of == zone)
        .order_by(recommendation.c.due_on, recommendation.c.id)
        .limit(limit)
    )
    return [
        Due(id=RecommendationId(row.id), contact=ContactId(row.contact_id), programme=row.programme)
        for row in await connection.execute(found)
    ]


async def close(connection: AsyncConnection, wanted: RecommendationId, state: str) -> bool:
    """Take one out of `waiting`; say whether it was still there, so that it is ours to tell."""
    closed = update(recommendation).where(recommendation.c.id == wanted, _WAITS).values(state=state)
    return (await connection.execute(closed)).rowcount == 1
