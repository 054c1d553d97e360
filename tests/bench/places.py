"""What the gazetteer costs to be read and asked, and how much memory it stays in, each in a process of its own.

Times are of the processor, since nothing is waited for and other processes would be measured along.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from domain.gazetteer.gazetteer import Gazetteer
from tests.bench.setting import percentile

DESKS = {"FR": ("FR",), "US": ("US",), "FR, GB, ES, US": ("FR", "GB", "ES", "US")}
# What is written: as it is, folded, its beginning, mistyped, in a district, with its area, unknown.
# fmt: off
WRITTEN = (
    "Villeurbanne", "st etienne", "Boulogne", "Villeurbane", "Paris 15", "Saint-Denis Réunion", "Springfield",
    "new york", "Springfeild", "Paris, Texas", "Newport", "I live in Bath", "Sevilla", "Atlantis",
)
# fmt: on


def places() -> dict[str, float]:
    """Measure desks in one country and in several, and one that has asked for every country on earth."""
    found: dict[str, float] = {}
    for name, countries in {**DESKS, "all": ()}.items():
        run = [sys.executable, "-m", "tests.bench.places", *countries]
        figures = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)
        found |= {f"{name}: {what}": value for what, value in figures.items()}
    return found


def measure(countries: Sequence[str]) -> dict[str, float]:
    """Measure in this process, which has read no town yet; of all countries where none is named."""
    resident, began = _resident_mb(), time.process_time()
    gazetteer = Gazetteer.load()
    gazetteer.read(countries or gazetteer.countries())
    gazetteer.find("London", countries)
    read_ms = (time.process_time() - began) * 1000
    taken = [_look_up_ms(gazetteer, written, countries) for _ in range(20) for written in WRITTEN] if countries else []
    figures = {"read ms": round(read_ms, 1), "memory MB": round(_resident_mb() - resident, 1)}
    return figures | ({"look-up p95 ms": round(percentile(taken, 0.95), 2)} if taken else {})


def _look_up_ms(gazetteer: Gazetteer, written: str, countries: Sequence[str]) -> float:
    began = time.process_time()
    gazetteer.find(written, countries)
    return (time.process_time() - began) * 1000


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():  # only Linux says so
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:])))
