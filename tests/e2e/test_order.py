"""One person's messages are handled one at a time, in the order in which they came, however they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, received, write_all

CHANNELS = ("telegram", "whatsapp", "sms")


@contextlib.asynccontextmanager
async def held_up(clinic: Clinic) -> AsyncIterator[None]:
    """Hold every turn up, as a slow one would."""
    async with clinic.app.database.begin() as connection:
        if not clinic.app.database.is_sqlite:
            await connection.execute(text("SELECT 1 FROM conversation FOR UPDATE"))
        yield


async def waiting_turns(clinic: Clinic) -> int:
    """Return how many turns have come to where they are held up."""
    if clinic.app.database.is_sqlite:
        return len(getattr(clinic.app.database._queue, "_waiters", None) or ())
    locked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return int(await clinic.value(locked))


async def arriving_one_by_one(clinic: Clinic, actions: Sequence[Coroutine[Any, Any, int]]) -> list[int]:
    """Let each of *actions* arrive while those before are still at work, and return what they were answered."""
    async with asyncio.timeout(20):
        async with held_up(clinic):
            tasks = []
            for number, action in enumerate(actions, start=1):
                tasks.append(asyncio.create_task(action))
                while await waiting_turns(clinic) < number:
                    await asyncio.wait(tasks, timeout=0.001)
        return await asyncio.gather(*tasks)


def begins(phone: Phone, count: int) -> list[str]:
    """Return how the last *count* messages of ours begin."""
    return [" ".join(words.split()[:2]) for words in received(phone)[-count:]]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_messages_that_come_while_others_are_at_work_wait_for_them(idle: Clinic, channel: str) -> None:
    phone = idle.phone(channel)
    assert 200 == await phone.say("hello")
    words = ("Yes, for me", "Ana Silva, 3 April 1950", "I feel well")

    assert [200] * 3 == await arriving_one_by_one(idle, [phone.say(each) for each in words])
    await idle.deliver()

    assert ["Hello, this", "What is", "How do", "Near which"] == begins(phone, 9)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_many_messages_at_once_are_handled_one_at_a_time(idle: Clinic, channel: str) -> None:
    phone = idle.phone(channel)
    assert [200] * 12 == await asyncio.gather(*(phone.say("hello") for _ in range(12)))

    assert [12] == await idle.column("SELECT turn FROM conversation")
    assert list(range(1, 13)) == await idle.column("SELECT menu FROM outbox WHERE menu IS NOT NULL ORDER BY id")
    assert 12 == await idle.value("SELECT count(*) FROM inbox WHERE state = 'done'")


async def test_of_two_buttons_pressed_at_once_the_first_counts(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await write_all(phone, "well")
    await idle.deliver()

    await arriving_one_by_one(idle, [phone.tap("I feel well"), phone.tap("I have a fever")])
    await idle.deliver()

    assert ["Near which", "That choice", "Near which"] == begins(phone, 3)
    assert 2 == len(phone.answers)


async def test_a_button_pressed_before_and_delivered_after_other_words_changes_nothing(idle: Clinic) -> None:
    """Telegram delivers messages and button presses in queues of their own."""
    phone = idle.telegram_phone()
    await write_all(phone, "well")
    await idle.deliver()
    menu = next(message for message in phone.screen if "I feel well" in message.buttons)
    fever = menu.rows[0][-1].value if len(menu.rows) == 1 else menu.rows[-1][0].value

    assert 200 == await phone.say("I feel well")
    assert 200 == await phone.tap_data(fever, menu.message_id)
    await idle.deliver()
    assert ["Near which", "That choice", "Near which"] == begins(phone, 3)

    await write_all(phone, "booked", after="where")
    await idle.deliver()
    assert any("Reference" in message.text for message in phone.screen)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_stop_that_comes_while_another_message_is_at_work_silences_what_comes_behind(
    idle: Clinic, channel: str
) -> None:
    phone: Phone = idle.phone(channel)
    await phone.say("hello")
    await idle.deliver()

    await arriving_one_by_one(idle, [phone.say("STOP"), phone.say("hello")])
    await idle.deliver()

    said = [] if channel == "sms" else ["You will"]
    assert ["Hello, this", *said] == begins(phone, 9)
    assert {} == await idle.breaches()
