"""A person with SMS or WhatsApp: what they write is posted to our webhook, signed, as Twilio posts it."""

import json
import uuid
from collections.abc import Callable, Mapping
from xml.etree import ElementTree

import aiohttp

from webhooks.simulator.choices import AnsweredTooLateError, NoSuchButtonError, place_of
from webhooks.simulator.segments import size
from webhooks.simulator.twilio_account import new_sid
from webhooks.simulator.twilio_double import TwilioDouble
from webhooks.simulator.twilio_receipts import PATIENCE, signed
from webhooks.simulator.twilio_shown import VERSION, WHATSAPP, TwilioMessage

PLACES = ("City", "State", "Zip", "Country")
LARGEST_TWIML = 64_000
OUR_SERVER = "https://api.twilio.com"


class WrongAnswerError(ValueError):
    """Twilio would log an error for what the webhook answered (12100, 12300)."""


class TwilioPhone:
    """One person's number, on WhatsApp or with plain SMS; who shows none on WhatsApp has an id in its place.

    Requests go to *webhook_url* and are signed for *public_url*. Every action returns the status answered;
    `requests` keeps the forms that were sent. `fields` may hold more parameters to send with each.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        webhook_url: str,
        public_url: str,
        double: TwilioDouble,
        number: str,
        our_number: str,
        whatsapp: bool,
        profile_name: str = "Somebody",
        *,
        messaging_service_sid: str | None = None,
    ) -> None:
        self.session, self.webhook_url, self.public_url, self.double = (
            session,
            webhook_url,
            public_url,
            double,
        )
        prefix = WHATSAPP if whatsapp else ""
        self.number, self.whatsapp, self.profile_name = number, whatsapp, profile_name
        self.address, self.our_address = prefix + number, prefix + our_number.removeprefix(WHATSAPP)
        self.messaging_service_sid = messaging_service_sid
        self.fields: dict[str, str] = {}
        self.names_original = True  # which of our messages an answer is to
        self.requests: list[dict[str, str]] = []
        self.mark = 0
        self.patience = PATIENCE
        self._event = ""

    @property
    def screen(self) -> list[TwilioMessage]:
        """What came to this phone, oldest first."""
        return self.double.screen(self.address)

    @property
    def last_text(self) -> str:
        texts = [message.body for message in self.screen if message.body]
        return texts[-1] if texts else ""

    @property
    def buttons(self) -> list[str]:
        """Labels of the newest quick replies or list."""
        return next((message.buttons for message in reversed(self.screen) if message.buttons), [])

    async def wait_for(
        self,
        predicate: Callable[[TwilioMessage], bool] = lambda _: True,
        timeout: float = 5.0,  # noqa: ASYNC109 (the name that callers expect; it ends by an event)
    ) -> TwilioMessage:
        """Return what came to this phone since this person's last action began."""
        return await self.double.wait_for(predicate, timeout, since=self.mark, address=self.address)

    async def say(self, body: str) -> int:
        return await self._send({"Body": body, **self._kind("text")})

    async def reply_to(self, message_sid: str, body: str) -> int:
        """Answer one message in particular, as WhatsApp lets people do."""
        return await self._send({"Body": body, **self._kind("text"), **self._original(message_sid)})

    async def tap(self, label: str | int, message_sid: str | None = None) -> int:
        """Press a quick reply of the newest message that has any, or of *message_sid*."""
        message = self._with(lambda shown: bool(shown.replies), message_sid)
        reply = message.replies[place_of(label, [each.title for each in message.replies])]
        return await self._send(
            {
                "Body": reply.title,
                "ButtonText": reply.title,
                "ButtonPayload": reply.id,
                **self._kind("interactive"),
                **self._original(message.sid),
            }
        )

    async def pick(self, label: str | int, message_sid: str | None = None) -> int:
        """Choose from the newest list, or from that of *message_sid*."""
        message = self._with(lambda shown: bool(shown.items), message_sid)
        item = message.items[place_of(label, [each.item for each in message.items])]
        return await self._send(
            {
                "Body": item.item,
                "ListId": item.id,
                "ListTitle": item.item,
                **({"ListDescription": item.description} if item.description else {}),
                **self._kind("interactive"),
                **self._original(message.sid),
            }
        )

    async def share_location(self, lat: float, lon: float, label: str = "") -> int:
        if not self.whatsapp:
            raise NoSuchButtonError("an SMS carries no place")
        place = {"Latitude": str(lat), "Longitude": str(lon), "Address": "", "Label": label}
        return await self._send({"Body": "", **place, **self._kind("location")})

    async def send_media(self, content_type: str = "image/jpeg") -> int:
        media = f"{OUR_SERVER}/{VERSION}/Accounts/{self.double.account_sid}/Messages/MM0/Media/{new_sid('ME')}"
        found = {"NumMedia": "1", "MediaUrl0": media, "MediaContentType0": content_type}
        return await self._send({"Body": "", **found, **self._kind("image")})

    async def redeliver(self) -> int:
        """Post the last request again, with the same idempotency token."""
        return await self._post(self.requests[-1])

    async def forge(self, body: str = "let me in") -> int:
        """Post a message that somebody else signed; nothing is heard of it."""
        self._event = str(uuid.uuid4())
        form = self._form({"Body": body, **self._kind("text")})
        return await self._post(form, token="not the account's token")  # noqa: S106 (a wrong one, on purpose)

    async def _send(self, form: Mapping[str, str]) -> int:
        whole = self._form(form)
        self.requests.append(whole)
        self._event = str(uuid.uuid4())
        self.mark = self.double.mark
        self.double.exchange.tell("heard", provider="twilio", recipient=self.address, form=whole)
        self.double.heard(self.address, whole["Body"])
        return await self._post(whole)

    def _form(self, given: Mapping[str, str]) -> dict[str, str]:
        sid = new_sid("MM" if given.get("NumMedia", "0") != "0" else "SM")
        whole = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": self.double.account_sid,
            "From": self.address,
            "To": self.our_address,
            "NumMedia": "0",
            "NumSegments": str(size(given["Body"]).segments),
            "ApiVersion": VERSION,
            "SmsStatus": "received",
            "AddedTomorrow": " kept as it is ",
            "AddedTomorrowToo": "",
        }
        if self.messaging_service_sid is not None:
            whole["MessagingServiceSid"] = self.messaging_service_sid
        return whole | (self._whatsapp_fields() if self.whatsapp else self._sms_fields()) | self.fields | dict(given)

    def _sms_fields(self) -> dict[str, str]:
        return {f"{side}{place}": "" for side in ("From", "To") for place in PLACES} | {"FromCountry": "GB"}

    def _whatsapp_fields(self) -> dict[str, str]:
        metadata = {"type": "whatsapp", "data": {"context": {"ProfileName": self.profile_name}}}
        return {
            "ProfileName": self.profile_name,
            **({"WaId": self.number[1:]} if self.number.startswith("+") else {"ExternalUserId": self.number}),
            "ReferralNumMedia": "0",
            "ChannelMetadata": json.dumps(metadata),
        }

    def _kind(self, kind: str) -> dict[str, str]:
        return {"MessageType": kind} if self.whatsapp else {}

    def _original(self, message_sid: str) -> dict[str, str]:
        sender = {"OriginalRepliedMessageSender": self.our_address}
        return {"OriginalRepliedMessageSid": message_sid, **sender} if self.whatsapp and self.names_original else {}

    def _with(self, has: Callable[[TwilioMessage], bool], message_sid: str | None) -> TwilioMessage:
        shown = [message for message in self.screen if message_sid in (None, message.sid) and has(message)]
        if not shown:
            raise NoSuchButtonError(f"nothing to choose on the screen; last: {self.last_text!r}")
        return shown[-1]

    async def _post(self, form: Mapping[str, str], token: str | None = None) -> int:
        headers = signed(token or self.double.auth_token, self.public_url, form, event=self._event)
        try:
            async with self.session.post(
                self.webhook_url, data=dict(form), headers=headers, timeout=self.patience, allow_redirects=False
            ) as response:
                _check_answer(response.status, response.content_type, await response.read())
                return response.status
        except TimeoutError as error:
            raise AnsweredTooLateError(f"the webhook did not answer within {self.patience.total} s") from error


def _check_answer(status: int, content_type: str, body: bytes) -> None:
    """Refuse a body that is not TwiML; an empty one is fine, and so is a refusal's."""
    if not 200 <= status < 300 or not body:
        return
    if content_type not in ("text/xml", "application/xml"):
        raise WrongAnswerError(f"12300: invalid Content-Type {content_type}")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 (our own webhook's answer)
    except ElementTree.ParseError as error:
        raise WrongAnswerError("12100: document parse failure") from error
    if root.tag != "Response" or len(body) > LARGEST_TWIML:
        raise WrongAnswerError("12100: not a TwiML Response")
