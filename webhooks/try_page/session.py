"""One tab of the demo page: its phones, what they show, and the streams that watch them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from datetime import datetime

import aiohttp
import structlog

from bot.log import problem
from webhooks.simulator.choices import AnsweredTooLateError
from webhooks.simulator.exchange import Call, Payload
from webhooks.simulator.telegram_phone import TelegramPhone
from webhooks.simulator.twilio_phone import TwilioPhone, WrongAnswerError
from webhooks.try_page import shown
from webhooks.try_page.actions import Action, carry_out
from webhooks.try_page.people import STAFF, Phone, Phones
from webhooks.try_page.screen import MOST_ITEMS, Screen

log = structlog.get_logger()

MOST_WAITING = 500
MOST_STREAMS = 8
_KEPT_REQUESTS = 5
#: An event's name and its body; None ends the stream.
Event = tuple[str, Payload] | None
Stream = asyncio.Queue[Event]


class TooManyStreamsError(RuntimeError):
    """One tab is watched by more streams than tabs can be copies of each other."""


class Session:
    """People's phones; *id* is the secret by which a tab finds them again, *code* invites the one of the staff."""

    def __init__(self, *, id: str, language: str, phones: Phones, code: str, now: datetime) -> None:  # noqa: A002  its name
        self.id = id
        self.code = code
        self.language = language
        self.phones = phones
        self.touched_at = now
        self.screens = {channel: self._screen(channel) for channel in phones}
        self._locks = {channel: asyncio.Lock() for channel in phones}
        self._streams: set[Stream] = set()
        self._carrier_lines = 0

    def _screen(self, channel: str) -> Screen:
        return Screen(lambda name, body: self.publish(name, {"phone": channel, **body}))

    # ---- watching

    @contextlib.contextmanager
    def watched(self) -> Iterator[Stream]:
        """Give a stream of what changes from now on."""
        if len(self._streams) >= MOST_STREAMS:
            raise TooManyStreamsError
        stream: Stream = asyncio.Queue(MOST_WAITING)
        self._streams.add(stream)
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    def publish(self, name: str, body: Payload) -> None:
        """Tell all who watch; who cannot follow is cut off, and begins again with the whole."""
        for stream in list(self._streams):
            if stream.full():
                self._cut_off(stream)
            else:
                stream.put_nowait((name, body))

    def _cut_off(self, stream: Stream, *parting: Event) -> None:
        self._streams.discard(stream)
        while not stream.empty():
            stream.get_nowait()
        for event in (*parting, None):
            stream.put_nowait(event)

    def close(self, *parting: Event) -> None:
        """End all streams, with *parting* as the last that they tell."""
        for stream in list(self._streams):
            self._cut_off(stream, *parting)

    def whole(self) -> Payload:
        """Return people and phones as they are."""
        return {
            "language": self.language,
            "people": {channel: _described(phone) for channel, phone in self.phones.items()},
            "starts": {STAFF: f"/start join_{self.code}"},
            "phones": {channel: screen.whole() for channel, screen in self.screens.items()},
        }

    # ---- doing

    async def act(self, channel: str, action: Action) -> tuple[int, int]:
        """Do something on a phone; return what the webhook answered, 0 for nothing, and after how many milliseconds.

        NoSuchButtonError says that there is nothing like it to press.
        """
        screen, phone = self.screens[channel], self.phones[channel]
        async with self._locks[channel]:
            before, number, began = screen.newest_own, screen.next_line(), time.perf_counter()
            try:
                status = await carry_out(phone, action)
            except (AnsweredTooLateError, WrongAnswerError, aiohttp.ClientError) as trouble:
                log.info("webhook not reached", channel=channel, problem=problem(trouble))
                status = 0
            took = round((time.perf_counter() - began) * 1000)
            screen.note({**shown.of_webhook(_last_request(phone), status), "ms": took}, number)
            if (own := screen.newest_own) is not None and own != before:
                screen.tick(own, "delivered" if 200 <= status < 300 else "failed")
            self._look_at_keys(channel)
            _forget_older(phone)
        return status, took

    # ---- hearing what the doubles tell

    def hear(self, channel: str, event: Payload, now: datetime) -> None:
        """Take in what changed on a phone."""
        screen, at = self.screens[channel], int(now.timestamp() * 1000)
        match event:
            case {"provider": "telegram", "message": message}:
                screen.put(shown.of_telegram(message))
            case {"provider": "twilio", "message": message}:
                screen.put(shown.of_twilio(message, at))
            case {"form": form}:
                screen.put(shown.own_on_twilio(form, at))
            case {"kind": "deleted", "message_id": message_id}:
                screen.drop(str(message_id))
            case {"kind": "status", "sid": sid, "status": status}:
                screen.tick(sid, status)
            case {"kind": "receipt", "status": status, "answered": answered}:
                screen.note(shown.of_receipt(status, answered))
            case {"kind": "answered", "text": str(text)} if text:
                self.publish("toast", {"phone": channel, "text": text})
            case {"kind": "carrier", "text": text}:
                self._carrier_lines += 1
                screen.put(shown.of_carrier(text, self._carrier_lines, at))
        self._look_at_keys(channel)

    def see(self, channel: str, call: Call) -> None:
        """Note a request of the desk's."""
        self.screens[channel].note(shown.of_call(call))

    def _look_at_keys(self, channel: str) -> None:
        phone = self.phones[channel]
        if isinstance(phone, TelegramPhone):
            chat = phone.double.chats.get(phone.chat_id)
            self.screens[channel].set_keys(shown.keys_of(chat.keyboard if chat else None))

    def forget(self) -> None:
        """Have the doubles forget these people."""
        for phone in self.phones.values():
            _forget(phone, keep=0)


def _described(phone: Phone) -> Payload:
    if isinstance(phone, TelegramPhone):
        return {"name": phone.user["first_name"], "id": phone.user["id"]}
    return {"name": phone.profile_name, "number": phone.number, "desk": phone.our_address.removeprefix("whatsapp:")}


def _last_request(phone: Phone) -> Payload:
    sent: list[Payload] = [*(phone.updates if isinstance(phone, TelegramPhone) else phone.requests)][-1:]
    return sent[0] if sent else {}


def _forget_older(phone: Phone) -> None:
    """Keep what a double knows of a phone within bounds."""
    del (phone.updates if isinstance(phone, TelegramPhone) else phone.requests)[:-_KEPT_REQUESTS]
    if len(phone.screen) > 2 * MOST_ITEMS:
        _forget(phone, keep=MOST_ITEMS)


def _forget(phone: Phone, *, keep: int) -> None:
    match phone:
        case TelegramPhone():
            phone.double.forget(phone.chat_id, keep)
        case TwilioPhone():
            phone.double.forget(phone.address, keep)
