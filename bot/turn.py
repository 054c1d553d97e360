"""A turn under way in its transaction: what is heard, what comes of it, and what is queued in answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot import mails
from bot.channels.base import Channel as Sends
from bot.messages import Inbound, Outgoing, TapAnswered, dump_outgoing, load_outgoing
from bot.replies import Reply, reply_in
from bot.subscription import carrier_answers, is_start
from bot.world import TurnWorld
from dialogs import sentences
from dialogs.conversation import Turn
from dialogs.desk import Desk
from dialogs.intents import greeted_in
from dialogs.prompt import Line, Message, Prompt, Settled
from dialogs.said import Kind, Said
from dialogs.scripts import SCRIPTS
from dialogs.stage import Stage
from dialogs.state import State
from dialogs.text import render
from domain.context import Context
from domain.patients import Channel
from domain.store import conversations, outbox, reminders
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.mails import drop_queue as drop_mails
from domain.store.outbox import Priority, Queued
from domain.store.stamp import Stamp
from domain.store.work import Work
from domain.telephone import country_of
from domain.words import LANGUAGES

log = structlog.get_logger()

NUDGE_AFTER = timedelta(hours=23)  # about the hour at which they wrote, and still within WhatsApp's day
_NAMES = frozenset(SCRIPTS)


class OneTurn:
    """A turn under way in its transaction; *waited_since* is when its message came, where that was some time ago."""

    def __init__(
        self,
        connection: Connection,
        opened: Opened,
        desk: Desk,
        key: str,
        *,
        channels: Mapping[Channel, Sends],
        language: str,
        waited_since: datetime | None = None,
    ) -> None:
        stamp = Stamp(now=desk.now, actor=f"contact:{opened.contact}", contact=opened.contact, channel=opened.channel)
        self.work = Work(connection, stamp)
        self._channels = channels
        self._language = language
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
            language = _known_language(message.language) or self._language
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
        await drop_mails(self._connection, self._opened.contact, "stopped")
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
        reply = await reply_in(self._connection, self._opened, message, state, self._now)
        if reply is not None:
            await self._settle(message, reply)
            messages = await turn.answer(reply.goto())
        else:
            messages = await turn.hear(said, heard_at=self._opened.heard_at)
        if self._opened.stop_reason == "person" and self._opened.channel == Channel.SMS and await self._has_bookings():
            # Who wrote CANCEL to a number has stopped its messages, and may think that a booking is cancelled.
            messages.insert(0, Line(text=render(sentences.BOOKINGS_STAND, state.language)))
        await self._finish(state, messages)

    async def _settle(self, message: Inbound, reply: Reply) -> None:
        """Show on a reminder what was picked on it, where a channel can."""
        if message.said.kind != Kind.TAP or reply.wish is None:
            return
        (told,) = reply.told
        shown = await outbox.shown(self._connection, told.contact, reminders.menu_of(told.id))
        if shown is not None and isinstance(prompt := load_outgoing(shown), Prompt):
            label = prompt.choices[message.said.option or 0].label
            await self.queue([Settled(menu=prompt.menu, text=prompt.text, label=label)])

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
        context = Context(
            store=self.work,
            contact=self._opened.contact,
            now=self._now,
            key=self._key,
            country=self._country,
            policy=self._desk.policy,
        )
        return Turn(Stage(state, self._desk, TurnWorld(self.work, context), SCRIPTS))

    def _state(self, message: Inbound | None) -> State:
        if self._opened.state is not None:
            return State.from_json(self._opened.state, _NAMES)
        greeted = greeted_in(message.said.text) if message else None
        known = _known_language(message.language) if message else None
        return State(language=greeted or known or self._language)

    def _country(self) -> str:
        return "" if self._opened.channel == Channel.TELEGRAM else country_of(self._opened.address)

    async def _finish(self, state: State, messages: list[Message]) -> None:
        await self.queue(messages)
        await self._mail(state, messages)
        asks = any(isinstance(message, Prompt) for message in messages) and state.frames
        await self._save(state, heard_at=self._now, nudge_at=self._now + NUDGE_AFTER if asks else None)

    async def _mail(self, state: State, messages: list[Message]) -> None:
        """Queue copies of what was booked, moved or cancelled, and what else is to be e-mailed."""
        if Channel.EMAIL not in self._channels:
            return
        wanted = mails.written(
            messages,
            self.work.mails.letters,
            to=self._opened.email,
            language=state.language,
            clinic=self._desk.name,
        )
        if wanted:
            await outbox.queue(
                self._connection,
                contact_id=self._opened.contact,
                channel=Channel.EMAIL,
                messages=wanted,
                now=self._now,
                priority=Priority.MAIL,
            )

    async def queue(
        self, messages: Sequence[Outgoing], *, due: datetime | None = None, priority: Priority = Priority.REPLY
    ) -> None:
        """Queue *messages*, shaped for the channel; nothing where the channel is off."""
        channel = self._channels.get(self._opened.channel)
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
            last_contact=self._opened.contact if heard_at == self._now else self._opened.last_contact,
        )


def _known_language(code: str | None) -> str | None:
    short = (code or "").partition("-")[0].lower()
    return short if short in LANGUAGES else None


def _as_conversation(said: Said, *, was_stopped: bool) -> Said:
    if said.kind == Kind.RESUME and not was_stopped:
        return Said(kind=Kind.BEGIN)
    return Said(kind=Kind.RESUME) if was_stopped and said.kind in (Kind.TEXT, Kind.BEGIN) else said
