"""All open tabs of the demo page, by their secret ids: who is who at the doubles, and whom to forget."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from webhooks.simulator.exchange import Call, Payload
from webhooks.simulator.telegram_phone import TelegramPhone
from webhooks.try_page.people import Phone, Switchboard
from webhooks.try_page.session import Session

SILENCE = timedelta(hours=1)
MOST_SESSIONS = 200
MOST_CALLS = 1_000

#: A provider and how it calls somebody.
Recipient = tuple[str, str]


class Sessions:
    """Opens and finds sessions; the doubles' listeners bring each what is about its people."""

    def __init__(self, switchboard: Switchboard, clock: Callable[[], datetime]) -> None:
        self._switchboard = switchboard
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._owners: dict[Recipient, tuple[Session, str]] = {}
        for double in (switchboard.doubles.telegram, switchboard.doubles.twilio):
            double.listeners.append(self._hear)
            double.watchers.append(self._see)

    def __len__(self) -> int:
        return len(self._sessions)

    def open(self, language: str, code: str) -> Session:
        """Open a session with new people, of whom *code* invites one to the staff.

        Where there are too many, the one that was silent longest gives way.
        """
        self.sweep()
        while len(self._sessions) >= MOST_SESSIONS:
            self._end(min(self._sessions.values(), key=lambda session: session.touched_at))
        phones = self._switchboard.phones(language)
        session = Session(id=secrets.token_urlsafe(24), language=language, phones=phones, code=code, now=self._clock())
        self._sessions[session.id] = session
        self._owners |= {_recipient(phone): (session, channel) for channel, phone in phones.items()}
        return session

    def find(self, session_id: str) -> Session | None:
        """Return a session that is neither unknown nor over."""
        self.sweep()
        return self._sessions.get(session_id)

    def touch(self, session: Session) -> None:
        """Note that somebody is there."""
        session.touched_at = self._clock()

    def sweep(self) -> None:
        """End what was silent for too long, and keep the doubles' records short."""
        now = self._clock()
        for session in [one for one in self._sessions.values() if now - one.touched_at >= SILENCE]:
            self._end(session)
        for double in (self._switchboard.doubles.telegram, self._switchboard.doubles.twilio):
            double.exchange.forget_calls(MOST_CALLS)

    def _end(self, session: Session) -> None:
        session.close(("ended", {}))
        del self._sessions[session.id]
        for phone in session.phones.values():
            self._owners.pop(_recipient(phone), None)
        session.forget()

    def close(self) -> None:
        """End all streams, so that the server can stop; who comes back finds the next server."""
        for session in self._sessions.values():
            session.close()

    def _hear(self, event: Payload) -> None:
        owner = self._owners.get((event["provider"], str(event.get("recipient"))))
        if owner is not None:
            session, channel = owner
            session.hear(channel, event, self._clock())

    def _see(self, call: Call) -> None:
        owner = self._owners.get((call.provider, str(call.recipient)))
        if owner is not None:
            session, channel = owner
            session.see(channel, call)


def _recipient(phone: Phone) -> Recipient:
    if isinstance(phone, TelegramPhone):
        return "telegram", str(phone.chat_id)
    return "twilio", phone.address
