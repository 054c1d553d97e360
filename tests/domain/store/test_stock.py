"""Doses on hand and promised, as the database itself keeps them: no promise that stock cannot keep (I5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.appointments import SlotId
from domain.store.database import Connection
from tests.conftest import NOW
from tests.domain.clinic import Clinic, Someone, together
from tests.domain.store.by_hand import insert, refusal, run, update

TODAY = NOW.date()
DAY = timedelta(days=1)
VACCINE = "comirnaty"
CENTRE = "(SELECT id FROM centre)"


async def deliver(connection: Connection, doses: int, good_for: int, number: str = "A1") -> None:
    """Put *doses* of a lot that is good for so many days into the harbour's fridge."""
    values = {"product": VACCINE, "number": number, "last": TODAY + good_for * DAY}
    await run(
        connection,
        f"""INSERT INTO stock (centre_id, product) VALUES ({CENTRE}, :product) ON CONFLICT DO NOTHING""",
        product=VACCINE,
    )
    await run(
        connection,
        f"""INSERT INTO lot (centre_id, product, number, expires_on)
        VALUES ({CENTRE}, :product, :number, :last) ON CONFLICT DO NOTHING""",
        **{**values, "last": _day(connection, values["last"])},
    )
    await move(connection, "delivery", doses, number)


async def move(connection: Connection, kind: str, quantity: int, number: str = "A1") -> None:
    await run(
        connection,
        """INSERT INTO stock_movement (lot_id, kind, quantity, at, actor)
        VALUES ((SELECT id FROM lot WHERE number = :number), :kind, :quantity, :now, 'hand')""",
        number=number,
        kind=kind,
        quantity=quantity,
    )


def _day(connection: Connection, day: object) -> object:
    assert isinstance(day, date)
    return day.isoformat() if connection.dialect.name == "sqlite" else day


async def promise(connection: Connection, who: Someone, slot: SlotId, in_days: int) -> int:
    """Book a place and a dose with it."""
    booked = await insert(connection, who, slot)
    day = _day(connection, TODAY + in_days * DAY)
    await update(connection, booked, "product = :product, product_day = :day", product=VACCINE, day=day)
    return booked


async def promised(connection: Connection) -> int:
    return int((await run(connection, "SELECT coalesce(sum(promised), 0) FROM stock_day")).scalar_one())


@dataclass(frozen=True, slots=True)
class Case:
    """Lots as (doses, good for so many days), promises by day, and how many of them can be kept."""

    why: str
    lots: tuple[tuple[int, int], ...]
    days: tuple[int, ...]
    kept: int


CASES = (
    Case("as many as there are", ((2, 30),), (1, 1, 1), 2),
    Case("not after the last day that it is good", ((2, 3),), (4, 3), 1),
    Case("two lots, each while it is good", ((1, 3), (1, 30)), (20, 20, 3, 3), 2),
    Case("a late promise takes the late lot, so that an early one still has the other", ((1, 3), (1, 30)), (20, 3), 2),
    Case("an early promise does not take what a late one was promised", ((1, 30),), (20, 3), 1),
    Case("nothing there", (), (1,), 0),
)


@pytest.mark.parametrize("case", CASES, ids=[case.why for case in CASES])
async def test_a_dose_is_promised_only_if_all_promises_can_be_kept(clinic: Clinic, case: Case) -> None:
    slot = await clinic.slot(1, capacity=9)
    people = await clinic.people(len(case.days))
    async with clinic.database.begin() as connection:
        for number, (doses, good_for) in enumerate(case.lots):
            await deliver(connection, doses, good_for, f"A{number}")
    kept = 0
    for who, in_days in zip(people, case.days, strict=True):
        try:
            async with clinic.database.begin() as connection:
                await promise(connection, who, slot, in_days)
            kept += 1
        except IntegrityError:
            pass
    assert case.kept == kept
    async with clinic.database.read() as connection:
        assert kept == await promised(connection)
    assert {} == await clinic.broken()


async def test_cancelling_gives_the_dose_back_and_moving_takes_it_along(clinic: Clinic) -> None:
    slot, later = await clinic.slot(1, capacity=9), await clinic.slot(2, capacity=9)
    ana, ben = await clinic.people(2)
    async with clinic.database.begin() as connection:
        await deliver(connection, 1, 30)
        booked = await promise(connection, ana, slot, 1)
        day = _day(connection, TODAY + 2 * DAY)
        await update(connection, booked, "slot_id = :other, product_day = :day", other=later, day=day)
        assert 1 == await promised(connection)
        await update(connection, booked, "status = 'cancelled'")
        assert 0 == await promised(connection)
        await promise(connection, ben, slot, 1)
    assert {} == await clinic.broken()


async def test_a_loss_is_recorded_always_and_stands_in_the_way_of_new_promises_only(clinic: Clinic) -> None:
    slot = await clinic.slot(1, capacity=9)
    ana, ben = await clinic.people(2)
    async with clinic.database.begin() as connection:
        await deliver(connection, 2, 30)
        await promise(connection, ana, slot, 1)
        await move(connection, "loss", -2)
        assert 1 == await promised(connection)
    with pytest.raises(IntegrityError):
        async with clinic.database.begin() as connection:
            await promise(connection, ben, slot, 1)
    async with clinic.database.begin() as connection:
        assert "on_hand" in await refusal(
            connection,
            "INSERT INTO stock_movement (lot_id, kind, quantity, at, actor)"
            " VALUES ((SELECT id FROM lot), 'loss', -1, :now, 'hand')",
        )
    assert {} == await clinic.broken()


async def test_movements_stay_as_they_were_written(clinic: Clinic) -> None:
    await clinic.slot(1)
    async with clinic.database.begin() as connection:
        await deliver(connection, 2, 30)
        for statement in ("UPDATE stock_movement SET quantity = 9", "DELETE FROM stock_movement"):
            assert await refusal(connection, statement)


async def test_sixty_want_five_doses_in_several_slots_at_once(clinic: Clinic) -> None:
    slots = [await clinic.slot(day, capacity=40) for day in (1, 2, 3)]
    people = await clinic.people(60)
    async with clinic.database.begin() as connection:
        await deliver(connection, 5, 30)

    async def wants(number: int) -> str:
        try:
            async with clinic.database.begin() as connection:
                await promise(connection, people[number], slots[number % 3], 1 + number % 3)
        except IntegrityError:
            return "refused"
        return "promised"

    results = await together(*map(wants, range(60)))
    assert {"promised": 5, "refused": 55} == Counter(results)
    assert {} == await clinic.broken()
