"""Messages taken in: one turn is one transaction, so that all that follows from a message commits together or not.

The inbox row, the conversation, appointments and replies belong to it. A turn that fails, or takes too long, is undone,
and in the same transaction its message becomes one that waits for the worker: whatever stands in line behind it finds
it there, so that messages keep their order. After the last try the person gets an honest sentence and staff a task.
Answers are never cleared on the way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

import structlog

from bot.channels.base import Channel as Sends
from bot.log import problem
from bot.messages import Inbound, dump_inbound, load_inbound
from bot.metrics import TURNS
from bot.retry import TURN_ATTEMPTS, turn_again_in
from bot.turn import OneTurn
from bot.wake import Bell, Wake
from bot.world import Catalogue
from dialogs import sentences
from dialogs.desk import Desk
from dialogs.prompt import Line
from dialogs.said import Kind
from dialogs.text import render
from domain.joining import ElsewhereBusyError
from domain.patients import Channel, ContactId
from domain.staff.postage import Postage
from domain.store import conversations, inbox
from domain.store.conversations import Opened
from domain.store.database import TROUBLES, Connection, Database, part_of, start_over
from domain.store.inbox import Waiting
from domain.store.stamp import Stamp
from domain.store.work import Work

log = structlog.get_logger()

# Twilio waits for 15 seconds in all: a turn has ended after five, and a message is kept or given back after thirteen.
TURN_LIMIT_S = 5.0
LINE_LIMIT_S = 9.0
KEEP_LIMIT_S = 4.0


class Received(StrEnum):
    """What became of a message."""

    DONE = "done"
    AGAIN = "again"  # it came before
    LATER = "later"  # it is safe, and the worker goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Carries out turns over *database*; *channels* shape what is said, *clock* is the wall clock, *bot* our name
    on Telegram.

    A turn may take *limit_s*, with its place in the line *line_limit_s*, and keeping a message alone *keep_limit_s*.
    """

    database: Database
    catalogue: Catalogue
    channels: dict[Channel, Sends]
    wake: Wake
    clock: Callable[[], datetime]
    language: str = "en"
    bot: str | None = None
    postage: Postage = field(default_factory=Postage)
    limit_s: float = TURN_LIMIT_S
    line_limit_s: float = LINE_LIMIT_S
    keep_limit_s: float = KEEP_LIMIT_S

    async def receive(self, message: Inbound) -> Received:
        """Take a message in: its whole turn, or at least its place in the inbox; fails only if the database is away."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.line_limit_s):
                received = await self._whole_turn(message)
        except Exception as failure:  # noqa: BLE001  the turn's edge: whatever went wrong, the message is kept
            log.error("turn failed", channel=message.channel, problem=problem(failure))
            async with asyncio.timeout(self.keep_limit_s):
                received = await self._keep_for_later(message)
        self.wake.ring(Bell.INBOX if received == Received.LATER else Bell.OUTBOX)
        TURNS.labels(message.channel, received).observe(time.perf_counter() - began)
        return received

    async def _whole_turn(self, message: Inbound) -> Received:
        ends_at = asyncio.get_running_loop().time() + self.limit_s
        now = self.clock()
        desk = await self._desk(now, ends_at)  # before the transaction, which must not wait for another connection
        address = self._address_of(message)
        async with self.database.begin_in_line(conversations.line_of(**address)) as connection:
            opened = await conversations.open_by_address(connection, **address, now=now)
            row = await self._keep(connection, opened.contact, message, now, put_off=desk is None)
            if row is None:
                return Received.AGAIN
            if row.waits:
                if message.said.kind not in (Kind.STOP, Kind.BLOCKED):
                    return Received.LATER
                await inbox.done(connection, row.id)  # STOP stops at once, whatever still waits before it
            turn = self._turn(connection, opened, desk or _bare_desk(now), f"in{row.id}")
            try:
                async with asyncio.timeout_at(ends_at):
                    await turn.hear(message)
            except ElsewhereBusyError:
                log.info("turn put off", channel=message.channel, conversation=opened.id)
                await start_over(connection)
                return await self._put_off_within(connection, message, now)
            except Exception as failure:  # noqa: BLE001  the turn's edge: the message waits, and those behind it too
                log.error("turn failed", channel=message.channel, problem=problem(failure))
                await start_over(connection)
                return await self._put_off_within(connection, message, now)
        log.info("turn done", channel=message.channel, conversation=opened.id, turn=opened.turn + 1)
        if turn.is_due:
            self.wake.ring(Bell.HANDOVER)
        return Received.DONE

    async def _desk(self, now: datetime, ends_at: float) -> Desk | None:
        """Return the desk; None when it cannot be had in time."""
        try:
            async with asyncio.timeout_at(ends_at):
                return await self.catalogue.desk(now)
        except TROUBLES as trouble:
            log.error("catalogue not read", problem=problem(trouble))
            return None

    def _address_of(self, message: Inbound) -> _Address:
        return {"secret": self.database.index_secret, "channel": message.channel, "address": message.address}

    async def _keep(
        self, connection: Connection, contact: ContactId, message: Inbound, now: datetime, *, put_off: bool
    ) -> inbox.Received | None:
        return await inbox.receive(
            connection,
            contact_id=contact,
            channel=message.channel,
            provider_id=message.provider_id,
            payload=dump_inbound(message),
            now=now,
            put_off=put_off,
        )

    async def _keep_for_later(self, message: Inbound) -> Received:
        """Store a message without standing in line for it: it has stood there, or the database was away."""
        async with self.database.begin() as connection:
            return await self._put_off_within(connection, message, self.clock())

    async def _put_off_within(self, connection: Connection, message: Inbound, now: datetime) -> Received:
        contact = await conversations.contact_at(connection, **self._address_of(message), now=now)
        row = await self._keep(connection, contact, message, now, put_off=True)
        return Received.LATER if row is not None else Received.AGAIN

    def _turn(
        self, connection: Connection, opened: Opened, desk: Desk, key: str, waited_since: datetime | None = None
    ) -> OneTurn:
        return OneTurn(
            connection,
            opened,
            desk,
            key,
            channels=self.channels,
            language=self.language,
            secret=self.database.index_secret,
            bot=self.bot,
            postage=self.postage,
            waited_since=waited_since,
        )

    # ---- what the worker goes on with

    async def work_off_one(self) -> bool:
        """Carry out the turn of the oldest waiting message that is due; say whether there was one."""
        now = self.clock()
        waiting: Waiting | None = None
        try:
            async with asyncio.timeout(self.limit_s * 4), self.database.begin() as connection:
                waiting = await inbox.next_waiting(connection, now)
                if waiting is None:
                    return False
                desk = await self.catalogue.desk(now)
                opened = await conversations.open_by_contact(connection, waiting.contact)
                message = load_inbound(waiting.payload)
                if message.address != opened.address:  # somebody new has it since
                    address = self._address_of(message)
                    opened = await conversations.open_by_address(connection, **address, now=now)
                turn = self._turn(connection, opened, desk, f"in{waiting.id}", waited_since=waiting.received_at)
                await turn.hear(message)
                await inbox.done(connection, waiting.id)
        except Exception as failure:
            if waiting is None:
                raise
            log.error("turn failed again", inbox=waiting.id, attempt=waiting.attempts + 1, problem=problem(failure))
            await self._put_off(waiting, now)
        else:
            if turn.is_due:
                self.wake.ring(Bell.HANDOVER)
        self.wake.ring(Bell.OUTBOX)
        return True

    async def _put_off(self, waiting: Waiting, now: datetime) -> None:
        async with self.database.begin() as connection:
            if waiting.attempts + 1 < TURN_ATTEMPTS:
                await inbox.retry(connection, waiting.id, now + turn_again_in(waiting.attempts + 1))
                return
            if not await inbox.give_up(connection, waiting.id):
                return  # another worker was luckier
            work = Work(connection, Stamp(now=now, actor="worker"))
            await work.people.open_task("turn-failed", waiting.contact, f"inbox:{waiting.id}")
            try:
                async with part_of(connection):
                    await self._apologise(connection, waiting, now)
            except Exception as failure:  # noqa: BLE001  the turn's edge: the task stands, whatever cannot be said
                log.error("apology failed", inbox=waiting.id, problem=problem(failure))

    async def _apologise(self, connection: Connection, waiting: Waiting, now: datetime) -> None:
        opened = await conversations.open_by_contact(connection, waiting.contact)
        if opened.stop_reason is None:
            language = (opened.state or {}).get("language", self.language)
            turn = self._turn(connection, opened, _bare_desk(now), f"in{waiting.id}")
            await turn.queue([Line(text=render(sentences.FAILED, language))])

    async def nudge(self, contact: ContactId, turn: int) -> None:
        """Remind somebody of an open question, if nothing was said since."""
        desk = await self.catalogue.desk(self.clock())
        async with self.database.begin() as connection:
            opened = await conversations.open_by_contact(connection, contact)
            if opened.turn == turn:
                await self._turn(connection, opened, desk, f"nudge{contact}.{turn}").nudge()
        self.wake.ring(Bell.OUTBOX)


class _Address(TypedDict):
    """What somebody is found by."""

    secret: bytes
    channel: Channel
    address: str


def _bare_desk(now: datetime) -> Desk:
    """Return a desk for what needs no more than the time."""
    return Desk(now=now, today=now.date(), name="", programmes=())
