"""A turn that fails keeps the message and the answers: it is tried again, and in the end somebody hears of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.app import App
from bot.retry import TURN_ATTEMPTS
from bot.wake import Bell
from bot.world import Catalogue
from dialogs import sentences
from dialogs.desk import Desk
from dialogs.text import render
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, received, write_all

CHANNELS = ("telegram", "whatsapp", "sms")


async def execute(database: Database, statement: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text(statement))


@contextlib.asynccontextmanager
async def without(table: str, database: Database) -> AsyncIterator[None]:
    """Take a table away, so that every turn that needs it fails on its way."""
    await execute(database, f"ALTER TABLE {table} RENAME TO away")
    yield
    await execute(database, f"ALTER TABLE away RENAME TO {table}")


async def inbox(clinic: Clinic) -> list[str]:
    return await clinic.column("SELECT state FROM inbox WHERE state <> 'done' ORDER BY id")


async def well_asked(clinic: Clinic, phone: Phone) -> Phone:
    await write_all(phone, "well")
    await clinic.deliver()
    return phone


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_turn_that_failed_is_done_later_and_what_came_behind_it_in_order(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    phone, other = await well_asked(idle, idle.phone(channel)), idle.phone(channel)
    await write_all(other, "name")
    async with without("patient", idle.app.database):
        assert 200 == await phone.say("I feel well")
        assert 200 == await phone.say("Bristol")
        assert 200 == await phone.redeliver()
        assert ["waiting", "waiting"] == await inbox(idle)

        assert await idle.app.turns.work_off_one()
        assert not await idle.app.turns.work_off_one(), "it is put off, and what is behind it waits"

        assert 200 == await other.say("Ana Silva, 3 April 1950")
        await idle.deliver()
        assert "How do you feel" in received(phone)[-1]
        assert "How do you feel" in received(other)[-1], "nobody else is held up"

    assert 200 == await phone.say("Harbour Practice"), "what comes now stays behind what waits"
    assert ["waiting"] * 3 == await inbox(idle)
    clock.move(timedelta(seconds=3))
    assert [True, True, True, False] == [await idle.app.turns.work_off_one() for _ in range(4)]

    await idle.deliver()
    said = "\n".join(received(phone))
    places = [said.find(part) for part in ("How do you", "Near which place", "Which centre", "When suits")]
    assert -1 not in places
    assert sorted(places) == places
    assert [] == await inbox(idle)
    assert [] == await idle.column("SELECT kind FROM task")
    assert {} == await idle.breaches()


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_after_the_last_try_the_person_hears_the_truth_and_no_answer_is_lost(
    idle: Clinic, clock: Clock, language: str
) -> None:
    phone = await well_asked(idle, idle.telegram_phone())
    if language == "fr":
        await phone.say("français")
    async with without("patient", idle.app.database):
        await phone.say("1")
        await phone.say("1")
        for _ in range(TURN_ATTEMPTS):
            assert await idle.app.turns.work_off_one()
            clock.move(timedelta(minutes=15))
    await idle.deliver()

    assert render(sentences.FAILED, language) == received(phone)[-1]
    assert ["turn-failed"] == await idle.column("SELECT kind FROM task WHERE state = 'open'")
    assert ["dead", "waiting"] == await inbox(idle)

    assert await idle.app.turns.work_off_one(), "the next one has its own tries"
    await write_all(phone, "review", after="where")
    await idle.deliver()
    assert any("Ana Silva" in text for text in received(phone)), "the name was answered before all this"
    assert {} == await idle.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_stop_stops_at_once_whatever_waits_before_it(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = await well_asked(idle, idle.phone(channel))
    before = received(phone)
    async with without("patient", idle.app.database):
        await phone.say("I feel well")
        await phone.say("STOP")
        await idle.deliver()
        said = received(phone)[len(before) :]
        assert ([] if channel == "sms" else [render(sentences.STOPPED, "en")]) == said
    clock.move(timedelta(minutes=15))
    assert [True, False] == [await idle.app.turns.work_off_one() for _ in range(2)]
    assert 0 == await idle.deliver(), "what was said before the stop is not answered after it"
    await phone.say("START")
    await idle.deliver()
    assert "How do you feel" in received(phone)[-1]
    assert {} == await idle.breaches()


async def test_the_worker_takes_failed_turns_up_by_itself(practice: Clinic, clock: Clock) -> None:
    phone = practice.telegram_phone()
    await write_all(phone, "well")
    async with without("patient", practice.app.database):
        assert 200 == await phone.say("I feel well")
        assert "waiting" in await inbox(practice)
    clock.move(timedelta(minutes=1))
    practice.app.wake.ring(Bell.INBOX)
    await phone.wait_for(lambda message: "Near which place" in message.text)


async def test_a_message_that_cannot_even_be_kept_is_for_the_provider_to_send_again(idle: Clinic) -> None:
    phones = [idle.phone(channel) for channel in CHANNELS]
    async with without("inbox", idle.app.database):
        assert [503] * 3 == [await phone.say("hello") for phone in phones]
    assert 0 == await idle.deliver()

    assert [200] * 3 == [await phone.redeliver() for phone in phones]
    await idle.deliver()
    assert [1] * 3 == [len(received(phone)) for phone in phones]


@dataclass(slots=True)
class SlowCatalogue(Catalogue):
    """A catalogue that lets nobody read it until it is *free*."""

    free: asyncio.Event = field(default_factory=asyncio.Event)

    async def desk(self, now: datetime) -> Desk:
        await self.free.wait()
        return await Catalogue.desk(self, now)


async def test_a_turn_that_takes_too_long_is_answered_and_goes_on_later(
    database: Database, database_url: str, clock: Clock
) -> None:
    await write_small(database, today=NOW.date())
    slow = SlowCatalogue(database, "Riverside Clinics")

    def impatient(app: App) -> App:
        return replace(app, turns=replace(app.turns, catalogue=slow, limit_s=0.05))

    async with clinic_at_work(database_url, clock, works=False, change=impatient) as clinic:
        phone = clinic.phone("sms")
        assert 200 == await phone.say("hello")
        assert ["waiting"] == await inbox(clinic)

        slow.free.set()
        assert await clinic.app.turns.work_off_one()
        await clinic.deliver()
        assert "May I keep" in received(phone)[-1]
