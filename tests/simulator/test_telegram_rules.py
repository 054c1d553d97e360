"""What the Bot API double accepts and refuses, rule by rule."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.simulator.conftest import TOKEN, Telegram
from webhooks.simulator.exchange import Payload

PERSON = 42
GROUP = -1001


def update(chat_id: int = PERSON, text: str = "hi") -> Payload:
    """Make an update in which somebody writes in *chat_id*."""
    chat = {"id": chat_id, "type": "private", "first_name": "Ana"}
    if chat_id < 0:
        chat = {"id": chat_id, "type": "supergroup", "title": "Staff"}
    sender = {"id": PERSON, "is_bot": False, "first_name": "Ana"}
    message = {"message_id": 1, "from": sender, "chat": chat, "date": 0, "text": text}
    return {"update_id": 7, "message": message}


@pytest.fixture(autouse=True)
def somebody_wrote(telegram: Telegram) -> None:
    telegram.double.hear(update())
    telegram.double.hear(update(GROUP))


def inline(*buttons: Payload) -> Payload:
    return {"inline_keyboard": [[button] for button in buttons]}


def data(text: str) -> Payload:
    return {"text": "Go", "callback_data": text}


def keyboard(**key: object) -> Payload:
    return {"keyboard": [[{"text": "Here", **key}]]}


def many(count: int, in_row: int) -> Payload:
    row = [data(str(place)) for place in range(in_row)]
    return {"inline_keyboard": [row] * (count // in_row)}


HELLO = {"chat_id": PERSON, "text": "Hello"}
PLACE = {"chat_id": PERSON, "latitude": 51.5, "longitude": -0.1}
VENUE = {**PLACE, "title": "Centre", "address": "1 Road"}

ACCEPTED: list[tuple[str, str, Payload]] = [
    ("plain text", "sendMessage", HELLO),
    ("4096 code points", "sendMessage", {**HELLO, "text": "🎉" * 4096}),
    (
        "4096 after the tags are gone",
        "sendMessage",
        {**HELLO, "text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"},
    ),
    ("64 bytes of data", "sendMessage", {**HELLO, "reply_markup": inline(data("ж" * 32))}),
    ("100 buttons", "sendMessage", {**HELLO, "reply_markup": many(100, 5)}),
    ("8 in a row", "sendMessage", {**HELLO, "reply_markup": many(8, 8)}),
    ("a tg link", "sendMessage", {**HELLO, "reply_markup": inline({"text": "x", "url": "tg://resolve?domain=a"})}),
    ("a contact request in private", "sendMessage", {**HELLO, "reply_markup": keyboard(request_contact=True)}),
    ("no keyboard any more", "sendMessage", {**HELLO, "reply_markup": {"remove_keyboard": True}}),
    ("force reply", "sendMessage", {**HELLO, "reply_markup": {"force_reply": True}}),
    ("escaped MarkdownV2", "sendMessage", {**HELLO, "text": r"*Bold* at 10\.30", "parse_mode": "MarkdownV2"}),
    ("an answer to a message", "sendMessage", {**HELLO, "reply_parameters": {"message_id": 1}}),
    ("a venue", "sendVenue", VENUE),
    ("a pin", "sendLocation", PLACE),
    ("typing", "sendChatAction", {"chat_id": PERSON, "action": "typing"}),
    ("who am I", "getMe", {}),
    ("webhook", "setWebhook", {"url": "https://c.example:8443/x", "secret_token": "a_B-9"}),
    ("commands", "setMyCommands", {"commands": [{"command": "book", "description": "Book a visit"}]}),
    ("commands by scope", "setMyCommands", {"commands": [], "scope": {"type": "all_private_chats"}}),
    ("a description", "setMyDescription", {"description": "x" * 512, "language_code": "de"}),
    ("the menu button", "setChatMenuButton", {"menu_button": {"type": "commands"}}),
]

REFUSED: list[tuple[str, str, Payload, str]] = [
    ("unknown parameter", "sendMessage", {**HELLO, "colour": "red"}, "unknown parameter colour"),
    ("no chat", "sendMessage", {"text": "x"}, "chat_id is empty"),
    ("no text", "sendMessage", {"chat_id": PERSON}, "message text is empty"),
    ("blank text", "sendMessage", {**HELLO, "text": " \n "}, "message text is empty"),
    ("tags only", "sendMessage", {**HELLO, "text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ("4097 characters", "sendMessage", {**HELLO, "text": "x" * 4097}, "message is too long"),
    ("text no string", "sendMessage", {**HELLO, "text": 5}, "can't parse text: expected String"),
    ("flag no boolean", "sendMessage", {**HELLO, "protect_content": "maybe"}, "expected Boolean"),
    ("unknown chat", "sendMessage", {**HELLO, "chat_id": 4711}, "chat not found"),
    ("unknown name", "sendMessage", {**HELLO, "chat_id": "@nobody"}, "chat not found"),
    ("legacy Markdown", "sendMessage", {**HELLO, "parse_mode": "Markdown"}, "unsupported parse_mode"),
    (
        "stray <",
        "sendMessage",
        {**HELLO, "text": "a < b", "parse_mode": "HTML"},
        'Unsupported start tag "" at byte offset 2',
    ),
    (
        "unknown tag",
        "sendMessage",
        {**HELLO, "text": "é<p>x</p>", "parse_mode": "HTML"},
        'Unsupported start tag "p" at byte offset 2',
    ),
    (
        "unclosed tag",
        "sendMessage",
        {**HELLO, "text": "<b>x", "parse_mode": "HTML"},
        'Can\'t find end tag corresponding to start tag "b"',
    ),
    (
        "crossed tags",
        "sendMessage",
        {**HELLO, "text": "<b><i>x</b></i>", "parse_mode": "HTML"},
        'expected "</i>", found "</b>"',
    ),
    (
        "end without start",
        "sendMessage",
        {**HELLO, "text": "x</b>", "parse_mode": "HTML"},
        "Unexpected end tag at byte offset 1",
    ),
    ("tag cut off", "sendMessage", {**HELLO, "text": "x <b", "parse_mode": "HTML"}, "Unclosed start tag"),
    (
        "a full stop",
        "sendMessage",
        {**HELLO, "text": "10.30", "parse_mode": "MarkdownV2"},
        "Character '.' is reserved",
    ),
    (
        "a hyphen",
        "sendMessage",
        {**HELLO, "text": "Anna-Maria", "parse_mode": "MarkdownV2"},
        "Character '-' is reserved",
    ),
    (
        "an odd star",
        "sendMessage",
        {**HELLO, "text": "*x", "parse_mode": "MarkdownV2"},
        "Can't find end of Bold entity at byte offset 0",
    ),
    (
        "entity out of text",
        "sendMessage",
        {**HELLO, "entities": [{"type": "bold", "offset": 3, "length": 9}]},
        "out of the text",
    ),
    (
        "unknown entity",
        "sendMessage",
        {**HELLO, "entities": [{"type": "huge", "offset": 0, "length": 1}]},
        "type must be one of",
    ),
    ("no data", "sendMessage", {**HELLO, "reply_markup": inline(data(""))}, "BUTTON_DATA_INVALID"),
    (
        "65 bytes of data",
        "sendMessage",
        {**HELLO, "reply_markup": inline(data("ж" * 32 + "x"))},
        "BUTTON_DATA_INVALID",
    ),
    (
        "data no string",
        "sendMessage",
        {**HELLO, "reply_markup": inline({"text": "x", "callback_data": 5})},
        "expected String",
    ),
    (
        "text-only button",
        "sendMessage",
        {**HELLO, "reply_markup": inline({"text": "x"})},
        "Text buttons are unallowed in the inline keyboard",
    ),
    (
        "two kinds at once",
        "sendMessage",
        {**HELLO, "reply_markup": inline({**data("x"), "url": "https://a.org"})},
        "several kinds at once",
    ),
    (
        "blank label",
        "sendMessage",
        {**HELLO, "reply_markup": inline({**data("x"), "text": " "})},
        "button text must be non-empty",
    ),
    (
        "unknown field",
        "sendMessage",
        {**HELLO, "reply_markup": inline({**data("x"), "icon": "y"})},
        "InlineKeyboardButton has no field icon",
    ),
    (
        "unknown style",
        "sendMessage",
        {**HELLO, "reply_markup": inline({**data("x"), "style": "pink"})},
        "style must be one of",
    ),
    (
        "rows no arrays",
        "sendMessage",
        {**HELLO, "reply_markup": {"inline_keyboard": [data("x")]}},
        "expected an Array of InlineKeyboardButton",
    ),
    ("empty row", "sendMessage", {**HELLO, "reply_markup": {"inline_keyboard": [[]]}}, "keyboard row is empty"),
    ("105 buttons", "sendMessage", {**HELLO, "reply_markup": many(105, 5)}, "REPLY_MARKUP_TOO_LONG"),
    ("9 in a row", "sendMessage", {**HELLO, "reply_markup": many(9, 9)}, "more than 8 buttons"),
    (
        "link to localhost",
        "sendMessage",
        {**HELLO, "reply_markup": inline({"text": "x", "url": "http://localhost/a"})},
        "Wrong HTTP URL",
    ),
    (
        "telephone link",
        "sendMessage",
        {**HELLO, "reply_markup": inline({"text": "x", "url": "tel:+44"})},
        "Wrong HTTP URL",
    ),
    ("markup of no kind", "sendMessage", {**HELLO, "reply_markup": {"buttons": []}}, "has no field buttons"),
    ("markup no object", "sendMessage", {**HELLO, "reply_markup": [1]}, "object expected"),
    ("markup no JSON", "sendMessage", {**HELLO, "reply_markup": "{"}, "not JSON"),
    ("empty reply keyboard", "sendMessage", {**HELLO, "reply_markup": {"keyboard": []}}, "reply keyboard is empty"),
    (
        "two key kinds",
        "sendMessage",
        {**HELLO, "reply_markup": keyboard(request_contact=True, request_location=True)},
        "several kinds",
    ),
    (
        "remove, but false",
        "sendMessage",
        {**HELLO, "reply_markup": {"remove_keyboard": False}},
        "remove_keyboard must be True",
    ),
    (
        "long placeholder",
        "sendMessage",
        {**HELLO, "reply_markup": {**keyboard(), "input_field_placeholder": "x" * 65}},
        "1-64 characters",
    ),
    (
        "contact in a group",
        "sendMessage",
        {**HELLO, "chat_id": GROUP, "reply_markup": keyboard(request_contact=True)},
        "phone number can be requested in private chats only",
    ),
    (
        "position in a group",
        "sendMessage",
        {**HELLO, "chat_id": GROUP, "reply_markup": keyboard(request_location=True)},
        "location can be requested in private chats only",
    ),
    (
        "reply to nothing",
        "sendMessage",
        {**HELLO, "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    ("venue without address", "sendVenue", {**PLACE, "title": "Centre"}, "address is empty"),
    ("venue with blank title", "sendVenue", {**VENUE, "title": " "}, "venue title must be non-empty"),
    ("venue off the earth", "sendVenue", {**VENUE, "latitude": 91}, "wrong latitude or longitude"),
    ("edit of nothing", "editMessageText", {**HELLO, "message_id": 99}, "message to edit not found"),
    ("edit of theirs", "editMessageText", {**HELLO, "message_id": 1}, "message can't be edited"),
    ("edit without message", "editMessageText", HELLO, "message identifier is not specified"),
    (
        "reply keyboard by edit",
        "editMessageText",
        {**HELLO, "message_id": 1, "reply_markup": keyboard()},
        "InlineKeyboardMarkup",
    ),
    ("delete nothing", "deleteMessage", {"chat_id": PERSON, "message_id": 99}, "message to delete not found"),
    ("unknown action", "sendChatAction", {"chat_id": PERSON, "action": "dancing"}, "wrong parameter action"),
    ("webhook over HTTP", "setWebhook", {"url": "http://c.example/x"}, "An HTTPS URL must be provided"),
    ("webhook on odd port", "setWebhook", {"url": "https://c.example:8080/x"}, "ports 80, 88, 443 or 8443"),
    (
        "secret with a dot",
        "setWebhook",
        {"url": "https://c.example", "secret_token": "a.b"},
        "unallowed characters",
    ),
    ("101 connections", "setWebhook", {"url": "https://c.example", "max_connections": 101}, "1-100 value"),
    (
        "command in capitals",
        "setMyCommands",
        {"commands": [{"command": "Book", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    ("unknown scope", "setMyCommands", {"commands": [], "scope": {"type": "moon"}}, "unknown type"),
    ("long description", "setMyDescription", {"description": "x" * 513}, "0-512 characters"),
    ("document by address", "sendDocument", {"chat_id": PERSON, "document": "https://a.org/b.ics"}, "upload it"),
]


@pytest.mark.parametrize(("method", "parameters"), [row[1:] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
async def test_a_correct_call_is_accepted(telegram: Telegram, method: str, parameters: Payload) -> None:
    status, body = await telegram.call(method, **parameters)

    assert (200, True) == (status, body["ok"]), body
    assert [] == telegram.double.refused


@pytest.mark.parametrize(("method", "parameters", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
async def test_a_wrong_call_is_refused(telegram: Telegram, method: str, parameters: Payload, why: str) -> None:
    status, body = await telegram.call(method, **parameters)

    assert (400, False, 400) == (status, body["ok"], body["error_code"])
    assert body["description"].startswith("Bad Request: ")
    assert why in body["description"]
    assert [body["description"]] == [call.description for call in telegram.double.refused]


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        (f"/bot{TOKEN}/sendPigeon", 404, "Not Found: method not found"),
        ("/bot123:wrong/getMe", 401, "Unauthorized"),
    ],
)
async def test_wrong_addresses_are_refused(telegram: Telegram, path: str, status: int, why: str) -> None:
    async with telegram.session.get(telegram.root + path) as response:
        body = await response.json()

    assert (status, why) == (response.status, body["description"])


async def by_query(telegram: Telegram, url: str) -> aiohttp.ClientResponse:
    return await telegram.session.get(url, params={"chat_id": str(PERSON), "text": "Hello"})


async def by_form(telegram: Telegram, url: str) -> aiohttp.ClientResponse:
    markup = '{"inline_keyboard": [[{"text": "Go", "callback_data": "1"}]]}'
    return await telegram.session.post(
        url, data={"chat_id": str(PERSON), "text": "Hello", "reply_markup": markup, "protect_content": "true"}
    )


async def by_json(telegram: Telegram, url: str) -> aiohttp.ClientResponse:
    return await telegram.session.post(url, json={"chat_id": str(PERSON), "text": "Hello"})


@pytest.mark.parametrize("way", [by_query, by_form, by_json])
async def test_parameters_come_in_every_way_that_the_server_takes(telegram: Telegram, way: Callable[..., Any]) -> None:
    async with await way(telegram, f"{telegram.root}/bot{TOKEN}/sendMessage") as response:
        body = await response.json()

    assert (200, "Hello") == (response.status, body["result"]["text"])


@pytest.mark.parametrize("attached", [True, False], ids=["attach://", "by its own name"])
async def test_a_document_is_uploaded_and_kept(telegram: Telegram, attached: bool) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(PERSON))
    form.add_field("caption", "Your visit")
    if attached:
        form.add_field("document", "attach://file1")
    name = "file1" if attached else "document"
    form.add_field(name, b"BEGIN:VCALENDAR", filename="visit.ics", content_type="text/calendar")

    async with telegram.session.post(f"{telegram.root}/bot{TOKEN}/sendDocument", data=form) as response:
        result = (await response.json())["result"]

    shown = telegram.double.screen(PERSON)[-1]
    assert "visit.ics" == result["document"]["file_name"]
    assert "Your visit" == shown.text
    assert shown.document is not None
    assert (b"BEGIN:VCALENDAR", "text/calendar") == (shown.document.content, shown.document.content_type)


@pytest.mark.parametrize(
    ("caption", "content", "why"),
    [("x" * 1025, b"x", "caption is too long"), ("x", b"", "file must be non-empty")],
)
async def test_a_wrong_document_is_refused(telegram: Telegram, caption: str, content: bytes, why: str) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(PERSON))
    form.add_field("caption", caption)
    form.add_field("document", content, filename="a.ics", content_type="text/calendar")

    async with telegram.session.post(f"{telegram.root}/bot{TOKEN}/sendDocument", data=form) as response:
        body = await response.json()

    assert response.status == 400
    assert why in body["description"]


async def test_a_group_gets_twenty_messages_a_minute(telegram: Telegram) -> None:
    for _ in range(20):
        status, _body = await telegram.call("sendMessage", chat_id=GROUP, text="x")
        assert status == 200

    telegram.clock.pass_by(timedelta(seconds=20))
    status, body = await telegram.call("sendMessage", chat_id=GROUP, text="x")
    assert (429, {"retry_after": 41}) == (status, body["parameters"])
    assert "Too Many Requests: retry after 41" == body["description"]

    telegram.clock.pass_by(timedelta(seconds=41))
    assert 200 == (await telegram.call("sendMessage", chat_id=GROUP, text="x"))[0]
    assert [] == telegram.double.refused


async def test_a_blocked_chat_answers_403(telegram: Telegram) -> None:
    telegram.double.block(PERSON)

    status, body = await telegram.call("sendMessage", **HELLO)

    assert (403, "Forbidden: bot was blocked by the user") == (status, body["description"])
    assert ([], 1) == (telegram.double.refused, len(telegram.double.declined))
    telegram.double.unblock(PERSON)
    assert 200 == (await telegram.call("sendMessage", **HELLO))[0]


async def test_a_group_that_moved_tells_its_new_id(telegram: Telegram) -> None:
    telegram.double.migrate(GROUP, -1002)

    status, body = await telegram.call("sendMessage", chat_id=GROUP, text="x")

    assert (400, {"migrate_to_chat_id": -1002}) == (status, body["parameters"])
    assert 200 == (await telegram.call("sendMessage", chat_id=-1002, text="x"))[0]


async def test_another_webhook_within_a_second_is_too_soon_and_the_same_is_not(telegram: Telegram) -> None:
    await telegram.call("setWebhook", url="https://c.example/a")

    assert 200 == (await telegram.call("setWebhook", url="https://c.example/a"))[0]
    assert 429 == (await telegram.call("setWebhook", url="https://c.example/b"))[0]
    telegram.clock.pass_by(timedelta(seconds=1))
    assert 200 == (await telegram.call("setWebhook", url="https://c.example/b"))[0]
