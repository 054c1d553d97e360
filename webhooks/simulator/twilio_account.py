"""The state of one Twilio account: its messages, its contents, who opted out and who wrote when."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from webhooks.simulator.exchange import Exchange
from webhooks.simulator.twilio_content import Content
from webhooks.simulator.twilio_schema import wrong
from webhooks.simulator.twilio_shown import WHATSAPP, TwilioMessage

WINDOW = timedelta(hours=24)
OPT_OUT = {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"}
OPT_IN = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO"}
CARRIER_SAYS = {
    "out": "You have successfully been unsubscribed. Reply START to resubscribe.",
    "in": "You have successfully been re-subscribed. Reply HELP for help, STOP to unsubscribe.",
    "help": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """How messages to a number end: *status* "undelivered" or "failed" with *code*."""

    status: str
    code: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """One status callback."""

    message_sid: str
    status: str
    code: int | None = None


@dataclass(slots=True, kw_only=True)
class Account:
    """What the rules look at and change."""

    exchange: Exchange
    sid: str
    token: str
    numbers: set[str] | None
    messaging_services: set[str] | None
    longest_variable: int
    auto_approve: bool
    delivery: tuple[str, ...] = ("sent", "delivered")
    messages: dict[str, TwilioMessage] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    opted_out: set[str] = field(default_factory=set)
    heard_at: dict[str, datetime] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    pending_receipts: list[Receipt] = field(default_factory=list)

    @property
    def now(self) -> Callable[[], datetime]:
        return self.exchange.now

    def heard(self, from_: str, body: str) -> None:
        """Note that somebody wrote; on SMS the carrier acts on its own keywords, alone and in any case."""
        self.heard_at[from_] = self.now()
        if from_.startswith(WHATSAPP):
            return
        word = body.strip().upper()
        if word in OPT_OUT:
            self.opted_out.add(from_)
            self._carrier_says(from_, "out")
        elif word in OPT_IN and from_ in self.opted_out:
            self.opted_out.discard(from_)
            self._carrier_says(from_, "in")
        elif word in HELP:
            self._carrier_says(from_, "help")

    def _carrier_says(self, to: str, what: str) -> None:
        self.exchange.tell("carrier", provider="twilio", recipient=to, text=CARRIER_SAYS[what])

    def in_session(self, address: str) -> bool:
        """Say whether the person wrote within the last 24 hours."""
        heard_at = self.heard_at.get(address)
        return heard_at is not None and self.now() - heard_at < WINDOW

    def content(self, sid: str, *, status: int, code: int) -> Content:
        if (content := self.contents.get(sid)) is None:
            raise wrong(code, "The ContentSid is Invalid", status)
        return content

    def keep(self, message: TwilioMessage) -> TwilioMessage:
        """Store a new message, show it unless it will fail, and line up its receipts."""
        kept = message
        if message.fails_with is None:
            kept = replace(message, sequence=self.exchange.step())
            self.shown.setdefault(message.to, []).append(message.sid)
            self.exchange.tell("sent", provider="twilio", recipient=message.to, message=message.event())
        self.messages[message.sid] = kept
        self.pending_receipts.extend(self._receipts(kept))
        return kept

    def _receipts(self, message: TwilioMessage) -> list[Receipt]:
        if message.fails_with is not None:
            fate = self.fates.get(message.to, Fate("failed", message.fails_with))
            return [Receipt(message.sid, fate.status, fate.code)]
        return [Receipt(message.sid, status) for status in self.delivery]

    def screen(self, address: str) -> list[TwilioMessage]:
        """Give what the phone at *address* shows, oldest first."""
        return [self.messages[sid] for sid in self.shown.get(address, [])]


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def is_person(text: str) -> bool:
    """Say whether messages can go to *text*: a number, or on WhatsApp an id in the place of one."""
    scoped = r"whatsapp:[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}"
    return is_number(text.removeprefix(WHATSAPP)) or re.fullmatch(scoped, text) is not None


def is_number(text: str) -> bool:
    return re.fullmatch(r"\+[1-9]\d{6,14}", text) is not None
