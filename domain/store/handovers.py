"""Hand-overs in SQL: each change is a conditional update, so that of two who want one only one gets it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.desk_hours import DeskHours
from domain.patients import ContactId, short_name
from domain.staff.commands import Workplace
from domain.staff.handover_commands import Call, HandoverId, Spoken, Stage, Why
from domain.staff.handovers import TASKS
from domain.staff.members import StaffId
from domain.store import desk_hours as hours
from domain.store import transcripts
from domain.store.concerned import centre_of, names_of
from domain.store.stamp import Stamp
from domain.store.tables import access_event, centre, contact, conversation, handover, staff, staff_group, task
from domain.store.types import opened, unopened

_mine, _theirs = contact.alias("mine"), contact.alias("theirs")
_IS_UNDER_WAY = handover.c.state.in_([literal_column("'waiting'"), literal_column("'taken'")])  # as the index has it
_IS_WAITING = handover.c.state == literal_column("'waiting'")
_IS_TAKEN = handover.c.state == literal_column("'taken'")
_CALL: Select[Any] = (
    select(
        *(column for column in handover.c if column is not handover.c.name),
        unopened(handover.c.name).label("name_then"),
        centre.c.name.label("centre_name"),
        centre.c.tz,
        unopened(staff.c.name).label("owner_name"),
    )
    .join_from(handover, centre, handover.c.centre_id == centre.c.id, isouter=True)
    .join(staff, staff.c.id == handover.c.staff_id, isouter=True)
    .order_by(handover.c.opened_at, handover.c.id)
)


def _contacts_of(contact_id: ContactId) -> Select[Any]:
    """Select the contacts of the person of a contact."""
    joined = select(_theirs.c.id).join_from(_mine, _theirs, _theirs.c.conversation_id == _mine.c.conversation_id)
    return joined.where(_mine.c.id == contact_id)


class SqlHandovers:
    """`domain.staff.handover_ports.Handovers`.

    *is_due*: something was written that the worker is to see to now; *taken* is what was taken, so that its patient is
    told.
    """

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp
        self.is_due = False
        self.taken: Call | None = None

    async def concerned(self, contact_id: ContactId, under_way: CentreId | None) -> CentreId | None:
        return await centre_of(self._connection, contact_id, self._stamp.now, under_way=under_way)

    async def desk_hours(self, centre_id: CentreId | None) -> list[DeskHours]:
        return await hours.desk_hours(self._connection, centre_id)

    async def is_anybody_in_chat(self) -> bool:
        reached = (
            select(staff.c.id)
            .join_from(staff, contact, contact.c.id == staff.c.contact_id)
            .join(conversation, conversation.c.id == contact.c.conversation_id)
            .where(staff.c.left_at.is_(None), contact.c.stop_reason.is_(None), conversation.c.turn > 0)
        )
        either = select(or_(exists(reached.correlate(None)), exists(select(staff_group.c.contact_id))))
        return bool((await self._connection.execute(either)).scalar())

    async def open(
        self, contact_id: ContactId, centre_id: CentreId | None, why: Why, call_at: datetime, *, name: str
    ) -> None:
        values = {
            "contact_id": contact_id,
            "centre_id": centre_id,
            "name": name or None,
            "why": why,
            "state": Stage.WAITING,
            "opened_at": self._stamp.now,
            "next_at": call_at,
        }
        await self._connection.execute(insert(handover), values)
        self.is_due = True

    async def of_person(self, contact_id: ContactId) -> Call | None:
        return await self._first(_CALL.where(handover.c.contact_id.in_(_contacts_of(contact_id)), _IS_UNDER_WAY))

    async def call(self, handover_id: HandoverId) -> Call | None:
        return await self._first(_CALL.where(handover.c.id == handover_id))

    async def waiting(self, centres: Collection[CentreId] | None) -> list[Call]:
        found = _CALL.where(_IS_WAITING, handover.c.calls > 0)
        if centres is not None:
            found = found.where(or_(handover.c.centre_id.in_(centres), handover.c.centre_id.is_(None)))
        return await self._calls(found.limit(10))

    async def held_by(self, staff_id: StaffId) -> Call | None:
        return await self._first(_CALL.where(handover.c.staff_id == staff_id, _IS_TAKEN))

    async def take(self, handover_id: HandoverId, staff_id: StaffId, chat: ContactId) -> bool:
        values = {"state": Stage.TAKEN, "staff_id": staff_id, "chat_id": chat, "taken_at": self._stamp.now}
        if not await self._change(handover_id, _IS_WAITING, **values, next_at=None):
            return False
        self.taken = await self.call(handover_id)
        return True

    async def hand_back(self, handover_id: HandoverId) -> bool:
        """Let the worker have the desk go on, as soon as this is committed."""
        return await self._end(handover_id, next_at=self._stamp.now)

    async def end(self, handover_id: HandoverId) -> bool:
        """End a hand-over of somebody who wants to hear nothing more."""
        return await self._end(handover_id, next_at=None)

    async def speak(self, handover_id: HandoverId) -> Call | None:
        """Return a hand-over in which something is said now, unless it has been handed back; it stays so until then."""
        if not await self._change(handover_id, _IS_TAKEN, spoken_at=self._stamp.now):
            return None
        return await self.call(handover_id)

    async def wait_again(self, handover_id: HandoverId) -> bool:
        """Let somebody wait for another person: whoever talked with them cannot be reached."""
        self.is_due = True
        values = {"state": Stage.WAITING, "staff_id": None, "chat_id": None, "taken_at": None, "calls": 0}
        return await self._change(handover_id, _IS_TAKEN, **values, next_at=self._stamp.now)

    async def is_of_team(self, chat: ContactId, centre_id: CentreId | None) -> bool:
        found = select(staff_group.c.centre_id).where(staff_group.c.contact_id == chat)
        if centre_id is not None:
            found = found.where(staff_group.c.centre_id == centre_id)
        return (await self._connection.execute(found)).first() is not None

    async def transcript(self, contact_id: ContactId, limit: int) -> list[Spoken]:
        contacts = [ContactId(one) for one in (await self._connection.execute(_contacts_of(contact_id))).scalars()]
        return await transcripts.transcript(self._connection, contacts, limit)

    async def looked_at(self, contact_id: ContactId, action: str) -> None:
        row = {"action": action, "entity": "contact", "entity_id": contact_id}
        await self._connection.execute(insert(access_event), {"at": self._stamp.now, "actor": self._stamp.actor, **row})

    async def _end(self, handover_id: HandoverId, *, next_at: datetime | None) -> bool:
        done = {"state": Stage.DONE, "done_at": self._stamp.now, "done_by": self._stamp.actor, "next_at": next_at}
        if not await self._change(handover_id, _IS_UNDER_WAY, **done):
            return False
        of = select(handover.c.contact_id).where(handover.c.id == handover_id).scalar_subquery()
        about = task.c.contact_id == of, task.c.kind.in_(TASKS.values()), task.c.state == literal_column("'open'")
        closed = {"state": "done", "closed_at": self._stamp.now, "closed_by": self._stamp.actor, "lease_until": None}
        await self._connection.execute(update(task).where(*about).values(**closed))
        self.is_due = True
        return True

    async def _change(self, handover_id: HandoverId, where: ColumnElement[bool], **values: Any) -> bool:
        changed = update(handover).where(handover.c.id == handover_id, where).values(**values)
        return bool((await self._connection.execute(changed)).rowcount)

    async def _first(self, wanted: Select[Any]) -> Call | None:
        return next(iter(await self._calls(wanted.limit(1))), None)

    async def _calls(self, wanted: Select[Any]) -> list[Call]:
        rows = (await self._connection.execute(wanted)).all()
        names = await names_of(self._connection, {ContactId(row.contact_id) for row in rows})
        return [_call(row, short_name(names.get(ContactId(row.contact_id)) or _name_in(row))) for row in rows]


def _name_in(row: Any) -> str:
    """Return the name of a booking under way."""
    return opened(row.name_then, handover.c.name) or ""


def _call(row: Any, name: str) -> Call:
    place = Workplace(id=CentreId(row.centre_id), name=row.centre_name, tz=row.tz) if row.centre_name else None
    return Call(
        id=HandoverId(row.id),
        contact=ContactId(row.contact_id),
        name=name,
        why=Why(row.why),
        stage=Stage(row.state),
        opened_at=row.opened_at,
        calls=row.calls,
        centre=place,
        owner=StaffId(row.staff_id) if row.staff_id is not None else None,
        owner_name=opened(row.owner_name, staff.c.name) or "",
        chat=ContactId(row.chat_id) if row.chat_id is not None else None,
        spoken_at=row.spoken_at,
    )


async def let_go(connection: AsyncConnection, staff_id: StaffId, stamp: Stamp) -> None:
    """Hand back whom a member talks with, who is no member any more."""
    handovers = SqlHandovers(connection, stamp)
    held = await handovers.held_by(staff_id)
    if held is not None:
        await handovers.hand_back(held.id)


# ---- what the worker sees to


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A hand-over that something is due for: staff are to be told, or the desk is to go on."""

    id: HandoverId
    contact: ContactId
    centre: CentreId | None
    stage: Stage
    calls: int


