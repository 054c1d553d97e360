"""What the desk cannot read, or should not, gets a helpful answer and changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, received, write_all
from webhooks.simulator.phones import TelegramPhone, TwilioPhone

ONLY_WORDS = "I can only read text, buttons and places, not voice, pictures or files."
IN_PRIVATE = "To protect your privacy I only answer in a private chat."
pytestmark = pytest.mark.parametrize(
    "engine_name", ["sqlite"], indirect=True
)  # no table is touched that others do not touch on both
GROUP = {"id": -100_200, "type": "group", "title": "Family"}


async def asked_for_name(clinic: Clinic, phone: Phone) -> Phone:
    await write_all(phone, "name")
    await clinic.deliver()
    return phone


async def edit_last(phone: TelegramPhone) -> int:
    mine = [message for message in phone.screen if not message.from_bot]
    return await phone.edit(mine[-1].message_id, "No")


TELEGRAM: dict[str, tuple[Callable[[TelegramPhone], Awaitable[int]], str]] = {
    "voice": (lambda phone: phone.send_voice(), ONLY_WORDS),
    "sticker": (lambda phone: phone.send_sticker(), ONLY_WORDS),
    "an edited message": (edit_last, "I only act on new messages"),
    "a button that no message of ours has": (lambda phone: phone.tap_data("99:0", 1), "no longer open"),
    "data of somebody else's button": (lambda phone: phone.tap_data("pay_now", 1), "no longer open"),
    "a button of a message that is gone": (lambda phone: phone.tap_data("1:0", 4_711), "no longer open"),
    "a place nobody asked for": (lambda phone: phone.share_location(51.45, -2.59), "does not look like a name"),
    "somebody else's card": (lambda phone: phone.share_contact(own=False), "does not look like a name"),
}


@pytest.mark.parametrize("what", TELEGRAM)
async def test_on_telegram_it_is_answered_and_the_question_stays(idle: Clinic, what: str) -> None:
    action, words = TELEGRAM[what]
    phone = idle.telegram_phone()
    await asked_for_name(idle, phone)

    assert 200 == await action(phone)
    await idle.deliver()

    assert words in received(phone)[-1]
    assert "What is your full name" in received(phone)[-1]
    await write_all(phone, "well", after="name")
    await idle.deliver()
    assert "How do you feel" in received(phone)[-1]
    assert [] == idle.telegram.refused


TWILIO: dict[str, Callable[[TwilioPhone], Awaitable[int]]] = {
    "picture": lambda phone: phone.send_media(),
    "voice": lambda phone: phone.send_media("audio/ogg"),
    "nothing": lambda phone: phone.say(""),
    "blanks": lambda phone: phone.say("  \n"),
}


@pytest.mark.parametrize("what", TWILIO)
async def test_on_sms_and_whatsapp_it_is_answered_and_the_question_stays(idle: Clinic, what: str) -> None:
    for phone in (idle.twilio_phone(whatsapp=False), idle.twilio_phone(whatsapp=True)):
        await asked_for_name(idle, phone)
        assert 200 == await TWILIO[what](phone)
        await idle.deliver()

        assert ONLY_WORDS in received(phone)[-1]
        assert "What is your full name" in received(phone)[-1]


async def test_a_message_that_somebody_forged_is_not_heard(idle: Clinic) -> None:
    phone = idle.twilio_phone(whatsapp=False)
    await asked_for_name(idle, phone)
    before = received(phone)
    assert 403 == await phone.forge("Eve Forger, 1 May 1960")
    await idle.deliver()
    assert before == received(phone)


# ---- groups


async def test_in_a_group_it_only_says_where_to_write(idle: Clinic) -> None:
    alone = idle.telegram_phone()
    await asked_for_name(idle, alone)
    together = idle.telegram_phone(group=GROUP)
    idle.telegram.world.chat(GROUP)
    before = await idle.value("SELECT count(*) FROM patient")

    for words in ("/start", "/book", "Yes, for me", "Ana Silva, 3 April 1950", "STOP"):
        assert 200 == await together.say(words)
    assert 200 == await together.tap_data("1:0", 1)
    await idle.deliver()

    assert [True] * 3 == [text.startswith(IN_PRIVATE) for text in received(together)]
    assert 1 == len(together.answers)
    assert before == await idle.value("SELECT count(*) FROM patient")
    assert "What is your full name" in received(alone)[-1]


async def test_a_group_does_not_stop_or_answer_for_a_person(idle: Clinic) -> None:
    """Whoever writes in the group, the person's own chat is as it was."""
    alone = idle.telegram_phone()
    await asked_for_name(idle, alone)
    together = idle.telegram_phone(group=GROUP)
    together.user = alone.user
    await together.say("/stop")
    await together.say("/start centre_1")
    await write_all(alone, "well", after="name")
    await idle.deliver()

    assert "How do you feel" in received(alone)[-1]


async def test_a_kind_of_update_that_is_invented_tomorrow_is_answered_and_left_alone(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    assert 200 == await phone.send("telepathy", {"from": phone.user, "thought": "book"})
    assert 0 == await idle.deliver()
    assert 0 == await idle.value("SELECT count(*) FROM contact")
