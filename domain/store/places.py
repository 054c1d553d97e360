"""Places in SQL: where a town or a postcode is, by the centres there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Integer, String, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import Position
from domain.commands import Place
from domain.gazetteer.names import fold
from domain.store.prepared import Prepared
from domain.store.tables import centre

_AREA_LIMIT = 6
_LONGEST_POSTCODE = 12

_AREAS = (
    select(
        centre.c.town_folded,
        func.min(centre.c.town).label("town"),
        func.min(centre.c.postcode).label("postcode"),
        func.min(centre.c.country).label("country"),
        func.avg(centre.c.lat).label("lat"),
        func.avg(centre.c.lon).label("lon"),
    )
    .where(centre.c.active)
    .limit(_AREA_LIMIT)
)
# The same name in two areas is two towns: the first two letters of the postcode tell them apart.
_area = func.substr(centre.c.postcode, 1, 2)
_is_abroad = func.min(centre.c.country) != bindparam("country", type_=String)
_EACH_TOWN = _AREAS.group_by(centre.c.town_folded, centre.c.country, _area).order_by(
    _is_abroad, func.count().desc(), _area
)
_TOWNS = Prepared(_EACH_TOWN.where(centre.c.town_folded == bindparam("folded")))
_TOWNS_BEGINNING = Prepared(
    _EACH_TOWN.where(centre.c.town_folded >= bindparam("beginning"), centre.c.town_folded < bindparam("after"))
)
_compact = func.upper(func.replace(func.replace(centre.c.postcode, " ", ""), "-", ""))
_MIDDLES = Prepared(
    select(
        centre.c.country,
        func.min(centre.c.town).label("town"),
        func.avg(centre.c.lat).label("lat"),
        func.avg(centre.c.lon).label("lon"),
    )
    .where(centre.c.active, func.substr(_compact, 1, bindparam("length", type_=Integer)) == bindparam("beginning"))
    .group_by(centre.c.country)
    .order_by(func.count().desc(), centre.c.country)
)


async def places_called(connection: AsyncConnection, text: str, country: str = "") -> list[Place]:
    """Return the towns called *text*, or the area whose postcode is or begins with it; those in *country* first."""
    folded = fold(text)
    compact = "".join(folded.split()).upper()
    if len(compact) <= _LONGEST_POSTCODE and any(letter.isdigit() for letter in compact):
        return await _areas_of_postcode(connection, compact, country) or await _towns(connection, folded, country)
    return await _towns(connection, folded, country)


async def _towns(connection: AsyncConnection, folded: str, country: str) -> list[Place]:
    found = await _TOWNS.all(connection, {"folded": folded, "country": country})
    if not found and len(folded) >= 3:
        beginning = {"beginning": folded + " ", "after": folded + "!", "country": country}
        found = await _TOWNS_BEGINNING.all(connection, beginning)
        if len({(row.country, row.postcode[:2]) for row in found}) == 1:  # districts of one city
            found = found[:1]
    countries = {row.country for row in found}
    return [_place(row, several=len(found) > 1, with_country=len(countries) > 1) for row in found]


async def _areas_of_postcode(connection: AsyncConnection, postcode: str, country: str) -> list[Place]:
    """Return the middle of the centres whose postcode is *postcode*, else begins with as much of it as any does."""
    elsewhere: list[Any] = []
    is_whole = False
    async for beginning, rows in _each_beginning(connection, postcode):
        home = [row for row in rows if row.country == country]
        if home:
            return _areas(postcode, [*home, *elsewhere] if is_whole else home)
        if not elsewhere:
            elsewhere, is_whole = rows, beginning == postcode
        if not country:
            break
    return _areas(postcode, elsewhere)


async def _each_beginning(connection: AsyncConnection, postcode: str) -> AsyncIterator[tuple[str, list[Any]]]:
    """Yield where centres are whose postcode begins with ever less of *postcode*, by country."""
    lengths = [
        length
        for length in range(len(postcode), 1, -1)
        if not postcode[length - 1 : length + 1].isalpha() or length == len(postcode)
    ]
    for length in lengths:
        beginning = postcode[:length]
        rows = await _MIDDLES.all(connection, {"beginning": beginning, "length": length})
        if rows:
            yield beginning, rows


def _areas(postcode: str, rows: list[Any]) -> list[Place]:
    if len(rows) == 1:
        return [Place(label=postcode, position=Position(rows[0].lat, rows[0].lon))]
    return [
        Place(label=f"{postcode} ({row.country})", position=Position(row.lat, row.lon), near=row.town) for row in rows
    ]


def _place(row: Any, *, several: bool, with_country: bool) -> Place:
    in_full = f"{row.town} ({row.postcode}, {row.country})" if with_country else f"{row.town} ({row.postcode})"
    label = in_full if several else row.town
    return Place(label=label, position=Position(row.lat, row.lon), country=row.country, postcode=row.postcode)
