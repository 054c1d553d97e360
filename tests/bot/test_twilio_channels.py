"""What a dialog says, as the requests that Twilio gets for text messages and WhatsApp: a row for each kind."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from bot.channels.base import RefusedError
from bot.channels.sms import SmsChannel
from bot.channels.twilio import Sender
from bot.channels.twilio_codes import RESOURCE_FAULTS
from bot.channels.whatsapp import WhatsAppChannel, resource_for, resources
from bot.messages import Outgoing, TapAnswered
from dialogs.prompt import Choice, Line, MapPin, Prompt, Settled, Visit, Want
from domain.centres import Position
from tests.conftest import NOW
from webhooks.simulator.exchange import Fault
from webhooks.simulator.segments import Encoding
from webhooks.simulator.twilio_double import TwilioDouble
from webhooks.simulator.twilio_shown import Place, TwilioMessage

ACCOUNT, AUTH = "AC" + "0" * 32, "token"
PHONE, SMS_FROM, WHATSAPP_FROM, SERVICE = "+15551230001", "+15550000001", "+15550000002", "MG" + "0" * 32
CALLBACK = "https://desk.example.org/webhooks/twilio/status"
PIN = MapPin(position=Position(51.45, -2.59), title="Harbour", address="1 Quay Street, Bristol")
VISIT = Visit(
    reference="ABC234",
    sequence=3,
    starts_at=datetime(2027, 3, 2, 9, tzinfo=UTC),
    ends_at=datetime(2027, 3, 2, 10, tzinfo=UTC),
    title="Harbour Practice",
    place="1 Quay Street",
    caption="Calendar entry:",
)
SURE = Prompt(text="Sure?", menu=3, choices=(Choice("Yes"), Choice("No")))
WHEN = Prompt(
    text="When?", menu=12, choices=(Choice("Tue 2 Mar", "early"), Choice("Wed"), Choice("Thu"), Choice("Fri"))
)
WHERE = Prompt(
    text="Where?",
    menu=3,
    choices=(Choice("Show all"),),
    wants=(Want.LOCATION,),
    hints=("You can also share it.",),
    shares=("Share my location",),
)
NOT_SAID: list[Outgoing] = [Settled(menu=3, text="Sure?", label="Yes"), TapAnswered(callback="1")]


@dataclass(slots=True)
class Running:
    double: TwilioDouble
    session: aiohttp.ClientSession
    root: str
    sids: dict[str, str] = field(default_factory=dict)

    @property
    def sender(self) -> Sender:
        return Sender(
            account_sid=ACCOUNT, auth_token=AUTH, root=self.root, session=self.session, status_callback=CALLBACK
        )

    def sms(self, **origin: str) -> SmsChannel:
        return SmsChannel(self.sender, origin=origin or {"from_": SMS_FROM}, link=_link)

    async def sid(self, name: str) -> str | None:
        return self.sids.get(name)

    def refused(self, sid: str) -> None:
        self.sids = {name: one for name, one in self.sids.items() if one != sid}

    def whatsapp(self) -> WhatsAppChannel:
        self.double.heard(f"whatsapp:{PHONE}", "hello")  # so that free text is allowed
        return WhatsAppChannel(self.sender, number=WHATSAPP_FROM, link=_link, sids=self, clock=lambda: NOW)

    async def provision(self) -> None:
        """Make the resources as `frontdesk whatsapp provision` does."""
        for name, body in resources().items():
            headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, AUTH)}
            async with self.session.post(f"{self.root}/v1/Content", json=body, headers=headers) as response:
                assert 201 == response.status
                self.sids[name] = (await response.json())["sid"]

    async def shown(self, channel: SmsChannel | WhatsAppChannel, *messages: Outgoing) -> list[TwilioMessage]:
        """Send *messages*, and return what the phone shows."""
        sent = [await channel.send(PHONE, part, None) for part in channel.shape(list(messages))]
        address = PHONE if isinstance(channel, SmsChannel) else f"whatsapp:{PHONE}"
        screen = self.double.screen(address)
        assert [message.sid for message in screen] == sent
        return screen

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters of the last request."""
        return dict(self.double.calls[-1].parameters)


