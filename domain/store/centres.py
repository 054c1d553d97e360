"""Centres and places in SQL: who is nearest with a free place, and where a town is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import METRES_PER_DEGREE, Centre, CentreId, Position, distance_m
from domain.commands import Place
from domain.gazetteer.names import fold
from domain.store.prepared import Prepared
from domain.store.tables import centre, slot

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
]
_NEAR_M = 60_000
_AREA_LIMIT = 6

_ONE = Prepared(select(*CENTRE).where(centre.c.id == bindparam("id"), centre.c.active))
_OPEN_CENTRES = select(*CENTRE).where(
    centre.c.active,
    ~centre.c.professionals_only,
    exists().where(
        slot.c.centre_id == centre.c.id,
        slot.c.programme == bindparam("programme"),
        slot.c.starts_at >= bindparam("start"),
        slot.c.starts_at < bindparam("until"),
        slot.c.taken < slot.c.capacity + slot.c.overbook,
        slot.c.status == literal_column("'free'"),  # in words, as the partial index has it
    ),
)
_IN_BOX = Prepared(
    _OPEN_CENTRES.where(
        centre.c.lat.between(bindparam("south"), bindparam("north")),
        or_(
            centre.c.lon.between(bindparam("west"), bindparam("east")),
            centre.c.lon >= bindparam("west_again"),  # over the 180th meridian
            centre.c.lon <= bindparam("east_again"),
        ),
    )
)
_EVERYWHERE = Prepared(_OPEN_CENTRES)
_BY_NAME = Prepared(
    _OPEN_CENTRES.order_by(centre.c.town, centre.c.name, centre.c.id)
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("skipped", type_=Integer))
)
_AREAS = (
    select(
        centre.c.town_folded,
        func.min(centre.c.town).label("town"),
        func.min(centre.c.postcode).label("postcode"),
        func.avg(centre.c.lat).label("lat"),
        func.avg(centre.c.lon).label("lon"),
    )
    .where(centre.c.active)
    .limit(_AREA_LIMIT)
)
# The same name in two areas is two towns: the first two letters of the postcode tell them apart.
_area = func.substr(centre.c.postcode, 1, 2)
_EACH_TOWN = _AREAS.group_by(centre.c.town_folded, _area).order_by(func.count().desc(), _area)
_TOWNS = Prepared(_EACH_TOWN.where(centre.c.town_folded == bindparam("folded")))
_TOWNS_BEGINNING = Prepared(
    _EACH_TOWN.where(centre.c.town_folded >= bindparam("beginning"), centre.c.town_folded < bindparam("after"))
)
_compact = func.upper(func.replace(func.replace(centre.c.postcode, " ", ""), "-", ""))
_MIDDLE = Prepared(
    select(func.avg(centre.c.lat).label("lat"), func.avg(centre.c.lon).label("lon")).where(
        centre.c.active, func.substr(_compact, 1, bindparam("length", type_=Integer)) == bindparam("beginning")
    )
)
_COUNTRIES = Prepared(
    select(centre.c.country).where(centre.c.active).group_by(centre.c.country).order_by(func.count().desc(), "country")
)
_LONGEST_POSTCODE = 12


class SqlCentres:
    """`domain.ports.Centres`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def centre(self, centre_id: CentreId) -> Centre | None:
        row = await _ONE.first(self._connection, {"id": centre_id})
        return centre_of(row) if row else None

    async def places_called(self, text: str) -> list[Place]:
        folded = fold(text)
        compact = "".join(folded.split()).upper()
        if len(compact) <= _LONGEST_POSTCODE and any(letter.isdigit() for letter in compact):
            return await self._area_of_postcode(compact) or await self._towns(folded)
        return await self._towns(folded)

    async def countries(self) -> list[str]:
        return [row.country for row in await _COUNTRIES.all(self._connection, {})]

    async def _towns(self, folded: str) -> list[Place]:
        found = await _TOWNS.all(self._connection, {"folded": folded})
        if not found and len(folded) >= 3:
            found = await _TOWNS_BEGINNING.all(self._connection, {"beginning": folded + " ", "after": folded + "!"})
            if len({row.postcode[:2] for row in found}) == 1:  # districts of one city
                found = found[:1]
        return [_place(row, several=len(found) > 1) for row in found]

    async def _area_of_postcode(self, postcode: str) -> list[Place]:
        """Return the middle of the centres whose postcode is *postcode*, else begins with as much of it as any does."""
        lengths = [
            length
            for length in range(len(postcode), 1, -1)
            if not postcode[length - 1 : length + 1].isalpha() or length == len(postcode)
        ]
        for length in lengths:
            beginning = postcode[:length]
            row = await _MIDDLE.one(self._connection, {"beginning": beginning, "length": length})
            if row.lat is not None:
                return [Place(label=postcode, position=Position(row.lat, row.lon))]
        return []

    async def centres_near(
        self,
        programme: str,
        position: Position | None,
        *,
        start: datetime,
        until: datetime,
        limit: int,
        offset: int,
    ) -> list[tuple[Centre, float | None]]:
        window = {"programme": programme, "start": start, "until": until}
        if position is None:
            rows = await _BY_NAME.all(self._connection, {**window, "most": limit, "skipped": offset})
            return [(centre_of(row), None) for row in rows]
        wanted = offset + limit
        near = await self._within(position, _NEAR_M, window)
        if len(near) >= wanted:
            return list(near[offset:wanted])
        everywhere = _by_distance(await _EVERYWHERE.all(self._connection, window), position)
        return list(everywhere[offset:wanted])

    async def _within(self, position: Position, radius_m: float, window: dict[str, Any]) -> list[tuple[Centre, float]]:
        rows = await _IN_BOX.all(self._connection, {**window, **_box(position, radius_m)})
        return [found for found in _by_distance(rows, position) if found[1] <= radius_m]


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
    )


def _place(row: Any, *, several: bool) -> Place:
    label = f"{row.town} ({row.postcode})" if several else row.town
    return Place(label=label, position=Position(row.lat, row.lon))
