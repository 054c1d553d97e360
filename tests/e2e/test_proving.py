"""A number that changed hands shows nothing of those before, and whoever has it now is served."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.store.tables import conversation, slot
from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, received
from tests.e2e.test_linking import ask_for_code, book, code_on, write
from tests.e2e.test_reminders import pass_until, starts_at

NUMBERS = ("sms", "whatsapp")
SILENCE = timedelta(days=90)
NAME = "Ana"


async def booked_long_ago(clinic: Clinic, clock: Clock, channel: str) -> tuple[Phone, str]:
    """Return the phone of somebody who booked and was silent ever since, though the visit is still to come."""
    phone = clinic.phone(channel)
    reference = await book(clinic, phone)
    await postpone(clinic)
    clock.move(SILENCE)
    return phone, reference


async def postpone(clinic: Clinic) -> None:
    """Let the visit be a hundred days later."""
    async with clinic.app.database.begin() as connection:
        for row in (await connection.execute(select(slot.c.id, slot.c.starts_at, slot.c.ends_at))).all():
            later = timedelta(days=100)
            moved = update(slot).where(slot.c.id == row.id)
            await connection.execute(moved.values(starts_at=row.starts_at + later, ends_at=row.ends_at + later))


def since(phone: Phone, heard: int) -> str:
    return "\n".join(received(phone)[heard:])


@pytest.mark.parametrize("channel", NUMBERS)
async def test_after_ninety_days_the_year_comes_first_and_then_what_was_asked(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    phone, reference = await booked_long_ago(idle, clock, channel)
    heard = len(received(phone))
    assert "in which year" in await write(idle, phone, "my bookings")
    for words in ("menu", "book", "back", "cancel my booking", "more", "1999", "link"):
        said = await write(idle, phone, words)
        assert "in which year" in said, words
    assert NAME not in since(phone, heard)
    assert reference not in since(phone, heard)
    await write(idle, phone, "my bookings")
    assert reference in await write(idle, phone, "I was born in 1950")
    assert "Hello Ana" in await write(idle, phone, "menu")
    assert {} == await idle.breaches()


@pytest.mark.parametrize(("channel", "days"), [("sms", 89), ("whatsapp", 89), ("telegram", 95)])
async def test_a_day_less_is_not_asked_nor_is_telegram(idle: Clinic, clock: Clock, channel: str, days: int) -> None:
    phone, reference = await booked_long_ago(idle, clock, channel)
    clock.move(timedelta(days=days) - SILENCE)
    assert reference in await write(idle, phone, "my bookings")


async def test_who_is_not_on_record_is_not_asked(idle: Clinic, clock: Clock) -> None:
    phone = idle.phone("sms")
    await write(idle, phone, "hello")
    clock.move(SILENCE)
    assert "May I keep" in await write(idle, phone, "hello")


@pytest.mark.parametrize("channel", NUMBERS)
async def test_a_booking_under_way_goes_on_exactly_where_it_was(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = idle.phone(channel)
    await write(idle, phone, "hello", "Yes, for me", "Ana Silva, 3 April 1950", "I feel well", "Bristol")
    assert "in which year" in await write(idle, phone, "this is not me")
    assert "Which centre" in await write(idle, phone, "1950")
    clock.move(SILENCE)
    assert "in which year" in await write(idle, phone, "1")
    went_on = await write(idle, phone, "1950")
    assert "So far I have" in went_on
    assert "Which centre" in went_on or "When suits" in went_on


@pytest.mark.parametrize("channel", NUMBERS)
async def test_three_wrong_years_lock_it_for_a_day_with_two_ways_on(idle: Clinic, clock: Clock, channel: str) -> None:
    phone, reference = await booked_long_ago(idle, clock, channel)
    await write(idle, phone, "my bookings")
    assert "2 more times" in await write(idle, phone, "1931")
    assert "once more" in await write(idle, phone, "1932")
    locked = await write(idle, phone, "1933")
    assert "I am somebody else" in locked
    assert "asked a colleague" in await write(idle, phone, "2")
    assert 1 == await idle.value("SELECT count(*) FROM task WHERE kind = 'person'")
    assert reference not in await write(idle, phone, "1950")
    clock.move(timedelta(days=1))
    assert "in which year" in await write(idle, phone, "hello")
    await write(idle, phone, "my bookings")
    assert reference in await write(idle, phone, "1950")


@pytest.mark.parametrize("channel", NUMBERS)
async def test_somebody_else_begins_anew_and_what_they_said_is_not_lost(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    phone, reference = await booked_long_ago(idle, clock, channel)
    heard = len(received(phone))
    await write(idle, phone, "book")
    assert "Is that right" in await write(idle, phone, "I am somebody else")
    begun = await write(idle, phone, "1")
    assert "Nothing of anybody else" in begun
    assert "May I keep" in begun
    assert NAME not in since(phone, heard)
    assert reference not in since(phone, heard)
    assert "What is your full name" in await write(idle, phone, "Yes, for me")
    assert 1 == await idle.value("SELECT count(*) FROM task WHERE kind = 'number-changed'")
    assert "booked" == await idle.value("SELECT status FROM appointment")
    assert {} == await idle.breaches()


@pytest.mark.parametrize("channel", NUMBERS)
async def test_reminders_of_those_before_do_not_reach_the_new_person(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = idle.phone(channel)
    await book(idle, phone)
    visit = await starts_at(idle)
    await write(idle, phone, "wrong number", "I am somebody else", "1")
    heard = len(received(phone))
    await pass_until(idle, clock, visit - timedelta(days=1))
    assert "Reserved for you" not in since(phone, heard)
    assert 1 == await idle.value("SELECT count(*) FROM task WHERE kind = 'not-reminded'")
    assert "dropped" == await idle.value("SELECT state FROM reminder WHERE state <> 'waiting'")


async def test_who_is_linked_is_reminded_elsewhere(idle: Clinic, clock: Clock) -> None:
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await book(idle, phone)
    visit = await starts_at(idle)
    await ask_for_code(idle, telegram, phone, "sms")
    await write(idle, telegram, code_on(phone), "1950")
    await write(idle, phone, "wrong number", "I am somebody else", "1")
    heard, before = len(received(phone)), len(received(telegram))
    await pass_until(idle, clock, visit - timedelta(days=1))
    assert "Reserved for you" not in since(phone, heard)
    assert "Reserved for you" in since(telegram, before)


async def test_a_linked_number_that_was_silent_itself_is_asked(idle: Clinic, clock: Clock) -> None:
    """However often the person wrote from the other chat meanwhile."""
    phone, telegram = idle.phone("sms"), idle.telegram_phone()
    await book(idle, phone)
    await ask_for_code(idle, telegram, phone, "sms")
    await write(idle, telegram, code_on(phone), "1950")
    for _ in range(10):
        clock.move(timedelta(days=9))
        await write(idle, telegram, "hello")
    assert "in which year" in await write(idle, phone, "hello")
    assert "Hello Ana" in await write(idle, phone, "1950")


async def test_a_number_with_nobody_on_record_is_told_so(idle: Clinic) -> None:
    phone = idle.phone("sms")
    await write(idle, phone, "hello")
    said = await write(idle, phone, "wrong number")
    assert "Nobody is on record" in said
    assert "May I keep" in said


async def test_a_chat_that_cannot_change_hands_asks_no_year(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await book(idle, phone)
    assert "Only you can write" in await write(idle, phone, "this is not me")


async def test_an_answer_to_a_reminder_waits_for_the_year(idle: Clinic, clock: Clock) -> None:
    phone = idle.phone("sms")
    await book(idle, phone)
    visit = await starts_at(idle)
    await pass_until(idle, clock, visit - timedelta(days=1))
    async with idle.app.database.begin() as connection:
        await connection.execute(update(conversation).values(heard_at=clock() - SILENCE))
    asked = await write(idle, phone, "1")
    assert "in which year" in asked
    assert "Thank you, confirmed" in await write(idle, phone, "1950")
