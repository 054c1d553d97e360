"""A person, please: staff are told, talk with the patient through the desk, and hand back to the very question."""

from __future__ import annotations

import argparse
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bot.cli import staff
from bot.handovers import see_to_due
from domain.store import catalogue
from tests.conftest import Clock
from tests.domain.clinic import together
from tests.e2e.clinic import SMS_FROM, Clinic
from tests.e2e.people import PATIENCE_S, Phone, choose, labels, received, say, write_all
from tests.e2e.staff import in_group, invited, member
from tests.e2e.test_failing_turns import without
from webhooks.simulator.phones import TelegramPhone, TwilioPhone

PAIRS = [("telegram", "sms"), ("sms", "telegram"), ("whatsapp", "group"), ("sms", "sms"), ("telegram", "whatsapp")]


async def somebody(clinic: Clinic, channel: str, *, until: str = "well") -> Phone:
    """Return the phone of a patient who is in the middle of a booking."""
    phone = clinic.phone(channel)
    await write_all(phone, until)
    await told(phone, "How do you feel" if until == "well" else "")
    return phone


async def told(phone: Phone, *words: str) -> str:
    """Wait until one message with all *words* has come, ever, and return it."""

    def has_come(message: Any) -> bool:
        return getattr(message, "from_bot", True) and all(word in (message.text or "") for word in words)

    if found := [text for text in received(phone) if all(word in text for word in words)]:
        return found[-1]
    return str((await phone.wait_for(has_come, PATIENCE_S)).text)


async def at_work(clinic: Clinic, capsys: pytest.CaptureFixture[str], channel: str, **more: Any) -> Phone:
    """Return the phone of a member of staff, of a team's chat if the channel is "group"."""
    name = more.pop("name", "Maria Lopez")
    if channel != "group":
        return await member(clinic, capsys, channel, more.pop("role", "reception"), name=name, **more)
    nurse = in_group(clinic)
    code = await invited(clinic, capsys, "reception", name=name)
    await say(nurse, f"/join {code}")
    return nurse


async def write(phone: Phone, text: str, *, to: str = "") -> None:
    """Write *text*; in a team's chat as an answer to the last message that has *to* in it."""
    if isinstance(phone, TelegramPhone) and phone.chat_id < 0:
        shown = [one for one in phone.screen if one.from_bot and to in (one.text or "")]
        assert 200 == await phone.reply_to(shown[-1].message_id, text)
    else:
        assert 200 == await phone.say(text)


@pytest.mark.parametrize(("channel", "by"), PAIRS, ids=lambda one: one)
async def test_a_person_talks_with_a_patient_and_hands_back_to_the_very_question(
    practice: Clinic, capsys: pytest.CaptureFixture[str], channel: str, by: str
) -> None:
    nurse = await at_work(practice, capsys, by)
    patient = await somebody(practice, channel)
    asked, offered = received(patient)[-1], labels(patient)
    await say(patient, "talk to a person")
    assert "Ana S." not in received(patient)[-1]
    await told(nurse, "wants a person")
    assert "You talk with" in await choose(nurse, "Take it")
    await told(patient, "Maria Lopez is here for you now")

    before = len(received(patient))
    assert 200 == await patient.say("Is there a lift?")
    await told(nurse, ": Is there a lift?")
    await write(nurse, "Yes, on the left.", to="Is there a lift?")
    await told(patient, "Maria Lopez: Yes, on the left.")
    for words in ("1", "menu", "I feel unwell"):
        assert 200 == await patient.say(words)
        await told(nurse, f": {words}")
    await write(nurse, "See you soon.", to="I feel unwell")
    await told(patient, "See you soon.")
    assert 2 == len(received(patient)) - before, "the desk is silent"

    await write(nurse, "hand back", to="I feel unwell")
    await told(nurse, "The desk goes on with")
    shown = await told(patient, "I am the automatic desk again", "How do you feel")
    assert shown.endswith(asked)
    assert offered == labels(patient)
    assert "Near which place" in await choose(patient, "I feel well")
    assert ["done"] == await practice.column("SELECT state FROM handover")
    assert ["done"] == await practice.column("SELECT state FROM task")
    assert [] == [text for text in received(nurse) if re.search(r"\+?\d{7,}", text)]


# ---- step by step, where nothing happens by itself


async def settle(clinic: Clinic) -> None:
    """Do all that there is to do by now, and send what is due."""
    for _ in range(50):
        done = await see_to_due(clinic.app.turns, clinic.app.clock())
        while await clinic.app.turns.work_off_one():
            done += 1
        if not done + await clinic.deliver():
            return
    raise AssertionError("it goes on and on")


async def tell(clinic: Clinic, phone: Phone, text: str) -> list[str]:
    """Write *text*, and return what came back on that phone."""
    before = len(received(phone))
    await write(phone, text)
    await settle(clinic)
    return received(phone)[before:]


