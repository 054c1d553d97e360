"""What Twilio posts, as the `Inbound` it becomes: one row for each kind of message."""

from __future__ import annotations

import pytest
from aiohttp import web
from multidict import MultiDict

from bot.messages import Inbound, dump_inbound, load_inbound
from dialogs.said import Kind, Said
from domain.centres import Position
from domain.patients import Channel
from webhooks.twilio import inbound

SID = "SM" + "0" * 32
SMS = {"MessageSid": SID, "SmsSid": SID, "From": "+15551230001", "To": "+15550000001", "NumMedia": "0"}
WHATSAPP = {**SMS, "From": "whatsapp:+15551230001", "To": "whatsapp:+15550000002", "WaId": "15551230001"}
TAP = {"ButtonText": "Monday", "MessageType": "interactive", "Body": "Monday"}
PLACE = {"Latitude": "51.45", "Longitude": "-2.59", "Body": "", "Address": "", "Label": "Home"}
MEDIA = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/jpeg"}
PICKED = Said(kind=Kind.TAP, text="Monday", menu=7, option=2)

SAID_BY_SMS: dict[str, tuple[dict[str, str], Said]] = {
    "text": ({"Body": "next Tuesday"}, Said(text="next Tuesday")),
    "a number": ({"Body": "2"}, Said(text="2")),
    "text with spaces and lines is kept as it came": ({"Body": " 1\n2 "}, Said(text=" 1\n2 ")),
    "nothing": ({"Body": ""}, Said(kind=Kind.UNREADABLE)),
    "blanks": ({"Body": " \n "}, Said(kind=Kind.UNREADABLE)),
    "no body at all": ({}, Said(kind=Kind.UNREADABLE)),
    "a picture alone": ({**MEDIA, "Body": ""}, Said(kind=Kind.UNREADABLE)),
    "a picture with words": ({**MEDIA, "Body": "my card"}, Said(text="my card")),
    "opted out by the carrier": ({"Body": "Stop please", "OptOutType": "STOP"}, Said(kind=Kind.STOP)),
    "opted in by the carrier": ({"Body": "YES", "OptOutType": "START"}, Said(kind=Kind.RESUME)),
    "helped by the carrier": ({"Body": "HELP", "OptOutType": "HELP"}, Said(text="HELP")),
}
SAID_BY_WHATSAPP: dict[str, tuple[dict[str, str], Said]] = {
    "text": ({"Body": "next Tuesday", "MessageType": "text", "ProfileName": "Ana"}, Said(text="next Tuesday")),
    "a quick reply": ({**TAP, "ButtonPayload": "7:2"}, PICKED),
    "a line of a list": ({"Body": "Monday", "ListId": "7:2", "ListTitle": "Monday"}, PICKED),
    "a line of a list goes before a button": ({**TAP, "ListId": "7:2", "ButtonPayload": "6:1"}, PICKED),
    "a button of a list that is not ours": ({**TAP, "ListId": "x", "ButtonPayload": "7:2"}, PICKED),
    "a button with somebody else's payload is its words": ({**TAP, "ButtonPayload": "yes"}, Said(text="Monday")),
    "a button with half of our payload is its words": ({**TAP, "ButtonPayload": "7:"}, Said(text="Monday")),
    "a button with a number too long is its words": ({**TAP, "ButtonPayload": "9999999999:1"}, Said(text="Monday")),
    "an answer to one of our messages": (
        {"Body": "the second", "OriginalRepliedMessageSid": SID, "OriginalRepliedMessageSender": "whatsapp:+1555"},
        Said(text="the second"),
    ),
    "a place": (PLACE, Said(kind=Kind.PIN, position=Position(51.45, -2.59))),
    "a picture alone": ({**MEDIA, "Body": "", "MessageType": "image"}, Said(kind=Kind.UNREADABLE)),
    "a card alone": ({"Body": "", "MessageType": "contacts"}, Said(kind=Kind.UNREADABLE)),
}


def heard(channel: Channel, said: Said, *, answers: str | None = None) -> Inbound:
    return Inbound(channel=channel, address="+15551230001", provider_id=SID, said=said, answers=answers)


