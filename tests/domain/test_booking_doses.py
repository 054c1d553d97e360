"""A place is booked with its dose: shown while there is one, never promised twice, given back, moved along."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from domain.appointments import SlotId
from domain.centres import CentreId, Position
from domain.commands import (
    Booked,
    BookSlots,
    CancelAppointment,
    Claim,
    FindFollowUp,
    Held,
    HoldSlots,
    MoveAppointment,
    Moved,
    NoSlot,
    SlotFound,
    SlotGone,
)
from domain.priority import Reserve, Terms
from domain.store import stocktaking, tables
from domain.store.stocktaking import DELIVERY, LOSS, Lot, Telling
from tests.conftest import NOW
from tests.domain.clinic import Clinic, Someone, together

HERE = Position(51.5, -2.5)
TODAY = NOW.date()
DAY = timedelta(days=1)
FLU = Terms(products=("flu-standard",))
COVID = Terms(products=("comirnaty", "spikevax"), same_product=True)
PAIR = replace(COVID, doses=2)


async def centre_of(clinic: Clinic) -> int:
    async with clinic.database.read() as connection:
        return int((await connection.execute(select(tables.centre.c.id).limit(1))).scalar_one())


async def stock(
    clinic: Clinic, doses: int, product: str = "flu-standard", *, number: str = "A1", good_for: int = 30, **where: int
) -> None:
    """Record that doses came, or were lost, at the harbour or where it is said."""
    place = where.get("centre") or await centre_of(clinic)
    kind = DELIVERY if doses >= 0 else LOSS
    expires = TODAY + good_for * DAY if doses >= 0 else None
    async with clinic.database.begin() as connection:
        telling = Telling(clinic.clock(), "hand")
        of = Lot(centre=place, product=product, number=number)
        await stocktaking.move(connection, of, kind, doses, telling, expires_on=expires)


async def seen(clinic: Clinic, terms: Terms = FLU) -> list[SlotId]:
    """Return the slots that somebody on *terms* is shown at the harbour; it is among the centres if there are any."""
    until = clinic.clock() + timedelta(days=60)
    async with clinic.database.read() as connection:
        work = clinic.work(connection)
        centre = CentreId(int((await connection.execute(select(tables.centre.c.id).limit(1))).scalar_one()))
        found = await work.appointments.free_slots(centre, "flu", clinic.clock(), until, 99, terms=terms)
        for position in (HERE, Position(-40.0, 170.0), None):
            near = await work.centres.centres_near(
                "flu", position, start=clinic.clock(), until=until, limit=5, offset=0, terms=terms
            )
            assert bool(found) == (centre in [one.id for one, _ in near]), position
        return [slot.id for slot in found]


def book(someone: Someone, *slots: SlotId, terms: Terms = FLU) -> BookSlots:
    return replace(someone.book(*slots), terms=terms)


def hold(someone: Someone, *slots: SlotId, terms: Terms = FLU) -> HoldSlots:
    return replace(someone.hold(*slots), terms=terms)


async def booked(clinic: Clinic, slot: SlotId, terms: Terms = FLU) -> tuple[Someone, Claim]:
    someone = await clinic.someone()
    found = await clinic.do(book(someone, slot, terms=terms), someone.contact)
    assert isinstance(found, Booked), found
    return someone, found.claims[0]


async def column(clinic: Clinic, query: str) -> list[Any]:
    async with clinic.database.read() as connection:
        return list((await connection.execute(text(query))).scalars())


async def test_until_stock_is_recorded_anywhere_doses_are_not_counted(clinic: Clinic) -> None:
    slot = await clinic.slot(1, capacity=2)
    assert [slot] == await seen(clinic)
    _, claim = await booked(clinic, slot)
    assert claim.product is None
    pier = await clinic.centre("pier", lat=10.0)
    await stock(clinic, 5, centre=pier)
    assert [] == await seen(clinic), "the pier counts, so the harbour has none"


async def test_a_centre_without_doses_offers_nothing_and_a_delivery_brings_its_slots_back(clinic: Clinic) -> None:
    soon, later = await clinic.slot(1, capacity=9), await clinic.slot(5, capacity=9)
    await stock(clinic, 1)
    assert [soon, later] == await seen(clinic)
    _, claim = await booked(clinic, later)
    assert "flu-standard" == claim.product
    assert [] == await seen(clinic)
    late = await clinic.someone()
    assert isinstance(await clinic.do(hold(late, soon), late.contact), SlotGone)
    await stock(clinic, 1, number="B2", good_for=2)
    assert [soon] == await seen(clinic), "the new lot does not last until the later slot"
    assert isinstance(await clinic.do(hold(late, later), late.contact), SlotGone)
    assert isinstance(await clinic.do(hold(late, soon), late.contact), Held)
    assert {} == await clinic.broken()


async def test_a_dose_comes_back_when_a_visit_is_cancelled_or_a_hold_lapses(clinic: Clinic) -> None:
    slot = await clinic.slot(3, capacity=9)
    await stock(clinic, 1)
    ana, claim = await booked(clinic, slot)
    await clinic.do(CancelAppointment(appointment=claim.id), ana.contact)
    assert [slot] == await seen(clinic)
    ben, cy = await clinic.people(2)
    assert isinstance(await clinic.do(hold(ben, slot), ben.contact), Held)
    assert [] == await seen(clinic)
    clinic.clock.move(timedelta(minutes=11))
    assert isinstance(await clinic.do(hold(cy, slot), cy.contact), Held), "who wants it frees what lapsed"
    assert {} == await clinic.broken()


async def test_the_last_dose_moves_along_with_its_visit(clinic: Clinic) -> None:
    slots = [await clinic.slot(day, capacity=9) for day in (3, 1, 5, 40)]
    await stock(clinic, 1)
    ana, claim = await booked(clinic, slots[0])
    own = replace(FLU, own=claim.id)
    assert [] == await seen(clinic)
    assert [slots[1], slots[0], slots[2]] == await seen(clinic, own), "their own dose is free for them"
    for slot in (slots[2], slots[1]):
        move = MoveAppointment(appointment=claim.id, version=claim.version, slot=slot, terms=own)
        moved = await clinic.do(move, ana.contact)
        assert isinstance(moved, Moved)
        claim = moved.claim
    after_expiry = MoveAppointment(appointment=claim.id, version=claim.version, slot=slots[3], terms=own)
    assert isinstance(await clinic.do(after_expiry, ana.contact), SlotGone)
    assert [1] == await column(clinic, "SELECT sum(promised) FROM stock_day")
    assert {} == await clinic.broken()


async def test_a_visit_booked_before_doses_were_counted_takes_one_when_it_moves(clinic: Clinic) -> None:
    old, new = await clinic.slot(1), await clinic.slot(2)
    ana, claim = await booked(clinic, old)
    await stock(clinic, 1)
    move = MoveAppointment(appointment=claim.id, version=claim.version, slot=new, terms=replace(FLU, own=claim.id))
    moved = await clinic.do(move, ana.contact)
    assert isinstance(moved, Moved)
    assert "flu-standard" == moved.claim.product
    assert [] == await seen(clinic)


async def test_a_pair_is_of_one_product_and_both_doses_are_there(clinic: Clinic) -> None:
    first, second = await clinic.slot(1, capacity=9), await clinic.slot(22, capacity=9)
    await stock(clinic, 1, "comirnaty")
    await stock(clinic, 1, "spikevax", number="S1")
    assert [] == await seen(clinic, PAIR), "one dose of each is no pair"
    ana = await clinic.someone()
    assert isinstance(await clinic.do(hold(ana, first, second, terms=PAIR), ana.contact), SlotGone)
    assert {1} == set(await column(clinic, "SELECT spare FROM stock_span"))
    await stock(clinic, 1, "spikevax", number="S2", good_for=22)
    assert [first, second] == await seen(clinic, PAIR)
    held = await clinic.do(hold(ana, first, second, terms=PAIR), ana.contact)
    assert isinstance(held, Held)
    assert ["spikevax", "spikevax"] == [claim.product for claim in held.claims]
    assert [first, second] == await seen(clinic, COVID)
    assert {} == await clinic.broken()


async def test_a_second_dose_is_sought_only_where_the_product_of_the_first_lasts(clinic: Clinic) -> None:
    first, second = await clinic.slot(1, capacity=9), await clinic.slot(22, capacity=9)
    await stock(clinic, 2, "comirnaty", good_for=10)
    await stock(clinic, 1, "spikevax", number="S1", good_for=60)
    ana = await clinic.someone()
    find = FindFollowUp(slot=first, after_days=21, before_days=85, terms=PAIR)
    assert isinstance(await clinic.do(find, ana.contact), NoSlot)
    await stock(clinic, 1, "comirnaty", number="A2", good_for=60)
    assert isinstance(await clinic.do(find, ana.contact), SlotFound)
    held = await clinic.do(hold(ana, first, second, terms=PAIR), ana.contact)
    assert isinstance(held, Held)
    assert ["comirnaty", "comirnaty"] == [claim.product for claim in held.claims]


async def test_a_later_dose_is_of_the_product_of_the_first(clinic: Clinic) -> None:
    first, second = await clinic.slot(1, capacity=9), await clinic.slot(22, capacity=9)
    await stock(clinic, 9, "spikevax", number="S1")
    ana = await clinic.someone()
    done = await clinic.do(book(ana, first, terms=COVID), ana.contact)
    assert isinstance(done, Booked)
    await stock(clinic, 9, "comirnaty")
    later = replace(ana.hold(second), wanted=(replace(ana.hold(second).wanted[0], dose="2"),), terms=COVID)
    held = await clinic.do(later, ana.contact)
    assert isinstance(held, Held)
    assert {"spikevax"} == {claim.product for claim in held.claims}


async def test_low_stock_is_for_priority_groups_until_shortly_before(clinic: Clinic) -> None:
    slot = await clinic.slot(5, capacity=9)
    await stock(clinic, 3)
    pensioner = replace(FLU, reserve=Reserve(low_stock=2, release=timedelta(hours=48)))
    nurse = replace(pensioner, groups=("health",))
    await booked(clinic, slot, pensioner)
    assert [] == await seen(clinic, pensioner)
    assert [slot] == await seen(clinic, nurse)
    ana = await clinic.someone()
    assert isinstance(await clinic.do(hold(ana, slot, terms=pensioner), ana.contact), SlotGone)
    await booked(clinic, slot, nurse)
    clinic.clock.move(timedelta(days=3))
    assert [slot] == await seen(clinic, pensioner), "what nobody of a group wanted is open to all now"
    await booked(clinic, slot, pensioner)
    assert {} == await clinic.broken()


async def test_an_allocation_is_for_its_group_until_it_is_released(clinic: Clinic) -> None:
    slot = await clinic.slot(5, capacity=9)
    await stock(clinic, 3)
    place = await centre_of(clinic)
    nurse, teacher = replace(FLU, groups=("health",)), replace(FLU, groups=("schools",))
    await booked(clinic, slot, nurse)
    async with clinic.database.begin() as connection:
        await stocktaking.allocate(connection, place, "flu-standard", "health", 2, NOW + DAY)
    assert [1] == await column(clinic, "SELECT promised FROM allocation"), "the nurse's is one of the two"
    await booked(clinic, slot, teacher)
    assert ([], []) == (await seen(clinic), await seen(clinic, teacher))
    ana = await clinic.someone()
    assert isinstance(await clinic.do(hold(ana, slot, terms=teacher), ana.contact), SlotGone)
    assert [slot] == await seen(clinic, nurse)
    for later, released in ((timedelta(hours=23), 0), (timedelta(hours=1), 1), (timedelta(0), 0)):
        clinic.clock.move(later)
        async with clinic.database.begin() as connection:
            assert released == await stocktaking.release_allocations(connection, clinic.clock())
    await booked(clinic, slot, teacher)
    assert {} == await clinic.broken()


async def test_the_database_itself_refuses_another_groups_dose(clinic: Clinic) -> None:
    """Whoever writes past the handlers is refused too (I5)."""
    slot = await clinic.slot(5, capacity=9)
    await stock(clinic, 2)
    place = await centre_of(clinic)
    ana, claim = await booked(clinic, slot, replace(FLU, groups=("schools",)))
    async with clinic.database.begin() as connection:
        await stocktaking.allocate(connection, place, "flu-standard", "health", 2, None)
    await clinic.do(CancelAppointment(appointment=claim.id), ana.contact)
    again = f"UPDATE appointment SET status = 'booked', version = version + 1 WHERE id = {claim.id}"
    with pytest.raises(IntegrityError, match="promised already"):
        async with clinic.database.begin() as connection:
            await connection.execute(text(again))


async def test_a_broken_fridge_is_recorded_and_staff_are_told_whom_to_move(clinic: Clinic) -> None:
    slot = await clinic.slot(5, capacity=9)
    await stock(clinic, 4)
    _, nurse = await booked(clinic, slot, replace(FLU, groups=("health",)))
    clinic.clock.move(timedelta(minutes=1))
    _, first = await booked(clinic, slot)
    clinic.clock.move(timedelta(minutes=1))
    _, last = await booked(clinic, slot)
    await stock(clinic, -2)
    (note,) = await notes(clinic, "open")
    assert "1 doses of flu-standard fewer than it promised. Proposed to be moved" in note
    assert (True, False, False) == tuple(one.reference in note for one in (last, first, nurse))
    await stock(clinic, -2)
    (note,) = await notes(clinic, "open")
    assert [last.reference, first.reference, nurse.reference] == note.split(": ")[1].rstrip(".").split(", ")
    assert [] == await seen(clinic)
    await stock(clinic, 3, number="B2")
    assert ([], 1) == (await notes(clinic, "open"), len(await notes(clinic, "done")))
    assert {} == await clinic.broken()


async def notes(clinic: Clinic, state: str) -> list[str]:
    async with clinic.database.read() as connection:
        wanted = select(tables.task.c.note).where(tables.task.c.kind == "stock-shortfall", tables.task.c.state == state)
        return list((await connection.execute(wanted)).scalars())


async def test_sixty_people_reach_for_five_doses_in_several_slots(clinic: Clinic) -> None:
    slots = [await clinic.slot(day, capacity=40) for day in (1, 2, 3)]
    await stock(clinic, 3)
    await stock(clinic, 2, number="B2", good_for=2)
    people = await clinic.people(60)
    wishes = [clinic.do(hold(one, slots[number % 3]), one.contact) for number, one in enumerate(people)]
    results = await together(*wishes)
    assert {Held: 5, SlotGone: 55} == Counter(map(type, results))
    assert [5] == await column(clinic, "SELECT sum(promised) FROM stock_day")
    assert [] == await seen(clinic)
    assert {} == await clinic.broken()


async def test_pairs_and_cancellings_and_deliveries_at_once_leave_all_counts_true(clinic: Clinic) -> None:
    slots = [await clinic.slot(day, capacity=40) for day in (1, 2, 22, 23)]
    await stock(clinic, 12, "comirnaty")
    await stock(clinic, 8, "spikevax", number="S1")
    people = await clinic.people(24)

    async def wants(number: int) -> str:
        one = people[number]
        found = await clinic.do(hold(one, slots[number % 2], slots[2 + number % 2], terms=PAIR), one.contact)
        if isinstance(found, Held) and number % 3 == 0:
            for claim in found.claims:
                await clinic.do(CancelAppointment(appointment=claim.id), one.contact)
            return "cancelled"
        return "held" if isinstance(found, Held) else "gone"

    deliveries = [stock(clinic, 1, "comirnaty", number=f"N{n}") for n in range(3)]
    sweeps = [clinic.sweep() for _ in range(3)]
    await together(*(wants(n) for n in range(24)), *deliveries, *sweeps)
    on_hand = {
        row: await column(clinic, f"SELECT sum(on_hand) FROM lot WHERE product = '{row}'") for row in COVID.products
    }
    for product, (doses,) in on_hand.items():
        (promised,) = await column(
            clinic, f"SELECT coalesce(sum(promised), 0) FROM stock_day WHERE product = '{product}'"
        )
        assert 0 < promised <= doses, product
    assert {} == await clinic.broken()
