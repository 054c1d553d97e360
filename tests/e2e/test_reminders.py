"""People are told of their visits in time, by the channel that they use, and what they answer acts on that visit."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.store.reminders import ReminderId, menu_of
from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, received, write_all
from webhooks.simulator.phones import TelegramPhone, TwilioPhone

CHANNELS = ("telegram", "whatsapp", "sms")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def pass_until(clinic: Clinic, clock: Clock, moment: datetime) -> None:
    """Let time pass as the worker sees it, and send what is due then."""
    clock.now = moment
    for _ in range(2):  # what could not be sent finds another way in the next round
        await clinic.app.jobs.tick()
        await clinic.deliver()


async def book(clinic: Clinic, phone: Phone, when: str = "Wednesday at 10:00") -> datetime:
    """Book, and return when the visit is."""
    await write_all(phone, "slot")
    assert 200 == await phone.say(when)
    assert 200 == await phone.say("Yes, book it")
    await clinic.deliver()
    return await starts_at(clinic)


async def starts_at(clinic: Clinic) -> datetime:
    query = "SELECT starts_at FROM v_slot JOIN v_appointment a ON a.slot_id = v_slot.id ORDER BY a.id DESC"
    found = await clinic.value(query)
    return datetime.fromisoformat(found) if isinstance(found, str) else found


def sms_of(clinic: Clinic, phone: Phone) -> Phone:
    """Return the text messages of a phone, which WhatsApp's reminders go to after a day of silence."""
    if not isinstance(phone, TwilioPhone) or not phone.whatsapp:
        return phone
    other = clinic.twilio_phone(whatsapp=False)
    other.number = other.address = phone.number
    return other


async def reminded(clinic: Clinic, clock: Clock, phone: Phone, visit: datetime) -> Phone:
    """Pass to the day before; return the phone on which the reminder is the last message."""
    await pass_until(clinic, clock, visit - DAY)
    phone = sms_of(clinic, phone)
    assert "Reserved for you" in received(phone)[-1]
    return phone


async def say(clinic: Clinic, phone: Phone, text: str) -> str:
    """Write *text* and return the last answer."""
    before = len(received(phone))
    assert 200 == await phone.say(text)
    await clinic.deliver()
    assert before < len(received(phone))
    return received(phone)[-1]


async def statuses(clinic: Clinic) -> list[Any]:
    return await clinic.column("SELECT status FROM v_appointment ORDER BY id")


