"""A Twilio message: as a phone shows it, and as the REST resource has it."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from webhooks.simulator.exchange import Payload
from webhooks.simulator.segments import Encoding, Size

VERSION = "2010-04-01"
WHATSAPP = "whatsapp:"
MESSAGES = {
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    63016: "Failed to send freeform message because you are outside the allowed window.",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A quick reply under a message."""

    title: str
    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line in a list."""

    id: str
    item: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A pin on the map."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the phone makes of a message."""

    body: str = ""
    replies: tuple[Reply, ...] = ()
    list_button: str = ""
    items: tuple[Item, ...] = ()
    location: Place | None = None
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioMessage:
    """One outgoing message with all that is known of it."""

    sid: str
    account_sid: str
    to: str
    from_: str
    shown: Shown
    size: Size
    at: datetime
    status: str
    messaging_service_sid: str | None = None
    content_sid: str | None = None
    content_variables: Payload = field(default_factory=dict)
    status_callback: str | None = None
    validity_period: int | None = None
    error_code: int | None = None
    fails_with: int | None = None
    sequence: int = 0

    @property
    def body(self) -> str:
        return self.shown.body

    @property
    def text(self) -> str:
        return self.shown.body

    @property
    def segments(self) -> int:
        return self.size.segments

    @property
    def encoding(self) -> Encoding:
        return self.size.encoding

    @property
    def replies(self) -> tuple[Reply, ...]:
        return self.shown.replies

    @property
    def items(self) -> tuple[Item, ...]:
        return self.shown.items

    @property
    def buttons(self) -> list[str]:
        """Give what can be tapped or picked, by its label."""
        return [reply.title for reply in self.shown.replies] + [item.item for item in self.shown.items]

    @property
    def location(self) -> Place | None:
        return self.shown.location

    @property
    def is_whatsapp(self) -> bool:
        return self.to.startswith(WHATSAPP)

    def event(self) -> Payload:
        """Give what a live page shows, as JSON."""
        place = self.shown.location
        return {
            "sid": self.sid,
            "body": self.body,
            "replies": [{"title": reply.title, "id": reply.id} for reply in self.replies],
            "list_button": self.shown.list_button,
            "items": [{"id": item.id, "item": item.item, "description": item.description} for item in self.items],
            "location": None
            if place is None
            else {"latitude": place.latitude, "longitude": place.longitude, "label": place.label},
            "media": list(self.shown.media),
            "segments": self.segments,
            "encoding": self.encoding.value,
            "status": self.status,
        }

    def payload(self) -> Payload:
        """Give the resource as the REST API writes it."""
        awaits_sender = self.status == "accepted"
        uri = f"/{VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        moment = format_datetime(self.at)
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "messaging_service_sid": self.messaging_service_sid,
            "to": self.to,
            "from": None if awaits_sender else self.from_,
            "body": self.body,
            "status": self.status,
            "direction": "outbound-api",
            "num_segments": "0" if awaits_sender else str(self.segments),
            "num_media": str(len(self.shown.media)),
            "error_code": self.error_code,
            "error_message": None
            if self.error_code is None
            else MESSAGES.get(self.error_code, f"Error {self.error_code}"),
            "price": None,
            "price_unit": "USD",
            "api_version": VERSION,
            "date_created": moment,
            "date_updated": moment,
            "date_sent": None if self.status in ("accepted", "queued") else moment,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }
