"""What the Messages API double accepts and refuses, rule by rule."""

from datetime import timedelta

import pytest
from twilio.base.serialize import iso8601_datetime

from tests.simulator.conftest import ACCOUNT, Twilio
from webhooks.simulator.exchange import Payload
from webhooks.simulator.spec import load
from webhooks.simulator.twilio_account import Fate

NUMBER = "+14155550100"
PERSON = f"whatsapp:{NUMBER}"
OURS = "+15005550006"
SERVICE = "MG" + "b" * 32
SMS: Payload = {"To": NUMBER, "From": OURS, "Body": "Hello"}
CHAT: Payload = {"To": PERSON, "From": f"whatsapp:{OURS}", "Body": "Hello"}

ACCEPTED: list[tuple[str, Payload]] = [
    ("an SMS", SMS),
    ("1600 characters", {**SMS, "Body": "x" * 1600}),
    ("on WhatsApp", CHAT),
    ("a picture", {"To": NUMBER, "From": OURS, "MediaUrl": "https://c.example/map.png"}),
    ("to an id in the place of a number", {**CHAT, "To": "whatsapp:US.13491208655302741918"}),
    ("to an id for several businesses", {**CHAT, "To": "whatsapp:US.ENT.11815799212886844830"}),
    ("a place", {**CHAT, "PersistentAction": "geo:51.5,-0.1|Centre"}),
    ("a callback", {**SMS, "StatusCallback": "https://c.example/webhooks/twilio/status"}),
    ("an hour to arrive", {**SMS, "ValidityPeriod": "3600"}),
    ("by the service", {"To": NUMBER, "MessagingServiceSid": SERVICE, "Body": "Hello"}),
]

REFUSED: list[tuple[str, Payload, int]] = [
    ("unknown parameter", {**SMS, "Colour": "red"}, 20001),
    ("twice the same", {**SMS, "Body": ["a", "b"]}, 20422),
    ("no recipient", {"From": OURS, "Body": "x"}, 21604),
    ("national number", {**SMS, "To": "07700900100"}, 21211),
    ("number with spaces", {**SMS, "To": "+44 7700 900100"}, 21211),
    ("an id by SMS", {**SMS, "To": "US.13491208655302741918"}, 21211),
    ("half an id", {**CHAT, "To": "whatsapp:US."}, 21211),
    ("no sender", {"To": NUMBER, "Body": "x"}, 21603),
    ("foreign sender", {**SMS, "From": "+15005550007"}, 21606),
    ("foreign WhatsApp sender", {**CHAT, "From": "whatsapp:+15005550007"}, 63007),
    ("sender no number", {**SMS, "From": "clinic"}, 21212),
    ("WhatsApp to SMS", {**CHAT, "To": NUMBER}, 21910),
    ("SMS to WhatsApp", {**SMS, "To": PERSON}, 21910),
    ("to oneself", {**SMS, "To": OURS}, 21266),
    ("odd service", {"To": NUMBER, "MessagingServiceSid": "MG1", "Body": "x"}, 20422),
    ("1601 characters", {**SMS, "Body": "x" * 1601}, 21617),
    ("empty body", {**SMS, "Body": ""}, 21602),
    ("nothing to say", {"To": NUMBER, "From": OURS}, 21619),
    ("media no address", {**SMS, "MediaUrl": "map.png"}, 21620),
    ("11 media", {**SMS, "MediaUrl": ["https://c.example/a.png"] * 11}, 21623),
    ("relative callback", {**SMS, "StatusCallback": "/status"}, 21609),
    ("callback to an underscore", {**SMS, "StatusCallback": "https://c_1.example/s"}, 21609),
    ("no time to arrive", {**SMS, "ValidityPeriod": "0"}, 21624),
    ("eleven hours to arrive", {**SMS, "ValidityPeriod": "39600"}, 21624),
    ("time no number", {**SMS, "ValidityPeriod": "soon"}, 20422),
    ("place on SMS", {**SMS, "PersistentAction": "geo:51.5,-0.1|Centre"}, 20422),
    ("place without comma", {**CHAT, "PersistentAction": "geo:51.5 -0.1"}, 20422),
    ("place off the earth", {**CHAT, "PersistentAction": "geo:91,0|x"}, 20422),
    ("unknown content", {"To": PERSON, "From": f"whatsapp:{OURS}", "ContentSid": "HX" + "0" * 32}, 21655),
    ("variables of nothing", {**CHAT, "ContentVariables": "{}"}, 21654),
    ("scheduled", {**SMS, "SendAt": "2026-11-03T09:00:00Z"}, 20422),
]


