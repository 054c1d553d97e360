"""Stock as staff and lists tell of it: lots that come, are used or lost, are counted, or are only said to be there.

What stands is written only where it differs, and every change of a lot is a movement that stays. Whoever loses doses
that are promised gets a task that proposes whom to move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centre_rows import RefusedRow, lack
from domain.feed_rows import CountRow, StockRow
from domain.store.shortfalls import look_at_promises
from domain.store.statements import insert_into
from domain.store.tables import allocation, appointment, centre, lot, slot, stock, stock_day, stock_movement

DELIVERY, USED, LOSS, CORRECTION = "delivery", "used", "loss", "correction"
_NUMBER_AGAIN = 500  # centres or lots that are looked up in one statement


class StockError(ValueError):
    """What is told of stock cannot be so; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Telling:
    """When and by whom it is told."""

    now: datetime
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A lot at a centre, by the centre's id."""

    centre: int
    product: str
    number: str


async def move(
    connection: AsyncConnection,
    of: Lot,
    kind: str,
    doses: int,
    telling: Telling,
    *,
    expires_on: date | None = None,
) -> int:
    """Record a movement of *doses*, negative where they are gone; return how many are on hand then.

    StockError: the lot is not known and no *expires_on* is told, it is told otherwise than before, or it has fewer.
    """
    found = await _lots(connection, [of])
    row = found.get(of)
    if row is None:
        if expires_on is None or doses < 0:
            raise StockError(f"there is no lot {of.number} of {of.product} there; its first movement is a delivery")
        await _add_lots(connection, [(of, expires_on)])
        row = (await _lots(connection, [of]))[of]
    elif expires_on is not None and expires_on != row.expires_on:
        raise StockError(f"lot {of.number} of {of.product} expires on {row.expires_on}, as told before")
    if row.on_hand + doses < 0:
        raise StockError(f"lot {of.number} of {of.product} has only {row.on_hand} doses")
    await _write_movements(connection, [(row.id, kind, doses)], telling)
    await look_at_promises(connection, {(of.centre, of.product)}, telling.now)
    return int(row.on_hand + doses)


async def keep_counts(
    connection: AsyncConnection, rows: Sequence[CountRow], telling: Telling
) -> tuple[Counter[str], list[RefusedRow]]:
    """Write what was counted on hand of each lot; return what became of the rows, and those that were refused.

    A row becomes "added", "changed" or "same". What was promised for days before today at a centre is in its count.
    """
    centres = await centres_called(connection, {row.centre for row in rows})
    refused = [
        lack("There is no one centre with the key or the name {name}.", name=row.centre).refused(
            line=row.line, key=row.centre
        )
        for row in rows
        if row.centre not in centres
    ]
    counted = {
        Lot(centre=centres[row.centre].id, product=row.product, number=row.lot): row
        for row in rows
        if row.centre in centres
    }
    before = await _lots(connection, counted)
    wrong = [of for of, row in counted.items() if of in before and before[of].expires_on != row.expires_on]
    for of in wrong:
        row = counted.pop(of)
        told = lack("Its lot expires on {day}, as told before.", day=before[of].expires_on)
        refused.append(told.refused(line=row.line, key=row.centre))
    became = {of: _became(before.get(of), row) for of, row in counted.items()}
    await _add_lots(connection, [(of, row.expires_on) for of, row in counted.items() if became[of] == "added"])
    after = await _lots(connection, counted)
    differing = [(of, row.doses - after[of].on_hand) for of, row in counted.items() if row.doses != after[of].on_hand]
    movements = [(after[of].id, DELIVERY if became[of] == "added" else CORRECTION, doses) for of, doses in differing]
    await _write_movements(connection, movements, telling)
    zones = {found.id: found.tz for found in centres.values()}
    await _counted_on(connection, {(of.centre, of.product): _today(zones[of.centre], telling) for of in counted})
    await look_at_promises(connection, {(of.centre, of.product) for of, _ in differing}, telling.now)
    return Counter(became.values()), refused


