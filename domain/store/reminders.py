"""Reminders in SQL: planned with the booking, told once, silenced when the appointment moves on (I8).

A reminder waits, is told, or is dropped with the reason why; whoever takes it out of `waiting` tells it, so that
several workers tell nobody twice. It carries the version of the appointment that it was planned for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NewType

from sqlalchemy import bindparam, func, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import Appointment, AppointmentId
from domain.patients import ContactId
from domain.store.appointments import APPOINTMENT, appointment_of
from domain.store.prepared import Prepared
from domain.store.stamp import Stamp
from domain.store.statements import first, insert_into
from domain.store.tables import appointment, appointment_response, contact, outbox, reminder

ReminderId = NewType("ReminderId", int)

#: So long after a reminder its answer is still understood as one.
ANSWERABLE = timedelta(days=30)
_WAITS = reminder.c.state == literal_column("'waiting'")  # in words, as the partial index has it
_TOLD = reminder.c.state == literal_column("'told'")
_PLAN = Prepared(insert(reminder), keys=("appointment_id", "version", "kind", "due_at", "state"))
_SILENCE = Prepared(
    update(reminder)
    .where(reminder.c.appointment_id == bindparam("appointment"), _WAITS)
    .values(state="dropped", why="superseded")
)
_ANSWERED = Prepared(
    update(reminder)
    .where(reminder.c.appointment_id == bindparam("appointment"), _TOLD, reminder.c.answered_at.is_(None))
    .values(answered_at=bindparam("at"))
)

_ACCEPTED = Prepared(
    select(func.count()).where(
        appointment_response.c.appointment_id == bindparam("appointment"),
        appointment_response.c.version == bindparam("version"),
        appointment_response.c.status == literal_column("'accepted'"),
    )
)


class SqlReminders:
    """`domain.ports.Reminders`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def plan(self, of: Appointment, planned: Iterable[tuple[str, datetime]]) -> None:
        rows = [
            {"appointment_id": of.id, "version": of.version, "kind": kind, "due_at": due_at, "state": "waiting"}
            for kind, due_at in planned
        ]
        await _PLAN.run_each(self._connection, rows)

    async def plan_once(self, of: Appointment, kind: str, due_at: datetime) -> bool:
        new = insert_into(self._connection, reminder).on_conflict_do_nothing(
            index_elements=["appointment_id", "version", "kind"]
        )
        values = {"appointment_id": of.id, "version": of.version, "kind": kind, "due_at": due_at, "state": "waiting"}
        return (await self._connection.execute(new.returning(reminder.c.id), values)).first() is not None

    async def silence(self, appointment_id: AppointmentId) -> None:
        await _SILENCE.run(self._connection, {"appointment": appointment_id})

    async def is_accepted(self, of: Appointment) -> bool:
        return bool(await _ACCEPTED.value(self._connection, {"appointment": of.id, "version": of.version}))

    async def respond(self, to: Appointment, status: str) -> bool:
        said = insert_into(self._connection, appointment_response).on_conflict_do_nothing(
            index_elements=["appointment_id", "version", "status"]
        )
        values = {
            "appointment_id": to.id,
            "version": to.version,
            "status": status,
            "contact_id": self._stamp.contact,
            "at": self._stamp.now,
        }
        added = (await self._connection.execute(said.returning(appointment_response.c.id), values)).first()
        await _ANSWERED.run(self._connection, {"appointment": to.id, "at": self._stamp.now})
        return added is not None


