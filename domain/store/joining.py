"""Two conversations made one, and a contact that became somebody else's, in SQL.

Who joins conversations holds its own and waits for nobody: what others are at is left for later, so that two that
join each other at once cannot wait for each other. All contacts of both stand in line, so that whoever comes next
finds what became of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import OPEN
from domain.centres import CentreId
from domain.linked import Joined, Known, Side
from domain.patients import ContactId, PatientId
from domain.store import broadcast_queue, consents
from domain.store.persons import is_of
from domain.store.stamp import Stamp
from domain.store.tables import (
    appointment,
    appointment_response,
    contact,
    conversation,
    inbox,
    outbox,
    patient,
    reminder,
)

GONE = "moved"  # the reason why nothing is sent to a contact that is somebody else's now


class SqlJoining:
    """`domain.ports.Joining`; *joined* and *left* say what became of the contact that is written from."""

    joined: Joined | None = None
    left: bool = False

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    # ---- two conversations

    async def lock(self, mine: ContactId, other: ContactId) -> tuple[Side, Side] | None:
        before = await self._conversations(mine, other)
        if len(before) < 2 or not await self._are_free(before) or before != await self._conversations(mine, other):
            return None
        return await self._side(mine), await self._side(other)

    async def _conversations(self, *contacts: ContactId) -> set[int]:
        found = select(contact.c.conversation_id).where(contact.c.id.in_(contacts))
        return set((await self._connection.execute(found)).scalars())

    async def _are_free(self, conversations: set[int]) -> bool:
        if self._connection.dialect.name == "sqlite":
            return True
        line = func.pg_try_advisory_xact_lock(func.hashtextextended(contact.c.address_index, 0))
        taken = await self._connection.execute(select(line).where(contact.c.conversation_id.in_(conversations)))
        if not all(taken.scalars()):
            return False
        locked = select(conversation.c.id).where(conversation.c.id.in_(conversations))
        rows = await self._connection.execute(locked.with_for_update(skip_locked=True))
        return conversations == set(rows.scalars())

    async def _side(self, contact_id: ContactId) -> Side:
        found = (
            select(
                contact.c.id,
                contact.c.patient_id,
                contact.c.created_at,
                conversation.c.id.label("conversation"),
                conversation.c.state,
                conversation.c.heard_at,
                conversation.c.reminded_at,
                conversation.c.contact_id.label("last_contact"),
            )
            .join_from(contact, conversation, contact.c.conversation_id == conversation.c.id)
            .where(conversation.c.id.in_(_conversation_of(contact_id)))
            .order_by(contact.c.id)
        )
        rows = (await self._connection.execute(found)).all()
        me = next((row.patient_id for row in rows if row.patient_id is not None), None)
        return Side(
            conversation=rows[0].conversation,
            contacts=tuple(ContactId(row.id) for row in rows),
            known_since=min(row.created_at for row in rows),
            people=tuple(await self._people(contact_id)),
            me=PatientId(me) if me is not None else None,
            state=rows[0].state or {},
            heard=_heard(rows),
            reminded_at=rows[0].reminded_at,
        )

    async def _people(self, contact_id: ContactId) -> list[Known]:
        is_open = appointment.c.status.in_(list(OPEN))
        claims = select(patient, appointment.c.course).join_from(
            patient, appointment, (appointment.c.patient_id == patient.c.id) & is_open, isouter=True
        )
        rows = (await self._connection.execute(claims.where(is_of(contact_id)).order_by(patient.c.id))).all()
        courses: dict[int, set[str]] = {row.id: set() for row in rows}
        for row in rows:
            courses[row.id] |= {row.course} if row.course else set()
        return [_known(row, courses[row.id]) for row in {row.id: row for row in rows}.values()]

    async def join(self, kept: Side, left: Side, *, me: PatientId | None, keeps_mine: bool) -> None:
        every = (*kept.contacts, *left.contacts)
        await self._on_contacts(every, conversation_id=kept.conversation, patient_id=me)
        agreed = select(func.min(contact.c.consented_at)).where(contact.c.id.in_(every))
        first: datetime | None = (await self._connection.execute(agreed)).scalar_one()
        if first is not None:
            unasked = update(contact).where(contact.c.id.in_(every), contact.c.consented_at.is_(None))
            agreed_too = await self._connection.execute(unasked.values(consented_at=first).returning(contact.c.id))
            for one in agreed_too.scalars().all():
                await consents.keep(self._connection, ContactId(one), "agreed", "link", self._stamp.now)
        if left.reminded_at is not None and (kept.reminded_at is None or kept.reminded_at < left.reminded_at):
            later = update(conversation).where(conversation.c.id == kept.conversation)
            await self._connection.execute(later.values(reminded_at=left.reminded_at))
        await broadcast_queue.become_one(self._connection, kept.conversation, left.conversation)
        await self._connection.execute(delete(conversation).where(conversation.c.id == left.conversation))
        other = left if keeps_mine else kept
        self.joined = Joined(keeps_mine=keeps_mine, other=other.state, heard={**left.heard, **kept.heard})

    async def _on_contacts(self, contacts: Iterable[ContactId], **values: Any) -> None:
        await self._connection.execute(update(contact).where(contact.c.id.in_(list(contacts))).values(**values))

    # ---- two records of one person

    async def look_after(self, patient_id: PatientId, contact_id: ContactId) -> None:
        kept = update(patient).where(patient.c.id == patient_id)
        await self._connection.execute(kept.values(guardian_contact_id=contact_id, updated_at=self._stamp.now))

    async def become_one(self, same: Known, into: Known) -> None:
        await self._move_appointments(same.id, into.id)
        values = {
            "facts": {**same.facts, **into.facts},
            "last_centre_id": into.last_centre or same.last_centre,
            "updated_at": self._stamp.now,
        }
        await self._connection.execute(update(patient).where(patient.c.id == into.id).values(**values))
        moved = update(contact).where(contact.c.patient_id == same.id)
        await self._connection.execute(moved.values(patient_id=into.id))
        await self._connection.execute(delete(patient).where(patient.c.id == same.id))

    async def _move_appointments(self, source: PatientId, target: PatientId) -> None:
        """Move them in a version of their own; what is planned, queued and answered about them goes along."""
        found = select(appointment.c.id, appointment.c.version).where(appointment.c.patient_id == source)
        rows = (await self._connection.execute(found.order_by(appointment.c.id).with_for_update())).all()
        for row in rows:
            changed = update(appointment).where(appointment.c.id == row.id)
            values = {"version": row.version + 1, "updated_at": self._stamp.now, "updated_by": self._stamp.actor}
            await self._connection.execute(changed.values(patient_id=target, **values))
            await self._take_along(row.id, row.version)

    async def _take_along(self, appointment_id: int, version: int) -> None:
        for table, state in ((reminder, "waiting"), (outbox, "queued")):
            is_current = (table.c.appointment_id == appointment_id) & (table.c.version == version)
            moved = update(table).where(is_current, table.c.state == state).values(version=version + 1)
            await self._connection.execute(moved)
        said = appointment_response
        answers = select(
            said.c.appointment_id, bindparam("new", version + 1), said.c.status, said.c.contact_id, said.c.at
        ).where(said.c.appointment_id == appointment_id, said.c.version == version)
        await self._connection.execute(
            insert(said).from_select(["appointment_id", "version", "status", "contact_id", "at"], answers)
        )

    # ---- a contact that is somebody else's now

    async def leave(self, contact_id: ContactId) -> ContactId:
        found = select(contact).where(contact.c.id == contact_id)
        row = (await self._connection.execute(found)).one()
        stopped = {"stop_reason": GONE, "stopped_at": self._stamp.now}
        await self._on_contacts(
            [contact_id], address=f"gone:{contact_id}", address_index=f"gone{contact_id}", **stopped
        )
        values = {"state": {}, "heard_at": self._stamp.now}
        new = await self._connection.execute(insert(conversation).values(**values).returning(conversation.c.id))
        values = {
            "channel": row.channel,
            "address": row.address,
            "address_index": row.address_index,
            "conversation_id": new.scalar_one(),
            "created_at": self._stamp.now,
        }
        added = await self._connection.execute(insert(contact).values(**values).returning(contact.c.id))
        successor = ContactId(added.scalar_one())
        await self._hand_over(contact_id, successor)
        self.left = True
        return successor

    async def _hand_over(self, before: ContactId, after: ContactId) -> None:
        """Let what the new person said be heard as theirs, and nothing of the one before reach them."""
        theirs = (outbox.c.contact_id == before) & (outbox.c.state == "queued")
        about = theirs & outbox.c.appointment_id.is_not(None)
        dropped = {"state": "dropped", "error": GONE, "lease_until": None}
        await self._connection.execute(update(outbox).where(about).values(**dropped))
        await self._connection.execute(update(outbox).where(theirs).values(contact_id=after))
        said = (inbox.c.contact_id == before) & (inbox.c.state == "waiting")
        await self._connection.execute(update(inbox).where(said).values(contact_id=after))
        silent = update(conversation).where(conversation.c.id.in_(_conversation_of(before)))
        await self._connection.execute(silent.where(conversation.c.contact_id == before).values(nudge_at=None))


def _conversation_of(contact_id: ContactId) -> Any:
    return select(contact.c.conversation_id).where(contact.c.id == contact_id)


def _heard(rows: Iterable[Any]) -> dict[str, str]:
    """Return when each contact of a conversation was heard, as far as is known."""
    heard: dict[str, str] = {}
    for row in rows:
        heard |= (row.state or {}).get("heard", {})
        if row.last_contact in (None, row.id) and row.state:
            heard[str(row.id)] = row.heard_at.isoformat()
    return heard


def _known(row: Any, courses: set[str]) -> Known:
    return Known(
        id=PatientId(row.id),
        name=row.name,
        birth=date.fromisoformat(row.birth),
        facts=row.facts,
        last_centre=CentreId(row.last_centre_id) if row.last_centre_id is not None else None,
        open_courses=frozenset(courses),
    )