async def accepted(clinic: Clinic) -> int:
    return int(await clinic.value("SELECT count(*) FROM appointment_response WHERE status = 'accepted'"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_somebody_is_reminded_the_day_before_and_two_hours_before(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone)
    phone = sms_of(idle, phone)
    before = len(received(phone))
    await pass_until(idle, clock, visit - DAY - timedelta(minutes=1))
    assert before == len(received(phone))
    await pass_until(idle, clock, visit - DAY)
    await pass_until(idle, clock, visit - DAY + HOUR)
    (text,) = received(phone)[before:]
    assert "Reserved for you: Wed 3 Mar, 10:00." in text
    assert "Harbour Practice, 1 Quay Street, BS1 1XX Bristol" in text
    assert not re.search("flu|vaccin", text, re.IGNORECASE)
    await pass_until(idle, clock, visit - 2 * HOUR)
    await pass_until(idle, clock, visit)
    assert 2 == len(received(phone)[before:])
    assert {} == await idle.breaches()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("1", "Thank you, confirmed. We expect you on Wed 3 Mar, 10:00, Harbour Practice."),
        ("can we move it?", "that place stays yours until a new one is sure"),
        ("no", "Shall I cancel this booking?"),
        ("no more reminders", "I will not remind you of the visit on Wed 3 Mar, 10:00."),
        ("Where do I park?", "Will you come?"),
        ("why have I heard nothing?", "I wrote to you on"),
    ],
)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_answer_the_reminder(idle: Clinic, clock: Clock, channel: str, words: str, answer: str) -> None:
    phone = idle.phone(channel)
    phone = await reminded(idle, clock, phone, await book(idle, phone))
    assert answer in await say(idle, phone, words)
    assert ["booked"] == await statuses(idle)
    assert int(answer.startswith("Thank you, confirmed")) == await accepted(idle)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_visit_is_cancelled_after_one_question_and_later_words_are_told_so(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone)
    phone = await reminded(idle, clock, phone, visit)
    await say(idle, phone, "3")
    await say(idle, phone, "1")
    assert any("Cancelled: Wed 3 Mar, 10:00" in text for text in received(phone)[-3:])
    assert ["cancelled"] == await statuses(idle)
    assert "is cancelled" in await say(idle, phone, "1")
    before = len(received(phone))
    await pass_until(idle, clock, visit - 2 * HOUR)
    assert before == len(received(phone))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_visit_that_moved_is_told_of_at_its_new_time_only(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone, "Wednesday at 9:00")
    phone = await reminded(idle, clock, phone, visit)
    await say(idle, phone, "2")
    await say(idle, phone, "Thursday at 11:00")
    await say(idle, phone, "1")
    assert any("Moved." in text for text in received(phone)[-3:])
    told = len(received(phone))
    await pass_until(idle, clock, visit - 2 * HOUR)
    assert told == len(received(phone))
    moved = await starts_at(idle)
    assert DAY + 2 * HOUR == moved - visit
    await pass_until(idle, clock, moved - DAY)
    assert "Reserved for you: Thu 4 Mar, 11:00." in sms_of(idle, phone).screen[-1].text


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_second_and_a_late_answer_are_understood(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone)
    phone = await reminded(idle, clock, phone, visit)
    await say(idle, phone, "1")
    assert "You have told me already." in await say(idle, phone, "1")
    assert 1 == await accepted(idle)
    clock.now = visit + HOUR
    assert "The visit on Wed 3 Mar, 10:00 is over." in await say(idle, phone, "1")


async def test_a_button_acts_on_its_own_visit_and_shows_what_was_picked(idle: Clinic, clock: Clock) -> None:
    """Two children on one phone: the older reminder is answered by its button, whatever came after it."""
    phone = idle.telegram_phone()
    await book(idle, phone)
    for words in ("book", "Somebody I look after", "Tom Silva, 5 May 2015", "I feel well"):
        assert 200 == await phone.say(words)
    await idle.deliver()
    visit = await book_for_another(idle, phone)
    await pass_until(idle, clock, visit - DAY)
    told = {one.text[:16]: one.message_id for one in phone.screen if one.text and one.text.startswith("Reserved for")}
    assert {"Reserved for Ana", "Reserved for Tom"} == set(told)
    assert 200 == await phone.tap("I will come", message_id=told["Reserved for Ana"])
    await idle.deliver()
    assert "Thank you, confirmed." in received(phone)[-1]
    assert any("✓ I will come" in text and "for Ana" in text for text in received(phone))
    assert [1] == await idle.column("SELECT appointment_id FROM appointment_response")


async def book_for_another(clinic: Clinic, phone: Phone) -> datetime:
    for words in ("as last time", "Wednesday at 10:00", "Yes, book it"):
        assert 200 == await phone.say(words)
    await clinic.deliver()
    return await starts_at(clinic)


async def test_of_two_visits_it_is_asked_which_is_meant(idle: Clinic, clock: Clock) -> None:
    phone = idle.phone("sms")
    await book(idle, phone)
    for words in ("book", "Somebody I look after", "Tom Silva, 5 May 2015", "I feel well"):
        assert 200 == await phone.say(words)
    await idle.deliver()
    visit = await book_for_another(idle, phone)
    await pass_until(idle, clock, visit - DAY)
    asked = await say(idle, phone, "1")
    assert "Which visit do you mean?" in asked
    assert "1. Ana, Wed 3 Mar, 10:00" in asked
    assert "3. All of them" in asked
    assert 0 == await accepted(idle)
    assert 2 == (await say(idle, phone, "3")).count("Thank you, confirmed.")
    assert 2 == await accepted(idle)


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_a_quoted_reminder_is_the_one_that_is_answered(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone, "Tuesday at 11:00")
    clock.now = visit - timedelta(hours=3)
    assert 200 == await phone.say("my bookings")  # so that WhatsApp takes free words
    await idle.deliver()
    await pass_until(idle, clock, visit - 2 * HOUR)
    assert "Reserved for you" in received(phone)[-1]
    reminder = phone.screen[-1]
    await say(idle, phone, "book")
    if isinstance(phone, TelegramPhone):
        assert 200 == await phone.reply_to(reminder.message_id, "yes")  # type: ignore[union-attr]  # of its own kind
    else:
        assert 200 == await phone.reply_to(reminder.sid, "yes")  # type: ignore[union-attr]  # of its own kind
    await idle.deliver()
    assert 1 == await accepted(idle)


