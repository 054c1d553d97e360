"""What operators write is added, changed or found the same; slots are published once and then stay (I10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.commands import Booked
from domain.schedules import Opening, WeeklyRule
from domain.store import catalogue, publishing, tables
from domain.store.database import Connection
from tests.conftest import STAMP
from tests.domain.clinic import Clinic, write_centre
from tests.domain.store.by_hand import undone

MONDAY = date(2027, 3, 8)
DAY = timedelta(days=1)
TEA: dict[str, Any] = {"key": "tea", "title": "Tea", "criteria": [{"key": "thirsty"}]}
HARBOUR = {
    "key": "harbour",
    "name": "Harbour Clinic",
    "address": "1 Quay Street",
    "town": "Saint-Malo",
    "postcode": "35400",
    "country": "FR",
    "lat": 48.65,
    "lon": -2.02,
    "tz": "Europe/Paris",
}


def rule(weekday: int = 0, opening: str = "09:00-11:00", minutes: int = 30, capacity: int = 4) -> WeeklyRule:
    start, until = map(time.fromisoformat, opening.split("-"))
    return WeeklyRule(
        weekday=weekday,
        opening=Opening(start=start, until=until),
        slot_length=timedelta(minutes=minutes),
        capacity=capacity,
    )


async def write_schedule(connection: Connection, *rules: WeeklyRule, **valid: Any) -> Any:
    """Write the harbour, a programme and a schedule for it, and return that as it is published from."""
    centre = await write_centre(connection, tz="Europe/Paris")
    await catalogue.keep_programme(connection, TEA, STAMP)
    await catalogue.keep_schedule(connection, centre_id=centre, programme_key="tea", rules=rules, **valid)
    (schedule,) = await catalogue.schedules(connection)
    return schedule


async def starts(connection: Connection) -> list[str]:
    found = await connection.execute(select(tables.slot.c.starts_at).order_by(tables.slot.c.starts_at))
    return [f"{one:%m-%d %H:%M}" for one in found.scalars()]


# ---- centres and programmes


MOVED = {"name": "Harbour", "lat": 48.66}
WRITTEN: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "added"),
    ({}, "same"),
    ({"name": "Harbour"}, "changed"),
    ({"name": "Harbour"}, "same"),
    (MOVED, "changed"),
    ({**MOVED, "active": False}, "changed"),
)


async def test_a_centre_is_added_once_and_then_changed_or_the_same(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        assert await catalogue.is_empty(connection)
        kept = [await catalogue.keep_centre(connection, {**HARBOUR, **more}) for more, _ in WRITTEN]
        assert [expected for _, expected in WRITTEN] == [became for _, became in kept]
        assert 1 == len({centre for centre, _ in kept})
        assert not await catalogue.is_empty(connection)
        row = (await connection.execute(select(tables.centre))).mappings().one()
    expected = {**HARBOUR, "name": "Harbour", "lat": 48.66, "active": False, "town_folded": "saint malo"}
    assert expected.items() <= dict(row).items()


async def test_what_a_list_does_not_say_of_a_centre_stays(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        await catalogue.keep_centre(connection, {**HARBOUR, "access_notes": "Ramp at the back."})
        await catalogue.keep_centre(connection, {**HARBOUR, "name": "Harbour"})
        row = (await connection.execute(select(tables.centre))).mappings().one()
    assert ("Harbour", "Ramp at the back.") == (row["name"], row["access_notes"])


async def test_centres_with_other_keys_are_others(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        kept = [await catalogue.keep_centre(connection, {**HARBOUR, "key": key}) for key in ("one", "two")]
    assert ["added", "added"] == [became for _, became in kept]
    assert 2 == await clinic.count("centre")


async def test_a_programmes_version_rises_when_it_changes_and_only_then(clinic: Clinic) -> None:
    changed = {**TEA, "title": "More tea"}
    async with clinic.database.begin() as connection:
        assert (0, 0) == await catalogue.programmes_version(connection)
        steps = ((TEA, "added", (1, 1)), (TEA, "same", (1, 1)), (changed, "changed", (1, 2)), (changed, "same", (1, 2)),
                 (TEA, "changed", (1, 3)), ({"key": "cake"}, "added", (2, 4)))  # fmt: skip
        for body, became, version in steps:
            assert became == await catalogue.keep_programme(connection, body, STAMP)
            assert version == await catalogue.programmes_version(connection)


async def test_programmes_come_in_the_order_in_which_they_were_first_written(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        for key in ("tea", "cake", "beer"):
            await catalogue.keep_programme(connection, {"key": key}, STAMP)
        await catalogue.keep_programme(connection, {"key": "tea", "title": "Tea"}, STAMP)
        found = await catalogue.programmes(connection)
    assert [{"key": "tea", "title": "Tea"}, {"key": "cake"}, {"key": "beer"}] == found


# ---- schedules and slots


async def test_slots_are_published_in_the_centres_wall_time(clinic: Clinic) -> None:
    """In Paris it is an hour earlier in UTC before 28 March, and two after."""
    async with clinic.database.begin() as connection:
        schedule = await write_schedule(connection, rule(opening="09:00-10:00", capacity=7))
        added = await publishing.publish(connection, schedule, start=date(2027, 3, 22), until=date(2027, 3, 30))
        expected = ["03-22 08:00", "03-22 08:30", "03-29 07:00", "03-29 07:30"]
        assert (4, expected) == (added, await starts(connection))
        row = (await connection.execute(select(tables.slot).order_by(tables.slot.c.id))).first()
    assert row is not None
    assert (7, 0, 0, "free", "tea") == (row.capacity, row.overbook, row.taken, row.status, row.programme)
    assert datetime(2027, 3, 22, 8, 30, tzinfo=UTC) == row.ends_at


async def test_publishing_again_adds_only_what_is_new(clinic: Clinic) -> None:
    """And leaves what stands as it is, its id and what is taken of it, also when the rules have changed."""
    async with clinic.database.begin() as connection:
        schedule = await write_schedule(connection, rule())
        assert 4 == await publishing.publish(connection, schedule, start=MONDAY, until=MONDAY + DAY)
        slots = list((await connection.execute(select(tables.slot.c.id).order_by(tables.slot.c.id))).scalars())
    ana = await clinic.someone()
    assert isinstance(await clinic.do(ana.book(slots[0], programme="tea"), ana.contact), Booked)
    async with clinic.database.begin() as connection:
        before = (await connection.execute(select(tables.slot).order_by(tables.slot.c.id))).all()
        changed = await write_schedule(connection, rule(opening="09:00-12:00", capacity=9))
        assert changed.id == schedule.id
        for again, expected in ((schedule, 0), (changed, 2), (changed, 0)):
            assert expected == await publishing.publish(connection, again, start=MONDAY, until=MONDAY + DAY)
        after = (await connection.execute(select(tables.slot).order_by(tables.slot.c.id))).all()
    assert before == after[:4]
    assert [1, 0, 0, 0, 0, 0] == [row.taken for row in after]
    assert [4, 4, 4, 4, 9, 9] == [row.capacity for row in after]
    assert {} == await clinic.broken()


async def test_more_slots_than_fit_in_one_statement_are_published(clinic: Clinic) -> None:
    rules = [rule(weekday, "00:00-00:00", 5) for weekday in range(7)]
    async with clinic.database.begin() as connection:
        schedule = await write_schedule(connection, *rules)
        assert 2016 == await publishing.publish(connection, schedule, start=MONDAY, until=MONDAY + 7 * DAY)
    assert 2016 == await clinic.count("slot")


VALID: tuple[tuple[str, dict[str, date], str], ...] = (
    ("for ever", {}, "03-08 03-15 03-22"),
    ("from a day on, that day included", {"valid_from": date(2027, 3, 15)}, "03-15 03-22"),
    ("until a day, that day not included", {"valid_until": date(2027, 3, 22)}, "03-08 03-15"),
    ("never", {"valid_from": date(2027, 3, 22), "valid_until": date(2027, 3, 9)}, ""),
    ("not any more", {"valid_until": date(2027, 1, 1)}, ""),
)


async def test_schedules_are_published_while_they_are_valid(clinic: Clinic) -> None:
    for why, valid, expected in VALID:
        async with undone(clinic.database) as connection:
            schedule = await write_schedule(connection, rule(opening="09:00-09:30"), **valid)
            await publishing.publish(connection, schedule, start=MONDAY, until=MONDAY + 15 * DAY)
            assert expected.split() == [start[:5] for start in await starts(connection)], why


async def test_on_a_closed_day_nothing_is_published(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        schedule = await write_schedule(connection, rule(opening="09:00-09:30"))
        other = await write_centre(connection, "other")
        for centre, day in ((schedule.centre_id, MONDAY), (schedule.centre_id, MONDAY), (other, MONDAY + 7 * DAY)):
            await catalogue.close_day(connection, centre, day)
        await publishing.publish(connection, schedule, start=MONDAY, until=MONDAY + 8 * DAY)
        assert ["03-15 08:00"] == await starts(connection)


async def test_a_schedule_without_rules_publishes_nothing(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        schedule = await write_schedule(connection)
        assert 0 == await publishing.publish(connection, schedule, start=MONDAY, until=MONDAY + 70 * DAY)


async def test_rules_that_overlap_publish_each_start_once(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        schedule = await write_schedule(
            connection, rule(opening="09:00-10:00"), rule(opening="09:30-10:30", capacity=1)
        )
        assert 3 == await publishing.publish(connection, schedule, start=MONDAY, until=MONDAY + DAY)


async def test_schedules_of_centres_that_closed_are_left_out(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        await write_schedule(connection, rule())
        await write_centre(connection, active=False)
        assert [] == await catalogue.schedules(connection)


async def test_a_schedule_is_for_a_programme_that_there_is(clinic: Clinic) -> None:
    async with undone(clinic.database) as connection:
        centre = await write_centre(connection)
        with pytest.raises(IntegrityError):
            await catalogue.keep_schedule(connection, centre_id=centre, programme_key="unknown", rules=())


# ---- offering everywhere


async def offers(connection: Connection) -> list[tuple[str, str, int]]:
    table = tables.schedule
    rows = select(tables.centre.c.key, table.c.programme, table.c.rules, table.c.ahead_days)
    joined = rows.join_from(table, tables.centre).order_by(tables.centre.c.key, table.c.programme)
    return [(row.key, row.programme, len(row.rules)) for row in await connection.execute(joined)]


async def test_a_programme_is_offered_wherever_there_are_hours(clinic: Clinic) -> None:
    """At the hours of the centre's first schedule; where it has its own, or there are none, nothing changes."""
    async with clinic.database.begin() as connection:
        one, two, three = [await write_centre(connection, key) for key in ("one", "two", "three")]
        for key in ("tea", "cake"):
            await catalogue.keep_programme(connection, {"key": key}, STAMP)
        rows = ((one, "tea", [rule(0), rule(1)]), (two, "tea", [rule(0)]), (two, "cake", [rule(0), rule(1), rule(2)]))
        for centre, key, rules in rows:
            await catalogue.keep_schedule(connection, centre_id=centre, programme_key=key, rules=rules)
        expected = [("one", "cake", 2), ("one", "tea", 2), ("two", "cake", 3), ("two", "tea", 1)]
        for new in (1, 0):
            assert new == await catalogue.offer_everywhere(connection, "cake")
            assert expected == await offers(connection)
        assert three not in {row.centre_id for row in await catalogue.schedules(connection)}


async def test_a_programme_offered_everywhere_is_published_as_far_ahead_as_the_others(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        await write_schedule(connection, rule())
        await catalogue.keep_publishing(connection, 56)
        await catalogue.keep_programme(connection, {"key": "cake"}, STAMP)
        await catalogue.offer_everywhere(connection, "cake")
        assert {56} == {row.ahead_days for row in await catalogue.schedules(connection)}


async def test_programmes_that_nobody_can_book_are_named(clinic: Clinic) -> None:
    await clinic.slot(1, programme="tea")
    await clinic.slot(-1, programme="cake")
    async with clinic.database.begin() as connection:
        await catalogue.keep_programme(connection, {"key": "beer"}, STAMP)
        assert ["cake", "beer"] == await catalogue.programmes_without_slots(connection, clinic.clock())
