"""Sends each centre's daily digest at its local hour, once to each reader, in the words of their language.

A reader has the digest's row, its message in the outbox and its notice in their conversation in one transaction, in
which nobody else is at that conversation or at that centre's digests; with the last reader the plan moves on. Who is
busy is left for the next look. What WhatsApp does not take goes by SMS to the same number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

import structlog

from bot.log import problem
from bot.messages import dump_outgoing
from bot.turns import Turns
from bot.ways import free_until
from dialogs import notices, staff_day
from dialogs.prompt import Hour, Picture, Prompt, Template
from dialogs.scripts import SCRIPTS
from dialogs.state import State
from dialogs.text import render
from domain.centres import CentreId
from domain.patients import Channel, ContactId
from domain.policies import DIGEST
from domain.staff.day_commands import DaySummary
from domain.store import conversations, digests, outbox
from domain.store.conversations import Opened, Reached
from domain.store.database import Connection
from domain.store.digests import Sent, Taken
from domain.store.outbox import Priority, Queued
from domain.store.stamp import Stamp
from domain.store.work import Work
from domain.telephone import is_number
from domain.words import LANGUAGES

log = structlog.get_logger()

_NAMES = frozenset(SCRIPTS)
_AFTER_FAILURE = timedelta(minutes=1)


class _Done(Enum):
    """What one look at a centre came to."""

    SENT = "sent"
    LAST = "last"  # sent, and nobody else is left
    NOTHING = "nothing"  # there is nothing to do there now


async def send_due(turns: Turns, now: datetime) -> int:
    """Queue the digests that are due, and return how many."""
    async with turns.database.read() as connection:
        new = await digests.without_plan(connection)
        due = await digests.due(connection, now)
    if new:
        async with turns.database.begin() as connection:
            await digests.begin_plans(connection, new, now)
    sent = 0
    for centre in due:
        sent += await _of_centre(turns, centre, now)
    return sent + await _send_lost(turns, now)


async def _of_centre(turns: Turns, centre: CentreId, now: datetime) -> int:
    """Send a centre's digests, each in a transaction of its own; one that fails is in nobody else's way for long."""
    sent, busy = 0, set[ContactId]()
    try:
        while True:
            async with turns.database.begin() as connection:
                done = await _next(connection, turns, centre, now, busy)
            sent += done is not _Done.NOTHING
            if done is not _Done.SENT:
                return sent
    except Exception as failure:  # noqa: BLE001  the job's edge
        log.error("digest failed", centre=centre, problem=problem(failure))
        async with turns.database.begin() as connection:
            await digests.put_off(connection, centre, now + _AFTER_FAILURE)
    return sent


async def _next(connection: Connection, turns: Turns, centre: CentreId, now: datetime, busy: set[ContactId]) -> _Done:
    """Send a centre's digest to one reader; where all have it, or it is not the time, let the plan move on."""
    taken = await digests.take(connection, centre, now)
    if taken is None:
        return _Done.NOTHING
    left = await digests.readers(connection, centre, taken.today(now)) if taken.is_time(now) else []
    summary = await _summary(connection, taken, now) if left else None
    if summary is not None and not summary.says_nothing:
        for contact in left:
            opened = None if contact in busy else await conversations.open_if_free(connection, contact)
            if opened is None:
                busy.add(contact)
                continue
            await _tell(connection, opened, summary, taken, turns, now)
            if left != [contact]:
                return _Done.SENT
            await digests.move_on(connection, taken, now)
            return _Done.LAST
        return _Done.NOTHING
    await digests.move_on(connection, taken, now)
    return _Done.NOTHING


async def _summary(connection: Connection, taken: Taken, now: datetime) -> DaySummary:
    work = Work(connection, Stamp(now=now, actor="digests"))
    return await work.staff_day.summary(taken.centre, taken.today(now))


async def _tell(
    connection: Connection, opened: Opened, summary: DaySummary, taken: Taken, turns: Turns, now: datetime
) -> None:
    """Queue a digest to somebody whose conversation is locked, and keep it there as a notice."""
    state = _state(opened, turns)
    to = Reached(
        contact=opened.contact,
        conversation=opened.id,
        channel=opened.channel,
        address=opened.address,
        stop_reason=opened.stop_reason,
    )
    prompt = _prompt(state, summary, now, free_until(to, opened))
    await digests.write(connection, summary.centre.id, opened.contact, summary.day, menu=prompt.menu, now=now)
    until = taken.plan.useless_from(summary.day, taken.zone)
    await _queue(connection, [*_drawn(summary, prompt, now), prompt], to, opened, state, turns, now, until)


