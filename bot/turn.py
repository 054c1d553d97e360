"""A turn under way in its transaction: what is heard, what comes of it, and what is queued in answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot import mails
from bot.channels.base import Channel as Sends
from bot.digest_replies import day_asked
from bot.letters import queue_letter
from bot.messages import Inbound, Outgoing, TapAnswered, dump_outgoing, load_outgoing
from bot.relay import Relay
from bot.replies import Reply, reply_in
from bot.subscription import carrier_answers, is_start, means_a_visit
from bot.whose import as_here, heard_in, heard_now, may_be_somebody_else
from bot.world import TurnWorld
from dialogs import sentences
from dialogs.conversation import Turn
from dialogs.desk import Desk
from dialogs.intents import greeted_in
from dialogs.joining import joined as both_of
from dialogs.prompt import Line, Message, Prompt, Settled
from dialogs.said import Kind, Said
from dialogs.script import Goto
from dialogs.scripts import SCRIPTS
from dialogs.staff_words import join_code_in
from dialogs.stage import Stage
from dialogs.state import State
from dialogs.text import Writable, render
from domain.context import Context, Letter, Origin
from domain.linked import Joined
from domain.patients import Channel
from domain.staff.postage import Postage
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
        secret: bytes = b"",
        bot: str | None = None,
        postage: Postage,
        waited_since: datetime | None = None,
    ) -> None:
        self._channels = channels
        self._secret = secret
        self._bot = bot
        self._postage = postage
        self._letters: list[Letter] = []
        self._language = language
        self._connection = connection
        self._desk = desk
        self._now = desk.now
        self._key = key
        self._waited_since = waited_since
        self._take_up(opened)

    def _take_up(self, opened: Opened) -> None:
        """Go on as who writes from *opened*."""
        contact = opened.contact
        stamp = Stamp(now=self._now, actor=f"contact:{contact}", contact=contact, channel=opened.channel)
        self.work = Work(self._connection, stamp)
        self._opened = opened
        self._heard = heard_in(opened)

    async def _who_acts(self, speaker: str | None) -> None:
        """Find out who of the staff this is, if any of them: in a team's chat the one who speaks there."""
        if not self._opened.works_here:
            return
        person = await self.work.staffing.person_at(speaker, self._secret) if speaker else self._opened.contact
        member = await self.work.staffing.member(person)
        if member is None:
            return
        self._desk = replace(self._desk, staff=replace(member, is_in_group=speaker is not None))
        stamp = Stamp(
            now=self._now, actor=f"staff:{member.id}", contact=self._opened.contact, channel=self._opened.channel
        )
        self.work = Work(self._connection, stamp)

    async def hear(self, message: Inbound) -> None:
        """Take in what was said and write all that follows from it."""
        said = message.said
        if message.callback is not None:
            await self.queue([TapAnswered(callback=message.callback)], priority=Priority.TAP)
        await self._who_acts(message.speaker)
        if said.kind == Kind.STOP:
            await self._stop(message)
        elif said.kind == Kind.BLOCKED:
            await self._silence("blocked")
            await self._relay(self._state(None), message).leaves()
        elif self._opened.stop_reason is not None and not await self._taken_up(said):
            log.info("heard while stopped", conversation=self._opened.id)
        elif said.kind == Kind.MIGRATED:
            await conversations.move(self._connection, self._opened, address=said.text, secret=self._secret)
        elif said.kind == Kind.DESK:
            await self._begin_by_itself(message)
        elif message.speaker is not None and self._desk.staff is None and not _joins(said):
            await self._heard_beside(message)
        elif not await self._relayed(message):
            await self._talk(message)

    async def _begin_by_itself(self, message: Inbound) -> None:
        """Say what nobody asked for just now: something new beside what is open, or what was open before a talk."""
        state = self._state(None)
        if state.withheld is not None:
            return
        turn = self._turn(state)
        if message.begins is not None:
            begins = message.begins
            messages = await turn.begun(Goto(script=begins.script, args=begins.args))
        else:
            messages = await turn.taken_up()
        await self.queue(messages)
        asks = any(isinstance(one, Prompt) for one in messages) and state.frames
        await self._save(
            state, heard_at=self._opened.heard_at, nudge_at=self._now + NUDGE_AFTER if asks else None, is_heard=False
        )

    async def _relayed(self, message: Inbound) -> bool:
        """Say whether a message is for somebody whom the person talks with, and has gone there."""
        if self._opened.talks is None and self._opened.holds is None:
            return False
        state = self._state(message)
        if self._opened.stop_reason is not None or not await self._relay(state, message).carries():
            return False
        await self._save(state, heard_at=self._now, nudge_at=None)
        return True

    def _relay(self, state: State, message: Inbound) -> Relay:
        return Relay(
            connection=self._connection,
            work=self.work,
            opened=self._opened,
            state=state,
            message=message,
            member=self._desk.staff,
            channels=self._channels,
            secret=self._secret,
            language=self._language,
            now=self._now,
        )

    async def _heard_beside(self, message: Inbound) -> None:
        """Tell somebody who is not of the staff, and speaks to us where others read along, where to do so."""
        if message.overheard:
            return
        language = _known_language(message.language) or self._language
        told = sentences.STAFF_ONLY if self._opened.works_here else sentences.IN_PRIVATE
        await self.queue([Line(text=render(told, language))])

    async def _taken_up(self, said: Said) -> bool:
        """Say whether messages are welcome again: the person says START, or wrote after blocking us.

        What was said before they stopped, and only comes to its turn now, does not count.
        """
        stopped_at, since = self._opened.stopped_at, self._waited_since
        if since is not None and stopped_at is not None and since < stopped_at:
            return False
        if said.kind == Kind.DESK:  # which nobody said
            return False
        blocked = self._opened.stop_reason == "blocked" and self._opened.channel == Channel.TELEGRAM
        if not blocked and not is_start(said, self._opened.channel):
            return False
        how = "wrote again" if blocked else "START"
        await conversations.take_up(self._connection, self._opened.contact, at=since or self._now, how=how)
        return True

    async def _stop(self, message: Inbound) -> None:
        """Stop as of when it was said, and confirm it, unless the carrier does so and takes nothing more from us."""
        at = await self._silence("person")
        await self._relay(self._state(message), message).leaves()
        if means_a_visit(message.said, self._opened.channel) and await self._has_bookings():
            # The carrier lets us send nothing more, not even a question.
            await self.work.people.open_task("stop-or-cancel", self._opened.contact, f"contact:{self._opened.contact}")
        if not carrier_answers(message.said, self._opened.channel):
            state = self._state(message)
            await self.queue([Line(text=render(sentences.STOPPED, state.language))], due=at)

    async def _silence(self, reason: str) -> datetime:
        at = self._waited_since or self._now
        await conversations.stop(self._connection, self._opened.contact, at=at, reason=reason)
        await outbox.drop_queue(self._connection, self._opened.contact, "stopped")
        if reason == "person":
            await outbox.drop_reminders(self._connection, self._opened.id, "stopped")
            await drop_mails(self._connection, self._opened.contact, "stopped")
        return at

    async def _talk(self, message: Inbound) -> None:
        state = self._state(message)
        was_stopped = self._opened.stop_reason is not None
        said = _as_conversation(message.said, was_stopped=was_stopped)
        if state.withheld is None and await may_be_somebody_else(self._opened, self._heard, self.work, self._now):
            state.withhold(said, answers=message.answers, heard_at=self._opened.heard_at)
            turn = self._turn(state)
            await turn.answer(Goto(script="prove"))
        else:
            turn = await self._heard_in(state, replace(message, said=said))
        messages = list(turn.stage.messages)
        while turn.stage.has_changed_hands:
            turn = await self._goes_on(turn, message)
            state = turn.state
            messages += turn.stage.messages
        has_stopped = self._opened.stop_reason == "person" and self._opened.channel == Channel.SMS
        if has_stopped and state.withheld is None and await self._has_bookings():
            # Who wrote CANCEL to a number has stopped its messages, and may think that a booking is cancelled.
            messages.insert(0, Line(text=render(sentences.BOOKINGS_STAND, state.language)))
        await self._finish(state, message, messages)

    async def _heard_in(self, state: State, message: Inbound, notes: Sequence[Writable] = ()) -> Turn:
        """Take in *message*: it answers a reminder, or it is for the conversation."""
        turn = self._turn(state, notes, speaker=message.speaker)
        withheld = state.withheld is not None
        if self._desk.staff is not None and not withheld:
            goto = await day_asked(self._connection, self._opened, message, state)
            if goto is not None:
                await turn.answer(goto)
                return turn
        reply = None if withheld else await reply_in(self._connection, self._opened, message, state, self._now)
        if reply is not None:
            await self._settle(message, reply)
            await turn.answer(reply.goto())
        else:
            await turn.hear(as_here(message.said, self._opened, state), heard_at=self._opened.heard_at)
        return turn

    # ---- whose conversation it is

    async def _goes_on(self, turn: Turn, message: Inbound) -> Turn:
        """Go on once it is clear whose the conversation is; what was said before that is heard now."""
        state, notes, withheld = turn.state, turn.stage.notes, turn.state.withheld
        joined, is_new = self.work.joining.joined, self.work.joining.left
        if is_new:
            await self._begin_anew()
            state = State(language=state.language, menus=state.menus)
        elif joined is not None:
            state, withheld = await self._joined(state, joined), None
        else:
            state.give_back()
        if withheld is None or (withheld.said is None and not is_new):
            went_on = self._turn(state, notes)
            await went_on.go_on()
            return went_on
        self._opened = replace(self._opened, heard_at=withheld.heard_at or self._opened.heard_at)
        said = withheld.said or Said(kind=Kind.BEGIN)
        return await self._heard_in(state, replace(message, said=said, answers=withheld.answers), notes)

    async def _begin_anew(self) -> None:
        """Go on as the contact of somebody new at the same address."""
        opened = await conversations.open_by_address(
            self._connection,
            secret=self._secret,
            channel=self._opened.channel,
            address=self._opened.address,
            now=self._now,
        )
        self._take_up(opened)

    async def _joined(self, mine: State, joined: Joined) -> State:
        """Go on in the conversation that is kept of two."""
        heard = joined.heard
        self._take_up(await conversations.open_by_contact(self._connection, self._opened.contact))
        self._heard = heard
        other = State.from_json(joined.other, _NAMES) if joined.other else State(language=mine.language)
        return both_of(mine, other) if joined.keeps_mine else both_of(other, mine)

    async def _settle(self, message: Inbound, reply: Reply) -> None:
        """Show on a reminder what was picked on it, where a channel can."""
        if message.said.kind != Kind.TAP or reply.wish is None or len(reply.told) > 1:
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
        if not state.frames or self._opened.stop_reason is not None or self._opened.talks is not None:
            await self._save(state, heard_at=self._opened.heard_at, nudge_at=None)
            return
        turn = self._turn(state)
        messages = await turn.nudge()
        await self.queue(messages)
        await self._save(state, heard_at=self._opened.heard_at, nudge_at=None)

    def _turn(self, state: State, notes: Sequence[Writable] = (), *, speaker: str | None = None) -> Turn:
        context = Context(
            store=self.work,
            contact=self._opened.contact,
            now=self._now,
            key=self._key,
            country=self._country,
            policy=self._desk.policy,
            programme=self._desk.programme,
            origin=Origin(
                channel=self._opened.channel,
                address=self._opened.address,
                on=frozenset(self._channels),
                secret=self._secret,
                speaker=speaker,
            ),
            post=self._letters.append,
            member=self._desk.staff,
            postage=self._postage,
        )
        return Turn(Stage(state, self._desk, TurnWorld(self.work, context), SCRIPTS, notes=list(notes)))

    def _state(self, message: Inbound | None) -> State:
        if self._opened.state is not None:
            return State.from_json(self._opened.state, _NAMES)
        greeted = greeted_in(message.said.text) if message else None
        known = _known_language(message.language) if message else None
        return State(language=greeted or known or self._language)

    def _country(self) -> str:
        return "" if self._opened.channel == Channel.TELEGRAM else country_of(self._opened.address)

    async def _finish(self, state: State, message: Inbound, messages: list[Message]) -> None:
        for letter in self._letters:
            await queue_letter(
                self._connection,
                letter,
                channels=self._channels,
                language=state.language,
                bot=self._bot,
                now=self._now,
            )
        await self.queue(messages)
        if self.work.handovers.taken is not None:
            await self._relay(state, message).begins(self.work.handovers.taken)
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

    @property
    def is_due(self) -> bool:
        """Something was written that the worker is to see to at once."""
        return self.work.handovers.is_due

    async def _save(
        self, state: State, *, heard_at: datetime, nudge_at: datetime | None, is_heard: bool | None = None
    ) -> None:
        """Write what the turn left behind; unless it *is_heard*, who was written to has not spoken themselves."""
        is_heard = heard_at == self._now if is_heard is None else is_heard
        heard = heard_now(self._heard, self._opened, self._now) if is_heard else self._heard
        await conversations.save(
            self._connection,
            self._opened.id,
            turn=self._opened.turn + 1,
            state=state.to_json() | ({"heard": heard} if heard else {}),
            heard_at=heard_at,
            nudge_at=nudge_at,
            last_contact=self._opened.contact if is_heard else self._opened.last_contact,
        )


def _joins(said: Said) -> bool:
    """Say whether somebody gives the code of an invitation."""
    given = said.text.replace("_", " ", 1) if said.kind == Kind.BEGIN else said.text
    return join_code_in(given) is not None


def _known_language(code: str | None) -> str | None:
    short = (code or "").partition("-")[0].lower()
    return short if short in LANGUAGES else None


def _as_conversation(said: Said, *, was_stopped: bool) -> Said:
    if said.kind == Kind.RESUME and not was_stopped:
        return Said(kind=Kind.BEGIN)
    return Said(kind=Kind.RESUME) if was_stopped and said.kind in (Kind.TEXT, Kind.BEGIN) else said
