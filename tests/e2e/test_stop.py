"""STOP stops at once and only START returns; who blocked us is left alone, and somebody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, received, write_all
from webhooks.simulator.phones import TelegramPhone

CHANNELS = ("telegram", "whatsapp", "sms")
HEARD_NO_MORE = "You will get no more messages from us."


async def at_the_question(clinic: Clinic, channel: str) -> Phone:
    """Return the phone of somebody who was asked how they feel."""
    phone = clinic.phone(channel)
    await write_all(phone, "well")
    await clinic.deliver()
    assert "How do you feel" in received(phone)[-1]
    return phone


def sends(clinic: Clinic) -> int:
    return len(clinic.telegram.calls) + len(clinic.twilio.calls)


@pytest.mark.parametrize(("channel", "word"), [("telegram", "/stop"), ("whatsapp", "arrêt"), ("sms", "STOP")])
async def test_after_stop_nothing_comes_until_start_and_then_the_open_question(
    idle: Clinic, clock: Clock, channel: str, word: str
) -> None:
    phone = await at_the_question(idle, channel)
    before = received(phone)
    await phone.say(word)
    await idle.deliver()
    said = [] if channel == "sms" else [HEARD_NO_MORE]  # there the carrier answers, and takes nothing more from us
    assert said == [text[: len(HEARD_NO_MORE)] for text in received(phone)[len(before) :]]

    sent = sends(idle)
    for words in ("hello", "1", "help", "my bookings", "yes please"):
        await phone.say(words)
        clock.move(timedelta(hours=3))
        await idle.app.jobs.tick()
        await idle.deliver()
    assert sent == sends(idle)

    await phone.say("START")
    await idle.deliver()
    assert "Good to have you back" in received(phone)[-1]
    assert "How do you feel" in received(phone)[-1]
    await phone.say("I feel well")
    await idle.deliver()
    assert "Near which place" in received(phone)[-1]
    assert {} == await idle.breaches()


@pytest.mark.parametrize("word", ["cancel", "END", "quit"])
async def test_the_carriers_words_stop_text_messages_without_a_reply(idle: Clinic, word: str) -> None:
    phone = await at_the_question(idle, "sms")
    before, sent = received(phone), sends(idle)
    await phone.say(word)
    await phone.say("hello")
    await idle.deliver()
    assert (before, sent) == (received(phone), sends(idle))

    await phone.say("YES")  # the carrier takes it for START
    await idle.deliver()
    assert "How do you feel" in received(phone)[-1]


@pytest.mark.parametrize("word", ["stop.", "Arrêt", "¡baja!", "Unsubscribe!"])
async def test_a_word_of_ours_that_the_carrier_does_not_know_is_confirmed_once(idle: Clinic, word: str) -> None:
    phone = await at_the_question(idle, "sms")
    before = received(phone)
    await phone.say(word)
    await phone.say("hello")
    await idle.deliver()
    assert [HEARD_NO_MORE] == [text[: len(HEARD_NO_MORE)] for text in received(phone)[len(before) :]]
    assert {} == await idle.breaches()


@pytest.mark.parametrize("word", ["Cancel!", "cancel it", "end."])
async def test_what_only_looks_like_the_carriers_word_stops_nothing(idle: Clinic, word: str) -> None:
    phone = await at_the_question(idle, "sms")
    before = len(received(phone))
    await phone.say(word)
    await idle.deliver()
    assert len(received(phone)) > before
    assert await idle.value("SELECT stop_reason FROM contact") is None


async def test_who_wrote_cancel_by_sms_hears_on_return_that_the_booking_stands(idle: Clinic) -> None:
    booked, other = idle.phone("sms"), await at_the_question(idle, "sms")
    await write_all(booked, "booked")
    for phone in (booked, other):
        await phone.say("CANCEL")
        await phone.say("START")
    await idle.deliver()
    assert "Your bookings stand; to cancel one, write: cancel my booking." in received(booked)[-1]
    assert "Good to have you back" in received(booked)[-1]
    assert "Your bookings stand" not in received(other)[-1]


async def test_who_said_stop_and_then_blocked_us_returns_by_start_alone(idle: Clinic) -> None:
    phone = await at_the_question(idle, "telegram")
    assert isinstance(phone, TelegramPhone)
    await phone.say("/stop")
    await phone.block()
    await phone.unblock()
    before = len(received(phone))
    await phone.say("hello")
    await idle.deliver()
    assert before == len(received(phone))
    await phone.say("START")
    await idle.deliver()
    assert "Good to have you back" in received(phone)[-1]


async def test_a_tap_of_who_stopped_is_noticed_and_answered_by_nothing_else(idle: Clinic, clock: Clock) -> None:
    phone = await at_the_question(idle, "telegram")
    assert isinstance(phone, TelegramPhone)
    await phone.say("/stop")
    await idle.deliver()
    before = received(phone)
    clock.move(timedelta(minutes=1))
    await phone.tap("I feel well")
    assert {} == await idle.breaches()
    await idle.deliver()
    assert (before, 1) == (received(phone), len(phone.answers))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_stop_drops_what_is_still_to_be_sent(idle: Clinic, clock: Clock, channel: str) -> None:
    phone = idle.phone(channel)
    provider = idle.telegram if channel == "telegram" else idle.twilio
    provider.outage = True
    for words in ("hello", "Yes, for me", "STOP"):
        await phone.say(words)
        await idle.deliver()
    provider.outage = False
    clock.move(timedelta(minutes=2))
    await idle.deliver()

    said = [] if channel == "sms" else [HEARD_NO_MORE]
    assert said == [text[: len(HEARD_NO_MORE)] for text in received(phone)]
    assert {} == await idle.breaches()


async def test_who_stopped_gets_no_reminder_of_the_open_question(idle: Clinic, clock: Clock) -> None:
    phone, other = await at_the_question(idle, "telegram"), await at_the_question(idle, "telegram")
    await phone.say("/stop")
    await idle.deliver()
    before = received(phone)
    clock.move(timedelta(hours=23, minutes=1))
    await idle.app.jobs.tick()
    await idle.deliver()

    assert before == received(phone)
    assert "I am still here" in received(other)[-1]


async def test_stopping_cancels_no_booking(idle: Clinic) -> None:
    phone = idle.phone("sms")
    await write_all(phone, "booked")
    await phone.say("STOP")
    assert ["booked"] == await idle.column("SELECT status FROM v_appointment")


# ---- who shut us out


async def test_a_chat_that_blocked_us_is_written_to_no_more_and_somebody_is_told(idle: Clinic) -> None:
    phone = await at_the_question(idle, "telegram")
    assert isinstance(phone, TelegramPhone)
    idle.telegram.block(phone.chat_id)
    await phone.say("I feel well")
    await idle.deliver()
    sent = sends(idle)
    assert ["unreachable"] == await idle.column("SELECT kind FROM task WHERE state = 'open'")
    assert 0 == await idle.value("SELECT count(*) FROM outbox WHERE state = 'queued'")
    assert "blocked" == await idle.value("SELECT stop_reason FROM contact")

    await idle.app.jobs.tick()
    assert (0, sent) == (await idle.deliver(), sends(idle))

    idle.telegram.unblock(phone.chat_id)
    await phone.say("hello again")
    await idle.deliver()
    assert "Near which place" in received(phone)[-1], "who writes to us wants an answer, and the answers are kept"


async def test_who_blocks_us_gets_nothing_that_was_on_its_way(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await phone.say("hello")
    await phone.block()
    assert (0, []) == (await idle.deliver(), received(phone))

    await phone.unblock()
    assert 0 == await idle.deliver()
    await phone.start()
    await idle.deliver()
    assert "May I keep" in received(phone)[-1]


async def test_a_number_that_opted_out_at_the_carrier_is_written_to_no_more(idle: Clinic) -> None:
    phone = await at_the_question(idle, "sms")
    idle.twilio.opted_out.add(str(getattr(phone, "address", "")))
    await phone.say("I feel well")
    await idle.deliver()
    assert ["21610"] == await idle.column("SELECT error FROM outbox WHERE state = 'dead'")
    assert ["unreachable"] == await idle.column("SELECT kind FROM task WHERE state = 'open'")

    sent = sends(idle)
    await phone.say("hello")
    await idle.deliver()
    assert sent == sends(idle)

    await phone.say("START")
    await idle.deliver()
    assert "Near which place" in received(phone)[-1]


async def test_all_that_is_queued_to_who_shut_us_out_is_dropped_at_once(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    for words in ("hello", "Yes, for me", "Ana Silva, 3 April 1950"):
        await phone.say(words)
    idle.telegram.block(phone.chat_id)
    assert 1 == await idle.deliver()
    assert ["dead", "dropped"] == sorted(set(await idle.column("SELECT state FROM outbox")))
    assert {} == await idle.breaches()