def _link(reference: str) -> str | None:
    return f"https://desk.example.org/calendar/{reference}.ics"


@pytest_asyncio.fixture
async def twilio() -> AsyncIterator[Running]:
    numbers = {SMS_FROM, f"whatsapp:{WHATSAPP_FROM}"}
    double = TwilioDouble(
        account_sid=ACCOUNT, auth_token=AUTH, numbers=numbers, messaging_services={SERVICE}, now=lambda: NOW
    )
    async with TestServer(double.app()) as server, aiohttp.ClientSession() as session:
        yield Running(double, session, str(server.make_url("")).rstrip("/"))
        assert [] == double.refused


# ---- text messages

BY_SMS: dict[str, tuple[list[Outgoing], list[str]]] = {
    "a line": ([Line(text="Booked.")], ["Booked."]),
    "a line is folded into the cheap alphabet": ([Line(text="C’est noté… ✓")], ["C'est noté... "]),
    "lines are one message": ([Line(text="Booked."), Line(text="Bring a card.")], ["Booked.\n\nBring a card."]),
    "choices are numbered": ([WHEN], ["When?\n1. Tue 2 Mar (early)\n2. Wed\n3. Thu\n4. Fri"]),
    "a line before a question stands in its message": ([Line(text="Done."), SURE], ["Done.\n\nSure?\n1. Yes\n2. No"]),
    "what a phone without map can do is not offered": ([WHERE], ["Where?\n1. Show all"]),
    "a visit is a link": ([VISIT], ["Calendar entry: https://desk.example.org/calendar/ABC234.ics"]),
    "a place on the map is left out": ([Line(text="Booked."), PIN], ["Booked."]),
    "what is only seen is left out": ([*NOT_SAID, Line(text="On.")], ["On."]),
}


@pytest.mark.parametrize("reason", BY_SMS)
async def test_messages_become_text_messages(twilio: Running, reason: str) -> None:
    messages, texts = BY_SMS[reason]
    assert texts == [message.body for message in await twilio.shown(twilio.sms(), *messages)]


async def test_a_text_message_names_its_sender_and_where_receipts_go(twilio: Running) -> None:
    await twilio.shown(twilio.sms(), Line(text="Booked."))
    assert {"To": PHONE, "From": SMS_FROM, "Body": "Booked.", "StatusCallback": CALLBACK} == twilio.asked


async def test_a_text_message_may_go_through_a_messaging_service(twilio: Running) -> None:
    await twilio.shown(twilio.sms(messaging_service_sid=SERVICE), Line(text="Booked."))
    assert (SERVICE, False) == (twilio.asked["MessagingServiceSid"], "From" in twilio.asked)


async def test_french_costs_no_more_than_english(twilio: Running) -> None:
    text = "Où souhaitez-vous être vacciné(e) ? Écrivez « Lyon » ou votre code postal… Ça ne prend qu’un instant, Zoë."
    (message,) = await twilio.shown(twilio.sms(), Line(text=text))
    assert (Encoding.GSM_7, 1) == (message.encoding, message.segments)


WORDS = "\n".join("word " * 20 for _ in range(40)).strip()
MANY = tuple(Choice(f"Tue {day} Mar, 09:00", "Harbour Practice, " + "x" * 60) for day in range(1, 41))


async def test_a_text_message_too_long_is_sent_in_parts(twilio: Running) -> None:
    shown = await twilio.shown(twilio.sms(), Line(text=WORDS))

    assert [True] * 3 == [len(message.body) <= 1600 for message in shown]
    assert WORDS.split() == " ".join(message.body for message in shown).split()


async def test_a_question_too_long_for_a_text_message_keeps_its_choices_together(twilio: Running) -> None:
    shown = await twilio.shown(twilio.sms(), Prompt(text=WORDS, menu=3, choices=SURE.choices))

    assert [True] * 3 == [len(message.body) <= 1600 for message in shown]
    assert shown[-1].body.endswith("\n1. Yes\n2. No")


async def test_text_that_grows_when_it_is_folded_still_fits(twilio: Running) -> None:
    shown = await twilio.shown(twilio.sms(), Line(text="… " * 790))
    assert all(len(message.body) <= 1600 for message in shown)