async def due(connection: AsyncConnection, now: datetime, limit: int) -> list[HandoverId]:
    """Return the hand-overs that something is due for, the longest due first."""
    wanted = select(handover.c.id).where(handover.c.next_at.is_not(None), handover.c.next_at <= now)
    rows = await connection.execute(wanted.order_by(handover.c.next_at, handover.c.id).limit(limit))
    return [HandoverId(one) for one in rows.scalars()]


async def take_due(connection: AsyncConnection, handover_id: HandoverId, now: datetime) -> Due | None:
    """Lock one of them; None where somebody else has seen to it meanwhile."""
    wanted = select(handover).where(handover.c.id == handover_id, handover.c.next_at <= now).with_for_update()
    row = (await connection.execute(wanted)).first()
    if row is None:
        return None
    return Due(
        id=HandoverId(row.id),
        contact=ContactId(row.contact_id),
        centre=CentreId(row.centre_id) if row.centre_id is not None else None,
        stage=Stage(row.state),
        calls=row.calls,
    )


async def seen_to(
    connection: AsyncConnection, handover_id: HandoverId, *, calls: int, next_at: datetime | None
) -> None:
    """Note that staff were told *calls* times, and when something is due next."""
    seen = update(handover).where(handover.c.id == handover_id)
    await connection.execute(seen.values(calls=calls, next_at=next_at))


async def teams_of(connection: AsyncConnection, centre_id: CentreId | None) -> list[ContactId]:
    """Return the chats of the teams of a centre; with None those of all."""
    wanted = select(staff_group.c.contact_id).distinct().order_by(staff_group.c.contact_id)
    if centre_id is not None:
        wanted = wanted.where(staff_group.c.centre_id == centre_id)
    return [ContactId(one) for one in (await connection.execute(wanted)).scalars()]
