"""People book, move and cancel in French and Spanish on each channel, and read nothing in English on the way."""

from __future__ import annotations

import re

import pytest

from bot.channels.gsm import is_gsm, plain
from dialogs.text import render, say
from tests.e2e.clinic import Clinic
from tests.e2e.people import PATIENCE_S, Phone, choose, hello, labels, received
from tests.e2e.people import say as write
from webhooks.simulator.phones import TelegramPhone, TwilioPhone

ON_ONE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # every text is the same on both

GREETING = {"fr": "Bonjour", "es": "Hola, buenos días"}
NUMBERS = {"fr": "+3361234", "es": "+3461234"}
WORDS = {
    "fr": {
        "name": "Zoë Müller, 3 avril 1950",
        "well": "Je me sens bien",
        "move": "déplacer mon rendez-vous",
        "cancel": "annuler mon rendez-vous",
        "vaccine": "Vaccin contre la grippe",
    },
    "es": {
        "name": "Ana Núñez, 3 de abril de 1950",
        "well": "Me encuentro bien",
        "move": "mover mi cita",
        "cancel": "cancelar mi cita",
        "vaccine": "Vacuna de la gripe",
    },
}
#: Words that no French or Spanish sentence of ours has.
ENGLISH = re.compile(
    r"\b(the|you|your|what|which|when|please|booked|yes|held|write|reference|choose|share|all)\b", re.IGNORECASE
)


def phone_of(clinic: Clinic, channel: str, language: str) -> Phone:
    if channel == "telegram":
        return clinic.telegram_phone(language)
    return clinic.twilio_phone(whatsapp=channel == "whatsapp", prefix=NUMBERS[language])


async def choose_time(phone: Phone, number: int) -> None:
    """Choose one of the times that are shown, or about to be."""

    def times() -> list[str]:
        return [label for label in labels(phone) if re.search(r"\d\d:\d\d$", label)]

    await phone.wait_for(lambda _message: len(times()) > number, PATIENCE_S)
    await choose(phone, times()[number])


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
async def test_somebody_books_moves_and_cancels_in_their_language(
    practice: Clinic, channel: str, language: str
) -> None:
    phone, words = phone_of(practice, channel, language), WORDS[language]

    def label(text: str) -> str:
        translated = render(say(text), language)
        assert translated != text, "it is not translated"
        return plain(translated) if channel == "sms" else translated

    await hello(phone, "hello" if channel == "telegram" else GREETING[language])
    await choose(phone, label("Yes, for me"))
    await write(phone, words["name"])
    await choose(phone, words["well"])
    await write(phone, "Bristol")
    await choose(phone, "Harbour")
    await choose_time(phone, 0)
    booked = await choose(phone, label("Yes, book it"))
    reference = re.findall(r"\b[A-Z0-9]{6}\b", booked)[0]
    assert words["vaccine"] in booked

    await write(phone, words["move"])
    await choose_time(phone, 1)
    moved = await choose(phone, label("Yes, move it"))
    assert reference in moved

    await write(phone, words["cancel"])
    cancelled = await choose(phone, label("Yes, cancel it"))
    assert reference in cancelled

    assert ["cancelled"] == await practice.column("SELECT status FROM v_appointment")
    seen = [*received(phone), *(phone.buttons if isinstance(phone, TelegramPhone) else [])]
    assert [] == [text for text in seen if ENGLISH.search(text)]
    if isinstance(phone, TwilioPhone) and not phone.whatsapp:
        assert all(map(is_gsm, seen)), "each costs as little as it can"


@ON_ONE
@pytest.mark.parametrize(
    ("number", "word", "language"),
    [("+3361234", "2", "fr"), ("+3461234", "salut", "fr"), ("+1555123", "hola", "es"), ("+1555123", "2", "en")],
)
async def test_the_first_word_tells_the_language_or_else_the_number_does(
    practice: Clinic, number: str, word: str, language: str
) -> None:
    phone = practice.twilio_phone(whatsapp=True, prefix=number)
    await write(phone, word)
    assert any(choice.endswith(render(say("Yes, for me"), language)) for choice in labels(phone))


@ON_ONE
async def test_the_language_can_be_changed_in_the_midst_of_it(practice: Clinic) -> None:
    phone = practice.telegram_phone("fr")
    await hello(phone)
    await choose(phone, render(say("Yes, for me"), "fr"))
    assert "full name" in await write(phone, "english")
    assert "How do you feel" in await write(phone, "Ana Silva, 3 April 1950")
    assert "¿Cómo se encuentra hoy?" in await write(phone, "español")
