"""Centres with a free place are found in SQL nearest first, all round the globe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from domain.centres import CentreId, Position, distance_m
from domain.store import tables
from domain.store.centres import SqlCentres
from domain.store.database import Connection, Database
from tests.conftest import NOW
from tests.domain.clinic import Clinic, write_schedule, write_slot
from tests.domain.store.by_hand import undone

DAY = timedelta(days=1)
BRISTOL = Position(51.45, -2.59)
KM = 1 / 111.195
CENTRE = {
    "name": "",
    "address": "",
    "town": "",
    "town_folded": "",
    "postcode": "",
    "country": "GB",
    "tz": "Europe/London",
}


async def near(
    clinic: Clinic,
    position: Position | None = BRISTOL,
    *,
    programme: str = "flu",
    days: tuple[int, int] = (0, 30),
    limit: int = 10,
    offset: int = 0,
) -> list[tuple[str, float | None]]:
    start, until = (NOW + number * DAY for number in days)
    async with clinic.database.read() as connection:
        found = await SqlCentres(connection).centres_near(
            programme, position, start=start, until=until, limit=limit, offset=offset
        )
    return [(centre.name, metres) for centre, metres in found]


async def names(clinic: Clinic, position: Position | None = BRISTOL, **wanted: object) -> list[str]:
    found = await near(clinic, position, **wanted)  # type: ignore[arg-type]  # passed on as they are
    return [name for name, _ in found]


async def place(clinic: Clinic, key: str, km: float = 1, **slot: object) -> CentreId:
    """Write a centre that lies so far north of Bristol, with a slot tomorrow."""
    async with clinic.database.begin() as connection:
        centre = await _written(connection, key, km)
        await write_slot(connection, NOW + DAY, centre=centre, **slot)  # type: ignore[arg-type]  # passed on as they are
        return centre


async def _written(connection: Connection, key: str, km: float) -> CentreId:
    row = {**CENTRE, "key": key, "name": key, "lat": BRISTOL.lat + km * KM, "lon": BRISTOL.lon}
    added = await connection.execute(insert(tables.centre).returning(tables.centre.c.id), row)
    return CentreId(added.scalar_one())


async def test_the_nearest_come_first_with_their_distance(clinic: Clinic) -> None:
    for key, km in (("far", 500), ("near", 2), ("nearer", -1), ("county", 60), ("region", 200)):
        await place(clinic, key, km)
    found = await near(clinic)
    assert ["nearer", "near", "county", "region", "far"] == [name for name, _ in found]
    assert [1, 2, 60, 200, 500] == [round((metres or 0) / 1000) for _, metres in found]


async def test_pages_go_on_where_the_last_one_ended(clinic: Clinic) -> None:
    """Also where a page reaches beyond the nearest ones, and where centres are equally far."""
    for n, km in enumerate((1, 1, 1, 2, 30, 30, 100, 400, 900)):
        await place(clinic, f"c{n}", km)
    everything = await names(clinic)
    assert [f"c{n}" for n in range(9)] == everything
    for limit in (1, 2, 4):
        pages = [await names(clinic, limit=limit, offset=offset) for offset in range(0, 10, limit)]
        assert everything == [name for page in pages for name in page]
    assert [] == await names(clinic, offset=9)


async def test_only_centres_with_a_free_place_are_found(clinic: Clinic) -> None:
    await place(clinic, "free", capacity=2)
    await place(clinic, "overbooked", capacity=0, overbook=1)
    await place(clinic, "full", capacity=0)
    await place(clinic, "closed", status="busy-unavailable")
    await place(clinic, "another-programme", programme="travel")
    async with clinic.database.begin() as connection:
        await _written(connection, "without-slots", 1)
    assert ["free", "overbooked"] == await names(clinic)
    assert ["another-programme"] == await names(clinic, programme="travel")
    assert [] == await names(clinic, programme="unknown")


async def test_a_place_that_is_taken_or_given_up_counts_at_once(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    assert ["Harbour"] == await names(clinic)
    await clinic.do(ana.hold(slot), ana.contact)
    assert [] == await names(clinic)
    clinic.clock.move(timedelta(minutes=10))
    await clinic.sweep()
    assert ["Harbour"] == await names(clinic)


async def test_places_count_from_the_start_until_before_the_end(clinic: Clinic) -> None:
    await place(clinic, "tomorrow")
    rows = (((0, 1), ""), ((0, 2), "tomorrow"), ((1, 2), "tomorrow"), ((2, 9), ""))
    for days, expected in rows:
        assert expected.split() == await names(clinic, days=days), days


async def test_centres_for_professionals_alone_and_those_that_closed_are_never_found(clinic: Clinic) -> None:
    for key, values in (("open", {}), ("staff", {"professionals_only": True}), ("gone", {"active": False})):
        centre = await place(clinic, key)
        async with clinic.database.begin() as connection:
            change = tables.centre.update().where(tables.centre.c.id == centre)
            await connection.execute(change.values(**{"country": "GB", **values}))
    for position in (BRISTOL, None):
        assert ["open"] == await names(clinic, position)


async def test_without_a_position_they_come_by_town_and_name(clinic: Clinic) -> None:
    towns = (("Bath", "Abbey"), ("Wells", "Palace"), ("Bath", "Spring"), ("Avebury", "Stone"))
    async with clinic.database.begin() as connection:
        for town, name in reversed(towns):
            centre = await _written(connection, name, 1)
            change = tables.centre.update().where(tables.centre.c.id == centre)
            await connection.execute(change.values(town=town))
            await write_slot(connection, NOW + DAY, centre=centre)
    expected = [("Stone", None), ("Abbey", None), ("Spring", None), ("Palace", None)]
    assert expected == await near(clinic, None)
    assert expected[1:3] == await near(clinic, None, limit=2, offset=1)


# ---- against a computation by brute force

NEAR_BRISTOL = st.tuples(st.floats(46, 56), st.floats(-8, 3))
NEAR_THE_180TH = st.tuples(st.floats(-20, 70), st.floats(175, 180) | st.floats(-180, -175))
NEAR_A_POLE = st.tuples(st.floats(86, 90) | st.floats(-90, -86), st.floats(-180, 180))
IN_THE_HIGH_NORTH = st.tuples(st.floats(70, 86), st.floats(0, 40))
ANYWHERE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
Point = tuple[float, float]


@st.composite
def some_points(draw: st.DrawFn) -> list[Point]:
    region = draw(st.sampled_from((NEAR_BRISTOL, NEAR_THE_180TH, NEAR_A_POLE, IN_THE_HIGH_NORTH, ANYWHERE)))
    return draw(st.lists(region, min_size=2, max_size=14))


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"], indirect=True)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(points=some_points(), limit=st.integers(1, 6), offset=st.integers(0, 6))
@example(points=[(0.0, 179.99), (0.0, 179.9), (0.0, -179.99)], limit=1, offset=0)  # over the 180th meridian
@example(points=[(0.0, -179.99), (0.0, -179.9), (0.0, 179.99)], limit=1, offset=0)  # and the other way
@example(points=[(89.95, 0.0), (89.9, 0.0), (89.99, 180.0)], limit=1, offset=0)  # over the pole
@example(points=[(89.0, 0.0), (88.47, 0.0), (89.15, 31.5)], limit=1, offset=0)  # where meridians run together
async def test_the_nearest_are_those_that_brute_force_finds(
    database: Database, points: list[Point], limit: int, offset: int
) -> None:
    """The first point is where somebody stands, the others are centres."""
    position, *others = (Position(*point) for point in points)
    async with undone(database) as connection:
        ids = await write_points(connection, others)
        found = await SqlCentres(connection).centres_near(
            "flu", position, start=NOW, until=NOW + 2 * DAY, limit=limit, offset=offset
        )
    by_force = sorted((distance_m(position, other), one) for one, other in zip(ids, others, strict=True))
    assert by_force[offset : offset + limit] == [(metres, centre.id) for centre, metres in found]


async def write_points(connection: Connection, points: Sequence[Position]) -> list[CentreId]:
    """Write a centre with a free place at each of *points*."""
    rows = [{**CENTRE, "key": f"p{number}", "lat": point.lat, "lon": point.lon} for number, point in enumerate(points)]
    await connection.execute(insert(tables.centre), rows)
    found = await connection.execute(select(tables.centre.c.id).order_by(tables.centre.c.id))
    ids = [CentreId(one) for one in found.scalars()]
    schedule = await write_schedule(connection, ids[0])
    slot = {"schedule_id": schedule, "programme": "flu", "capacity": 1}
    slots = [
        {**slot, "centre_id": one, "starts_at": NOW + DAY + n * timedelta(minutes=1), "ends_at": NOW + 2 * DAY}
        for n, one in enumerate(ids)
    ]
    await connection.execute(insert(tables.slot), slots)
    return ids
