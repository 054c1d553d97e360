"""Requests: a doctor confirms or declines in chat, or lets the time pass; the person is told, with other times."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work
from tests.e2e.people import choose, labels, say
from tests.e2e.staff import CHANNELS, in_group, invited, join, member
from tests.e2e.surgery import book_with, statuses, tick, told, write_surgery


@pytest_asyncio.fixture
async def surgery(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """Two doctors who confirm within a day."""
    await write_surgery(database, today=NOW.date(), confirm={"hours": 24})
    async with clinic_at_work(database_url, clock) as at_work:
        yield at_work


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_doctor_confirms(surgery: Clinic, capsys: pytest.CaptureFixture[str], channel: str) -> None:
    doctor = await member(surgery, capsys, channel, "clinician", practitioner="okafor")
    patient = surgery.phone(channel)
    asked = await book_with(patient, "Dr Ada Okafor")
    assert "Dr Ada Okafor is asked. You hear here by Tue 2 Mar, 09:00" in asked
    assert "Booked" not in asked
    await tick(surgery)
    assert "Tue 2 Mar, 09:00" in await told(doctor, "Ana Silva asks for a visit")
    assert "Confirmed, and they are told" in await choose(doctor, "Confirm")
    assert ["booked"] == await statuses(surgery)
    await tick(surgery)
    assert "With Dr Ada Okafor" in await told(patient, "Booked.")
    assert {} == await surgery.breaches()
    planned = await surgery.column("SELECT kind FROM reminder WHERE state = 'waiting' ORDER BY kind")
    assert ["two-hours"] == planned
    looked = await surgery.column("SELECT action FROM access_event WHERE actor = 'staff:1' ORDER BY id")
    assert ["notice", "request"] == looked


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_is_declined_takes_one_of_the_times_near_it(
    surgery: Clinic, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    doctor = await member(surgery, capsys, channel, "clinician", practitioner="okafor")
    patient = surgery.phone(channel)
    await book_with(patient, "Dr Ada Okafor")
    await tick(surgery)
    await told(doctor, "asks for a visit")
    assert "Declined." in await choose(doctor, "Decline")
    await tick(surgery)
    sorry = await told(patient, "cannot be confirmed")
    assert "These times near it are free" in sorry
    assert ["Tue 2 Mar, 10:00", "Tue 2 Mar, 11:00", "Wed 3 Mar, 09:00"] == [
        label.partition(" (")[0] for label in labels(patient)
    ]
    assert "is asked. You hear here by" in await choose(patient, "Tue 2 Mar, 11:00")
    assert ["cancelled", "pending"] == await statuses(surgery)
    await tick(surgery)
    await told(doctor, "Tue 2 Mar, 11:00")
    assert {} == await surgery.breaches()


async def test_a_request_that_nobody_answers_lapses(
    surgery: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor = await member(surgery, capsys, "telegram", "clinician", practitioner="okafor")
    patient = surgery.phone("sms")
    await book_with(patient, "Dr Ada Okafor", "Wed 3 Mar")
    await tick(surgery)
    await told(doctor, "asks for a visit")
    clock.move(timedelta(hours=23))
    await tick(surgery)
    assert ["pending"] == await statuses(surgery)
    clock.move(timedelta(hours=1, minutes=1))
    await tick(surgery)
    assert ["cancelled"] == await statuses(surgery)
    assert "in time" in await told(patient, "nobody could confirm")
    assert "waits for no answer any more" in await choose(doctor, "Confirm")
    assert ["cancelled"] == await statuses(surgery)
    assert {} == await surgery.breaches()


async def test_a_request_is_seen_and_withdrawn_by_its_person(
    surgery: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor = await member(surgery, capsys, "sms", "clinician", practitioner="okafor")
    patient = surgery.phone("sms")
    await book_with(patient, "Dr Ada Okafor")
    await tick(surgery)
    await told(doctor, "asks for a visit")
    assert "asked for and not confirmed yet" in await say(patient, "my bookings")
    assert "Move it" not in labels(patient)
    await choose(patient, "No longer needed")
    assert "Cancelled" in await choose(patient, "Yes, cancel it")
    assert "waits for no answer any more" in await choose(doctor, "Confirm")
    assert ["cancelled"] == await statuses(surgery)
    assert "Nobody waits" in await say(doctor, "requests")
    assert {} == await surgery.breaches()


async def test_only_the_doctor_or_who_manages_the_centre_answers(
    surgery: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    other = await member(surgery, capsys, "sms", "clinician", practitioner="ruiz")
    desk = await member(surgery, capsys, "sms", "reception")
    manager = await member(surgery, capsys, "whatsapp", "manager")
    elsewhere = await member(surgery, capsys, "sms", "manager", centre="bath")
    patient = surgery.phone("sms")
    await book_with(patient, "Dr Ada Okafor")
    await tick(surgery)
    assert "Dr Ada Okafor" in await told(manager, "Ana Silva asks for a visit")
    for phone in (other, elsewhere):
        assert "Nobody waits" in await say(phone, "requests")
    assert "not among your rights" in await say(desk, "requests")
    for phone in (other, desk, elsewhere, patient):
        assert not [message for message in phone.screen if "asks for a visit" in message.text]
    await say(manager, "demandes")
    await choose(manager, "Ana Silva")
    assert "Confirmed" in await choose(manager, "Confirm")
    assert ["booked"] == await statuses(surgery)


async def test_a_doctor_who_is_in_the_teams_chat_alone_is_asked_there(
    surgery: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor, colleague = in_group(surgery), in_group(surgery)
    await join(doctor, await invited(surgery, capsys, "clinician", practitioner="okafor"))
    await join(colleague, await invited(surgery, capsys, "clinician"))
    patient = surgery.phone("whatsapp")
    await book_with(patient, "Dr Ada Okafor")
    await tick(surgery)
    await told(doctor, "Ana Silva asks for a visit")
    await told(colleague, "Ana Silva asks for a visit")
    assert "not among your rights" in await choose(colleague, "Confirm")
    assert ["pending"] == await statuses(surgery)
    assert "Confirmed" in await choose(doctor, "Confirm")
    await tick(surgery)
    await told(patient, "Booked.")


async def test_where_nobody_can_be_asked_staff_get_a_task(surgery: Clinic) -> None:
    await book_with(surgery.phone("sms"), "Dr Ada Okafor")
    await tick(surgery)
    assert ["not-told"] == await surgery.column("SELECT kind FROM task")
