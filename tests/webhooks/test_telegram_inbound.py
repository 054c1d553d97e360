"""What Telegram sends, as the `Inbound` it becomes: one row for each kind of update."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.messages import Inbound, dump_inbound, load_inbound
from dialogs.said import Kind, Said
from domain.centres import Position
from domain.patients import Channel
from webhooks.telegram import UnreadableUpdateError, inbound

ANA = {"id": 42, "is_bot": False, "first_name": "Ana", "language_code": "fr-CA"}
NAMELESS = {"id": 42, "is_bot": False, "first_name": "Ana"}
BOT = {"id": 7, "is_bot": True, "first_name": "Frontdesk", "username": "frontdesk_bot"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Ana"}
GROUP = {"id": -100, "type": "group", "title": "Family"}
DATE = 1_803_373_200
HEAD = {"message_id": 5, "date": DATE, "chat": PRIVATE, "from": ANA}
FILE = {"file_id": "AgAC1", "file_unique_id": "u1", "file_size": 10}
PLACE = {"latitude": 51.45, "longitude": -2.59}
BRISTOL = Position(51.45, -2.59)


def message(**content: Any) -> dict[str, Any]:
    return {"message": {**HEAD, **content}}


def tap(data: str | None, **more: Any) -> dict[str, Any]:
    shown = {"message_id": 4, "date": DATE, "chat": PRIVATE, "from": BOT, "text": "Which day?"}
    query = {"id": "990", "from": ANA, "chat_instance": "1", "message": shown, **more}
    return {"callback_query": query if data is None else {**query, "data": data}}


def edited(**content: Any) -> dict[str, Any]:
    return {"edited_message": {**HEAD, "edit_date": DATE + 9, **content}}


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    old, new = {"user": BOT, "status": "member"}, {"user": BOT, "status": status, "until_date": 0}
    change = {"chat": chat, "from": ANA, "date": DATE, "old_chat_member": old, "new_chat_member": new}
    return {"my_chat_member": change}


def heard(said: Said, *, address: str = "42", language: str | None = "fr-CA", callback: str | None = None) -> Inbound:
    return Inbound(
        channel=Channel.TELEGRAM, address=address, provider_id="9", said=said, language=language, callback=callback
    )


UNREADABLE = heard(Said(kind=Kind.UNREADABLE))
IN_GROUP = replace(heard(Said(kind=Kind.BEGIN), address="-100"), speaker="42")
NOT_OURS = heard(Said(kind=Kind.TAP), callback="990")

ROWS: dict[str, tuple[dict[str, Any], Inbound | None]] = {
    "text": (message(text="next Tuesday"), heard(Said(text="next Tuesday"))),
    "text of a person without a language": (
        {"message": {**HEAD, "from": NAMELESS, "text": "hi"}},
        heard(Said(text="hi"), language=None),
    ),
    "text with spaces and lines is kept as it came": (message(text=" 1\n2 "), heard(Said(text=" 1\n2 "))),
    "start": (message(text="/start"), heard(Said(kind=Kind.BEGIN))),
    "start with a payload": (message(text="/start join_ABC"), heard(Said(kind=Kind.BEGIN, text="join_ABC"))),
    "start at a centre": (message(text="/start centre_42"), heard(Said(kind=Kind.BEGIN, text="centre_42"))),
    "start, named": (message(text="/start@frontdesk_bot x"), heard(Said(kind=Kind.BEGIN, text="x"))),
    "start with more than a link can hold": (
        message(text="/start " + "x" * 70),
        heard(Said(kind=Kind.BEGIN, text="x" * 64)),
    ),
    "another command is text": (message(text="/bookings"), heard(Said(text="/bookings"))),
    "stop as a word": (message(text="Stop"), heard(Said(kind=Kind.STOP, text="Stop"))),
    "stop as a command": (message(text="/stop"), heard(Said(kind=Kind.STOP, text="/stop"))),
    "stop in French": (message(text="arrêt"), heard(Said(kind=Kind.STOP, text="arrêt"))),
    "stop in Spanish": (message(text="BAJA"), heard(Said(kind=Kind.STOP, text="BAJA"))),
    "start as a word": (message(text="START"), heard(Said(kind=Kind.RESUME, text="START"))),
    "the carrier's cancel means nothing here": (message(text="cancel"), heard(Said(text="cancel"))),
    "tap": (tap("7:2"), heard(Said(kind=Kind.TAP, menu=7, option=2), callback="990")),
    "tap with somebody else's data": (tap("delete everything"), NOT_OURS),
    "tap with half of our data": (tap("7:"), NOT_OURS),
    "tap with a negative number": (tap("7:-2"), NOT_OURS),
    "tap with numbers too long": (tap("9999999999:1"), NOT_OURS),
    "tap with an option too long": (tap("7:99999"), NOT_OURS),
    "tap with more behind it": (tap("7:2:1"), NOT_OURS),
    "tap with digits that are no number": (tap("²:1"), NOT_OURS),
    "tap with 64 bytes of noise": (tap("\u0436" * 32), NOT_OURS),
    "tap without data": (tap(None), NOT_OURS),
    "tap on a message that is gone": (
        tap("7:2", message={"chat": PRIVATE, "message_id": 4, "date": 0}),
        heard(Said(kind=Kind.TAP, menu=7, option=2), callback="990"),
    ),
    "tap in a group": (
        tap("7:2", message={"message_id": 4, "date": DATE, "chat": GROUP, "from": BOT, "text": "x"}),
        replace(heard(Said(kind=Kind.TAP, menu=7, option=2), address="-100", callback="990"), speaker="42"),
    ),
    "location": (message(location=PLACE), heard(Said(kind=Kind.PIN, position=BRISTOL))),
    "venue": (
        message(location=PLACE, venue={"location": PLACE, "title": "Home", "address": "1 Mill Lane"}),
        heard(Said(kind=Kind.PIN, position=BRISTOL)),
    ),
    "live location": (
        message(location={**PLACE, "live_period": 900}),
        heard(Said(kind=Kind.PIN, position=BRISTOL)),
    ),
    "own contact": (
        message(contact={"phone_number": "15551230001", "first_name": "Ana", "user_id": 42}),
        heard(Said(kind=Kind.CONTACT, text="15551230001")),
    ),
    "somebody else's contact": (
        message(contact={"phone_number": "15551239999", "first_name": "Eve", "user_id": 43}),
        heard(Said(kind=Kind.CONTACT)),
    ),
    "contact of nobody on Telegram": (
        message(contact={"phone_number": "15551239999", "first_name": "Eve"}),
        heard(Said(kind=Kind.CONTACT)),
    ),
    "voice": (message(voice={**FILE, "duration": 3}), UNREADABLE),
    "sticker": (
        message(sticker={**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}),
        UNREADABLE,
    ),
    "photo": (message(photo=[{**FILE, "width": 9, "height": 9}], caption="my card"), UNREADABLE),
    "document": (message(document=FILE, caption="letter"), UNREADABLE),
    "dice": (message(dice={"emoji": "🎲", "value": 3}), UNREADABLE),
    "a kind of message that is invented tomorrow": (message(hologram={"depth": 3}), UNREADABLE),
    "text with a field that is invented tomorrow": (message(text="hi", mood="good"), heard(Said(text="hi"))),
    "edited text": (edited(text="I meant Monday"), heard(Said(kind=Kind.EDITED))),
    "live location that moved": (edited(location={**PLACE, "live_period": 900}), None),
    "edited caption": (edited(photo=[{**FILE, "width": 9, "height": 9}], caption="x"), None),
    "command in a group": (message(text="/start@frontdesk_bot", chat=GROUP), IN_GROUP),
    "answer to us in a group": (
        message(text="yes", chat=GROUP, reply_to_message={"message_id": 4, "date": DATE, "chat": GROUP, "from": BOT}),
        replace(IN_GROUP, said=Said(text="yes"), answers="4"),
    ),
    "edited text in a group": (edited(text="/start@frontdesk_bot", chat=GROUP), None),
    "half a letter": (message(text="a\ud83d"), heard(Said(text="a?"))),
    "a whole letter of two halves": (message(text="\U0001f44d"), heard(Said(text="\U0001f44d"))),
    "pinned": (message(pinned_message={"message_id": 4, "date": DATE, "chat": PRIVATE, "text": "Booked"}), None),
    "messages vanish from now on": (
        message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
        None,
    ),
    "another title": (message(new_chat_title="Family", chat=GROUP), None),
    "somebody new in a group": (message(new_chat_members=[BOT], chat=GROUP), None),
    "we may write": (message(write_access_allowed={}), None),
    "answer to somebody else in a group": (
        message(text="yes", chat=GROUP, reply_to_message={"message_id": 4, "date": DATE, "chat": GROUP, "from": ANA}),
        None,
    ),
    "chatter in a group": (message(text="stop it, you two", chat=GROUP), None),
    "pin in a group": (message(location=PLACE, chat=GROUP), None),
    "blocked": (membership("kicked"), heard(Said(kind=Kind.BLOCKED), language=None)),
    "unblocked": (membership("member"), None),
    "thrown out of a group": (
        membership("kicked", GROUP),
        heard(Said(kind=Kind.BLOCKED), address="-100", language=None),
    ),
    "wish of staff in a group": (
        message(text="next", chat=GROUP),
        replace(IN_GROUP, said=Said(text="next"), overheard=True),
    ),
    "group that becomes another one": (
        message(migrate_to_chat_id=-100200, chat=GROUP),
        heard(Said(kind=Kind.MIGRATED, text="-100200"), address="-100"),
    ),
    "channel post": ({"channel_post": {**HEAD, "chat": {"id": -1, "type": "channel", "title": "News"}}}, None),
    "an update of a kind that is invented tomorrow": ({"telepathy": {"from": ANA, "thought": "book"}}, None),
    "an update with nothing in it": ({}, None),
}


@pytest.mark.parametrize("reason", ROWS)
def test_an_update_becomes(reason: str) -> None:
    content, wanted = ROWS[reason]

    found = inbound({"update_id": 9, **content})

    assert wanted == found
    if found is not None:
        assert found == load_inbound(dump_inbound(found)), "the inbox gives back what it was given"


@pytest.mark.parametrize(
    "content",
    [
        {"message": 5},
        {"message": "hello"},
        {"message": {"text": "no chat"}},
        {"message": {**HEAD, "chat": 42}},
        {"message": {**HEAD, "location": "here"}},
        {"callback_query": {"data": "1:1"}},
        {"callback_query": ["1:1"]},
        {"edited_message": {"text": "no chat"}},
        {"message": {**HEAD, "date": 10**20, "text": "hi"}},
        {"message": {**HEAD, "date": -(10**12), "text": "hi"}},
        {"my_chat_member": {"chat": PRIVATE}},
    ],
)
def test_what_has_not_telegrams_shape_cannot_be_read(content: dict[str, Any]) -> None:
    with pytest.raises(UnreadableUpdateError):
        inbound({"update_id": 9, **content})
