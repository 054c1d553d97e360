"""Where the public files lie that tests and measurements read; nothing of them is in the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "data"
#: TEST_SHARED_DATA names another folder than the one beside the repository.
FOLDER = Path(os.environ.get("TEST_SHARED_DATA") or BESIDE)
FRENCH_LIST = FOLDER / "fr_centres_2021-03.csv.gz"
ALASKAN_LIST = FOLDER / "us_ak_vaccine_stock_2022-06.csv.gz"
FEED = tuple(FOLDER / f"us_nj_smart_{kind}_2023-03.ndjson.gz" for kind in ("locations", "schedules", "slots"))
PHARMACIES = FOLDER / "us_pharmacies_timezones_2022-06.csv.gz"


def needed(*paths: Path) -> None:
    """Skip the test, and say so, unless all *paths* are there."""
    for path in paths:
        if not path.exists():
            pytest.skip(f"the public file {path.name} is not in {path.parent}")
