"""Words that go through the desk: what a patient writes goes to who talks with them, and the other way round.

Each is queued in the transaction of its turn, under the lock of the hand-over: what is said just as it is handed back
either goes through before that, or is heard by the desk. Nobody sees a number of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import Channel as Sends
from bot.messages import Inbound, dump_outgoing
from bot.reaching import Way, way_to
from dialogs import handing_over, sentences
from dialogs.handing_over import COLLEAGUE, PATIENT
from dialogs.prompt import Line
from dialogs.readers.fold import fold
from dialogs.said import Kind
from dialogs.staff_words import exact_wish_in, join_code_in
from dialogs.state import State
from dialogs.text import Writable, render
from domain.patients import Channel, ContactId
from domain.staff.handover_commands import Call, HandoverId, Stage
from domain.staff.members import Member
from domain.store import outbox
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.outbox import Priority, Queued
from domain.store.work import Work

_NOT_HEARD = (Kind.UNREADABLE, Kind.PIN, Kind.CONTACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """What passes between two in one turn, that of who writes."""

    connection: Connection
    work: Work
    opened: Opened
    state: State
    message: Inbound
    member: Member | None
    channels: Mapping[Channel, Sends]
    secret: bytes
    language: str
    now: datetime

    async def carries(self) -> bool:
        """Say whether the message was for the other one, and is on its way."""
        if self.opened.talks is not None and await self._from_patient(HandoverId(self.opened.talks)):
            return True
        if self.opened.holds is not None and self.member is not None:
            return await self._from_staff(self.member)
        return False

    # ---- from the patient

    async def _from_patient(self, handover: HandoverId) -> bool:
        said = self.message.said
        if self.message.template is not None or (said.kind == Kind.TAP and (said.menu or 0) < 0):
            return False  # it answers a reminder, which it does in any case
        call = await self.work.handovers.speak(handover)
        if call is None or call.chat is None:
            return False
        way = await self._way(call.chat, is_chat=True)
        words = self._words()
        if way is None:
            await self.work.handovers.wait_again(handover)
            await self._here(handing_over.ASKED_ANOTHER)
        elif words:
            await self._there(way, handing_over.spoken(call.name or PATIENT, words), call)
        elif said.kind in _NOT_HEARD:
            await self._there(way, handing_over.only_text_there(call.name), call)
            await self._here(handing_over.only_text_here(call.owner_name))
        elif said.kind == Kind.EDITED:
            await self._here(sentences.EDITED)
        else:
            await self._here(handing_over.person_here(call.owner_name))
        return True

    def _words(self) -> str:
        """Return what was written, or the words on what was tapped."""
        said, menu = self.message.said, self.state.menu
        if said.kind == Kind.TAP and menu is not None and said.menu == menu.number and said.option is not None:
            return menu.shown[said.option].label if said.option < len(menu.shown) else ""
        return said.text.strip() if said.kind in (Kind.TEXT, Kind.TAP) else ""

    async def leaves(self) -> None:
        """End what somebody is in who wants no more messages: who talks with them hears of it; a patient gets the desk.

        The desk says nothing to who has stopped, and goes on with whom a member of staff leaves behind.
        """
        handovers = self.work.handovers
        call = await handovers.of_person(self.opened.contact)
        if call is not None and await handovers.end(call.id) and call.stage == Stage.TAKEN and call.chat is not None:
            way = await self._way(call.chat, is_chat=True)
            if way is not None:
                await self._there(way, handing_over.gone(call.name), call)
        if self.opened.holds is not None:
            held = await handovers.call(HandoverId(self.opened.holds))
            if held is not None:
                await handovers.hand_back(held.id)

    # ---- from the member of staff

    async def _from_staff(self, member: Member) -> bool:
        said = self.message.said
        if said.kind not in (Kind.TEXT, *_NOT_HEARD) or await self._is_for_the_desk():
            return False
        call = await self._meant(member)
        if call is None:
            return False
        if call.owner != member.id:
            await self._here(handing_over.others(call.name, call.owner_name))
            return True
        if said.kind != Kind.TEXT:
            await self._here(handing_over.ONLY_TEXT)
            return True
        if await self.work.handovers.speak(call.id) is None:
            await self._here(handing_over.over(call.name))
            return True
        way = await self._way(call.contact)
        if way is None:
            await self._here(handing_over.unreachable(call.name))
        else:
            await self._there(way, handing_over.spoken(member.name or COLLEAGUE, said.text.strip()), call)
        return True

    async def _meant(self, member: Member) -> Call | None:
        """Return whom the words are for: in a team's chat they answer a message of the hand-over."""
        if self.message.speaker is None:
            held = await self.work.handovers.held_by(member.id)
            return held if held is not None and held.id == self.opened.holds else None
        wanted = await self._answered()
        call = await self.work.handovers.call(wanted) if wanted is not None else None
        return call if call is not None and call.chat == self.opened.contact and call.stage != Stage.DONE else None

    async def _answered(self) -> HandoverId | None:
        """Return the hand-over that the answered message belongs to."""
        if self.message.answers is None:
            return None
        shown = await outbox.shown_as(self.connection, self.opened.contact, self.message.answers)
        if shown is None:
            return None
        if shown.handover is not None:
            return HandoverId(shown.handover)
        notice = self.state.notice(shown.menu)
        named = (dict(one.args).get("handover") for one in notice.begins) if notice is not None else ()
        return next((HandoverId(int(one)) for one in named if one is not None), None)

    async def _is_for_the_desk(self) -> bool:
        """Say whether it is a wish in its very words, or picks something that is shown and was shown last."""
        text = self.message.said.text
        if exact_wish_in(text) or join_code_in(text) is not None:
            return True
        notice, menu = self.state.last_shown(), self.state.menu
        number, labels = None, []
        if notice is not None:
            number, labels = notice.menu, [one.label for one in notice.begins]
        elif menu is not None and self.state.frames:
            number, labels = menu.number, [one.label for one in menu.shown]
        if fold(text) and fold(text) in map(fold, labels):
            return True
        picked = text.strip().rstrip(".)")
        if not picked.isdecimal() or not 1 <= int(picked[:4]) <= len(labels):
            return False
        return await self._was_shown_last(number)

    async def _was_shown_last(self, number: int | None) -> bool:
        """Say whether nothing was said since menu *number* was shown, so that a number means something in it."""
        last = await outbox.last_shown(self.connection, self.opened.contact)
        if last is None or last.menu != number:
            return False
        held = await self.work.handovers.call(HandoverId(self.opened.holds or 0))
        return held is None or held.spoken_at is None or held.spoken_at < last.due_at

    # ---- sending

    async def begins(self, call: Call) -> None:
        """Tell a patient that somebody talks with them from now on."""
        way = await self._way(call.contact)
        if way is not None:
            await self._there(way, handing_over.person_here(call.owner_name), call)

    async def _way(self, contact: ContactId, *, is_chat: bool = False) -> Way | None:
        return await way_to(
            self.connection, contact, on=self.channels.keys(), secret=self.secret, now=self.now, is_chat=is_chat
        )

    async def _there(self, way: Way, text: Writable, call: Call) -> None:
        """Queue words to the other one."""
        await self._queue(way.to.contact, way.to.channel, render(text, way.language or self.language), call.id)

    async def _here(self, text: Writable) -> None:
        """Queue words to who writes."""
        await self._queue(self.opened.contact, self.opened.channel, render(text, self.state.language), None)

    async def _queue(self, to: ContactId, channel: Channel, text: str, handover: HandoverId | None) -> None:
        shaped = self.channels[channel].shape([Line(text=text)])
        await outbox.queue(
            self.connection,
            contact_id=to,
            channel=channel,
            messages=[Queued(payload=dump_outgoing(one), handover=handover) for one in shaped],
            now=self.now,
            priority=Priority.REPLY,
        )
