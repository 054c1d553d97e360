"""Commands that look for faults: check and verify."""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, json_option
from bot.settings import NotMigratedError, SettingError, Settings
from bot.shipped import all_shipped, shipped_programmes
from dialogs import catalogues, explore
from dialogs.desk import Desk
from dialogs.outcomes import NOW
from dialogs.scripts import SCRIPTS
from domain import programme_faults, programmes
from domain.programmes import Programme, ProgrammeError
from domain.store import catalogue
from domain.store.verify import INVARIANTS, NOT_YET, breaches

_WALKED = 1  # criteria of a programme that are walked with the scripts


async def run_check(given: argparse.Namespace, settings: Settings) -> int:
    """Look through settings, programmes, scripts and translations, and name each fault."""
    notes = [f"channel {channel} is off: {cure}" for channel, cure in settings.channels_off().items()]
    if not settings.field_keys and not settings.database_url.startswith("sqlite"):
        notes.append("FIELD_KEYS is not set: names, answers and addresses are stored unencrypted")
    known, faults = await _programmes(settings, notes)
    faults += [*await asyncio.to_thread(lambda: [*script_faults(known), *catalogues.faults()])]
    if given.json:
        print(json.dumps({"faults": faults, "notes": notes}, ensure_ascii=False))
    else:
        for note in notes:
            print(f"note: {note}")
        for fault in faults:
            print(f"fault: {fault}", file=sys.stderr)
        print(f"{len(faults)} faults.")
    return 1 if faults else 0


async def _programmes(settings: Settings, notes: list[str]) -> tuple[list[Programme], list[str]]:
    """Return what is offered, in the sample clinic or the database if there is one, and what is wrong with it.

    What else is shipped is looked at as well.
    """
    offered, bodies = list(shipped_programmes().values()), list(all_shipped().values())
    faults: list[str] = []
    try:
        stored = await _stored_programmes(settings, notes)
        offered, bodies = offered + stored, bodies + stored
    except SettingError as problem:
        faults.append(str(problem))
    known: dict[str, Programme] = {}
    for body in bodies:
        try:
            known[body["key"]] = programmes.from_mapping(body)
        except ProgrammeError as problem:
            faults.append(f"programme {body.get('key')}: {problem}")
    faults += [fault for one in known.values() for fault in programme_faults.faults(one)]
    keys = {body.get("key") for body in offered}
    return [one for one in known.values() if one.key in keys], faults


async def _stored_programmes(settings: Settings, notes: list[str]) -> list[dict[str, Any]]:
    file = settings.database_file()
    if file is not None and not await asyncio.to_thread(file.exists):
        notes.append(f"there is no database at {file} yet")
        return []
    try:
        database = await open_database(settings)
    except NotMigratedError as problem:
        notes.append(str(problem))
        return []
    try:
        async with database.read() as connection:
            return await catalogue.programmes(connection)
    finally:
        await database.close()


def script_faults(known: Sequence[Programme]) -> Iterator[str]:
    """Walk every script with each programme, and with none, along all its paths, and name the dead ends."""
    for programmes_there in (*((_shortened(one),) for one in known), ()):
        programme = programmes_there[0].key if programmes_there else "none"
        desk = Desk(now=NOW, today=NOW.date(), name="the clinic", programmes=programmes_there)
        for name, maker in SCRIPTS.items():
            for args in explore.example_args(name):
                walked = explore.walk(functools.partial(maker, desk, args), programme)
                yield from (f"script {name} with programme {programme}: {end}" for end in walked.dead_ends)


def _shortened(programme: Programme) -> Programme:
    """Leave of *programme* what makes another path: ways multiply with criteria, which `faults` looks at by itself."""
    return replace(programme, criteria=programme.criteria[:_WALKED])


async def run_verify(given: argparse.Namespace, settings: Settings) -> int:
    """Look for breaches of every invariant in the live database; prints JSON counts."""
    database = await open_database(settings)
    try:
        async with database.read() as connection:
            found = await breaches(connection, wall_clock() - timedelta(minutes=1))
    finally:
        await database.close()
    broken = sum(found.values())
    print(json.dumps({"ok": broken == 0, "breaches": found, "not yet": NOT_YET}))
    if broken and not given.json:
        for name, count in found.items():
            if count:
                print(f"{name}: {count} times not so: {INVARIANTS[name][0]}", file=sys.stderr)
    return 1 if broken else 0


COMMANDS = (
    CommandLine(
        name="check",
        does="Look through settings, programmes, scripts and translations; name each fault.",
        run=run_check,
        arguments=json_option,
    ),
    CommandLine(
        name="verify",
        does="Look for breaches of every invariant in the live database.",
        run=run_verify,
        arguments=json_option,
    ),
)
