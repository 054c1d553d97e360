"""The search for the nearest centres with a place, and publishing, over the real French centres with many slots."""

from __future__ import annotations

import random
import resource
import sys
import time
from datetime import UTC, datetime, timedelta

from bot.jobs import publish
from domain.centres import Position
from domain.store import migrate
from domain.store.centres import SqlCentres
from domain.store.database import Database
from domain.store.sealing import Keyring
from tests.bench.imports import import_centres
from tests.bench.setting import migrated, percentile
from tests.conftest import KEYS
from tests.shared_data import FRENCH_LIST

SEARCHES = 400
_PROGRAMME = "covid-19"


async def measure(url: str, *, days: int, minutes: int) -> dict[str, float]:
    """Import, publish so many *days* of slots of so many *minutes*, then look for centres near random ones of them."""
    if not FRENCH_LIST.exists():
        print(f"size: the public file {FRENCH_LIST.name} is not in {FRENCH_LIST.parent}", file=sys.stderr)
        return {}
    await migrated(url)
    await import_centres(url, "--minutes", str(minutes))
    database = Database.open(url, Keyring.of(KEYS))
    await migrate.load_secret(database)
    now = datetime.now(UTC)
    before, began = _memory_mb(), time.perf_counter()
    slots = await publish(database, today=now.date(), until=now.date() + timedelta(days=days))
    published = time.perf_counter() - began
    if not database.is_sqlite:
        async with database.begin() as connection:
            await connection.exec_driver_sql("ANALYZE")
    times = await _searches(database, now)
    await database.close()
    return {
        "slots": slots,
        "published in s": round(published, 1),
        "memory it took MB": round(_memory_mb() - before, 1),
        "search p50 ms": round(percentile(times, 0.5) * 1000, 2),
        "search p95 ms": round(percentile(times, 0.95) * 1000, 2),
    }


async def _searches(database: Database, now: datetime) -> list[float]:
    chance = random.Random(7)
    times: list[float] = []
    async with database.read() as connection:
        rows = (await connection.exec_driver_sql("SELECT lat, lon FROM v_centre ORDER BY id")).all()
        centres = SqlCentres(connection)
        for number in range(SEARCHES + 50):
            row = chance.choice(rows)
            near = Position(row.lat + chance.uniform(-0.2, 0.2), row.lon + chance.uniform(-0.2, 0.2))
            began = time.perf_counter()
            found = await centres.centres_near(
                _PROGRAMME, near, start=now, until=now + timedelta(days=7), limit=5, offset=0
            )
            if number >= 50:  # what is read for the first time is not in memory yet
                times.append(time.perf_counter() - began)
            if len(found) != 5:
                raise RuntimeError(f"{len(found)} centres were found near {near}")
    return times


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
