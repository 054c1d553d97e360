"""Somebody looks back at their visits, whatever the channel, and sees nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import labels, received, write_all


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
async def test_a_visit_moves_from_the_bookings_to_the_past(idle: Clinic, clock: Clock, channel: str) -> None:
    phone, other = idle.phone(channel), idle.phone(channel)
    await write_all(phone, "booked")
    clock.move(timedelta(days=3))
    for one in (phone, other):
        assert 200 == await one.say("my bookings")
    assert 200 == await other.say("past visits")
    await idle.deliver()
    [told] = received(phone)[-1:]
    assert "no bookings to come" in told
    assert "2 March 2027, 09:00, Harbour Practice" in told
    assert not any("Harbour" in text for text in received(other))


async def test_they_stand_beside_the_bookings(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await write_all(phone, "booked")
    for words in ("cancel my booking", "Yes, cancel it", "book", "for me", "I feel well", "1", "1", "Yes, book it"):
        assert 200 == await phone.say(words)
    assert 200 == await phone.say("my bookings")
    await idle.deliver()
    assert "Past visits" in labels(phone)
    assert 200 == await phone.say("past visits")
    await idle.deliver()
    assert "Cancelled." in received(phone)[-1] or "Cancelled." in received(phone)[-2]
