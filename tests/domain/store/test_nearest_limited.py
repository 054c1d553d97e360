"""Centres are looked for on some days only, each by its own clock, or only where there are no steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import insert

from dialogs.readers.constraint import When
from domain.centres import Position
from domain.priority import ANYBODY, Terms
from domain.store import tables
from domain.store.centres import SqlCentres
from domain.store.database import Connection
from tests.conftest import NOW
from tests.domain.clinic import Clinic, write_centre, write_schedule, write_slot
from tests.domain.store.test_stock import VACCINE, deliver

DAY = timedelta(days=1)
SATURDAYS, MORNINGS = When(weekdays=frozenset({5})), When(until_time=time(12))
PLACES = (("paris", "Europe/Paris"), ("reunion", "Indian/Reunion"), ("alaska", "America/Anchorage"))
# moments of one place at each centre, what is wanted → where such a place is
FRIDAY_EVENING, SATURDAY_NOON, SATURDAY_NIGHT = "2027-03-05T21:00", "2027-03-06T12:00", "2027-03-06T23:30"
WANTED = (
    ("on the island Saturday has begun", (FRIDAY_EVENING,), SATURDAYS, "reunion"),
    ("at noon it is Saturday everywhere", (SATURDAY_NOON,), SATURDAYS, "alaska paris reunion"),
    ("in Alaska it still is", (SATURDAY_NIGHT,), SATURDAYS, "alaska"),
    ("one of the days will do", (FRIDAY_EVENING, SATURDAY_NOON), SATURDAYS, "alaska paris reunion"),
    ("a morning by each clock", (SATURDAY_NOON,), MORNINGS, "alaska"),
    ("one day alone", (SATURDAY_NOON,), When(days=((date(2027, 3, 6), date(2027, 3, 7)),)), "alaska paris reunion"),
    ("another day", (SATURDAY_NOON,), When(days=((date(2027, 3, 7), date(2027, 3, 14)),)), ""),
    ("a day too far ahead", (SATURDAY_NOON,), When(days=((date(2027, 12, 4), date(2027, 12, 5)),)), ""),
    ("a time to the minute", (SATURDAY_NOON,), When(at=time(13)), "paris"),
)  # fmt: skip


async def near(clinic: Clinic, *, position: bool = True, **wanted: object) -> list[str]:
    async with clinic.database.read() as connection:
        found = await SqlCentres(connection).centres_near(
            "flu",
            Position(51.5, -2.5) if position else None,
            start=NOW,
            until=NOW + 90 * DAY,
            limit=5,
            offset=0,
            **wanted,  # type: ignore[arg-type]  # passed on as they are
        )
    return sorted(centre.name.lower() for centre, _ in found)


@pytest.mark.parametrize("position", [True, False], ids=["near", "by name"])
@pytest.mark.parametrize(("why", "moments", "days", "names"), WANTED, ids=[row[0] for row in WANTED])
async def test_a_place_on_such_a_day_is_one_by_the_centres_own_clock(
    clinic: Clinic, why: str, moments: Sequence[str], days: When, names: str, position: bool
) -> None:
    async with clinic.database.begin() as connection:
        for name, tz in PLACES:
            centre = await write_centre(connection, name, tz=tz)
            for moment in moments:
                await write_slot(connection, datetime.fromisoformat(f"{moment}+00:00"), centre=centre)
            await write_slot(connection, NOW + 30 * DAY, centre=centre, capacity=0)
    assert names.split() == await near(clinic, days=days, position=position)


async def test_later_days_are_looked_at_where_no_centre_has_a_place_on_the_first_few(clinic: Clinic) -> None:
    ninth = datetime.fromisoformat("2027-05-01T12:00+00:00")
    await clinic.slot((ninth - NOW) / DAY)
    assert ["harbour"] == await near(clinic, days=SATURDAYS)


async def test_of_many_centres_in_several_zones_those_with_such_a_place_come_in_order(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        centres = await _many(connection)
    async with clinic.database.read() as connection:
        found = await SqlCentres(connection).centres_near(
            "flu", Position(51.5, -2.5), start=NOW, until=NOW + 90 * DAY, limit=6, offset=2, days=SATURDAYS
        )
    assert centres[2:8] == [centre.name for centre, _ in found]


async def _many(connection: Connection) -> list[str]:
    """Write ninety centres in a row, each third with a place on Saturday; return these."""
    first = await write_centre(connection, "c000", name="c000", tz="Europe/Paris")
    schedule = await write_schedule(connection, first)
    for number in range(90):
        tz = PLACES[number // 3 % 3][1]
        centre = await write_centre(connection, f"c{number:03}", name=f"c{number:03}", lat=51.5 + number / 90, tz=tz)
        moment = NOW + (5 if number % 3 == 0 else 2) * DAY + timedelta(hours=3)
        row = {"schedule_id": schedule, "centre_id": centre, "programme": "flu", "capacity": 1}
        ends = {"starts_at": moment + timedelta(minutes=number), "ends_at": moment + DAY}
        await connection.execute(insert(tables.slot), {**row, **ends})
    return [f"c{number:03}" for number in range(0, 90, 3)]


@pytest.mark.parametrize("position", [True, False], ids=["near", "by name"])
async def test_only_centres_that_are_known_to_be_step_free_are_so(clinic: Clinic, position: bool) -> None:
    async with clinic.database.begin() as connection:
        for name, step_free in (("yes", True), ("no", False), ("unknown", None)):
            centre = await write_centre(connection, name, step_free=step_free)
            await write_slot(connection, NOW + 5 * DAY, centre=centre)
    assert ["yes"] == await near(clinic, step_free=True, position=position)
    assert ["yes"] == await near(clinic, step_free=True, days=SATURDAYS, position=position)
    assert [] == await near(clinic, step_free=True, days=When(weekdays=frozenset({6})), position=position)
    assert 3 == len(await near(clinic, position=position))


@pytest.mark.parametrize(
    ("wanted", "has_dose"), [((1,), True), ((10,), False), ((1, 10), True), ((10, 20), False), ((), True)]
)
async def test_the_first_place_on_such_a_day_decides_whether_there_is_a_dose_for_it(
    clinic: Clinic, wanted: Sequence[int], has_dose: bool
) -> None:
    """There are doses for three days; places are tomorrow and on later days."""
    for in_days in (1, 10, 20):
        await clinic.slot(in_days)
    async with clinic.database.begin() as connection:
        await deliver(connection, 5, 3)
    first = NOW.date()
    days = When(days=tuple((first + n * DAY, first + (n + 1) * DAY) for n in wanted))
    terms = Terms(products=(VACCINE,))
    assert (["harbour"] if has_dose else []) == await near(clinic, days=days if wanted else None, terms=terms)
    assert ["harbour"] == await near(clinic, days=days if wanted else None, terms=ANYBODY)