async def keep_reports(connection: AsyncConnection, rows: Sequence[StockRow], products: Mapping[str, str]) -> int:
    """Write what centres, by key, are said to have where no lots of theirs are counted; return how many rows are kept.

    *products* are the keys of products by code; a product that no programme names is known by its code. Where a centre
    has one of several codes of a product in stock, it has the product.
    """
    centres = await centres_called(connection, {row.centre for row in rows})
    told: dict[tuple[int, str], bool] = {}
    for row in rows:
        if row.centre in centres:
            where = centres[row.centre].id, products.get(row.ndc, row.ndc.casefold())
            told[where] = told.get(where, False) or row.in_stock
    counted = select(lot.c.id).where(lot.c.centre_id == bindparam("_centre"), lot.c.product == bindparam("_product"))
    kept = insert_into(connection, stock).on_conflict_do_nothing()
    if told:
        await connection.execute(kept, [{"centre_id": place, "product": product} for place, product in told])
        await connection.execute(
            update(stock)
            .where(
                stock.c.centre_id == bindparam("_centre"),
                stock.c.product == bindparam("_product"),
                stock.c.reported.is_distinct_from(bindparam("_has")),
                ~counted.exists(),
            )
            .values(reported=bindparam("_has")),
            [{"_centre": place, "_product": product, "_has": has} for (place, product), has in told.items()],
        )
    return sum(row.centre in centres for row in rows)


async def allocate(
    connection: AsyncConnection, place: int, product: str, group: str, doses: int, release_at: datetime | None
) -> None:
    """Keep so many doses for a priority group, those promised to it included, until *release_at* where it is given."""
    await _begin(connection, place, product)
    claims = (
        select(func.count())
        .select_from(appointment)
        .join(slot, appointment.c.slot_id == slot.c.id)
        .where(
            slot.c.centre_id == place,
            appointment.c.product == product,
            appointment.c.priority_group == group,
            appointment.c.status.in_(["pending", "booked", "arrived"]),
        )
    )
    promised = (await connection.execute(claims)).scalar_one()
    values = {
        "centre_id": place,
        "product": product,
        "group_key": group,
        "quantity": doses,
        "promised": promised,
        "release_at": release_at,
        "is_released": False,
    }
    kept = insert_into(connection, allocation)
    changed = {name: kept.excluded[name] for name in ("quantity", "promised", "release_at", "is_released")}
    await connection.execute(
        kept.on_conflict_do_update(index_elements=["centre_id", "product", "group_key"], set_=changed), values
    )


async def call_low(connection: AsyncConnection, place: int, product: str, doses: int | None) -> None:
    """Say from how few doses on a centre keeps all of them for priority groups; None: as the programme says."""
    await _begin(connection, place, product)
    mine = stock.c.centre_id == place, stock.c.product == product
    await connection.execute(update(stock).where(*mine).values(low=doses))


async def at(connection: AsyncConnection, place: int) -> list[dict[str, Any]]:
    """Return of each product at a centre what is on hand and promised, its lots with doses, and what is kept."""
    rows = (await connection.execute(select(stock).where(stock.c.centre_id == place).order_by(stock.c.product))).all()
    lots = (await connection.execute(select(lot).where(lot.c.centre_id == place, lot.c.on_hand > 0))).all()
    days = (await connection.execute(select(stock_day).where(stock_day.c.centre_id == place))).all()
    kept = (await connection.execute(select(allocation).where(allocation.c.centre_id == place))).all()
    return [
        {
            "product": row.product,
            "reported": row.reported,
            "counted_on": row.counted_on,
            "low": row.low,
            "on_hand": sum(one.on_hand for one in lots if one.product == row.product),
            "promised": sum(one.promised for one in days if one.product == row.product),
            "lots": [
                {"number": one.number, "expires_on": one.expires_on, "on_hand": one.on_hand}
                for one in sorted(lots, key=lambda one: (one.expires_on, one.number))
                if one.product == row.product
            ],
            "kept": [
                {"group": one.group_key, "doses": max(0, one.quantity - one.promised), "until": one.release_at}
                for one in kept
                if one.product == row.product and not one.is_released
            ],
        }
        for row in rows
    ]


