"""A health worker and a pensioner at the same nearly empty centre, on each channel and both databases.

The centre has twelve doses of a programme that keeps the last ten for its priority groups.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot.shipped import all_shipped
from domain.store import stocktaking
from domain.store.database import Database
from domain.store.stocktaking import DELIVERY, LOSS, Lot, Telling
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import PATIENCE_S, Phone, choose, hello, received, reference_in, say

CHANNELS = ("telegram", "whatsapp", "sms")
NO_PLACE = "no centre has a free place"
GOOD_UNTIL = date(2027, 6, 1)
DOSES = 12
KEPT = {"share": 25, "low_stock": 10, "release_hours": 0}  # shipped, all may have what is left 48 hours before


@pytest_asyncio.fixture
async def centre(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The small practice, which gives the seasonal flu vaccine alone and keeps stock of it."""
    await write_small(database, today=NOW.date(), body=all_shipped()["flu-season"] | {"reserve": KEPT})
    await stocked(database, DOSES)
    async with clinic_at_work(database_url, clock) as at_work:
        yield at_work


async def stocked(database: Database, doses: int) -> None:
    kind = DELIVERY if doses > 0 else LOSS
    async with database.begin() as connection:
        (place,) = (await stocktaking.centres_called(connection, ["small"])).values()
        of = Lot(centre=place.id, product="flu-standard", number="A1")
        expires = GOOD_UNTIL if doses > 0 else None
        await stocktaking.move(connection, of, kind, doses, Telling(NOW, "test"), expires_on=expires)


async def up_to_place(phone: Phone, job: str, expected: str) -> None:
    """Answer all that is asked of somebody well with such a job, and say where; *expected* is said then."""
    await hello(phone)
    await choose(phone, "Yes, for me")
    await say(phone, "Ana Silva, 3 April 1950")
    await choose(phone, "Never")
    await choose(phone, "No")
    await choose(phone, "None of these")
    await choose(phone, "No, or not")
    await choose(phone, "I feel well")
    await choose(phone, job)
    await say(phone, "Bristol")
    await phone.wait_for(lambda _message: expected in received(phone)[-1], PATIENCE_S)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_last_doses_are_for_the_health_worker(centre: Clinic, channel: str) -> None:
    first, second, nurse = (centre.phone(channel) for _ in range(3))
    await up_to_place(first, "Retired", "Which centre")
    await choose(first, "Harbour Practice")
    await choose(first, "Tue 2 Mar")
    await choose(first, "Yes, book it")
    await stocked(centre.app.database, -1)

    await up_to_place(second, "Retired", NO_PLACE)
    assert not any("Harbour Practice" in text for text in received(second))
    await up_to_place(nurse, "Health or care", "Which centre")
    await choose(nurse, "Harbour Practice")
    await choose(nurse, "Tue 2 Mar")
    told = await choose(nurse, "Yes, book it")
    booked = await centre.column("SELECT reference FROM appointment WHERE priority_group = 'health'")
    assert [reference_in(told)] == booked
    assert [2] == await centre.column("SELECT sum(promised) FROM stock_day")
    assert {} == await centre.breaches()
