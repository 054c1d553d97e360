"""Each channel books, moves and cancels, from the first hello."""

from __future__ import annotations

import pytest

from tests.e2e.clinic import Clinic
from tests.e2e.people import book, choose, reference_in, say


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
async def test_somebody_books_moves_and_cancels(clinic: Clinic, channel: str) -> None:
    phone = clinic.phone(channel)
    reference = reference_in(await book(phone))

    await say(phone, "move my booking")
    await choose(phone, "Wed 3 Mar")
    moved = await choose(phone, "Yes, move it")
    assert reference == reference_in(moved)
    assert "Wed 3 Mar" in moved

    await say(phone, "cancel my booking")
    assert "Cancelled" in await choose(phone, "Yes, cancel it")
    assert {} == await clinic.breaches()
    assert [] == clinic.telegram.refused + clinic.twilio.refused
