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
from bot.channels.base import Channel as Sends
from bot.messages import Outgoing
from bot.retry import TURN_ATTEMPTS
from bot.wake import Bell
from bot.world import Catalogue
from dialogs import sentences
from dialogs.desk import Desk
from dialogs.text import render
from domain.patients import Channel
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, received, write_all
from tests.e2e.test_order import arriving_one_by_one, begins, held_up

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


@dataclass(slots=True)
class Failing:
    """A channel that fails in the turn of whoever it is told to."""

    channel: Sends
    words: str

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        if any(self.words in getattr(message, "text", "") for message in messages):
            raise RuntimeError(self.words)
        return self.channel.shape(messages)

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        return await self.channel.send(address, message, shown_as)


def fails_at(clinic: Clinic, channel: Channel, words: str) -> None:
    clinic.app.channels[channel] = Failing(clinic.app.channels[channel], words)


def mend(clinic: Clinic, channel: Channel) -> None:
    failing = clinic.app.channels[channel]
    assert isinstance(failing, Failing)
    clinic.app.channels[channel] = failing.channel


async def test_messages_behind_a_turn_that_fails_wait_for_it(idle: Clinic) -> None:
    """They stand in line already when it fails, and the line is not given up."""
    phone = await well_asked(idle, idle.phone("sms"))
    fails_at(idle, Channel.SMS, "Near which place")
    words = ("I feel well", "Bristol", "Harbour Practice")
    assert [200] * 3 == await arriving_one_by_one(idle, [phone.say(each) for each in words])
    assert ["waiting"] * 3 == await inbox(idle)

    mend(idle, Channel.SMS)
    assert [True, True, True, False] == [await idle.app.turns.work_off_one() for _ in range(4)]
    await idle.deliver()
    assert ["How do", "Near which", "Near Bristol:", "When suits"] == begins(phone, 4)


async def test_a_line_that_does_not_move_is_left_and_the_message_kept(
    database: Database, database_url: str, clock: Clock
) -> None:
    await write_small(database, today=NOW.date())

    def impatient(app: App) -> App:
        keep_limit_s = 0.1 if app.database.is_sqlite else 20
        return replace(app, turns=replace(app.turns, line_limit_s=2, keep_limit_s=keep_limit_s))

    async with clinic_at_work(database_url, clock, works=False, change=impatient) as clinic:
        phone = await well_asked(clinic, clinic.phone("sms"))
        async with held_up(clinic):
            # On SQLite nobody can write meanwhile, so that the provider is told to come again.
            assert (503 if clinic.app.database.is_sqlite else 200) == await phone.say("I feel well")
        if clinic.app.database.is_sqlite:
            assert 200 == await phone.redeliver()
        else:
            assert await clinic.app.turns.work_off_one()
        await clinic.deliver()
        assert "Near which place" in received(phone)[-1]


async def test_a_start_that_comes_to_its_turn_after_a_newer_stop_changes_nothing(idle: Clinic, clock: Clock) -> None:
    phone = await well_asked(idle, idle.phone("whatsapp"))
    await phone.say("STOP")
    fails_at(idle, Channel.WHATSAPP, "Good to have you back")
    await phone.say("START")
    assert ["waiting"] == await inbox(idle)
    clock.move(timedelta(seconds=1))
    await phone.say("STOP")
    mend(idle, Channel.WHATSAPP)
    clock.move(timedelta(seconds=1))
    assert await idle.app.turns.work_off_one()
    assert "person" == await idle.value("SELECT stop_reason FROM contact")

    clock.move(timedelta(seconds=1))
    await phone.say("START")
    await idle.deliver()
    assert "Good to have you back" in received(phone)[-1]
    assert {} == await idle.breaches()


async def test_a_stop_that_came_to_its_turn_late_counts_from_when_it_was_said(idle: Clinic, clock: Clock) -> None:
    phone = await well_asked(idle, idle.phone("whatsapp"))
    fails_at(idle, Channel.WHATSAPP, "You will get no more")
    await phone.say("STOP")
    clock.move(timedelta(seconds=1))
    await phone.say("START")
    assert ["waiting", "waiting"] == await inbox(idle)
    mend(idle, Channel.WHATSAPP)
    clock.move(timedelta(seconds=1))
    assert await idle.app.turns.work_off_one()
    assert {} == await idle.breaches()
    assert await idle.app.turns.work_off_one()
    await idle.deliver()
    assert "Good to have you back" in received(phone)[-1]


async def test_a_message_that_cannot_be_opened_is_given_up_with_a_task_and_holds_up_nobody(
    idle: Clinic, clock: Clock
) -> None:
    phone, other = await well_asked(idle, idle.phone("sms")), await well_asked(idle, idle.phone("sms"))
    fails_at(idle, Channel.SMS, "Near which place")
    for each in (phone, other):
        await each.say("I feel well")
    mend(idle, Channel.SMS)
    spoil = "UPDATE {} = {} WHERE id = (SELECT min(id) FROM {})"
    rubbish = "x'FF'" if idle.app.database.is_sqlite else "'\\xff'::bytea"
    await execute(idle.app.database, spoil.format("inbox SET payload", rubbish, "inbox WHERE state = 'waiting'"))
    await execute(idle.app.database, spoil.format("conversation SET state", rubbish, "conversation"))
    for _ in range(TURN_ATTEMPTS):
        while await idle.app.turns.work_off_one():
            pass
        clock.move(timedelta(minutes=15))
    await idle.deliver()
    assert "Near which place" in received(other)[-1]
    assert ["dead"] == await inbox(idle)
    assert ["turn-failed"] == await idle.column("SELECT kind FROM task WHERE state = 'open'")


async def test_who_cannot_be_reminded_holds_up_no_other_reminder(idle: Clinic, clock: Clock) -> None:
    first, other = await well_asked(idle, idle.telegram_phone()), await well_asked(idle, idle.telegram_phone())
    rubbish = "x'FF'" if idle.app.database.is_sqlite else "'\\xff'::bytea"
    spoil = f"UPDATE conversation SET state = {rubbish} WHERE id = (SELECT min(id) FROM conversation)"
    await execute(idle.app.database, spoil)
    clock.move(timedelta(hours=23, minutes=1))
    before = received(first)
    await idle.app.jobs.tick()
    await idle.deliver()
    assert "I am still here" in received(other)[-1]
    assert before == received(first)
    assert 0 == await idle.value("SELECT count(*) FROM conversation WHERE nudge_at IS NOT NULL AND turn = 3")


async def test_a_reply_that_cannot_be_read_is_buried_with_a_task_and_holds_up_nobody(idle: Clinic) -> None:
    first, other = idle.phone("sms"), idle.phone("sms")
    for phone in (first, other):
        await phone.say("hello")
    rubbish = "x'FF'" if idle.app.database.is_sqlite else "'\\xff'::bytea"
    await execute(idle.app.database, f"UPDATE outbox SET payload = {rubbish} WHERE id = (SELECT min(id) FROM outbox)")
    await idle.deliver()
    assert ([], 1) == (received(first), len(received(other)))
    assert ["unreadable"] == await idle.column("SELECT error FROM outbox WHERE state = 'dead'")
    assert ["undeliverable"] == await idle.column("SELECT kind FROM task WHERE state = 'open'")
