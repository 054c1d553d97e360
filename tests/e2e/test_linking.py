"""The same person on two channels: a code links both, and conversation and bookings follow."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.store import conversations
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, received, reference_in, write_all
from webhooks.simulator.phones import TwilioPhone

PAIRS = [("telegram", "sms"), ("telegram", "whatsapp"), ("sms", "whatsapp"), ("whatsapp", "sms"), ("sms", "sms")]
NAMES = {"sms": "Text messages", "whatsapp": "WhatsApp", "telegram": "Telegram"}


@pytest_asyncio.fixture
async def named(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The small practice, with a bot on Telegram whose name is known."""
    await write_small(database, today=NOW.date())
    async with clinic_at_work(database_url, clock, works=False, telegram_bot_username="riverside_bot") as at_work:
        yield at_work


async def write(clinic: Clinic, phone: Phone, *texts: str) -> str:
    """Write *texts*, one after another, and return all that came back to the last one."""
    before = 0
    for text in texts:
        before = len(received(phone))
        assert 200 == await phone.say(text)
        await clinic.deliver()
    return "\n".join(received(phone)[before:])


async def book(clinic: Clinic, phone: Phone, when: str = "Wednesday at 10:00", after: str | None = None) -> str:
    """Book at the small practice and return the reference."""
    await write_all(phone, "slot", after=after)
    return reference_in(await write(clinic, phone, when, "Yes, book it"))


def number_of(phone: Phone) -> str:
    assert isinstance(phone, TwilioPhone)
    return str(phone.number)


def code_on(phone: Phone) -> str:
    """Return the code in the newest message that has one."""
    found = [code for text in received(phone) for code in re.findall(r"\b\d{6}\b", text)]
    assert found, received(phone)
    return str(found[-1])


async def ask_for_code(clinic: Clinic, phone: Phone, other: Phone, channel: str) -> str:
    """Have a code sent from *phone* to *other*."""
    return await write(clinic, phone, "link my phone", NAMES[channel], number_of(other))


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_a_code_sent_to_the_other_chat_links_both(idle: Clinic, one: str, other: str) -> None:
    phone, there = idle.phone(one), idle.phone(other)
    await write(idle, there, "hello")
    reference = await book(idle, phone)
    assert "I am sending a code" in await ask_for_code(idle, phone, there, other)
    assert "Type it in the other chat" in received(there)[-1]
    assert "linked now" in await write(idle, phone, code_on(there))
    assert "linked now" in received(there)[-1]
    assert reference in await write(idle, there, "my bookings")
    assert 1 == await idle.value("SELECT count(*) FROM conversation")
    assert {} == await idle.breaches()


@pytest.mark.parametrize("other", ["sms", "whatsapp"])
async def test_a_code_shown_here_links_telegram(idle: Clinic, other: str) -> None:
    phone, telegram = idle.phone(other), idle.telegram_phone()
    reference = await book(idle, phone)
    shown = await write(idle, phone, "connect my telegram", "Telegram")
    assert "t.me" not in shown
    assert "In which year" in await write(idle, telegram, f"link {code_on(phone)}")
    assert "once more" in await write(idle, telegram, "1931", "1932")
    assert "linked now" in await write(idle, telegram, "1950")
    assert reference in await write(idle, telegram, "my bookings")
    assert {} == await idle.breaches()


@pytest.mark.parametrize("other", ["sms", "whatsapp"])
async def test_a_link_types_the_code_on_telegram(named: Clinic, other: str) -> None:
    phone, telegram = named.phone(other), named.telegram_phone()
    reference = await book(named, phone)
    shown = await write(named, phone, "link", "Telegram")
    payload = f"link_{code_on(phone)}"
    assert f"https://t.me/riverside_bot?start={payload}" in shown
    assert 200 == await telegram.start(payload)
    await named.deliver()
    assert "In which year" in received(telegram)[-1]
    assert "linked now" in await write(named, telegram, "1950")
    assert reference in await write(named, telegram, "my bookings")


@pytest.mark.parametrize("begun", ["sms", "whatsapp"])
async def test_a_booking_begun_on_one_channel_goes_on_on_the_other(idle: Clinic, begun: str) -> None:
    """The answers are kept, and a number is what was shown in that very chat."""
    phone, telegram = idle.phone(begun), idle.telegram_phone()
    await write_all(phone, "centre")
    await write(idle, phone, "link", "Telegram")
    assert "In which year" in await write(idle, telegram, f"link {code_on(phone)}")
    went_on = await write(idle, telegram, "1950")
    assert "linked now" in went_on
    assert "Which centre" in went_on
    assert "When suits" in await write(idle, telegram, "1")
    assert "no longer open" in await write(idle, phone, "1")
    assert "Please check" in await write(idle, phone, "Wednesday at 10:00")
    assert "no longer open" in await write(idle, telegram, "1")
    reference = reference_in(await write(idle, telegram, "Yes, book it"))
    assert reference in await write(idle, phone, "my bookings")
    assert {} == await idle.breaches()


async def test_a_booking_begun_where_less_was_known_goes_on_too(idle: Clinic) -> None:
    """The longer-known chat has nothing under way: what the person is at is not lost by linking."""
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await write(idle, phone, "hello")
    await write(idle, phone, "no")
    await write_all(telegram, "centre")
    await ask_for_code(idle, telegram, phone, "sms")
    went_on = await write(idle, telegram, code_on(phone))
    assert "Which centre" in went_on
    assert "When suits" in await write(idle, telegram, "1")


