"""Places kept for priority groups: not seen and not had by others, until the time at which they are released."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import select

from domain.appointments import SlotId
from domain.centres import Position
from domain.commands import Booked, BookSlots, Held, MoveAppointment, SlotGone
from domain.priority import ANYBODY, Reserve, Terms
from domain.schedules import Opening, WeeklyRule
from domain.store import appointments, catalogue, publishing, tables
from tests.conftest import NOW, STAMP
from tests.domain.clinic import Clinic, Someone, together, write_centre

HERE = Position(51.5, -2.5)
NURSE = Terms(groups=("health",))


async def seen(clinic: Clinic, *, has_priority: bool) -> list[SlotId]:
    """Return the slots that such a person is shown at the harbour."""
    async with clinic.database.read() as connection:
        centre = (await connection.execute(select(tables.centre.c.id))).scalar_one()
        until = NOW + timedelta(days=30)
        work = clinic.work(connection)
        found = await work.appointments.free_slots(
            centre, "flu", NOW, until, 9, terms=NURSE if has_priority else ANYBODY
        )
        near = await work.centres.centres_near(
            "flu", HERE, start=NOW, until=until, limit=5, offset=0, terms=NURSE if has_priority else ANYBODY
        )
        assert bool(found) == bool(near), "a centre is offered when one of its slots is"
        return [slot.id for slot in found]


def priority_to(someone: Someone, slot: SlotId) -> BookSlots:
    return replace(someone.book(slot), terms=NURSE)


async def test_the_last_places_are_neither_seen_nor_had_by_others(clinic: Clinic) -> None:
    slot = await clinic.slot(3, capacity=4, reserve=1)
    *public, nurse = await clinic.people(5)
    results = [await clinic.do(one.book(slot), one.contact) for one in public]
    assert [Booked, Booked, Booked, SlotGone] == [type(result) for result in results]
    assert [] == await seen(clinic, has_priority=False)
    assert [slot] == await seen(clinic, has_priority=True)
    assert isinstance(await clinic.do(priority_to(nurse, slot), nurse.contact), Booked)
    assert 4 == await clinic.taken(slot)


async def test_what_is_kept_can_be_had_by_all_once_it_is_released(clinic: Clinic) -> None:
    slot = await clinic.slot(3, capacity=1, reserve=1, release_at=NOW + timedelta(days=1))
    ana = await clinic.someone()
    assert isinstance(await clinic.do(ana.hold(slot), ana.contact), SlotGone)
    for later, released in ((timedelta(hours=23), 0), (timedelta(hours=1), 1), (timedelta(0), 0)):
        clinic.clock.move(later)
        async with clinic.database.begin() as connection:
            assert released == await appointments.release_reserves(connection, clinic.clock())
    assert isinstance(await clinic.do(ana.hold(slot), ana.contact), Held)


async def test_nobody_moves_to_a_place_that_is_kept_for_others(clinic: Clinic) -> None:
    old, kept = await clinic.slot(1), await clinic.slot(2, capacity=1, reserve=1)
    ana = await clinic.someone()
    booked = await clinic.do(ana.book(old), ana.contact)
    assert isinstance(booked, Booked)
    (claim,) = booked.claims
    move = MoveAppointment(appointment=claim.id, version=claim.version, slot=kept)
    assert isinstance(await clinic.do(move, ana.contact), SlotGone)
    assert [1, 0] == [await clinic.taken(old), await clinic.taken(kept)]


async def test_kept_places_hold_out_against_many_at_once(clinic: Clinic) -> None:
    slot = await clinic.slot(3, capacity=8, reserve=2)
    people = await clinic.people(40)
    results = await together(*(clinic.do(one.hold(slot), one.contact) for one in people))
    assert {Held: 6, SlotGone: 34} == Counter(map(type, results))
    nurses = await clinic.people(4)
    more = await together(*(clinic.do(priority_to(one, slot), one.contact) for one in nurses))
    assert {Booked: 2, SlotGone: 2} == Counter(map(type, more))
    assert {} == await clinic.broken()


async def test_publishing_keeps_the_share_that_the_programme_says_unless_the_centre_says_otherwise(
    clinic: Clinic,
) -> None:
    monday = date(2027, 3, 8)
    rule = WeeklyRule(
        weekday=0, opening=Opening(start=time(9), until=time(10)), slot_length=timedelta(minutes=30), capacity=8
    )
    for policy, reserve in ((None, 2), ({"share": 50}, 4), ({"share": 0}, 0)):
        async with clinic.database.begin() as connection:
            centre = await write_centre(connection, f"c{reserve}")
            body = {"key": "flu", "title": "Flu", "reserve": {"share": 25, "release_hours": 24}}
            await catalogue.keep_programme(connection, body, STAMP)
            await catalogue.keep_schedule(connection, centre_id=centre, programme_key="flu", rules=(rule,))
            mine = tables.schedule.c.centre_id == centre
            await connection.execute(tables.schedule.update().where(mine).values(policy=policy))
            (schedule,) = [one for one in await catalogue.schedules(connection) if one.centre_id == centre]
            assert 2 == await publishing.publish(connection, schedule, start=monday, until=monday + timedelta(days=1))
            table = tables.slot
            rows = (await connection.execute(select(table).where(table.c.centre_id == centre))).all()
        assert {(8, reserve)} == {(row.capacity, row.reserve) for row in rows}
        kept_for = {row.starts_at - row.release_at for row in rows if row.release_at}
        assert kept_for == ({timedelta(hours=24)} if reserve else set())


def test_the_last_quarter_is_rounded_down_to_whole_places() -> None:
    reserve = Reserve(share=25)
    assert {1: 0, 3: 0, 4: 1, 6: 1, 8: 2, 10: 2, 100: 25} == {
        capacity: reserve.places(capacity) for capacity in (1, 3, 4, 6, 8, 10, 100)
    }
