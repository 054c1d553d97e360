"""A surgery for tests: two doctors at one or two centres, with one place an hour, and what people do there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from bot.jobs import publish
from domain.practitioner_rows import PractitionerRow, practitioner_row
from domain.store import catalogue, practitioners, stocktaking
from domain.store.database import Database
from domain.store.practitioners import Known
from tests.conftest import STAMP
from tests.e2e.clinic import Clinic
from tests.e2e.people import PATIENCE_S, Phone, choose, hello, say

VISIT: dict[str, Any] = {"key": "visit", "title": "Clinic visit", "practitioners": True}
OKAFOR = {"key": "okafor", "name": "Dr Ada Okafor", "specialities": "General practice",
          "specialities_fr": "Médecine générale", "specialities_es": "Medicina general"}  # fmt: skip
RUIZ = {"key": "ruiz", "name": "Dr Luis Ruiz", "specialities": "Heart", "specialities_fr": "Cœur",
        "specialities_es": "Corazón"}  # fmt: skip
_HOURS = {"programme": "visit", "weekday": "mon-sun", "minutes": "60"}
_CENTRE = {"address": "1 Quay Street", "town": "Bristol", "postcode": "BS1 1XX", "country": "GB", "lat": 51.45,
           "lon": -2.59, "tz": "Europe/London", "access_notes": ""}  # fmt: skip


async def write_surgery(database: Database, *, today: date, **more: Any) -> None:
    """Write two centres in two towns: Dr Okafor is at the first, Dr Ruiz at both, from ten or from two."""
    hours = [
        OKAFOR | _HOURS | {"centre": "small", "from": "09:00", "until": "12:00"},
        RUIZ | _HOURS | {"centre": "small", "from": "10:00", "until": "12:00"},
        RUIZ | _HOURS | {"centre": "bath", "from": "14:00", "until": "16:00"},
    ]
    async with database.begin() as connection:
        await catalogue.keep_programme(connection, VISIT | more, STAMP)
        await catalogue.keep_centre(connection, {**_CENTRE, "key": "small", "name": "Harbour Practice"})
        bath = {**_CENTRE, "key": "bath", "name": "Abbey Practice", "town": "Bath", "lat": 51.38}
        await catalogue.keep_centre(connection, bath)
        centres = await stocktaking.centres_called(connection, ["small", "bath"])
        known = Known(centres=centres, programmes=frozenset({"visit"}))
        rows = [practitioner_row(one, line) for line, one in enumerate(hours, start=2)]
        for own in practitioners.by_key(row for row in rows if isinstance(row, PractitionerRow)).values():
            await practitioners.keep(connection, own, known)
    await publish(database, today=today, until=today + timedelta(days=5))


async def ask_for(phone: Phone, whom: str) -> str:
    """Go from the first hello to where it is asked whom one would like to see, say so, and return what follows."""
    await hello(phone)
    await choose(phone, "Yes, for me")
    await say(phone, "Ana Silva, 3 April 1950")
    return await say(phone, whom)


async def book_with(phone: Phone, whom: str, time: str = "Tue 2 Mar") -> str:
    """Ask for a visit to *whom*, who is at one centre only; return the last words."""
    await ask_for(phone, whom)
    await choose(phone, time)
    return await choose(phone, "Yes, book it")


async def tick(clinic: Clinic) -> None:
    """Let the worker look at the time."""
    await clinic.app.jobs.tick()


async def told(phone: Phone, words: str) -> str:
    """Wait for a message with *words*, and return it."""
    return str((await phone.wait_for(lambda message: words in message.text, PATIENCE_S)).text)


async def statuses(clinic: Clinic) -> list[str]:
    """Return the states of all appointments, oldest first."""
    async with clinic.app.database.read() as connection:
        found = await connection.execute(text("SELECT status FROM v_appointment ORDER BY id"))
        return list(found.scalars())
