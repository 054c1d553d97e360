"""Somebody who is not yet eligible is told the date, and later told once, by day, that it has come."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, received, write_all

HAS_COME = "what was too early then is possible from today on"
CHANNELS = ("telegram", "sms")  # WhatsApp takes templates alone by then
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