async def test_a_forged_button_is_nobodys(idle: Clinic, clock: Clock) -> None:
    ana, eve = idle.telegram_phone(), idle.telegram_phone()
    visit = await book(idle, ana)
    await pass_until(idle, clock, visit - DAY)
    assert 200 == await eve.start()
    await idle.deliver()
    message = eve.screen[-1]
    for option in (0, 1, 2):
        assert 200 == await eve.tap_data(f"{menu_of(ReminderId(1))}:{option}", message.message_id)
    await idle.deliver()
    assert ["booked"] == await statuses(idle)
    assert 0 == await accepted(idle)
    assert "Harbour" not in "".join(received(eve))


async def test_a_reminder_that_waits_for_the_provider_is_dropped_when_the_visit_moves(
    idle: Clinic, clock: Clock
) -> None:
    phone = idle.telegram_phone()
    visit = await book(idle, phone)
    idle.telegram.exchange.outage = True
    await pass_until(idle, clock, visit - DAY)
    for words in ("move my booking", "Thursday at 11:00", "1"):
        assert 200 == await phone.say(words)
    idle.telegram.exchange.outage = False
    clock.move(timedelta(minutes=5))
    await idle.deliver()
    assert "Moved." in "".join(received(phone)[-3:])
    assert not any("Reserved for" in text for text in received(phone))
    assert ["superseded"] == await idle.column("SELECT error FROM outbox WHERE state = 'dropped'")
    assert {} == await idle.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_stopped_is_not_reminded(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone)
    assert 200 == await phone.say("STOP")
    await idle.deliver()
    before = len(received(phone)), len(received(sms_of(idle, phone)))
    await pass_until(idle, clock, visit - DAY)
    assert before == (len(received(phone)), len(received(sms_of(idle, phone))))
    assert ["stopped"] == await idle.column("SELECT why FROM reminder WHERE state = 'dropped'")
    assert ["agreed", "stopped"] == await idle.column("SELECT kind FROM consent ORDER BY id")
    assert 200 == await phone.say("START")
    await idle.deliver()
    assert ["agreed", "stopped", "started"] == await idle.column("SELECT kind FROM consent ORDER BY id")
    await pass_until(idle, clock, visit - 2 * HOUR)
    assert "Reserved for you" in received(phone)[-1]


async def test_cancel_on_sms_stops_and_leaves_the_visit_and_staff_ask(idle: Clinic, clock: Clock) -> None:
    phone = idle.phone("sms")
    phone = await reminded(idle, clock, phone, await book(idle, phone))
    assert 200 == await phone.say("CANCEL")
    await idle.deliver()
    assert ["booked"] == await statuses(idle)
    assert ["stop-or-cancel"] == await idle.column("SELECT kind FROM task")