async def hired(clinic: Clinic, capsys: pytest.CaptureFixture[str], channel: str, role: str, name: str) -> Phone:
    """Return the phone of a member of staff who has just joined; an administrator at all centres."""
    phone = clinic.phone(channel)
    given = argparse.Namespace(
        role=role,
        centre=[] if role == "administrator" else ["small"],
        all_centres=role == "administrator",
        name=name,
        practitioner=None,
        days=7,
        json=True,
    )
    capsys.readouterr()
    assert 0 == await staff.run_invite(given, clinic.app.settings, clock=clinic.app.clock)
    code = json.loads(capsys.readouterr().out)["code"]
    assert 200 == await phone.say(f"/start join_{code}" if channel == "telegram" else f"JOIN {code}")
    await settle(clinic)
    return phone


async def waiting(clinic: Clinic, channel: str, *, until: str = "well") -> Phone:
    """Return the phone of a patient who has just asked for a person."""
    patient = clinic.phone(channel)
    await write_all(patient, until)
    await settle(clinic)
    await tell(clinic, patient, "talk to a person")
    return patient


async def talking(clinic: Clinic, capsys: pytest.CaptureFixture[str], channel: str, by: str) -> tuple[Phone, Phone]:
    """Return the phones of a patient and of a member of staff who talk with each other."""
    nurse = await hired(clinic, capsys, by, "reception", "Maria Lopez")
    patient = await waiting(clinic, channel)
    assert "You talk with Ana S. now" in (await tell(clinic, nurse, "take it"))[-1]
    return patient, nurse


async def test_more_and_more_of_the_staff_are_told_each_once_and_the_patient_hears_the_truth(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await hired(idle, capsys, "sms", "reception", "Nora")
    manager = await hired(idle, capsys, "whatsapp", "manager", "Maria")
    head = await hired(idle, capsys, "telegram", "administrator", "Ada")
    patient = await waiting(idle, "sms")
    phones = {"nurse": nurse, "manager": manager, "head": head, "patient": patient}
    before = {name: len(received(phone)) for name, phone in phones.items()}
    assert "Harbour Practice: Ana S. wants a person." in received(nurse)[-1]
    assert "wants a person" in received(manager)[-1]

    heard = []
    for minutes in (9, 1, 1, 18, 1, 60, 24 * 60):
        clock.move(timedelta(minutes=minutes))
        await together(settle(idle), settle(idle))
        heard.append({name for name, phone in phones.items() if len(received(phone)) > before[name]})
        before = {name: len(received(phone)) for name, phone in phones.items()}
    assert [set(), {"manager"}, set(), set(), {"head", "patient"}, set(), set()] == heard
    assert "still waits for a person" in received(manager)[-1]
    assert "still waits for a person" in received(head)[-1]
    assert "sorry that nobody could answer" in received(patient)[-1]
    assert "You talk with Ana S." in (await tell(idle, head, "take it"))[-1]


@pytest.mark.parametrize("closed", [False, True], ids=["open tomorrow", "closed tomorrow"])
async def test_outside_the_hours_the_patient_is_told_when_and_nobody_is_woken(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], closed: bool
) -> None:
    nurse = await hired(idle, capsys, "telegram", "reception", "Nora")
    if closed:
        async with idle.app.database.begin() as connection:
            await catalogue.close_day(connection, 1, clock.now.date() + timedelta(days=1))
    clock.move(timedelta(hours=11))
    patient = await waiting(idle, "whatsapp")
    day = "Wednesday 3 March" if closed else "Tuesday 2 March"
    assert any(f"We read this on {day} from 09:00" in text for text in received(patient))
    opens_at = clock.now.replace(day=3 if closed else 2, hour=9, minute=0)
    clock.now = opens_at - timedelta(seconds=1)
    await settle(idle)
    assert not any("wants a person" in text for text in received(nurse))
    clock.now = opens_at
    await settle(idle)
    assert "wants a person" in received(nurse)[-1]


