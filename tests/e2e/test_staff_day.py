"""Staff ask for the day by chat on every channel: numbers first, and each line that needs somebody leads to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from domain.store import tables
from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import PATIENCE_S, choose, labels, say
from tests.e2e.staff import CHANNELS, in_group, invited, member
from tests.e2e.test_staff_joining import book


async def silent_patient(clinic: Clinic, clock: Clock) -> str:
    """Let somebody book, be reminded and not answer; an hour before the visit; return their number."""
    patient = clinic.twilio_phone(whatsapp=False)
    visit = await book(clinic, patient)
    clock.now = visit - timedelta(hours=1)
    await clinic.app.jobs.tick()
    await patient.wait_for(lambda message: "Reserved for you" in message.text, PATIENCE_S)
    return patient.number


@pytest.mark.parametrize("channel", CHANNELS)
async def test_today_leads_to_whom_to_ring_and_what_they_say_is_recorded(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    number = await silent_patient(practice, clock)
    nurse = await member(practice, capsys, channel, "reception")
    seen = await say(nurse, "today")
    text = seen if "No answer" in seen else nurse.last_text
    assert "Harbour Practice, Tuesday 2 March" in seen
    assert "No answer to the reminder: 1" in text
    assert "09:00  booked 1, silent 1, empty 19" in text
    assert len(text.partition("\n1. ")[0].splitlines()) <= 12
    assert 0 == await practice.value("SELECT count(*) FROM access_event"), "numbers show nobody"
    called = await choose(nurse, "Whom to ring (1)")
    assert "Ana Silva" in called
    assert number in called
    assert "Ana Silva comes" in await choose(nurse, "Ana Silva comes")
    assert "confirmed 1" in await say(nurse, "today")
    assert "there is nobody to ring" in await say(nurse, "whom to ring")
    looks = await practice.column("SELECT action FROM access_event ORDER BY id")
    assert ["call", "confirm"] == looks
    assert "accepted" == await practice.value("SELECT status FROM appointment_response")


async def test_in_a_team_no_numbers_are_shown(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    number = await silent_patient(practice, clock)
    team = in_group(practice)
    await say(team, f"/join {await invited(practice, capsys, 'reception')}")
    assert "No answer to the reminder: 1" in await say(team, "/today")
    called = await choose(team, "Whom to ring")
    assert "Ana Silva" in called
    assert number not in called


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("fr", "aujourd'hui", "mar. 2 mars"),
        ("fr", "demain", "mer. 3 mars"),
        ("es", "hoy", "mar, 2 de marzo"),
        ("es", "mañana", "mié, 3 de marzo"),
        ("en", "day 3 March", "Wednesday 3 March"),
        ("fr", "jour 3 mars", "mer. 3 mars"),
        ("es", "día 3 de marzo", "mié, 3 de marzo"),
    ],
)
async def test_the_day_is_asked_for_in_each_language(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], language: str, words: str, expected: str
) -> None:
    clock.now += timedelta(days=1)
    nurse = await member(practice, capsys, "telegram", "reception")
    if language != "en":
        await say(nurse, {"fr": "français", "es": "español"}[language])
    assert f"Harbour Practice, {expected}" in await say(nurse, words)
    assert "Harbour Practice, " in await say(nurse, words), "twice in a row"


async def test_a_day_that_cannot_be_read_is_told_so(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    nurse = await member(practice, capsys, "sms", "reception")
    assert "cannot tell which day" in await say(nurse, "day of the triffids")


async def test_doses_and_tasks_are_behind_their_lines(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await member(practice, capsys, "sms", "reception")
    today = clock.now.date()
    async with practice.app.database.begin() as connection:
        centre = (await connection.execute(select(tables.centre.c.id))).scalar_one()
        await connection.execute(insert(tables.stock).values(centre_id=centre, product="flu"))
        lot = {"centre_id": centre, "product": "flu", "number": "AB12", "expires_on": today + timedelta(days=3)}
        added = await connection.execute(insert(tables.lot).returning(tables.lot.c.id), lot)
        movement = {"lot_id": added.scalar_one(), "kind": "delivery", "quantity": 5, "at": clock.now, "actor": "test"}
        await connection.execute(insert(tables.stock_movement).values(movement))
        task = {"kind": "stuck", "subject": "test", "state": "open", "opened_at": clock.now, "centre_id": centre}
        await connection.execute(insert(tables.task).values(task))
    text = await say(nurse, "today")
    assert "flu, lot AB12, good until Thursday 4 March. Doses left: 5" in text
    assert "Open tasks: 1, the oldest since Mon 1 Mar, 09:00" in text
    assert "flu: doses 5, promised 0" in text
    assert ["Open tasks (1)", "Doses", "Next visits"] == labels(nurse)
    assert "whom I do not understand" in await choose(nurse, "Open tasks")
    await say(nurse, "today")
    assert "AB12" in await choose(nurse, "Doses")


async def test_a_day_is_no_answer_of_staff_where_a_visit_is_being_chosen(
    practice: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.e2e.people import write_all

    nurse = await member(practice, capsys, "sms", "reception")
    await write_all(nurse, "slot", first="book")
    assert "Wed 3 Mar" in await say(nurse, "Wednesday")
    assert "Harbour Practice, " not in await say(nurse, "tomorrow")


async def test_a_patient_and_a_colleague_of_another_centre_see_no_day(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await silent_patient(practice, clock)
    stranger = practice.telegram_phone()
    for words in ("today", "/today", "whom to ring", "digest", "digest at 7:30", "tomorrow"):
        assert "Harbour Practice, Tuesday" not in await say(stranger, words)
    assert 0 == await practice.value("SELECT count(*) FROM access_event")
