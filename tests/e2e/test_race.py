"""Sixty people on all channels reach for the same five places at the same moment: five have them, the rest a choice."""

from __future__ import annotations

import asyncio
import re

from sqlalchemy import text

from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, labels, received, write_all
from webhooks.simulator.phones import TelegramPhone

PEOPLE, PLACES = 60, 5
TIME = re.compile(r"\w{3} \d+ \w{3}, \d\d:\d\d")
NINE = "Tue 2 Mar, 09:00"


async def asked_when(clinic: Clinic, number: int) -> Phone:
    """Return the phone of somebody who was asked for a time and has not chosen yet; most came by a centre's link."""
    phone = clinic.phone(("telegram", "telegram", "telegram", "whatsapp", "sms")[number % 5])
    if isinstance(phone, TelegramPhone):
        await phone.start("centre_1")
        await write_all(phone, "where", after="consent")
    else:
        await write_all(phone, "slot")
    return phone


async def test_of_sixty_who_want_one_of_five_places_five_get_it(
    database: Database, database_url: str, clock: Clock
) -> None:
    await write_small(database, today=NOW.date(), places=PLACES)
    async with clinic_at_work(database_url, clock, works=False) as clinic:
        phones = await asyncio.gather(*(asked_when(clinic, number) for number in range(PEOPLE)))
        async with clinic.app.database.begin() as connection:  # what was said until now is of no interest here
            await connection.execute(text("UPDATE outbox SET state = 'dropped'"))

        assert [200] * PEOPLE == await asyncio.gather(*(phone.say("1") for phone in phones))
        await clinic.deliver()
        held = [phone for phone in phones if "Please check" in received(phone)[-1]]
        assert PLACES == len(held)
        assert all(NINE in received(phone)[-1] for phone in held)
        for phone in phones:
            if phone not in held:
                assert "has just been taken" in received(phone)[-1]
                times = {found[0] for label in labels(phone) if (found := TIME.match(label))}
                assert (3, False) == (len(times), NINE in times)

        assert [200] * PLACES == await asyncio.gather(*(phone.say("Yes, book it") for phone in held))
        await clinic.deliver()
        assert PLACES == sum("Reference" in "".join(received(phone)) for phone in phones)
        assert ["booked"] * PLACES == await clinic.column("SELECT status FROM v_appointment")
        assert PLACES == await clinic.value("SELECT max(taken) FROM v_slot")
        assert {} == await clinic.breaches()

        other = next(phone for phone in phones if phone not in held)
        await other.say("1")
        await clinic.deliver()
        assert "Please check" in received(other)[-1]