async def test_hours_of_waiting_count_only_while_somebody_is_there(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await hired(idle, capsys, "sms", "reception", "Nora")
    clock.now = clock.now.replace(hour=11, minute=55)
    await waiting(idle, "sms")
    again = await idle.value("SELECT next_at FROM handover")
    assert "2027-03-02 09:05" in str(again).replace("T", " ")


@pytest.mark.parametrize("by", ["telegram", "sms"])
async def test_of_two_who_take_it_at_once_one_gets_it(
    idle: Clinic, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    nurses = [await hired(idle, capsys, by, "reception", name) for name in ("Nora", "Maria")]
    await waiting(idle, "whatsapp")
    assert [200, 200] == await together(*(nurse.say("take it") for nurse in nurses))
    await settle(idle)
    told = sorted(received(nurse)[-1] for nurse in nurses)
    assert "talks with Ana S. already" in told[0] or "Nobody waits" in told[0]
    assert told[1].startswith("You talk with Ana S. now")
    assert ["taken"] == await idle.column("SELECT state FROM handover")


async def test_a_member_holds_one_at_a_time(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    nurse = await hired(idle, capsys, "telegram", "reception", "Nora")
    await waiting(idle, "sms")
    one = await waiting(idle, "whatsapp")
    await tell(idle, nurse, "take it")
    assert "You still talk with Ana S." in (await tell(idle, nurse, "take it"))[-1]
    assert [] == await tell(idle, nurse, "Good morning")
    assert received(one)[-1] == "Nora: Good morning"
    await tell(idle, nurse, "rendre")
    assert "You talk with" in (await tell(idle, nurse, "je prends"))[-1]
    assert {"done", "taken"} == set(await idle.column("SELECT state FROM handover"))


@pytest.mark.parametrize("how", ["leaves", "is let go", "stops"])
async def test_who_leaves_hands_back(idle: Clinic, capsys: pytest.CaptureFixture[str], how: str) -> None:
    patient, nurse = await talking(idle, capsys, "telegram", "whatsapp")
    if how == "leaves":
        await tell(idle, nurse, "/leave_the_team")
        await tell(idle, nurse, "1")
    elif how == "stops":
        await tell(idle, nurse, "STOP")
    else:
        await staff.run_end(argparse.Namespace(id=1), idle.app.settings, clock=idle.app.clock)
    await settle(idle)
    assert "How do you feel" in received(patient)[-1]
    assert "Near which place" in (await tell(idle, patient, "I feel well"))[-1]
    before = len(received(patient))
    await tell(idle, nurse, "Are you still there?")
    assert before == len(received(patient))


async def test_stop_acts_in_a_talk_too_and_ends_it(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    patient, nurse = await talking(idle, capsys, "whatsapp", "telegram")
    assert "no more messages" in (await tell(idle, patient, "STOP"))[-1]
    assert "Ana S. wants no more messages" in received(nurse)[-1]
    before = len(received(patient))
    await tell(idle, nurse, "Are you there?")
    assert before == len(received(patient))


async def test_only_words_go_through_and_both_are_told(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    patient, nurse = await talking(idle, capsys, "telegram", "telegram")
    assert isinstance(patient, TelegramPhone)
    assert isinstance(nurse, TelegramPhone)
    for send in (patient.send_voice, patient.send_sticker, patient.share_contact):
        assert 200 == await send()
        await settle(idle)
        assert "Only words go through to Maria Lopez" in received(patient)[-1]
        assert "Ana S. sent something that is not text" in received(nurse)[-1]
    assert 200 == await nurse.send_voice()
    await settle(idle)
    assert "Only words go through" in received(nurse)[-1]
    assert "Only words go through to Maria Lopez" in received(patient)[-1]


async def test_wishes_in_their_very_words_still_work_and_all_else_is_for_the_patient(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    patient, nurse = await talking(idle, capsys, "sms", "sms")
    clock.move(timedelta(minutes=1))
    assert "nobody else comes today" in (await tell(idle, nurse, "next"))[-1]
    for words in ("The doctor is here", "find a chair", "help", "1", "menu of today"):
        assert [] == await tell(idle, nurse, words)
        assert f"Maria Lopez: {words}" == received(patient)[-1]
    clock.move(timedelta(minutes=1))
    assert "To do" in (await tell(idle, nurse, "/tasks"))[-1]
    assert "desk for staff" in (await tell(idle, nurse, "/staff"))[-1]
    clock.move(timedelta(minutes=1))
    assert [] == await tell(idle, patient, "2")
    assert "Ana S.: 2" == received(nurse)[-1]


async def test_what_was_said_is_shown_without_numbers_and_who_looked_is_kept(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await hired(idle, capsys, "sms", "reception", "Nora")
    patient = idle.phone("telegram")
    assert isinstance(patient, TelegramPhone)
    await write_all(patient, "well")
    for action in (
        patient.say("ring +44 7700 900 123 or 0117 496 0000"),
        patient.share_contact(),
        patient.send_voice(),
    ):
        assert 200 == await action
    await settle(idle)
    await tell(idle, patient, "talk to a person")
    text = "\n".join(await tell(idle, nurse, "2"))
    assert "Ana S.: ring *** or ***" in text
    assert "Ana S.: (no text)" in text
    assert "Desk: " in text
    assert [] == re.findall(r"\d[\d ]{6,}\d", "\n".join(received(nurse)))
    assert patient.phone_number not in "\n".join(received(nurse))
    looked = await idle.column("SELECT action FROM access_event WHERE actor = 'staff:1' ORDER BY id")
    assert ["transcript"] == looked
    sealed = await idle.column("SELECT payload FROM inbox WHERE payload IS NOT NULL")
    assert not any(b"900 123" in bytes(one) for one in sealed)


async def test_nothing_is_lost_when_a_turn_fails_and_the_order_stays(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    patient, nurse = await talking(idle, capsys, "sms", "telegram")
    async with without("patient", idle.app.database):
        for words in ("one", "two"):
            assert 200 == await patient.say(words)
        assert 200 == await nurse.say("three")
    assert 200 == await patient.say("four")
    clock.move(timedelta(seconds=5))
    await settle(idle)
    assert ["Ana S.: one", "Ana S.: two", "Ana S.: four"] == received(nurse)[-3:]
    assert "Maria Lopez: three" == received(patient)[-1]
    assert {} == await idle.breaches()


async def test_whatsapp_s_day_is_kept_and_words_go_by_sms_after_it(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await hired(idle, capsys, "whatsapp", "reception", "Nora")
    clock.move(timedelta(hours=25))
    patient = await waiting(idle, "whatsapp")
    assert not any("wants a person" in text for text in received(nurse))
    by_sms = sms_of(idle, nurse)
    assert "wants a person" in received(by_sms)[-1]
    assert "You talk with Ana S." in (await tell(idle, by_sms, "take it"))[-1]
    clock.move(timedelta(hours=24))
    await tell(idle, by_sms, "Are you well?")
    assert "Nora: Are you well?" == received(sms_of(idle, patient))[-1]
    await tell(idle, sms_of(idle, patient), "Yes I am")
    assert "Ana S.: Yes I am" == received(by_sms)[-1]


def sms_of(clinic: Clinic, phone: Phone) -> TwilioPhone:
    """Return the same number as a phone for text messages."""
    assert isinstance(phone, TwilioPhone)
    return TwilioPhone(
        phone.session, phone.webhook_url, phone.public_url, phone.double, phone.number, SMS_FROM, whatsapp=False
    )


async def test_in_a_team_s_chat_only_answers_to_the_talk_are_for_the_patient(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = in_group(idle)
    await nurse.say(f"/join {await invited(idle, capsys, 'reception', name='Maria')}")
    other = in_group(idle)
    await other.say(f"/join {await invited(idle, capsys, 'reception', name='Nora')}")
    await settle(idle)
    patient = await waiting(idle, "sms")
    notice = next(one for one in reversed(nurse.screen) if "wants a person" in (one.text or ""))
    assert 200 == await nurse.tap("Take it", notice.message_id)
    await settle(idle)
    begun = nurse.screen[-1]
    assert "You talk with Ana S. now" in (begun.text or "")
    before = len(received(patient))
    await nurse.say("Lunch at noon?")
    assert 200 == await other.reply_to(begun.message_id, "Hello from Nora")
    await settle(idle)
    assert before == len(received(patient))
    assert "Maria talks with Ana S. already" in received(nurse)[-1]
    assert 200 == await nurse.reply_to(begun.message_id, "Hello Ana")
    await settle(idle)
    assert "Maria: Hello Ana" == received(patient)[-1]
    await tell(idle, patient, "Hello Maria")
    relayed = nurse.screen[-1]
    assert "Ana S.: Hello Maria" == relayed.text
    assert 200 == await nurse.reply_to(relayed.message_id, "hand back")
    await settle(idle)
    assert "How do you feel" in received(patient)[-1]
    assert 2 == await idle.value("SELECT count(*) FROM staff")


async def test_whom_the_desk_does_not_understand_gets_a_person(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await hired(idle, capsys, "telegram", "reception", "Nora")
    patient = idle.phone("sms")
    await write_all(patient, "well")
    for _ in range(3):
        await tell(idle, patient, "xyzzy plugh")
    assert "asked a colleague to look" in received(patient)[-1]
    assert "I do not understand what they write" in received(nurse)[-1]
    await tell(idle, patient, "I feel well")
    assert "Near which place" in received(patient)[-1], "the desk goes on until somebody takes it"


async def test_a_patient_cannot_take_or_see_what_another_said(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    await hired(idle, capsys, "telegram", "reception", "Nora")
    await waiting(idle, "sms")
    stranger = idle.telegram_phone()
    await write_all(stranger, "name")
    for words in ("take it", "/handover_take", "hand back", "tasks", "done", "/handover_show"):
        await tell(idle, stranger, words)
    for data in ("1:0", "2:0", "2:1", "3:0"):
        assert 200 == await stranger.tap_data(data, stranger.screen[-1].message_id)
    await settle(idle)
    assert {"waiting"} == set(await idle.column("SELECT state FROM handover"))
    assert not any("Ana S." in text for text in received(stranger))