async def test_who_blocked_the_bot_is_not_reminded_and_staff_know(idle: Clinic, clock: Clock) -> None:
    phone = idle.telegram_phone()
    visit = await book(idle, phone)
    idle.telegram.block(phone.chat_id, "bot was blocked by the user")
    await pass_until(idle, clock, visit - DAY)
    assert {"not-reminded", "unreachable"} == set(await idle.column("SELECT kind FROM task"))
    assert ["unreachable"] == await idle.column("SELECT why FROM reminder WHERE state = 'dropped'")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_nobody_is_written_to_in_quiet_hours(idle: Clinic, clock: Clock, channel: str) -> None:
    """A worker that was down until the evening tells it in the morning, while that is still of use."""
    phone = idle.phone(channel)
    visit = await book(idle, phone)
    phone = sms_of(idle, phone)
    before = len(received(phone))
    evening = visit.replace(hour=21, minute=30) - DAY
    await pass_until(idle, clock, evening)
    assert before == len(received(phone))
    await pass_until(idle, clock, visit.replace(hour=8))
    assert before + 2 == len(received(phone))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_missed_visit_gets_one_kind_message_with_a_way_to_rebook(
    idle: Clinic, clock: Clock, channel: str
) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone)
    await pass_until(idle, clock, visit - 3 * HOUR)
    assert 200 == await phone.say("my bookings")
    await idle.deliver()
    clock.now = visit + 2 * HOUR
    await mark(idle, "noshow")
    for _ in range(3):
        await pass_until(idle, clock, clock.now + timedelta(minutes=1))
    assert 1 == sum("We did not see you on Wed 3 Mar, 10:00." in text for text in received(phone))
    assert "flu" not in received(phone)[-1].lower()
    answer = await say(idle, phone, "1")
    assert "How do you feel" in answer
    assert {} == await idle.breaches()


async def mark(clinic: Clinic, status: str) -> None:
    from domain.appointments import Status
    from domain.attendance import attend
    from domain.store.stamp import Stamp
    from domain.store.work import Work

    async with clinic.app.database.begin() as connection:
        work = Work(connection, Stamp(now=clinic.app.clock(), actor="test"))
        reference = await clinic.value("SELECT reference FROM v_appointment")
        found = await work.appointments.by_reference(reference)
        assert found is not None
        await attend(work, found, Status(status), clinic.app.clock())


async def test_who_stops_on_whatsapp_gets_no_reminder_by_sms_that_was_on_its_way(idle: Clinic, clock: Clock) -> None:
    phone = idle.phone("whatsapp")
    visit = await book(idle, phone)
    clock.now = visit - DAY
    await idle.app.jobs.tick()
    await idle.deliver()  # WhatsApp has no template here
    await idle.app.jobs.tick()  # so that it waits to go by SMS
    assert 200 == await phone.say("STOP")
    await idle.deliver()
    assert [] == received(sms_of(idle, phone))
    assert ["stopped"] == await idle.column("SELECT error FROM outbox WHERE state = 'dropped'")


@pytest.mark.parametrize(("last", "other"), [("telegram", "sms"), ("sms", "telegram")])
async def test_a_reminder_comes_by_the_channel_that_was_used_last(
    idle: Clinic, clock: Clock, last: str, other: str
) -> None:
    """What linking by a code leads to: `test_linking` shows that."""
    booked, used = idle.phone(other), idle.phone(last)
    visit = await book(idle, booked)
    assert 200 == await used.say("hello")
    async with idle.app.database.begin() as connection:
        one = "SELECT conversation_id FROM contact WHERE id = 1"
        await connection.execute(text(f"UPDATE contact SET conversation_id = ({one})"))
    clock.move(HOUR)
    assert 200 == await used.say("my bookings")
    await idle.deliver()
    before = len(received(booked))
    await pass_until(idle, clock, visit - DAY)
    assert "Reserved for you" in received(used)[-1]
    assert before == len(received(booked))


@pytest.mark.parametrize("words", ["no more reminders", "plus de rappels", "sin recordatorios"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_reminders_are_declined_before_the_first_one(
    idle: Clinic, clock: Clock, channel: str, words: str
) -> None:
    phone = idle.phone(channel)
    visit = await book(idle, phone)
    assert "I will not remind you of the visit on Wed 3 Mar, 10:00." in await say(idle, phone, words)
    before = len(received(phone))
    await pass_until(idle, clock, visit - DAY)
    await pass_until(idle, clock, visit - 2 * HOUR)
    assert before == len(received(phone))
    if channel == "whatsapp":
        assert [] == received(sms_of(idle, phone))
    assert {} == await idle.breaches()