async def release_allocations(connection: AsyncConnection, now: datetime) -> int:
    """Give everybody what was kept for groups until *now*; return how many allocations."""
    over = update(allocation).where(~allocation.c.is_released, allocation.c.release_at <= now).values(is_released=True)
    return (await connection.execute(over)).rowcount


async def centres_called(connection: AsyncConnection, names: Iterable[str]) -> dict[str, Any]:
    """Return the centres (id, key, name, tz) whose key, or else whose name that no other has, is among *names*."""
    wanted = sorted(names)
    found: dict[str, Any] = {}
    for column in (centre.c.name, centre.c.key):  # the key last, since it counts for more
        for start in range(0, len(wanted), _NUMBER_AGAIN):
            some = column.in_(wanted[start : start + _NUMBER_AGAIN])
            rows = (
                await connection.execute(select(centre.c.id, centre.c.key, centre.c.name, centre.c.tz).where(some))
            ).all()
            times = Counter(row._mapping[column.name] for row in rows)
            found |= {row._mapping[column.name]: row for row in rows if times[row._mapping[column.name]] == 1}
    return found


async def _begin(connection: AsyncConnection, place: int, product: str) -> None:
    """Have a row of stock, and lock it."""
    row = {"centre_id": place, "product": product}
    await connection.execute(insert_into(connection, stock).on_conflict_do_nothing(), row)
    mine = select(stock.c.product).where(stock.c.centre_id == place, stock.c.product == product)
    await connection.execute(mine.with_for_update())


async def _lots(connection: AsyncConnection, wanted: Iterable[Lot]) -> dict[Lot, Any]:
    """Return the lots that stand, among *wanted*."""
    numbers: dict[int, None] = dict.fromkeys(of.centre for of in wanted)
    found: dict[Lot, Any] = {}
    places = list(numbers)
    for start in range(0, len(places), _NUMBER_AGAIN):
        some = lot.c.centre_id.in_(places[start : start + _NUMBER_AGAIN])
        for row in await connection.execute(select(lot).where(some)):
            found[Lot(centre=row.centre_id, product=row.product, number=row.number)] = row
    return found


def _became(before: Any, row: CountRow) -> str:
    if before is None:
        return "added"
    return "same" if before.on_hand == row.doses else "changed"


async def _add_lots(connection: AsyncConnection, lots: Sequence[tuple[Lot, date]]) -> None:
    if lots:
        rows = [
            {"centre_id": of.centre, "product": of.product, "number": of.number, "expires_on": expires_on}
            for of, expires_on in lots
        ]
        await connection.execute(insert(lot), rows)


async def _write_movements(
    connection: AsyncConnection, movements: Sequence[tuple[int, str, int]], telling: Telling
) -> None:
    rows = [
        {"lot_id": one, "kind": kind, "quantity": doses, "at": telling.now, "actor": telling.actor}
        for one, kind, doses in movements
        if doses
    ]
    if rows:
        await connection.execute(insert(stock_movement), rows)


async def _counted_on(connection: AsyncConnection, days: Mapping[tuple[int, str], date]) -> None:
    rows = [{"_centre": place, "_product": product, "_day": day} for (place, product), day in days.items()]
    if rows:
        mine = stock.c.centre_id == bindparam("_centre"), stock.c.product == bindparam("_product")
        is_new = stock.c.counted_on.is_distinct_from(bindparam("_day"))
        await connection.execute(update(stock).where(*mine, is_new).values(counted_on=bindparam("_day")), rows)


def _today(tz: str, telling: Telling) -> date:
    return telling.now.astimezone(ZoneInfo(tz)).date()
