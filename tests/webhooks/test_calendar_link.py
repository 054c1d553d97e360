"""The link by which phones without files get a calendar entry: for whoever has it, and nobody can guess it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import icalendar
import pytest_asyncio
from yarl import URL

from bot.calendars import signed
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import PUBLIC, Clinic, clinic_at_work, write_small
from tests.e2e.people import write_all
from webhooks.simulator.phones import TwilioPhone


@pytest_asyncio.fixture
async def desk(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    await write_small(database, today=NOW.date())
    async with clinic_at_work(database_url, clock, works=False) as desk:
        yield desk


async def event(desk: Clinic, link: str) -> tuple[Any, Any]:
    """Return the calendar that *link* leads to, and its only event."""
    async with desk.session.get(link.replace(PUBLIC, desk.address)) as response:
        assert (200, "text/calendar") == (response.status, response.content_type)
        calendar = icalendar.Calendar.from_ical(await response.text())
    found = calendar.walk("VEVENT")
    assert 1 == len(found)
    return calendar, found[0]


async def booked(desk: Clinic) -> tuple[TwilioPhone, str]:
    """Book by text message; return the phone and the link that came with the booking."""
    phone = desk.twilio_phone(whatsapp=False)
    await write_all(phone, "booked")
    await desk.deliver()
    return phone, next(word for word in phone.last_text.split() if word.startswith(PUBLIC))


async def test_the_link_of_a_booking_gives_an_entry_that_follows_it(desk: Clinic) -> None:
    phone, link = await booked(desk)

    calendar, entry = await event(desk, link)
    uid, sequence = str(entry["UID"]), int(entry["SEQUENCE"])
    assert ("PUBLISH", "CONFIRMED") == (str(calendar["METHOD"]), str(entry["STATUS"]))
    assert (datetime(2027, 3, 2, 9, tzinfo=NOW.tzinfo), timedelta(hours=1)) == (
        entry["DTSTART"].dt,
        entry["DTEND"].dt - entry["DTSTART"].dt,
    )
    assert "Harbour Practice" in str(entry["LOCATION"])
    assert "Ana" not in entry.to_ical().decode(), "the link names nobody"

    for words in ("move my booking", "2", "Yes, move it"):
        await phone.say(words)
    calendar, entry = await event(desk, link)
    assert ("PUBLISH", uid) == (str(calendar["METHOD"]), str(entry["UID"]))
    assert datetime(2027, 3, 3, 9, tzinfo=NOW.tzinfo) == entry["DTSTART"].dt
    assert int(entry["SEQUENCE"]) > sequence

    for words in ("cancel my booking", "Yes, cancel it"):
        await phone.say(words)
    calendar, entry = await event(desk, link)
    assert ("CANCEL", "CANCELLED", uid) == (str(calendar["METHOD"]), str(entry["STATUS"]), str(entry["UID"]))


#: What people may try instead, made of the right *token*, its *reference* and its *digest*.
GUESSES = (
    "-",
    "x",
    "{reference}",
    "{reference}-",
    "{reference}-0000000000000000",
    "{token}0",
    "{lower}",
    "é-{digest}",
    "%00-{digest}",
    "../health/live",
)


async def test_any_other_link_is_not_found(desk: Clinic) -> None:
    _, link = await booked(desk)
    token = link.rpartition("/")[2].removesuffix(".ics")
    reference, _, digest = token.partition("-")

    statuses = {}
    for guess in GUESSES:
        wrong = guess.format(token=token, reference=reference, digest=digest, lower=token.lower())
        address = URL(f"{desk.address}/calendar/{quote(wrong, safe='%')}.ics", encoded=True)
        async with desk.session.get(address) as response:
            statuses[guess] = response.status

    assert dict.fromkeys(GUESSES, 404) == statuses


async def test_a_link_of_our_own_to_no_booking_is_not_found(desk: Clinic) -> None:
    token = signed(desk.app.database.index_secret, "ZZZZZZ")
    async with desk.session.get(f"{desk.address}/calendar/{token}.ics") as response:
        assert 404 == response.status
