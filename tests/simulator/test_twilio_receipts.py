"""Status callbacks as our side gets them."""

import asyncio
from random import Random

from twilio.request_validator import RequestValidator

from tests.simulator.conftest import ACCOUNT, SECRET, Twilio, Webhook
from tests.simulator.test_twilio_rules import CHAT, NUMBER, OURS, PERSON, SMS
from webhooks.simulator.twilio_account import Fate, Receipt

PUBLIC = "https://c.example/webhooks/twilio/status"


def connected(twilio: Twilio, webhook: Webhook) -> None:
    twilio.double.route = {PUBLIC: webhook.url}.__getitem__


async def test_receipts_are_signed_for_the_public_address(twilio: Twilio, webhook: Webhook) -> None:
    connected(twilio, webhook)
    _, body = await twilio.send(**SMS, StatusCallback=PUBLIC)
    assert [] == webhook.forms

    delivered = await twilio.double.deliver_receipts()

    assert [200, 200] == [each.status for each in delivered]
    assert ["sent", "delivered"] == [form["MessageStatus"] for form in webhook.forms]
    for form, headers in zip(webhook.forms, webhook.headers, strict=True):
        assert RequestValidator(SECRET).validate(PUBLIC, form, headers["X-Twilio-Signature"])
        assert (body["sid"], ACCOUNT, NUMBER, OURS) == (
            form["MessageSid"],
            form["AccountSid"],
            form["To"],
            form["From"],
        )
    assert "2611020900" == webhook.forms[1]["RawDlrDoneDate"]
    assert "delivered" == twilio.double.messages[body["sid"]].status


async def test_receipts_come_in_any_order_and_the_status_never_goes_back(twilio: Twilio, webhook: Webhook) -> None:
    connected(twilio, webhook)
    _, body = await twilio.send(**SMS, StatusCallback=PUBLIC)
    twilio.double.pending_receipts.reverse()

    await twilio.double.deliver_receipts()

    assert ["delivered", "sent"] == [form["MessageStatus"] for form in webhook.forms]
    assert "delivered" == twilio.double.messages[body["sid"]].status


async def test_receipts_can_be_shuffled_and_repeated(twilio: Twilio, webhook: Webhook) -> None:
    connected(twilio, webhook)
    twilio.double.delivery = ("sent", "delivered", "read")
    twilio.double.heard(PERSON, "hi")
    _, body = await twilio.send(**CHAT, StatusCallback=PUBLIC)

    await twilio.double.deliver_receipts(Random(3))
    await twilio.double.deliver(Receipt(body["sid"], "read"))

    assert {"sent", "delivered", "read"} == {form["MessageStatus"] for form in webhook.forms}
    assert ("READ", "whatsapp") == (webhook.forms[-1]["EventType"], webhook.forms[-1]["ChannelPrefix"])


async def test_a_failure_tells_its_code(twilio: Twilio, webhook: Webhook) -> None:
    connected(twilio, webhook)
    twilio.double.fates[NUMBER] = Fate("undelivered", 30003)
    await twilio.send(**SMS, StatusCallback=PUBLIC)
    await twilio.send(**CHAT, StatusCallback=PUBLIC)

    await twilio.double.deliver_receipts()

    assert [("undelivered", "30003"), ("failed", "63016")] == [
        (form["MessageStatus"], form["ErrorCode"]) for form in webhook.forms
    ]
    assert "ChannelStatusMessage" in webhook.forms[1]


async def test_receipts_come_by_themselves_after_the_answer(twilio: Twilio, webhook: Webhook) -> None:
    connected(twilio, webhook)
    twilio.double.auto_receipts = True

    assert 201 == (await twilio.send(**SMS, StatusCallback=PUBLIC))[0]

    await twilio.double.exchange.until(lambda: True if len(twilio.double.delivered) == 2 else None, 5)
    assert [200, 200] == [each.status for each in twilio.double.delivered]


async def test_receipts_may_come_before_the_answer(twilio: Twilio, webhook: Webhook) -> None:
    connected(twilio, webhook)
    twilio.double.early_receipts = True

    sending = asyncio.create_task(twilio.send(**SMS, StatusCallback=PUBLIC))
    await twilio.double.exchange.until(lambda: True if len(webhook.forms) == 2 else None, 5)

    assert (201, "queued") == ((sent := await sending)[0], sent[1]["status"])


async def test_a_receipt_that_nobody_takes_is_noted(twilio: Twilio) -> None:
    twilio.double.route = lambda _: "http://127.0.0.1:9/"
    await twilio.send(**SMS, StatusCallback=PUBLIC)

    assert [0, 0] == [each.status for each in await twilio.double.deliver_receipts()]
