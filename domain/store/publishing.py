"""Publishing: the slots of a schedule written in bulk; those that stand stay as they are (I10).

Slots are planned and written so many at a time, each lot in one statement, so that memory stays flat however many
there are. What is new is counted by the statement itself, so that two who publish at once count each slot once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.priority import Reserve, reserve_of
from domain.schedules import PlannedSlot, plan_slots
from domain.store.catalogue import closures, rule_from_json
from domain.store.prepared import driver_of
from domain.store.types import Moment

_AT_ONCE = 2_000
_INTO = (
    "INSERT INTO slot (schedule_id, centre_id, programme, starts_at, ends_at, capacity, overbook, reserve, release_at)"
)
_SQLITE = f"{_INTO} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (schedule_id, starts_at) DO NOTHING"
_POSTGRESQL = f"""{_INTO} SELECT $1, $2, $3, new.* FROM unnest($4::timestamptz[], $5::timestamptz[], $6::int[],
    $7::int[], $8::int[], $9::timestamptz[]) AS new ON CONFLICT (schedule_id, starts_at) DO NOTHING"""


async def publish(connection: AsyncConnection, row: Any, *, start: date, until: date) -> int:
    """Publish the slots of one of `catalogue.schedules` in [*start*, *until*); return how many are new."""
    first = max(start, row.valid_from or start)
    last = min(until, row.valid_until or until)
    rules = tuple(rule_from_json(rule) for rule in row.rules)
    closed = await closures(connection, row.centre_id)
    reserve = reserve_of({**(row.body.get("reserve") or {}), **(row.policy or {})})
    planned = plan_slots(rules, closed, ZoneInfo(row.tz), start=first, until=last)
    added = 0
    for lot in _lots(planned):
        added += await _write(connection, row, lot, reserve)
    return added


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
            (row.id, row.centre_id, row.programme, _text(slot.starts_at), _text(slot.ends_at), slot.capacity,
             slot.overbook, places, _text(slot.starts_at - reserve.release) if places else None)
            for slot, places in zip(lot, kept, strict=True)
        ]  # fmt: skip
        written = await driver.executemany(_SQLITE, rows)
        return max(0, int(written.rowcount))
    starts, ends = [slot.starts_at for slot in lot], [slot.ends_at for slot in lot]
    capacities, overbooks = [slot.capacity for slot in lot], [slot.overbook for slot in lot]
    releases = [_released(slot, places, reserve.release) for slot, places in zip(lot, kept, strict=True)]
    values = (row.id, row.centre_id, row.programme, starts, ends, capacities, overbooks, kept, releases)
    status: str = await driver.execute(_POSTGRESQL, *values)
    return int(status.rpartition(" ")[2])


def _released(slot: PlannedSlot, places: int, before: timedelta) -> datetime | None:
    return slot.starts_at - before if places else None


def _text(moment: datetime) -> str:
    """Write a moment as `types.Moment` does on SQLite."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
