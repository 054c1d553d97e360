"""What is done as time passes: messages that wait for their turn, holds that run out, silences, digests, slots to come.

Every job looks at the wall clock anew, at most five seconds apart, so that a machine that slept is noticed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from bot.approvals import Approvals
from bot.broadcasts import broadcast_due
from bot.digests import send_due
from bot.displacing import work_off
from bot.handovers import see_to_due
from bot.log import problem
from bot.metrics import QUEUED, WAITING
from bot.recommendations import tell_due
from bot.reminders import remind_due
from bot.reports import reports_due
from bot.requests import expire_due
from bot.turns import Turns
from bot.wake import Bell, Wake
from domain.patients import ContactId
from domain.schedules import PlannedSlot
from domain.store import appointments, catalogue, conversations, counts, mails, publishing, stocktaking
from domain.store.database import Database
from domain.store.stamp import Stamp
from domain.store.work import Work

log = structlog.get_logger()

TICK_S = 5.0
INBOX_POLL_S = 1.0
_NUDGES_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The worker's jobs over *database*."""

    database: Database
    turns: Turns
    wake: Wake
    clock: Callable[[], datetime]
    approvals: Approvals | None = None

    async def run(self) -> None:
        """Do all of them for ever."""
        async with asyncio.TaskGroup() as jobs:
            jobs.create_task(self._work_off_inbox())
            jobs.create_task(self._see_to_handovers())
            jobs.create_task(self._every(TICK_S, self.tick))
            jobs.create_task(self._every(TICK_S, self.send_digests))
            jobs.create_task(self._every_day(self.publish_ahead))
            if self.approvals is not None:
                jobs.create_task(self._every(TICK_S, self.approvals.look))

    async def _work_off_inbox(self) -> None:
        while True:
            if not await _guarded(self.turns.work_off_one):
                await self.wake.wait(Bell.INBOX, INBOX_POLL_S)

    async def _see_to_handovers(self) -> None:
        while True:
            await _guarded(self.see_to_handovers)
            await self.wake.wait(Bell.HANDOVER, TICK_S)

    async def see_to_handovers(self) -> None:
        """Tell staff who waits for a person, and have the desk go on where one was handed back."""
        await see_to_due(self.turns, self.clock())

    async def _every(self, seconds: float, job: Callable[[], Awaitable[object]]) -> None:
        while True:
            await _guarded(job)
            await asyncio.sleep(seconds)

    async def _every_day(self, job: Callable[[], Awaitable[object]]) -> None:
        last = None
        while True:
            today = self.clock().date()
            if today != last:
                await _guarded(job)
                last = today
            await asyncio.sleep(TICK_S)

    async def tick(self) -> None:
        """Free what lapsed, remind the silent, tell those whose day has come, count what waits."""
        now = self.clock()
        async with self.database.begin() as connection:
            freed = await Work(connection, Stamp(now=now, actor="sweeper")).appointments.release_lapsed(now)
            released = await appointments.release_reserves(connection, now)
            released += await stocktaking.release_allocations(connection, now)
            await mails.forget_codes(connection, now)
            silent = await conversations.due_for_nudge(connection, now, _NUDGES_AT_ONCE)
        if freed:
            log.info("holds lapsed", count=freed)
        if released:
            log.info("kept places released", count=released)
        for contact, turn in silent:
            await self._nudge(contact, turn)
        if gone := await expire_due(self.database, now):
            log.info("requests unanswered", count=gone)
        if reminded := await remind_due(self.turns, now):
            self.wake.ring(Bell.OUTBOX)
            log.info("reminded", count=reminded)
        if told := await tell_due(self.turns, now):
            self.wake.ring(Bell.OUTBOX)
            log.info("told that their day has come", count=told)
        if written := await broadcast_due(self.turns, now):
            self.wake.ring(Bell.OUTBOX)
            log.info("broadcast", count=written)
        if settled := await work_off(self.turns, now):
            self.wake.ring(Bell.OUTBOX)
            log.info("visits that fell out worked off", count=settled)
        async with self.database.read() as connection:
            queued, waiting = await counts.waiting(connection)
        QUEUED.set(queued)
        WAITING.set(waiting)

    async def send_digests(self) -> None:
        """Send staff the digests and reports that are due; beside all else, since many may be due at one hour."""
        if sent := await send_due(self.turns, self.clock()):
            self.wake.ring(Bell.OUTBOX)
            log.info("digests sent", count=sent)
        if sent := await reports_due(self.turns, self.clock()):
            self.wake.ring(Bell.OUTBOX)
            log.info("reports sent", count=sent)

    async def _nudge(self, contact: ContactId, turn: int) -> None:
        """Remind somebody; who cannot be reminded is left alone, so that the others are."""
        try:
            await self.turns.nudge(contact, turn)
        except Exception as failure:  # noqa: BLE001  the turn's edge
            log.error("nudge failed", contact=contact, problem=problem(failure))
            async with self.database.begin() as connection:
                await conversations.leave_alone(connection, contact, turn)

    async def publish_ahead(self) -> None:
        """Publish as many days ahead as were asked for when places were last published."""
        clashes: list[PlannedSlot] = []
        added = await publish(self.database, today=self.clock().date(), clashes=clashes)
        if added:
            log.info("slots published", count=added)
        if clashes:
            log.warning("practitioners in two places", slots_left_out=len(clashes), cure="change their hours")


async def publish(
    database: Database, *, today: date, until: date | None = None, clashes: list[PlannedSlot] | None = None
) -> int:
    """Publish the slots of all schedules from tomorrow until *until*, or as far ahead as each is kept published.

    Each schedule has a transaction of its own, so that turns are not held up. Return how many slots are new; those
    that are left out, since their practitioner is elsewhere then, are added to *clashes*.
    """
    async with database.read() as connection:
        schedules = await catalogue.schedules(connection)
    added = 0
    for schedule in schedules:
        last = until or today + timedelta(days=schedule.ahead_days)
        async with database.begin() as connection:
            first = today + timedelta(days=1)
            added += await publishing.publish(connection, schedule, start=first, until=last, clashes=clashes)
    if until is not None:
        async with database.begin() as connection:
            await catalogue.keep_publishing(connection, (until - today).days)
    return added


async def _guarded(job: Callable[[], Awaitable[object]]) -> object:
    try:
        return await job()
    except Exception as trouble:  # noqa: BLE001  the dispatcher's edge: one failure must not end the others
        log.error("job failed", job=getattr(job, "__name__", "?"), problem=problem(trouble))
        return None
