"""Sees to hand-overs as time passes: tells staff that somebody waits, tells more of them, has the desk go on.

Each is done in the transaction that notes it, so that it is done once, whatever number of workers runs. What is to be
said stands in the inbox of whom it is said to, as something that the desk begins there: it has its turn among theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.log import problem
from bot.messages import Begins, Inbound, dump_inbound, dump_outgoing
from bot.reaching import Way, way_to
from bot.turns import Turns
from bot.wake import Bell
from dialogs.handing_over import LATE
from dialogs.prompt import Line
from dialogs.said import Kind, Said
from dialogs.text import render
from domain import desk_hours
from domain.patients import ContactId
from domain.staff.handover_commands import HandoverId, Stage
from domain.staff.handovers import called
from domain.store import handovers, inbox, outbox
from domain.store.database import Connection
from domain.store.desk_hours import desk_hours as hours_of
from domain.store.handovers import Due
from domain.store.outbox import Queued
from domain.store.stamp import Stamp
from domain.store.work import Work

log = structlog.get_logger()

#: How long staff have after each call before more of them are told, while somebody is at the desk.
PATIENCE = (timedelta(minutes=10), timedelta(minutes=20))
_AT_ONCE = 50
_LATER = timedelta(days=1)


async def see_to_due(turns: Turns, now: datetime) -> int:
    """See to all hand-overs that something is due for, and return how many there were."""
    async with turns.database.read() as connection:
        found = await handovers.due(connection, now, _AT_ONCE)
    for one in found:
        await _guarded(one, turns, now)
    if found:
        turns.wake.ring(Bell.INBOX)
        turns.wake.ring(Bell.OUTBOX)
    return len(found)


async def _guarded(wanted: HandoverId, turns: Turns, now: datetime) -> None:
    """See to one; one that fails is in nobody's way."""
    try:
        async with turns.database.begin() as connection:
            one = await handovers.take_due(connection, wanted, now)
            if one is not None:
                await _Seeing(connection, one, turns, now).see_to()
    except Exception as failure:  # noqa: BLE001  the job's edge
        log.error("hand-over failed", handover=wanted, problem=problem(failure))


@dataclass(frozen=True, slots=True)
class _Seeing:
    """One hand-over, locked."""

    connection: Connection
    of: Due
    turns: Turns
    now: datetime

    async def see_to(self) -> None:
        if self.of.stage == Stage.WAITING:
            await self._call()
        elif self.of.stage == Stage.DONE:
            await self._go_on()
            await self._next(None)

    async def _call(self) -> None:
        """Tell staff, unless nobody is there now."""
        hours = await hours_of(self.connection, self.of.centre)
        opens_at = desk_hours.opens_at(hours, self.now) if hours else self.now
        if opens_at is None or opens_at > self.now:
            await self._next(opens_at or self.now + _LATER, calls=self.of.calls)
            return
        calls = self.of.calls
        for contact in await self._whom(calls):
            await self._tell(contact, calls)
        if calls == len(PATIENCE):
            await self._say_late()
            await self._next(None, calls=calls + 1)
        else:
            wait = PATIENCE[calls]
            later = desk_hours.after(hours, self.now, wait) if hours else self.now + wait
            await self._next(later or self.now + _LATER, calls=calls + 1)
        log.info("staff called", handover=self.of.id, call=calls + 1)

    async def _whom(self, calls: int) -> list[ContactId]:
        """Return the chats to tell; a round that reaches nobody tells those of the next one."""
        staffing = Work(self.connection, Stamp(now=self.now, actor="handovers")).staffing
        everybody = await staffing.everybody()
        teams = await handovers.teams_of(self.connection, self.of.centre) if calls == 0 else []
        for later in range(calls, len(PATIENCE) + 2):
            found = [one.contact for one in called(everybody, self.of.centre, later)]
            reached = [one for one in [*teams, *found] if await self._way(one) is not None]
            if reached:
                return list(dict.fromkeys(reached))
        return []

    async def _way(self, contact: ContactId) -> Way | None:
        return await way_to(
            self.connection,
            contact,
            on=self.turns.channels.keys(),
            secret=self.turns.database.index_secret,
            now=self.now,
        )

    async def _tell(self, contact: ContactId, calls: int) -> None:
        begins = Begins(script="handover-call", args=(("handover", str(self.of.id)),))
        await self._put(contact, f"call{calls}", begins)

    async def _go_on(self) -> None:
        await self._put(self.of.contact, "back", None)

    async def _put(self, contact: ContactId, what: str, begins: Begins | None) -> None:
        """Have the desk begin something with somebody, in their order."""
        way = await self._way(contact)
        if way is None:
            log.info("hand-over reaches nobody", handover=self.of.id, contact=contact)
            return
        message = Inbound(
            channel=way.to.channel,
            address=way.to.address,
            provider_id=f"handover-{self.of.id}-{what}-{way.to.contact}",
            said=Said(kind=Kind.DESK),
            begins=begins,
        )
        await inbox.receive(
            self.connection,
            contact_id=way.to.contact,
            channel=message.channel,
            provider_id=message.provider_id,
            payload=dump_inbound(message),
            now=self.now,
            put_off=True,
        )

    async def _say_late(self) -> None:
        """Tell the person the truth, once all who could be told have been."""
        way = await self._way(self.of.contact)
        if way is None:
            return
        line = Line(text=render(LATE, way.language or self.turns.language))
        await outbox.queue(
            self.connection,
            contact_id=way.to.contact,
            channel=way.to.channel,
            messages=[Queued(payload=dump_outgoing(one)) for one in self.turns.channels[way.to.channel].shape([line])],
            now=self.now,
        )

    async def _next(self, at: datetime | None, *, calls: int | None = None) -> None:
        await handovers.seen_to(
            self.connection, self.of.id, calls=self.of.calls if calls is None else calls, next_at=at
        )
