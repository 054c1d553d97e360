"""Broadcasts as the worker sends them: a batch at a time, each person once, whatever number of workers runs.

A batch belongs to whoever moved `next_at` on. A person is taken by changing their row from `waiting`, in the
transaction that queues the message; so nobody is written to twice, and nobody is forgotten when a worker dies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.patients import Channel, ContactId
from domain.staff.broadcast_commands import Audience, BroadcastId, Why
from domain.staff.reaching import Reachable
from domain.store.conversations import ConversationId
from domain.store.outbox import OutboxId, Priority
from domain.store.prepared import Prepared
from domain.store.stamp import Stamp
from domain.store.tables import audit_event, broadcast, broadcast_recipient, contact, conversation, outbox

CONTACTS = (
    select(
        contact.c.id,
        contact.c.conversation_id,
        contact.c.channel,
        contact.c.stop_reason,
        contact.c.consented_at,
        conversation.c.heard_at,
        conversation.c.language,
        conversation.c.contact_id.label("last_contact"),
    )
    .join_from(contact, conversation, contact.c.conversation_id == conversation.c.id)
    .order_by(contact.c.conversation_id, contact.c.id)
)
_OF_PERSON = Prepared(CONTACTS.where(conversation.c.id == bindparam("wanted")))
_ANY_CONTACT = Prepared(select(func.min(contact.c.id)).where(contact.c.conversation_id == bindparam("wanted")))


def reachable(row: Any) -> Reachable:
    """Return a contact of a row of `CONTACTS`."""
    return Reachable(
        contact=ContactId(row.id),
        channel=Channel(row.channel),
        stop_reason=row.stop_reason,
        is_agreed=row.consented_at is not None,
        is_last=row.last_contact in (None, row.id),
        heard_at=row.heard_at,
    )


def audience_to_json(audience: Audience) -> dict[str, Any]:
    """Return who is written to as it is kept."""
    return {
        "whom": audience.whom.value,
        "first": audience.first.isoformat() if audience.first else None,
        "last": audience.last.isoformat() if audience.last else None,
        "programme": audience.programme,
        "group": audience.group,
        "language": audience.language,
        "following": [list(pair) for pair in audience.following],
    }


async def audit(connection: AsyncConnection, broadcast_id: BroadcastId, action: str, stamp: Stamp) -> None:
    """Write down what was done with a broadcast, and by whom."""
    version = (
        select(func.count() + 1)
        .select_from(audit_event)
        .where(audit_event.c.entity == "broadcast", audit_event.c.entity_id == broadcast_id)
        .scalar_subquery()
    )
    values = {"at": stamp.now, "actor": stamp.actor, "entity": "broadcast", "entity_id": broadcast_id}
    await connection.execute(insert(audit_event).values(version=version, action=action, **values))


# ---- batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A broadcast whose next batch is this worker's: *rate* messages a second, and who is told how it goes."""

    id: BroadcastId
    centre: CentreId
    texts: dict[str, str]
    rate: int
    contact: ContactId
    is_paused: bool


