"""Patients say that they are here; a visit's code works for staff alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import PATIENCE_S, say, write_all
from tests.e2e.staff import CHANNELS, invited, join, member
from tests.e2e.test_staff_joining import book


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_patient_says_that_they_are_here_and_staff_see_it(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    patient = practice.phone(channel)
    visit = await book(practice, patient)
    await patient.say("I am here")
    await patient.wait_for(lambda message: "not now" in message.text, PATIENCE_S)
    clock.now = visit - timedelta(minutes=61)
    assert "not now" in await say(patient, "je suis là")
    clock.now = visit - timedelta(minutes=60)
    assert "The team knows that you are here" in await say(patient, "ya estoy aquí")
    assert "noted it already" in await say(patient, "here")
    assert "arrived" == await practice.value("SELECT status FROM v_appointment")
    nurse = await member(practice, capsys, "sms", "reception")
    assert "Ana Silva" in await say(nurse, "next")
    assert "arrived" in nurse.last_text
    assert "no visit of yours" in await say(practice.phone(channel), "I am here")


async def test_a_code_works_for_staff_and_shows_patients_their_own_visit_only(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    patient, stranger = practice.telegram_phone(), practice.telegram_phone()
    clock.now = await book(practice, patient)
    reference = await practice.value("SELECT reference FROM v_appointment")
    nurse = practice.telegram_phone()
    await join(nurse, await invited(practice, capsys, "reception"))
    await patient.start(f"arrived_{reference}")
    await patient.wait_for(lambda message: "This is your visit" in message.text, PATIENCE_S)
    assert "for the team at the desk" in await say(stranger, f"ARRIVED {reference}")
    await stranger.start(f"arrived_{reference}")
    assert not any("Ana Silva" in message.text for message in stranger.screen)
    assert "booked" == await practice.value("SELECT status FROM v_appointment")
    await nurse.start(f"arrived_{reference}")
    await nurse.wait_for(lambda message: "Ana Silva has arrived" in message.text, PATIENCE_S)
    assert "arrived" == await practice.value("SELECT status FROM v_appointment")


async def test_a_poster_marks_visits_at_its_own_centre(practice: Clinic, clock: Clock) -> None:
    patient = practice.telegram_phone()
    await write_all(patient, "booked")
    await patient.wait_for(lambda message: "Reference" in message.text, PATIENCE_S)
    clock.now = datetime(2027, 3, 2, 9, 0, tzinfo=NOW.tzinfo)
    moment = await practice.value("SELECT starts_at FROM v_slot JOIN v_appointment a ON a.slot_id = v_slot.id")
    clock.now = datetime.fromisoformat(str(moment))
    await patient.start("here_77")
    await patient.wait_for(lambda message: "not now" in message.text, PATIENCE_S)
    assert "booked" == await practice.value("SELECT status FROM v_appointment")
    await patient.start("here_1")
    await patient.wait_for(lambda message: "knows that you are here" in message.text, PATIENCE_S)
    assert "arrived" == await practice.value("SELECT status FROM v_appointment")
