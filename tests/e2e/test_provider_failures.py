"""Providers fail in every way they have: each message still arrives in its order, and the state changes once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.sms import SmsChannel
from bot.channels.telegram import TelegramChannel, make_bot
from bot.channels.twilio import Sender
from bot.outbox import LEASE
from domain.patients import Channel
from domain.store import outbox
from tests.conftest import Clock
from tests.e2e.clinic import ACCOUNT, AUTH, SMS_FROM, TOKEN, Clinic
from tests.e2e.people import Phone, received, say, write_all
from webhooks.simulator.exchange import Call, Exchange, Fault

CHANNELS = ("telegram", "whatsapp", "sms")
IMPATIENT_S = 0.5


@pytest_asyncio.fixture
async def impatient(idle: Clinic) -> AsyncIterator[Clinic]:
    """The small practice, which waits for a provider's answer no longer than a test does."""
    app = idle.app
    bot = make_bot(TOKEN, app.settings.telegram_api_url, app.session, timeout_s=IMPATIENT_S)
    sender = Sender(
        account_sid=ACCOUNT,
        auth_token=AUTH,
        root=app.settings.twilio_api_url,
        session=app.session,
        status_callback=None,
        timeout_s=IMPATIENT_S,
    )
    app.channels[Channel.TELEGRAM] = TelegramChannel(bot, app.clock)
    app.channels[Channel.SMS] = SmsChannel(sender, origin={"from_": SMS_FROM}, link=lambda _: None)
    yield idle


def exchange(clinic: Clinic, channel: str) -> Exchange:
    return clinic.telegram.exchange if channel == "telegram" else clinic.twilio.exchange


def address(phone: Phone) -> str:
    return str(getattr(phone, "address", None) or getattr(phone, "chat_id", ""))


def fails_for(phone: Phone, **fault: Any) -> Fault:
    """Return a fault that meets nobody but *phone*."""
    return Fault(matching=lambda call: call.recipient == address(phone), **fault)


def calls_to(clinic: Clinic, phone: Phone) -> list[Call]:
    return [call for call in (*clinic.telegram.calls, *clinic.twilio.calls) if call.recipient == address(phone)]


async def queued(clinic: Clinic) -> int:
    return int(await clinic.value("SELECT count(*) FROM outbox WHERE state = 'queued'"))


async def wait_out(clinic: Clinic, clock: Clock, step: timedelta = timedelta(seconds=5), steps: int = 60) -> None:
    """Let time pass, step by step, until all is sent."""
    await clinic.deliver()
    while await queued(clinic):
        steps -= 1
        assert steps >= 0, await clinic.column("SELECT error FROM outbox WHERE state = 'queued'")
        clock.move(step)
        await clinic.deliver()


def alike(texts: list[str]) -> list[str]:
    """Drop what differs from one booking to the next: references, links, until when a place is held, settled menus."""
    differs = r"[A-Z0-9]{6}-[0-9a-f]{16}|Reference [A-Z0-9]{6}|until \d\d:\d\d|\n✓ .*"
    return [re.sub(differs, "", text) for text in texts]


