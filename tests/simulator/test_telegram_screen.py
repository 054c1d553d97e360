"""What a person sees of the bot's calls, and what polling and button presses bring."""

import asyncio
from datetime import timedelta

import pytest
import telegram as ptb

from tests.simulator.conftest import Telegram
from tests.simulator.test_telegram_rules import GROUP, PERSON, inline, keyboard, update
from webhooks.simulator.exchange import NothingCameError, Payload

GO = inline({"text": "Go", "callback_data": "1"})


@pytest.fixture(autouse=True)
def somebody_wrote(telegram: Telegram) -> None:
    telegram.double.hear(update())
    telegram.double.hear(update(GROUP))


async def sent(telegram: Telegram, method: str = "sendMessage", **parameters: object) -> Payload:
    status, body = await telegram.call(method, **{"chat_id": PERSON, **parameters})
    assert 200 == status, body
    result: Payload = body["result"]
    return result


async def test_an_answer_has_the_shape_that_the_library_reads(telegram: Telegram) -> None:
    written = await sent(telegram, text="<b>Hi</b> 🎉 there", parse_mode="HTML", reply_markup=GO)
    message = ptb.Message.de_json(written, None)

    assert ("Hi 🎉 there", PERSON, 2) == (message.text, message.chat_id, message.message_id)
    assert {"Hi"} == set(message.parse_entities().values())
    assert message.from_user is not None
    assert ("frontdesk_bot", True) == (message.from_user.username, message.from_user.is_bot)
    assert message.reply_markup is not None
    assert "1" == message.reply_markup.inline_keyboard[0][0].callback_data


async def test_ids_count_in_each_chat_by_themselves(telegram: Telegram) -> None:
    assert [2, 3] == [(await sent(telegram, text="x"))["message_id"] for _ in range(2)]
    assert 2 == (await sent(telegram, chat_id=GROUP, text="x"))["message_id"]


async def test_an_edit_of_the_text_takes_the_keyboard_away(telegram: Telegram) -> None:
    number = (await sent(telegram, text="Choose", reply_markup=GO))["message_id"]
    assert ["Go"] == telegram.double.screen(PERSON)[-1].buttons

    edited = await sent(telegram, "editMessageText", message_id=number, text="Chosen")

    shown = telegram.double.screen(PERSON)[-1]
    assert ("Chosen", []) == (shown.text, shown.buttons)
    assert "edit_date" in edited
    assert "reply_markup" not in edited


async def test_the_same_content_again_is_not_modified(telegram: Telegram) -> None:
    number = (await sent(telegram, text="Choose", reply_markup=GO))["message_id"]

    again: Payload = {"chat_id": PERSON, "message_id": number, "text": "Choose", "reply_markup": GO}
    status, body = await telegram.call("editMessageText", **again)
    assert 400 == status
    assert "message is not modified" in body["description"]
    status, _ = await telegram.call("editMessageReplyMarkup", chat_id=PERSON, message_id=number, reply_markup=GO)
    assert 400 == status
    assert [] == telegram.double.refused
    assert 2 == len(telegram.double.declined)


async def test_a_keyboard_is_taken_away_alone(telegram: Telegram) -> None:
    number = (await sent(telegram, text="Choose", reply_markup=GO))["message_id"]

    await sent(telegram, "editMessageReplyMarkup", message_id=number)

    assert ("Choose", []) == (telegram.double.screen(PERSON)[-1].text, telegram.double.screen(PERSON)[-1].buttons)


async def test_a_reply_keyboard_stays_until_it_is_removed(telegram: Telegram) -> None:
    number = (await sent(telegram, text="Where?", reply_markup=keyboard(request_location=True)))["message_id"]
    await sent(telegram, text="Or write it", reply_markup=GO)
    shown = telegram.double.chats[PERSON].keyboard
    assert shown is not None
    assert ["Here"] == shown.labels

    await sent(telegram, text="Thanks", reply_markup={"remove_keyboard": True})

    assert telegram.double.chats[PERSON].keyboard is None
    status, body = await telegram.call("editMessageText", chat_id=PERSON, message_id=number, text="x")
    assert (400, "Bad Request: message can't be edited") == (status, body["description"])


async def test_a_message_can_be_deleted_for_two_days(telegram: Telegram) -> None:
    young, old = [(await sent(telegram, text="x"))["message_id"] for _ in range(2)]

    assert await sent(telegram, "deleteMessage", message_id=young)
    assert [1, old] == [message.message_id for message in telegram.double.screen(PERSON)]
    telegram.clock.pass_by(timedelta(hours=49))
    status, body = await telegram.call("deleteMessage", chat_id=PERSON, message_id=old)
    assert (400, "Bad Request: message can't be deleted for everyone") == (status, body["description"])


