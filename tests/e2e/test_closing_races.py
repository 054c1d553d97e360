"""What falls out is settled once, whoever acts at the same moment, and whenever a worker dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest_asyncio

from domain.appointments import SlotId
from domain.commands import MoveAppointment, Moved, NotOpen, SlotGone
from domain.displacements import deadline_of
from domain.staff.closure_commands import CancelByHand, MoveByHand, NoteCall, Noted
from tests.conftest import NOW, Clock
from tests.domain.clinic import together
from tests.e2e.clinic import Clinic, clinic_at_work
from tests.e2e.closing import WEDNESDAY, Day, day_at

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def day(idle: Clinic) -> Day:
    """The small practice, where nothing happens by itself: slots at 9, 10 and 11 of three days from Tuesday on."""
    return await day_at(idle)


async def test_everybody_is_offered_three_places_of_their_own(day: Day) -> None:
    people = await day.book(day.slots[4], 3)
    await day.close()
    assert 0 == await day.held()
    await day.tick()
    assert 9 == await day.held()
    assert ["offered"] * 3 == await day.states()
    for who, visit in people:
        found = await day.offered(who, visit)
        assert 3 == len(found.places)
        assert deadline_of(found.claim.starts_at, NOW) == found.until
        assert all(one.starts_at >= found.until for one in found.places)
    assert [day.slots[4]] * 3 == await day.places()
    assert {} == await day.clinic.breaches()


async def test_a_worker_that_dies_between_leaves_nothing_undone_and_nothing_twice(
    day: Day, database_url: str, clock: Clock
) -> None:
    """The closure is committed; whoever comes next makes the offers, and of several workers one does."""
    await day.book(day.slots[4], 5)
    await day.close()
    async with (
        clinic_at_work(database_url, clock, works=False) as other,
        clinic_at_work(database_url, clock, works=False) as third,
    ):
        await together(other.app.jobs.tick(), third.app.jobs.tick(), day.tick())
        await day.tick()
    assert ["offered"] * 5 == await day.states()
    assert 15 == await day.held()
    assert 5 == await day.clinic.value("SELECT count(*) FROM outbox WHERE appointment_id IS NOT NULL")
    assert {} == await day.clinic.breaches()


async def test_two_answers_at_once_move_the_visit_once(day: Day) -> None:
    ((who, visit),) = await day.book(day.slots[4])
    await day.close()
    await day.tick()
    found = await day.offered(who, visit)
    results = await together(*(day.take(who, visit, one.slot) for one in found.places))
    assert 1 == sum(isinstance(one, Moved) for one in results)
    assert {Moved, NotOpen} == set(map(type, results))
    assert 0 == await day.held()
    (where,) = await day.places()
    assert where in {one.slot for one in found.places}
    assert {} == await day.clinic.breaches()


async def test_two_people_take_and_a_third_books_in_between(day: Day) -> None:
    people = await day.book(day.slots[4], 2)
    await day.close()
    await day.tick()
    offers = [await day.offered(*one) for one in people]
    results = await together(
        *(day.take(*one, found.places[0].slot) for one, found in zip(people, offers, strict=True)),
        day.book(day.slots[0]),
        day.tick(),
    )
    assert [Moved, Moved] == list(map(type, results[:2]))
    assert ["moved", "moved"] == await day.states()
    assert 0 == await day.held()
    assert {} == await day.clinic.breaches()


async def test_an_answer_and_opening_again_leave_one_truth(day: Day) -> None:
    people = await day.book(day.slots[4], 4)
    await day.close()
    await day.tick()
    offers = [await day.offered(*one) for one in people]
    answers = [day.take(*one, found.places[1].slot) for one, found in zip(people, offers, strict=True)]
    *results, _ = await together(*answers, day.open())
    await day.tick()
    places = await day.places()
    for result, found, place in zip(results, offers, places, strict=True):
        assert place == (found.places[1].slot if isinstance(result, Moved) else day.slots[4])
    assert {"moved", "withdrawn"} >= set(await day.states())
    assert 0 == await day.held()
    assert "free" == await day.clinic.value("SELECT status FROM slot WHERE id = :id", id=day.slots[4])
    assert {} == await day.clinic.breaches()


async def test_an_answer_at_the_deadline_counts_or_does_not_and_never_both(day: Day, clock: Clock) -> None:
    people = await day.book(day.slots[4], 4)
    await day.close()
    await day.tick()
    offers = [await day.offered(*one) for one in people]
    clock.now = offers[0].until
    answers = [day.take(*one, found.places[2].slot) for one, found in zip(people, offers, strict=True)]
    *results, _ = await together(*answers, day.tick())
    await day.tick()
    moved = sum(isinstance(one, Moved) for one in results)
    states = await day.states()
    assert (moved, 4 - moved) == (states.count("moved"), states.count("lapsed"))
    assert {Moved, NotOpen, SlotGone} >= set(map(type, results))
    assert moved == len(await day.places())
    assert 4 - moved == await day.clinic.value("SELECT count(*) FROM task WHERE kind = 'displaced' AND state = 'open'")
    assert 0 == await day.held()
    assert {} == await day.clinic.breaches()


async def test_staff_and_the_patient_answer_at_once(day: Day) -> None:
    ((who, visit),) = await day.book(day.slots[4])
    await day.close()
    await day.tick()
    found = await day.offered(who, visit)
    one, other, third = (one.slot for one in found.places)
    results = await together(
        day.take(who, visit, one),
        day.desk.as_staff(MoveByHand(visit, other), day.boss.contact),
        day.desk.as_staff(CancelByHand(visit), day.boss.contact),
        day.desk.as_staff(NoteCall(visit), day.boss.contact),
    )
    assert 1 == sum(isinstance(done, Moved) for done in results[:2]) + isinstance(results[2], Noted)
    assert third not in await day.places()
    assert 0 == await day.held()
    assert {} == await day.clinic.breaches()


async def test_who_moves_in_another_way_gives_the_places_back(day: Day) -> None:
    ((who, visit),) = await day.book(day.slots[4])
    await day.close()
    await day.tick()
    found = await day.offered(who, visit)
    elsewhere = MoveAppointment(appointment=visit, version=found.claim.version, slot=SlotId(day.slots[8]))
    assert isinstance(await day.desk.as_turn(elsewhere, who.contact), Moved)
    await day.tick()
    assert ["moved"] == await day.states()
    assert 0 == await day.held()


async def test_closing_while_somebody_books_leaves_nobody_behind(day: Day) -> None:
    """Whoever got a place before the closure is asked, whoever comes after it gets none."""
    people = await day.desk.people(8)
    bookings = [day.desk.do(who.book(day.slots[3 + number % 3]), who.contact) for number, who in enumerate(people)]
    async with asyncio.timeout(60):
        await together(*bookings[:4], day.close(), *bookings[4:])
    booked = await day.clinic.value("SELECT count(*) FROM appointment WHERE status = 'booked'")
    assert booked == len(await day.states())
    await day.tick()
    assert ["offered"] * booked == await day.states()
    assert {} == await day.clinic.breaches()


async def test_what_was_closed_once_more_is_offered_once_more(day: Day) -> None:
    ((who, visit),) = await day.book(day.slots[4])
    await day.close()
    await day.tick()
    await day.open()
    await day.close()
    await day.tick()
    await day.tick()
    assert ["withdrawn", "offered"] == await day.states()
    assert 3 == await day.held()
    assert isinstance(await day.take(who, visit, (await day.offered(who, visit)).places[0].slot), Moved)
    assert {} == await day.clinic.breaches()


async def test_no_place_is_offered_in_what_is_closed(day: Day) -> None:
    ((who, visit),) = await day.book(day.slots[4])
    await day.close(type(WEDNESDAY)(start=WEDNESDAY.start, until=WEDNESDAY.until + DAY))
    await day.tick()
    found = await day.offered(who, visit)
    assert {day.slots[1], day.slots[2]} == {one.slot for one in found.places}
