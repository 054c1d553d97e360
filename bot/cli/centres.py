"""The command that imports centres, and what lists and feeds say of their stock and slots."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import open_database, wall_clock
from bot.cli import json_option, whole_number
from bot.cli.import_summary import Summary
from bot.cli.progress import Progress
from bot.settings import Settings
from bot.shipped import shipped_programmes
from domain.centre_files import CentreFileError, count_lines, read_centre_file
from domain.centre_rows import CentreRow
from domain.feed_rows import CountRow, Row, StockRow
from domain.schedules import Opening, WeeklyRule
from domain.smart_feed import Feed
from domain.store import bulk_centres, catalogue, stocktaking
from domain.store.bulk_centres import ListedCentre
from domain.store.database import Connection
from domain.store.stamp import Stamp

_BATCH = 1_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    kinds = ".csv, .ndjson, .json or .yaml, each also .gz; of a feed its locations, schedules and slots in this order"
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=kinds)
    json_option(parser)
    parser.add_argument("--list-unread", action="store_true", help="print all hours that could not be read")
    parser.add_argument("--minutes", type=whole_number, default=30, help="length of a slot (default 30)")
    parser.add_argument("--places", type=whole_number, default=6, help="places in a slot (default 6)")


@dataclass(frozen=True, slots=True)
class _Import:
    """An import under way: into which programmes, with what slots, and what became of it so far."""

    connection: Connection
    programmes: list[str]
    products: Mapping[str, str]
    length: timedelta
    places: int
    summary: Summary

    async def keep(self, batch: list[Row], file: Path) -> None:
        """Write one batch of *file*: its centres first, then what others of its rows say of them."""
        for row in batch:
            if isinstance(row, CountRow):
                raise CentreFileError(file, "it is a list of stock", "take it with: frontdesk import stock FILE")
            self.summary.note(row, file.name)
        listed = [self._listed(row) for row in batch if isinstance(row, CentreRow)]
        if listed:
            became = await bulk_centres.keep_centres(self.connection, listed, self.programmes)
            self.summary.became.update(became)
        reported = [row for row in batch if isinstance(row, StockRow)]
        if reported:
            kept = await stocktaking.keep_reports(self.connection, reported, self.products)
            self.summary.counts["stored"] += kept

    def _listed(self, row: CentreRow) -> ListedCentre:
        return ListedCentre(
            columns=_columns(row),
            rules=_rules(row, self.length, self.places),
            valid_from=row.open_from,
            valid_until=row.open_until + timedelta(days=1) if row.open_until else None,
        )


async def run_import_centres(given: argparse.Namespace, settings: Settings) -> int:
    """Import centres with their opening hours: all that can be read, or nothing where a file is broken."""
    if given.minutes < 5 or given.places < 1:
        print("frontdesk import centres: --minutes must be 5 or more, --places 1 or more.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    summary, feed = Summary([path.name for path in given.files]), Feed()
    try:
        async with database.begin() as connection:
            keys = await _programmes_to_offer(connection, summary)
            products = await catalogue.products_by_code(connection)
            length = timedelta(minutes=given.minutes)
            under_way = _Import(connection, keys, products, length, given.places, summary)
            for path in given.files:
                for batch in batches(path, feed):
                    await under_way.keep(batch, path)
            if summary.is_refused_whole():
                raise _AllRefusedError  # so that nothing is left behind
    except _AllRefusedError:
        _report(summary, given)
        print("frontdesk import centres: every row was refused. Nothing was imported.", file=sys.stderr)
        return 1
    except CentreFileError as problem:
        print(f"frontdesk import centres: {problem} Nothing was imported.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    _report(summary, given)
    return 0


class _AllRefusedError(Exception):
    """No row of the files can be taken."""


def batches(path: Path, feed: Feed) -> Iterator[list[Row]]:
    """Yield the rows of *path* in lists of bounded length, and show on a terminal how far it is."""
    total = count_lines(path) if sys.stderr.isatty() else 0
    with Progress(path.name, total, sys.stderr) as at_line:
        rows = read_centre_file(path, feed, at_line)
        while batch := list(itertools.islice(rows, _BATCH)):
            yield batch


async def _programmes_to_offer(connection: Connection, summary: Summary) -> list[str]:
    """Return the programmes that the centres offer; the first shipped one where there is none yet."""
    bodies = await catalogue.programmes(connection)
    if not bodies:
        bodies = [next(iter(shipped_programmes().values()))]
        await catalogue.keep_programme(connection, bodies[0], Stamp(now=wall_clock(), actor="import"))
        summary.counts["shipped programmes"] += 1
    return [body["key"] for body in bodies]


def _columns(row: CentreRow) -> dict[str, Any]:
    names = (
        "key",
        "name",
        "address",
        "town",
        "postcode",
        "country",
        "lat",
        "lon",
        "tz",
        "professionals_only",
        "step_free",
    )
    notes = row.access_notes if len(row.access_notes.split()) > 2 else ""  # "yes" alone tells nobody anything
    return {**{name: getattr(row, name) for name in names}, "access_notes": notes, "active": row.is_public}


def _rules(row: CentreRow, length: timedelta, places: int) -> list[WeeklyRule]:
    return [
        WeeklyRule(weekday=weekday, opening=Opening(start=start, until=until), slot_length=length, capacity=places)
        for weekday, spans in enumerate(row.hours)
        for start, until in spans
    ]


def _report(summary: Summary, given: argparse.Namespace) -> None:
    if given.json:
        print(json.dumps(summary.as_json(), ensure_ascii=False))
        return
    for line in summary.in_words(all_unread=given.list_unread):
        print(line)
    print("To offer places: frontdesk slots publish --until DATE.")