async def test_a_venue_is_shown_with_its_place(telegram: Telegram) -> None:
    written = await sent(telegram, "sendVenue", latitude=51.5, longitude=-0.1, title="Centre", address="1 Road")

    venue = ptb.Message.de_json(written, None).venue
    assert venue is not None
    assert ("Centre", 51.5) == (venue.title, venue.location.latitude)
    assert telegram.double.screen(PERSON)[-1].venue == written["venue"]


def press(query_id: str) -> Payload:
    message = {"message_id": 2, "date": 0, "chat": {"id": PERSON, "type": "private"}}
    sender = {"id": PERSON, "is_bot": False, "first_name": "Ana"}
    query = {"id": query_id, "from": sender, "chat_instance": "1", "data": "1", "message": message}
    return {"update_id": 8, "callback_query": query}


async def test_a_press_is_answered_while_it_is_young(telegram: Telegram) -> None:
    telegram.double.hear(press("77"))
    status, _ = await telegram.call("answerCallbackQuery", callback_query_id="77", text="x" * 200)
    assert 200 == status
    assert ["77"] == [answer.query_id for answer in telegram.double.callback_answers]

    telegram.clock.pass_by(timedelta(seconds=151))
    for query_id in ("77", "unknown"):
        status, body = await telegram.call("answerCallbackQuery", callback_query_id=query_id)
        assert 400 == status
        assert "query is too old" in body["description"]
    assert [] == telegram.double.refused


async def test_an_answer_to_a_press_has_at_most_200_characters(telegram: Telegram) -> None:
    telegram.double.hear(press("77"))

    status, body = await telegram.call("answerCallbackQuery", callback_query_id="77", text="x" * 201)

    assert (400, "Bad Request: MESSAGE_TOO_LONG") == (status, body["description"])


def queued(telegram: Telegram, *numbers: int) -> None:
    for number in numbers:
        telegram.double.put_update({**update(), "update_id": number})


async def test_polling_gives_from_the_offset_and_forgets_what_it_confirms(telegram: Telegram) -> None:
    queued(telegram, 1, 2, 3)

    async def ids(**parameters: int) -> list[int]:
        return [each["update_id"] for each in (await telegram.call("getUpdates", **parameters))[1]["result"]]

    assert [1, 2] == await ids(limit=2)
    assert [2, 3] == await ids(offset=2)
    assert [2, 3] == await ids()
    assert [3] == await ids(offset=-1)
    assert [] == await ids(offset=4)


async def test_long_polling_wakes_when_somebody_writes(telegram: Telegram) -> None:
    poll = asyncio.create_task(telegram.call("getUpdates", timeout=30))
    await telegram.double.exchange.until(lambda: True if telegram.double.world.poll else None, 5)
    queued(telegram, 9)

    assert [9] == [each["update_id"] for each in (await poll)[1]["result"]]


async def test_a_second_poll_ends_the_first(telegram: Telegram) -> None:
    first = asyncio.create_task(telegram.call("getUpdates", timeout=30))
    await telegram.double.exchange.until(lambda: True if telegram.double.world.poll else None, 5)

    assert 200 == (await telegram.call("getUpdates"))[0]
    assert 409 == (await first)[0]


async def test_polling_and_a_webhook_exclude_each_other(telegram: Telegram) -> None:
    await telegram.call("setWebhook", url="https://c.example/hook", allowed_updates=["message"])
    assert 409 == (await telegram.call("getUpdates"))[0]
    assert "https://c.example/hook" == (await telegram.call("getWebhookInfo"))[1]["result"]["url"]

    await telegram.call("deleteWebhook")
    assert 200 == (await telegram.call("getUpdates"))[0]


async def test_waiting_sees_past_and_coming_messages_and_edits(telegram: Telegram) -> None:
    double = telegram.double
    number = (await sent(telegram, text="Your reference is AB12"))["message_id"]
    assert number == (await double.wait_for(lambda message: "AB12" in message.text)).message_id

    mark = double.mark
    coming = asyncio.create_task(double.wait_for(lambda _: True, since=mark, chat_id=PERSON))
    await sent(telegram, chat_id=GROUP, text="not there")
    await sent(telegram, "editMessageText", message_id=number, text="Changed")
    assert "Changed" == (await coming).text

    with pytest.raises(NothingCameError, match="no such message"):
        await double.wait_for(lambda message: "never" in message.text, 0.01)


async def test_listeners_hear_of_every_change_as_json(telegram: Telegram) -> None:
    events: list[Payload] = []
    telegram.double.listeners.append(events.append)

    number = (await sent(telegram, text="x", reply_markup=keyboard()))["message_id"]
    await sent(telegram, "deleteMessage", message_id=number)
    await telegram.call("sendMessage", chat_id=PERSON)

    assert ["keyboard", "sent", "deleted", "refused"] == [event["kind"] for event in events]
    assert {"telegram"} == {event["provider"] for event in events}


async def test_chats_may_be_open_to_all(telegram: Telegram) -> None:
    telegram.double.world.strict_chats = False

    assert "private" == (await sent(telegram, chat_id=4711, text="x"))["chat"]["type"]
