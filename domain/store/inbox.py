"""The inbox: every message that came in, once, in the order in which it came (I3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from sqlalchemy import Boolean, bindparam, case, exists, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.patients import ContactId
from domain.store.prepared import Prepared
from domain.store.statements import first, insert_of
from domain.store.tables import inbox
from domain.store.types import opened, unopened

InboxId = NewType("InboxId", int)
IS_WAITING = inbox.c.state == literal_column("'waiting'")  # in words, as the partial index has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message whose turn is still to be done; *payload* is empty when it cannot be opened."""

    id: InboxId
    contact: ContactId
    attempts: int
    received_at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came for the first time; *waits* says that its turn is still to be done, by a worker."""

    id: InboxId
    waits: bool


async def receive(
    connection: AsyncConnection,
    *,
    contact_id: ContactId,
    channel: str,
    provider_id: str,
    payload: dict[str, Any],
    now: datetime,
    put_off: bool = False,
) -> Received | None:
    """Store a message; None when it came before.

    It is stored as done, for a turn in the same transaction; or as waiting when it is *put_off*, or when earlier
    messages of the contact still wait.
    """
    values = {
        "contact": contact_id,
        "channel": channel,
        "provider_id": provider_id,
        "put_off": put_off,
        "now": now,
        "payload": payload,
    }
    row = await _RECEIVE.first(connection, values)
    return Received(InboxId(row.id), row.state == "waiting") if row else None


def _receive(engine: str) -> Any:
    """Return the statement; it sees what waits when it runs, which is after the conversation was locked."""
    contact = bindparam("contact", type_=inbox.c.contact_id.type)
    is_behind = exists().where(inbox.c.contact_id == contact, IS_WAITING)
    waits = or_(bindparam("put_off", type_=Boolean()), is_behind)
    now = bindparam("now", type_=inbox.c.received_at.type)
    return (
        insert_of(engine, inbox)
        .values(
            contact_id=contact,
            channel=bindparam("channel", type_=inbox.c.channel.type),
            provider_id=bindparam("provider_id", type_=inbox.c.provider_id.type),
            state=case((waits, literal_column("'waiting'")), else_=literal_column("'done'")),
            next_at=now,
            received_at=now,
            payload=bindparam("payload", type_=inbox.c.payload.type),
        )
        .on_conflict_do_nothing(index_elements=["channel", "provider_id"])
        .returning(inbox.c.id, inbox.c.state)
    )


_RECEIVE = Prepared(_receive)


_earlier = inbox.alias("earlier")
_NEXT = Prepared(
    select(
        inbox.c.id,
        inbox.c.contact_id,
        inbox.c.attempts,
        inbox.c.received_at,
        unopened(inbox.c.payload).label("payload"),
    )
    .where(
        IS_WAITING,
        inbox.c.next_at <= bindparam("now"),
        ~exists().where(
            _earlier.c.contact_id == inbox.c.contact_id,
            _earlier.c.state == literal_column("'waiting'"),
            _earlier.c.id < inbox.c.id,
        ),
    )
    .order_by(inbox.c.id)
    .limit(first(1))
    .with_for_update(skip_locked=True)
)


async def next_waiting(connection: AsyncConnection, now: datetime) -> Waiting | None:
    """Return the oldest due message that is first of its contact, locked so that others pass it by."""
    row = await _NEXT.first(connection, {"now": now})
    if row is None:
        return None
    return Waiting(
        id=InboxId(row.id),
        contact=ContactId(row.contact_id),
        attempts=row.attempts,
        received_at=row.received_at,
        payload=opened(row.payload, inbox.c.payload) or {},
    )


async def done(connection: AsyncConnection, inbox_id: InboxId) -> None:
    """Close a message whose turn is done."""
    await connection.execute(update(inbox).where(inbox.c.id == inbox_id).values(state="done", next_at=None))


async def retry(connection: AsyncConnection, inbox_id: InboxId, next_at: datetime) -> None:
    """Put a message off until *next_at*, if it still waits."""
    await connection.execute(
        update(inbox).where(inbox.c.id == inbox_id, IS_WAITING).values(next_at=next_at, attempts=inbox.c.attempts + 1)
    )


async def give_up(connection: AsyncConnection, inbox_id: InboxId) -> bool:
    """Close a message that cannot be handled, which stays for people to look at; say whether it still waited."""
    closed = await connection.execute(
        update(inbox).where(inbox.c.id == inbox_id, IS_WAITING).values(state="dead", next_at=None).returning(inbox.c.id)
    )
    return closed.first() is not None
