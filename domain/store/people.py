"""Patients, consent and tasks in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import OPEN
from domain.centres import CentreId
from domain.commands import Caller, Person
from domain.patients import ContactId, PatientId
from domain.store import concerned, consents
from domain.store.database import TROUBLES, part_of
from domain.store.persons import is_of
from domain.store.prepared import Prepared
from domain.store.stamp import Stamp
from domain.store.statements import insert_into
from domain.store.tables import appointment, contact, patient, task
from domain.store.types import Id
from domain.telephone import is_number

_one, _same = contact.alias("one"), contact.alias("same")


_CONVERSATION = select(_one.c.conversation_id).where(_one.c.id == bindparam("wanted", type_=Id)).scalar_subquery()
_PEOPLE = Prepared(
    select(
        _one.c.address,
        _one.c.patient_id.label("me"),
        _same.c.patient_id.label("me_elsewhere"),
        _same.c.consented_at,
        patient,
        appointment.c.course,
    )
    .join_from(_one, _same, _same.c.conversation_id == _one.c.conversation_id)
    .join(
        patient,
        or_(patient.c.id == _same.c.patient_id, patient.c.guardian_contact_id == _same.c.id),
        isouter=True,
    )
    .join(
        appointment,
        (appointment.c.patient_id == _same.c.patient_id)
        & (appointment.c.patient_id == patient.c.id)
        & appointment.c.status.in_([literal_column(f"'{status}'") for status in OPEN]),
        isouter=True,
    )
    .where(_one.c.id == bindparam("contact"))
    .order_by(patient.c.id)
)
_CONSENT = Prepared(
    update(contact)
    .where(contact.c.conversation_id == _CONVERSATION, contact.c.consented_at.is_(None))
    .values(consented_at=bindparam("at"))
    .returning(contact.c.id)
)
_ADD = Prepared(
    insert(patient).returning(patient.c.id),
    keys=("guardian_contact_id", "name", "birth", "facts", "created_at", "updated_at"),
)
_FACTS = Prepared(
    select(patient.c.facts).where(patient.c.id == bindparam("wanted"), is_of(bindparam("contact", type_=Id)))
)
_CHANGE = Prepared(
    update(patient)
    .where(patient.c.id == bindparam("wanted"))
    .values(
        name=bindparam("new_name"),
        birth=bindparam("new_birth"),
        facts=bindparam("new_facts"),
        updated_at=bindparam("at"),
    )
)
_IS_ME = Prepared(
    update(contact).where(contact.c.conversation_id == _CONVERSATION).values(patient_id=bindparam("patient"))
)
_LAST_CENTRE = Prepared(
    update(patient).where(patient.c.id == bindparam("wanted")).values(last_centre_id=bindparam("centre"))
)


class SqlPeople:
    """`domain.ports.People`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def caller(self, contact_id: ContactId) -> Caller:
        rows = await _PEOPLE.all(self._connection, {"contact": contact_id})
        people = {row.id: _person(row) for row in rows if row.id is not None}
        me = next((row.me or row.me_elsewhere for row in rows if row.me or row.me_elsewhere), None)
        return Caller(
            consented=any(row.consented_at is not None for row in rows),
            has_number=is_number(rows[0].address),
            me=people.get(me),
            household=tuple(person for key, person in people.items() if key != me),
            courses=tuple(sorted({row.course for row in rows if row.course})),
        )

    async def keep_consent(self, contact_id: ContactId) -> None:
        if await _CONSENT.first(self._connection, {"wanted": contact_id, "at": self._stamp.now}) is not None:
            await consents.keep(self._connection, contact_id, "agreed", "chat", self._stamp.now)

    async def add_patient(
        self, contact_id: ContactId, *, is_me: bool, name: str, birth: date, facts: Sequence[tuple[str, str]]
    ) -> PatientId:
        added = await _ADD.value(
            self._connection,
            {
                "guardian_contact_id": None if is_me else contact_id,
                "name": name,
                "birth": birth.isoformat(),
                "facts": dict(facts),
                "created_at": self._stamp.now,
                "updated_at": self._stamp.now,
            },
        )
        if is_me:
            await _IS_ME.run(self._connection, {"wanted": contact_id, "patient": added})
        return PatientId(added)

    async def change_patient(
        self,
        contact_id: ContactId,
        patient_id: PatientId,
        *,
        name: str,
        birth: date,
        facts: Sequence[tuple[str, str]],
    ) -> None:
        known = (await _FACTS.one(self._connection, {"wanted": patient_id, "contact": contact_id})).facts
        values = {"name": name, "birth": birth.isoformat(), "facts": {**known, **dict(facts)}}
        await _CHANGE.run(
            self._connection,
            {"wanted": patient_id, "at": self._stamp.now, **{f"new_{key}": value for key, value in values.items()}},
        )

    async def remember_centre(self, patient_id: PatientId, centre: CentreId) -> None:
        await _LAST_CENTRE.run(self._connection, {"wanted": patient_id, "centre": centre})

    async def open_task(
        self,
        kind: str,
        contact_id: ContactId | None,
        subject: str,
        note: str = "",
        *,
        centre: CentreId | None = None,
    ) -> None:
        opened = insert_into(self._connection, task)
        is_open: dict[str, Any] = {
            "index_elements": ["kind", "subject"],
            "index_where": task.c.state == literal_column("'open'"),
        }
        if note:
            opened = opened.on_conflict_do_update(**is_open, set_={"note": opened.excluded.note})
        else:
            opened = opened.on_conflict_do_nothing(**is_open)
        await self._connection.execute(
            opened,
            {
                "kind": kind,
                "subject": subject,
                "contact_id": contact_id,
                "state": "open",
                "note": note or None,
                "opened_at": self._stamp.now,
                "centre_id": centre or await self._concerned(subject, contact_id),
            },
        )

    async def _concerned(self, subject: str, contact_id: ContactId | None) -> CentreId | None:
        """Return the centre of what a task is about; a task without one is better than none, so that none is lost."""
        try:
            async with part_of(self._connection):
                return await concerned.centre_of_subject(self._connection, subject, contact_id, self._stamp.now)
        except TROUBLES:
            return None


def _person(row: Any) -> Person:
    return Person(
        id=PatientId(row.id),
        name=row.name,
        birth=date.fromisoformat(row.birth),
        facts=tuple(sorted(row.facts.items())),
        last_centre=CentreId(row.last_centre_id) if row.last_centre_id else None,
    )
