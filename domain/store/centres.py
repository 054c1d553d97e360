"""Centres in SQL: which are nearest with a free place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import METRES_PER_DEGREE, Centre, CentreId, Position, distance_m
from domain.commands import Place
from domain.practitioners import PractitionerId
from domain.priority import ANYBODY, Terms
from domain.queries import Days
from domain.stock import open_until
from domain.store import searches, windows
from domain.store.places import places_called
from domain.store.prepared import Prepared
from domain.store.searches import CENTRE, Search
from domain.store.stock import SqlStock, at_centre
from domain.store.tables import centre

#: How far is looked at first, and then where too few centres are that near; and of how many of the nearest centres it
#: is looked up at once whether they have a place.
_NEAR_M = {60_000: (20, 60), 120_000: (60,), 250_000: (60, 240)}
_DOSES_AT_ONCE = 8
#: Up to this latitude ways within the nearest 60 km differ from those on a plane by less than is allowed for.
_NO_POLE, _ROUGHLY = 70, 0.95

_ONE = Prepared(select(*CENTRE).where(centre.c.id == bindparam("id"), centre.c.active, ~centre.c.professionals_only))
_ZONES = Prepared(select(centre.c.tz).where(centre.c.active).distinct())
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
        now: datetime | None = None,
        terms: Terms = ANYBODY,
        days: Days | None = None,
        step_free: bool = False,
        practitioner: PractitionerId | None = None,
    ) -> list[tuple[Centre, float | None]]:
        theirs = {} if practitioner is None else {"practitioner": practitioner}
        wanted = _Wanted(
            values={"programme": programme, "start": start, "until": until, **theirs},
            now=now or start,
            terms=terms,
            days=days,
            search=Search(
                has_priority=terms.has_priority,
                needs_dose=bool(terms.products),
                step_free=step_free,
                practitioner=practitioner is not None,
            ),
        )
        found = await self._page(wanted, position, limit, offset)
        if found or days is None:
            return found
        return await self._page(replace(wanted, spans=None), position, limit, offset)

    async def _page(
        self, wanted: _Wanted, position: Position | None, limit: int, offset: int
    ) -> list[tuple[Centre, float | None]]:
        if position is None:
            return [(centre_of(row), None) for row in await self._by_name(wanted, limit, offset)]
        found = await self._near(position, offset + limit, wanted)
        if len(found) < offset + limit:
            everywhere = _by_distance(await self._everywhere(wanted), position)
            found = [(centre_of(row), metres) for row, metres in everywhere[: offset + limit]]
        return list(found[offset : offset + limit])

    async def _in_all_zones(self, wanted: _Wanted) -> tuple[Search, dict[str, Any]] | None:
        """Return *wanted* for every zone that centres are in; None where its days are none of those to come."""
        if wanted.days is None:
            return wanted.search, wanted.values
        return wanted.in_zones([row.tz for row in await _ZONES.all(self._connection, {})])

    async def _everywhere(self, wanted: _Wanted) -> list[Any]:
        found = await self._in_all_zones(wanted)
        if found is None:
            return []
        search, values = found
        rows = await searches.everywhere(search).all(self._connection, values)
        return await self._with_dose(rows, wanted, len(rows))

    async def _by_name(self, wanted: _Wanted, limit: int, offset: int) -> list[Any]:
        if wanted.terms.products:
            return (await self._everywhere(wanted))[offset : offset + limit]
        found = await self._in_all_zones(wanted)
        if found is None:
            return []
        search, values = found
        return await searches.by_name(search).all(self._connection, {**values, "most": limit, "skipped": offset})

    async def _with_dose(self, rows: Sequence[Any], wanted: _Wanted, most: int) -> list[Any]:
        """Return of *rows* those of centres that have a dose for their first place, where one is needed.

        It is looked up for a few at a time, in their order, until there are *most*.
        """
        terms = wanted.terms
        if not terms.products:
            return list(rows)
        rows = [row for row in rows if row.first_at is not None]
        has_dose: list[Any] = []
        at_once = max(most, _DOSES_AT_ONCE)
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            centres = [row.centre_id for row in some]
            supplies = await SqlStock(self._connection).supplies(centres, terms.products, own=terms.own)
            if supplies is None:
                return list(rows)
            for row in some:
                here = at_centre(supplies, row.centre_id, terms.products)
                until = open_until(here, terms, ZoneInfo(row.tz), wanted.now)
                if until is not None and row.first_at < until:
                    has_dose.append(row)
            if len(has_dose) >= most:
                break
        return has_dose

    async def _near(self, position: Position, most: int, wanted: _Wanted) -> list[tuple[Centre, float]]:
        """Return the nearest centres with a place, at least *most* unless there are fewer within the widest radius."""
        at_once, is_all = await self._nearest(position, most, wanted)
        if at_once is not None:
            return at_once
        found: list[tuple[Centre, float]] = []
        looked_at: set[int] = set()
        for radius_m, counts in list(_NEAR_M.items())[is_all:]:
            rows = await searches.POSITIONS[wanted.search.step_free].all(self._connection, _box(position, radius_m))
            if len(rows) < most:
                continue
            far = sorted((distance_m(position, Position(row.lat, row.lon)), row.id, row.tz) for row in rows)
            near = [(one, tz) for metres, one, tz in far if metres <= radius_m and one not in looked_at]
            for count in counts:
                some, near = near[:count], near[count:]
                looked_at.update(one for one, _ in some)
                if some:
                    with_place = _by_distance(await self._among(some, count, wanted), position)
                    offered = await self._with_dose([row for row, _ in with_place], wanted, most - len(found))
                    found += [(centre_of(row), metres) for row, metres in _by_distance(offered, position)]
                if len(found) >= most:
                    return found
        return found

    async def _nearest(
        self, position: Position, most: int, wanted: _Wanted
    ) -> tuple[list[tuple[Centre, float]] | None, bool]:
        """Return the *most* nearest centres with a place, found in one statement; None where that does not tell.

        It tells where all of them are surely nearer than any centre that was not looked at. Beside it stands whether
        all centres within the least radius were looked at, and are too few.
        """
        radius_m, (count, *_) = next(iter(_NEAR_M.items()))
        box = _box(position, radius_m)
        if wanted.days is not None or most > count // 2 or not _is_plain(position, box):
            return None, False
        plane = {"lat": position.lat, "lon": position.lon, "narrowed": math.cos(math.radians(position.lat))}
        values = {**wanted.values, **plane, **{name: box[name] for name in ("south", "north", "west", "east")}}
        rows = await searches.nearest(count, wanted.search).all(self._connection, values)
        is_all = bool(rows) and rows[0].looked_at < count
        if len(rows) < most:
            return None, is_all
        sure_m = radius_m if is_all else math.sqrt(rows[0].furthest) * METRES_PER_DEGREE * _ROUGHLY
        near = [row for row, metres in _by_distance(rows, position) if metres <= sure_m]
        offered = await self._with_dose(near, wanted, most)
        if len(offered) < most:
            return None, is_all
        return [(centre_of(row), metres) for row, metres in _by_distance(offered, position)], is_all

    async def _among(self, some: Sequence[tuple[int, str]], count: int, wanted: _Wanted) -> list[Any]:
        """Return those of *some* centres, given with their zones and at most *count*, that have a place."""
        ready = wanted.in_zones(tz for _, tz in some)
        if ready is None:
            return []
        search, values = ready
        ids = {f"id_{number}": some[min(number, len(some) - 1)][0] for number in range(count)}
        return await searches.among(count, search).all(self._connection, {**values, **ids})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What somebody looks for *now*: the *values* of any such *search*, on what *terms*, on which *days*.

    Of the spans of time that days are only the first few *spans* count, unless it is None: few centres are open on
    Sundays, and to look into many of them for the Sundays of a quarter takes too long.
    """

    values: dict[str, Any]
    now: datetime
    search: Search
    terms: Terms
    days: Days | None
    spans: int | None = 5

    def in_zones(self, zones: Iterable[str]) -> tuple[Search, dict[str, Any]] | None:
        """Return the search and its values for centres in *zones*; None where no day to come is wanted there."""
        if self.days is None:
            return self.search, self.values
        count, spans = windows.in_zones(self.days, zones, self.values["start"], self.values["until"], most=self.spans)
        return (replace(self.search, windows=count), {**self.values, **spans}) if count else None


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


def _is_plain(position: Position, box: dict[str, float]) -> bool:
    """Say whether ways in a *box* are about as on a plane: neither near a pole nor over the 180th meridian."""
    return abs(position.lat) <= _NO_POLE and box["west"] >= -180 and box["east"] <= 180


def _by_distance(rows: Sequence[Any], position: Position) -> list[tuple[Any, float]]:
    far = ((row, distance_m(position, Position(row.lat, row.lon))) for row in rows)
    return sorted(far, key=lambda pair: (pair[1], pair[0].centre_id))


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
