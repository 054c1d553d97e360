"""After a day of silence WhatsApp takes approved templates only; what does not arrive goes another way, once."""

from __future__ import annotations

import argparse
import asyncio
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, text

from bot.cli.providers import run_provision
from domain.store import conversations
from domain.store.tables import task
from tests.conftest import Clock
from tests.e2e.clinic import PUBLIC, WHATSAPP_FROM, Clinic
from tests.e2e.people import received
from tests.e2e.test_reminders import book, pass_until, starts_at
from webhooks.simulator.phones import TwilioPhone
from webhooks.simulator.twilio_account import Fate, Receipt
from webhooks.simulator.twilio_shown import TwilioMessage

SCOPED = "US.13491208655302741918"
NOBODY_REMINDED = "SELECT count(*) FROM task WHERE kind = 'not-reminded' AND state = 'open'"


async def provision(clinic: Clinic, *, approves: bool = True) -> None:
    """Make templates and have WhatsApp approve them, which the worker notices."""
    clinic.twilio.account.auto_approve = approves
    assert 0 == await run_provision(argparse.Namespace(), clinic.app.settings)


async def look(clinic: Clinic, clock: Clock) -> None:
    """Have the worker ask how templates stand, when it is time to."""
    assert clinic.app.jobs.approvals is not None
    await clinic.app.jobs.approvals.look()
    clock.move(timedelta(minutes=1))  # what is stored is read now and then


async def booked(clinic: Clinic, phone: TwilioPhone | None = None) -> TwilioPhone:
    phone = phone or clinic.twilio_phone(whatsapp=True)
    await book(clinic, phone)
    return phone


async def remind(clinic: Clinic, clock: Clock) -> None:
    await pass_until(clinic, clock, await starts_at(clinic) - timedelta(days=1))


async def settle(clinic: Clinic, clock: Clock) -> None:
    """Have Twilio tell what became of the messages, and the worker do what follows."""
    await clinic.twilio_receipts()
    await pass_until(clinic, clock, clock.now + timedelta(seconds=5))


def by_sms(clinic: Clinic, phone: TwilioPhone) -> list[TwilioMessage]:
    return clinic.twilio.screen(phone.number)


async def dead(clinic: Clinic) -> list[str]:
    return await clinic.column("SELECT error FROM outbox WHERE state = 'dead' ORDER BY id")


