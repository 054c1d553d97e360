"""Commands that fill the database: migrate, sample, import, publish."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, centres, day, json_option, practitioners, programmes, whole_number
from bot.jobs import publish
from bot.settings import Settings
from bot.shipped import NotEmptyError, write_sample
from domain.schedules import PlannedSlot
from domain.store import catalogue, migrate, publishing, stocktaking

MOST_PERCENT = 100


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
        centres, slots = await write_sample(database, now=wall_clock())
    except NotEmptyError as problem:
        print(f"frontdesk sample: {problem}.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"The sample clinic has {centres} centres and {slots} slots.")
    return 0


# ---- slots


def _publish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until", type=day, required=True, metavar="DATE", help="the last day")
    json_option(parser)


async def run_publish(given: argparse.Namespace, settings: Settings) -> int:
    """Publish places from tomorrow until a day, that day included; those that stand already stay as they are."""
    today = wall_clock().date()
    if not today < given.until <= today + timedelta(days=400):
        print("frontdesk slots publish: --until must be after today, and within 400 days.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    clashes: list[PlannedSlot] = []
    try:
        added = await publish(database, today=today, until=given.until + timedelta(days=1), clashes=clashes)
    finally:
        await database.close()
    if given.json:
        print(json.dumps({"added": added, "clashes": len(clashes)}))
        return 0
    print(f"Published {added} new slots until {given.until}.")
    if clashes:
        print(f"Left out {len(clashes)} slots, since their practitioners are elsewhere then; change their hours.")
    return 0


# ---- what slots keep for priority groups


def _keep_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--centre", required=True, metavar="C", help="a centre's key or name")
    parser.add_argument("--programme", required=True, metavar="P", help="a programme's key")
    parser.add_argument("--share", type=whole_number, metavar="N", help="percent of a slot's places that are kept")
    parser.add_argument("--release-hours", type=whole_number, metavar="H", help="open to all so long before the slot")
    parser.add_argument("--as-programme", action="store_true", help="keep what the programme says")
    json_option(parser)


async def run_keep(given: argparse.Namespace, settings: Settings) -> int:
    """Let a centre keep another part of its slots for priority groups than the programme says."""
    policy = {"share": given.share, "release_hours": given.release_hours}
    policy = {name: value for name, value in policy.items() if value is not None}
    if bool(policy) == given.as_programme or policy.get("share", 0) > MOST_PERCENT:
        cure = f"give --share (0 to {MOST_PERCENT}), --release-hours or both; or --as-programme"
        print(f"frontdesk slots keep: {cure}.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            place = (await stocktaking.centres_called(connection, [given.centre])).get(given.centre)
            mine = [
                one
                for one in await catalogue.schedules(connection)
                if place is not None and (one.centre_id, one.programme) == (place.id, given.programme)
            ]
            for one in mine:
                await catalogue.keep_policy(connection, one.id, policy)
            mine = [one for one in await catalogue.schedules(connection) if one.id in {found.id for found in mine}]
            slots = sum([await publishing.keep_reserves(connection, one, wall_clock()) for one in mine])
    finally:
        await database.close()
    if not mine:
        wrong = f"{given.centre} is no one centre, or does not offer {given.programme}"
        print(f"frontdesk slots keep: {wrong}. Nothing was changed.", file=sys.stderr)
        return 1
    print(json.dumps({"slots": slots}) if given.json else f"Kept in {slots} slots to come.")
    return 0


COMMANDS = (
    CommandLine(
        name="slots keep",
        does="Keep places of a centre for priority groups.",
        run=run_keep,
        arguments=_keep_arguments,
    ),
    CommandLine(name="migrate", does="Bring the database to the newest schema; safe to repeat.", run=run_migrate),
    CommandLine(name="sample", does="Fill an empty database with the sample clinic.", run=run_sample),
    CommandLine(
        name="import centres",
        does="Import centres with their opening hours.",
        run=centres.run_import_centres,
        arguments=centres.arguments,
    ),
    *programmes.COMMANDS,
    *practitioners.COMMANDS,
    CommandLine(
        name="slots publish",
        does="Publish places until a day; safe to repeat.",
        run=run_publish,
        arguments=_publish_arguments,
    ),
)
