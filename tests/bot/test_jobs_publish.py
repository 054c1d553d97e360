"""Places are published from tomorrow on, once, and from then on kept published as far ahead as was asked for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select, update

from bot.jobs import Jobs, publish
from bot.shipped import NotEmptyError, write_sample
from domain.store import catalogue, tables
from domain.store.database import Database
from tests.conftest import NOW, Clock

TODAY = NOW.date()
DAY = timedelta(days=1)


async def days(database: Database, programme: str = "flu", centre: str = "sample-riverside") -> list[date]:
    """Return the days on which a centre has places for a programme."""
    found = (
        select(tables.slot.c.starts_at)
        .join_from(tables.slot, tables.centre, tables.slot.c.centre_id == tables.centre.c.id)
        .where(tables.centre.c.key == centre, tables.slot.c.programme == programme)
        .order_by(tables.slot.c.starts_at)
    )
    async with database.read() as connection:
        return list(dict.fromkeys(start.date() for start in (await connection.execute(found)).scalars()))


def at_work(database: Database, clock: Clock) -> Jobs:
    """Return the worker's jobs, without anybody to talk to."""
    return Jobs(database=database, turns=cast(Any, None), wake=cast(Any, None), clock=clock)


async def test_the_sample_clinic_is_what_the_demo_promises(sample: Database) -> None:
    """Three centres in two towns, slots of 4 to 10 places, three hundred places and more in its first week.

    So many has each vaccination; those with a doctor are fewer.
    """
    async with sample.read() as connection:
        centres = (await connection.execute(select(tables.centre.c.town))).scalars().all()
        slots = (await connection.execute(select(tables.slot))).all()
    assert 3 <= len(centres)
    assert 2 <= len(set(centres))
    assert {4, 5, 6, 7, 8, 9, 10} >= {slot.capacity for slot in slots}
    assert {TODAY + DAY} == {min(slot.starts_at for slot in slots).date()}
    for key in {slot.programme for slot in slots if slot.practitioner_id is None}:
        week = [slot.capacity for slot in slots if slot.programme == key and slot.starts_at < NOW + 8 * DAY]
        assert 300 <= sum(week), key
    late = sum(slot.starts_at > NOW + 2 * DAY for slot in slots)
    assert late > len(slots) / 2


async def test_the_sample_goes_into_an_empty_database_alone(sample: Database) -> None:
    with pytest.raises(NotEmptyError):
        await write_sample(sample, now=NOW)


async def test_publishing_again_adds_nothing(sample: Database) -> None:
    before = await days(sample)
    assert 0 == await publish(sample, today=TODAY)
    assert 0 == await publish(sample, today=TODAY, until=before[2])
    assert before == await days(sample)


async def test_places_begin_tomorrow_and_end_before_the_last_day(sample: Database) -> None:
    published = await days(sample)
    assert [TODAY + n * DAY for n in range(1, 56)] == published
    assert 0 < await publish(sample, today=TODAY, until=TODAY + 60 * DAY)
    assert [TODAY + n * DAY for n in range(1, 60)] == await days(sample)


async def test_each_new_day_one_more_is_published(sample: Database, clock: Clock) -> None:
    """Also after some days on which nothing ran."""
    jobs = at_work(sample, clock)
    for passed in (1, 9):
        clock.now = NOW + passed * DAY
        await jobs.publish_ahead()
        assert TODAY + (passed + 55) * DAY == (await days(sample))[-1]
    assert 64 == len(await days(sample))


async def test_asking_for_fewer_days_takes_nothing_away_and_adds_less_from_then_on(
    sample: Database, clock: Clock
) -> None:
    await publish(sample, today=TODAY, until=TODAY + 10 * DAY)
    clock.move(30 * DAY)
    await at_work(sample, clock).publish_ahead()
    assert 55 == len(await days(sample))


async def test_closed_days_and_closed_centres_are_left_out(sample: Database) -> None:
    holiday = TODAY + 57 * DAY
    async with sample.begin() as connection:
        centre = tables.centre
        ids = {row.key: row.id for row in await connection.execute(select(centre.c.key, centre.c.id))}
        await catalogue.close_day(connection, ids["sample-riverside"], holiday)
        await connection.execute(update(centre).where(centre.c.key == "sample-abbey").values(active=False))
    await publish(sample, today=TODAY, until=TODAY + 60 * DAY)
    assert holiday not in await days(sample)
    assert (await days(sample))[-1] == TODAY + 59 * DAY
    assert (await days(sample, centre="sample-abbey"))[-1] < TODAY + 56 * DAY


async def test_nothing_is_kept_published_before_it_was_asked_for(sample: Database, clock: Clock) -> None:
    async with sample.begin() as connection:
        await connection.execute(tables.slot.delete())
        await catalogue.keep_publishing(connection, 0)
    await at_work(sample, clock).publish_ahead()
    assert [] == await days(sample)


async def test_every_programme_of_every_centre_is_published(sample: Database) -> None:
    async with sample.read() as connection:
        offered = {(row.centre_id, row.programme) for row in await catalogue.schedules(connection)}
        table = tables.slot
        found = Counter(map(tuple, await connection.execute(select(table.c.centre_id, table.c.programme))))
    assert offered == set(found)
