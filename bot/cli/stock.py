"""Commands about stock: lists of what is in the fridges, movements, and what is kept for priority groups."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, day, json_option, whole_number
from bot.cli.centres import batches
from bot.cli.import_summary import Summary
from bot.settings import Settings
from domain.centre_files import CentreFileError
from domain.feed_rows import CountRow, Row, StockRow
from domain.smart_feed import Feed
from domain.store import catalogue, stocktaking
from domain.store.database import Connection
from domain.store.stocktaking import Lot, StockError, Telling

_LEAVES = (stocktaking.USED, stocktaking.LOSS)


class _RefusedError(Exception):
    """The command cannot be carried out; the message says why."""


# ---- lists


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    columns = "centre, product, lot, expires_on, doses; or the list of Vaccines.gov"
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=f".csv, .ndjson, .json, .yaml: {columns}")
    json_option(parser)


async def run_import_stock(given: argparse.Namespace, settings: Settings) -> int:
    """Import what centres have on hand: all that can be read, or nothing where a file is broken."""
    database = await open_database(settings)
    summary, telling = Summary([path.name for path in given.files]), Telling(wall_clock(), "import")
    try:
        async with database.begin() as connection:
            products = await catalogue.products_by_code(connection)
            for path in given.files:
                for batch in batches(path, Feed()):
                    await _keep(connection, batch, path.name, summary, products, telling)
            if summary.is_refused_whole():
                raise _RefusedError("every row was refused.")
    except (CentreFileError, _RefusedError) as problem:
        if isinstance(problem, _RefusedError):
            _report(summary, given)
        print(f"frontdesk import stock: {problem} Nothing was imported.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    _report(summary, given)
    return 0


async def _keep(
    connection: Connection,
    batch: list[Row],
    file: str,
    summary: Summary,
    products: dict[str, str],
    telling: Telling,
) -> None:
    counts = [row for row in batch if isinstance(row, CountRow)]
    became, refused = await stocktaking.keep_counts(connection, counts, telling) if counts else (Counter[str](), [])
    summary.became.update(became)
    not_kept = {row.line for row in refused}
    for row in batch:
        if not (isinstance(row, CountRow) and row.line in not_kept):
            summary.note(row, file)
    for row in refused:
        summary.note(row, file)
    reports = [row for row in batch if isinstance(row, StockRow)]
    if reports:
        summary.counts["stored"] += await stocktaking.keep_reports(connection, reports, products)


def _report(summary: Summary, given: argparse.Namespace) -> None:
    counts, became = summary.counts, summary.became
    if given.json:
        print(
            json.dumps(
                {
                    "read": counts["counts"] + counts["stock"],
                    **{one: became[one] for one in ("added", "changed", "same")},
                    "reports": {"rows": counts["stock"], "kept": counts["stored"], "products": len(summary.products)},
                    "refused_rows": sum(one["rows"] for one in summary.refused()),
                    "refused": summary.refused(),
                },
                ensure_ascii=False,
            )
        )
        return
    if counts["counts"]:
        print(
            f"Read {counts['counts']:,} counts of lots: {became['added']} new, {became['changed']} changed,"
            f" {became['same']} as before."
        )
    for line in summary.of_stock_in_words():
        print(line)


# ---- one centre


def _centre_option(parser: argparse.ArgumentParser, *, product: bool = True) -> None:
    parser.add_argument("--centre", required=True, metavar="C", help="a centre's key or name")
    if product:
        parser.add_argument("--product", required=True, metavar="P", help="a product's key")


def _move_arguments(parser: argparse.ArgumentParser) -> None:
    _centre_option(parser)
    parser.add_argument("--lot", required=True, metavar="NUMBER", help="the number on the box")
    kinds = [stocktaking.DELIVERY, *_LEAVES]
    parser.add_argument("--kind", required=True, choices=kinds, help="what happened")
    parser.add_argument("--doses", required=True, type=whole_number, metavar="N", help="how many doses")
    parser.add_argument("--expires", type=day, metavar="DATE", help="the last good day, of a new lot")
    json_option(parser)


async def run_stock_move(given: argparse.Namespace, settings: Settings) -> int:
    """Record that doses came, were used or were lost."""
    database = await open_database(settings)
    doses = -given.doses if given.kind in _LEAVES else given.doses
    try:
        async with database.begin() as connection:
            place = await _centre(connection, given.centre)
            of = Lot(centre=place, product=given.product, number=given.lot)
            telling = Telling(wall_clock(), "command")
            on_hand = await stocktaking.move(connection, of, given.kind, doses, telling, expires_on=given.expires)
    except (StockError, _RefusedError) as problem:
        print(f"frontdesk stock move: {problem}. Nothing was recorded.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(json.dumps({"on_hand": on_hand}) if given.json else f"Lot {given.lot} has {on_hand} doses now.")
    return 0


def _keep_arguments(parser: argparse.ArgumentParser) -> None:
    _centre_option(parser)
    parser.add_argument("--group", metavar="G", help="the key of a priority group")
    parser.add_argument("--doses", type=whole_number, metavar="N", help="how many doses are kept for that group")
    parser.add_argument(
        "--until", type=day, metavar="DATE", help="the first day (UTC) on which everybody may have them"
    )
    parser.add_argument(
        "--low", type=whole_number, metavar="N", help="with no more than N doses all are kept for the groups"
    )
    parser.add_argument("--low-as-programme", action="store_true", help="call stock low as the programme says")


async def run_stock_keep(given: argparse.Namespace, settings: Settings) -> int:
    """Keep doses of a centre for priority groups: a number for one, or all where stock is low."""
    if (given.group is None) != (given.doses is None) or not (
        given.group or given.low is not None or given.low_as_programme
    ):
        print("frontdesk stock keep: give --group and --doses, or --low, or --low-as-programme.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            place = await _centre(connection, given.centre)
            if given.group:
                await _check_group(connection, given.product, given.group)
                until = datetime.combine(given.until, time(0), tzinfo=UTC) if given.until else None
                await stocktaking.allocate(connection, place, given.product, given.group, given.doses, until)
            if given.low is not None or given.low_as_programme:
                await stocktaking.call_low(connection, place, given.product, given.low)
    except _RefusedError as problem:
        print(f"frontdesk stock keep: {problem}. Nothing was changed.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print("Kept.")
    return 0


async def _check_group(connection: Connection, product: str, group: str) -> None:
    with_product = [one for one in await catalogue.programmes(connection) if product in (one.get("products") or [])]
    groups = sorted({key for one in with_product for key in (one.get("groups") or {})})
    if group not in groups:
        raise _RefusedError(
            f"no programme with {product} has a group {group!r}; known are {', '.join(groups) or 'none'}"
        )


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    _centre_option(parser, product=False)
    json_option(parser)


async def run_stock_show(given: argparse.Namespace, settings: Settings) -> int:
    """Show what a centre has on hand, has promised and can still promise."""
    database = await open_database(settings)
    try:
        async with database.read() as connection:
            found = await stocktaking.at(connection, await _centre(connection, given.centre))
    except _RefusedError as problem:
        print(f"frontdesk stock show: {problem}.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    if given.json:
        print(json.dumps(found, default=str))
        return 0
    for one in found:
        said = {None: "", True: ", said to be there", False: ", said to be none"}[one["reported"]]
        print(f"{one['product']}: {one['on_hand']} on hand, {one['promised']} promised{said}")
        for lot in one["lots"]:
            print(f"  lot {lot['number']}: {lot['on_hand']} doses, good until {lot['expires_on']}")
        for kept in one["kept"]:
            print(f"  kept for {kept['group']}: {kept['doses']}")
    if not found:
        print("No stock is recorded there.")
    return 0


async def _centre(connection: Connection, called: str) -> int:
    found = await stocktaking.centres_called(connection, [called])
    if called not in found:
        raise _RefusedError(f"there is no one centre with the key or the name {called}")
    return int(found[called].id)


COMMANDS = (
    CommandLine(
        name="import stock", does="Import what centres have on hand.", run=run_import_stock, arguments=_import_arguments
    ),
    CommandLine(
        name="stock move",
        does="Record that doses came, were used or were lost.",
        run=run_stock_move,
        arguments=_move_arguments,
    ),
    CommandLine(
        name="stock keep", does="Keep doses for priority groups.", run=run_stock_keep, arguments=_keep_arguments
    ),
    CommandLine(
        name="stock show",
        does="Show what a centre has, has promised and can promise.",
        run=run_stock_show,
        arguments=_show_arguments,
    ),
)
