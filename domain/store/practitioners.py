"""Practitioners as lists tell of them: who they are, their schedules, and the days on which something else holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centre_rows import RefusedRow, lack
from domain.practitioner_rows import PractitionerRow
from domain.schedules import WeeklyRule
from domain.store import catalogue
from domain.store.catalogue import rule_as_json
from domain.store.shifts import must_move_first, settle
from domain.store.tables import practitioner, schedule, shift

ADDED, CHANGED, SAME = "added", "changed", "same"
_Where = tuple[int, str]  # a centre and a programme


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may refer to: centres by key or name, and the keys of programmes."""

    centres: Mapping[str, Any]
    programmes: frozenset[str]

    def lacks(self, row: PractitionerRow) -> RefusedRow | None:
        """Return *row* refused where it names what is not there."""
        if row.centre and row.centre not in self.centres:
            wrong = lack("There is no one centre with the key or the name {name}.", name=row.centre)
        elif row.programme and row.programme not in self.programmes:
            wrong = lack("There is no programme {key}.", key=row.programme)
        else:
            return None
        return wrong.refused(line=row.line, key=row.key, name=row.name)


def by_key(rows: Iterable[PractitionerRow]) -> Mapping[str, list[PractitionerRow]]:
    """Return the rows of each practitioner."""
    found: defaultdict[str, list[PractitionerRow]] = defaultdict(list)
    for row in rows:
        found[row.key].append(row)
    return found


async def keep(
    connection: AsyncConnection, rows: Sequence[PractitionerRow], known: Known
) -> tuple[str, list[RefusedRow]]:
    """Write all that is told of one practitioner, none of it lacking; return what became of them, and refusals.

    Weekly rules that are not told any more are gone; slots that are published stay. Of days with rules of their own
    those that are told are written anew, and their slots follow, unless somebody has booked one that would go.
    """
    named = next((row for row in rows if row.name), None)
    before = await _one(connection, rows[0].key)
    if before is None and named is None:
        nameless = lack("It has no name.")
        return SAME, [nameless.refused(line=row.line, key=row.key) for row in rows]
    stood = await _standing(connection, before.id) if before is not None else None
    own = before.id if before is not None else await _add(connection, rows)
    if before is not None:
        await _change(connection, before, rows)
    schedules = await _keep_schedules(connection, own, rows, known)
    refused = await _keep_shifts(connection, own, rows, schedules, known)
    after = await _standing(connection, own)
    return (ADDED if stood is None else SAME if stood == after else CHANGED), refused


async def _one(connection: AsyncConnection, key: str) -> Any:
    return (await connection.execute(select(practitioner).where(practitioner.c.key == key).with_for_update())).first()


async def id_of(connection: AsyncConnection, key: str) -> int | None:
    """Return the practitioner with a key."""
    row = await _one(connection, key)
    return None if row is None else int(row.id)


def _told(rows: Sequence[PractitionerRow]) -> dict[str, Any]:
    name = next((row.name for row in rows if row.name), None)
    specialities = next((row.specialities for row in rows if row.specialities), None)
    told: dict[str, Any] = {} if name is None else {"name": name}
    return told if specialities is None else {**told, "specialities": [dict(one.pairs) for one in specialities]}


async def _add(connection: AsyncConnection, rows: Sequence[PractitionerRow]) -> int:
    values = {"key": rows[0].key, "specialities": [], **_told(rows)}
    return int((await connection.execute(insert(practitioner).returning(practitioner.c.id), values)).scalar_one())


async def _change(connection: AsyncConnection, before: Any, rows: Sequence[PractitionerRow]) -> None:
    told = _told(rows)
    if any(getattr(before, name) != value for name, value in told.items()):
        await connection.execute(update(practitioner).where(practitioner.c.id == before.id).values(told))


async def _standing(connection: AsyncConnection, own: int) -> tuple[Any, ...]:
    """Return all that is on record of a practitioner, to be compared."""
    person = select(practitioner.c.name, practitioner.c.specialities).where(practitioner.c.id == own)
    weekly = select(schedule.c.id, schedule.c.rules).where(schedule.c.practitioner_id == own).order_by(schedule.c.id)
    days = select(shift.c.day, shift.c.schedule_id, shift.c.rule).where(shift.c.practitioner_id == own)
    found = [list(await connection.execute(one)) for one in (person, weekly, days.order_by(shift.c.day, shift.c.id))]
    return tuple(tuple(map(tuple, each)) for each in found)


