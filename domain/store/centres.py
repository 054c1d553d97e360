"""Centres in SQL: which are nearest with a free place."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import METRES_PER_DEGREE, Centre, CentreId, Position, distance_m
from domain.commands import Place
from domain.priority import ANYBODY, Terms
from domain.stock import open_until
from domain.store.places import places_called
from domain.store.prepared import Prepared
from domain.store.stock import SqlStock, at_centre
from domain.store.tables import centre, slot
from domain.store.types import Id

CENTRE = [
    centre.c.id.label("centre_id"),
    centre.c.name.label("centre_name"),
    centre.c.address,
    centre.c.town,
    centre.c.postcode,
    centre.c.lat,
    centre.c.lon,
    centre.c.tz,
    centre.c.access_notes,
    centre.c.country,
    centre.c.step_free,
]
#: How far is looked at first, and then where too few centres are that near.
_NEAR_M = (60_000, 250_000)
#: Of how many of the nearest centres it is looked up at once whether they have a place.
_AT_ONCE = (20, 60, 240)

_ONE = Prepared(select(*CENTRE).where(centre.c.id == bindparam("id"), centre.c.active, ~centre.c.professionals_only))


def has_place(*, has_priority: bool) -> ColumnElement[bool]:
    """Say in SQL that a slot has a place, in the very words of the partial index that finds such slots."""
    kept = slot.c.capacity + slot.c.overbook if has_priority else slot.c.capacity + slot.c.overbook - slot.c.reserve
    return and_(slot.c.taken < kept, slot.c.status == literal_column("'free'"))


def _with_place(*, has_priority: bool, needs_dose: bool) -> Select[Any]:
    """Return the search for centres with a place, and where it *needs_dose* also when the first one is, as `first_at`.

    The first one decides whether there is a dose for a place, since doses only run out as days go by.
    """
    has_one = (
        slot.c.centre_id == centre.c.id,
        slot.c.programme == bindparam("programme"),
        slot.c.starts_at >= bindparam("start"),
        slot.c.starts_at < bindparam("until"),
        has_place(has_priority=has_priority),
    )
    first = select(func.min(slot.c.starts_at)).where(*has_one).correlate(centre).scalar_subquery()
    columns = [*CENTRE, first.label("first_at")] if needs_dose else CENTRE
    return select(*columns).where(centre.c.active, ~centre.c.professionals_only, exists().where(*has_one))


@functools.cache
def _among(count: int, *, has_priority: bool, needs_dose: bool) -> Prepared:
    """Return the search for those of *count* centres that have a place."""
    ids = [bindparam(f"id_{number}", type_=Id) for number in range(count)]
    return Prepared(_with_place(has_priority=has_priority, needs_dose=needs_dose).where(centre.c.id.in_(ids)))


@functools.cache
def _everywhere(*, has_priority: bool, needs_dose: bool) -> Prepared:
    with_place = _with_place(has_priority=has_priority, needs_dose=needs_dose)
    return Prepared(with_place.order_by(centre.c.town, centre.c.name, centre.c.id))


@functools.cache
def _by_name(*, has_priority: bool) -> Prepared:
    with_place = _with_place(has_priority=has_priority, needs_dose=False)
    return Prepared(
        with_place.order_by(centre.c.town, centre.c.name, centre.c.id)
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("skipped", type_=Integer))
    )


_POSITIONS = Prepared(
    select(centre.c.id, centre.c.lat, centre.c.lon).where(
        centre.c.active,
        ~centre.c.professionals_only,
        centre.c.lat.between(bindparam("south"), bindparam("north")),
        or_(
            centre.c.lon.between(bindparam("west"), bindparam("east")),
            centre.c.lon >= bindparam("west_again"),  # over the 180th meridian
            centre.c.lon <= bindparam("east_again"),
        ),
    )
)
_COUNTRIES = Prepared(
    select(centre.c.country).where(centre.c.active).group_by(centre.c.country).order_by(func.count().desc(), "country")
)


class SqlCentres:
    """`domain.ports.Centres`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def centre(self, centre_id: CentreId) -> Centre | None:
        row = await _ONE.first(self._connection, {"id": centre_id})
        return centre_of(row) if row else None

    async def places_called(self, text: str, country: str = "") -> list[Place]:
        return await places_called(self._connection, text, country)

    async def countries(self) -> list[str]:
        return [row.country for row in await _COUNTRIES.all(self._connection, {})]

    async def centres_near(
        self,
        programme: str,
        position: Position | None,
        *,
        start: datetime,
        until: datetime,
        limit: int,
        offset: int,
        terms: Terms = ANYBODY,
    ) -> list[tuple[Centre, float | None]]:
        window = {"programme": programme, "start": start, "until": until}
        wanted = offset + limit
        if position is None:
            return [(centre_of(row), None) for row in await self._by_name(window, limit, offset, terms)]
        for radius_m in _NEAR_M:
            found = await self._near(position, radius_m, wanted, window, terms)
            if len(found) >= wanted:
                return list(found[offset:wanted])
        return list(_by_distance(await self._everywhere(window, terms), position)[offset:wanted])

    async def _everywhere(self, window: dict[str, Any], terms: Terms) -> list[Any]:
        everywhere = _everywhere(has_priority=terms.has_priority, needs_dose=bool(terms.products))
        return await self._with_dose(await everywhere.all(self._connection, window), window, terms)

    async def _by_name(self, window: dict[str, Any], limit: int, offset: int, terms: Terms) -> list[Any]:
        if terms.products:
            return (await self._everywhere(window, terms))[offset : offset + limit]
        values = {**window, "most": limit, "skipped": offset}
        return await _by_name(has_priority=terms.has_priority).all(self._connection, values)

    async def _with_dose(self, rows: list[Any], window: dict[str, Any], terms: Terms) -> list[Any]:
        """Return of *rows* those of centres that have a dose for their first place, where one is needed."""
        if not terms.products or not rows:
            return rows
        centres = [row.centre_id for row in rows]
        supplies = await SqlStock(self._connection).supplies(centres, terms.products, own=terms.own)
        if supplies is None:
            return rows
        has_dose = []
        for row in rows:
            until = open_until(
                at_centre(supplies, row.centre_id, terms.products), terms, ZoneInfo(row.tz), window["start"]
            )
            if until is not None and row.first_at < until:
                has_dose.append(row)
        return has_dose

    async def _near(
        self, position: Position, radius_m: float, wanted: int, window: dict[str, Any], terms: Terms
    ) -> list[tuple[Centre, float]]:
        """Return the nearest centres with a place, at least *wanted* unless there are fewer within *radius_m*."""
        rows = await _POSITIONS.all(self._connection, _box(position, radius_m))
        if len(rows) < wanted:
            return []
        far = ((distance_m(position, Position(row.lat, row.lon)), row.id) for row in rows)
        ids = [found for metres, found in sorted(far) if metres <= radius_m]
        found: list[tuple[Centre, float]] = []
        for count in _AT_ONCE:
            some, ids = ids[:count], ids[count:]
            if not some or len(found) >= wanted:
                break
            filled = {f"id_{number}": some[min(number, len(some) - 1)] for number in range(count)}
            with_place = _among(count, has_priority=terms.has_priority, needs_dose=bool(terms.products))
            rows = await with_place.all(self._connection, {**window, **filled})
            found += _by_distance(await self._with_dose(rows, window, terms), position)
        return found


