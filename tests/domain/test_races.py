"""Many at once: places are never given twice or lost, and nobody deadlocks, each client in its own transaction."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.appointments import HOLD, SlotId, Status
from domain.commands import AlreadyBooked, Booked, CancelAppointment, Claim, Held, MoveAppointment, Moved, SlotGone
from domain.patients import Channel
from domain.schedules import Opening, WeeklyRule
from domain.store import catalogue, conversations, publishing, tables
from tests.conftest import STAMP
from tests.domain.clinic import Clinic, Someone, together

MONDAY = date(2027, 3, 8)
POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


async def booked(clinic: Clinic, someone: Someone, *slots: SlotId) -> Claim:
    found = await clinic.do(someone.book(*slots), someone.contact)
    assert isinstance(found, Booked)
    return found.claims[0]


async def statuses(clinic: Clinic) -> Counter[str]:
    async with clinic.database.read() as connection:
        return Counter((await connection.execute(select(tables.appointment.c.status))).scalars())


async def test_sixty_want_one_of_five_places(clinic: Clinic) -> None:
    slot = await clinic.slot(capacity=5)
    people = await clinic.people(60)
    results = await together(*(clinic.do(one.hold(slot), one.contact) for one in people))
    gone = SlotGone("1", clinic.clock() + timedelta(days=1))
    assert (5, 55) == (sum(isinstance(found, Held) for found in results), results.count(gone))
    assert 5 == await clinic.taken(slot)
    assert {} == await clinic.broken()


async def test_forty_move_between_two_places_that_are_nearly_full(clinic: Clinic) -> None:
    """Each is moved or stays: nobody loses a place, and nobody waits for ever for somebody who waits for them."""
    one, two = await clinic.slot(1, capacity=21), await clinic.slot(2, capacity=21)
    people = await clinic.people(40)
    claims = [await booked(clinic, who, one if n % 2 else two) for n, who in enumerate(people)]
    moves = [
        MoveAppointment(appointment=claim.id, version=claim.version, slot=two if claim.slot == one else one)
        for claim in claims
    ]
    results = await together(*(clinic.do(move, who.contact) for who, move in zip(people, moves, strict=True)))
    assert {Moved, SlotGone} >= set(map(type, results))
    assert sum(isinstance(found, Moved) for found in results) >= 2
    assert {Status.BOOKED: 40} == await statuses(clinic)
    assert 40 == await clinic.taken(one) + await clinic.taken(two)
    assert {} == await clinic.broken()


async def test_pairs_of_doses_wanted_crosswise(clinic: Clinic) -> None:
    """Half of them want the places in one order and half in the other: each gets both or none."""
    one, two = await clinic.slot(1, capacity=6), await clinic.slot(22, capacity=4)
    people = await clinic.people(24)
    wanted = [(one, two) if n % 2 else (two, one) for n in range(len(people))]
    pairs = zip(people, wanted, strict=True)
    results = await together(*(clinic.do(who.hold(*slots), who.contact) for who, slots in pairs))
    assert 4 == sum(isinstance(found, Held) for found in results)
    assert (4, 4) == (await clinic.taken(one), await clinic.taken(two))
    assert {} == await clinic.broken()


async def test_lapsed_holds_wanted_swept_booked_and_let_go_at_once(clinic: Clinic) -> None:
    slots = [await clinic.slot(day, capacity=3) for day in range(1, 5)]
    owners, others = await clinic.people(12), await clinic.people(12)
    holds: list[Claim] = []
    for n, who in enumerate(owners):
        found = await clinic.do(who.hold(slots[n % 4]), who.contact)
        assert isinstance(found, Held)
        holds += found.claims
    clinic.clock.move(HOLD)
    books = [clinic.do(who.book(slots[n % 4]), who.contact) for n, who in enumerate(owners) if n % 3 == 0]
    lets_go = [
        clinic.do(CancelAppointment(appointment=hold.id), who.contact)
        for n, (who, hold) in enumerate(zip(owners, holds, strict=True))
        if n % 3 == 1
    ]
    wants = [clinic.do(who.hold(slots[-n % 4]), who.contact) for n, who in enumerate(others)]
    sweeps = [clinic.sweep() for _ in range(4)]
    mixed = [one for group in zip(books, lets_go, wants, sweeps, strict=False) for one in group]
    await together(*mixed, *wants[4:])
    await clinic.sweep()
    assert {} == await clinic.broken()
    assert {Status.PENDING, Status.BOOKED, Status.CANCELLED} >= set(await statuses(clinic))


async def test_slots_published_again_in_the_midst_of_bookings(clinic: Clinic) -> None:
    """Those that stand keep their id and what is taken of them (I10)."""
    centre = await clinic.centre()
    opening = Opening(start=time(9), until=time(11))
    rule = WeeklyRule(weekday=0, opening=opening, slot_length=timedelta(minutes=30), capacity=6)
    async with clinic.database.begin() as connection:
        await catalogue.keep_programme(connection, {"key": "flu"}, STAMP)
        await catalogue.keep_schedule(connection, centre_id=centre, programme_key="flu", rules=[rule])
        (schedule,) = await catalogue.schedules(connection)

    async def publish(weeks: int) -> int:
        async with clinic.database.begin() as connection:
            until = MONDAY + timedelta(weeks=weeks)
            return await publishing.publish(connection, schedule, start=MONDAY, until=until)

    async def book(who: Someone, slot: SlotId) -> int:
        return int(isinstance(await clinic.do(who.book(slot), who.contact), Booked))

    assert 4 == await publish(1)
    before = await ids(clinic)
    people = await clinic.people(30)
    bookings = [book(who, before[n % 4]) for n, who in enumerate(people)]
    weeks = [publish(3 if number == 50 else 1 + number % 2) for number in range(100)]
    done = await together(
        *(one for number, again in enumerate(weeks) for one in (*bookings[number : number + 1], again))
    )
    assert 24 == sum(done[0:60:2])
    after = await ids(clinic)
    assert (before, 12) == (after[:4], len(after))
    assert [6, 6, 6, 6] == [await clinic.taken(slot) for slot in before]
    assert {} == await clinic.broken()


async def ids(clinic: Clinic) -> list[SlotId]:
    async with clinic.database.read() as connection:
        found = await connection.execute(select(tables.slot.c.id).order_by(tables.slot.c.starts_at))
        return [SlotId(one) for one in found.scalars()]


async def test_one_person_on_two_channels_books_once(clinic: Clinic) -> None:
    """The database refuses the second claim; tried again, as a turn is, it finds the first."""
    first, second = await clinic.slot(1), await clinic.slot(2)
    ana = await clinic.someone()
    async with clinic.database.begin() as connection:
        opened = await conversations.open_by_address(
            connection, secret=clinic.database.index_secret, channel=Channel.TELEGRAM, address="77", now=clinic.clock()
        )
        own = tables.contact.update().where(tables.contact.c.id == opened.contact)
        await connection.execute(own.values(patient_id=ana.patient))
    again = Someone(opened.contact, ana.patient)

    async def book(who: Someone, slot: SlotId) -> object:
        try:
            return await clinic.do(who.book(slot), who.contact)
        except IntegrityError:
            return await clinic.do(who.book(slot), who.contact)

    results = await together(book(ana, first), book(again, second))
    assert {Booked, AlreadyBooked} == set(map(type, results))
    assert 1 == await clinic.taken(first) + await clinic.taken(second)
    assert {} == await clinic.broken()


# ---- who waits for whom, where rows are locked


@POSTGRESQL
async def test_the_sweeper_passes_by_a_place_that_somebody_has_locked(clinic: Clinic) -> None:
    """It would deadlock with them, who free the hold themselves; what else lapsed it frees."""
    locked, other = await clinic.slot(1), await clinic.slot(2)
    ana, ben = await clinic.people(2)
    await clinic.do(ana.hold(locked), ana.contact)
    await clinic.do(ben.hold(other), ben.contact)
    clinic.clock.move(HOLD)
    async with asyncio.timeout(10), clinic.database.begin() as connection:
        work = clinic.work(connection)
        await work.appointments.lock_slots([locked])
        assert 1 == await clinic.sweep()
        assert 1 == await work.appointments.release_lapsed(clinic.clock(), locked)
    assert {} == await clinic.broken()


@POSTGRESQL
async def test_a_hold_that_its_owner_is_about_to_change_is_not_freed_by_others(clinic: Clinic) -> None:
    slot, (ana, ben) = await clinic.slot(), await clinic.people(2)
    held = await clinic.do(ana.hold(slot), ana.contact)
    assert isinstance(held, Held)
    clinic.clock.move(HOLD)
    async with asyncio.timeout(10), clinic.database.begin() as connection:
        work = clinic.work(connection)
        assert await work.appointments.appointment(held.claims[0].id, ana.contact)
        assert isinstance(await clinic.do(ben.hold(slot), ben.contact), SlotGone)
        await work.appointments.change(held.claims[0].id, status=Status.BOOKED)
    assert 1 == await clinic.taken(slot)
    assert {} == await clinic.broken()
