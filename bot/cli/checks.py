"""Commands that look for faults: check and verify."""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, json_option
from bot.cli.providers import PROVISION, resource_faults
from bot.settings import NotMigratedError, SettingError, Settings
from bot.shipped import all_shipped, shipped_programmes
from dialogs import catalogues, explore
from dialogs.desk import Desk
from dialogs.outcomes import NOW
from dialogs.scripts import SCRIPTS
from dialogs.scripts.staff import STAFF_SCRIPTS
from dialogs.staff_examples.common import MEMBERS
from domain import programme_faults, programmes
from domain.patients import Channel
from domain.programmes import Programme, ProgrammeError
from domain.store import catalogue, content
from domain.store.verify import INVARIANTS, breaches

_WALKED = 1  # criteria of a programme that are walked with the scripts


async def run_check(given: argparse.Namespace, settings: Settings) -> int:
    """Look through settings, programmes, scripts and translations, and name each fault as it is found."""
    found = Found(as_json=given.json)
    for channel, cure in settings.channels_off().items():
        found.note(f"channel {channel} is off: {cure}")
    if settings.smtp_url is None:
        found.note("e-mail is off: set SMTP_URL")
    if settings.stores_in_clear():
        found.note("FIELD_KEYS is not set: names, answers and addresses are stored unencrypted")
    known = await offered(settings, found)
    for fault in await asyncio.to_thread(lambda: [*script_faults(known), *catalogues.faults()]):
        found.fault(fault)
    if given.json:
        print(json.dumps({"faults": found.faults, "notes": found.notes}, ensure_ascii=False))
    else:
        print("1 fault." if len(found.faults) == 1 else f"{len(found.faults)} faults.")
    return 1 if found.faults else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found; said at once unless a program is to read it."""

    as_json: bool
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)
        if not self.as_json:
            print(f"note: {text}", flush=True)

    def fault(self, text: str) -> None:
        self.faults.append(text)
        if not self.as_json:
            print(f"fault: {text}", file=sys.stderr, flush=True)


async def offered(settings: Settings, found: Found) -> list[Programme]:
    """Return what is offered, in the sample clinic or the database if there is one, and say what is wrong with it.

    What else is shipped is looked at as well.
    """
    stored = await _stored_programmes(settings, found)
    offered, bodies = [*shipped_programmes().values(), *stored], [*all_shipped().values(), *stored]
    known: dict[str, Programme] = {}
    for body in bodies:
        try:
            known[body["key"]] = programmes.from_mapping(body)
        except ProgrammeError as problem:
            found.fault(f"programme {body.get('key')}: {problem}")
    for one in known.values():
        for fault in programme_faults.faults(one):
            found.fault(fault)
    keys = {body.get("key") for body in offered}
    return [one for one in known.values() if one.key in keys]


async def _stored_programmes(settings: Settings, found: Found) -> list[dict[str, Any]]:
    try:
        database = await open_database(settings)
    except NotMigratedError as problem:
        found.note(str(problem))
        return []
    except SettingError as problem:
        found.fault(str(problem))
        return []
    try:
        async with database.read() as connection:
            sids = await content.all_sids(connection)
            bodies = await catalogue.programmes(connection)
    finally:
        await database.close()
    if Channel.WHATSAPP not in settings.channels_off():
        has_any = bool(sids or settings.given_templates())
        if not sids:
            found.note(f"WhatsApp shows numbered text instead of buttons; for buttons {PROVISION}")
        for fault in await resource_faults(settings, sids, found.note) if has_any else []:
            found.fault(fault)
    return bodies


def script_faults(known: Sequence[Programme], criteria: int = _WALKED) -> Iterator[str]:
    """Walk every script with each programme, and with none, along all its paths, and name the dead ends.

    Only so many *criteria* of each are walked: ways multiply with them, and `programme_faults` looks at them alone.
    """
    for programmes_there in (*((replace(one, criteria=one.criteria[:criteria]),) for one in known), ()):
        programme = programmes_there[0].key if programmes_there else "none"
        desk = Desk(
            now=NOW, today=NOW.date(), name="the clinic", programmes=programmes_there, mails=bool(programmes_there)
        )
        for name in SCRIPTS.keys() - STAFF_SCRIPTS.keys():
            yield from _walked(name, desk, programme, f"with programme {programme}")
    for member in (*MEMBERS, None):
        desk = Desk(now=NOW, today=NOW.date(), name="the clinic", programmes=tuple(known), staff=member)
        for name in STAFF_SCRIPTS:
            yield from _walked(name, desk, "example", "for staff")


def _walked(name: str, desk: Desk, programme: str, how: str) -> Iterator[str]:
    """Walk a script with all the arguments that it may begin with, and name what is wrong on its ways."""
    for args in explore.example_args(name):
        walked = explore.walk(functools.partial(SCRIPTS[name], desk, args), programme)
        yield from (f"script {name} {how}: {end}" for end in walked.dead_ends)
        yield from (f"script {name} {how} begins {one}, which is none" for one in walked.begins - SCRIPTS.keys())


async def run_verify(given: argparse.Namespace, settings: Settings) -> int:
    """Look for breaches of every invariant in the live database; prints JSON counts."""
    database = await open_database(settings)
    try:
        async with database.read() as connection:
            found = await breaches(connection, wall_clock() - timedelta(minutes=1))
    finally:
        await database.close()
    broken = sum(found.values())
    print(json.dumps({"ok": broken == 0, "breaches": found}))
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