async def _keep_schedules(
    connection: AsyncConnection, own: int, rows: Sequence[PractitionerRow], known: Known
) -> Mapping[_Where, int]:
    """Write weekly rules; return all schedules of the practitioner."""
    wanted: defaultdict[_Where, list[WeeklyRule]] = defaultdict(list)
    for row in rows:
        if row.rules:
            weekly = () if row.day is not None else row.rules
            wanted[known.centres[row.centre].id, row.programme] += weekly
    standing = await _schedules(connection, own)
    for where in {*standing, *wanted}:
        await catalogue.keep_schedule(
            connection,
            centre_id=where[0],
            programme_key=where[1],
            rules=wanted.get(where, ()),
            practitioner_id=own,
        )
    await _publish_as_the_others(connection, own)
    return await _schedules(connection, own)


async def _publish_as_the_others(connection: AsyncConnection, own: int) -> None:
    """Have the worker publish as far ahead as it does for all others."""
    most = select(func.coalesce(func.max(schedule.c.ahead_days), 0)).scalar_subquery()
    await connection.execute(update(schedule).where(schedule.c.practitioner_id == own).values(ahead_days=most))


async def _schedules(connection: AsyncConnection, own: int) -> dict[_Where, int]:
    wanted = select(schedule.c.id, schedule.c.centre_id, schedule.c.programme).where(schedule.c.practitioner_id == own)
    return {(row.centre_id, row.programme): row.id for row in await connection.execute(wanted)}


async def _keep_shifts(
    connection: AsyncConnection,
    own: int,
    rows: Sequence[PractitionerRow],
    schedules: Mapping[_Where, int],
    known: Known,
) -> list[RefusedRow]:
    """Write the days that are told; return the rows of those on which somebody would lose their place."""
    refused: list[RefusedRow] = []
    days: defaultdict[date, list[PractitionerRow]] = defaultdict(list)
    for row in rows:
        if row.day is not None:
            days[row.day].append(row)
    for day, told in sorted(days.items()):
        spans = [(schedules[known.centres[row.centre].id, row.programme], rule) for row in told for rule in row.rules]
        stood = await replace_day(connection, own, day, spans)
        if people := await must_move_first(connection, own, day):
            await restore_day(connection, own, day, stood)
            first = lack("{count} people have places on {day} that would go; move them first.", count=people, day=day)
            refused += [first.refused(line=row.line, key=row.key, name=row.name) for row in told]
        else:
            await settle(connection, own, day)
    return refused


async def replace_day(
    connection: AsyncConnection,
    own: int,
    day: date,
    spans: Iterable[tuple[int, WeeklyRule]],
    *,
    actor: str = "import",
) -> list[dict[str, Any]]:
    """Let only *spans*, each of a schedule, hold for a practitioner on *day*, none for a day off; return what did."""
    stood = await shifts_on(connection, own, day)
    await restore_day(connection, own, day, [{**row, "made_by": actor} for row in _rows_of(own, day, spans)])
    return stood


async def shifts_on(connection: AsyncConnection, own: int, day: date) -> list[dict[str, Any]]:
    """Return the rows that say what holds on a day instead of the weekly rules."""
    names = ("practitioner_id", "day", "schedule_id", "rule", "made_by")
    wanted = select(*(shift.c[name] for name in names)).where(shift.c.practitioner_id == own, shift.c.day == day)
    return [dict(zip(names, row, strict=True)) for row in await connection.execute(wanted.order_by(shift.c.id))]


async def restore_day(connection: AsyncConnection, own: int, day: date, rows: list[dict[str, Any]]) -> None:
    """Let *rows*, as `replace_day` returned them, say what holds on a day."""
    await connection.execute(delete(shift).where(shift.c.practitioner_id == own, shift.c.day == day))
    if rows:
        await connection.execute(insert(shift), rows)


def _rows_of(own: int, day: date, spans: Iterable[tuple[int, WeeklyRule]]) -> Iterator[dict[str, Any]]:
    given = list(spans)
    for schedule_id, rule in given:
        yield {"practitioner_id": own, "day": day, "schedule_id": schedule_id, "rule": rule_as_json(rule)}
    if not given:
        yield {"practitioner_id": own, "day": day, "schedule_id": None, "rule": None}