@pytest.mark.parametrize("reason", SAID_BY_SMS)
def test_a_text_message_becomes(reason: str) -> None:
    form, said = SAID_BY_SMS[reason]
    found = inbound(MultiDict({**SMS, **form}))

    assert heard(Channel.SMS, said) == found
    assert found == load_inbound(dump_inbound(found)), "the inbox gives back what it was given"


@pytest.mark.parametrize("reason", SAID_BY_WHATSAPP)
def test_a_whatsapp_message_becomes(reason: str) -> None:
    form, said = SAID_BY_WHATSAPP[reason]
    found = inbound(MultiDict({**WHATSAPP, **form}))

    assert heard(Channel.WHATSAPP, said, answers=form.get("OriginalRepliedMessageSid")) == found
    assert found == load_inbound(dump_inbound(found)), "the inbox gives back what it was given"


EVERYWHERE, ON_SMS = ("sms", "whatsapp"), ("sms",)
STOPS = {
    "stop": EVERYWHERE,
    "STOP": EVERYWHERE,
    " Stop ": EVERYWHERE,
    "stopall": EVERYWHERE,
    "Unsubscribe": EVERYWHERE,
    "OptOut": EVERYWHERE,
    "arrêt": EVERYWHERE,
    "ARRETER": EVERYWHERE,
    "désabonner": EVERYWHERE,
    "désinscrire": EVERYWHERE,
    "alto": EVERYWHERE,
    "Baja": EVERYWHERE,
    "parar": EVERYWHERE,
    "detener": EVERYWHERE,
    "cancel": ON_SMS,
    "END": ON_SMS,
    "quit": ON_SMS,
    "revoke": ON_SMS,
    "stop it": (),
    "please stop": (),
    "cancel my booking": (),
    "no": (),
    "fin": (),
}


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("word", STOPS)
def test_words_stop_us_where_they_mean_it(word: str, channel: str) -> None:
    """The carrier acts on its own words whatever we think; on WhatsApp, cancel is something to cancel."""
    form = SMS if channel == "sms" else WHATSAPP
    said = inbound(MultiDict({**form, "Body": word})).said

    assert (Kind.STOP if channel in STOPS[word] else Kind.TEXT) == said.kind
    assert word == said.text


@pytest.mark.parametrize("form", [SMS, WHATSAPP], ids=["sms", "whatsapp"])
@pytest.mark.parametrize("word", ["START", "start", " Start ", "unstop"])
def test_words_let_us_write_again(form: dict[str, str], word: str) -> None:
    assert Said(kind=Kind.RESUME, text=word) == inbound(MultiDict({**form, "Body": word})).said


@pytest.mark.parametrize("form", [SMS, WHATSAPP], ids=["sms", "whatsapp"])
def test_the_words_that_a_link_writes_begin_at_its_centre(form: dict[str, str]) -> None:
    assert Said(kind=Kind.BEGIN, text="centre_42") == inbound(MultiDict({**form, "Body": "Book at centre 42"})).said


@pytest.mark.parametrize(
    ("payload", "template", "said"),
    [
        ("reminder:2", "reminder", Said(kind=Kind.TAP, text="Monday", option=2)),
        ("missed:0", "missed", Said(kind=Kind.TAP, text="Monday", option=0)),
        ("reminder:", None, Said(text="Monday")),
        ("reminder:123", None, Said(text="Monday")),
        ("reminders:0", None, Said(text="Monday")),
    ],
)
def test_a_button_of_a_template_names_its_kind_and_its_place(payload: str, template: str | None, said: Said) -> None:
    form = {**WHATSAPP, **TAP, "ButtonPayload": payload, "OriginalRepliedMessageSid": SID}
    found = inbound(MultiDict(form))
    assert (template, said, SID) == (found.template, found.said, found.answers)
    assert found == load_inbound(dump_inbound(found)), "the inbox gives back what it was given"


