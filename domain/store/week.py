"""Weekly hours of a centre in SQL: the rules of its schedules, and with them the slots that are published already.

A slot outside the new hours is closed, one inside that an earlier change closed is opened again, unless it was closed
for itself; what is missing is published. Nothing is changed while anybody is booked outside, or beyond the places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.displacements import Cause
from domain.schedules import MIDNIGHT, Opening, WeeklyRule
from domain.staff.closing_commands import MustMoveFirst, Span
from domain.store import catalogue, publishing
from domain.store.catalogue import rule_as_json, rule_from_json
from domain.store.closings import CLOSED, FREE
from domain.store.stamp import Stamp
from domain.store.tables import closure, displacement, schedule, slot


@dataclass(frozen=True, slots=True)
class _Slot:
    """A slot to come on the weekday, by the wall clock."""

    row: Any
    start: datetime
    until: datetime

    def is_in(self, opening: Opening | None) -> bool:
        """Say whether it lies in *opening*, of which nothing is said where that is None."""
        if opening is None:
            return True
        ends = self.until.time() if self.until.date() == self.start.date() else time.max
        last = time.max if opening.until == MIDNIGHT else opening.until
        return opening.start <= self.start.time() and ends <= last


class SqlWeek:
    """`domain.displacement_ports.Week`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def has_hours(self, centre_id: CentreId, weekday: int, opening: Opening | None) -> bool:
        rules = [_rules(row) for row in await self._schedules(centre_id)]
        days = {rule.weekday for each in rules for rule in each}
        return weekday in days or (opening is not None and bool(days))

    async def too_many(
        self, centre_id: CentreId, weekday: int, opening: Opening | None, capacity: int | None
    ) -> MustMoveFirst | None:
        people, first = 0, None
        for one in await self._slots(centre_id, weekday, locks=True):
            beyond = one.row.taken
            if one.is_in(opening):
                beyond = max(0, beyond - capacity - one.row.overbook) if capacity is not None else 0
            people += beyond
            if beyond and first is None:
                first = one
        return MustMoveFirst(people, _span(first, opening)) if first is not None else None

    async def change(
        self, centre_id: CentreId, weekday: int, opening: Opening | None, capacity: int | None
    ) -> tuple[int, int]:
        tz = await self._change_rules(centre_id, weekday, opening, capacity)
        slots = await self._slots(centre_id, weekday)
        outside = [one.row.id for one in slots if not one.is_in(opening) and one.row.status != CLOSED]
        inside = [one for one in slots if one.is_in(opening)]
        back = [one.row.id for one in inside if opening is not None and one.row.status == CLOSED]
        back = await self._not_closed_for_themselves(back, {one.row.id: one.start.date() for one in inside})
        narrower = [one.row for one in inside if capacity is not None and one.row.capacity != capacity]
        await self._set(outside, status=CLOSED)
        await self._set(back, status=FREE)
        for row in narrower:
            await self._set([row.id], capacity=capacity, reserve=min(row.reserve, capacity or 0))
        added = await self._publish(centre_id, tz) if opening is not None else 0
        return len({*outside, *back, *(row.id for row in narrower)}), added

    async def _change_rules(
        self, centre_id: CentreId, weekday: int, opening: Opening | None, capacity: int | None
    ) -> str:
        tz = ""
        for row in await self._schedules(centre_id):
            tz = row.tz
            new = _changed(_rules(row), weekday, opening, capacity)
            wanted = update(schedule).where(schedule.c.id == row.id)
            await self._connection.execute(wanted.values(rules=[rule_as_json(rule) for rule in new]))
        return tz

    async def _publish(self, centre_id: CentreId, tz: str) -> int:
        """Publish what is missing from tomorrow on, as far ahead as each schedule is kept published."""
        today = self._stamp.now.astimezone(ZoneInfo(tz)).date()
        added = 0
        for row in await self._schedules(centre_id):
            until = today + timedelta(days=row.ahead_days)
            added += await publishing.publish(self._connection, row, start=today + timedelta(days=1), until=until)
        return added

    async def _schedules(self, centre_id: CentreId) -> list[Any]:
        return [row for row in await catalogue.schedules(self._connection) if row.centre_id == centre_id]

    async def _slots(self, centre_id: CentreId, weekday: int, *, locks: bool = False) -> list[_Slot]:
        zones = {row.tz for row in await self._schedules(centre_id)}
        zone = ZoneInfo(next(iter(zones), "UTC"))
        wanted = select(slot).where(slot.c.centre_id == centre_id, slot.c.starts_at > self._stamp.now)
        wanted = wanted.order_by(slot.c.id)
        rows = await self._connection.execute(wanted.with_for_update() if locks else wanted)
        found = (_Slot(row, row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)) for row in rows)
        return sorted((one for one in found if one.start.weekday() == weekday), key=lambda one: one.start)

    async def _not_closed_for_themselves(self, slots: list[int], days: dict[int, date]) -> list[int]:
        if not slots:
            return []
        closes = exists().where(
            displacement.c.centre_id == slot.c.centre_id,
            displacement.c.cause != Cause.LOSS,
            displacement.c.state != "undone",
            displacement.c.starts_at < slot.c.ends_at,
            displacement.c.ends_at > slot.c.starts_at,
        )
        wanted = select(slot.c.id).where(slot.c.id.in_(slots), ~closes)
        found = list((await self._connection.execute(wanted)).scalars())
        here = select(closure.c.day).join(slot, slot.c.centre_id == closure.c.centre_id).where(slot.c.id == slots[0])
        closed = set((await self._connection.execute(here)).scalars())
        return [one for one in found if days[one] not in closed]

    async def _set(self, slots: list[int], **values: Any) -> None:
        if slots:
            await self._connection.execute(update(slot).where(slot.c.id.in_(slots)).values(**values))


def _rules(row: Any) -> list[WeeklyRule]:
    return [rule_from_json(rule) for rule in row.rules]


def _changed(
    rules: Iterable[WeeklyRule], weekday: int, opening: Opening | None, capacity: int | None
) -> list[WeeklyRule]:
    """Return *rules* with those of one weekday changed; a day without any gets one like the first of another day."""
    rules = list(rules)
    own = [rule for rule in rules if rule.weekday == weekday]
    if opening is not None:
        like = next(iter(own or rules), None)
        own = [replace(like, weekday=weekday, opening=opening)] if like is not None else []
    if capacity is not None:
        own = [replace(rule, capacity=capacity) for rule in own]
    return [*(rule for rule in rules if rule.weekday != weekday), *own]


def _span(first: _Slot, opening: Opening | None) -> Span:
    """Return what to close first: the part of the day outside *opening* that has the slot, or the slot itself."""
    start, until = first.start, first.until
    if opening is not None and not first.is_in(opening):
        day, zone = first.start.date(), first.start.tzinfo
        if first.start.time() < opening.start:
            until = max(until, datetime.combine(day, opening.start, zone))
        else:
            until = datetime.combine(day + timedelta(days=1), MIDNIGHT, zone)
    return Span(start=start, until=until)