@pytest.mark.parametrize("form", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
async def test_a_correct_message_is_created(twilio: Twilio, form: Payload) -> None:
    twilio.double.heard(PERSON, "hi")

    status, body = await twilio.send(**form)

    assert 201 == status, body
    assert set(load("twilio")["message"]["properties"]) == set(body)
    assert (form["To"], "outbound-api") == (body["to"], body["direction"])
    assert [] == twilio.double.refused


@pytest.mark.parametrize(("form", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
async def test_a_wrong_message_is_refused(twilio: Twilio, form: Payload, code: int) -> None:
    twilio.double.heard(PERSON, "hi")

    status, body = await twilio.send(**form)

    assert (400, code, 400) == (status, body["code"], body["status"])
    assert f"https://www.twilio.com/docs/errors/{code}" == body["more_info"]
    assert [code] == [call.code for call in twilio.double.refused]
    assert {} == twilio.double.messages


async def test_the_account_must_prove_itself(twilio: Twilio) -> None:
    status, body = await twilio.request("POST", twilio.messages, form=SMS, secret="guess")
    assert (401, 20003) == (status, body["code"])

    status, body = await twilio.request("POST", twilio.messages.replace(ACCOUNT, "AC" + "0" * 32), form=SMS)
    assert (404, 20404) == (status, body["code"])


async def test_parameters_are_form_encoded(twilio: Twilio) -> None:
    status, body = await twilio.request("POST", twilio.messages, body=SMS)

    assert (400, 20422) == (status, body["code"])


async def test_a_service_chooses_the_sender_later(twilio: Twilio) -> None:
    _, body = await twilio.send(To=NUMBER, MessagingServiceSid=SERVICE, Body="Hello")
    assert ("accepted", None, "0") == (body["status"], body["from"], body["num_segments"])

    await twilio.double.deliver_receipts()
    _, body = await twilio.request("GET", twilio.messages.replace(".json", f"/{body['sid']}.json"))
    assert ("delivered", OURS, "1") == (body["status"], body["from"], body["num_segments"])


async def test_a_service_must_exist(twilio: Twilio) -> None:
    twilio.double.account.messaging_services = set()

    status, body = await twilio.send(To=NUMBER, MessagingServiceSid=SERVICE, Body="Hello")

    assert (404, 21701) == (status, body["code"])


@pytest.mark.parametrize("word", ["STOP", " cancel ", "End", "UNSUBSCRIBE", "quit", "OptOut", "REVOKE", "stopall"])
async def test_the_carriers_words_opt_out_and_only_start_returns(twilio: Twilio, word: str) -> None:
    twilio.double.heard(NUMBER, word)
    status, body = await twilio.send(**SMS)
    assert (400, 21610) == (status, body["code"])
    assert ([], 1) == (twilio.double.refused, len(twilio.double.declined))

    twilio.double.heard(NUMBER, "hello?")
    assert 400 == (await twilio.send(**SMS))[0]
    twilio.double.heard(NUMBER, "start")
    assert 201 == (await twilio.send(**SMS))[0]


@pytest.mark.parametrize("words", ["stop please", "cancel my booking", "1"])
async def test_other_words_do_not_opt_out(twilio: Twilio, words: str) -> None:
    twilio.double.heard(NUMBER, words)

    assert 201 == (await twilio.send(**SMS))[0]


async def test_whatsapp_knows_no_carrier_words(twilio: Twilio) -> None:
    twilio.double.heard(PERSON, "STOP")

    assert 201 == (await twilio.send(**CHAT))[0]
    assert set() == twilio.double.opted_out


async def test_free_text_is_accepted_outside_the_window_and_fails_later(twilio: Twilio) -> None:
    twilio.double.heard(PERSON, "hi")
    await twilio.send(**CHAT)
    twilio.clock.pass_by(timedelta(hours=24))

    status, late = await twilio.send(**CHAT)
    await twilio.double.deliver_receipts()

    assert (201, "queued") == (status, late["status"])
    failed = twilio.double.messages[late["sid"]]
    assert ("failed", 63016) == (failed.status, failed.error_code)
    assert 1 == len(twilio.double.screen(PERSON))
    assert 2 == len(twilio.double.messages)


async def test_numbers_can_be_made_to_fail_at_once_or_later(twilio: Twilio) -> None:
    twilio.double.refusals["+14155550101"] = 21614
    twilio.double.fates[NUMBER] = Fate("undelivered", 30005)

    status, body = await twilio.send(**{**SMS, "To": "+14155550101"})
    assert (400, 21614) == (status, body["code"])
    _, body = await twilio.send(**SMS)
    await twilio.double.deliver_receipts()
    assert ("undelivered", 30005) == (
        twilio.double.messages[body["sid"]].status,
        twilio.double.messages[body["sid"]].error_code,
    )


async def test_messages_are_listed_by_recipient_and_time(twilio: Twilio) -> None:
    before = twilio.clock.moment
    for text in ("one", "two", "three"):
        await twilio.send(**{**SMS, "Body": text})
        twilio.clock.pass_by(timedelta(minutes=1))
    await twilio.send(**{**SMS, "To": "+14155550199"})

    async def bodies(**query: str) -> list[str]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        _, body = await twilio.request("GET", f"{twilio.messages}?To=%2B14155550100&{asked}")
        return [message["body"] for message in body["messages"]]

    assert ["three", "two", "one"] == await bodies()
    after = iso8601_datetime(before + timedelta(minutes=1))
    assert ["three", "two"] == await bodies(**{"DateSent%3E": after})
    assert ["two", "one"] == await bodies(**{"DateSent%3C": after})
    assert ["three", "two", "one"] == await bodies(DateSent="2026-11-02")
    assert ["one"] == await bodies(PageSize="2", Page="1")
    assert 400 == (await twilio.request("GET", f"{twilio.messages}?Colour=red"))[0]


async def test_what_is_not_there_is_not_found(twilio: Twilio) -> None:
    for path in ("/v1/Content/HX0", "/v2/Anything", f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM0.json"):
        status, body = await twilio.request("GET", twilio.root + path)
        assert (404, 20404) == (status, body["code"])


async def test_a_phone_shows_what_it_got(twilio: Twilio) -> None:
    await twilio.send(**{**SMS, "Body": "It’s time"})

    shown = twilio.double.screen(NUMBER)[-1]
    assert ("It’s time", 1, "UCS-2") == (shown.body, shown.segments, shown.encoding)
    await twilio.send(**{**SMS, "Body": "It’s time", "SmartEncoded": "true"})
    assert "GSM-7" == twilio.double.screen(NUMBER)[-1].encoding
    twilio.double.heard(PERSON, "hi")
    await twilio.send(**{**CHAT, "PersistentAction": "geo:51.5,-0.1|Centre"})
    place = twilio.double.screen(PERSON)[-1].location
    assert place is not None
    assert (51.5, -0.1, "Centre") == (place.latitude, place.longitude, place.label)
