"""Broadcasts in SQL as members of staff see and steer them; `broadcast_queue` is what the worker needs of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.patients import Channel, ContactId
from domain.staff.broadcast_commands import Audience, BroadcastId, LeftOut, Preview, Progress, Texts, Way, Why
from domain.staff.members import StaffId
from domain.staff.reaching import Reachable, way_to
from domain.store import broadcast_progress, broadcast_queue
from domain.store.audiences import conversations_of
from domain.store.stamp import Stamp
from domain.store.tables import broadcast, broadcast_recipient, centre, conversation, schedule


class SqlBroadcasts:
    """`domain.staff.broadcast_ports.Broadcasts`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def _audience(self, centre_id: CentreId, audience: Audience, language: str) -> Any:
        tz, _ = await self.hours(centre_id)
        return conversations_of(centre_id, audience, tz=tz, now=self._stamp.now, language=language)

    async def reached(self, centre_id: CentreId, audience: Audience, on: Collection[Channel], language: str) -> Preview:
        wanted = await self._audience(centre_id, audience, language)
        rows = await self._connection.execute(broadcast_queue.CONTACTS.where(conversation.c.id.in_(wanted)))
        ways: Counter[tuple[Channel, str | None]] = Counter()
        left_out: Counter[Why] = Counter()
        for _, theirs in groupby(rows, key=attrgetter("conversation_id")):
            contacts = list(theirs)
            way = way_to(list(map(broadcast_queue.reachable, contacts)), on, self._stamp.now)
            if isinstance(way, Reachable):
                ways[way.channel, contacts[0].language] += 1
            else:
                left_out[way] += 1
        return Preview(
            ways=tuple(
                Way(channel=channel, language=spoken, people=people)
                for (channel, spoken), people in sorted(ways.items(), key=lambda one: (one[0][0], one[0][1] or ""))
            ),
            left_out=tuple(LeftOut(why=why, people=left_out[why]) for why in Why if left_out[why]),
        )

    async def begin(
        self, centre_id: CentreId, audience: Audience, texts: Texts, *, of: StaffId, contact: ContactId, language: str
    ) -> BroadcastId:
        values = {
            "centre_id": centre_id,
            "staff_id": of,
            "contact_id": contact,
            "audience": broadcast_queue.audience_to_json(audience),
            "texts": dict(texts),
            "state": "going",
            "next_at": self._stamp.now,
            "made_at": self._stamp.now,
            "made_by": self._stamp.actor,
        }
        added = await self._connection.execute(insert(broadcast).values(values).returning(broadcast.c.id))
        wanted = BroadcastId(added.scalar_one())
        people = (await self._audience(centre_id, audience, language)).add_columns(literal(wanted), literal("waiting"))
        columns = ["conversation_id", "broadcast_id", "state"]
        await self._connection.execute(insert(broadcast_recipient).from_select(columns, people))
        await broadcast_queue.audit(self._connection, wanted, "begun", self._stamp)
        return wanted

    async def last(self, centres: Collection[CentreId] | None) -> BroadcastId | None:
        is_over = (broadcast.c.state != "going").label("is_over")
        found = select(broadcast.c.id, is_over).order_by(is_over, broadcast.c.id.desc()).limit(1)
        if centres is not None:
            found = found.where(broadcast.c.centre_id.in_(centres))
        row = (await self._connection.execute(found)).first()
        return BroadcastId(row.id) if row is not None else None

    async def progress(self, broadcast_id: BroadcastId) -> tuple[CentreId, Progress] | None:
        found = (
            select(broadcast.c.centre_id, broadcast.c.state, centre.c.name)
            .join_from(broadcast, centre, centre.c.id == broadcast.c.centre_id)
            .where(broadcast.c.id == broadcast_id)
        )
        row = (await self._connection.execute(found)).first()
        if row is None:
            return None
        counts = await broadcast_progress.counts(self._connection, broadcast_id)
        progress = Progress(id=broadcast_id, centre=row.name, is_over=row.state != "going", **counts)
        return CentreId(row.centre_id), progress

    async def stop(self, broadcast_id: BroadcastId, contact: ContactId) -> bool:
        """Stop it; the worker sees that before it queues the next of its messages."""
        stopped = (
            update(broadcast)
            .where(broadcast.c.id == broadcast_id, broadcast.c.state == "going")
            .values(state="stopped", ended_at=self._stamp.now, ended_by=self._stamp.actor)
            .returning(broadcast.c.contact_id)
        )
        row = (await self._connection.execute(stopped)).first()
        if row is None:
            return False
        await broadcast_queue.drop(self._connection, broadcast_id)
        if row.contact_id == contact:
            told = update(broadcast).where(broadcast.c.id == broadcast_id)
            await self._connection.execute(told.values(told_at=self._stamp.now))
        await broadcast_queue.audit(self._connection, broadcast_id, "stopped", self._stamp)
        return True

    async def hours(self, centre_id: CentreId) -> tuple[str, list[str]]:
        tz = (await self._connection.execute(select(centre.c.tz).where(centre.c.id == centre_id))).scalar_one()
        booked = select(schedule.c.programme).where(schedule.c.centre_id == centre_id).distinct()
        programmes: Iterable[str] = (await self._connection.execute(booked)).scalars()
        return tz, sorted(programmes)
