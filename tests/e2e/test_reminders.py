"""People are told of their visits in time, by the channel that they use, and answer there."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta

import pytest

from bot.cli.providers import run_provision
from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, received, write_all

CHANNELS = ("telegram", "whatsapp", "sms")


async def pass_until(clinic: Clinic, clock: Clock, moment: datetime) -> None:
    """Let time pass as the worker sees it, and send what is due then."""
    clock.now = moment
    await clinic.app.jobs.tick()
    await clinic.deliver()


async def book(clinic: Clinic, phone: Phone) -> None:
    await write_all(phone, "slot")
    assert 200 == await phone.say("Wednesday at 10:00")
    assert 200 == await phone.say("Yes, book it")
    await clinic.deliver()


async def starts_at(clinic: Clinic) -> datetime:
    found = await clinic.value("SELECT starts_at FROM v_slot JOIN v_appointment a ON a.slot_id = v_slot.id")
    return datetime.fromisoformat(found) if isinstance(found, str) else found


@pytest.mark.parametrize("channel", CHANNELS)
async def test_somebody_is_reminded_the_day_before_and_confirms(idle: Clinic, clock: Clock, channel: str) -> None:
    idle.twilio.account.auto_approve = True
    assert 0 == await run_provision(argparse.Namespace(), idle.app.settings)
    phone = idle.phone(channel)
    await book(idle, phone)
    visit = await starts_at(idle)
    said = len(received(phone))
    await pass_until(idle, clock, visit - timedelta(days=1, minutes=1))
    assert said == len(received(phone))
    await pass_until(idle, clock, visit - timedelta(days=1))
    (reminder,) = received(phone)[said:]
    assert "Reserved for you" in reminder
