"""A person with SMS or WhatsApp: signed requests as Twilio makes them."""

import aiohttp
import pytest
from twilio.request_validator import RequestValidator

from tests.simulator.conftest import ACCOUNT, SECRET, Twilio, Webhook
from tests.simulator.test_twilio_content import items, made, replies, send
from tests.simulator.test_twilio_rules import CHAT, NUMBER, OURS, PERSON, SMS
from webhooks.simulator.phones import AnsweredTooLateError, NoSuchButtonError, TwilioPhone, WrongAnswerError

PUBLIC = "https://c.example/webhooks/twilio"


@pytest.fixture
def chatter(twilio: Twilio, webhook: Webhook) -> TwilioPhone:
    return TwilioPhone(twilio.session, webhook.url, PUBLIC, twilio.double, NUMBER, OURS, True, "Ana")


@pytest.fixture
def texter(twilio: Twilio, webhook: Webhook) -> TwilioPhone:
    return TwilioPhone(twilio.session, webhook.url, PUBLIC, twilio.double, NUMBER, OURS, False)


def is_signed(webhook: Webhook) -> bool:
    signature = webhook.headers[-1]["X-Twilio-Signature"]
    valid: bool = RequestValidator(SECRET).validate(PUBLIC, webhook.forms[-1], signature)
    return valid


def newest(webhook: Webhook, *names: str) -> list[str | None]:
    return [webhook.forms[-1].get(name) for name in names]


async def test_an_sms_comes_signed_with_all_its_fields(texter: TwilioPhone, webhook: Webhook) -> None:
    assert 200 == await texter.say(" Book 🎉 ")

    assert is_signed(webhook)
    assert [" Book 🎉 ", NUMBER, OURS, ACCOUNT] == newest(webhook, "Body", "From", "To", "AccountSid")
    assert ["received", "0", "1"] == newest(webhook, "SmsStatus", "NumMedia", "NumSegments")
    assert ["", "GB", None, None] == newest(webhook, "FromCity", "FromCountry", "MessageType", "ProfileName")
    assert [" kept as it is ", ""] == newest(webhook, "AddedTomorrow", "AddedTomorrowToo")
    assert 1 == len(set(newest(webhook, "MessageSid", "SmsSid", "SmsMessageSid")))


async def test_a_whatsapp_message_names_the_person(chatter: TwilioPhone, webhook: Webhook) -> None:
    await chatter.say("Hola")

    assert is_signed(webhook)
    assert [PERSON, f"whatsapp:{OURS}", "text"] == newest(webhook, "From", "To", "MessageType")
    assert ["Ana", "14155550100"] == newest(webhook, "ProfileName", "WaId")


async def test_a_tap_sends_the_title_and_the_id(chatter: TwilioPhone, twilio: Twilio, webhook: Webhook) -> None:
    await chatter.say("hi")
    _, body = await send(twilio, await made(twilio, replies(2)))
    assert ["Title 0", "Title 1"] == chatter.buttons

    assert 200 == await chatter.tap("Title 1")

    assert is_signed(webhook)
    assert ["Title 1", "1", "Title 1", "interactive"] == newest(
        webhook, "ButtonText", "ButtonPayload", "Body", "MessageType"
    )
    assert [body["sid"]] == newest(webhook, "OriginalRepliedMessageSid")
    with pytest.raises(NoSuchButtonError):
        await chatter.tap("Title 9")
    with pytest.raises(NoSuchButtonError):
        await chatter.pick("Title 1")


async def test_a_pick_sends_the_lines_id(chatter: TwilioPhone, twilio: Twilio, webhook: Webhook) -> None:
    await chatter.say("hi")
    await send(twilio, await made(twilio, items(3)))

    await chatter.pick("Item 2")

    assert ["2", "Item 2", "Item 2"] == newest(webhook, "ListId", "ListTitle", "Body")


async def test_places_media_and_answers_have_their_fields(chatter: TwilioPhone, webhook: Webhook) -> None:
    await chatter.share_location(51.5, -0.1, "Home")
    assert ["51.5", "-0.1", "Home", "", "location"] == newest(
        webhook, "Latitude", "Longitude", "Label", "Body", "MessageType"
    )
    await chatter.send_media()
    assert ["1", "image/jpeg"] == newest(webhook, "NumMedia", "MediaContentType0")
    await chatter.reply_to("SM1", "yes")
    assert ["SM1", f"whatsapp:{OURS}"] == newest(webhook, "OriginalRepliedMessageSid", "OriginalRepliedMessageSender")
    assert is_signed(webhook)


async def test_the_same_request_comes_again_with_the_same_token(texter: TwilioPhone, webhook: Webhook) -> None:
    await texter.say("hi")
    await texter.redeliver()
    await texter.say("hi")

    tokens = [headers["I-Twilio-Idempotency-Token"] for headers in webhook.headers]
    assert (True, False) == (tokens[0] == tokens[1], tokens[1] == tokens[2])
    assert webhook.forms[0] == webhook.forms[1]


async def test_a_forged_request_is_signed_by_somebody_else(texter: TwilioPhone, webhook: Webhook) -> None:
    webhook.status = 403

    assert 403 == await texter.forge("STOP")
    assert not is_signed(webhook)
    assert set() == texter.double.opted_out


async def test_writing_opens_the_window_and_stop_closes_the_line(
    chatter: TwilioPhone, texter: TwilioPhone, twilio: Twilio
) -> None:
    await chatter.say("hi")
    await texter.say("stop")

    assert 201 == (await twilio.send(**CHAT))[0]
    assert 21610 == (await twilio.send(**SMS))[1]["code"]
    await twilio.double.deliver_receipts()
    assert ("Hello", "") == ((await chatter.wait_for()).body, texter.last_text)
    assert "Hello" == chatter.last_text


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [("ok", "text/plain", "12300"), ("<Response>", "text/xml", "12100"), ("<Say/>", "text/xml", "12100")],
)
async def test_an_answer_that_is_no_twiml_is_an_error(
    texter: TwilioPhone, webhook: Webhook, body: str, content_type: str, why: str
) -> None:
    webhook.body, webhook.content_type = body, content_type

    with pytest.raises(WrongAnswerError, match=why):
        await texter.say("hi")


@pytest.mark.parametrize("body", ["", "<?xml version='1.0'?><Response/>"])
async def test_an_empty_answer_is_right(texter: TwilioPhone, webhook: Webhook, body: str) -> None:
    webhook.body = body

    assert 200 == await texter.say("hi")


async def test_an_sms_carries_no_place(texter: TwilioPhone) -> None:
    with pytest.raises(NoSuchButtonError):
        await texter.share_location(1, 2)


async def test_a_webhook_that_is_too_slow_is_an_error(texter: TwilioPhone, webhook: Webhook) -> None:
    webhook.answering.clear()
    texter.patience = aiohttp.ClientTimeout(total=0.05)

    with pytest.raises(AnsweredTooLateError, match=r"0\.05 s"):
        await texter.say("hi")
