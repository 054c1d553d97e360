"""Commands about single visits: who arrived, who was served, who did not come."""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable
from datetime import datetime

from bot.app import open_database, wall_clock
from bot.cli import CommandLine
from bot.settings import Settings
from domain.appointments import REFERENCE_LENGTH, Status
from domain.attendance import Attended, attend
from domain.store.stamp import Stamp
from domain.store.work import Work

_DONE = {
    Status.ARRIVED: "{} has arrived.",
    Status.FULFILLED: "{} has been served.",
    Status.NOSHOW: "{} is missed; the person is told so once.",
}


async def run_mark(
    given: argparse.Namespace,
    settings: Settings,
    *,
    status: Status,
    clock: Callable[[], datetime] = wall_clock,
) -> int:
    """Record what became of the visit with a reference."""
    reference, now = given.reference.strip().upper(), clock()
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            work = Work(connection, Stamp(now=now, actor="command"))
            found = await work.appointments.by_reference(reference)
            done = await attend(work, found, status, now) if found else None
    finally:
        await database.close()
    match done:
        case None:
            print(f"frontdesk visit: there is no visit {reference}; look at the reference.", file=sys.stderr)
            return 1
        case Attended(again):
            print("It was on record already." if again else _DONE[status].format(reference))
            return 0
        case _:
            why = "the visit is still to come, cancelled, or over in another way"
            print(f"frontdesk visit: {reference} cannot be marked so: {why}.", file=sys.stderr)
            return 1


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", metavar="REFERENCE", help=f"the visit's {REFERENCE_LENGTH} letters and digits")


COMMANDS = tuple(
    CommandLine(name=f"visit {name}", does=does, run=functools.partial(run_mark, status=status), arguments=_arguments)
    for name, does, status in (
        ("arrived", "Record that somebody has arrived for a visit.", Status.ARRIVED),
        ("fulfilled", "Record that somebody has been served.", Status.FULFILLED),
        ("noshow", "Record that somebody missed a visit; they are told so once, with a way to rebook.", Status.NOSHOW),
    )
)
