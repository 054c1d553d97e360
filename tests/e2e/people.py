"""What people do on their phones, whatever the channel: say hello, choose by the words they see, share a place."""

from __future__ import annotations

import re
from collections.abc import Coroutine
from typing import Any

from webhooks.simulator.phones import TelegramPhone, TwilioPhone
from webhooks.simulator.telegram_chats import Message

Phone = TelegramPhone | TwilioPhone
BRISTOL = (51.45, -2.59)
PATIENCE_S = 30.0  # on a machine that has much else to do
_NUMBERED = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)


def _seen(phone: Phone) -> set[Any]:
    return {_name(message) for message in phone.screen}


def _name(message: Any) -> Any:
    return message.message_id if isinstance(message, Message) else message.sid


async def answered(phone: Phone, action: Coroutine[Any, Any, int]) -> str:
    """Do something, and return the text of the first new message that comes back; an edit is not new."""
    before = _seen(phone)
    assert 200 == await action

    def is_new(message: Any) -> bool:
        return bool(message.text) and getattr(message, "from_bot", True) and _name(message) not in before

    return str((await phone.wait_for(is_new, PATIENCE_S)).text)


async def say(phone: Phone, text: str) -> str:
    """Write *text*, and return the answer."""
    return await answered(phone, phone.say(text))


async def hello(phone: Phone, word: str = "hello") -> str:
    """Begin."""
    if isinstance(phone, TelegramPhone) and word == "hello":
        return await answered(phone, phone.start())
    return await say(phone, word)


async def choose(phone: Phone, label: str) -> str:
    """Choose what begins with *label*: by a button where there is one, by its number in the text otherwise."""
    await phone.wait_for(lambda _message: _offered(phone, label) is not None, PATIENCE_S)
    found = _offered(phone, label)
    assert found is not None
    is_button, what = found
    if not is_button:
        return await say(phone, what)
    is_key = isinstance(phone, TelegramPhone) and what in phone.keys
    return await answered(phone, phone.press(what) if isinstance(phone, TelegramPhone) and is_key else phone.tap(what))


def _offered(phone: Phone, label: str) -> tuple[bool, str] | None:
    """Return what chooses *label*: a button, or a number in the text."""
    keys = phone.keys if isinstance(phone, TelegramPhone) else []
    shown = next((button for button in (*phone.buttons, *keys) if button.startswith(label)), None)
    if shown is not None:
        return True, shown
    numbered = _NUMBERED.findall(phone.last_text)
    return next(((False, number) for number, text in numbered if text.startswith(label)), None)


def labels(phone: Phone) -> list[str]:
    """Return what can be chosen now: by a button, or by its number in the text."""
    numbered = [text for _, text in _NUMBERED.findall(phone.last_text)]
    return numbered or phone.buttons


async def book(phone: Phone, *, name: str = "Ana Silva, 3 April 1950") -> str:
    """Book a COVID-19 vaccination at the nearest centre in Bristol, from the first hello; return the last message."""
    await hello(phone)
    await choose(phone, "Yes, for me")
    await choose(phone, "COVID-19 vaccination")
    await say(phone, name)
    await choose(phone, "None of these")
    await say(phone, "Bristol")
    await choose(phone, "Riverside")
    await choose(phone, "Tue 2 Mar")
    return await choose(phone, "Yes, book it")


def reference_in(text: str) -> str:
    """Return the reference in a message."""
    found = re.search(r"Reference ([A-Z0-9]{6})", text)
    assert found is not None, text
    return found[1]


#: What leads through the small practice in writing, whatever the channel, and what is asked after each.
SMALL: dict[str, str] = {
    "consent": "hello",
    "name": "Yes, for me",
    "well": "Ana Silva, 3 April 1950",
    "where": "I feel well",
    "centre": "Bristol",
    "slot": "Harbour Practice",
    "review": "1",
    "booked": "Yes, book it",
}


async def write_all(phone: Phone, until: str, *, after: str | None = None, first: str = "") -> None:
    """Write what leads to the question *until* (or to being "booked"), without looking at what comes back.

    With *after* it goes on behind that question; *first* stands in place of the first greeting.
    """
    stages = list(SMALL)
    begin = stages.index(after) + 1 if after else 0
    for stage in stages[begin : stages.index(until) + 1]:
        words = first if first and stage == "consent" else SMALL[stage]
        assert 200 == await phone.say(words)


def received(phone: Phone) -> list[str]:
    """Return the texts that came from us, oldest first, as they stand now."""
    return [message.text for message in phone.screen if getattr(message, "from_bot", True) and message.text]


#: How the questions of the small practice are known, and its last word.
ASKED: dict[str, str] = {
    "consent": "May I keep",
    "name": "What is your full name",
    "well": "How do you feel",
    "where": "Near which place",
    "centre": "Which centre",
    "slot": "When suits",
    "review": "Please check",
    "booked": "Booked.",
}