@pytest.mark.parametrize("whatsapp", [False, True])
async def test_choices_too_many_for_one_message_are_all_sent(twilio: Running, whatsapp: bool) -> None:
    channel = twilio.whatsapp() if whatsapp else twilio.sms()
    shown = await twilio.shown(channel, Prompt(text="Which?", menu=3, choices=MANY))

    text = "\n".join(message.body for message in shown)
    assert all(len(message.body) <= 1600 for message in shown)
    assert ["1. Tue 1 Mar", "40. Tue 40 Mar"] == [
        found for found in ("1. Tue 1 Mar", "40. Tue 40 Mar") if found in text
    ]


# ---- WhatsApp, as long as no Content resources were made

BY_WHATSAPP: dict[str, tuple[list[Outgoing], list[str]]] = {
    "a line": ([Line(text="C’est noté… ✓")], ["C’est noté… ✓"]),
    "choices are numbered": ([WHEN], ["When?\n1. Tue 2 Mar (early)\n2. Wed\n3. Thu\n4. Fri"]),
    "how to share a place is said": ([WHERE], ["Where?\nYou can also share it.\n1. Show all"]),
    "a visit is a link": ([VISIT], ["Calendar entry: https://desk.example.org/calendar/ABC234.ics"]),
    "words come first and the map last": (
        [Line(text="Booked."), PIN, VISIT],
        ["Booked.\n\nCalendar entry: https://desk.example.org/calendar/ABC234.ics", "Harbour\n1 Quay Street, Bristol"],
    ),
    "a question comes after the map": (
        [Line(text="Booked."), PIN, Line(text="On."), SURE],
        ["Harbour\n1 Quay Street, Bristol", "Booked.\n\nOn.\n\nSure?\n1. Yes\n2. No"],
    ),
    "what is only seen is left out": ([*NOT_SAID, Line(text="On.")], ["On."]),
}


@pytest.mark.parametrize("reason", BY_WHATSAPP)
async def test_messages_become_whatsapp_messages(twilio: Running, reason: str) -> None:
    messages, texts = BY_WHATSAPP[reason]
    shown = await twilio.shown(twilio.whatsapp(), *messages)
    assert texts == [message.body for message in shown]


async def test_a_place_on_the_map_is_a_pin(twilio: Running) -> None:
    (shown,) = await twilio.shown(twilio.whatsapp(), MapPin(position=PIN.position, title="A|B", address="Quay"))
    assert Place(51.45, -2.59, "A/B") == shown.location


async def test_a_whatsapp_message_names_its_sender(twilio: Running) -> None:
    await twilio.shown(twilio.whatsapp(), Line(text="Booked."))
    assert (f"whatsapp:{PHONE}", f"whatsapp:{WHATSAPP_FROM}") == (twilio.asked["To"], twilio.asked["From"])


# ---- WhatsApp with its Content resources


async def test_few_short_choices_are_quick_replies(twilio: Running) -> None:
    await twilio.provision()
    (shown,) = await twilio.shown(twilio.whatsapp(), SURE)

    assert [("Yes", "3:0"), ("No", "3:1")] == [(reply.title, reply.id) for reply in shown.replies]
    assert "Sure?" in shown.body
    assert {"1": "Sure?", "2": "Yes", "3": "3:0", "4": "No", "5": "3:1"} == json.loads(twilio.asked["ContentVariables"])


async def test_more_choices_or_details_are_a_list(twilio: Running) -> None:
    await twilio.provision()
    (shown,) = await twilio.shown(twilio.whatsapp(), WHEN)

    assert [("Tue 2 Mar", "12:0", "early"), ("Wed", "12:1", "Wed"), ("Thu", "12:2", "Thu"), ("Fri", "12:3", "Fri")] == [
        (item.item, item.id, item.description) for item in shown.items
    ]


async def test_long_choices_are_cut_and_stand_in_full_below(twilio: Running) -> None:
    await twilio.provision()
    names = ("Centre de vaccination de Lyon Gerland", "Centre de vaccination de Lyon Confluence")
    prompt = Prompt(text="Lequel ?", menu=3, language="fr", choices=tuple(Choice(name, "1,2 km") for name in names))
    (shown,) = await twilio.shown(twilio.whatsapp(), prompt)

    assert [f"{name} (1,2 km)" for name in names] == [item.description for item in shown.items]
    assert 2 == len({item.item for item in shown.items})


