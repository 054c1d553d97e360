"""A postcode that two countries have is looked for in the one that the patient's number is of."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.jobs import publish
from domain.schedules import Opening, WeeklyRule
from domain.store import catalogue
from domain.store.database import Database
from tests.conftest import NOW
from tests.e2e.clinic import Clinic
from tests.e2e.people import PATIENCE_S, Phone, labels, say, write_all

TWO = (("Paris", "FR", 48.86, 2.34, "Europe/Paris"), ("Addison", "US", 32.96, -96.84, "America/Chicago"))


async def write_two(database: Database) -> None:
    """Write a centre in each of two countries, both with the postcode 75001."""
    rules = [
        WeeklyRule(
            weekday=weekday,
            opening=Opening(start=time(9), until=time(12)),
            slot_length=timedelta(hours=1),
            capacity=9,
        )
        for weekday in range(7)
    ]
    async with database.begin() as connection:
        for town, country, lat, lon, tz in TWO:
            row = {"key": town, "name": f"{town} Clinic", "address": "", "town": town, "postcode": "75001"}
            where = {"country": country, "lat": lat, "lon": lon, "tz": tz}
            centre, _ = await catalogue.keep_centre(connection, {**row, **where})
            await catalogue.keep_schedule(connection, centre_id=centre, programme_key="flu", rules=rules)
    await publish(database, today=NOW.date(), until=NOW.date() + timedelta(days=4))


async def nearest(phone: Phone) -> str:
    """Return the first centre that is offered, once some are."""
    await phone.wait_for(lambda _message: any("Clinic" in label for label in labels(phone)), PATIENCE_S)
    return labels(phone)[0].split()[0]


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
@pytest.mark.parametrize(("prefix", "town"), [("+3361234", "Paris"), ("+1214555", "Addison")])
async def test_a_number_tells_in_which_country_a_postcode_is(
    practice: Clinic, channel: str, prefix: str, town: str
) -> None:
    await write_two(practice.app.database)
    phone = practice.twilio_phone(whatsapp=channel == "whatsapp", prefix=prefix)
    await write_all(phone, "where")
    await say(phone, "75001")
    assert town == await nearest(phone)


async def test_who_has_no_number_is_asked(practice: Clinic) -> None:
    await write_two(practice.app.database)
    phone = practice.telegram_phone()
    await write_all(phone, "where")
    await phone.wait_for(lambda message: "Near which place" in (message.text or ""), PATIENCE_S)
    await say(phone, "75001")
    await phone.wait_for(lambda _message: any("75001 (FR)" in label for label in labels(phone)), PATIENCE_S)
    assert any("75001 (US)" in label for label in labels(phone))
