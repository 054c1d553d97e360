"""The shipped programmes and the sample clinic, read from their files and written to an empty database."""

from __future__ import annotations

import copy
import functools
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.jobs import publish
from domain import programmes
from domain.practitioner_rows import PractitionerRow, practitioner_row
from domain.schedules import Opening, WeeklyRule
from domain.store import catalogue, stocktaking
from domain.store.database import Connection, Database
from domain.store.practitioners import Known, by_key, keep
from domain.store.stamp import Stamp

FOLDER = Path(__file__).parent / "programmes"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # many times as fast, where PyYAML came with it


class NotEmptyError(RuntimeError):
    """The database has centres or programmes already; the sample clinic goes into an empty one."""


def shipped_programmes() -> dict[str, dict[str, Any]]:
    """Return the shipped programmes' bodies by key, those of the sample clinic first."""
    return {key: _read(f"{key}.yaml") for key in _read("sample.yaml")["programmes"]}


def all_shipped() -> dict[str, dict[str, Any]]:
    """Return the bodies of all programmes that are shipped, by key: those of the sample clinic and the others."""
    others = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "sample")
    return shipped_programmes() | {key: _read(f"{key}.yaml") for key in others}


def _read(name: str) -> dict[str, Any]:
    return copy.deepcopy(_parsed(name))


@functools.cache
def _parsed(name: str) -> dict[str, Any]:
    body: dict[str, Any] = yaml.load((FOLDER / name).read_text("utf-8"), _LOADER)  # noqa: S506  a safe one
    return body


async def write_sample(database: Database, *, now: datetime) -> tuple[int, int]:
    """Write the sample clinic and publish its places; return how many centres and slots there are."""
    sample = _read("sample.yaml")
    bodies = shipped_programmes()
    async with database.begin() as connection:
        if not await catalogue.is_empty(connection):
            raise NotEmptyError("the database is not empty; the sample clinic goes into an empty one")
        for body in bodies.values():
            programmes.from_mapping(body)
            await catalogue.keep_programme(connection, body, Stamp(now=now, actor="sample"))
        for centre in sample["centres"]:
            centre_id, _ = await catalogue.keep_centre(connection, _centre_row(centre, sample))
            for key, body in bodies.items():
                if not body.get("practitioners"):
                    await catalogue.keep_schedule(
                        connection, centre_id=centre_id, programme_key=key, rules=_rules(centre, sample)
                    )
        await _keep_practitioners(connection, sample["practitioners"], frozenset(bodies))
    today = now.date()
    slots = await publish(database, today=today, until=today + timedelta(days=sample["publish_days"]))
    return len(sample["centres"]), slots


async def _keep_practitioners(
    connection: Connection, cells: list[dict[str, str]], programmes_there: frozenset[str]
) -> None:
    rows = [practitioner_row(one, line) for line, one in enumerate(cells, start=1)]
    named = {one["centre"] for one in cells if "centre" in one}
    known = Known(centres=await stocktaking.centres_called(connection, named), programmes=programmes_there)
    for own in by_key(row for row in rows if isinstance(row, PractitionerRow)).values():
        await keep(connection, own, known)


def _centre_row(centre: dict[str, Any], sample: dict[str, Any]) -> dict[str, Any]:
    names = ("key", "name", "address", "town", "postcode", "lat", "lon")
    return {
        **{name: centre[name] for name in names},
        "access_notes": centre.get("access_notes", ""),
        "step_free": centre.get("step_free"),
        "country": sample["country"],
        "tz": sample["tz"],
    }


def _rules(centre: dict[str, Any], sample: dict[str, Any]) -> list[WeeklyRule]:
    return [
        WeeklyRule(
            weekday=weekday,
            opening=Opening(start=time.fromisoformat(start), until=time.fromisoformat(until)),
            slot_length=timedelta(minutes=sample["slot_minutes"]),
            capacity=centre["capacity"],
        )
        for weekday in centre["days"]
        for start, until in sample["hours"]
    ]
