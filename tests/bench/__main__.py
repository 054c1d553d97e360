"""Measures: turns over HTTP with everything on, on both databases, beside the bare SQL of a turn in the same run.

`make bench` prints a table; figures are of this machine and this moment, so that only ratios within a run mean much.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

from bot.cli import quick_loop
from tests import servers
from tests.bench import bare, imports, reminders, size, statements, turns
from tests.bench.places import places
from tests.bench.setting import filled, migrated, prepared


async def measure(url: str, people: int, *, processes: int = 1) -> dict[str, float]:
    """Measure one database."""
    await prepared(url)
    found = await turns.measure(url, people, processes=processes)
    found |= await statements.measure(url)
    return found


async def prepared_for_bare(url: str) -> None:
    """Prepare another database of the same server for the bare SQL of the same turns."""
    await migrated(url)
    await bare.begin_far_apart(url)
    await filled(url)


def measure_postgresql(people: int, *, processes: int) -> dict[str, float]:
    """Measure conversations with so many web processes, and the bare SQL with as many of its own."""
    with servers.postgres() as url:
        found = _run(measure(url.format(name="postgres"), people, processes=processes))
        asyncio.run(prepared_for_bare(url.format(name="template1")))
        found |= bare.measure(url.format(name="template1"), people, processes=processes)
    found["ratio to bare SQL"] = round(found["turns/s"] / found["bare SQL turns/s"], 2)
    return found


def measure_turns(people: int) -> dict[str, dict[str, float]]:
    """Measure conversations on both databases, and the import of real centres."""
    results: dict[str, dict[str, float]] = {"places": places()}
    with tempfile.TemporaryDirectory() as folder:
        results["sqlite"] = _run(measure(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", people))
        results["imports"] = asyncio.run(imports.measure(f"sqlite:///{Path(folder) / 'imports.sqlite3'}"))
    results["postgresql"] = measure_postgresql(people, processes=1)
    results["postgresql, two of web"] = measure_postgresql(people, processes=2)
    return results


def measure_size(days: list[int], minutes: int, engines: list[str]) -> dict[str, dict[str, float | str]]:
    """Measure publishing and the search for centres on *engines*."""
    results: dict[str, dict[str, float | str]] = {}
    if "sqlite" in engines:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'size.sqlite3'}"
            results["sqlite"] = asyncio.run(size.measure(url, days=days, minutes=minutes))
    if "postgresql" not in engines:
        return results
    with servers.postgres() as url:
        results["postgresql"] = asyncio.run(size.measure(url.format(name="postgres"), days=days, minutes=minutes))
    return results


def measure_reminders(sizes: list[int], engines: list[str]) -> dict[str, dict[str, float | str]]:
    """Measure claiming and sending with so many reminders in the outbox, on *engines*."""
    results: dict[str, dict[str, float | str]] = {}
    if "sqlite" in engines:
        with tempfile.TemporaryDirectory() as folder:
            results["sqlite"] = _run(reminders.measure(f"sqlite:///{Path(folder) / 'reminders.sqlite3'}", sizes))
    if "postgresql" in engines:
        with servers.postgres() as url:
            results["postgresql"] = _run(reminders.measure(url.format(name="postgres"), sizes))
    return results


Figures = TypeVar("Figures", bound=Mapping[str, float | str])


def _run(measured: Coroutine[Any, Any, Figures]) -> Figures:
    """Run it on the event loop that the server has."""
    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        return runner.run(measured)


def main() -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--people", type=int, default=400, help="conversations of nine turns (default 400)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--days",
        type=int,
        nargs="+",
        help="measure size instead: the French centres with so many days of slots, in steps",
    )
    parser.add_argument(
        "--reminders",
        type=int,
        nargs="+",
        help="measure reminders instead: so many in the outbox, in steps",
    )
    parser.add_argument(
        "--engines", nargs="+", default=["sqlite", "postgresql"], help="where size and reminders are measured"
    )
    parser.add_argument("--minutes", type=int, default=10, help="length of these slots (default 10)")
    given = parser.parse_args()
    results: Mapping[str, Mapping[str, float | str]]
    if given.days:
        results = measure_size(given.days, given.minutes, given.engines)
    elif given.reminders:
        results = measure_reminders(given.reminders, given.engines)
    else:
        results = measure_turns(given.people)
    if given.json:
        print(json.dumps(results))
        return
    for database, figures in results.items():
        print(database)
        for name, value in figures.items():
            print(f"  {name:<58}{value:>12}")


if __name__ == "__main__":
    main()