SCOPED, IN_GROUP = "US.13491208655302741918", "US.ENT.11815799212886844830"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"From": f"whatsapp:{SCOPED}"}, SCOPED),
        ({"From": f"whatsapp:{SCOPED}", "ExternalUserId": SCOPED}, SCOPED),
        ({"From": f"whatsapp:{IN_GROUP}"}, IN_GROUP),
        ({"From": "whatsapp:US." + "a1" * 64}, "US." + "a1" * 64),
        ({"From": "whatsapp:ana.silva", "ExternalUserId": SCOPED}, SCOPED),
        ({"From": "whatsapp:", "ExternalUserId": f"whatsapp:{SCOPED}"}, SCOPED),
        ({"From": "whatsapp:+15551230001", "ExternalUserId": SCOPED}, "+15551230001"),
    ],
    ids=str,
)
def test_who_shows_no_number_is_known_by_the_id_in_its_place(given: dict[str, str], address: str) -> None:
    found = inbound(MultiDict({**WHATSAPP, "Body": "hello", **given}))
    assert (Channel.WHATSAPP, address) == (found.channel, found.address)


@pytest.mark.parametrize(("country", "language"), [("FR", "fr"), ("MX", "es"), ("GB", None)])
def test_such_an_id_tells_the_language_by_its_country(country: str, language: str | None) -> None:
    assert language == inbound(MultiDict({**WHATSAPP, "From": f"whatsapp:{country}.1349", "Body": "2"})).language


def test_yes_is_an_answer_and_not_a_subscription() -> None:
    assert Said(text="YES") == inbound(MultiDict({**SMS, "Body": "YES"})).said


@pytest.mark.parametrize(
    ("number", "body", "language"),
    [
        ("+15551230001", "hello", "en"),
        ("+15551230001", "Bonjour, je voudrais un rendez-vous", "fr"),
        ("+15551230001", "¡Hola!", "es"),
        ("+33612345678", "2", "fr"),
        ("+33612345678", "hello", "en"),
        ("+262692123456", "2", "fr"),
        ("+34612345678", "2", "es"),
        ("+5215512345678", "2", "es"),
        ("+447700900123", "2", None),
        ("+15551230001", "2", None),
    ],
)
def test_the_greeting_tells_the_language_or_else_the_number_does(number: str, body: str, language: str | None) -> None:
    assert language == inbound(MultiDict({**SMS, "From": number, "Body": body})).language


@pytest.mark.parametrize(
    "wrong",
    [
        {"From": ""},
        {"From": "12345"},
        {"From": "PHARMACY"},
        {"From": "whatsapp:"},
        {"From": "messenger:123"},
        {"From": SCOPED},
        {"From": "", "ExternalUserId": SCOPED},
        {"From": "whatsapp:US."},
        {"From": "whatsapp:US.OTHER.1349"},
        {"From": "whatsapp:1349", "ExternalUserId": "1349"},
        {"From": "whatsapp:US." + "1" * 129},
        {"From": "+0123456789"},
        {"From": "+1555123000123456789"},
        {"MessageSid": "", "SmsSid": ""},
        {"MessageSid": "x"},
        {"MessageSid": "SM" + "0" * 80},
        {"MessageSid": "SM 000000000000"},
        {"Latitude": "north", "Longitude": "west"},
        {"Latitude": "91", "Longitude": "0"},
        {"Latitude": "0", "Longitude": "-181"},
        {"Latitude": "nan", "Longitude": "0"},
    ],
    ids=str,
)
def test_what_lacks_what_every_message_has_is_a_bad_request(wrong: dict[str, str]) -> None:
    with pytest.raises(web.HTTPBadRequest):
        inbound(MultiDict({**SMS, "Body": "hello", **wrong}))


@pytest.mark.parametrize("missing", [("From",), ("MessageSid", "SmsSid")], ids=str)
def test_who_wrote_and_which_message_must_be_there(missing: tuple[str, ...]) -> None:
    with pytest.raises(web.HTTPBadRequest):
        inbound(MultiDict({name: value for name, value in SMS.items() if name not in missing}))


def test_the_older_name_of_the_message_will_do() -> None:
    form = {name: value for name, value in SMS.items() if name != "MessageSid"}
    assert SID == inbound(MultiDict({**form, "Body": "hello"})).provider_id
