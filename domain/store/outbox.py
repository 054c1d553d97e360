"""The outbox: messages to be sent after the commit, in each contact's order, at least once.

A row is leased before the provider is called and closed after it; a lease that runs out is free to be taken.
Only a contact's first due row of a priority can be leased, so that order holds whatever number of workers runs.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, NewType

from sqlalchemy import Select, bindparam, exists, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId
from domain.patients import Channel, ContactId
from domain.store.prepared import Prepared
from domain.store.statements import first, insert_into
from domain.store.tables import appointment, contact, outbox, receipt
from domain.store.types import opened, unopened

OutboxId = NewType("OutboxId", int)


class Priority(IntEnum):
    """What goes first. A tap is noticed on the phone and is no message: that is shown even to who wants none."""

    TAP = -1
    REPLY = 0
    REMINDER = 1
    DIGEST = 2
    BROADCAST = 3
    MAIL = 4  # last, so that a mail server that is away holds up nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A message to be queued; *menu* numbers the choices it shows, if any.

    *of* is the appointment it is about, in that version: once that has moved on, it is not sent any more. Nor is it
    sent from *until* on. *handover* is that in which it is said.
    """

    payload: dict[str, Any]
    menu: int | None = None
    of: tuple[AppointmentId, int] | None = None
    until: datetime | None = None
    handover: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A message that this worker alone may send now; *payload* is empty when it, or the address, cannot be opened.

    *is_stale*: it is about an appointment that has moved on; *until*: from then on it is of no use.
    """

    id: OutboxId
    contact: ContactId
    channel: Channel
    address: str
    priority: int
    due_at: datetime
    attempts: int
    payload: dict[str, Any]
    menu: int | None = None
    is_stale: bool = False
    until: datetime | None = None


async def queue(
    connection: AsyncConnection,
    *,
    contact_id: ContactId,
    channel: Channel,
    messages: Sequence[Queued],
    now: datetime,
    priority: Priority = Priority.REPLY,
) -> None:
    """Queue *messages* in this order."""
    rows = [
        {
            "contact_id": contact_id,
            "channel": channel,
            "priority": priority,
            "state": "queued",
            "due_at": now,
            "next_at": now,
            "menu": message.menu,
            "payload": message.payload,
            "appointment_id": message.of[0] if message.of else None,
            "version": message.of[1] if message.of else None,
            "until": message.until,
            "handover_id": message.handover,
        }
        for message in messages
    ]
    await _QUEUE.run_each(connection, rows)


_QUEUE = Prepared(
    insert(outbox),
    keys=(
        "contact_id",
        "channel",
        "priority",
        "state",
        "due_at",
        "next_at",
        "menu",
        "payload",
        "appointment_id",
        "version",
        "until",
        "handover_id",
    ),
)
_IS_QUEUED = outbox.c.state == literal_column("'queued'")  # in words, as the partial index has it
_earlier = outbox.alias("earlier")


def _heads(count: int, *, one_contact: bool) -> Select[Any]:
    heads = select(outbox.c.id).where(
        _IS_QUEUED,
        outbox.c.next_at <= bindparam("now"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now")),
        ~exists().where(
            _earlier.c.contact_id == outbox.c.contact_id,
            _earlier.c.state == literal_column("'queued'"),
            _earlier.c.id < outbox.c.id,
            _earlier.c.priority <= outbox.c.priority,
            _earlier.c.due_at <= bindparam("now"),
        ),
    )
    if one_contact:
        heads = heads.where(outbox.c.contact_id == bindparam("contact"))
    ordered = heads.order_by(outbox.c.priority, outbox.c.next_at, outbox.c.id).limit(first(count))
    return ordered.with_for_update(skip_locked=True, of=outbox)


@functools.cache
def _lease(count: int, *, one_contact: bool = False) -> Prepared:
    return Prepared(
        update(outbox)
        .where(outbox.c.id.in_(_heads(count, one_contact=one_contact).scalar_subquery()))
        .values(lease_until=bindparam("until"), attempts=outbox.c.attempts + 1)
        .returning(
            outbox.c.id,
            outbox.c.contact_id,
            outbox.c.channel,
            outbox.c.priority,
            outbox.c.due_at,
            outbox.c.attempts,
            unopened(outbox.c.payload).label("payload"),
            outbox.c.menu,
            outbox.c.until,
            outbox.c.appointment_id,
            select(appointment.c.version == outbox.c.version)
            .where(appointment.c.id == outbox.c.appointment_id)
            .scalar_subquery()
            .label("is_current"),
            select(unopened(contact.c.address))
            .where(contact.c.id == outbox.c.contact_id)
            .scalar_subquery()
            .label("address"),
        )
    )


async def lease(connection: AsyncConnection, *, now: datetime, until: datetime, limit: int) -> list[Leased]:
    """Lease up to *limit* first rows of different contacts, most urgent first."""
    found = await _lease(limit).all(connection, {"now": now, "until": until})
    return sorted(map(_leased, found), key=lambda row: (row.priority, row.id))


async def lease_next(
    connection: AsyncConnection, contact_id: ContactId, *, now: datetime, until: datetime
) -> Leased | None:
    """Lease the next row of one contact."""
    values = {"now": now, "until": until, "contact": contact_id}
    row = await _lease(1, one_contact=True).first(connection, values)
    return _leased(row) if row else None


def _leased(row: Any) -> Leased:
    address = opened(row.address, contact.c.address)
    payload = opened(row.payload, outbox.c.payload)
    return Leased(
        id=OutboxId(row.id),
        contact=ContactId(row.contact_id),
        channel=Channel(row.channel),
        address=address or "",
        priority=row.priority,
        due_at=row.due_at,
        attempts=row.attempts,
        payload=payload if payload and address else {},
        menu=row.menu,
        is_stale=row.appointment_id is not None and not row.is_current,
        until=row.until,
    )


_CLOSE = update(outbox).where(outbox.c.id == bindparam("wanted"))
_SENT = Prepared(
    _CLOSE.values(
        state="sent", lease_until=None, error=None, provider_id=bindparam("provider"), sent_at=bindparam("at")
    )
)
_AGAIN = Prepared(_CLOSE.values(lease_until=None, next_at=bindparam("at"), error=bindparam("why")))
_PUT_BACK = Prepared(
    _CLOSE.values(lease_until=None, next_at=bindparam("at"), attempts=outbox.c.attempts - literal_column("1"))
)
_CLOSED = Prepared(_CLOSE.values(state=bindparam("as"), lease_until=None, error=bindparam("why")))


async def sent(connection: AsyncConnection, outbox_id: OutboxId, provider_id: str | None, now: datetime) -> None:
    """Close a row that the provider took."""
    await _SENT.run(connection, {"wanted": outbox_id, "provider": provider_id, "at": now})


async def again(connection: AsyncConnection, outbox_id: OutboxId, next_at: datetime, why: str) -> None:
    """Put a row off until *next_at*."""
    await _AGAIN.run(connection, {"wanted": outbox_id, "at": next_at, "why": why})


async def put_back(connection: AsyncConnection, outbox_id: OutboxId, next_at: datetime) -> None:
    """Put back until *next_at* a row that nobody has tried to send after all."""
    await _PUT_BACK.run(connection, {"wanted": outbox_id, "at": next_at})


async def dead(connection: AsyncConnection, outbox_id: OutboxId, why: str) -> None:
    """Close a row that cannot be sent."""
    await _CLOSED.run(connection, {"wanted": outbox_id, "as": "dead", "why": why})


async def dropped(connection: AsyncConnection, outbox_id: OutboxId, why: str) -> None:
    """Close a row that is not to be sent any more."""
    await _CLOSED.run(connection, {"wanted": outbox_id, "as": "dropped", "why": why})


async def drop_queue(connection: AsyncConnection, contact_id: ContactId, why: str) -> None:
    """Close all that is still queued to a contact who wants nothing more."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.contact_id == contact_id, outbox.c.state == "queued")
        .values(state="dropped", lease_until=None, error=why)
    )


