"""A centre's day in SQL: visits counted by how they stand, places, doses, lots and tasks, a few statements in all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import Status
from domain.centres import CentreId
from domain.staff.commands import Workplace
from domain.staff.day_commands import Call, DaySummary, Doses, DosesFound, Hour, LotLeft
from domain.store.prepared import Prepared
from domain.store.shortfalls import to_be_moved_at
from domain.store.staff_visits import OF_DAY, VISIT, bounds_of, visit_of
from domain.store.tables import (
    appointment,
    appointment_response,
    centre,
    contact,
    lot,
    reminder,
    slot,
    stock,
    stock_day,
    task,
)
from domain.store.types import opened, unopened
from domain.telephone import is_number

EXPIRES_SOON = timedelta(days=7)


def _said(status: str) -> ColumnElement[bool]:
    return exists().where(
        appointment_response.c.appointment_id == appointment.c.id,
        appointment_response.c.version == appointment.c.version,
        appointment_response.c.status == literal_column(f"'{status}'"),
    )


def _reminder(state: str, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        reminder.c.appointment_id == appointment.c.id,
        reminder.c.version == appointment.c.version,
        reminder.c.state == literal_column(f"'{state}'"),
        *more,
    )


_IS_BOOKED = appointment.c.status == literal_column("'booked'")
_TOLD = _reminder("told")
_ACCEPTED = _said("accepted")
_ANSWERED = exists().where(
    appointment_response.c.appointment_id == appointment.c.id,
    appointment_response.c.version == appointment.c.version,
)
_IS_SILENT = and_(_IS_BOOKED, _TOLD, ~_ANSWERED)
_IS_UNREACHABLE = and_(
    _IS_BOOKED, ~_TOLD, ~_ANSWERED, _reminder("dropped", reminder.c.why == literal_column("'unreachable'"))
)
_OF_DAY = appointment.c.status.in_([literal_column(f"'{status}'") for status in OF_DAY])
_HERE_THEN = (
    slot.c.centre_id == bindparam("centre"),
    slot.c.starts_at >= bindparam("start"),
    slot.c.starts_at < bindparam("until"),
)
_STANDS = case(
    (~_IS_BOOKED, appointment.c.status),
    (_ACCEPTED, literal_column("'confirmed'")),
    (_IS_SILENT, literal_column("'silent'")),
    (_IS_UNREACHABLE, literal_column("'unreachable'")),
    else_=literal_column("'booked'"),
)
_each = (
    select(slot.c.starts_at, _STANDS.label("stands"))
    .join_from(slot, appointment, appointment.c.slot_id == slot.c.id)
    .where(*_HERE_THEN, _OF_DAY)
    .subquery()
)
_VISITS = Prepared(
    select(_each.c.starts_at, _each.c.stands, func.count().label("count")).group_by(_each.c.starts_at, _each.c.stands)
)
_free = slot.c.capacity - slot.c.taken
_PLACES = Prepared(
    select(
        slot.c.starts_at,
        func.sum(
            case((and_(slot.c.status == literal_column("'free'"), _free > literal_column("0")), _free), else_=0)
        ).label("empty"),
    )
    .where(*_HERE_THEN, slot.c.status != literal_column("'busy-unavailable'"))
    .group_by(slot.c.starts_at)
)
_CENTRE = Prepared(select(centre.c.id, centre.c.name, centre.c.tz).where(centre.c.id == bindparam("centre")))
_LOTS = Prepared(
    select(lot.c.product, lot.c.number, lot.c.expires_on, lot.c.on_hand)
    .where(lot.c.centre_id == bindparam("centre"), lot.c.on_hand > literal_column("0"))
    .order_by(lot.c.expires_on, lot.c.number)
)
_PROMISED = Prepared(
    select(stock.c.product, stock_day.c.promised)
    .join_from(
        stock,
        stock_day,
        and_(
            stock_day.c.centre_id == stock.c.centre_id,
            stock_day.c.product == stock.c.product,
            stock_day.c.day == bindparam("day"),
        ),
        isouter=True,
    )
    .where(stock.c.centre_id == bindparam("centre"), stock.c.reported.is_(None))
    .order_by(stock.c.product)
)
_IS_OPEN = (task.c.centre_id == bindparam("centre"), task.c.state == literal_column("'open'"))
_TASKS = Prepared(select(func.count().label("count"), func.min(task.c.opened_at).label("oldest")).where(*_IS_OPEN))
_STATES = {
    Status.ARRIVED: "arrived",
    Status.FULFILLED: "done",
    Status.NOSHOW: "missed",
    "confirmed": "confirmed",
    "silent": "silent",
    "unreachable": "unreachable",
}


class SqlStaffDay:
    """`domain.staff.day_ports.StaffDay`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def summary(self, centre_id: CentreId, day: date) -> DaySummary:
        here = await _CENTRE.one(self._connection, {"centre": centre_id})
        start, until = bounds_of(day, here.tz)
        then = {"centre": centre_id, "start": start, "until": until}
        visits = await _VISITS.all(self._connection, then)
        places = await _PLACES.all(self._connection, then)
        lots = await self._lots(centre_id)
        work = await _TASKS.one(self._connection, {"centre": centre_id})
        return DaySummary(
            centre=Workplace(id=CentreId(here.id), name=here.name, tz=here.tz),
            day=day,
            hours=tuple(_hours(visits, places, ZoneInfo(here.tz))),
            doses=await self._doses(centre_id, day, lots),
            lots=tuple(one for one in lots if one.expires_on <= day + EXPIRES_SOON),
            tasks=work.count,
            oldest_task=work.oldest,
        )

    async def calls(self, centre_id: CentreId, day: date, now: datetime) -> list[Call]:
        here = await _CENTRE.one(self._connection, {"centre": centre_id})
        start, until = bounds_of(day, here.tz)
        wanted = (
            VISIT.add_columns(_IS_SILENT.label("is_silent"), unopened(contact.c.address).label("address"))
            .join(contact, contact.c.id == appointment.c.contact_id)
            .where(
                slot.c.centre_id == centre_id,
                slot.c.starts_at >= max(start, now),
                slot.c.starts_at < until,
                _IS_SILENT | _IS_UNREACHABLE,
            )
            .order_by(slot.c.starts_at, appointment.c.id)
        )
        return list(map(_call, await self._connection.execute(wanted)))

    async def doses(self, centre_id: CentreId, today: date) -> DosesFound:
        lots = await self._lots(centre_id)
        doses = await self._doses(centre_id, today, lots)
        moved = [
            reference
            for one in doses
            for reference in await to_be_moved_at(self._connection, centre_id, one.product, today)
        ]
        return DosesFound(doses=doses, lots=tuple(lots), to_move=tuple(moved))

    async def _lots(self, centre_id: CentreId) -> list[LotLeft]:
        return [
            LotLeft(product=row.product, number=row.number, expires_on=row.expires_on, doses=row.on_hand)
            for row in await _LOTS.all(self._connection, {"centre": centre_id})
        ]

    async def _doses(self, centre_id: CentreId, day: date, lots: Sequence[LotLeft]) -> tuple[Doses, ...]:
        """Return doses of each product that is counted, where any are there or promised."""
        rows = await _PROMISED.all(self._connection, {"centre": centre_id, "day": day})
        found = (
            Doses(product=row.product, good=_good(lots, row.product, day), promised=row.promised or 0) for row in rows
        )
        return tuple(one for one in found if one.good or one.promised)


def _good(lots: Iterable[LotLeft], product: str, day: date) -> int:
    return sum(one.doses for one in lots if one.product == product and one.expires_on >= day)


def _hours(visits: Iterable[Any], places: Iterable[Any], zone: ZoneInfo) -> list[Hour]:
    """Gather what begins at a moment into the hours of the wall clock."""
    found: dict[datetime, dict[str, int]] = {}
    for row in places:
        hour = found.setdefault(_hour_of(row.starts_at, zone), {})
        hour["empty"] = hour.get("empty", 0) + row.empty
    for row in visits:
        hour = found.setdefault(_hour_of(row.starts_at, zone), {})
        for name in ("booked", _STATES.get(row.stands)):
            if name is not None:
                hour[name] = hour.get(name, 0) + row.count
    return [Hour(starts_at=moment, **found[moment]) for moment in sorted(found)]


def _hour_of(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return (moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)).astimezone(
        UTC
    )


def _call(row: Any) -> Call:
    address = opened(row.address, contact.c.address) or ""
    return Call(visit=visit_of(row), number=address if is_number(address) else None, reminded=bool(row.is_silent))
