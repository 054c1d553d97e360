"""What fell out as staff see it, in SQL: counts of each closure, and the visits that it concerns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.displacements import Cause, DisplacementId, State
from domain.staff.closure_commands import Closure, DisplacedVisit
from domain.staff.commands import Workplace
from domain.store.staff_visits import VISIT, visit_of
from domain.store.tables import appointment, centre, displaced, displacement

_SILENT = (State.WAITING, State.OFFERED, State.WITHDRAWING)


def _count(*states: State, but_telephoned: bool = False) -> Any:
    counts: ColumnElement[bool] = displaced.c.state.in_(states)
    if but_telephoned:
        counts = counts & displaced.c.telephoned_at.is_(None)
    return func.sum(case((counts, 1), else_=0))


_CLOSURES: Select[Any] = (
    select(
        displacement,
        centre.c.name,
        centre.c.tz,
        func.count(displaced.c.id).label("visits"),
        _count(State.MOVED).label("moved"),
        _count(State.CANCELLED).label("cancelled"),
        _count(*_SILENT).label("silent"),
        _count(State.LAPSED).label("lapsed"),
        _count(State.WITHDRAWN).label("withdrawn"),
        _count(State.LAPSED, State.OFFERED, but_telephoned=True).label("to_telephone"),
    )
    .join_from(displacement, centre, centre.c.id == displacement.c.centre_id)
    .join(displaced, displaced.c.displacement_id == displacement.c.id, isouter=True)
    .group_by(displacement.c.id, centre.c.id)
)
_VISITS: Select[Any] = VISIT.join(displaced, displaced.c.appointment_id == appointment.c.id).add_columns(
    displaced.c.state.label("displaced_state"),
    displaced.c.deadline_at,
    displaced.c.telephoned_at,
    displaced.c.offered_at,
    displaced.c.contact_id.label("told"),
    displaced.c.visit_at,
)


async def at_centre(connection: AsyncConnection, centre_id: CentreId, since: datetime) -> list[Closure]:
    """Return what fell out at a centre and is open, or was made after *since*; the newest first."""
    wanted = _CLOSURES.where(
        displacement.c.centre_id == centre_id, or_(displacement.c.state == "open", displacement.c.made_at > since)
    )
    return list(map(_closure, await connection.execute(wanted.order_by(displacement.c.id.desc()))))


async def one(connection: AsyncConnection, displacement_id: DisplacementId) -> Closure | None:
    """Return one that fell out."""
    row = (await connection.execute(_CLOSURES.where(displacement.c.id == displacement_id))).first()
    return _closure(row) if row is not None else None


async def visits_of(connection: AsyncConnection, displacement_id: DisplacementId) -> list[DisplacedVisit]:
    """Return the visits of one that fell out: those without an answer first, then by time."""
    is_settled = case((displaced.c.state.in_([*_SILENT, State.LAPSED]), 0), else_=1)
    wanted = _VISITS.where(displaced.c.displacement_id == displacement_id)
    rows = await connection.execute(wanted.order_by(is_settled, displaced.c.visit_at, displaced.c.id))
    return list(map(_visit, rows))


async def visit(connection: AsyncConnection, appointment_id: AppointmentId) -> DisplacedVisit | None:
    """Return how it stands with a visit that waits for an answer."""
    live = displaced.c.state.in_([State.WAITING, State.OFFERED])
    row = (await connection.execute(_VISITS.where(displaced.c.appointment_id == appointment_id, live))).first()
    return _visit(row) if row is not None else None


def _visit(row: Any) -> DisplacedVisit:
    return DisplacedVisit(
        visit=visit_of(row),
        state=State(row.displaced_state),
        until=row.deadline_at,
        is_telephoned=row.telephoned_at is not None,
        is_unreached=row.offered_at is not None and row.told is None,
    )


def _closure(row: Any) -> Closure:
    return Closure(
        id=DisplacementId(row.id),
        cause=Cause(row.cause),
        centre=Workplace(id=CentreId(row.centre_id), name=row.name, tz=row.tz),
        start=row.starts_at,
        until=row.ends_at,
        is_open=row.state == "open",
        product=row.product,
        visits=row.visits,
        moved=row.moved or 0,
        cancelled=row.cancelled or 0,
        silent=row.silent or 0,
        lapsed=row.lapsed or 0,
        withdrawn=row.withdrawn or 0,
        to_telephone=row.to_telephone or 0,
    )
