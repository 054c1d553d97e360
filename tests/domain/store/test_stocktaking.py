"""What lists tell of stock: counts of lots and reports without a number, written where they differ."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.feed_rows import CountRow, StockRow
from domain.store import stocktaking, tables
from domain.store.stocktaking import DELIVERY, LOSS, USED, Lot, StockError, Telling
from tests.conftest import NOW
from tests.domain.clinic import Clinic
from tests.domain.test_booking_doses import booked, column, seen

TODAY = NOW.date()
DAY = timedelta(days=1)
GOOD = TODAY + 30 * DAY


def count(doses: int, centre: str = "harbour", lot: str = "A1", expires_on: date = GOOD) -> CountRow:
    return CountRow(line=2, centre=centre, product="flu-standard", lot=lot, expires_on=expires_on, doses=doses)


def report(*, in_stock: bool, ndc: str = "59267-1000-01", centre: str = "harbour") -> StockRow:
    return StockRow(
        centre=centre, ndc=ndc, name="Vaccine", in_stock=in_stock, supply_level=None, as_of=TODAY, min_age_months=None
    )


async def keep(clinic: Clinic, *rows: CountRow) -> tuple[dict[str, int], list[str]]:
    async with clinic.database.begin() as connection:
        became, refused = await stocktaking.keep_counts(connection, rows, Telling(clinic.clock(), "import"))
    return dict(became), [row.why for row in refused]


async def movements(clinic: Clinic) -> list[tuple[Any, ...]]:
    table = tables.stock_movement
    async with clinic.database.read() as connection:
        found = await connection.execute(select(table.c.kind, table.c.quantity).order_by(table.c.id))
        return [tuple(row) for row in found]


async def test_counts_are_written_where_they_differ(clinic: Clinic) -> None:
    await clinic.centre()
    assert ({"added": 2}, []) == await keep(clinic, count(5), count(3, lot="B2"))
    assert ({"same": 1, "changed": 1}, []) == await keep(clinic, count(5), count(1, lot="B2"))
    assert ({"same": 2}, []) == await keep(clinic, count(5), count(1, lot="B2"))
    assert [("delivery", 5), ("delivery", 3), ("correction", -2)] == await movements(clinic)
    assert {} == await clinic.broken()


async def test_a_row_that_cannot_be_is_refused_and_the_others_are_kept(clinic: Clinic) -> None:
    await clinic.centre()
    await clinic.centre("pier", name="Twin")
    await clinic.centre("mole", name="Twin")
    await keep(clinic, count(5))
    rows = count(9, expires_on=GOOD + DAY), count(1, "nowhere"), count(1, "Twin"), count(4, "Harbour", "C3")
    assert (
        {"added": 1},
        [
            "There is no one centre with the key or the name nowhere.",
            "There is no one centre with the key or the name Twin.",
            f"Its lot expires on {GOOD}, as told before.",
        ],
    ) == await keep(clinic, *rows)
    assert [5, 4] == await column(clinic, "SELECT on_hand FROM lot ORDER BY number")


async def test_what_was_promised_before_a_count_is_in_it(clinic: Clinic) -> None:
    """Else every visit that nobody closed would count as a dose used, beside the count that has it missing."""
    yesterday, tomorrow = await clinic.slot(1, capacity=9), await clinic.slot(4, capacity=9)
    await keep(clinic, count(2))
    await booked(clinic, yesterday)
    clinic.clock.move(2 * DAY)
    await keep(clinic, count(1))
    assert [tomorrow] == await seen(clinic)
    await booked(clinic, tomorrow)
    assert [] == await seen(clinic)
    assert [] == await column(clinic, "SELECT kind FROM task")
    assert {} == await clinic.broken()


async def test_a_count_below_what_is_promised_opens_a_task(clinic: Clinic) -> None:
    slot = await clinic.slot(4, capacity=9)
    await keep(clinic, count(2))
    await booked(clinic, slot)
    await keep(clinic, count(0))
    assert ["stock-shortfall"] == await column(clinic, "SELECT kind FROM task WHERE state = 'open'")


async def test_what_is_told_without_a_number_opens_and_closes_a_centre(clinic: Clinic) -> None:
    slot = await clinic.slot(2, capacity=9)
    codes = {"59267-1000-01": "flu-standard", "59267-1025-01": "flu-standard"}

    async def told(*rows: StockRow) -> int:
        async with clinic.database.begin() as connection:
            return await stocktaking.keep_reports(connection, rows, codes)

    assert 1 == await told(report(in_stock=False), report(in_stock=True, centre="nowhere"))
    assert [] == await seen(clinic)
    assert 2 == await told(report(in_stock=False), report(in_stock=True, ndc="59267-1025-01"))
    assert [slot] == await seen(clinic)
    _, claim = await booked(clinic, slot)
    assert "flu-standard" == claim.product
    assert [slot] == await seen(clinic), "nobody knows how many there are"
    await keep(clinic, count(1))
    assert [] == await seen(clinic), "a lot that is counted counts for more: its one dose is promised"
    await told(report(in_stock=True))
    assert [] == await seen(clinic)
    assert {} == await clinic.broken()


async def test_a_product_that_no_programme_names_is_known_by_its_code(clinic: Clinic) -> None:
    await clinic.centre()
    async with clinic.database.begin() as connection:
        await stocktaking.keep_reports(connection, [report(in_stock=True, ndc="00069-2025-01")], {})
    assert ["00069-2025-01"] == await column(clinic, "SELECT product FROM stock")


async def test_movements_are_refused_when_they_cannot_be(clinic: Clinic) -> None:
    place = await clinic.centre()
    of, telling = Lot(centre=place, product="flu-standard", number="A1"), Telling(NOW, "hand")

    async def move(kind: str, doses: int, expires_on: date | None = None) -> int:
        async with clinic.database.begin() as connection:
            return await stocktaking.move(connection, of, kind, doses, telling, expires_on=expires_on)

    for kind, doses, expires_on, why in (
        (LOSS, -1, None, "there is no lot A1"),
        (DELIVERY, 4, None, "there is no lot A1"),
    ):
        with pytest.raises(StockError, match=why):
            await move(kind, doses, expires_on)
    assert 4 == await move(DELIVERY, 4, GOOD)
    assert 6 == await move(DELIVERY, 2)
    assert 5 == await move(USED, -1)
    with pytest.raises(StockError, match="has only 5 doses"):
        await move(LOSS, -6)
    with pytest.raises(StockError, match=f"expires on {GOOD}"):
        await move(DELIVERY, 1, GOOD + DAY)
    assert [("delivery", 4), ("delivery", 2), ("used", -1)] == await movements(clinic)
