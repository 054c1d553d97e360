"""A clinic day falls out: closed by chat; every patient is offered three held places, and keeps the old one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.jobs import publish
from domain.displacements import deadline_of
from domain.staff.closing_commands import Span
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic
from tests.e2e.closing import WEDNESDAY, day_at
from tests.e2e.people import PATIENCE_S, Phone, choose, labels, received, say, write_all
from tests.e2e.staff import CHANNELS, in_group, invited, join, member
from webhooks.simulator.phones import TelegramPhone, TwilioPhone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSE = {"en": "close wednesday morning", "fr": "fermer mercredi matin", "es": "cerrar el miércoles por la mañana"}


async def booked(clinic: Clinic, phone: Phone, when: str = "Wednesday at 10:00") -> datetime:
    """Book at the small practice; return when the visit is."""
    await write_all(phone, "slot")
    assert 200 == await phone.say(when)
    assert 200 == await phone.say("Yes, book it")
    await phone.wait_for(lambda message: "Booked." in message.text, PATIENCE_S)
    found = await clinic.value("SELECT starts_at FROM v_slot JOIN v_appointment a ON a.slot_id = v_slot.id")
    return datetime.fromisoformat(found) if isinstance(found, str) else found


async def closed(clinic: Clinic, staff: Phone, words: str = CLOSE["en"]) -> str:
    """Close, and let the worker ask everybody; return what was said when it was closed."""
    await say(staff, words)
    done = await choose(staff, "Yes, close it")
    await clinic.app.jobs.tick()
    return done


async def told(phone: Phone, words: str) -> str:
    """Wait for a message with *words*, and return it."""
    return str((await phone.wait_for(lambda message: words in message.text, PATIENCE_S)).text)


async def status(clinic: Clinic) -> list[str]:
    """Return how the visits stand, without the places that are or were held in their stead."""
    wanted = "SELECT status FROM appointment WHERE course NOT LIKE 'offer:%' ORDER BY id"
    return [str(one) for one in await clinic.column(wanted)]


async def held(clinic: Clinic) -> int:
    return int(await clinic.value("SELECT count(*) FROM v_appointment WHERE status = 'pending'"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_one_confirmation_closes_and_one_answer_moves(
    practice: Clinic, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    manager, patient = await member(practice, capsys, channel, "manager"), practice.phone(channel)
    await booked(practice, patient)
    asked = await say(manager, CLOSE["en"])
    assert "3 slots would be closed. 1 person is booked there" in asked
    assert "Closed: 3 slots. 1 person is being asked" in await choose(manager, "Yes, close it")
    assert 3 == await practice.value("SELECT count(*) FROM slot WHERE status = 'busy-unavailable'")
    await practice.app.jobs.tick()
    offer = await told(patient, "cannot see you on Wed 3 Mar, 10:00")
    assert "choose by Tue 2 Mar, 10:00" in offer
    assert ["Other times", "None of these"] == labels(patient)[3:]
    assert ["booked"] == await status(practice)
    third = labels(patient)[2]
    assert "Moved." in await choose(patient, third)
    assert 0 == await held(practice)
    await practice.app.jobs.tick()
    assert "1 visit, moved: 1" in await told(manager, "every visit is settled")
    assert {"staff:1"} == set(await practice.column("SELECT made_by FROM displacement"))
    assert {} == await practice.breaches()


async def test_a_manager_closes_in_the_chat_of_the_team(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    patient = practice.phone("sms")
    await booked(practice, patient)
    manager = in_group(practice)
    await say(manager, f"/start@frontdesk_bot join_{await invited(practice, capsys, 'manager')}")
    await closed(practice, manager, "/close wednesday morning")
    await told(patient, "cannot see you")
    await choose(manager, "Who is affected")
    await choose(manager, "Ring Ana Silva")
    assert "Telephone" not in received(manager)[-1]
    assert "Moved: Ana Silva comes on" in await choose(manager, "Tue 2 Mar, 10:00")
    await practice.app.jobs.tick()
    await told(manager, "every visit is settled")
    assert ["staff:1"] == await practice.column("SELECT ended_by FROM displaced")


@pytest.mark.parametrize("language", ["fr", "es"])
async def test_staff_say_it_in_their_language(
    practice: Clinic, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    manager = practice.telegram_phone(language)
    await join(manager, await invited(practice, capsys, "manager"))
    asked = await say(manager, CLOSE[language])
    assert "12:00" in asked
    await say(manager, "1")
    assert 3 == await practice.value("SELECT count(*) FROM slot WHERE status = 'busy-unavailable'")


async def test_an_answer_in_the_midst_of_another_dialog(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    """The button under the notice and the number that was last shown mean the notice; the other question stays open."""
    manager = await member(practice, capsys, "sms", "manager")
    patient = practice.phone("sms")
    await booked(practice, patient)
    await say(patient, "my bookings")
    await choose(patient, "No longer needed")
    await closed(practice, manager)
    await told(patient, "cannot see you")
    second = labels(patient)[1]
    answer = await say(patient, "2")
    assert "Moved.\n\nReference" in answer
    assert second in answer
    assert 0 == await held(practice)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("the second", "Moved."),
        ("other times", "Instead of Wed 3 Mar, 10:00"),
        ("none of these", "What shall I do instead?"),
        ("none", "What shall I do instead?"),
    ],
)
async def test_an_answer_in_words(
    practice: Clinic, capsys: pytest.CaptureFixture[str], words: str, answer: str
) -> None:
    manager, patient = await member(practice, capsys, "sms", "manager"), practice.phone("whatsapp")
    await booked(practice, patient)
    await closed(practice, manager)
    await told(patient, "cannot see you")
    assert answer in await say(patient, words)


async def test_what_one_may_wish_instead(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    manager, patient = await member(practice, capsys, "sms", "manager"), practice.phone("sms")
    await booked(practice, patient)
    await closed(practice, manager)
    await told(patient, "cannot see you")
    await say(patient, "none of these")
    assert "are held until" in await choose(patient, "Decide later")
    assert 3 == await held(practice)
    await say(patient, "my bookings")
    assert "cannot take place" in received(patient)[-1]
    await choose(patient, "None of these")
    assert "get in touch" in await choose(patient, "Please ring me")
    assert 1 == await practice.value("SELECT count(*) FROM task WHERE kind = 'displaced-call'")
    await say(patient, "my bookings")
    await choose(patient, "None of these")
    await choose(patient, "No longer needed")
    assert "Cancelled" in await choose(patient, "Yes, cancel it")
    await practice.app.jobs.tick()
    assert 0 == await held(practice)
    assert "1 visit, cancelled: 1" in await told(manager, "every visit is settled")


async def test_silence_ends_with_the_deadline(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    manager, patient = await member(practice, capsys, "telegram", "manager"), practice.phone("telegram")
    visit = await booked(practice, patient)
    await closed(practice, manager)
    await told(patient, "cannot see you")
    offer = patient.screen[-1].message_id if isinstance(patient, TelegramPhone) else 0
    clock.now = deadline_of(visit, NOW) - timedelta(seconds=1)
    await practice.app.jobs.tick()
    assert ["booked"] == await status(practice)
    clock.now = deadline_of(visit, NOW)
    await practice.app.jobs.tick()
    assert "is cancelled" in await told(patient, "I have not heard from you")
    assert "Find another time" in labels(patient)
    assert 0 == await held(practice)
    assert "did not answer in time: 1" in await told(manager, "every visit is settled")
    note = await practice.value("SELECT count(*) FROM task WHERE kind = 'displaced' AND centre_id IS NOT NULL")
    assert 1 == note
    assert "did not answer in time" in await choose(manager, "Who is affected")
    assert isinstance(patient, TelegramPhone)
    assert 200 == await patient.tap_data(f"{await _menu(practice)}:0", offer)
    await told(patient, "is cancelled. To book anew")
    assert {} == await practice.breaches()


async def _menu(clinic: Clinic) -> int:
    """Return the number of the menu under the offer."""
    return int(await clinic.value("SELECT min(menu) FROM outbox WHERE appointment_id IS NOT NULL AND menu > 0"))


async def test_opened_again_the_visit_stands_and_the_places_are_free(
    practice: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    manager = await member(practice, capsys, "whatsapp", "manager")
    ana, ben = practice.phone("sms"), practice.phone("telegram")
    await booked(practice, ana)
    await booked(practice, ben)
    planned = await practice.value("SELECT count(*) FROM reminder WHERE state = 'waiting'")
    await closed(practice, manager)
    assert 0 == await practice.value("SELECT count(*) FROM reminder WHERE state = 'waiting'")
    await told(ana, "cannot see you")
    await told(ben, "cannot see you")
    await say(ben, "1")
    await told(ben, "Moved.")
    opened = await say(manager, "open wednesday morning")
    assert "Open again: 3 slots. 1 person who had not answered" in opened
    await practice.app.jobs.tick()
    assert "Good news" in await told(ana, "after all")
    assert 0 == await held(practice)
    assert ["booked", "booked"] == await status(practice)
    assert planned == await practice.value("SELECT count(*) FROM reminder WHERE state = 'waiting'")
    assert "cannot be chosen" not in await say(ana, "my bookings")
    assert {} == await practice.breaches()


async def test_a_whole_day_stays_closed_when_slots_are_published_again(
    practice: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    manager = await member(practice, capsys, "sms", "manager")
    await closed(practice, manager, "close 8 March")
    assert ["2027-03-08"] == list(map(str, await practice.column("SELECT day FROM closure")))
    until = (NOW + 10 * DAY).date()
    await publish(practice.app.database, today=NOW.date(), until=until)
    days = {str(one)[:10] for one in await practice.column("SELECT starts_at FROM slot")}
    assert "2027-03-08" not in days
    assert {"2027-03-07", "2027-03-09"} <= days
    await say(manager, "open 8 March")
    await publish(practice.app.database, today=NOW.date(), until=until)
    assert "2027-03-08" in {str(one)[:10] for one in await practice.column("SELECT starts_at FROM slot")}


async def test_who_takes_no_messages_is_to_be_telephoned(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    manager, patient = await member(practice, capsys, "sms", "manager"), practice.phone("whatsapp")
    await booked(practice, patient)
    await patient.say("stop")
    await closed(practice, manager)
    assert isinstance(patient, TwilioPhone)
    assert "cannot see you" not in received(patient)[-1]
    assert 1 == await practice.value("SELECT count(*) FROM task WHERE kind = 'displaced'")
    assert "no answer yet: 1" in await say(manager, "closures")
    await choose(manager, "Wednesday 3 March")
    assert "no message got through" in received(manager)[-1]
    await choose(manager, "Ring Ana Silva")
    assert f"Telephone: {patient.number}" in received(manager)[-1]
    await choose(manager, "Rung, no decision")
    await say(manager, "fermetures")
    await choose(manager, "Wednesday 3 March")
    assert "was telephoned" in received(manager)[-1]
    await choose(manager, "Ring Ana Silva")
    assert "Cancelled." in await choose(manager, "Not coming any more")
    assert ["cancelled"] == await status(practice)
    assert 0 == await held(practice)
    looked = await practice.column("SELECT action FROM access_event WHERE actor = 'staff:1'")
    assert {"closure", "telephone"} == set(looked)


async def test_whatsapp_after_a_day_of_silence_is_asked_by_sms(idle: Clinic, clock: Clock) -> None:
    """As long as WhatsApp has approved no words for it."""
    patient = idle.twilio_phone(whatsapp=True)
    await write_all(patient, "slot")
    for words in ("Thursday at 10:00", "Yes, book it"):
        assert 200 == await patient.say(words)
    await idle.deliver()
    clock.now += DAY + HOUR
    day = await day_at(idle)
    await day.close(Span(start=WEDNESDAY.start + DAY, until=WEDNESDAY.until + DAY))
    for _ in range(2):  # what could not be sent finds another way in the next round
        await day.tick()
        await idle.deliver()
    by_sms = idle.twilio_phone(whatsapp=False)
    by_sms.number = by_sms.address = patient.number
    assert "cannot see you" in received(by_sms)[-1]
    assert "cannot see you" not in received(patient)[-1]
    assert 200 == await by_sms.say("1")
    await idle.deliver()
    assert "Moved." in received(by_sms)[-1]
    assert 0 == await held(idle)


async def test_an_ill_clinician_closes_at_one_centre(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    clinician = await member(practice, capsys, "whatsapp", "clinician")
    assert "That is not among your rights" in await say(clinician, "close tomorrow")
    assert "3 slots would be closed" in await say(clinician, "I am ill tomorrow")
    assert "Closed: 3 slots" in await choose(clinician, "Yes, close it")
    assert ["ill"] == await practice.column("SELECT cause FROM displacement")
    assert "What shall I close" in await say(clinician, "je suis malade")
    assert "closed, somebody is ill" in await say(clinician, "closures")


async def test_nobody_else_closes(practice: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    nurse, patient = await member(practice, capsys, "sms", "reception"), practice.phone("sms")
    await booked(practice, patient)
    for words in ("close tomorrow", "open tomorrow", "capacity 6 tomorrow", "hours monday 9 to 12", "fridge"):
        assert "That is not among your rights" in await say(nurse, words)
    for words in ("close tomorrow", "open tomorrow", "closures", "/close_tomorrow", "the fridge broke"):
        await say(patient, words)
    assert 0 == await practice.value("SELECT count(*) FROM displacement")
    assert 0 == await practice.value("SELECT count(*) FROM slot WHERE status <> 'free'")


async def test_a_reminder_that_came_before_says_that_it_fell_out(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    patient = practice.phone("sms")
    visit = await booked(practice, patient, "Thursday at 10:00")
    clock.now = visit - DAY
    await practice.app.jobs.tick()
    await told(patient, "Reserved for you")
    manager = await member(practice, capsys, "sms", "manager")
    await closed(practice, manager, "close thursday")
    await told(patient, "cannot see you")
    assert "cannot take place" in await say(patient, "I will come")
    assert 0 == await practice.value("SELECT count(*) FROM appointment_response")


def test_until_when_an_answer_is_waited_for() -> None:
    assert NOW + 4 * DAY == deadline_of(NOW + 5 * DAY, NOW)
    assert NOW + DAY == deadline_of(NOW + 30 * HOUR, NOW)
    assert NOW + 2 * HOUR == deadline_of(NOW + 2 * HOUR, NOW)