def _box(position: Position, radius_m: float) -> dict[str, float]:
    """Return degrees between which every point within *radius_m* lies; all the way round where a pole is among them."""
    height = radius_m / METRES_PER_DEGREE
    width = 180.0
    if abs(position.lat) + height < 90:
        slant = math.sin(math.radians(height)) / math.cos(math.radians(position.lat))
        width = math.degrees(math.asin(min(1.0, slant)))
    west, east = position.lon - width, position.lon + width
    return {
        "south": position.lat - height,
        "north": position.lat + height,
        "west": west,
        "east": east,
        "west_again": west + 360,
        "east_again": east - 360,
    }


def _by_distance(rows: Sequence[Any], position: Position) -> list[tuple[Centre, float]]:
    centres = [centre_of(row) for row in rows]
    return sorted(
        ((found, distance_m(position, found.position)) for found in centres), key=lambda pair: (pair[1], pair[0].id)
    )


def centre_of(row: Any) -> Centre:
    """Return the centre whose columns (`CENTRE`) are in *row*."""
    return Centre(
        id=CentreId(row.centre_id),
        name=row.centre_name,
        address=row.address,
        town=row.town,
        postcode=row.postcode,
        position=Position(row.lat, row.lon),
        tz=row.tz,
        access_notes=row.access_notes,
        country=row.country,
        step_free=row.step_free,
    )
