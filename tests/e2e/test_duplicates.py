"""Providers deliver at least once: what comes again, at once or hours later, changes nothing and is not answered."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, write_all

CHANNELS = ("telegram", "whatsapp", "sms")


async def traces(clinic: Clinic) -> dict[str, list[int]]:
    """Return how many rows each table has that a message may write to."""
    tables = ("inbox", "outbox", "appointment", "audit_event", "patient", "contact", "task")
    counts = {table: [await clinic.value(f"SELECT count(*) FROM {table}")] for table in tables}
    return counts | {"turns": await clinic.column("SELECT turn FROM conversation ORDER BY id")}


async def at_the_review(clinic: Clinic, channel: str) -> Phone:
    phone = clinic.phone(channel)
    await write_all(phone, "review")
    await clinic.deliver()
    return phone


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_message_that_comes_again_is_answered_once(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = await at_the_review(idle, channel)
    before = await traces(idle)
    assert 200 == await phone.say("Yes, book it")
    once = await traces(idle)
    assert once["turns"] == [turn + 1 for turn in before["turns"]]

    for pause in (timedelta(), timedelta(seconds=30), timedelta(hours=5), timedelta(days=20)):
        clock.move(pause)
        assert 200 == await phone.redeliver()

    assert once == await traces(idle)
    assert ["booked"] == await idle.column("SELECT status FROM v_appointment")
    assert {} == await idle.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_message_that_comes_ten_times_at_once_is_answered_once(idle: Clinic, channel: str) -> None:
    phone = await at_the_review(idle, channel)
    before = await traces(idle)

    statuses = await asyncio.gather(phone.say("Yes, book it"), *(phone.redeliver() for _ in range(9)))

    after = await traces(idle)
    assert [200] * 10 == statuses
    assert (before["inbox"][0] + 1, before["turns"][0] + 1) == (after["inbox"][0], after["turns"][0])
    await idle.deliver()
    assert 1 == sum("Reference" in message.text for message in phone.screen)
    assert ["booked"] == await idle.column("SELECT status FROM v_appointment")
    assert {} == await idle.breaches()


async def test_a_tap_that_comes_again_is_answered_once(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await write_all(phone, "review")
    await idle.deliver()

    statuses = await asyncio.gather(phone.tap("Yes, book it"), *(phone.redeliver() for _ in range(9)))
    await idle.deliver()
    shown = [(message.message_id, message.text) for message in phone.screen]
    await phone.redeliver(3)
    await idle.deliver()

    assert [200] * 10 == statuses
    assert shown == [(message.message_id, message.text) for message in phone.screen]
    assert 1 == len(phone.answers)
    assert ["booked"] == await idle.column("SELECT status FROM v_appointment")


async def test_the_first_message_of_all_may_come_ten_times_at_once(idle: Clinic) -> None:
    """Nobody is known yet, so that there is nothing to lock."""
    phones = [idle.phone(channel) for channel in CHANNELS]
    first = [send for phone in phones for send in (phone.say("hello"), *(phone.redeliver() for _ in range(9)))]

    assert [200] * 30 == await asyncio.gather(*first)
    await idle.deliver()

    assert [1, 1, 1] == await idle.column("SELECT turn FROM conversation")
    assert (3, 3) == (await idle.value("SELECT count(*) FROM contact"), await idle.value("SELECT count(*) FROM inbox"))
    assert [1, 1, 1] == [sum("May I keep" in message.text for message in phone.screen) for phone in phones]


async def test_two_people_may_send_the_same_words_at_the_same_moment(idle: Clinic) -> None:
    phones = [idle.phone(channel) for channel in CHANNELS for _ in range(2)]
    await asyncio.gather(*(phone.say("hello") for phone in phones))
    assert [1] * 6 == await idle.column("SELECT turn FROM conversation")


async def test_ids_are_told_apart_by_channel_and_need_not_rise(idle: Clinic) -> None:
    """After a quiet week Telegram goes on with a random number, which may be a smaller one."""
    phone = idle.telegram_phone()
    for number in (500, 7, 499, 7, 500):
        idle.telegram.world.last_update_id = number - 1
        assert 200 == await phone.say("hello")
    assert [3] == await idle.column("SELECT turn FROM conversation")