def _prompt(state: State, summary: DaySummary, now: datetime, free: datetime | None) -> Prompt:
    """Return the digest; where words of our own are not taken any more, what brings the whole of it."""
    values = tuple(render(one, state.language) for one in staff_day.brief(summary))
    if free is not None and now >= free:
        prompt = notices.post(state, staff_day.announced(*values), [staff_day.show(summary)])
    else:
        prompt = notices.post(state, staff_day.written(summary), staff_day.offered(summary, now))
    return replace(prompt, template=Template(name=DIGEST, values=values), free_until=free)


def _drawn(summary: DaySummary, prompt: Prompt, now: datetime) -> list[Picture]:
    """Return the day as a picture, where one can be sent and there is something to draw."""
    if prompt.free_until is not None and now >= prompt.free_until:
        return []
    zone, hours = summary.zone, summary.hours
    drawn = tuple(Hour(one.starts_at.astimezone(zone).hour, one.booked, one.booked + one.empty) for one in hours)
    return [Picture(hours=drawn)] if drawn else []


async def _queue(
    connection: Connection,
    messages: Sequence[Picture | Prompt],
    to: Reached,
    opened: Opened,
    state: State,
    turns: Turns,
    now: datetime,
    until: datetime,
) -> None:
    channel = turns.channels.get(to.channel)
    if channel is None:
        log.info("digest not sent", channel=to.channel, contact=to.contact, why="channel off")
        return
    await outbox.queue(
        connection,
        contact_id=to.contact,
        channel=to.channel,
        messages=[
            Queued(payload=dump_outgoing(one), menu=one.menu if isinstance(one, Prompt) else None, until=until)
            for one in channel.shape(list(messages))
        ],
        now=now,
        priority=Priority.DIGEST,
    )
    state.told_at = now
    await conversations.keep_state(connection, opened, state.to_json())


def _state(opened: Opened, turns: Turns) -> State:
    if opened.state is not None:
        return State.from_json(opened.state, _NAMES)
    return State(language=turns.language if turns.language in LANGUAGES else "en")


# ---- what did not arrive


async def _send_lost(turns: Turns, now: datetime) -> int:
    """Send by another way the digests that did not arrive, and return how many."""
    sent = 0
    while True:
        async with turns.database.begin() as connection:
            lost = await digests.take_lost(connection, now)
            if lost is None:
                return sent
            sent += await _another_way(connection, lost, turns, now)


async def _another_way(connection: Connection, lost: Sent, turns: Turns, now: datetime) -> bool:
    work = Work(connection, Stamp(now=now, actor="digests"))
    summary = await work.staff_day.summary(lost.centre, lost.day)
    plan = await work.digests.plan(lost.centre)
    until = plan.useless_from(lost.day, summary.zone)
    if now >= until:
        await digests.done_with(connection, lost)
        return False
    opened = await conversations.open_by_contact(connection, lost.contact)
    to = await _by_sms(connection, opened, turns, now)
    if to is None:
        await digests.done_with(connection, lost)
        await work.people.open_task("undeliverable", lost.contact, f"digest:{lost.id}")
        log.info("digest lost", digest=lost.id)
        return False
    state = _state(opened, turns)
    prompt = _prompt(state, summary, now, None)
    await digests.done_with(connection, lost, menu=prompt.menu)
    await _queue(connection, [prompt], to, opened, state, turns, now, until)
    return True


async def _by_sms(connection: Connection, opened: Opened, turns: Turns, now: datetime) -> Reached | None:
    """Return the same number for text messages; None where that is off, or not wanted there."""
    if Channel.SMS not in turns.channels or not is_number(opened.address):
        return None
    to = await conversations.reached_at(
        connection,
        secret=turns.database.index_secret,
        channel=Channel.SMS,
        address=opened.address,
        conversation_id=opened.id,
        now=now,
    )
    return to if to.stop_reason is None else None