async def lease(connection: AsyncConnection, now: datetime, lasts: timedelta) -> Going | None:
    """Take the next batch that is due, so that the one after it is due when this one *lasts* no longer."""
    due = (
        select(broadcast.c.id)
        .where(broadcast.c.state == "going", broadcast.c.next_at <= now)
        .order_by(broadcast.c.next_at, broadcast.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = update(broadcast).where(broadcast.c.id.in_(due.scalar_subquery())).values(next_at=now + lasts)
    row = (await connection.execute(taken.returning(*broadcast.c))).first()
    if row is None:
        return None
    return Going(
        id=BroadcastId(row.id),
        centre=CentreId(row.centre_id),
        texts=row.texts,
        rate=row.rate,
        contact=ContactId(row.contact_id),
        is_paused=row.paused_at is not None,
    )


async def waiting(connection: AsyncConnection, broadcast_id: BroadcastId, limit: int) -> list[ConversationId]:
    """Return the first of those who wait."""
    found = (
        select(broadcast_recipient.c.conversation_id)
        .where(broadcast_recipient.c.broadcast_id == broadcast_id, broadcast_recipient.c.state == "waiting")
        .order_by(broadcast_recipient.c.conversation_id)
        .limit(limit)
    )
    return [ConversationId(one) for one in (await connection.execute(found)).scalars()]


async def any_contact(connection: AsyncConnection, conversation_id: ConversationId) -> ContactId | None:
    """Return a contact by which a conversation can be opened; None where it has become part of another."""
    found = await _ANY_CONTACT.value(connection, {"wanted": conversation_id})
    return ContactId(found) if found is not None else None


async def contacts(connection: AsyncConnection, conversation_id: ConversationId) -> list[Reachable]:
    """Return the contacts of somebody."""
    return list(map(reachable, await _OF_PERSON.all(connection, {"wanted": conversation_id})))


async def is_going(connection: AsyncConnection, broadcast_id: BroadcastId) -> bool:
    """Say whether it goes on; nobody can stop it before this unit of work is over."""
    found = select(broadcast.c.state).where(broadcast.c.id == broadcast_id).with_for_update(read=True)
    return bool((await connection.execute(found)).scalar_one() == "going")


async def leave_out(
    connection: AsyncConnection, broadcast_id: BroadcastId, conversation_id: ConversationId, why: Why
) -> None:
    """Leave somebody out who waits."""
    await connection.execute(_taken(broadcast_id, conversation_id).values(state="left-out", why=why.value))


async def queue(
    connection: AsyncConnection,
    broadcast_id: BroadcastId,
    conversation_id: ConversationId,
    to: Reachable,
    payload: dict[str, Any],
    *,
    due_at: datetime,
    until: datetime,
) -> bool:
    """Queue the message to somebody who waits, and say whether they still did.

    It goes at *due_at*; from *until* on it waits again instead.
    """
    still = _taken(broadcast_id, conversation_id).values(why=None).returning(broadcast_recipient.c.state)
    if (await connection.execute(still)).first() is None:
        return False
    values = {
        "contact_id": to.contact,
        "channel": to.channel,
        "priority": Priority.BROADCAST,
        "state": "queued",
        "due_at": due_at,
        "next_at": due_at,
        "payload": payload,
        "until": until,
    }
    added = (await connection.execute(insert(outbox).values(values).returning(outbox.c.id))).scalar_one()
    queued = _taken(broadcast_id, conversation_id).values(state="queued", outbox_id=added)
    await connection.execute(queued)
    return True


def _taken(broadcast_id: BroadcastId, conversation_id: ConversationId) -> Any:
    return update(broadcast_recipient).where(
        *_is(broadcast_id, conversation_id), broadcast_recipient.c.state == "waiting"
    )


def _is(broadcast_id: int, conversation_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return broadcast_recipient.c.broadcast_id == broadcast_id, broadcast_recipient.c.conversation_id == conversation_id


async def wait_again(connection: AsyncConnection, outbox_id: OutboxId) -> None:
    """Let somebody wait again whose message was not sent in its time."""
    theirs = update(broadcast_recipient).where(broadcast_recipient.c.outbox_id == outbox_id)
    await connection.execute(theirs.values(state="waiting", outbox_id=None))


async def is_broadcast(connection: AsyncConnection, outbox_id: OutboxId) -> bool:
    """Say whether a message is one of a broadcast."""
    found = select(broadcast_recipient.c.broadcast_id).where(broadcast_recipient.c.outbox_id == outbox_id)
    return (await connection.execute(found)).first() is not None


async def drop(connection: AsyncConnection, broadcast_id: BroadcastId) -> None:
    """Close what is queued of a broadcast and has not gone out."""
    theirs = select(broadcast_recipient.c.outbox_id).where(broadcast_recipient.c.broadcast_id == broadcast_id)
    dropped = update(outbox).where(outbox.c.id.in_(theirs), outbox.c.state == "queued")
    await connection.execute(dropped.values(state="dropped", lease_until=None, error="broadcast stopped"))


async def become_one(connection: AsyncConnection, kept: int, left: int) -> None:
    """Let one person of two be written to once: of two messages the one goes that has gone or is nearer to it."""
    found = (
        select(broadcast_recipient, outbox.c.state.label("message"))
        .join_from(broadcast_recipient, outbox, outbox.c.id == broadcast_recipient.c.outbox_id, isouter=True)
        .where(broadcast_recipient.c.conversation_id.in_((kept, left)))
        .order_by(broadcast_recipient.c.broadcast_id)
    )
    for broadcast_id, both in groupby((await connection.execute(found)).all(), key=attrgetter("broadcast_id")):
        best, *others = sorted(both, key=lambda row: (_NEARNESS.index(row.message), row.conversation_id != kept))
        for other in others:
            await connection.execute(delete(broadcast_recipient).where(*_is(broadcast_id, other.conversation_id)))
            unsent = update(outbox).where(outbox.c.id == other.outbox_id, outbox.c.state == "queued")
            await connection.execute(unsent.values(state="dropped", lease_until=None, error="linked"))
        mine = update(broadcast_recipient).where(*_is(broadcast_id, best.conversation_id))
        await connection.execute(mine.values(conversation_id=kept))


#: The states of messages, from gone to none.
_NEARNESS = ("sent", "queued", "dead", "dropped", None)
