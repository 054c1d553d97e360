"""Tasks of staff in SQL: taken for a while by a conditional update, so that of two who want one only one gets it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, literal_column, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff.commands import Workplace
from domain.staff.handover_commands import Stage
from domain.staff.handovers import TASKS
from domain.staff.members import StaffId
from domain.staff.task_commands import StaffTask, TaskId
from domain.store.concerned import names_of
from domain.store.staff_visits import VISIT, visit_of
from domain.store.stamp import Stamp
from domain.store.tables import access_event, appointment, centre, handover, staff, task
from domain.store.types import opened, unopened

_IS_OPEN = task.c.state == literal_column("'open'")  # in words, as the partial index has it
_TASK: Select[Any] = (
    select(
        task.c.id,
        task.c.kind,
        task.c.subject,
        task.c.contact_id,
        unopened(task.c.note).label("note"),
        task.c.opened_at,
        task.c.owner_id,
        task.c.lease_until,
        task.c.centre_id,
        centre.c.name.label("centre_name"),
        centre.c.tz,
        unopened(staff.c.name).label("owner_name"),
        handover.c.id.label("handover_id"),
        handover.c.state.label("handover_state"),
        unopened(handover.c.name).label("name_then"),
    )
    .join_from(task, centre, task.c.centre_id == centre.c.id, isouter=True)
    .join(staff, staff.c.id == task.c.owner_id, isouter=True)
    .join(
        handover,
        (handover.c.contact_id == task.c.contact_id)
        & handover.c.state.in_([literal_column("'waiting'"), literal_column("'taken'")])
        & task.c.kind.in_(TASKS.values()),
        isouter=True,
    )
    .where(_IS_OPEN)
    .order_by(task.c.opened_at, task.c.id)
)


class SqlTasks:
    """`domain.staff.task_ports.Tasks`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def open_at(
        self, centres: Collection[CentreId] | None, *, elsewhere: bool, owner: StaffId | None, limit: int, offset: int
    ) -> list[StaffTask]:
        found = _TASK.where(_at(centres, elsewhere=elsewhere))
        if owner is not None:
            found = found.where(task.c.owner_id == owner, task.c.lease_until > self._stamp.now)
        return await self._tasks(found.limit(limit).offset(offset))

    async def task(self, task_id: TaskId) -> StaffTask | None:
        return next(iter(await self._tasks(_TASK.where(task.c.id == task_id))), None)

    async def claim(self, task_id: TaskId, owner: StaffId, until: datetime) -> bool:
        return await self._change(task_id, self._is_free_for(owner), owner_id=owner, lease_until=until)

    async def close(self, task_id: TaskId, owner: StaffId) -> bool:
        done = {"state": "done", "closed_at": self._stamp.now, "closed_by": self._stamp.actor, "owner_id": owner}
        return await self._change(task_id, self._is_free_for(owner), **done, lease_until=None)

    async def free(self, task_id: TaskId, owner: StaffId) -> bool:
        return await self._change(task_id, task.c.owner_id == owner, owner_id=None, lease_until=None)

    async def looked_at(self, tasks: Collection[TaskId], action: str) -> None:
        rows = [
            {"at": self._stamp.now, "actor": self._stamp.actor, "action": action, "entity": "task", "entity_id": one}
            for one in tasks
        ]
        if rows:
            await self._connection.execute(insert(access_event), rows)

    def _is_free_for(self, owner: StaffId) -> ColumnElement[bool]:
        return or_(task.c.owner_id.is_(None), task.c.owner_id == owner, task.c.lease_until <= self._stamp.now)

    async def _change(self, task_id: TaskId, where: ColumnElement[bool], **values: Any) -> bool:
        changed = update(task).where(task.c.id == task_id, _IS_OPEN, where).values(**values)
        return bool((await self._connection.execute(changed)).rowcount)

    async def _tasks(self, wanted: Select[Any]) -> list[StaffTask]:
        """Return tasks of rows, with their people and visits; a lease that ran out is not shown."""
        rows = (await self._connection.execute(wanted)).all()
        names = await names_of(self._connection, {ContactId(row.contact_id) for row in rows if row.contact_id})
        tasks = [self._task(row, names) for row in rows]
        return await self._with_visits(tasks, [_visit_in(row.subject) for row in rows])

    async def _with_visits(self, tasks: list[StaffTask], about: Sequence[AppointmentId | None]) -> list[StaffTask]:
        wanted = [one for one in about if one is not None]
        if not wanted:
            return tasks
        rows = await self._connection.execute(VISIT.where(appointment.c.id.in_(wanted)))
        visits = {visit.id: visit for visit in map(visit_of, rows)}
        return [
            replace(task, patient_name=visit.patient_name, reference=visit.reference, starts_at=visit.starts_at)
            if one is not None and (visit := visits.get(one)) is not None
            else task
            for task, one in zip(tasks, about, strict=True)
        ]

    def _task(self, row: Any, names: dict[ContactId, str]) -> StaffTask:
        is_held = row.owner_id is not None and row.lease_until is not None and row.lease_until > self._stamp.now
        place = Workplace(id=CentreId(row.centre_id), name=row.centre_name, tz=row.tz) if row.centre_name else None
        return StaffTask(
            id=TaskId(row.id),
            kind=row.kind,
            opened_at=row.opened_at,
            patient_name=self._name(row, names),
            centre=place,
            product=row.subject.rpartition(":")[2] if row.subject.startswith("stock:") else "",
            note=opened(row.note, task.c.note) or "",
            owner=StaffId(row.owner_id) if is_held else None,
            owner_name=(opened(row.owner_name, staff.c.name) or "") if is_held else "",
            lease_until=row.lease_until if is_held else None,
            handover=row.handover_id if row.handover_state == Stage.WAITING else None,
        )

    def _name(self, row: Any, names: dict[ContactId, str]) -> str:
        known = names.get(ContactId(row.contact_id)) if row.contact_id else None
        return known or opened(row.name_then, handover.c.name) or ""


def _at(centres: Collection[CentreId] | None, *, elsewhere: bool) -> ColumnElement[bool]:
    if centres is None:
        return true()
    there = task.c.centre_id.in_(centres)
    return or_(there, task.c.centre_id.is_(None)) if elsewhere else there


def _visit_in(subject: str) -> AppointmentId | None:
    kind, _, number = subject.partition(":")
    return AppointmentId(int(number)) if kind == "appointment" and number.isdecimal() else None


# ---- for digests


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAge:
    """How old an open task is, and who has it, if anybody."""

    id: TaskId
    kind: str
    age: timedelta
    owner: str | None


async def ages(connection: AsyncConnection, centre_id: CentreId | None, now: datetime) -> list[TaskAge]:
    """Return the open tasks of a centre, the oldest first; with None those that concern no centre.

    An owner without a name is shown as nothing, "".
    """
    found = (
        select(task.c.id, task.c.kind, task.c.opened_at, task.c.lease_until, unopened(staff.c.name).label("name"))
        .join_from(task, staff, (staff.c.id == task.c.owner_id) & (task.c.lease_until > now), isouter=True)
        .where(_IS_OPEN, task.c.centre_id == centre_id if centre_id is not None else task.c.centre_id.is_(None))
        .order_by(task.c.opened_at, task.c.id)
    )
    return [
        TaskAge(
            id=TaskId(row.id),
            kind=row.kind,
            age=now - row.opened_at,
            owner=(opened(row.name, staff.c.name) or "") if _is_held(row, now) else None,
        )
        for row in await connection.execute(found)
    ]


def _is_held(row: Any, now: datetime) -> bool:
    return row.lease_until is not None and row.lease_until > now
