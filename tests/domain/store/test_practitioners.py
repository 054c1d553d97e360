"""Practitioners and where they are: weekly hours, days on which something else holds, and never in two places (I4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain.centre_rows import RefusedRow
from domain.practitioner_rows import PractitionerRow, practitioner_row, refuse_overlaps, weekdays_in
from domain.schedules import Opening, PlannedSlot, WeeklyRule, plan_slots
from domain.store import catalogue, practitioners, publishing, stocktaking
from domain.store.database import Connection
from domain.store.occupancy import Occupied, ticks
from domain.store.practitioners import Known
from domain.store.tables import occupancy, practitioner, slot
from tests.conftest import STAMP
from tests.domain.clinic import Clinic, together, write_centre, write_slot

DAY = timedelta(days=1)
MONDAY = date(2027, 3, 8)
HARBOUR = {"key": "okafor", "name": "Dr Ada Okafor", "centre": "harbour", "programme": "visit"}
HILL = HARBOUR | {"centre": "hill"}
MORNING = {"weekday": "mon-fri", "from": "09:00", "until": "11:00", "minutes": "30"}


def rows_of(*cells: dict[str, str]) -> list[PractitionerRow]:
    """Return what a list says, which is in order."""
    read = [practitioner_row(one, line) for line, one in enumerate(cells, start=2)]
    assert [] == [row.why for row in read if isinstance(row, RefusedRow)]
    return [row for row in read if isinstance(row, PractitionerRow)]


async def known(connection: Connection) -> Known:
    """Write two centres and two programmes, and return what rows may refer to."""
    for key in ("harbour", "hill"):
        await write_centre(connection, key)
    for key in ("visit", "video"):
        await catalogue.keep_programme(connection, {"key": key, "title": key.title()}, STAMP)
    centres = await stocktaking.centres_called(connection, ["harbour", "hill"])
    return Known(centres=centres, programmes=frozenset({"visit", "video"}))


async def keep(clinic: Clinic, *cells: dict[str, str]) -> tuple[str, list[str]]:
    """Take in a list about one practitioner; return what became of them, and why rows were refused."""
    async with clinic.database.begin() as connection:
        became, refused = await practitioners.keep(connection, rows_of(*cells), await known(connection))
    return became, [row.why for row in refused]


async def publish(clinic: Clinic, days: int = 7, *, schedules: Sequence[Any] | None = None) -> tuple[int, int]:
    """Publish from Monday on; return how many slots are new, and how many were left out."""
    added, clashes = 0, list[PlannedSlot]()
    if schedules is None:
        schedules = await all_schedules(clinic)
    for one in schedules:
        async with clinic.database.begin() as connection:
            until = MONDAY + days * DAY
            added += await publishing.publish(connection, one, start=MONDAY, until=until, clashes=clashes)
    return added, len(clashes)


async def all_schedules(clinic: Clinic) -> list[Any]:
    async with clinic.database.read() as connection:
        return await catalogue.schedules(connection)


async def starts(clinic: Clinic, day: date = MONDAY) -> list[str]:
    """Return when the open slots of a day begin, in UTC, which is the wall time of March."""
    async with clinic.database.read() as connection:
        found = select(slot.c.starts_at).where(slot.c.status == "free").order_by(slot.c.starts_at)
        return [f"{at:%H:%M}" for at in (await connection.execute(found)).scalars() if at.date() == day]


async def whose(connection: Connection) -> int:
    """Return the id of the only practitioner."""
    return int((await connection.execute(select(practitioner.c.id))).scalar_one())


# ---- lists

READ = (
    ("who alone", HARBOUR, ""),
    ("a week", HARBOUR | MORNING, ""),
    ("a day off", HARBOUR | {"date": "2027-03-08"}, ""),
    ("a day of its own", HARBOUR | {"date": "2027-03-08", "from": "9:00", "until": "00:00"}, ""),
    ("no key", {"name": "Dr Who"}, "It has no key"),
    ("a column of another list", HARBOUR | {"lot": "A1"}, "It has lot, which is none of"),
    ("a name that no list shows", HARBOUR | {"name": "Dr Bartholomew Featherstonehaugh"}, "Its name is longer"),
    ("a weekday and a date", HARBOUR | MORNING | {"date": "2027-03-08"}, "both a weekday and a date"),
    ("neither", HARBOUR | {"from": "09:00", "until": "10:00"}, "neither a weekday nor a date"),
    ("no such day", HARBOUR | {"date": "2027-02-30"}, "is no day such as"),
    ("no such weekday", HARBOUR | MORNING | {"weekday": "someday"}, "is none such as mon"),
    ("no centre", {**MORNING, "key": "okafor", "programme": "visit"}, "It has no centre"),
    ("no end", HARBOUR | {"weekday": "mon", "from": "09:00"}, "It has no until"),
    ("an end before the beginning", HARBOUR | MORNING | {"until": "08:00"}, "are no span"),
    ("steps that nobody keeps", HARBOUR | MORNING | {"minutes": "12"}, "steps of 5 minutes"),
    ("a beginning between steps", HARBOUR | MORNING | {"from": "09:03"}, "steps of 5 minutes"),
    ("no places", HARBOUR | MORNING | {"places": "0"}, "no number from 1 on"),
    ("specialities that do not match", HARBOUR | {"specialities": "Heart; Lung", "specialities_fr": "Coeur"},
        "not as many in each language"),
)  # fmt: skip


@pytest.mark.parametrize(("why", "cells", "expected"), READ, ids=[row[0] for row in READ])
def test_a_row_is_read_or_refused_with_the_reason(why: str, cells: dict[str, str], expected: str) -> None:
    row = practitioner_row(cells, 2)
    assert expected in (row.why if isinstance(row, RefusedRow) else "")
    assert bool(expected) == isinstance(row, RefusedRow), why


WEEKDAYS: tuple[tuple[str, list[int]], ...] = (
    ("mon", [0]),
    ("mon-fri", [0, 1, 2, 3, 4]),
    ("Tuesday, Thursday", [1, 3]),
    ("sat-mon", [0, 5, 6]),
    ("sun", [6]),
    ("", []),
    ("mon-wed-fri", []),
    ("lundi", []),
)


@pytest.mark.parametrize(("said", "expected"), WEEKDAYS)
def test_weekdays_are_read(said: str, expected: list[int]) -> None:
    assert expected == weekdays_in(said)


def test_a_list_that_has_somebody_in_two_places_is_refused_there() -> None:
    video = HARBOUR | MORNING | {"programme": "video", "from": "11:00", "until": "12:00"}
    late = HILL | MORNING | {"from": "10:55", "until": "12:00"}
    rows = rows_of(HARBOUR | MORNING, late, video, HILL | MORNING | {"key": "silva"})
    refused = [row.why for row in refuse_overlaps(rows) if isinstance(row, RefusedRow)]
    assert ["Its practitioner is elsewhere then by line 2."] == refused


async def test_a_list_is_taken_in_and_taken_in_again(clinic: Clinic) -> None:
    said = (HARBOUR | MORNING | {"specialities": "Heart"}, HILL | {"weekday": "sat", "from": "09:00", "until": "10:00"})
    assert ("added", []) == await keep(clinic, *said)
    assert ("same", []) == await keep(clinic, *said)
    assert ("changed", []) == await keep(clinic, *said, HILL | {"date": "2027-03-13"})
    assert ("changed", []) == await keep(clinic, {"key": "okafor", "name": "Dr A. Okafor"}, *said)
    assert ("same", ["It has no name."]) == await keep(clinic, {"key": "nobody"})
    assert (20, 0) == await publish(clinic, 6), "the Saturday is off"
    assert ("changed", []) == await keep(clinic, HARBOUR)
    assert (0, 0) == await publish(clinic, 14), "without hours nothing more is published"


async def test_what_a_list_names_must_be_there(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        there = await known(connection)
    unknown = rows_of(HARBOUR | MORNING | {"centre": "moon"}, HARBOUR | MORNING | {"programme": "tea"}, HARBOUR)
    assert [
        "There is no one centre with the key or the name moon.",
        "There is no programme tea.",
        None,
    ] == [wrong.why if (wrong := there.lacks(row)) else None for row in unknown]


# ---- days on which something else holds


async def test_a_day_off_and_a_day_elsewhere_stand_in_place_of_the_week(clinic: Clinic) -> None:
    elsewhere = HILL | {"date": "2027-03-09", "from": "14:00", "until": "15:00"}
    await keep(clinic, HARBOUR | MORNING, HARBOUR | {"date": "2027-03-08"}, elsewhere)
    await publish(clinic)
    assert [[], ["14:00", "14:30"], ["09:00", "09:30", "10:00", "10:30"]] == [
        await starts(clinic, MONDAY + number * DAY) for number in range(3)
    ]


async def test_a_published_day_follows_unless_somebody_has_a_place(clinic: Clinic) -> None:
    await keep(clinic, HARBOUR | MORNING)
    await publish(clinic)
    later = HARBOUR | {"date": "2027-03-08", "from": "10:00", "until": "12:00"}
    assert ("changed", []) == await keep(clinic, HARBOUR | MORNING, later)
    assert ["10:00", "10:30", "11:00", "11:30"] == await starts(clinic)
    assert ("changed", []) == await keep(clinic, HARBOUR | MORNING, HARBOUR | {"date": "2027-03-08"})
    assert [] == await starts(clinic)
    assert ("changed", []) == await keep(clinic, HARBOUR | MORNING, later)
    assert ["10:00", "10:30", "11:00", "11:30"] == await starts(clinic)
    someone = await clinic.someone()
    async with clinic.database.read() as connection:
        free = select(slot.c.id).where(slot.c.status == "free").order_by(slot.c.starts_at)
        first = (await connection.execute(free)).scalars().first()
    assert first is not None
    await clinic.do(someone.hold(first, programme="visit"), someone.contact)
    became, refused = await keep(clinic, HARBOUR | MORNING, HARBOUR | {"date": "2027-03-08"})
    assert ("same", ["1 people have places on 2027-03-08 that would go; move them first."]) == (became, refused)
    assert ["10:00", "10:30", "11:00", "11:30"] == await starts(clinic)
    assert {} == await clinic.broken()


@given(
    day=st.sampled_from([date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 1), date(2027, 4, 4), date(2027, 10, 3)]),
    zone=st.sampled_from(["Europe/Paris", "Australia/Lord_Howe", "Pacific/Apia", "America/New_York"]),
    start=st.integers(0, 200),
    length=st.integers(1, 60),
    minutes=st.sampled_from([5, 15, 20, 30, 45]),
)
def test_a_shift_begins_when_the_clock_shows_it_also_when_clocks_change(
    day: date, zone: str, start: int, length: int, minutes: int
) -> None:
    """Its slots are those of a weekly rule, each of its own length in true time, and none over another."""
    begin, end = (time(n // 12, n % 12 * 5) for n in (start, min(287, start + length)))
    rule = WeeklyRule(
        weekday=day.weekday(),
        opening=Opening(start=begin, until=end),
        slot_length=timedelta(minutes=minutes),
        capacity=1,
    )
    week = WeeklyRule(weekday=day.weekday(), opening=Opening(start=time(0), until=time(0)), slot_length=DAY, capacity=9)
    tz = ZoneInfo(zone)
    planned = list(plan_slots((week,), frozenset(), tz, start=day, until=day + DAY, shifts={day: (rule,)}))
    assert planned == list(plan_slots((rule,), frozenset(), tz, start=day, until=day + DAY))
    walls = [one.starts_at.astimezone(tz) for one in planned]
    assert all(wall.date() == day and begin <= wall.time() < end for wall in walls)
    taken = [tick for one in planned for tick in ticks(one.starts_at, one.ends_at)]
    assert len(taken) == len(set(taken)) == len(planned) * minutes // 5


# ---- never in two places


async def test_a_slot_at_which_its_practitioner_is_elsewhere_is_left_out_and_counted(clinic: Clinic) -> None:
    await keep(clinic, HARBOUR | MORNING, HILL | MORNING | {"from": "10:30", "until": "12:00"})
    assert (5 * 6, 5) == await publish(clinic)
    assert (0, 5) == await publish(clinic), "publishing again gives the same"
    assert ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"] == await starts(clinic)
    assert {} == await clinic.broken()


async def test_two_who_publish_one_practitioner_at_two_centres_at_once(clinic: Clinic) -> None:
    await keep(clinic, HARBOUR | MORNING, HILL | MORNING)
    both = await all_schedules(clinic)
    done = await together(*(publish(clinic, 14, schedules=[one]) for one in both * 3))
    assert 40 == sum(added for added, _ in done)
    assert {} == await clinic.broken()
    async with clinic.database.read() as connection:
        assert 40 * 6 == len((await connection.execute(select(occupancy))).all())


async def test_the_database_refuses_what_nobody_looked_at(clinic: Clinic) -> None:
    """Neither a second slot nor one that is opened again takes time that another has; closing gives it back."""
    await keep(clinic, HARBOUR | MORNING)
    await publish(clinic, 1)
    late = datetime(2027, 3, 8, 10, 55, tzinfo=UTC)
    with pytest.raises(IntegrityError):
        async with clinic.database.begin() as connection:
            await write_slot(connection, late, practitioner_id=await whose(connection))
    async with clinic.database.begin() as connection:
        await connection.execute(update(slot).where(slot.c.ends_at > late).values(status="busy-unavailable"))
        await write_slot(connection, late, practitioner_id=await whose(connection))
    with pytest.raises(IntegrityError):
        async with clinic.database.begin() as connection:
            await connection.execute(update(slot).values(status="free"))
    assert {} == await clinic.broken()


async def test_time_that_is_looked_at_is_what_the_database_keeps(clinic: Clinic) -> None:
    await keep(clinic, HARBOUR | MORNING)
    await publish(clinic, 1)
    async with clinic.database.begin() as connection:
        start = datetime(2027, 3, 8, 8, tzinfo=UTC)
        occupied = await Occupied.of(connection, await whose(connection), start, start + 4 * timedelta(hours=1))
        kept = set((await connection.execute(select(occupancy.c.tick))).scalars())
        await connection.execute(update(slot).values(status="busy-unavailable"))
        left = (await connection.execute(select(occupancy.c.tick))).scalars().all()
    nine = datetime(2027, 3, 8, 9, tzinfo=UTC)
    assert kept == set(occupied.by_tick) == set(ticks(nine, nine + timedelta(hours=2)))
    assert [] == left
