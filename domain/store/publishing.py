"""Publishing: the slots of a schedule written in bulk; those that stand stay as they are (I10).

Slots are planned and written so many at a time, each lot in one statement, so that memory stays flat however many
there are. What is new is counted by the statement itself, so that two who publish at once count each slot once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.priority import Reserve, reserve_of
from domain.schedules import PlannedSlot, WeeklyRule, plan_slots
from domain.store.catalogue import closures, rule_from_json
from domain.store.occupancy import Occupied
from domain.store.prepared import driver_of
from domain.store.tables import shift
from domain.store.types import Moment

_AT_ONCE = 2_000
_INTO = """INSERT INTO slot (schedule_id, centre_id, programme, practitioner_id, starts_at, ends_at, capacity,
    overbook, reserve, release_at)"""
_SQLITE = f"{_INTO} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (schedule_id, starts_at) DO NOTHING"
_POSTGRESQL = f"""{_INTO} SELECT $1, $2, $3, $4, new.* FROM unnest($5::timestamptz[], $6::timestamptz[], $7::int[],
    $8::int[], $9::int[], $10::timestamptz[]) AS new ON CONFLICT (schedule_id, starts_at) DO NOTHING"""


async def publish(
    connection: AsyncConnection, row: Any, *, start: date, until: date, clashes: list[PlannedSlot] | None = None
) -> int:
    """Publish the slots of one of `catalogue.schedules` in [*start*, *until*); return how many are new.

    Slots of a practitioner who is elsewhere then are left out (I4), and added to *clashes*.
    """
    reserve = reserve_of({**(row.body.get("reserve") or {}), **(row.policy or {})})
    planned = await plan(connection, row, start=start, until=until)
    if row.practitioner_id is not None:
        planned = await _where_free(connection, row, planned, [] if clashes is None else clashes)
    added = 0
    for lot in _lots(planned):
        added += await _write(connection, row, lot, reserve)
    return added


async def plan(connection: AsyncConnection, row: Any, *, start: date, until: date) -> Iterator[PlannedSlot]:
    """Return what one of `catalogue.schedules` has in [*start*, *until*): by its shifts, else by its weekly rules."""
    first = max(start, row.valid_from or start)
    last = min(until, row.valid_until or until)
    rules = tuple(rule_from_json(rule) for rule in row.rules)
    closed = await closures(connection, row.centre_id)
    shifts = await shifts_of(connection, row, first, last) if row.practitioner_id is not None else {}
    return plan_slots(rules, closed, ZoneInfo(row.tz), start=first, until=last, shifts=shifts)


async def shifts_of(
    connection: AsyncConnection, row: Any, start: date, until: date
) -> Mapping[date, tuple[WeeklyRule, ...]]:
    """Return the rules of a practitioner's schedule on days in [*start*, *until*) on which other ones hold."""
    wanted = select(shift.c.day, shift.c.schedule_id, shift.c.rule).where(
        shift.c.practitioner_id == row.practitioner_id, shift.c.day >= start, shift.c.day < until
    )
    found: defaultdict[date, tuple[WeeklyRule, ...]] = defaultdict(tuple)
    for one in await connection.execute(wanted.order_by(shift.c.id)):
        found[one.day] += (rule_from_json(one.rule),) if one.schedule_id == row.id else ()
    return found


async def _where_free(
    connection: AsyncConnection, row: Any, planned: Iterator[PlannedSlot], clashes: list[PlannedSlot]
) -> Iterator[PlannedSlot]:
    """Return those that the practitioner of a schedule has time for; whoever publishes for them too waits."""
    slots = list(planned)
    if not slots:
        return iter(slots)
    start, until = min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots)
    occupied = await Occupied.of(connection, row.practitioner_id, start, until)
    free = [slot for slot in slots if occupied.take(row.id, slot)]
    clashes += [slot for slot in slots if slot not in free]
    return iter(free)


async def keep_reserves(connection: AsyncConnection, row: Any, now: datetime) -> int:
    """Keep what a schedule, one of `catalogue.schedules`, keeps for groups in slots to come too; return in how many.

    What is released by *now*, or would be, stays open to all.
    """
    reserve = reserve_of({**(row.body.get("reserve") or {}), **(row.policy or {})})
    values = {"share": reserve.share, "release": int(reserve.release.total_seconds())}
    changed = await connection.execute(
        text(_KEPT[connection.dialect.name]).bindparams(
            bindparam("now", now, type_=Moment()), bindparam("kept_until", now + reserve.release, type_=Moment())
        ),
        {**values, "schedule": row.id},
    )
    return changed.rowcount


_MOMENT = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', starts_at, '-' || :release || ' seconds') || '.000000+00:00'",
    "postgresql": "starts_at - make_interval(secs => :release)",
}
_KEPT = {
    engine: f"""UPDATE slot SET
        reserve = CASE WHEN starts_at > :kept_until THEN capacity * :share / 100 ELSE 0 END,
        release_at = CASE WHEN capacity * :share / 100 > 0 THEN {moment} END
    WHERE schedule_id = :schedule AND starts_at > :now"""
    for engine, moment in _MOMENT.items()
}


def _lots(planned: Iterator[PlannedSlot]) -> Iterator[list[PlannedSlot]]:
    while lot := list(islice(planned, _AT_ONCE)):
        yield lot


async def _write(connection: AsyncConnection, row: Any, lot: list[PlannedSlot], reserve: Reserve) -> int:
    driver = driver_of(connection)
    kept = [reserve.places(slot.capacity) for slot in lot]
    if connection.dialect.name == "sqlite":
        rows = [
            (row.id, row.centre_id, row.programme, row.practitioner_id, _text(slot.starts_at), _text(slot.ends_at),
             slot.capacity, slot.overbook, places, _text(slot.starts_at - reserve.release) if places else None)
            for slot, places in zip(lot, kept, strict=True)
        ]  # fmt: skip
        written = await driver.executemany(_SQLITE, rows)
        return max(0, int(written.rowcount))
    starts, ends = [slot.starts_at for slot in lot], [slot.ends_at for slot in lot]
    capacities, overbooks = [slot.capacity for slot in lot], [slot.overbook for slot in lot]
    releases = [_released(slot, places, reserve.release) for slot, places in zip(lot, kept, strict=True)]
    whose = (row.id, row.centre_id, row.programme, row.practitioner_id)
    values = (*whose, starts, ends, capacities, overbooks, kept, releases)
    status: str = await driver.execute(_POSTGRESQL, *values)
    return int(status.rpartition(" ")[2])


def _released(slot: PlannedSlot, places: int, before: timedelta) -> datetime | None:
    return slot.starts_at - before if places else None


def _text(moment: datetime) -> str:
    """Write a moment as `types.Moment` does on SQLite."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
