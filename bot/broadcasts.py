"""Sends broadcasts: a batch every few seconds at the pace of each, none in quiet hours, and tells how it went.

Whom a message may go to is looked at anew when their turn has come, in a transaction in which nothing else of theirs
goes on; so nobody gets one after STOP. What waits in the outbox when quiet hours begin waits again until they are over.
A conversation is locked before a broadcast, by whoever needs both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.log import problem
from bot.messages import dump_outgoing
from bot.turns import Turns
from dialogs import broadcasting
from dialogs.prompt import Line
from dialogs.text import Writable, render
from domain.staff.broadcast_commands import BroadcastId, Progress, Why
from domain.staff.reaching import Reachable, open_from, quiet_from, way_to
from domain.store import broadcast_progress, broadcast_queue, conversations, outbox
from domain.store.broadcast_queue import Going
from domain.store.broadcasts import SqlBroadcasts
from domain.store.conversations import ConversationId, Opened
from domain.store.database import TROUBLES, Connection
from domain.store.outbox import Priority, Queued
from domain.store.stamp import Stamp

log = structlog.get_logger()

BATCH = timedelta(seconds=5)  # no shorter than the worker's tick, so that the pace is kept


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a batch goes by: messages are of use *until* the quiet hours begin."""

    going: Going
    turns: Turns
    now: datetime
    until: datetime


async def broadcast_due(turns: Turns, now: datetime) -> int:
    """Queue the batches that are due, tell what has ended, and return how many messages were queued."""
    queued = 0
    while True:
        async with turns.database.begin() as connection:
            going = await broadcast_queue.lease(connection, now, BATCH)
        if going is None:
            break
        queued += await _go_on(going, turns, now)
    async with turns.database.read() as connection:
        ended = await broadcast_progress.untold(connection)
    for broadcast, contact in ended:
        async with turns.database.begin() as connection:
            opened = await conversations.open_by_contact(connection, contact)
            if await broadcast_progress.told(connection, broadcast, now):
                await _tell(connection, opened, broadcast, broadcasting.ended, turns, now)
    return queued


async def _go_on(going: Going, turns: Turns, now: datetime) -> int:
    """Queue the next messages, each a little later than the one before; in quiet hours put them off."""
    desk = await turns.catalogue.desk(now)
    async with turns.database.read() as connection:
        tz, programmes = await SqlBroadcasts(connection, _stamp(now)).hours(going.centre)
        people = await broadcast_queue.waiting(connection, going.id, going.rate * int(BATCH.total_seconds()))
    policies, zone = [desk.policy(one) for one in programmes], ZoneInfo(tz)
    if people and (from_when := open_from(now, zone, policies)) > now:
        await _pause(going, from_when, turns, now)
        return 0
    batch = _Batch(going, turns, now, quiet_from(now, zone, policies))
    queued = 0
    for number, person in enumerate(people):
        queued += await _guarded(batch, person, due_at=now + timedelta(seconds=number / going.rate))
    async with turns.database.begin() as connection:
        await broadcast_progress.go_on(connection, going)
        if not people:
            await broadcast_progress.finish(connection, going.id, _stamp(now))
    if queued:
        log.info("broadcast goes on", broadcast=going.id, count=queued)
    return queued


async def _pause(going: Going, until: datetime, turns: Turns, now: datetime) -> None:
    async with turns.database.begin() as connection:
        opened = await conversations.open_by_contact(connection, going.contact)
        if await broadcast_progress.pause(connection, going, now, until):
            await _tell(connection, opened, going.id, broadcasting.paused, turns, now)


async def _guarded(batch: _Batch, person: ConversationId, *, due_at: datetime) -> bool:
    """Queue one message; who cannot be written to for whatever reason is in nobody's way."""
    database = batch.turns.database
    try:
        async with database.begin() as connection:
            return await _queue(connection, batch, person, due_at)
    except TROUBLES as trouble:  # it waits for the next batch
        log.error("broadcast not queued", broadcast=batch.going.id, problem=problem(trouble))
    except Exception as failure:  # noqa: BLE001  the job's edge
        log.error("broadcast failed", broadcast=batch.going.id, problem=problem(failure))
        async with database.begin() as connection:
            await broadcast_queue.leave_out(connection, batch.going.id, person, Why.FAILED)
    return False


async def _queue(connection: Connection, batch: _Batch, person: ConversationId, due_at: datetime) -> bool:
    going, turns = batch.going, batch.turns
    contact = await broadcast_queue.any_contact(connection, person)
    if contact is None:  # it has become part of another conversation since
        return False
    opened = await conversations.open_by_contact(connection, contact)
    if opened.id != person or not await broadcast_queue.is_going(connection, going.id):
        return False
    to = way_to(await broadcast_queue.contacts(connection, person), turns.channels, batch.now)
    if not isinstance(to, Reachable):
        await broadcast_queue.leave_out(connection, going.id, person, to)
        return False
    text = going.texts.get(_language(opened, turns)) or next(iter(going.texts.values()))
    (message,) = turns.channels[to.channel].shape([Line(text=text)])
    free_until = to.free_until()
    return await broadcast_queue.queue(
        connection,
        going.id,
        person,
        to,
        dump_outgoing(message),
        due_at=due_at,
        until=batch.until if free_until is None else min(batch.until, free_until),
    )


async def _tell(
    connection: Connection,
    opened: Opened,
    broadcast: BroadcastId,
    saying: Callable[[Progress], Writable],
    turns: Turns,
    now: datetime,
) -> None:
    """Say to who began a broadcast how it goes, unless they want no messages."""
    found = await SqlBroadcasts(connection, _stamp(now)).progress(broadcast)
    channel = turns.channels.get(opened.channel)
    if found is None or channel is None or opened.stop_reason is not None:
        return
    said = Line(text=render(saying(found[1]), _language(opened, turns)))
    messages = [Queued(payload=dump_outgoing(one)) for one in channel.shape([said])]
    await outbox.queue(
        connection,
        contact_id=opened.contact,
        channel=opened.channel,
        messages=messages,
        now=now,
        priority=Priority.DIGEST,
    )


def _language(opened: Opened, turns: Turns) -> str:
    return str((opened.state or {}).get("language", turns.language))


def _stamp(now: datetime) -> Stamp:
    return Stamp(now=now, actor="worker")