async def test_after_a_day_of_silence_an_approved_template_reminds_and_is_answered(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    await remind(idle, clock)
    reminder = phone.screen[-1]
    assert reminder.content_sid is not None
    assert "Reserved for you: Wed 3 Mar, 10:00.\nWhere: Harbour Practice, 1 Quay Street" in reminder.body
    assert ["I will come", "Another time", "I cannot come"] == reminder.buttons
    await settle(idle, clock)
    assert ([], [], 0) == (by_sms(idle, phone), await dead(idle), await idle.value(NOBODY_REMINDED))

    assert 200 == await phone.tap("I will come")
    await idle.deliver()
    assert "Thank you, confirmed." in received(phone)[-1]
    assert 1 == await idle.value("SELECT count(*) FROM appointment_response WHERE status = 'accepted'")
    assert [] == idle.twilio.refused


async def test_a_button_whose_message_is_not_named_is_about_the_last_visit_told(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    await remind(idle, clock)
    phone.names_original = False
    await phone.tap("I cannot come")
    await idle.deliver()
    await phone.tap(0)
    await idle.deliver()
    assert ["cancelled"] == await idle.column("SELECT status FROM v_appointment")


async def test_a_button_nobody_knows_of_is_answered_with_where_things_stand(idle: Clinic) -> None:
    phone = idle.twilio_phone(whatsapp=True)
    await phone.say("hello")
    phone.fields = {"ButtonPayload": "reminder:0", "ButtonText": "I will come", "OriginalRepliedMessageSid": "SMnone"}
    assert 200 == await phone.say("I will come")
    await idle.deliver()
    assert "May I keep" in received(phone)[-1]
    assert {} == await idle.breaches()


async def test_without_an_approved_template_the_same_number_is_reminded_by_sms(idle: Clinic, clock: Clock) -> None:
    await provision(idle, approves=False)
    phone = await booked(idle)
    said = len(phone.screen)
    await remind(idle, clock)
    await pass_until(idle, clock, clock.now + timedelta(seconds=5))
    assert said == len(phone.screen), "what is not approved is not tried"
    (reminder,) = by_sms(idle, phone)
    assert "Reserved for you" in reminder.body
    assert ["no template"] == await dead(idle)

    texting = idle.twilio_phone(whatsapp=False)
    texting.number = texting.address = phone.number
    await texting.say("1")
    await idle.deliver()
    assert "Thank you, confirmed." in by_sms(idle, phone)[-1].body


async def test_an_approval_that_comes_later_is_noticed(idle: Clinic, clock: Clock) -> None:
    await provision(idle, approves=False)
    phone = await booked(idle)
    await look(idle, clock)
    for sid, content in idle.twilio.contents.items():
        if content.approval is not None:
            idle.twilio.approve(sid)
    clock.move(timedelta(minutes=10))
    await look(idle, clock)
    await remind(idle, clock)
    assert phone.screen[-1].content_sid is not None
    assert [] == by_sms(idle, phone)


async def test_an_approval_that_is_withdrawn_is_noticed(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    for sid, content in idle.twilio.contents.items():
        if content.approval is not None:
            idle.twilio.pause(sid)
    await look(idle, clock)
    await remind(idle, clock)
    await pass_until(idle, clock, clock.now + timedelta(seconds=5))
    assert 1 == len(by_sms(idle, phone))
    assert ["no template"] == await dead(idle)


async def test_a_paused_template_costs_no_reminder(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    for sid, content in idle.twilio.contents.items():
        if content.approval is not None:
            idle.twilio.pause(sid)
    await remind(idle, clock)
    await settle(idle, clock)
    assert 1 == len(by_sms(idle, phone))
    assert ["63041"] == await dead(idle)


LATER = [
    ("failed", 63016),
    ("undelivered", 63024),
    ("failed", 63003),
    ("undelivered", 30003),
    ("undelivered", 30007),
    ("failed", 63042),
    ("undelivered", 99999),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(("status", "code"), LATER)
async def test_whatever_a_receipt_says_went_wrong_the_reminder_goes_another_way(
    idle: Clinic, clock: Clock, status: str, code: int
) -> None:
    await lost_and_found(idle, clock, Fate(status, code))


async def test_a_reminder_lost_by_receipt_goes_another_way_once(idle: Clinic, clock: Clock) -> None:
    phone = await lost_and_found(idle, clock, Fate("undelivered", 63024))
    again = [done.receipt for done in idle.twilio.delivered if done.receipt.code is not None]
    Random(7).shuffle(again)
    for receipt in [*again, *again, *(Receipt(one.message_sid, "failed", 30008) for one in again)]:
        await idle.twilio.deliver(receipt)
        await settle(idle, clock)
    assert 1 == len(by_sms(idle, phone))
    assert ["63024"] == await dead(idle)


async def test_receipts_that_come_at_the_same_moment_have_one_reminder_sent_anew(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    await remind(idle, clock)
    await idle.twilio_receipts()
    async with idle.app.database.begin() as connection:
        await connection.execute(text("DELETE FROM receipt"))
    failed = Receipt(phone.screen[-1].sid, "failed", 63024)
    assert {204} == {
        getattr(done, "status", 0) for done in await asyncio.gather(*map(idle.twilio.deliver, [failed] * 8))
    }
    await settle(idle, clock)
    assert 1 == len(by_sms(idle, phone))
    assert ["63024"] == await dead(idle)


async def lost_and_found(clinic: Clinic, clock: Clock, fate: Fate) -> TwilioPhone:
    await provision(clinic)
    phone = await booked(clinic)
    clinic.twilio.fates[phone.address] = fate
    await remind(clinic, clock)
    assert [] == by_sms(clinic, phone)
    await settle(clinic, clock)
    assert 1 == len(by_sms(clinic, phone))
    assert [str(fate.code)] == await dead(clinic)
    assert 0 == await clinic.value(NOBODY_REMINDED)
    return phone


async def test_when_every_way_fails_staff_are_told_why(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    idle.twilio.fates |= {phone.address: Fate("failed", 63003), phone.number: Fate("undelivered", 30005)}
    await remind(idle, clock)
    for _ in range(3):
        await settle(idle, clock)
    assert ["63003", "30005"] == await dead(idle)
    assert 1 == await idle.value(NOBODY_REMINDED)
    note = await task_note(idle)
    assert "(63003: not on WhatsApp; 30005: no such number). Please telephone." in note


async def task_note(clinic: Clinic) -> str:
    async with clinic.app.database.read() as connection:
        return str(await connection.scalar(select(task.c.note).where(task.c.kind == "not-reminded")))


async def test_a_receipt_may_come_before_the_answer_to_the_call(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    idle.twilio.route = lambda url: url.replace(PUBLIC, idle.address)
    idle.twilio.early_receipts = True
    idle.twilio.fates[phone.address] = Fate("failed", 63024)
    await remind(idle, clock)
    assert ["63024"] == await dead(idle)
    await pass_until(idle, clock, clock.now + timedelta(seconds=5))
    assert 1 == len(by_sms(idle, phone))


async def test_what_came_too_late_one_evening_goes_the_same_way_in_the_morning(idle: Clinic, clock: Clock) -> None:
    phone = idle.twilio_phone(whatsapp=False)
    await book(idle, phone)
    visit = await starts_at(idle)
    idle.twilio.outage = True
    await remind(idle, clock)
    for moment in (visit - timedelta(hours=12), visit - timedelta(hours=3)):
        await pass_until(idle, clock, moment)
    idle.twilio.outage = False
    await pass_until(idle, clock, visit - timedelta(hours=1, minutes=30))
    assert 0 == await idle.value(NOBODY_REMINDED)
    assert "Reserved for you" in received(phone)[-1]


@pytest.mark.parametrize("arrived", ["delivered", "read"])
async def test_what_was_delivered_is_not_lost_whatever_comes_after(idle: Clinic, clock: Clock, arrived: str) -> None:
    await provision(idle)
    phone = await booked(idle)
    await remind(idle, clock)
    await idle.twilio_receipts()
    sid = phone.screen[-1].sid
    for receipt in (Receipt(sid, arrived), Receipt(sid, "failed", 63024), Receipt(sid, "sent")):
        await idle.twilio.deliver(receipt)
        await settle(idle, clock)
    assert ([], []) == (by_sms(idle, phone), await dead(idle))
    assert arrived == await idle.value("SELECT status FROM receipt WHERE provider_id = :sid", sid=sid)


async def test_what_arrives_after_all_is_not_said_again(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    await remind(idle, clock)
    await idle.twilio_receipts()
    idle.twilio.route = lambda url: url.replace(PUBLIC, idle.address)
    sid = phone.screen[-1].sid
    async with idle.app.database.begin() as connection:
        await connection.execute(text("DELETE FROM receipt"))
    await idle.twilio.deliver(Receipt(sid, "failed", 30008))
    assert ["30008"] == await dead(idle)
    await idle.twilio.deliver(Receipt(sid, "delivered"))
    await settle(idle, clock)
    assert ([], []) == (by_sms(idle, phone), await dead(idle))
    assert ["told"] == await idle.column("SELECT DISTINCT state FROM reminder WHERE told_at IS NOT NULL")


async def test_a_window_that_closed_sooner_than_thought_costs_a_template(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle)
    clock.now = await starts_at(idle) - timedelta(days=1, hours=1)
    await phone.say("my bookings")
    await idle.deliver()
    await idle.twilio_receipts()
    idle.twilio.account.heard_at.clear()
    await remind(idle, clock)
    await settle(idle, clock)
    assert "This is a reminder of your visit." in received(phone)[-1]
    assert ([], []) == (by_sms(idle, phone), await dead(idle))


async def test_within_the_window_a_reminder_needs_no_template(idle: Clinic, clock: Clock) -> None:
    phone = await booked(idle)
    clock.now = await starts_at(idle) - timedelta(days=1, hours=1)
    await phone.say("my bookings")
    await remind(idle, clock)
    assert received(phone)[-1].startswith("Reserved for you")
    await settle(idle, clock)
    assert ([], []) == (by_sms(idle, phone), await dead(idle))


async def test_who_opted_out_as_a_receipt_tells_is_written_to_no_more(idle: Clinic, clock: Clock) -> None:
    phone = idle.twilio_phone(whatsapp=False)
    await book(idle, phone)
    idle.twilio.fates[phone.address] = Fate("failed", 21610)
    await remind(idle, clock)
    await settle(idle, clock)
    async with idle.app.database.read() as connection:
        (one,) = await conversations.reached(connection, conversations.ConversationId(1))
    assert "blocked" == one.stop_reason
    assert ["21610"] == await dead(idle)
    assert 1 == await idle.value(NOBODY_REMINDED)


def without_number(clinic: Clinic, address: str = SCOPED) -> TwilioPhone:
    """Return the phone of somebody who shows an id in place of the number."""
    webhook, public = f"{clinic.address}/webhooks/twilio", f"{PUBLIC}/webhooks/twilio"
    return TwilioPhone(clinic.session, webhook, public, clinic.twilio, address, WHATSAPP_FROM, True)


async def test_who_shows_no_number_books_and_is_reminded(idle: Clinic, clock: Clock) -> None:
    await provision(idle)
    phone = await booked(idle, without_number(idle))
    assert ["booked"] == await idle.column("SELECT status FROM v_appointment")
    await remind(idle, clock)
    reminder = phone.screen[-1]
    assert (f"whatsapp:{SCOPED}", True) == (reminder.to, reminder.content_sid is not None)
    await phone.tap("I will come")
    await idle.deliver()
    assert "Thank you, confirmed." in received(phone)[-1]
    assert [] == idle.twilio.refused


async def test_who_shows_no_number_has_no_sms_to_fall_back_on(idle: Clinic, clock: Clock) -> None:
    phone = await booked(idle, without_number(idle))
    await remind(idle, clock)
    await pass_until(idle, clock, clock.now + timedelta(seconds=5))
    assert [] == by_sms(idle, phone)
    assert 1 == await idle.value(NOBODY_REMINDED)
    assert "no template yet). There is no number to ring." in await task_note(idle)
    assert [] == idle.twilio.refused


async def test_who_shows_no_number_is_asked_for_one_when_a_person_is_wanted(idle: Clinic) -> None:
    phone = without_number(idle)
    await phone.say("hello")
    await phone.say("talk to a person")
    await idle.deliver()
    assert "May we ring you?" in received(phone)[-1]
