"""Measures: turns over HTTP with everything on, on both databases, beside the bare SQL of a turn in the same run.

`make bench` prints a table; figures are of this machine and this moment, so that only ratios within a run mean much.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from tests import servers
from tests.bench import bare, statements, turns
from tests.bench.setting import prepared


async def measure(url: str, people: int, *, with_bare: bool) -> dict[str, float]:
    """Measure one database."""
    await prepared(url)
    found = await turns.measure(url, people)
    found |= await statements.measure(url)
    if with_bare:
        found |= await bare.measure(url, turns=people * 8)
        found["ratio to bare SQL"] = round(found["turns/s"] / found["bare SQL turns/s"], 2)
    return found


def main() -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--people", type=int, default=400, help="conversations of nine turns (default 400)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        results["sqlite"] = asyncio.run(
            measure(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", given.people, with_bare=False)
        )
    with servers.postgres() as url:
        results["postgresql"] = asyncio.run(measure(url.format(name="postgres"), given.people, with_bare=True))
    if given.json:
        print(json.dumps(results))
        return
    for database, figures in results.items():
        print(database)
        for name, value in figures.items():
            print(f"  {name:<28}{value:>10}")


if __name__ == "__main__":
    main()
