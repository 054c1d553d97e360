"""Centres of a list written many at a time: what stands is read once, and only what differs is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.gazetteer.names import fold
from domain.schedules import WeeklyRule
from domain.store.catalogue import rule_as_json
from domain.store.tables import centre, schedule

ADDED, CHANGED, SAME = "added", "changed", "same"
_SCHEDULE = ("rules", "valid_from", "valid_until")
_Columns: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCentre:
    """A centre as a list has it: its *columns* by name, with its key, and the weekly rules of all it offers."""

    columns: Mapping[str, Any]
    rules: Sequence[WeeklyRule]
    valid_from: date | None = None
    valid_until: date | None = None


async def keep_centres(
    connection: AsyncConnection, listed: Sequence[ListedCentre], programmes: Sequence[str]
) -> list[str]:
    """Write *listed*, no key twice, and their schedules of *programmes*; say of each what it became.

    That is one of `ADDED`, `CHANGED`, where only its hours did too, and `SAME`. Slots that are published already stay,
    and so do appointments.
    """
    keys = [one.columns["key"] for one in listed]
    before = await _by_key(connection, keys)
    rows = {one.columns["key"]: {**one.columns, "town_folded": fold(one.columns["town"])} for one in listed}
    became = {key: _became(before.get(key), row) for key, row in rows.items()}
    await _insert(connection, [rows[key] for key in keys if became[key] == ADDED])
    await _update(connection, [{**rows[key], "_id": before[key].id} for key in keys if became[key] == CHANGED])
    ids = {key: row.id for key, row in before.items()}
    if len(ids) < len(keys):
        ids |= {
            key: row.id for key, row in (await _by_key(connection, [key for key in keys if key not in ids])).items()
        }
    with_other_hours = await _keep_schedules(connection, listed, ids, programmes)
    return [CHANGED if became[key] == SAME and ids[key] in with_other_hours else became[key] for key in keys]


async def _by_key(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, Any]:
    found = await connection.execute(select(centre).where(centre.c.key.in_(keys)))
    return {row.key: row for row in found}


def _became(before: Any, row: Mapping[str, Any]) -> str:
    if before is None:
        return ADDED
    stands = before._mapping
    return SAME if all(stands[name] == value for name, value in row.items()) else CHANGED


async def _insert(connection: AsyncConnection, rows: list[_Columns]) -> None:
    if rows:
        await connection.execute(insert(centre), rows)


async def _update(connection: AsyncConnection, rows: list[_Columns]) -> None:
    if rows:
        values: _Columns = {name: bindparam(name) for name in rows[0] if name != "_id"}
        await connection.execute(update(centre).where(centre.c.id == bindparam("_id")).values(values), rows)


async def _keep_schedules(
    connection: AsyncConnection, listed: Sequence[ListedCentre], ids: Mapping[str, int], programmes: Sequence[str]
) -> set[int]:
    """Write the schedules that differ; return the centres that have another now than they had."""
    before = await _schedules(connection, list(ids.values()), programmes)
    new: list[_Columns] = []
    changed: list[_Columns] = []
    for one in listed:
        wanted = {
            "rules": [rule_as_json(rule) for rule in one.rules],
            "valid_from": one.valid_from,
            "valid_until": one.valid_until,
        }
        for programme in programmes:
            where = ids[one.columns["key"]], programme
            if where not in before:
                new.append({"centre_id": where[0], "programme": programme, **wanted})
            elif any(getattr(before[where], name) != value for name, value in wanted.items()):
                changed.append({"_id": before[where].id, "_centre": where[0], **wanted})
    if new:
        await connection.execute(insert(schedule), new)
    if changed:
        values: _Columns = {name: bindparam(name) for name in _SCHEDULE}
        rows = [{name: row[name] for name in ("_id", *_SCHEDULE)} for row in changed]
        await connection.execute(update(schedule).where(schedule.c.id == bindparam("_id")).values(values), rows)
    return {row["_centre"] for row in changed}


async def _schedules(
    connection: AsyncConnection, centres: Sequence[int], programmes: Sequence[str]
) -> dict[tuple[int, str], Any]:
    """Return the schedules of *programmes* at *centres* that are no practitioner's, by both."""
    wanted = select(schedule).where(
        schedule.c.centre_id.in_(centres),
        schedule.c.programme.in_(programmes),
        schedule.c.practitioner_id.is_(None),
    )
    return {(row.centre_id, row.programme): row for row in await connection.execute(wanted)}
