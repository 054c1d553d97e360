"""A list of centres is written at once, and again only where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import event, select

from domain.schedules import Opening, WeeklyRule
from domain.store import catalogue, tables
from domain.store.bulk_centres import ListedCentre, keep_centres
from domain.store.database import Database
from tests.conftest import STAMP
from tests.domain.clinic import Clinic

PROGRAMMES = ("flu", "tea")
COLUMNS: dict[str, Any] = {
    "name": "Harbour Clinic",
    "address": "1 Quay Street",
    "town": "Saint-Malo",
    "postcode": "35400",
    "country": "FR",
    "lat": 48.65,
    "lon": -2.02,
    "tz": "Europe/Paris",
    "access_notes": "",
    "professionals_only": False,
    "active": True,
}


def rule(weekday: int) -> WeeklyRule:
    opening = Opening(start=time(9), until=time(11))
    return WeeklyRule(weekday=weekday, opening=opening, slot_length=timedelta(minutes=30), capacity=4)


def listed(key: str, *weekdays: int, valid_until: date | None = None, **columns: object) -> ListedCentre:
    rules = [rule(weekday) for weekday in weekdays]
    return ListedCentre(columns={**COLUMNS, "key": key, **columns}, rules=rules, valid_until=valid_until)


async def kept(clinic: Clinic, *centres: ListedCentre) -> list[str]:
    async with clinic.database.begin() as connection:
        for key in PROGRAMMES:
            await catalogue.keep_programme(connection, {"key": key, "title": key}, STAMP)
        return await keep_centres(connection, centres, PROGRAMMES)


@contextmanager
def writes(database: Database) -> Iterator[list[str]]:
    """Collect the tables that statements write meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        if sql.startswith(("INSERT INTO", "UPDATE")):
            found.append(sql.removeprefix("INSERT INTO ").removeprefix("UPDATE ").split()[0])

    engine = database.writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


async def schedules(clinic: Clinic) -> dict[tuple[str, str], tuple[list[int], date | None]]:
    wanted = select(tables.centre.c.key, tables.schedule).join_from(tables.schedule, tables.centre)
    async with clinic.database.read() as connection:
        rows = (await connection.execute(wanted)).all()
    return {(row.key, row.programme): ([one["weekday"] for one in row.rules], row.valid_until) for row in rows}


async def test_centres_and_their_schedules_of_every_programme_are_added(clinic: Clinic) -> None:
    assert ["added", "added"] == await kept(clinic, listed("harbour", 0, 1), listed("pier"))
    expected = {("harbour", key): ([0, 1], None) for key in PROGRAMMES} | {
        ("pier", key): ([], None) for key in PROGRAMMES
    }
    assert expected == await schedules(clinic)


async def test_the_same_list_again_writes_nothing(clinic: Clinic) -> None:
    await kept(clinic, listed("harbour", 0, 1), listed("pier"))
    with writes(clinic.database) as written:
        assert ["same", "same"] == await kept(clinic, listed("harbour", 0, 1), listed("pier"))
    assert [] == written


async def test_only_what_changed_changes(clinic: Clinic) -> None:
    await kept(clinic, listed("harbour", 0, 1), listed("pier"), listed("quay", 2))
    changed = [
        listed("harbour", 0, 1, name="Harbour Practice"),
        listed("pier"),
        listed("quay", 3, valid_until=date(2027, 5, 1)),
        listed("mole", 4),
    ]
    with writes(clinic.database) as written:
        assert ["changed", "same", "changed", "added"] == await kept(clinic, *changed)
    assert ["centre", "centre", "schedule", "schedule"] == sorted(written)
    found = await schedules(clinic)
    assert ([0, 1], None) == found["harbour", "flu"]
    assert ([3], date(2027, 5, 1)) == found["quay", "tea"]
    assert ["changed", "same", "same", "same"] == await kept(clinic, listed("harbour", 0, 1), *changed[1:])


async def test_a_town_is_found_by_its_new_name(clinic: Clinic) -> None:
    await kept(clinic, listed("harbour"))
    await kept(clinic, listed("harbour", town="St Malo-Paramé"))
    async with clinic.database.read() as connection:
        found = await connection.execute(select(tables.centre.c.town_folded))
    assert ["saint malo parame"] == list(found.scalars())


async def test_an_empty_list_is_no_trouble(clinic: Clinic) -> None:
    assert [] == await kept(clinic)
