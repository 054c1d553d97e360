"""Places and hours are changed by chat, unless people must be moved first; whose dose is lost is offered others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.jobs import publish
from bot.shipped import shipped_programmes
from domain.store import catalogue, stocktaking
from domain.store.database import Database
from domain.store.stocktaking import DELIVERY, Lot, Telling
from tests.conftest import NOW, STAMP, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.closing import day_at
from tests.e2e.people import PATIENCE_S, choose, labels, say
from tests.e2e.staff import member

LATER = date(2027, 12, 31)


async def capacities(clinic: Clinic) -> list[int]:
    return [
        int(one) for one in await clinic.column("SELECT capacity FROM slot WHERE status = 'free' ORDER BY starts_at")
    ]


async def test_places_of_a_span(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    manager = await member(practice, capsys, "telegram", "manager")
    day = await day_at(practice)
    await day.book(day.slots[3], 5)
    assert "3 slots have 6 places now" in await say(manager, "capacity 6 on wednesday morning")
    assert [20, 20, 20, 6, 6, 6, 20, 20, 20] == await capacities(practice)
    refused = await say(manager, "capacity 2 on wednesday morning")
    assert "3 people must be moved first" in refused
    assert [20, 20, 20, 6, 6, 6, 20, 20, 20] == await capacities(practice)
    assert "5 people are booked there" in await choose(manager, "Close Wednesday 3 March")
    await choose(manager, "Yes, close it")
    await practice.app.jobs.tick()
    assert ["offered"] * 5 == await day.states()
    assert {} == await practice.breaches()


async def test_places_of_every_week(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    manager = await member(practice, capsys, "sms", "manager")
    assert "every Wednesday: 4 places a slot" in await say(manager, "capacity 4 on wednesdays")
    assert "3 slots were changed" in await choose(manager, "Yes, change it")
    assert [20, 20, 20, 4, 4, 4, 20, 20, 20] == await capacities(practice)
    (rules,) = await _rules(practice)
    assert [4] == [rule["capacity"] for rule in rules if rule["weekday"] == 2]
    assert "How many places" in await say(manager, "capacité")
    assert "For when" in await say(manager, "5")
    assert "3 slots have 5 places" in await say(manager, "thursday")


async def test_hours_of_every_week(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    manager = await member(practice, capsys, "whatsapp", "manager")
    day = await day_at(practice)
    booked = await day.book(day.slots[5], 2)
    await say(manager, "hours wednesday 9 to 11")
    assert "2 people must be moved first" in await choose(manager, "Yes, change it")
    assert 9 == len(await capacities(practice))
    await choose(manager, "Close Wednesday 3 March")
    await choose(manager, "Yes, close it")
    await practice.app.jobs.tick()
    for one in booked:
        await day.take(*one, (await day.offered(*one)).places[0].slot)
    await say(manager, "horaires mercredi de 9h à 11h")
    await choose(manager, "Yes, change it")
    assert 8 == len(await capacities(practice))
    await say(manager, "hours wednesday 8 to 12")
    assert "1 slot is new" in await choose(manager, "Yes, change it")
    assert 9 == len(await capacities(practice))  # at eight is new, at eleven was closed for itself
    await say(manager, "open wednesday")
    assert 10 == len(await capacities(practice))
    (rules,) = await _rules(practice)
    assert [("08:00", "12:00")] == [(rule["start"], rule["until"]) for rule in rules if rule["weekday"] == 2]
    assert {} == await practice.breaches()


async def _rules(clinic: Clinic) -> list[Any]:
    async with clinic.app.database.read() as connection:
        return [row.rules for row in await catalogue.schedules(connection)]


async def test_hours_that_cannot_be_read(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    manager = await member(practice, capsys, "sms", "manager")
    assert "Which hours?" in await say(manager, "hours sometimes")
    assert "A day of the week and two times" in await say(manager, "whenever it suits")
    assert "every Monday" in await say(manager, "monday 9 to 12")


# ---- a broken fridge


@pytest_asyncio.fixture
async def with_stock(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The small practice with two lots of four doses, and another centre nearby with plenty."""
    body = {**shipped_programmes()["flu"], "products": ["fluad"]}
    await write_small(database, today=NOW.date(), body=body)
    async with database.begin() as connection:
        other, _ = await catalogue.keep_centre(connection, OTHER)
        (schedule,) = await catalogue.schedules(connection)
        rules = [catalogue.rule_from_json(rule) for rule in schedule.rules]
        await catalogue.keep_schedule(connection, centre_id=other, programme_key="flu", rules=rules)
        for centre, number, doses in ((schedule.centre_id, "A1", 4), (schedule.centre_id, "B2", 4), (other, "C3", 50)):
            lot = Lot(centre=centre, product="fluad", number=number)
            await stocktaking.move(connection, lot, DELIVERY, doses, Telling(NOW, STAMP.actor), expires_on=LATER)
    await publish(database, today=NOW.date(), until=NOW.date() + timedelta(days=4))
    async with clinic_at_work(database_url, clock) as at_work:
        yield at_work


OTHER: dict[str, Any] = {
    "key": "other",
    "name": "Hill Practice",
    "address": "2 Hill Street",
    "town": "Bristol",
    "postcode": "BS2 2XX",
    "country": "GB",
    "lat": 51.46,
    "lon": -2.58,
    "tz": "Europe/London",
    "access_notes": "",
}


async def test_a_broken_fridge_is_recorded_and_whose_dose_is_gone_is_offered_another_centre(
    with_stock: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await member(with_stock, capsys, "sms", "clinician")
    day = await day_at(with_stock)
    everybody = await day.book_with_doses(day.slots[4], 6)
    await say(nurse, "the fridge broke")
    assert ["All of it", "fluad A1 (4 doses, until 31 December 2027)"] == labels(nurse)[:2]
    assert "4 doses at Harbour Practice are lost" in await choose(nurse, "fluad A1")
    done = await choose(nurse, "Yes, record it")
    assert "Recorded: 4 doses are lost. 2 people are being asked" in done
    assert [-4] == await with_stock.column("SELECT quantity FROM stock_movement WHERE kind = 'loss'")
    assert ["staff:1"] == await with_stock.column("SELECT actor FROM stock_movement WHERE kind = 'loss'")
    await with_stock.app.jobs.tick()
    assert ["offered"] * 2 == await day.states()
    there = await with_stock.column(
        "SELECT DISTINCT s.centre_id FROM appointment a JOIN slot s ON s.id = a.slot_id WHERE a.status = 'pending'"
    )
    assert [2] == there
    asked = await with_stock.column("SELECT appointment_id FROM displaced")
    for who, visit in (one for one in everybody if one[1] in asked):
        found = await day.offered(who, visit)
        await day.take(who, visit, found.places[0].slot)
    await with_stock.app.jobs.tick()
    settled = await nurse.wait_for(lambda message: "every visit is settled" in message.text, PATIENCE_S)
    assert "Monday 1 March, fluad lost" in settled.text
    assert "moved: 2" in await say(nurse, "closures")
    assert 0 == await day.held()
    assert {} == await with_stock.breaches()
