"""The command about digests: when those of a centre come."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime, time

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, json_option
from bot.settings import Settings
from domain.centres import CentreId
from domain.staff.digest_plan import Plan, days_in, time_in
from domain.store.stamp import Stamp
from domain.store.stocktaking import centres_called
from domain.store.work import Work

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _at(text: str) -> time:
    found = time_in(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time of day; write it as 07:30")
    return found


def _days(text: str) -> tuple[int, ...]:
    found = days_in(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} are no days; write them as mon-fri, mon,wed, every or none")
    return found


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--centre", required=True, metavar="C", help="a centre's key or name")
    parser.add_argument("--at", type=_at, metavar="HH:MM", help="at which time of the centre's clock")
    parser.add_argument("--days", type=_days, metavar="DAYS", help="on which days: mon-fri, mon,wed, every, none")
    json_option(parser)


async def run_digest(
    given: argparse.Namespace, settings: Settings, *, clock: Callable[[], datetime] = wall_clock
) -> int:
    """Show when a centre's digests come; with a time or days, change it."""
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            found = await centres_called(connection, [given.centre])
            if given.centre in found:
                centre = CentreId(found[given.centre].id)
                digests = Work(connection, Stamp(now=clock(), actor="command")).digests
                plan = await digests.plan(centre)
                if given.at is not None or given.days is not None:
                    days = plan.weekdays if given.days is None else given.days
                    plan = Plan(given.at or plan.at, days)
                    await digests.keep(centre, plan)
    finally:
        await database.close()
    if given.centre not in found:
        wrong = f"there is no one centre with the key or name {given.centre!r}"
        print(f"frontdesk staff digest: {wrong}.", file=sys.stderr)
        return 1
    _print(found[given.centre].name, plan, as_json=given.json)
    return 0


def _print(name: str, plan: Plan, *, as_json: bool) -> None:
    days = [_NAMES[number] for number in plan.weekdays]
    if as_json:
        print(json.dumps({"at": f"{plan.at:%H:%M}", "days": days}))
    elif days:
        print(f"{name}: the digest comes at {plan.at:%H:%M} on {', '.join(days)}.")
    else:
        print(f"{name}: no digest is sent.")


COMMANDS = (
    CommandLine(
        name="staff digest", does="Say when a centre's daily digest comes.", run=run_digest, arguments=_arguments
    ),
)