# ---- what is due


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A reminder whose time has come, of which kind, of what, and who booked."""

    id: ReminderId
    contact: ContactId
    kind: str
    appointment: AppointmentId


@functools.cache
def _lease(count: int) -> Prepared:
    due = (
        select(reminder.c.id)
        .where(
            _WAITS,
            reminder.c.due_at <= bindparam("now"),
            or_(reminder.c.lease_until.is_(None), reminder.c.lease_until <= bindparam("now")),
        )
        .order_by(reminder.c.due_at, reminder.c.id)
        .limit(first(count))
        .with_for_update(skip_locked=True)
    )
    booked_by = select(appointment.c.contact_id).where(appointment.c.id == reminder.c.appointment_id)
    return Prepared(
        update(reminder)
        .where(reminder.c.id.in_(due.scalar_subquery()))
        .values(lease_until=bindparam("until"))
        .returning(
            reminder.c.id,
            reminder.c.kind,
            reminder.c.appointment_id,
            booked_by.scalar_subquery().label("contact_id"),
        )
    )


async def lease(connection: AsyncConnection, *, now: datetime, until: datetime, limit: int) -> list[Due]:
    """Return what is to be told by *now*, the longest due first; nobody else is given it before *until*."""
    rows = await _lease(limit).all(connection, {"now": now, "until": until})
    found = (
        Due(
            id=ReminderId(row.id),
            contact=ContactId(row.contact_id),
            kind=row.kind,
            appointment=AppointmentId(row.appointment_id),
        )
        for row in rows
    )
    return sorted(found, key=lambda one: one.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A reminder that this unit of work alone may tell, with its appointment as it stands now.

    *tried* are the contacts it went to already, each with what came of it.
    """

    id: ReminderId
    kind: str
    due_at: datetime
    of: Appointment
    is_current: bool
    tried: tuple[tuple[ContactId, str], ...] = ()


_TAKE = Prepared(
    APPOINTMENT.add_columns(
        reminder.c.id.label("reminder_id"),
        reminder.c.kind,
        reminder.c.due_at,
        reminder.c.version.label("planned_for"),
    )
    .join(reminder, reminder.c.appointment_id == appointment.c.id)
    .where(reminder.c.id == bindparam("wanted"), _WAITS)
    .with_for_update(of=reminder)
)
_TRIED = Prepared(
    select(outbox.c.contact_id, outbox.c.error).where(
        outbox.c.appointment_id == bindparam("appointment"),
        outbox.c.menu == bindparam("menu"),
        outbox.c.state != "dropped",  # which says nothing of the way
    )
)
_TELL = Prepared(
    update(reminder)
    .where(reminder.c.id == bindparam("wanted"))
    .values(state="told", told_at=bindparam("at"), contact_id=bindparam("contact"), why=None)
)
_DROP = Prepared(
    update(reminder).where(reminder.c.id == bindparam("wanted")).values(state="dropped", why=bindparam("because"))
)
_PUT_OFF = Prepared(
    update(reminder)
    .where(reminder.c.id == bindparam("wanted"), _WAITS)
    .values(due_at=bindparam("until"), lease_until=None)
)
_AGAIN = Prepared(
    update(reminder)
    .where(reminder.c.id == bindparam("wanted"), _TOLD)
    .values(state="waiting", told_at=None, due_at=bindparam("at"), lease_until=None)
)
_ARRIVED = Prepared(
    update(reminder)
    .where(reminder.c.id == bindparam("wanted"), _WAITS)
    .values(state="told", told_at=bindparam("at"), contact_id=bindparam("contact"), why=None)
)


async def take(connection: AsyncConnection, wanted: ReminderId) -> Taken | None:
    """Lock a reminder that waits; None where somebody else has told it meanwhile."""
    row = await _TAKE.first(connection, {"wanted": wanted})
    if row is None:
        return None
    of = appointment_of(row)
    tried = await _TRIED.all(connection, {"appointment": of.id, "menu": menu_of(wanted)})
    return Taken(
        id=wanted,
        kind=row.kind,
        due_at=row.due_at,
        of=of,
        is_current=of.version == row.planned_for,
        tried=tuple((ContactId(one.contact_id), one.error or "") for one in tried),
    )


async def told(connection: AsyncConnection, wanted: ReminderId, to: ContactId, at: datetime) -> None:
    """Close a reminder that is queued to be sent to a contact."""
    await _TELL.run(connection, {"wanted": wanted, "contact": to, "at": at})


