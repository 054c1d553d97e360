"""Commands that fill the database: migrate, sample, import, publish."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, json_option
from bot.jobs import publish
from bot.settings import Settings
from bot.shipped import NotEmptyError, all_shipped, shipped_programmes, write_sample
from domain import programmes
from domain.centre_files import CentreFileError, read_centre_file
from domain.centre_rows import CentreRow, RefusedRow
from domain.programmes import ProgrammeError
from domain.schedules import Opening, WeeklyRule
from domain.store import catalogue, migrate
from domain.store.database import Connection

_SHOWN = 20


async def run_migrate(_given: argparse.Namespace, settings: Settings) -> int:
    """Bring the database to the newest schema."""
    database = await open_database(settings, must_be_current=False)
    try:
        before, after = await migrate.migrate(database)
    finally:
        await database.close()
    print(
        f"The schema was {before or 'empty'} and is {after}." if before != after else f"The schema is {after} already."
    )
    return 0


async def run_sample(_given: argparse.Namespace, settings: Settings) -> int:
    """Fill an empty database with the sample clinic."""
    database = await open_database(settings)
    try:
        centres, slots = await write_sample(database, today=wall_clock().date())
    except NotEmptyError as problem:
        print(f"frontdesk sample: {problem}.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"The sample clinic has {centres} centres and {slots} slots.")
    return 0


# ---- import


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=".csv, .ndjson, .json or .yaml, each also .gz")
    json_option(parser)


def _programme_arguments(parser: argparse.ArgumentParser) -> None:
    shipped = ", ".join(all_shipped())
    parser.add_argument("file", type=Path, metavar="FILE", help=f".yaml or .json, also .gz, or one of: {shipped}")
    json_option(parser)


def _centre_arguments(parser: argparse.ArgumentParser) -> None:
    _import_arguments(parser)
    parser.add_argument("--minutes", type=int, default=30, help="length of a slot (default 30)")
    parser.add_argument("--places", type=int, default=6, help="places in a slot (default 6)")


async def run_import_centres(given: argparse.Namespace, settings: Settings) -> int:
    """Import centres with their opening hours: all that can be read, or nothing where the file is broken."""
    if given.minutes < 5 or given.places < 1:
        print("frontdesk import centres: --minutes must be 5 or more, --places 1 or more.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    done: Counter[str] = Counter()
    refused: list[RefusedRow] = []
    try:
        async with database.begin() as connection:
            keys = await _programmes_to_offer(connection, done)
            for row in read_centre_file(given.file):
                if isinstance(row, RefusedRow):
                    refused.append(row)
                else:
                    await _keep_centre(connection, row, keys, given, done)
    except CentreFileError as problem:
        print(f"frontdesk import centres: {problem} Nothing was imported.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    _report_centres(done, refused, as_json=given.json)
    return 0


async def _programmes_to_offer(connection: Connection, done: Counter[str]) -> list[str]:
    """Return the programmes that the centres offer; the first shipped one where there is none yet."""
    bodies = await catalogue.programmes(connection)
    if not bodies:
        bodies = [next(iter(shipped_programmes().values()))]
        await catalogue.keep_programme(connection, bodies[0])
        done["shipped programmes"] += 1
    return [body["key"] for body in bodies]


async def _keep_centre(
    connection: Connection, row: CentreRow, keys: list[str], given: argparse.Namespace, done: Counter[str]
) -> None:
    centre_id, became = await catalogue.keep_centre(connection, _centre_values(row))
    done[became] += 1
    done["unread days"] += len(row.unread)
    rules = _rules(row, timedelta(minutes=given.minutes), given.places)
    if not rules:
        done["without hours"] += 1
    for key in keys:
        await catalogue.keep_schedule(
            connection,
            centre_id=centre_id,
            programme_key=key,
            rules=rules,
            valid_from=row.open_from,
            valid_until=row.open_until + timedelta(days=1) if row.open_until else None,
        )


def _centre_values(row: CentreRow) -> dict[str, Any]:
    names = ("key", "name", "address", "town", "postcode", "country", "lat", "lon", "tz", "professionals_only")
    notes = row.access_notes if len(row.access_notes.split()) > 2 else ""  # "yes" alone tells nobody anything
    return {**{name: getattr(row, name) for name in names}, "access_notes": notes, "active": row.is_public}


def _rules(row: CentreRow, length: timedelta, places: int) -> list[WeeklyRule]:
    return [
        WeeklyRule(weekday=weekday, opening=Opening(start=start, until=until), slot_length=length, capacity=places)
        for weekday, spans in enumerate(row.hours)
        for start, until in spans
    ]


def _report_centres(done: Counter[str], refused: list[RefusedRow], *, as_json: bool) -> None:
    read = done["added"] + done["changed"] + done["same"]
    if as_json:
        rows = [{"line": row.line, "key": row.key, "why": row.why} for row in refused]
        print(json.dumps({"read": read, **done, "refused": rows}))
        return
    print(f"Read {read} centres: {done['added']} new, {done['changed']} changed, {done['same']} as before.")
    if done["shipped programmes"]:
        print(
            "There was no programme yet; took the shipped one. Import your own with: frontdesk import programme FILE."
        )
    if done["without hours"]:
        print(f"{done['without hours']} have no opening hours that can be read, and offer no places.")
    if done["unread days"]:
        print(f"{done['unread days']} days have hours that could not be read for certain; nothing was guessed.")
    print(f"Refused {len(refused)} rows{':' if refused else '.'}")
    for row in refused[:_SHOWN]:
        print(f"  line {row.line} ({row.key}): {row.why}")
    print("To offer places: frontdesk slots publish --until DATE.")


async def run_import_programme(given: argparse.Namespace, settings: Settings) -> int:
    """Import a programme; centres that have hours offer it from the next publication on."""
    try:
        body = _body_of(given.file)
        programmes.from_mapping(body)
    except (ProgrammeError, OSError, ValueError, yaml.YAMLError) as problem:
        print(f"frontdesk import programme: {given.file}: {_one_line(problem)}. Nothing was imported.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            became = await catalogue.keep_programme(connection, body)
            offered = await catalogue.offer_everywhere(connection, body["key"])
    finally:
        await database.close()
    if given.json:
        print(json.dumps({"key": body["key"], "became": became, "centres": offered}))
    else:
        print(f"Programme {body['key']}: {became}; {offered} more centres offer it.")
    return 0


def _body_of(file: Path) -> dict[str, Any]:
    """Return the programme in *file*, or the shipped one of that name where there is no such file."""
    shipped = all_shipped()
    return shipped[str(file)] if str(file) in shipped and not file.exists() else _read_mapping(file)


def _read_mapping(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    body = yaml.safe_load((gzip.decompress(raw) if path.suffix == ".gz" else raw).decode())
    if not isinstance(body, dict):
        raise ProgrammeError("the file must hold one programme: a mapping with key, title and so on")
    return body


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split()).rstrip(".")


# ---- slots


def _publish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until", type=date.fromisoformat, required=True, metavar="DATE", help="the last day")
    json_option(parser)


async def run_publish(given: argparse.Namespace, settings: Settings) -> int:
    """Publish places from tomorrow until a day, that day included; those that stand already stay as they are."""
    today = wall_clock().date()
    if not today < given.until <= today + timedelta(days=400):
        print("frontdesk slots publish: --until must be after today, and within 400 days.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    try:
        added = await publish(database, today=today, until=given.until + timedelta(days=1))
    finally:
        await database.close()
    print(json.dumps({"added": added}) if given.json else f"Published {added} new slots until {given.until}.")
    return 0


COMMANDS = (
    CommandLine(name="migrate", does="Bring the database to the newest schema; safe to repeat.", run=run_migrate),
    CommandLine(name="sample", does="Fill an empty database with the sample clinic.", run=run_sample),
    CommandLine(
        name="import centres",
        does="Import centres with their opening hours.",
        run=run_import_centres,
        arguments=_centre_arguments,
    ),
    CommandLine(
        name="import programme", does="Import a programme.", run=run_import_programme, arguments=_programme_arguments
    ),
    CommandLine(
        name="slots publish",
        does="Publish places until a day; safe to repeat.",
        run=run_publish,
        arguments=_publish_arguments,
    ),
)
