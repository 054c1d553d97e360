"""Visits by video: a private link at booking and ten minutes before, and "I am here" from either side."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.settings import SettingError
from domain.store.database import Database
from domain.video import room
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, settings_for
from tests.e2e.people import choose, say
from tests.e2e.staff import CHANNELS, at, in_group, invited, join, member
from tests.e2e.surgery import book_with, tick, told, write_surgery

LINK = re.compile(r"https://meet\.example\.org/([a-z2-7]{24})\b")


@pytest_asyncio.fixture
async def surgery(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    await write_surgery(database, today=NOW.date(), video=True)
    async with clinic_at_work(database_url, clock, video_url="https://meet.example.org/{room}") as at_work:
        yield at_work


def link_in(words: str) -> str:
    found = LINK.search(words)
    assert found is not None, words
    return found[0]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_both_sides_get_the_link_and_hear_that_the_other_waits(
    surgery: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    doctor = await member(surgery, capsys, channel, "clinician", practitioner="okafor")
    patient = surgery.phone(channel)
    booked = await book_with(patient, "Dr Ada Okafor")
    link = link_in(booked)
    assert "1 Quay Street" not in booked
    await told(patient, "Calendar")
    assert "From 15 minutes before" in await say(patient, "I am here")
    clock.now = at(8, 45)
    for phone in (patient, doctor):
        await say(phone, "help")  # so that WhatsApp's window is open, as it is for whoever wrote that day
    clock.now = at(8, 49)
    await tick(surgery)
    assert not [message for message in patient.screen if "begins at" in message.text]
    clock.now = at(8, 50)
    await tick(surgery)
    assert link == link_in(await told(patient, "Your video visit begins at 09:00"))
    assert link == link_in(await told(doctor, "09:00: Ana Silva, by video"))
    assert "Dr Ada Okafor is told that you wait" in await choose(patient, "I am here")
    await tick(surgery)
    assert link == link_in(await told(doctor, "Ana Silva is waiting for you"))
    assert link == link_in(await choose(doctor, "I am here"))
    await tick(surgery)
    assert link == link_in(await told(patient, "Dr Ada Okafor is waiting for you"))
    await say(patient, "estoy aquí")
    await tick(surgery)
    assert 1 == len([message for message in doctor.screen if "Ana Silva is waiting" in message.text])
    clock.now = at(10)
    assert "no visit of yours to come" in await say(patient, "je suis là")
    assert "Nobody is to be seen by video" in await say(doctor, "I am here")
    assert {} == await surgery.breaches()


async def test_who_stopped_messages_is_told_nothing(
    surgery: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor = in_group(surgery)
    await join(doctor, await invited(surgery, capsys, "clinician", practitioner="okafor"))
    patient = surgery.phone("telegram")
    await book_with(patient, "Dr Ada Okafor")
    await told(patient, "Calendar")
    await say(patient, "/stop")
    clock.now = at(8, 50)
    await tick(surgery)
    await told(doctor, "09:00: Ana Silva, by video")
    assert not [message for message in patient.screen if "begins at" in message.text]


async def test_a_room_is_private_and_stays_when_the_visit_is_moved(surgery: Clinic) -> None:
    patient = surgery.phone("sms")
    first = link_in(await book_with(patient, "Dr Ada Okafor"))
    await say(patient, "move my booking")
    await choose(patient, "Wed 3 Mar")
    await choose(patient, "Yes, move it")
    number = await surgery.value("SELECT id FROM v_appointment")
    assert first.endswith(room(surgery.app.database.index_secret, number))
    assert room(b"another", number) != room(surgery.app.database.index_secret, number)
    waiting = await surgery.column("SELECT kind FROM reminder WHERE state = 'waiting' ORDER BY kind")
    assert ["day-before", "two-hours", "video", "video-there"] == waiting


async def test_without_a_server_the_clinic_sends_the_link(database: Database, database_url: str, clock: Clock) -> None:
    await write_surgery(database, today=NOW.date(), video=True)
    async with clinic_at_work(database_url, clock) as surgery:
        booked = await book_with(surgery.phone("whatsapp"), "Dr Ada Okafor")
        assert "link to the video comes from the clinic" in booked
        assert ["video-link"] == await surgery.column("SELECT kind FROM task")


_WRONG = ("https://meet.example.org/", "meet/{room}", "https://m.org/{room}/{room}", "https://m.org/{room}{x}")


@pytest.mark.parametrize("address", _WRONG)
def test_an_address_without_one_room_is_refused(address: str) -> None:
    with pytest.raises(SettingError, match="VIDEO_URL"):
        settings_for("sqlite:///x", "http://127.0.0.1", "http://127.0.0.1", video_url=address)


def test_rooms_are_apart() -> None:
    assert 1000 == len({room(b"secret", number) for number in range(1000)})