async def as_it_should_be(clinic: Clinic, channel: str) -> list[str]:
    """Return what somebody receives who books while nothing fails."""
    phone = clinic.phone(channel)
    await write_all(phone, "booked")
    await clinic.deliver()
    return alike(received(phone))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_is_throttled_waits_as_long_as_told_and_holds_up_nobody(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    throttled, other = idle.phone(channel), idle.phone(channel)
    exchange(idle, channel).faults.append(fails_for(throttled, status=429, retry_after=7))
    for phone in (throttled, other):
        await phone.say("hello")
    await idle.deliver()
    assert ([], 1) == (received(throttled), len(received(other)))

    await throttled.say("hello")  # nothing else may go there before either
    for _ in range(6):
        clock.move(timedelta(seconds=1))
        await idle.deliver()
    assert (1, []) == (len(calls_to(idle, throttled)), received(throttled))

    clock.move(timedelta(seconds=1))
    await idle.deliver()
    assert 2 == len(received(throttled))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_chat_that_hangs_holds_up_nobody(practice: Clinic, channel: str) -> None:
    hanging, other = practice.phone(channel), practice.phone(channel)
    exchange(practice, channel).faults.append(fails_for(hanging, hang=60, times=None))
    await hanging.say("hello")

    assert "May I keep" in await say(other, "hello")
    assert [] == received(hanging)


#: How a provider fails, and whether what it was given may have arrived all the same.
FAULTS: dict[str, tuple[dict[str, Any], bool]] = {
    "500": ({"status": 500, "times": 3}, False),
    "503 for a while": ({"status": 503, "times": 8}, False),
    "throttled without a word for how long": ({"status": 429, "times": 3}, False),
    "dropped": ({"drop_connection": True, "times": 3}, False),
    "silent": ({"hang": 60, "times": 2, "drop_connection": True}, False),
    "500 after the deed": ({"status": 500, "accept_first": True, "times": 2}, True),
    "dropped after the deed": ({"drop_connection": True, "accept_first": True, "times": 2}, True),
    "silent after the deed": ({"hang": 60, "accept_first": True, "times": 2}, True),
}


ON_POSTGRESQL = ("500", "dropped after the deed")


@pytest.mark.parametrize(
    ("engine_name", "fault"),
    [*(("sqlite", fault) for fault in FAULTS), *(("postgresql", fault) for fault in ON_POSTGRESQL)],
    indirect=["engine_name"],
)
async def test_whatever_fails_all_arrives_in_order_and_counts_once(impatient: Clinic, clock: Clock, fault: str) -> None:
    how, may_come_twice = FAULTS[fault]
    for channel in ("telegram", "sms"):
        wanted = await as_it_should_be(impatient, channel)
        phone = impatient.phone(channel)
        exchange(impatient, channel).faults.append(fails_for(phone, **how))
        for before, stage in ((None, "name"), ("name", "slot"), ("slot", "booked")):
            await write_all(phone, stage, after=before)
            await impatient.deliver()
        await wait_out(impatient, clock)

        found = alike(received(phone))
        if may_come_twice:
            assert how["times"] >= len(found) - len(wanted)
            found = [text for text, before in zip(found, ["", *found], strict=False) if text != before]
        assert wanted == found
    assert ["booked"] * 4 == await impatient.column("SELECT status FROM v_appointment")
    assert {} == await impatient.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_after_ten_minutes_of_outage_all_arrives_in_order_and_once(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    wanted = await as_it_should_be(idle, channel)
    phone = idle.phone(channel)
    exchange(idle, channel).outage = True
    for before, stage in ((None, "where"), ("where", "review"), ("review", "booked")):
        await write_all(phone, stage, after=before)
        for _ in range(7):
            await idle.deliver()
            clock.move(timedelta(seconds=30))
    assert [] == received(phone)

    exchange(idle, channel).outage = False
    await wait_out(idle, clock, timedelta(seconds=15))

    assert wanted == alike(received(phone))
    assert ["booked"] * 2 == await idle.column("SELECT status FROM v_appointment")
    assert {} == await idle.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_refused_is_buried_with_a_task_and_holds_up_nothing(idle: Clinic, channel: str) -> None:
    phone = idle.phone(channel)
    exchange(idle, channel).faults.append(fails_for(phone, status=400))
    await phone.say("hello")
    await idle.deliver()
    assert ["dead"] == await idle.column("SELECT state FROM outbox")
    assert ["undeliverable"] == await idle.column("SELECT kind FROM task WHERE state = 'open'")

    await phone.say("Yes, for me")
    await idle.deliver()
    assert "What is your full name" in received(phone)[0]


async def test_what_cannot_be_sent_for_a_day_is_given_up_with_a_task(idle: Clinic, clock: Clock) -> None:
    phone = idle.phone("sms")
    idle.twilio.outage = True
    await phone.say("hello")
    for _ in range(25):
        await idle.deliver()
        clock.move(timedelta(hours=1))
    assert ["dead"] == await idle.column("SELECT state FROM outbox")
    assert ["undeliverable"] == await idle.column("SELECT kind FROM task WHERE state = 'open'")

    idle.twilio.outage = False
    await phone.say("hello")
    await idle.deliver()
    assert 1 == len(received(phone))


async def test_what_a_dead_worker_had_in_hand_is_sent_when_its_lease_is_over(idle: Clinic, clock: Clock) -> None:
    phone = idle.phone("sms")
    await phone.say("hello")
    await phone.say("Yes, for me")
    async with idle.app.database.begin() as connection:
        assert 1 == len(await outbox.lease(connection, now=clock(), until=clock() + LEASE, limit=9))

    clock.move(LEASE - timedelta(seconds=1))
    assert (0, []) == (await idle.deliver(), received(phone))
    clock.move(timedelta(seconds=1))
    await idle.deliver()

    assert ["Hello", "What"] == [text.partition(" ")[0].rstrip(",") for text in received(phone)]
