"""The command that imports practitioners with their hours."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.app import open_database
from bot.cli import CommandLine, json_option
from bot.settings import Settings
from domain.centre_files import CentreFileError, read_cells
from domain.centre_rows import RefusedRow, lack
from domain.practitioner_rows import COLUMNS, PractitionerRow, practitioner_row, refuse_overlaps
from domain.store import catalogue, practitioners, stocktaking
from domain.store.database import Connection
from domain.store.practitioners import ADDED, CHANGED, SAME, Known

_NOT_PLAIN = lack("It is not one plain value for each column.")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=f".csv, .yaml or .json: {', '.join(COLUMNS)}")
    json_option(parser)


async def run_import(given: argparse.Namespace, settings: Settings) -> int:
    """Import practitioners: all that can be read, or nothing where the file is broken or every row is refused."""
    database = await open_database(settings)
    became: Counter[str] = Counter()
    try:
        rows = list(refuse_overlaps(_read(given.file)))
        async with database.begin() as connection:
            refused = await _keep(connection, rows, became)
            if not became:
                raise _AllRefusedError
    except _AllRefusedError:
        _report(became, refused, given)
        print("frontdesk import practitioners: every row was refused. Nothing was imported.", file=sys.stderr)
        return 1
    except CentreFileError as problem:
        print(f"frontdesk import practitioners: {problem} Nothing was imported.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    _report(became, refused, given)
    return 0


class _AllRefusedError(Exception):
    """No row of the file can be taken."""


def _read(path: Path) -> Iterator[PractitionerRow | RefusedRow]:
    for line, cells in read_cells(path):
        yield _NOT_PLAIN.refused(line=line, key="") if cells is None else practitioner_row(cells, line)


async def _keep(
    connection: Connection, rows: list[PractitionerRow | RefusedRow], became: Counter[str]
) -> list[RefusedRow]:
    """Write what can be; return what cannot."""
    refused = [row for row in rows if isinstance(row, RefusedRow)]
    good = [row for row in rows if isinstance(row, PractitionerRow)]
    names = {row.centre for row in good if row.centre}
    known = Known(
        centres=await stocktaking.centres_called(connection, names),
        programmes=frozenset(body["key"] for body in await catalogue.programmes(connection)),
    )
    lacking = {row.line: wrong for row in good if (wrong := known.lacks(row)) is not None}
    refused += lacking.values()
    for own in practitioners.by_key(row for row in good if row.line not in lacking).values():
        done, wrong_days = await practitioners.keep(connection, own, known)
        refused += wrong_days
        if len(wrong_days) < len(own):
            became[done] += 1
    return sorted(refused, key=lambda row: row.line)


def _report(became: Counter[str], refused: list[RefusedRow], given: argparse.Namespace) -> None:
    if given.json:
        rows = [{"line": row.line, "key": row.key, "name": row.name, "why": row.why} for row in refused]
        counts = {one: became[one] for one in (ADDED, CHANGED, SAME)}
        print(json.dumps({"read": became.total(), **counts, "refused": rows}, ensure_ascii=False))
        return
    what = f"{became[ADDED]} new, {became[CHANGED]} changed, {became[SAME]} as before"
    print(f"Read {became.total()} practitioners: {what}.")
    for row in refused:
        print(f"  refused line {row.line} ({row.key}): {row.why}")
    print("To offer their places: frontdesk slots publish --until DATE.")


COMMANDS = (
    CommandLine(
        name="import practitioners",
        does="Import practitioners with their hours.",
        run=run_import,
        arguments=_arguments,
    ),
)