@pytest.mark.parametrize("count", range(1, 11))
@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_each_number_of_choices_has_its_list(twilio: Running, count: int, language: str) -> None:
    choices = tuple(Choice(f"Choice {number}", "with a detail") for number in range(count))
    await twilio.provision()
    (shown,) = await twilio.shown(twilio.whatsapp(), Prompt(text="?", menu=1, choices=choices, language=language))

    assert [choice.label for choice in choices] == [item.item for item in shown.items]


async def test_rows_that_say_all_have_nothing_repeated_under_them(twilio: Running) -> None:
    await twilio.provision()
    times = ("Thu 26 Nov, 09:00", "Thu 26 Nov, 13:30", "Fri 27 Nov, 09:00", "Another centre")
    when = Prompt(text="When?", menu=4, choices=tuple(map(Choice, times)))
    (shown,) = await twilio.shown(twilio.whatsapp(), when)
    assert [(label, f"4:{n}", "") for n, label in enumerate(times)] == [
        (item.item, item.id, item.description) for item in shown.items
    ]


async def test_a_text_too_long_for_a_variable_goes_before_the_choices(twilio: Running) -> None:
    await twilio.provision()
    shown = await twilio.shown(twilio.whatsapp(), Prompt(text=WORDS, menu=3, choices=SURE.choices, language="fr"))

    assert WORDS.split() == " ".join(message.body for message in shown[:-1]).split()
    assert ["Yes", "No"] == [reply.title for reply in shown[-1].replies]


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        (SURE, "quick-2"),
        (WHEN, "list-4-en"),
        (Prompt(text="?", menu=1, choices=(Choice("exactly twenty chars"),)), "quick-1"),
        (Prompt(text="?", menu=1, choices=(Choice("one more than twenty!"),)), "rows-1-en"),
        (Prompt(text="?", menu=1, choices=(Choice("Oui", "vraiment"),), language="fr"), "list-1-fr"),
        (Prompt(text="?", menu=1), None),
        (Prompt(text="?", menu=1, choices=(Choice("x"),) * 11), None),
        (Prompt(text="x" * 256, menu=1, choices=(Choice("Yes"),)), None),
    ],
)
def test_a_question_is_shown_by(prompt: Prompt, name: str | None) -> None:
    assert name == resource_for(prompt)


async def test_a_question_in_words_needs_no_resource(twilio: Running) -> None:
    await twilio.provision()
    (shown,) = await twilio.shown(twilio.whatsapp(), Prompt(text="Your name?", menu=3))
    assert ("Your name?", False) == (shown.body, "ContentSid" in twilio.asked)


@pytest.mark.parametrize("code", sorted(RESOURCE_FAULTS))
async def test_a_resource_that_is_refused_costs_the_buttons_and_not_the_message(twilio: Running, code: str) -> None:
    await twilio.provision()
    refusal = Fault(status=400, code=int(code), matching=lambda call: "ContentSid" in call.parameters)
    twilio.double.faults.append(refusal)
    (shown,) = await twilio.shown(twilio.whatsapp(), SURE)

    assert ("Sure?\n1. Yes\n2. No", ()) == (shown.body, shown.replies)
    assert "quick-2" not in twilio.sids, "it is left alone from now on"


async def test_a_resource_that_twilio_no_longer_has_costs_the_buttons_and_not_the_message(twilio: Running) -> None:
    await twilio.provision()
    twilio.double.contents.clear()
    (shown,) = await twilio.shown(twilio.whatsapp(), WHEN)

    assert shown.body.startswith("When?\n1. Tue 2 Mar (early)")
    assert [21655] == [call.code for call in twilio.double.refused]
    twilio.double.refused.clear()


async def test_what_is_refused_for_another_reason_is_not_said_in_other_words(twilio: Running) -> None:
    await twilio.provision()
    twilio.double.refusals[f"whatsapp:{PHONE}"] = 21211
    with pytest.raises(RefusedError):
        await twilio.whatsapp().send(PHONE, SURE, None)
    assert "ContentSid" in twilio.asked
