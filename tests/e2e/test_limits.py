"""On each channel people are offered centres that are open when they can come, and where they can get in."""

from __future__ import annotations

import re

import pytest

from tests.e2e.clinic import Clinic
from tests.e2e.people import PATIENCE_S, Phone, choose, hello, labels, reference_in, say

CHANNELS = pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
CENTRES = ("Riverside", "Hilltop", "Abbey")


async def asked_which_centre(phone: Phone) -> None:
    await hello(phone)
    await choose(phone, "Yes, for me")
    await choose(phone, "COVID-19 vaccination")
    await say(phone, "Ana Silva, 3 April 1950")
    await choose(phone, "None of these")
    await say(phone, "Bristol")
    await offered(phone, *CENTRES)


async def offered(phone: Phone, *names: str) -> None:
    """Wait until just the centres with these names are offered."""

    def are_offered(_message: object) -> bool:
        shown = labels(phone)
        return all(any(label.startswith(name) for label in shown) == (name in names) for name in CENTRES)

    await phone.wait_for(are_offered, PATIENCE_S)


async def times(phone: Phone) -> list[str]:
    """Return the times that are offered, once they are."""

    def found() -> list[str]:
        return [label for label in labels(phone) if re.search(r"\d\d:\d\d$", label)]

    await phone.wait_for(lambda _message: bool(found()), PATIENCE_S)
    return found()


@CHANNELS
async def test_somebody_who_can_only_come_on_saturday_books_then(clinic: Clinic, channel: str) -> None:
    phone = clinic.phone(channel)
    await asked_which_centre(phone)
    assert "Only with a place on Saturday." in await say(phone, "only open on Saturday")
    await offered(phone, "Riverside", "Abbey")
    await choose(phone, "Any day")
    await offered(phone, *CENTRES)
    await choose(phone, "Only on Saturday")
    await offered(phone, "Riverside", "Abbey")
    assert "Only with a place on Saturday." in await choose(phone, "Abbey")
    shown = await times(phone)
    assert all(label.startswith("Sat") for label in shown)
    await choose(phone, shown[0])
    booked = await choose(phone, "Yes, book it")
    assert "Sat 6 Mar" in booked
    assert "Abbey Clinic" in booked
    assert reference_in(booked)
    assert {} == await clinic.breaches()
    assert [] == clinic.telegram.refused + clinic.twilio.refused


@CHANNELS
async def test_somebody_in_a_wheelchair_books_where_there_are_no_steps(clinic: Clinic, channel: str) -> None:
    phone = clinic.phone(channel)
    await asked_which_centre(phone)
    await choose(phone, "Hilltop")
    await times(phone)
    assert "Hilltop Surgery has no step-free access." in await say(phone, "I use a wheelchair")
    await offered(phone, "Riverside", "Abbey")
    await choose(phone, "Riverside")
    await choose(phone, (await times(phone))[0])
    booked = await choose(phone, "Yes, book it")
    assert "Step-free access. Entrance from the quay." in booked
    assert [] == clinic.telegram.refused + clinic.twilio.refused


@CHANNELS
async def test_where_no_centre_has_it_all_are_offered(clinic: Clinic, channel: str) -> None:
    phone = clinic.phone(channel)
    await asked_which_centre(phone)
    said = await say(phone, "3 December")
    assert "I know of no centre with a free place like that (Friday 3 December)" in said
    await offered(phone, *CENTRES)
    assert [] == clinic.telegram.refused + clinic.twilio.refused
