"""The search for the nearest centres with a place, and publishing, over the real French centres with many slots."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.jobs import publish
from dialogs.readers.when import When
from domain.centres import Position
from domain.priority import Terms
from domain.store import migrate, prepared
from domain.store.centres import SqlCentres
from domain.store.database import Connection, Database
from domain.store.sealing import Keyring
from domain.store.stocktaking import DELIVERY
from domain.store.tables import lot, stock_movement
from tests.bench.imports import import_centres
from tests.bench.setting import migrated, percentile
from tests.conftest import KEYS
from tests.shared_data import FRENCH_LIST

SEARCHES, WARM = 400, 50
_PROGRAMME, _PRODUCT = "covid-19", "comirnaty"
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of search: what else is asked of the centres, and whether five of them are always there."""

    name: str
    asked: dict[str, Any]
    finds_five: bool = True


PLAIN = Kind(name="search", asked={})
KINDS = (
    PLAIN,
    Kind(name="with a dose", asked={"terms": Terms(products=(_PRODUCT,))}),
    Kind(name="for a priority group", asked={"terms": Terms(groups=("health",))}),
    Kind(name="on Saturday", asked={"days": When(weekdays=frozenset({_SATURDAY}))}, finds_five=False),
    Kind(name="step-free", asked={"step_free": True}, finds_five=False),
)


async def measure(url: str, *, days: Sequence[int], minutes: int) -> dict[str, float | str]:
    """Import; publish slots of so many *minutes* for so many *days*, in steps; look for centres after each."""
    if not FRENCH_LIST.exists():
        print(f"size: the public file {FRENCH_LIST.name} is not in {FRENCH_LIST.parent}", file=sys.stderr)
        return {}
    await migrated(url)
    await import_centres(url, "--minutes", str(minutes))
    database = Database.open(url, Keyring.of(KEYS))
    await migrate.load_secret(database)
    now = datetime.now(UTC)
    found: dict[str, float | str] = {}
    slots = 0
    for number, ahead in enumerate(days):
        before, began = _memory_mb(), time.perf_counter()
        added = await publish(database, today=now.date(), until=now.date() + timedelta(days=ahead))
        took = time.perf_counter() - began
        slots += added
        async with database.begin() as connection:
            await connection.exec_driver_sql("ANALYZE")
        found |= {
            f"{slots:,} slots: published/s": round(added / took),
            f"{slots:,} slots: memory it took MB": round(_memory_mb() - before, 1),
        }
        if not database.is_sqlite:
            found[f"{slots:,} slots: pages looked at in a search"] = await _pages(database, now)
        for kind in KINDS if number == len(days) - 1 else (PLAIN,):
            if kind.asked.get("terms", Terms()).products:
                await _stocked(database, now)
            times, beside = await _searches(database, now, kind)
            found[f"{slots:,} slots: {kind.name}, ms p50/p95"] = _in_ms(times)
            if kind is PLAIN:
                found[f"{slots:,} slots: one centre by its id meanwhile, ms p50/p95"] = _in_ms(beside)
    print(await _plan(database, now), file=sys.stderr)
    await database.close()
    return found


def _in_ms(times: Sequence[float]) -> str:
    return "/".join(f"{percentile(times, share) * 1000:.2f}" for share in (0.5, 0.95))


async def _searches(database: Database, now: datetime, kind: Kind) -> tuple[list[float], list[float]]:
    """Return how long each search took and, between the searches, the least that can be asked: one row by its key."""
    chance = random.Random(7)
    times: list[float] = []
    beside: list[float] = []
    async with database.read() as connection:
        rows = (await connection.exec_driver_sql("SELECT id, lat, lon FROM v_centre ORDER BY id")).all()
        for number in range(SEARCHES + WARM):
            row = chance.choice(rows)
            near = Position(row.lat + chance.uniform(-0.2, 0.2), row.lon + chance.uniform(-0.2, 0.2))
            began = time.perf_counter()
            found = await _search(connection, near, now, kind)
            if number >= WARM:  # what is read for the first time is not in memory yet
                times.append(time.perf_counter() - began)
                began = time.perf_counter()
                await SqlCentres(connection).centre(row.id)
                beside.append(time.perf_counter() - began)
            if found != 5 and kind.finds_five:
                raise RuntimeError(f"{found} centres were found near {near}")
    return times, beside


async def _search(connection: Connection, near: Position, now: datetime, kind: Kind) -> int:
    until = now + timedelta(days=7)
    found = await SqlCentres(connection).centres_near(
        _PROGRAMME, near, start=now, until=until, limit=5, offset=0, **kind.asked
    )
    return len(found)


async def _stocked(database: Database, now: datetime) -> None:
    """Give every centre two lots, so that doses are looked at in each search."""
    async with database.begin() as connection:
        ids = list((await connection.exec_driver_sql("SELECT id FROM v_centre")).scalars())
        lots = [
            {"centre_id": one, "product": _PRODUCT, "number": f"L{number}", "expires_on": _last(now, number)}
            for one in ids
            for number in range(2)
        ]
        await connection.execute(lot.insert(), lots)
        made = list((await connection.exec_driver_sql("SELECT id FROM lot")).scalars())
        moved = [{"lot_id": one, "kind": DELIVERY, "quantity": 50, "at": now, "actor": "bench"} for one in made]
        await connection.execute(stock_movement.insert(), moved)


def _last(now: datetime, number: int) -> date:
    return now.date() + timedelta(days=60 + 30 * number)


async def _pages(database: Database, now: datetime) -> int:
    """Return how many pages PostgreSQL looks at in one search, which is the same however busy the machine is."""
    async with database.read() as connection:
        driver = prepared.driver_of(connection)
        pages = 0
        for sql, values in await _statements(connection, now):
            plan = await driver.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *values)
            pages += sum(plan[0]["Plan"][f"Shared {kind} Blocks"] for kind in ("Hit", "Read"))
    return pages


async def _statements(connection: Connection, now: datetime) -> list[tuple[str, list[Any]]]:
    """Return the statements of one search, with their values."""
    ran: list[tuple[str, list[Any]]] = []

    def watch(sql: str, _names: Sequence[str], values: Sequence[Any]) -> None:
        ran.append((sql, list(values)))

    prepared.watchers.append(watch)
    try:
        await _search(connection, Position(45.76, 4.84), now, PLAIN)
    finally:
        prepared.watchers.remove(watch)
    return ran


async def _plan(database: Database, now: datetime) -> str:
    """Return how the engine carries out the statements of one search."""
    async with database.read() as connection:
        driver = prepared.driver_of(connection)
        lines: list[str] = []
        for sql, values in await _statements(connection, now):
            if database.is_sqlite:
                lines += [row[3] for row in await driver.execute_fetchall(f"EXPLAIN QUERY PLAN {sql}", values)]
            else:
                lines += [row[0] for row in await driver.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", *values)]
            lines.append("")
    return "\n".join(lines)


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
