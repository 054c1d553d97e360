"""A person with Telegram: true updates, posted to our webhook."""

from collections.abc import Awaitable, Callable

import aiohttp
import pytest
import telegram as ptb

from tests.simulator.conftest import Telegram, Webhook
from tests.simulator.test_telegram_rules import GROUP, PERSON, inline, keyboard
from webhooks.simulator.phones import AnsweredTooLateError, NoSuchButtonError, TelegramPhone

SECRET = "abc-123"
BUTTONS = inline({"text": "✅ Yes", "callback_data": "1:yes"}, {"text": "No", "callback_data": "1:no"})


@pytest.fixture
def phone(telegram: Telegram, webhook: Webhook) -> TelegramPhone:
    return TelegramPhone(telegram.session, webhook.url, SECRET, telegram.double, PERSON, "Ana", "de")


def newest(webhook: Webhook) -> ptb.Update:
    return ptb.Update.de_json(webhook.updates[-1], None)


def message(webhook: Webhook) -> ptb.Message:
    found = newest(webhook).message
    assert found is not None
    return found


async def asked(telegram: Telegram, **parameters: object) -> int:
    status, body = await telegram.call("sendMessage", chat_id=PERSON, text="Well?", **parameters)
    assert 200 == status, body
    number: int = body["result"]["message_id"]
    return number


async def test_a_text_is_posted_as_telegram_posts_it(phone: TelegramPhone, webhook: Webhook) -> None:
    assert 200 == await phone.say("Guten Tag")

    said = message(webhook)
    assert SECRET == webhook.headers[-1]["X-Telegram-Bot-Api-Secret-Token"]
    assert ("Guten Tag", PERSON, "private", 1) == (said.text, said.chat.id, said.chat.type, said.message_id)
    assert said.from_user is not None
    assert ("Ana", "de", False) == (said.from_user.first_name, said.from_user.language_code, said.from_user.is_bot)
    assert 1793610000 == webhook.updates[-1]["message"]["date"]
    assert ["Guten Tag"] == [shown.text for shown in phone.screen]


async def test_looking_at_the_phone_opens_no_chat(phone: TelegramPhone, telegram: Telegram) -> None:
    assert ([], [], "") == (phone.buttons, phone.keys, phone.last_text)

    assert 400 == (await telegram.call("sendMessage", chat_id=PERSON, text="x"))[0]


async def test_update_ids_count_over_all_people(phone: TelegramPhone, telegram: Telegram, webhook: Webhook) -> None:
    other = TelegramPhone(telegram.session, webhook.url, SECRET, telegram.double, 43, "Ben")
    for who in (phone, other, phone):
        await who.say("hi")

    ids = [update["update_id"] for update in webhook.updates]
    assert [ids[0], ids[0] + 1, ids[0] + 2] == ids
    assert [1, 1, 2] == [update["message"]["message_id"] for update in webhook.updates]


async def test_start_carries_its_payload_as_a_command(phone: TelegramPhone, webhook: Webhook) -> None:
    await phone.start("join_AB-12")

    said = message(webhook)
    assert "/start join_AB-12" == said.text
    assert ["/start"] == list(said.parse_entities(["bot_command"]).values())
    with pytest.raises(ValueError, match="does not pass on"):
        await phone.start("no spaces")


async def test_a_tap_sends_the_data_of_the_button(phone: TelegramPhone, telegram: Telegram, webhook: Webhook) -> None:
    await phone.start()
    older = await asked(telegram, reply_markup=BUTTONS)
    await asked(telegram, reply_markup=inline({"text": "New", "callback_data": "2:new"}))

    async def data(label: str | int, message_id: int | None = None) -> str | None:
        assert 200 == await phone.tap(label, message_id)
        query = newest(webhook).callback_query
        assert query is not None
        return query.data

    assert ["New"] == phone.buttons
    assert "2:new" == await data("New")
    assert "2:new" == await data(0)
    assert "1:yes" == await data("yes", older)
    with pytest.raises(NoSuchButtonError, match="Maybe"):
        await phone.tap("Maybe")
    query = newest(webhook).callback_query
    assert query is not None
    assert isinstance(query.message, ptb.Message)
    assert ("Well?", older) == (query.message.text, query.message.message_id)
    assert 200 == (await telegram.call("answerCallbackQuery", callback_query_id=query.id, text="ok"))[0]
    assert ["ok"] == [answer.text for answer in phone.answers]


async def test_a_forged_tap_may_belong_to_no_message(phone: TelegramPhone, webhook: Webhook) -> None:
    await phone.start()
    await phone.tap_data("9:admin", 4711)

    query = newest(webhook).callback_query
    assert query is not None
    assert query.message is not None
    assert not query.message.is_accessible
    assert ("9:admin", 4711) == (query.data, query.message.message_id)


