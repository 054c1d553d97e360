"""Calendar entries follow their appointment: one UID, a SEQUENCE that rises, and CANCEL in the end."""

from __future__ import annotations

import re
from typing import Any

import icalendar
import pytest

from tests.e2e.clinic import PUBLIC, Clinic
from tests.e2e.people import Phone, choose, hello, received, say, write_all
from webhooks.simulator.phones import TelegramPhone

PAIR = "COVID-19, two doses"


def files(phone: TelegramPhone) -> list[tuple[Any, Any]]:
    """Return calendar and event of each file that came, in their order."""
    found = [message.document.content for message in phone.screen if message.document is not None]
    return [(calendar, calendar.walk("VEVENT")[0]) for calendar in map(icalendar.Calendar.from_ical, found)]


def told(phone: TelegramPhone) -> list[tuple[str, str]]:
    return [(str(calendar["METHOD"]), str(event["STATUS"])) for calendar, event in files(phone)]


async def test_a_file_comes_with_the_booking_the_move_and_the_cancellation(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await write_all(phone, "booked")
    for words in ("move my booking", "2", "Yes, move it", "cancel my booking", "Yes, cancel it"):
        assert 200 == await phone.say(words)
    await idle.deliver()

    assert [("PUBLISH", "CONFIRMED")] * 2 + [("CANCEL", "CANCELLED")] == told(phone)
    events = [event for _, event in files(phone)]
    assert 1 == len({str(event["UID"]) for event in events})
    sequences = [int(event["SEQUENCE"]) for event in events]
    assert sequences == sorted(set(sequences))
    assert await idle.value("SELECT version FROM v_appointment") == sequences[-1]
    assert events[0]["DTSTART"].dt != events[1]["DTSTART"].dt == events[2]["DTSTART"].dt
    assert 1 == sum("take it out of your calendar" in text for text in received(phone))
    assert [] == idle.telegram.refused


async def test_a_move_after_quiet_still_has_a_higher_sequence(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await write_all(phone, "booked")
    for words in ("my bookings", "no more reminders", "move my booking", "2", "Yes, move it"):
        assert 200 == await phone.say(words)
    await idle.deliver()
    first, second = (int(event["SEQUENCE"]) for _, event in files(phone))
    assert first + 1 < second


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_without_files_the_link_comes_again_and_says_that_it_is_cancelled(idle: Clinic, channel: str) -> None:
    phone = idle.phone(channel)
    await write_all(phone, "booked")
    await idle.deliver()
    booked = await linked(idle, phone)
    for words in ("cancel my booking", "Yes, cancel it"):
        assert 200 == await phone.say(words)
    await idle.deliver()
    cancelled = await linked(idle, phone)

    assert "take it out of your calendar" in received(phone)[-1]
    assert ("PUBLISH", "CANCEL", "CANCELLED") == (
        str(booked[0]["METHOD"]),
        str(cancelled[0]["METHOD"]),
        str(cancelled[1]["STATUS"]),
    )
    assert str(booked[1]["UID"]) == str(cancelled[1]["UID"])
    assert int(booked[1]["SEQUENCE"]) < int(cancelled[1]["SEQUENCE"])
    assert await idle.value("SELECT version FROM v_appointment") == int(cancelled[1]["SEQUENCE"])


async def linked(clinic: Clinic, phone: Phone) -> tuple[Any, Any]:
    """Return what the newest link leads to: the calendar and its event."""
    link = re.findall(rf"{PUBLIC}\S+\.ics", "\n".join(received(phone)))[-1]
    async with clinic.session.get(link.replace(PUBLIC, clinic.address)) as response:
        calendar = icalendar.Calendar.from_ical(await response.text())
    return calendar, calendar.walk("VEVENT")[0]


async def test_a_course_that_is_cancelled_gives_an_entry_for_each_of_its_visits(clinic: Clinic) -> None:
    phone = clinic.telegram_phone()
    await hello(phone)
    for label in ("Yes, for me", PAIR):
        await choose(phone, label)
    await say(phone, "Ana Silva, 3 April 1950")
    await choose(phone, "No")
    await say(phone, "Bristol")
    for label in ("Riverside", "Tue 2 Mar", "Yes, book it"):
        await choose(phone, label)
    await phone.wait_for(lambda _message: 2 == len(files(phone)))
    await say(phone, "my bookings")
    await choose(phone, "Tue 2 Mar")
    await choose(phone, "No longer needed")
    await choose(phone, "Yes, cancel it")
    await phone.wait_for(lambda _message: 4 == len(files(phone)))

    assert [("PUBLISH", "CONFIRMED")] * 2 + [("CANCEL", "CANCELLED")] * 2 == told(phone)
    booked, cancelled = (
        {str(event["UID"]): int(event["SEQUENCE"]) for _, event in part}
        for part in (files(phone)[:2], files(phone)[2:])
    )
    assert 2 == len(booked)
    assert booked.keys() == cancelled.keys()
    assert all(cancelled[uid] > booked[uid] for uid in booked)
