"""Somebody who is not yet eligible is told the date, and later told once, by day, that it has come."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.patients import Channel
from domain.store import conversations
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import SMS_FROM, Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, received, write_all

HAS_COME = "what was too early then is possible from today on"
CHANNELS = ("telegram", "sms")
NUMBER = "+15551230001"  # of the first phone
DUE = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)


async def not_yet(idle: Clinic, channel: str = "sms", answer: str = "Yes, write to me") -> Phone:
    """Return the phone of somebody with a fever, who may from 8 March on."""
    phone = idle.phone(channel)
    await write_all(phone, "name")
    for words in ("Ana Silva, 3 April 1950", "I have a fever", answer):
        assert 200 == await phone.say(words)
        await idle.deliver()
    return phone


async def ticked(idle: Clinic) -> None:
    await idle.app.jobs.tick()
    await idle.deliver()


async def states(idle: Clinic) -> list[Any]:
    return await idle.column("SELECT state FROM recommendation ORDER BY id")


def tellings(phone: Phone) -> int:
    return sum(HAS_COME in text for text in received(phone))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_somebody_is_told_the_date_and_later_that_it_has_come(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = await not_yet(idle, channel)
    assert "8 March 2027 on it is possible" in "".join(received(phone))
    assert "I will write to you on 8 March 2027." in received(phone)[-1]
    for moment in (DUE - timedelta(days=1), DUE - timedelta(minutes=1)):
        clock.now = moment
        await ticked(idle)
        assert 0 == tellings(phone)
    clock.now = DUE
    await ticked(idle)
    assert HAS_COME in received(phone)[-1]
    await ticked(idle)
    assert (1, ["told"]) == (tellings(phone), await states(idle))
    await phone.say("book")
    await idle.deliver()
    assert "Who is the appointment for?" in received(phone)[-1] or "full name" in received(phone)[-1]
    assert {} == await idle.breaches()


async def test_at_night_it_waits_for_the_morning(idle: Clinic, clock: Clock) -> None:
    phone = await not_yet(idle)
    for moment, expected in ((DUE.replace(hour=20), 0), (DUE + timedelta(hours=23), 0), (DUE + timedelta(days=1), 1)):
        clock.now = moment
        await ticked(idle)
        assert expected == tellings(phone), moment


async def test_it_is_nine_where_the_centre_is(idle: Clinic, clock: Clock) -> None:
    async with idle.app.database.begin() as connection:
        await connection.exec_driver_sql("UPDATE centre SET tz = 'America/New_York'")
    phone = await not_yet(idle)
    clock.now = DUE
    await ticked(idle)
    assert 0 == tellings(phone)
    clock.now = DUE.replace(hour=14)
    await ticked(idle)
    assert 1 == tellings(phone)


async def test_several_workers_tell_once(idle: Clinic, clock: Clock) -> None:
    phones = [await not_yet(idle) for _ in range(3)]
    clock.now = DUE
    await asyncio.gather(*(idle.app.jobs.tick() for _ in range(4)))
    await idle.deliver()
    assert [1, 1, 1] == [tellings(phone) for phone in phones]


async def test_who_stopped_messages_is_not_told(idle: Clinic, clock: Clock) -> None:
    phone = await not_yet(idle)
    await phone.say("STOP")
    clock.now = DUE
    await ticked(idle)
    assert (0, ["dropped"]) == (tellings(phone), await states(idle))


async def test_who_said_no_is_not_told(idle: Clinic, clock: Clock) -> None:
    phone = await not_yet(idle, answer="No")
    clock.now = DUE
    await ticked(idle)
    assert (0, []) == (tellings(phone), await states(idle))


async def test_asked_again_there_is_still_one_to_tell(idle: Clinic, clock: Clock) -> None:
    phone = await not_yet(idle)
    clock.now = NOW + timedelta(days=2)
    for words in ("book", "Me", "Ana Silva, 3 April 1950", "I have a fever", "Yes, write to me"):
        await phone.say(words)
        await idle.deliver()
    assert "I will write to you on 8 March 2027." in received(phone)[-1]
    assert ["waiting"] == await states(idle)
    clock.now = DUE + timedelta(days=10)
    await ticked(idle)
    assert 1 == tellings(phone)


async def test_who_wrote_on_whatsapp_is_told_on_sms(idle: Clinic, clock: Clock) -> None:
    phone = await not_yet(idle, "whatsapp")
    assert "I will write to you on 8 March 2027." in received(phone)[-1]
    clock.now = DUE
    await ticked(idle)
    sent = list(idle.twilio.messages.values())[-1]
    assert (True, SMS_FROM, NUMBER) == (HAS_COME in sent.text, sent.from_, sent.to)
    assert (0, ["told"]) == (tellings(phone), await states(idle))


async def test_who_stopped_texts_is_not_told_on_sms_either(idle: Clinic, clock: Clock) -> None:
    await not_yet(idle, "whatsapp")
    async with idle.app.database.begin() as connection:
        opened = await conversations.open_by_address(
            connection,
            secret=idle.app.database.index_secret,
            channel=Channel.SMS,
            address=NUMBER,
            now=clock.now,
        )
        await conversations.stop(connection, opened.contact, at=clock.now, reason="said")
    clock.now = DUE
    await ticked(idle)
    assert ["dropped"] == await states(idle)


async def test_where_sms_is_off_staff_are_asked_to_tell(database: Database, database_url: str, clock: Clock) -> None:
    await write_small(database, today=NOW.date())
    async with clinic_at_work(database_url, clock, works=False, twilio_sms_from=None) as clinic:
        await not_yet(clinic, "whatsapp")
        clock.now = DUE
        await ticked(clinic)
        assert ["dropped"] == await states(clinic)
        assert ["cannot-tell"] == await clinic.column("SELECT kind FROM task WHERE state = 'open'")