async def test_keys_send_their_label_the_place_or_the_contact(
    phone: TelegramPhone, telegram: Telegram, webhook: Webhook
) -> None:
    await phone.start()
    await asked(telegram, reply_markup={"keyboard": [[{"text": "Skip"}]], "one_time_keyboard": True})
    assert ["Skip"] == phone.keys
    await phone.press("Skip")
    assert "Skip" == message(webhook).text
    assert [] == phone.keys

    await asked(telegram, reply_markup=keyboard(request_location=True))
    await phone.press("Here")
    place = message(webhook).location
    assert place is not None
    assert phone.position == (place.latitude, place.longitude)

    await asked(telegram, reply_markup=keyboard(request_contact=True))
    await phone.press(0)
    contact = message(webhook).contact
    assert contact is not None
    assert (PERSON, phone.phone_number) == (contact.user_id, contact.phone_number)

    await asked(telegram, reply_markup={"remove_keyboard": True})
    with pytest.raises(NoSuchButtonError):
        await phone.press("Here")


Deed = Callable[[TelegramPhone], Awaitable[int]]
DEEDS: list[tuple[str, Deed, Callable[[ptb.Message], bool]]] = [
    ("a place", lambda phone: phone.share_location(1.5, 2.5), lambda said: said.location is not None),
    ("own contact", lambda phone: phone.share_contact(), lambda said: said.contact is not None),
    (
        "another's contact",
        lambda phone: phone.share_contact(own=False),
        lambda said: said.contact is not None and said.contact.user_id != PERSON,
    ),
    ("voice", lambda phone: phone.send_voice(), lambda said: said.voice is not None),
    ("a sticker", lambda phone: phone.send_sticker(), lambda said: said.sticker is not None),
]


@pytest.mark.parametrize(("deed", "fits"), [row[1:] for row in DEEDS], ids=[row[0] for row in DEEDS])
async def test_other_messages_are_read_by_the_library(
    phone: TelegramPhone, webhook: Webhook, deed: Deed, fits: Callable[[ptb.Message], bool]
) -> None:
    assert 200 == await deed(phone)

    assert fits(message(webhook))


async def test_an_edit_comes_as_an_edited_message(phone: TelegramPhone, webhook: Webhook) -> None:
    await phone.say("tomorow")
    await phone.edit(1, "tomorrow")

    edited = newest(webhook).edited_message
    assert edited is not None
    assert ("tomorrow", 1) == (edited.text, edited.message_id)
    assert ["tomorrow"] == [shown.text for shown in phone.screen]


async def test_a_block_is_told_and_closes_the_chat(phone: TelegramPhone, telegram: Telegram, webhook: Webhook) -> None:
    await phone.start()
    await phone.block()
    change = newest(webhook).my_chat_member
    assert change is not None
    assert ("member", "kicked") == (change.old_chat_member.status, change.new_chat_member.status)
    assert 403 == (await telegram.call("sendMessage", chat_id=PERSON, text="x"))[0]

    await phone.unblock()
    assert 200 == (await telegram.call("sendMessage", chat_id=PERSON, text="x"))[0]


async def test_an_update_is_delivered_again(phone: TelegramPhone, webhook: Webhook) -> None:
    await phone.say("hi")
    webhook.status = 503

    assert 503 == await phone.redeliver(2)
    assert [webhook.updates[0]] * 3 == webhook.updates
    assert 1 == len(phone.updates)


async def test_a_person_waits_for_what_comes_after_their_deed(phone: TelegramPhone, telegram: Telegram) -> None:
    await phone.start()
    await asked(telegram, reply_markup=BUTTONS)
    assert ["✅ Yes", "No"] == (await phone.wait_for()).buttons

    await phone.say("hm")
    with pytest.raises(TimeoutError):
        await phone.wait_for(timeout=0.01)
    assert "Well?" == phone.last_text


async def test_a_group_has_a_chat_of_its_own(telegram: Telegram, webhook: Webhook) -> None:
    group = {"id": GROUP, "type": "supergroup", "title": "Staff"}
    staff = TelegramPhone(telegram.session, webhook.url, SECRET, telegram.double, PERSON, "Ana", group=group)

    await staff.say("/today@frontdesk_bot")

    assert (GROUP, "supergroup") == (message(webhook).chat.id, message(webhook).chat.type)
    assert ["/today@frontdesk_bot"] == list(message(webhook).parse_entities().values())


async def test_without_a_webhook_updates_wait_to_be_polled(telegram: Telegram) -> None:
    phone = TelegramPhone(telegram.session, None, None, telegram.double, PERSON, "Ana")

    assert 200 == await phone.say("hi")

    _, body = await telegram.call("getUpdates")
    assert phone.updates == body["result"]


async def test_a_webhook_that_is_too_slow_is_an_error(phone: TelegramPhone, webhook: Webhook) -> None:
    webhook.answering.clear()
    phone.patience = aiohttp.ClientTimeout(total=0.05)

    with pytest.raises(AnsweredTooLateError, match=r"0\.05 s"):
        await phone.say("hi")