async def drop(connection: AsyncConnection, wanted: ReminderId, why: str) -> None:
    """Close a reminder that nobody is to be told."""
    await _DROP.run(connection, {"wanted": wanted, "because": why})


async def put_off(connection: AsyncConnection, wanted: ReminderId, until: datetime) -> None:
    """Let a reminder wait until a later moment."""
    await _PUT_OFF.run(connection, {"wanted": wanted, "until": until})


async def again(connection: AsyncConnection, wanted: ReminderId, at: datetime) -> None:
    """Tell a reminder once more, in another way: what was sent did not reach anybody."""
    await _AGAIN.run(connection, {"wanted": wanted, "at": at})


async def arrived(connection: AsyncConnection, wanted: ReminderId, to: ContactId, at: datetime) -> None:
    """Take back that a reminder is to be told in another way, unless that was done: it reached a contact after all."""
    await _ARRIVED.run(connection, {"wanted": wanted, "contact": to, "at": at})


# ---- menus: those of reminders are numbered below zero, so that they never meet those of conversations


def menu_of(wanted: ReminderId) -> int:
    """Return the number of the menu that a reminder shows."""
    return -wanted


def reminder_of(menu: int | None) -> ReminderId | None:
    """Return the reminder that shows *menu*; None where a conversation does."""
    return ReminderId(-menu) if menu is not None and menu < 0 else None


# ---- what is answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A reminder that somebody has got."""

    id: ReminderId
    appointment: AppointmentId
    kind: str
    contact: ContactId
    is_answered: bool
    sent_at: datetime


_mine = contact.alias("mine")
_TOLD_TO = (
    select(
        reminder.c.id,
        reminder.c.appointment_id,
        reminder.c.kind,
        reminder.c.answered_at,
        outbox.c.contact_id,
        outbox.c.sent_at,
    )
    .join_from(outbox, reminder, outbox.c.menu == -reminder.c.id)
    .join(contact, contact.c.id == outbox.c.contact_id)
    .join(_mine, _mine.c.conversation_id == contact.c.conversation_id)
    .where(_mine.c.id == bindparam("contact"), outbox.c.menu < 0, outbox.c.sent_at.is_not(None))
)
_BY_ID = Prepared(_TOLD_TO.where(reminder.c.id == bindparam("wanted")))
_BY_MESSAGE = Prepared(_TOLD_TO.where(outbox.c.provider_id == bindparam("message")))
_LATELY = Prepared(
    _TOLD_TO.where(outbox.c.sent_at >= bindparam("since"), outbox.c.state == "sent").order_by(outbox.c.sent_at.desc())
)


async def told_to(connection: AsyncConnection, contact_id: ContactId, wanted: ReminderId) -> Told | None:
    """Return a reminder that went to this contact, or to another one of the same person."""
    return _first(await _BY_ID.all(connection, {"contact": contact_id, "wanted": wanted}))


async def told_as(connection: AsyncConnection, contact_id: ContactId, message: str) -> Told | None:
    """Return the reminder that went to this contact, or one of the same person, as the provider's *message*."""
    return _first(await _BY_MESSAGE.all(connection, {"contact": contact_id, "message": message}))


async def told_lately(connection: AsyncConnection, contact_id: ContactId, since: datetime) -> list[Told]:
    """Return the last reminder of each visit that went to the contact, or one of the same person, newest first."""
    rows = await _LATELY.all(connection, {"contact": contact_id, "since": since})
    newest: dict[AppointmentId, Told] = {}
    for one in map(_told, rows):
        newest.setdefault(one.appointment, one)
    return list(newest.values())


def _first(rows: Sequence[Any]) -> Told | None:
    return _told(rows[0]) if rows else None


def _told(row: Any) -> Told:
    return Told(
        id=ReminderId(row.id),
        appointment=AppointmentId(row.appointment_id),
        kind=row.kind,
        contact=ContactId(row.contact_id),
        is_answered=row.answered_at is not None,
        sent_at=row.sent_at,
    )