_IS_UNASKED = or_(outbox.c.menu < 0, outbox.c.priority == Priority.BROADCAST)


async def drop_reminders(connection: AsyncConnection, conversation_id: int, why: str) -> None:
    """Close the reminders and broadcasts that are still queued to somebody, on whichever of their contacts."""
    theirs = select(contact.c.id).where(contact.c.conversation_id == conversation_id)
    await connection.execute(
        update(outbox)
        .where(outbox.c.contact_id.in_(theirs), outbox.c.state == "queued", _IS_UNASKED)
        .values(state="dropped", lease_until=None, error=why)
    )


_OF_MENU = Prepared(
    select(outbox.c.provider_id)
    .where(outbox.c.contact_id == bindparam("contact"), outbox.c.menu == bindparam("wanted"))
    .order_by(outbox.c.id.desc())
    .limit(first(1))
)


async def provider_id_of_menu(connection: AsyncConnection, contact_id: ContactId, menu: int) -> str | None:
    """Return the provider's id of the message that showed menu number *menu*."""
    found: str | None = await _OF_MENU.value(connection, {"contact": contact_id, "wanted": menu})
    return found


_SHOWN = Prepared(
    select(outbox.c.payload)
    .where(outbox.c.contact_id == bindparam("contact"), outbox.c.menu == bindparam("wanted"))
    .order_by(outbox.c.id.desc())
    .limit(first(1))
)


async def shown(connection: AsyncConnection, contact_id: ContactId, menu: int) -> dict[str, Any] | None:
    """Return the message that showed menu number *menu*."""
    found: dict[str, Any] | None = await _SHOWN.value(connection, {"contact": contact_id, "wanted": menu})
    return found


