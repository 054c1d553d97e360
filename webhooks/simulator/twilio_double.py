"""A stand-in for Twilio's Messages and Content APIs: their rules, their answers, and a screen for each phone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random

import aiohttp
from aiohttp import web

from webhooks.simulator import twilio_http, twilio_receipts
from webhooks.simulator.exchange import Exchange, NothingCameError, utc_now
from webhooks.simulator.twilio_account import Account, Receipt
from webhooks.simulator.twilio_receipts import Delivered
from webhooks.simulator.twilio_shown import TwilioMessage


class TwilioDouble:
    """One account on a server of its own.

    *numbers* holds the account's senders, "+1…" and "whatsapp:+1…"; None accepts any. *route* turns the
    public address of a status callback into the one that answers here. Tests may set `fates` (address →
    `Fate`), `refusals` (address → error code given at once), `delivery` and `early_receipts`.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        numbers: set[str] | None = None,
        messaging_services: set[str] | None = None,
        auto_receipts: bool = False,
        auto_approve: bool = False,
        longest_variable: int = 255,
        route: Callable[[str], str] = lambda url: url,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.account_sid, self.auth_token = account_sid, auth_token
        self.exchange = Exchange(now=now, speech=twilio_http.speech)
        self.account = Account(
            exchange=self.exchange,
            sid=account_sid,
            token=auth_token,
            numbers=numbers,
            messaging_services=messaging_services,
            longest_variable=longest_variable,
            auto_approve=auto_approve,
        )
        self.calls = self.exchange.calls
        self.refused = self.exchange.refused
        self.declined = self.exchange.declined
        self.faults = self.exchange.faults
        self.listeners = self.exchange.listeners
        self.watchers = self.exchange.watchers
        self.messages = self.account.messages
        self.contents = self.account.contents
        self.opted_out = self.account.opted_out
        self.fates = self.account.fates
        self.refusals = self.account.refusals
        self.pending_receipts = self.account.pending_receipts
        self.auto_receipts = auto_receipts
        self.early_receipts = False
        self.route = route
        self.delivered: list[Delivered] = []
        self._session: aiohttp.ClientSession | None = None
        self._background: set[asyncio.Task[None]] = set()

    @property
    def outage(self) -> bool:
        return self.exchange.outage

    @outage.setter
    def outage(self, value: bool) -> None:
        self.exchange.outage = value

    @property
    def mark(self) -> int:
        """How many messages people have seen so far; give it to `wait_for` as *since*."""
        return self.exchange.mark

    @property
    def numbers(self) -> set[str] | None:
        return self.account.numbers

    @numbers.setter
    def numbers(self, value: set[str] | None) -> None:
        self.account.numbers = value

    @property
    def delivery(self) -> tuple[str, ...]:
        return self.account.delivery

    @delivery.setter
    def delivery(self, statuses: tuple[str, ...]) -> None:
        self.account.delivery = statuses

    def screen(self, address: str) -> list[TwilioMessage]:
        """Give what the phone at *address* ("+…" or "whatsapp:+…") shows, oldest first."""
        return self.account.screen(address)

    def forget(self, address: str, keep: int = 0) -> None:
        """Drop what was sent to *address*, or with *keep* all but the newest messages."""
        shown = self.account.shown.get(address, [])
        kept = set(shown[-keep:] if keep else [])
        for sid in [message.sid for message in self.messages.values() if message.to == address]:
            if sid not in kept:
                del self.messages[sid]
        self.account.shown[address] = [sid for sid in shown if sid in self.messages]
        self.delivered[:] = [done for done in self.delivered if done.receipt.message_sid in self.messages]
        if not keep:
            self._forget_person(address)

    def _forget_person(self, address: str) -> None:
        self.account.shown.pop(address, None)
        self.account.heard_at.pop(address, None)
        self.opted_out.discard(address)

    def heard(self, from_: str, body: str) -> None:
        """Note that *from_* wrote: opens the WhatsApp window, obeys the carrier's keywords on SMS."""
        self.account.heard(from_, body)

    def approve(self, content_sid: str) -> None:
        self._decide(content_sid, "approved", "")

    def pause(self, content_sid: str) -> None:
        """Withdraw an approval, as WhatsApp does when people complain."""
        self._decide(content_sid, "paused", "")

    def reject(self, content_sid: str, reason: str) -> None:
        self._decide(content_sid, "rejected", reason)

    def _decide(self, content_sid: str, status: str, reason: str) -> None:
        content = self.contents[content_sid]
        if content.approval is None:
            raise ValueError(f"nobody asked for the approval of {content_sid}")
        decided = {**content.approval, "status": status, "rejection_reason": reason}
        self.contents[content_sid] = replace(content, approval=decided)

    async def wait_for(
        self,
        predicate: Callable[[TwilioMessage], bool],
        timeout: float = 5.0,  # noqa: ASYNC109 (the name that callers expect; it ends by an event)
        *,
        since: int = 0,
        address: str | None = None,
    ) -> TwilioMessage:
        """Return the newest message shown on a phone after the mark *since* that satisfies *predicate*."""

        def found() -> TwilioMessage | None:
            for message in reversed(self.messages.values()):
                if 0 < message.sequence <= since:
                    return None
                if message.sequence and address in (None, message.to) and predicate(message):
                    return message
            return None

        if (message := await self.exchange.until(found, timeout, address)) is None:
            shown = [message.body[:80] for message in list(self.messages.values())[-3:]]
            raise NothingCameError(f"no such message; last: {shown}; refused: {self.refused[-1:]}")
        return message

    async def deliver_receipts(self, shuffle: Random | None = None) -> list[Delivered]:
        """Post the pending status callbacks, in order or shuffled, and say how each was answered."""
        receipts = list(self.pending_receipts)
        self.pending_receipts.clear()
        if shuffle is not None:
            shuffle.shuffle(receipts)
        answered = [await self.deliver(receipt) for receipt in receipts]
        return [delivered for delivered in answered if delivered is not None]

    async def deliver(self, receipt: Receipt) -> Delivered | None:
        """Post one status callback, also a repeated or an invented one; none about a message that was forgotten."""
        if self._session is None:
            raise RuntimeError("the double does not run")
        if (message := self.messages.get(receipt.message_sid)) is None:
            return None
        delivered = await twilio_receipts.deliver(self.account, receipt, self._session, self.route)
        if delivered is not None:
            self.delivered.append(delivered)
            told = {"sid": message.sid, "status": receipt.status, "answered": delivered.status}
            self.exchange.tell("receipt", provider="twilio", recipient=message.to, **told)
        self.exchange.changed()
        return delivered

    def app(self) -> web.Application:
        application = twilio_http.application(self.account, self._finish)
        application.on_startup.append(self._open)
        application.on_shutdown.append(self._close)
        return application

    async def _open(self, _: web.Application) -> None:
        self.exchange.open()
        self._session = aiohttp.ClientSession()

    async def _close(self, _: web.Application) -> None:
        self.exchange.close()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _finish(self, request: web.Request, response: web.StreamResponse) -> None:
        """Send receipts before the answer is out, or after it and in the background, when asked to."""
        if not self.pending_receipts:
            return
        if self.early_receipts:
            await self.deliver_receipts()
        elif self.auto_receipts:
            if request.transport is not None and not request.transport.is_closing():
                await response.prepare(request)
                await response.write_eof()
            self._deliver_in_background()

    def _deliver_in_background(self) -> None:
        task = asyncio.create_task(self._deliver_quietly())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _deliver_quietly(self) -> None:
        await self.deliver_receipts()
