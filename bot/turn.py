"""One turn is one transaction: the inbox row, the conversation, appointments and replies commit together or not at all.

A turn that fails, or takes too long, is undone, and in the same transaction its message becomes one that waits for the
worker: whatever stands in line behind it finds it there, so that messages keep their order. After the last try the
person gets an honest sentence and staff a task. Answers are never cleared on the way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict

import structlog

from bot.channels.base import Channel as Sends
from bot.log import problem
from bot.messages import Inbound, Outgoing, TapAnswered, dump_inbound, dump_outgoing, load_inbound
from bot.metrics import TURNS
from bot.retry import TURN_ATTEMPTS, turn_again_in
from bot.subscription import carrier_answers, is_start
from bot.wake import Bell, Wake
from bot.world import Catalogue, TurnWorld
from dialogs import sentences
from dialogs.conversation import Turn
from dialogs.desk import Desk
from dialogs.intents import greeted_in
from dialogs.prompt import Line, Message, Prompt
from dialogs.said import Kind, Said
from dialogs.scripts import SCRIPTS
from dialogs.stage import Stage
from dialogs.state import State
from dialogs.text import render
from domain.handlers import Context
from domain.patients import Channel, ContactId
from domain.store import conversations, inbox, outbox
from domain.store.conversations import Opened
from domain.store.database import TROUBLES, Connection, Database, part_of
from domain.store.inbox import Waiting
from domain.store.outbox import Priority, Queued
from domain.store.stamp import Stamp
from domain.store.work import Work
from domain.words import LANGUAGES

log = structlog.get_logger()

# Twilio waits for 15 seconds in all: a turn has ended after five, and a message is kept or given back after thirteen.
TURN_LIMIT_S = 5.0
LINE_LIMIT_S = 9.0
KEEP_LIMIT_S = 4.0
NUDGE_AFTER = timedelta(hours=23)  # about the hour at which they wrote, and still within WhatsApp's day
_NAMES = frozenset(SCRIPTS)


class Received(StrEnum):
    """What became of a message."""

    DONE = "done"
    AGAIN = "again"  # it came before
    LATER = "later"  # it is safe, and the worker goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Carries out turns over *database*; *channels* shape what is said, *clock* is the wall clock."""

    database: Database
    catalogue: Catalogue
    channels: dict[Channel, Sends]
    wake: Wake
    clock: Callable[[], datetime]
    language: str = "en"
    limit_s: float = TURN_LIMIT_S

    async def receive(self, message: Inbound) -> Received:
        """Take a message in: its whole turn, or at least its place in the inbox; fails only if the database is away."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(LINE_LIMIT_S):
                received = await self._whole_turn(message)
        except Exception as failure:  # noqa: BLE001  the turn's edge: whatever went wrong, the message is kept
            log.error("turn failed", channel=message.channel, problem=problem(failure))
            async with asyncio.timeout(KEEP_LIMIT_S):
                received = await self._keep_for_later(message)
        self.wake.ring(Bell.INBOX if received == Received.LATER else Bell.OUTBOX)
        TURNS.labels(message.channel, received).observe(time.perf_counter() - began)
        return received

    async def _whole_turn(self, message: Inbound) -> Received:
        ends_at = asyncio.get_running_loop().time() + self.limit_s
        now = self.clock()
        desk = await self._desk(now, ends_at)  # before the transaction, which must not wait for another connection
        async with self.database.begin() as connection:
            opened = await conversations.open_by_address(connection, **self._address_of(message), now=now)
            row = await self._keep(connection, opened.contact, message, now, put_off=desk is None)
            if row is None:
                return Received.AGAIN
            if row.waits:
                if message.said.kind not in (Kind.STOP, Kind.BLOCKED):
                    return Received.LATER
                await inbox.done(connection, row.id)  # STOP stops at once, whatever still waits before it
            turn = _OneTurn(self, connection, opened, desk or _bare_desk(now), f"in{row.id}")
            try:
                async with asyncio.timeout_at(ends_at), part_of(connection):
                    await turn.hear(message)
            except Exception as failure:  # noqa: BLE001  the turn's edge: the message waits, and those behind it too
                log.error("turn failed", channel=message.channel, inbox=row.id, problem=problem(failure))
                await inbox.put_off(connection, row.id)
                return Received.LATER
        log.info("turn done", channel=message.channel, conversation=opened.id, turn=opened.turn + 1)
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
        now = self.clock()
        async with self.database.begin() as connection:
            contact = await conversations.contact_at(connection, **self._address_of(message), now=now)
            row = await self._keep(connection, contact, message, now, put_off=True)
        return Received.LATER if row is not None else Received.AGAIN

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
                turn = _OneTurn(self, connection, opened, desk, f"in{waiting.id}", waited_since=waiting.received_at)
                await turn.hear(load_inbound(waiting.payload))
                await inbox.done(connection, waiting.id)
        except Exception as failure:
            if waiting is None:
                raise
            log.error("turn failed again", inbox=waiting.id, attempt=waiting.attempts + 1, problem=problem(failure))
            await self._put_off(waiting, now)
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
            turn = _OneTurn(self, connection, opened, _bare_desk(now), f"in{waiting.id}")
            await turn.queue([Line(text=render(sentences.FAILED, language))])

    async def nudge(self, contact: ContactId, turn: int) -> None:
        """Remind somebody of an open question, if nothing was said since."""
        desk = await self.catalogue.desk(self.clock())
        async with self.database.begin() as connection:
            opened = await conversations.open_by_contact(connection, contact)
            if opened.turn == turn:
                await _OneTurn(self, connection, opened, desk, f"nudge{contact}.{turn}").nudge()
        self.wake.ring(Bell.OUTBOX)


class _Address(TypedDict):
    """What somebody is found by."""

    secret: bytes
    channel: Channel
    address: str


def _bare_desk(now: datetime) -> Desk:
    """Return a desk for what needs no more than the time."""
    return Desk(now=now, today=now.date(), name="", programmes=())


class _OneTurn:
    """A turn under way in its transaction; *waited_since* is when its message came, where that was some time ago."""

    def __init__(
        self,
        turns: Turns,
        connection: Connection,
        opened: Opened,
        desk: Desk,
        key: str,
        *,
        waited_since: datetime | None = None,
    ) -> None:
        stamp = Stamp(now=desk.now, actor=f"contact:{opened.contact}", contact=opened.contact, channel=opened.channel)
        self.work = Work(connection, stamp)
        self._turns = turns
        self._connection = connection
        self._opened = opened
        self._desk = desk
        self._now = desk.now
        self._key = key
        self._waited_since = waited_since

    async def hear(self, message: Inbound) -> None:
        """Take in what was said and write all that follows from it."""
        said = message.said
        if message.callback is not None:
            await self.queue([TapAnswered(callback=message.callback)], priority=Priority.TAP)
        if said.kind == Kind.STOP:
            await self._stop(message)
        elif said.kind == Kind.BLOCKED:
            await self._shut_out()
        elif self._opened.stop_reason is not None and not await self._taken_up(said):
            log.info("heard while stopped", conversation=self._opened.id)
        elif said.kind == Kind.GROUP:
            language = _known_language(message.language) or self._turns.language
            await self.queue([Line(text=render(sentences.IN_PRIVATE, language))])
        else:
            await self._talk(message)

    async def _taken_up(self, said: Said) -> bool:
        """Say whether messages are welcome again: the person says START, or wrote after blocking us.

        What was said before they stopped, and only comes to its turn now, does not count.
        """
        stopped_at, since = self._opened.stopped_at, self._waited_since
        if since is not None and stopped_at is not None and since < stopped_at:
            return False
        blocked = self._opened.stop_reason == "blocked" and self._opened.channel == Channel.TELEGRAM
        if not blocked and not is_start(said, self._opened.channel):
            return False
        await conversations.take_up(self._connection, self._opened.contact)
        return True

    async def _stop(self, message: Inbound) -> None:
        """Stop as of when it was said, and confirm it, unless the carrier does so and takes nothing more from us."""
        at = self._waited_since or self._now
        await conversations.stop(self._connection, self._opened.contact, at=at, reason="person")
        await outbox.drop_queue(self._connection, self._opened.contact, "stopped")
        if not carrier_answers(message.said, self._opened.channel):
            state = self._state(message)
            await self.queue([Line(text=render(sentences.STOPPED, state.language))], due=at)

    async def _shut_out(self) -> None:
        at = self._waited_since or self._now
        await conversations.stop(self._connection, self._opened.contact, at=at, reason="blocked")
        await outbox.drop_queue(self._connection, self._opened.contact, "stopped")

    async def _talk(self, message: Inbound) -> None:
        state = self._state(message)
        was_stopped = self._opened.stop_reason is not None
        said = _as_conversation(message.said, was_stopped=was_stopped)
        turn = self._turn(state)
        messages = await turn.hear(said, heard_at=self._opened.heard_at)
        if self._opened.stop_reason == "person" and self._opened.channel == Channel.SMS and await self._has_bookings():
            # Who wrote CANCEL to a number has stopped its messages, and may think that a booking is cancelled.
            messages.insert(0, Line(text=render(sentences.BOOKINGS_STAND, state.language)))
        await self._finish(state, messages)

    async def _has_bookings(self) -> bool:
        return bool(await self.work.appointments.appointments_of(self._opened.contact, self._now))

    async def nudge(self) -> None:
        """Say what is open; the next silence is left alone."""
        state = self._state(None)
        if not state.frames or self._opened.stop_reason is not None:
            await self._save(state, heard_at=self._opened.heard_at, nudge_at=None)
            return
        turn = self._turn(state)
        messages = await turn.nudge()
        await self.queue(messages)
        await self._save(state, heard_at=self._opened.heard_at, nudge_at=None)

    def _turn(self, state: State) -> Turn:
        context = Context(store=self.work, contact=self._opened.contact, now=self._now, key=self._key)
        return Turn(Stage(state, self._desk, TurnWorld(self.work, context), SCRIPTS))

    def _state(self, message: Inbound | None) -> State:
        if self._opened.state is not None:
            return State.from_json(self._opened.state, _NAMES)
        greeted = greeted_in(message.said.text) if message else None
        known = _known_language(message.language) if message else None
        return State(language=greeted or known or self._turns.language)

    async def _finish(self, state: State, messages: list[Message]) -> None:
        await self.queue(messages)
        asks = any(isinstance(message, Prompt) for message in messages) and state.frames
        await self._save(state, heard_at=self._now, nudge_at=self._now + NUDGE_AFTER if asks else None)

    async def queue(
        self, messages: Sequence[Outgoing], *, due: datetime | None = None, priority: Priority = Priority.REPLY
    ) -> None:
        """Queue *messages*, shaped for the channel; nothing where the channel is off."""
        channel = self._turns.channels.get(self._opened.channel)
        if channel is None:
            log.error("channel off", channel=self._opened.channel)
            return
        shaped = channel.shape(list(messages))
        await outbox.queue(
            self._connection,
            contact_id=self._opened.contact,
            channel=self._opened.channel,
            messages=[
                Queued(payload=dump_outgoing(one), menu=getattr(one, "menu", None) if isinstance(one, Prompt) else None)
                for one in shaped
            ],
            now=due or self._now,
            priority=priority,
        )

    async def _save(self, state: State, *, heard_at: datetime, nudge_at: datetime | None) -> None:
        await conversations.save(
            self._connection,
            self._opened.id,
            turn=self._opened.turn + 1,
            state=state.to_json(),
            heard_at=heard_at,
            nudge_at=nudge_at,
        )


def _known_language(code: str | None) -> str | None:
    short = (code or "").partition("-")[0].lower()
    return short if short in LANGUAGES else None


def _as_conversation(said: Said, *, was_stopped: bool) -> Said:
    if said.kind == Kind.RESUME and not was_stopped:
        return Said(kind=Kind.BEGIN)
    return Said(kind=Kind.RESUME) if was_stopped and said.kind in (Kind.TEXT, Kind.BEGIN) else said
