"""How broadcasts go, in SQL: how many people are where, pauses, ends, and whether the end was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.patients import ContactId
from domain.staff.broadcast_commands import BroadcastId
from domain.store.broadcast_queue import Going, audit
from domain.store.stamp import Stamp
from domain.store.tables import broadcast, broadcast_recipient, outbox

_BY_MESSAGE = {"sent": "sent", "dead": "failed", "queued": "waiting"}


async def counts(connection: AsyncConnection, broadcast_id: BroadcastId) -> dict[str, int]:
    """Return how many people are where: sent, waiting, failed, left_out, not_sent."""
    found = (
        select(
            broadcast_recipient.c.state, outbox.c.state.label("message"), outbox.c.error, func.count().label("people")
        )
        .join_from(broadcast_recipient, outbox, outbox.c.id == broadcast_recipient.c.outbox_id, isouter=True)
        .where(broadcast_recipient.c.broadcast_id == broadcast_id)
        .group_by(broadcast_recipient.c.state, outbox.c.state, outbox.c.error)
    )
    is_over = select(broadcast.c.state != "going").where(broadcast.c.id == broadcast_id)
    stands = "not_sent" if (await connection.execute(is_over)).scalar_one() else "waiting"
    people = dict.fromkeys(("sent", "waiting", "failed", "left_out", "not_sent"), 0)
    for row in await connection.execute(found):
        people[_where(row, stands)] += row.people
    return people


def _where(row: Any, stands: str) -> str:
    if row.state == "waiting":
        return stands
    if row.state == "left-out":
        return "left_out"
    if row.message == "dropped":
        return "not_sent" if row.error == "broadcast stopped" else "left_out"
    return _BY_MESSAGE[row.message]


async def pause(connection: AsyncConnection, going: Going, now: datetime, until: datetime) -> bool:
    """Let a broadcast wait until the quiet hours are over, and say whether it is news."""
    paused = update(broadcast).where(broadcast.c.id == going.id, broadcast.c.state == "going")
    await connection.execute(paused.values(next_at=until, paused_at=now))
    return not going.is_paused


async def go_on(connection: AsyncConnection, going: Going) -> None:
    """Note that it goes on after a pause."""
    await connection.execute(update(broadcast).where(broadcast.c.id == going.id).values(paused_at=None))


async def finish(connection: AsyncConnection, broadcast_id: BroadcastId, stamp: Stamp) -> bool:
    """End a broadcast of which nothing waits and nothing is queued any more; say whether that is so, and news."""
    people = await counts(connection, broadcast_id)
    if people["waiting"]:
        return False
    ended = update(broadcast).where(broadcast.c.id == broadcast_id, broadcast.c.state == "going")
    done = await connection.execute(ended.values(state="done", ended_at=stamp.now, ended_by=stamp.actor))
    if done.rowcount:
        await audit(connection, broadcast_id, "done", stamp)
    return bool(done.rowcount)


async def untold(connection: AsyncConnection) -> Sequence[tuple[BroadcastId, ContactId]]:
    """Return the ended broadcasts whose end nobody was told, and who is to be."""
    found = select(broadcast.c.id, broadcast.c.contact_id).where(
        broadcast.c.told_at.is_(None), broadcast.c.state != "going"
    )
    return [(BroadcastId(row.id), ContactId(row.contact_id)) for row in await connection.execute(found)]


async def told(connection: AsyncConnection, broadcast_id: BroadcastId, now: datetime) -> bool:
    """Note that the end is told, with its counts; say whether nobody else did so."""
    people = await counts(connection, broadcast_id)
    ours = update(broadcast).where(broadcast.c.id == broadcast_id, broadcast.c.told_at.is_(None))
    return bool((await connection.execute(ours.values(told_at=now, counts=people))).rowcount)