async def test_who_is_not_on_record_yet_needs_no_year(idle: Clinic) -> None:
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await write_all(phone, "name")
    await write(idle, phone, "link", "Telegram")
    assert "What is your full name" in await write(idle, telegram, f"link {code_on(phone)}")


async def test_an_old_button_means_nothing_in_the_linked_chat(idle: Clinic) -> None:
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await write_all(phone, "slot")
    await write(idle, telegram, "hello")
    old = next(message for message in telegram.screen if message.rows)
    await write(idle, phone, "link", "Telegram")
    await write(idle, telegram, f"link {code_on(phone)}")
    assert 200 == await telegram.tap_data(old.rows[0][0].value, old.message_id)
    await idle.deliver()
    assert "no longer open" in received(telegram)[-1]


async def test_who_is_tricked_into_telling_a_code_is_safe(idle: Clinic, clock: Clock) -> None:
    victim, thief = idle.phone("sms"), idle.telegram_phone()
    reference = await book(idle, victim)
    await ask_for_code(idle, thief, victim, "sms")
    said = await write(idle, thief, code_on(victim), "1931", "1932", "1933")
    assert "no more codes" in said
    assert reference not in "".join(received(thief))
    assert "Ana" not in "".join(received(thief))
    assert "no more codes" in await write(idle, thief, f"link {code_on(victim)}")
    clock.move(timedelta(days=2))
    assert "You have no bookings" in await write(idle, thief, "my bookings")


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
async def test_the_answer_tells_nothing_about_a_number(idle: Clinic, clock: Clock, channel: str) -> None:
    """Whether it is unknown, known, stopped, or was sent too many codes."""
    known, stopped, unknown = idle.phone(channel), idle.phone(channel), idle.phone(channel)
    await write(idle, known, "hello")
    await write(idle, stopped, "hello", "STOP")
    heard = len(received(stopped))
    answers = set()
    for other in (known, stopped, unknown):
        said = await ask_for_code(idle, idle.telegram_phone(), other, channel)
        answers.add(said.replace(number_of(other), "N"))
    assert 1 == len(answers)
    assert heard == len(received(stopped))


async def test_a_stop_on_one_channel_leaves_the_other(idle: Clinic) -> None:
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await write(idle, phone, "hello")
    await ask_for_code(idle, telegram, phone, "sms")
    await write(idle, telegram, code_on(phone))
    await write(idle, phone, "STOP")
    heard = len(received(phone))
    assert "" != await write(idle, telegram, "hello")
    assert heard == len(received(phone))
    assert "Good to have you back" in await write(idle, phone, "START")


async def test_the_language_is_that_of_the_conversation_that_is_kept(idle: Clinic) -> None:
    phone, telegram = idle.phone("sms"), idle.telegram_phone("en")
    await write(idle, phone, "bonjour")
    await write(idle, phone, "lier", "Telegram")
    assert "liées" in await write(idle, telegram, f"link {code_on(phone)}")


async def test_codes_stand_in_no_log_and_no_table(idle: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await ask_for_code(idle, telegram, phone, "sms")
    code = code_on(phone)
    assert code not in caplog.text
    assert code not in "".join(await idle.column("SELECT digest FROM link_code"))


async def test_two_chats_that_link_each_other_at_once_end_as_one(idle: Clinic, clock: Clock) -> None:
    """Both codes come at the same moment, with other words behind: nobody deadlocks, and nothing is lost."""
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    first = await book(idle, phone)
    await write(idle, telegram, "hello")
    await write(idle, phone, "link", "Telegram")
    shown = code_on(phone)
    await ask_for_code(idle, telegram, phone, "sms")
    sent = code_on(phone)
    before = await idle.value("SELECT count(*) FROM inbox")
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for words in (f"link {shown}", "1950"):
            group.create_task(telegram.say(words))
        for words in ("my bookings", f"link {sent}", "hello"):
            group.create_task(phone.say(words))
    while await idle.value("SELECT count(*) FROM inbox WHERE state = 'waiting'"):
        clock.move(timedelta(minutes=1))
        await idle.app.turns.work_off_one()
    await idle.deliver()
    assert before + 5 == await idle.value("SELECT count(*) FROM inbox WHERE state = 'done'")
    if await idle.value("SELECT count(*) FROM conversation") == 2:  # the year came before the code
        await write(idle, telegram, f"link {sent}", "1950")
    assert 1 == await idle.value("SELECT count(*) FROM conversation")
    assert first in await write(idle, telegram, "my bookings")
    assert {} == await idle.breaches()


async def test_who_is_being_talked_to_is_linked_a_little_later(idle: Clinic, engine_name: str) -> None:
    """The message is kept, and the worker goes on with it."""
    if engine_name == "sqlite":
        return  # one writes at a time
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await write(idle, phone, "hello")
    await ask_for_code(idle, telegram, phone, "sms")
    contact = await idle.value("SELECT id FROM contact WHERE channel = 'sms'")
    async with idle.app.database.begin() as connection:
        await conversations.open_by_contact(connection, contact)
        assert 200 == await telegram.say(code_on(phone))
        assert 1 == await idle.value("SELECT count(*) FROM inbox WHERE state = 'waiting'")
    assert await idle.app.turns.work_off_one()
    await idle.deliver()
    assert "linked now" in received(telegram)[-1]
    assert 1 == await idle.value("SELECT count(*) FROM conversation")
