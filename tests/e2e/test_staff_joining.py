"""People become members of staff by one-time codes, on every channel and in a team's group; leaving counts at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain.store.tables import appointment, slot
from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import PATIENCE_S, Phone, choose, labels, say, write_all
from tests.e2e.staff import CHANNELS, GROUP, in_group, invited, join, member


async def book(clinic: Clinic, phone: Phone) -> datetime:
    """Book at the small practice, and return when the visit is."""
    await write_all(phone, "booked")
    await phone.wait_for(lambda message: "Reference" in message.text, PATIENCE_S)
    async with clinic.app.database.read() as connection:
        found = select(slot.c.starts_at).join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
        starts_at: datetime = (await connection.execute(found)).scalar_one()
    return starts_at


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_code_makes_one_member(practice: Clinic, capsys: pytest.CaptureFixture[str], channel: str) -> None:
    code = await invited(practice, capsys, "reception")
    nurse, other = practice.phone(channel), practice.phone(channel)
    assert "reception at Harbour Practice" in await join(nurse, code)
    assert "do not know that code" in await join(other, code)
    assert "nobody else comes today" in await say(nurse, "next")
    assert "Harbour Practice" not in await say(other, "next")


async def test_a_code_is_over_after_a_week_and_guessing_is_stopped(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await invited(practice, capsys, "reception")
    clock.now += timedelta(days=7, seconds=1)
    phone = practice.phone("sms")
    assert "do not know that code" in await join(phone, code)
    for guess in ("ABCD2345", "ABCD2346", "ABCD2347"):
        assert "do not know that code" in await join(phone, guess)
    assert "Too much was tried" in await join(phone, "ABCD2348")
    fresh = await invited(practice, capsys, "reception")
    assert "Too much was tried" in await join(phone, fresh)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_manager_invites_by_chat_and_lets_go(
    practice: Clinic, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    manager = await member(practice, capsys, channel, "manager", name="Maria Lopez")
    await say(manager, "invite a colleague")
    assert ["clinician", "reception"] == labels(manager)
    await choose(manager, "reception")
    sent = await manager.wait_for(lambda message: "The code for your colleague" in message.text)
    code = sent.text.partition(" is ")[2][:8]
    nurse = practice.phone(channel)
    assert "reception" in await join(nurse, code)
    assert "Thank you, Nora Field." in await say(nurse, "call me Nora Field")
    assert "Nora Field" in await say(manager, "team")
    assert "can do nothing here any more" in await choose(manager, "Nora Field")
    assert "Harbour Practice" not in await say(nurse, "next")
    assert 0 == await practice.value("SELECT count(*) FROM staff WHERE left_at IS NULL AND id = 2")


async def test_who_leaves_is_a_stranger_from_then_on(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    nurse = await member(practice, capsys, "sms", "clinician")
    await say(nurse, "leave the team")
    assert "no longer a member" in await choose(nurse, "Yes, end it")
    assert "Harbour Practice" not in await say(nurse, "next")


async def test_the_chat_of_a_team_hears_its_members_only(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    code = await invited(practice, capsys, "clinician")
    nurse, stranger = in_group(practice), in_group(practice)
    assert "only answer in a private chat" in await say(nurse, "/next")
    assert "What concerns the centre comes to this chat" in await say(nurse, f"/start@frontdesk_bot join_{code}")
    assert "nobody else comes today" in await say(nurse, "next")
    assert "nobody else comes today" in await say(nurse, "/next@frontdesk_bot")
    assert "Only members of staff" in await say(stranger, "/next")
    assert "only answer in a private chat" in await say(nurse, "/bookings")
    assert 1 == await practice.value("SELECT count(*) FROM staff_group")


async def test_a_group_that_becomes_a_supergroup_stays_the_teams(
    practice: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = in_group(practice)
    await say(nurse, f"/join {await invited(practice, capsys, 'clinician')}")
    practice.telegram.migrate(int(str(GROUP["id"])), -1004001)
    head = {"message_id": 99, "date": 1, "chat": GROUP, "from": nurse.user}
    assert 200 == await nurse.send("message", {**head, "migrate_to_chat_id": -1004001})
    moved = in_group(practice, nurse, {**GROUP, "id": -1004001, "type": "supergroup"})
    assert "nobody else comes today" in await say(moved, "/next")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_visits_are_found_and_marked_by_reference_and_name(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    patient = practice.phone("sms")
    visit = await book(practice, patient)
    reference = await practice.value("SELECT reference FROM v_appointment")
    nurse = await member(practice, capsys, channel, "reception")
    assert "Ana Silva" in await say(nurse, f"find {reference}")
    assert reference in await say(nurse, "find silva")
    assert "find no visit" in await say(nurse, "find Zebedee")
    assert "That cannot be" in await say(nurse, f"arrived {reference}")
    clock.now = visit
    assert "Ana Silva" in await say(nurse, "next")
    assert "has arrived" in await choose(nurse, "Ana Silva is here")
    assert "arrived" == await practice.value("SELECT status FROM v_appointment")
    assert "on record already" in await say(nurse, f"{reference} arrived")
    assert "marked as missed" in await say(nurse, "missed Ana Silva")
    looked = await practice.column("SELECT actor FROM access_event")
    assert {"staff:1"} == set(looked)
    assert 5 <= len(looked)
    changed = await practice.column("SELECT actor FROM audit_event WHERE entity = 'appointment' ORDER BY version DESC")
    assert "staff:1" == changed[0]


async def test_a_patient_cannot_do_what_staff_do(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    patient = practice.telegram_phone()
    nurse = await member(practice, capsys, "telegram", "manager")
    await book(practice, patient)
    reference = await practice.value("SELECT reference FROM v_appointment")
    await say(nurse, "next")
    for words in (f"arrived {reference}", f"find {reference}", "next", "team", "invite", "/staff", "/mark_1_arrived"):
        await say(patient, words)
    for data in ("1:0", "2:0", "3:1", "-1:0", "mark:1"):
        assert 200 == await patient.tap_data(data, patient.screen[-1].message_id)
    assert "booked" == await practice.value("SELECT status FROM v_appointment")
    assert [] == await practice.column("SELECT action FROM access_event WHERE action IN ('find', 'day')")
    assert 0 == await practice.value("SELECT count(*) FROM staff_invite WHERE used_at IS NULL")