async def keep_receipt(
    connection: AsyncConnection, *, provider_id: str, status: str, rank: int, error_code: str | None, now: datetime
) -> bool:
    """Keep a delivery receipt, and say whether it was news.

    Receipts come in any order and more than once: one of a higher *rank* counts, and of one rank the first.
    """
    values = {"provider_id": provider_id, "status": status, "rank": rank, "error_code": error_code, "at": now}
    kept = insert_into(connection, receipt)
    later = kept.on_conflict_do_update(
        index_elements=["provider_id"],
        set_={"status": status, "rank": rank, "error_code": error_code, "at": now},
        where=receipt.c.rank < rank,
    ).returning(receipt.c.provider_id)
    return (await connection.execute(later, values)).first() is not None


async def receipt_of(connection: AsyncConnection, provider_id: str) -> tuple[str, str | None] | None:
    """Return how far a message has come as its receipts tell, and the code of what went wrong."""
    row = await _RECEIPT.first(connection, {"message": provider_id})
    return (row.status, row.error_code) if row is not None else None


_RECEIPT = Prepared(select(receipt.c.status, receipt.c.error_code).where(receipt.c.provider_id == bindparam("message")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that the provider took; *is_stopped*: its contact wants nothing more."""

    id: OutboxId
    contact: ContactId
    channel: Channel
    menu: int | None
    sent_at: datetime
    payload: dict[str, Any]
    is_stopped: bool = False


_sent = (outbox.c.id, outbox.c.contact_id, outbox.c.channel, outbox.c.menu, outbox.c.sent_at, outbox.c.payload)


async def sent_as(connection: AsyncConnection, provider_id: str) -> Sent | None:
    """Return what was sent under *provider_id*, unless it is known to be lost; its contact is locked.

    So nobody can stop in between.
    """
    found = (
        select(*_sent, contact.c.stopped_at)
        .join_from(outbox, contact, contact.c.id == outbox.c.contact_id)
        .where(outbox.c.provider_id == provider_id, outbox.c.state == "sent")
        .with_for_update(of=contact)
    )
    row = (await connection.execute(found)).first()
    return _as_sent(row, is_stopped=row.stopped_at is not None) if row is not None else None


def _as_sent(row: Any, *, is_stopped: bool = False) -> Sent:
    return Sent(
        id=OutboxId(row.id),
        contact=ContactId(row.contact_id),
        channel=Channel(row.channel),
        menu=row.menu,
        sent_at=row.sent_at,
        payload=row.payload,
        is_stopped=is_stopped,
    )


async def send_instead(
    connection: AsyncConnection, outbox_id: OutboxId, payload: dict[str, Any], now: datetime
) -> bool:
    """Queue a row that was sent once more, with another *payload*; say whether nobody else has done so."""
    again_as = {"state": "queued", "payload": payload, "next_at": now, "attempts": 0, "provider_id": None}
    was_sent = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "sent")
    return bool((await connection.execute(was_sent.values(**again_as, sent_at=None))).rowcount)


async def lost(connection: AsyncConnection, outbox_id: OutboxId, why: str) -> bool:
    """Close a row that was sent and did not arrive; say whether nobody else has done so."""
    was_sent = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "sent")
    return bool((await connection.execute(was_sent.values(state="dead", error=why))).rowcount)


async def arrived(connection: AsyncConnection, provider_id: str) -> Sent | None:
    """Take back that a row was lost that was sent; None where that was never said."""
    was_lost = update(outbox).where(
        outbox.c.provider_id == provider_id, outbox.c.state == "dead", outbox.c.sent_at.is_not(None)
    )
    row = (await connection.execute(was_lost.values(state="sent", error=None).returning(*_sent))).first()
    return _as_sent(row) if row is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message that a contact has got, or gets next: its menu, if it shows one, and the hand-over it is said in."""

    menu: int | None
    handover: int | None
    due_at: datetime


_SHOWN_OF = select(outbox.c.menu, outbox.c.handover_id, outbox.c.due_at).where(
    outbox.c.contact_id == bindparam("contact"), outbox.c.priority >= int(Priority.REPLY)
)
_LAST_SHOWN = Prepared(_SHOWN_OF.order_by(outbox.c.id.desc()).limit(first(1)))
_SHOWN_AS = Prepared(_SHOWN_OF.where(outbox.c.provider_id == bindparam("message")).limit(first(1)))


async def last_shown(connection: AsyncConnection, contact_id: ContactId) -> Shown | None:
    """Return the last message to a contact."""
    return _as_shown(await _LAST_SHOWN.first(connection, {"contact": contact_id}))


async def shown_as(connection: AsyncConnection, contact_id: ContactId, message: str) -> Shown | None:
    """Return the message to a contact that has the provider's id *message*."""
    return _as_shown(await _SHOWN_AS.first(connection, {"contact": contact_id, "message": message}))


def _as_shown(row: Any) -> Shown | None:
    return Shown(menu=row.menu, handover=row.handover_id, due_at=row.due_at) if row is not None else None
