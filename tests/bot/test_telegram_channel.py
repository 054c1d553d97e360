"""What a dialog says, as the requests that Telegram gets: one row for each kind of message."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from bot.channels.telegram import TelegramChannel, make_bot
from bot.messages import Outgoing, TapAnswered, dump_outgoing, load_outgoing
from dialogs.prompt import Choice, Line, MapPin, Prompt, Settled, Visit, Want
from domain.centres import Position
from tests.conftest import NOW
from webhooks.simulator.telegram_double import TelegramDouble

TOKEN = "123456:TEST"
CHAT = 42
BRISTOL = Position(51.45, -2.59)
VISIT = Visit(
    reference="ABC234",
    sequence=3,
    starts_at=datetime(2027, 3, 2, 9, tzinfo=UTC),
    ends_at=datetime(2027, 3, 2, 10, tzinfo=UTC),
    title="Harbour Practice",
    place="1 Quay Street",
    caption="Calendar entry:",
)


def _read(name: str, value: Any) -> Any:
    return json.loads(value) if name in ("reply_markup", "latitude", "longitude") else value


@dataclass(slots=True)
class Running:
    channel: TelegramChannel
    double: TelegramDouble

    async def send(self, message: Outgoing, shown_as: str | None = None) -> list[str | None]:
        """Send what *message* is shaped into."""
        shaped = self.channel.shape([message])
        assert shaped == [load_outgoing(dump_outgoing(part)) for part in shaped], "the outbox gives it back as it was"
        return [await self.channel.send(str(CHAT), part, shown_as) for part in shaped]

    @property
    def asked(self) -> list[tuple[str, dict[str, Any]]]:
        """The requests that came, each with its parameters but the chat."""
        return [
            (call.method, {name: _read(name, value) for name, value in call.parameters.items() if name != "chat_id"})
            for call in self.double.calls
        ]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.double.screen(CHAT)]


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[Running]:
    double = TelegramDouble(token=TOKEN, strict_chats=False, now=lambda: NOW)
    async with TestServer(double.app()) as server, aiohttp.ClientSession() as session:
        bot = make_bot(TOKEN, str(server.make_url("")).rstrip("/"), session, timeout_s=10)
        yield Running(TelegramChannel(bot, lambda: NOW), double)
        assert [] == double.refused


def inline(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}


GONE = {"remove_keyboard": True}
ASKED: dict[str, tuple[Outgoing, str, dict[str, Any]]] = {
    "a line": (Line(text="Booked."), "sendMessage", {"text": "Booked.", "reply_markup": GONE}),
    "a line with what other systems take for formatting": (
        Line(text="<b>_5*</b> [x](y) & 10.30!"),
        "sendMessage",
        {"text": "<b>_5*</b> [x](y) & 10.30!", "reply_markup": GONE},
    ),
    "a question to be answered in words": (
        Prompt(text="Your name?", menu=3),
        "sendMessage",
        {"text": "Your name?", "reply_markup": GONE},
    ),
    "short choices stand two in a row": (
        Prompt(text="Sure?", menu=3, choices=(Choice("Yes"), Choice("No"), Choice("Perhaps"))),
        "sendMessage",
        {"text": "Sure?", "reply_markup": inline([("Yes", "3:0"), ("No", "3:1")], [("Perhaps", "3:2")])},
    ),
    "long choices stand alone": (
        Prompt(text="When?", menu=12, choices=(Choice("Tue 2 Mar, 09:00"), Choice("Wed"), Choice("Thu"))),
        "sendMessage",
        {
            "text": "When?",
            "reply_markup": inline([("Tue 2 Mar, 09:00", "12:0")], [("Wed", "12:1"), ("Thu", "12:2")]),
        },
    ),
    "a choice shows its detail": (
        Prompt(text="Where?", menu=3, choices=(Choice("Harbour", "0.3 km, Bristol"),)),
        "sendMessage",
        {"text": "Where?", "reply_markup": inline([("Harbour (0.3 km, Bristol)", "3:0")])},
    ),
    "a choice too long for a button is cut": (
        Prompt(text="Where?", menu=3, choices=(Choice("C" * 80),)),
        "sendMessage",
        {"text": "Where?", "reply_markup": inline([("C" * 59 + "…", "3:0")])},
    ),
    "a place is asked for on the keyboard below": (
        Prompt(
            text="Where?",
            menu=3,
            choices=(Choice("Show all"),),
            wants=(Want.LOCATION,),
            hints=("You can share it.",),
            shares=("Share my location",),
        ),
        "sendMessage",
        {
            "text": "Where?",
            "reply_markup": {
                "keyboard": [[{"text": "Share my location", "request_location": True}], [{"text": "Show all"}]],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            },
        },
    ),
    "a place on the map": (
        MapPin(position=BRISTOL, title="Harbour", address="1 Quay Street, Bristol"),
        "sendVenue",
        {"latitude": 51.45, "longitude": -2.59, "title": "Harbour", "address": "1 Quay Street, Bristol"},
    ),
    "a place without address": (
        MapPin(position=BRISTOL, title="Harbour", address=""),
        "sendVenue",
        {"latitude": 51.45, "longitude": -2.59, "title": "Harbour", "address": "Harbour"},
    ),
}


@pytest.mark.parametrize("reason", ASKED)
async def test_a_message_becomes_a_request(telegram: Running, reason: str) -> None:
    message, method, parameters = ASKED[reason]
    (sent,) = await telegram.send(message)

    assert [(method, parameters)] == telegram.asked
    assert str(telegram.double.screen(CHAT)[-1].message_id) == sent


async def test_a_visit_is_a_calendar_file(telegram: Running) -> None:
    await telegram.send(VISIT)

    (shown,) = telegram.double.screen(CHAT)
    assert shown.document is not None
    assert ("appointment.ics", "Calendar entry:") == (shown.document.name, shown.text)
    assert {b"UID:ABC234@frontdesk", b"SEQUENCE:3", b"METHOD:PUBLISH"} <= set(shown.document.content.splitlines())


async def test_an_answered_menu_shows_what_was_picked_and_offers_nothing_more(telegram: Running) -> None:
    (shown_as,) = await telegram.send(Prompt(text="Sure?", menu=3, choices=(Choice("Yes"),)))
    await telegram.send(Settled(menu=3, text="Sure?", label="Yes"), shown_as)

    (shown,) = telegram.double.screen(CHAT)
    assert ("Sure?\n✓ Yes", []) == (shown.text, shown.buttons)


async def test_a_stale_menu_only_loses_its_buttons(telegram: Running) -> None:
    (shown_as,) = await telegram.send(Prompt(text="Sure?", menu=3, choices=(Choice("Yes"),)))
    await telegram.send(Settled(menu=3, text="", label=""), shown_as)

    (shown,) = telegram.double.screen(CHAT)
    assert ("Sure?", []) == (shown.text, shown.buttons)


async def test_a_menu_that_was_never_shown_is_not_settled(telegram: Running) -> None:
    assert [None] == await telegram.send(Settled(menu=3, text="Sure?", label="Yes"))
    assert [] == telegram.asked


async def test_to_settle_twice_or_what_is_gone_is_no_fault(telegram: Running) -> None:
    (shown_as,) = await telegram.send(Prompt(text="Sure?", menu=3, choices=(Choice("Yes"),)))
    settled = Settled(menu=3, text="Sure?", label="Yes")
    await telegram.send(settled, shown_as)

    again, late = await telegram.send(settled, shown_as), await telegram.send(TapAnswered(callback="12345"))

    assert ([None], [None]) == (again, late)
    assert [400, 400] == [call.status for call in telegram.double.calls][-2:]


async def test_to_settle_what_the_person_deleted_is_no_fault(telegram: Running) -> None:
    await telegram.send(Line(text="Hello"))
    assert [None] == await telegram.send(Settled(menu=3, text="Sure?", label="Yes"), "999")
    telegram.double.refused.clear()


async def test_a_tap_is_answered(telegram: Running) -> None:
    tap = {"id": "77", "from": {"id": CHAT, "is_bot": False, "first_name": "Ana"}, "chat_instance": "1", "data": "1:1"}
    telegram.double.hear({"update_id": 1, "callback_query": tap})
    await telegram.send(TapAnswered(callback="77"))

    assert ["77"] == [answer.query_id for answer in telegram.double.callback_answers]


LONG = "\n".join(f"{number}. " + "word " * 100 for number in range(20)).strip()


async def test_a_line_that_is_too_long_is_sent_in_parts(telegram: Running) -> None:
    await telegram.send(Line(text=LONG))

    assert len(telegram.texts) == 3
    assert LONG.split() == " ".join(telegram.texts).split()


async def test_a_question_that_is_too_long_is_sent_in_parts_and_asked_with_the_last(telegram: Running) -> None:
    await telegram.send(Prompt(text=LONG, menu=3, choices=(Choice("Yes"),)))

    assert LONG.split() == " ".join(telegram.texts).split()
    assert [[], [], ["Yes"]] == [message.buttons for message in telegram.double.screen(CHAT)]


async def test_a_settled_menu_that_is_too_long_is_cut(telegram: Running) -> None:
    (shown_as,) = await telegram.send(Prompt(text="x" * 4096, menu=3, choices=(Choice("Yes"),)))
    await telegram.send(Settled(menu=3, text="x" * 4096, label="Yes"), shown_as)

    (text,) = telegram.texts
    assert 4096 == len(text)
