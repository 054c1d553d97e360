"""A move is one change of the same appointment: it moves, or the old place stays (I6)."""

from __future__ import annotations

from datetime import timedelta

from domain.appointments import HOLD, AppointmentId, SlotId, Status
from domain.commands import (
    Booked,
    CancelAppointment,
    Claim,
    Held,
    MoveAppointment,
    Moved,
    NotOpen,
    SlotGone,
    TooLate,
    TooOften,
)
from tests.domain.clinic import Clinic, Someone

NOWHERE = SlotId(999_999)


async def booked(clinic: Clinic, someone: Someone, slot: SlotId) -> Claim:
    found = await clinic.do(someone.book(slot), someone.contact)
    assert isinstance(found, Booked)
    return found.claims[0]


async def move(
    clinic: Clinic, someone: Someone, claim: Claim, slot: SlotId, version: int | None = None
) -> Moved | SlotGone | NotOpen | TooLate | TooOften:
    version = claim.version if version is None else version
    command = MoveAppointment(appointment=claim.id, version=version, slot=slot)
    return await clinic.do(command, someone.contact)


async def places(clinic: Clinic, *slots: SlotId) -> list[int]:
    return [await clinic.taken(slot) for slot in slots]


async def test_a_move_is_the_same_appointment_elsewhere(clinic: Clinic) -> None:
    bath = await clinic.centre("bath", town="Bath")
    old, new = await clinic.slot(1), await clinic.slot(2, centre=bath)
    ana = await clinic.someone()
    before = await booked(clinic, ana, old)
    moved = await move(clinic, ana, before, new)
    assert isinstance(moved, Moved)
    after = moved.claim
    assert (before.id, before.reference, before.version + 1) == (after.id, after.reference, after.version)
    assert (new, "Bath", Status.BOOKED) == (after.slot, after.centre.name, after.status)
    assert [0, 1] == await places(clinic, old, new)
    async with clinic.database.read() as connection:
        caller = await clinic.work(connection).people.caller(ana.contact)
    assert caller.me is not None
    assert bath == caller.me.last_centre
    assert {} == await clinic.broken()


async def test_there_and_back_again(clinic: Clinic) -> None:
    old, new = await clinic.slot(1), await clinic.slot(2)
    ana = await clinic.someone()
    claim = await booked(clinic, ana, old)
    for target in (new, old):
        moved = await move(clinic, ana, claim, target)
        assert isinstance(moved, Moved)
        claim = moved.claim
    assert [1, 0] == await places(clinic, old, new)
    assert {} == await clinic.broken()


async def test_a_move_that_cannot_be_keeps_the_old_place(clinic: Clinic) -> None:
    """To a place that is full, closed, begun, another programme's, or unknown."""
    old, full, closed = await clinic.slot(1), await clinic.slot(2), await clinic.slot(3)
    begun, past, other = await clinic.slot(0), await clinic.slot(-1), await clinic.slot(4, programme="travel")
    ana, ben = await clinic.people(2)
    claim = await booked(clinic, ana, old)
    await booked(clinic, ben, full)
    await clinic.set_status(closed, "busy")
    rows = (("full", full, 2), ("closed", closed, 3), ("begins now", begun, 0), ("past", past, -1),
            ("another programme's", other, 4), ("unknown", NOWHERE, None))  # fmt: skip
    for why, target, in_days in rows:
        starts_at = None if in_days is None else clinic.clock() + timedelta(days=in_days)
        assert SlotGone("1", starts_at) == await move(clinic, ana, claim, target), why
        assert 1 == await clinic.taken(old), why
    assert isinstance(await move(clinic, ana, claim, await clinic.slot(5)), Moved)
    assert {} == await clinic.broken()


async def test_a_move_in_an_old_version_changes_nothing(clinic: Clinic) -> None:
    """What the person saw is not so any more: it was moved meanwhile."""
    first, second, third = [await clinic.slot(day) for day in (1, 2, 3)]
    ana = await clinic.someone()
    seen = await booked(clinic, ana, first)
    assert isinstance(await move(clinic, ana, seen, second), Moved)
    for version in (seen.version, seen.version - 1, seen.version + 2):
        assert NotOpen() == await move(clinic, ana, seen, third, version)
    assert [0, 1, 0] == await places(clinic, first, second, third)


async def test_a_move_to_where_it_is_changes_nothing(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    claim = await booked(clinic, ana, slot)
    assert Moved(claim) == await move(clinic, ana, claim, slot)
    assert 1 == await clinic.taken(slot)


async def test_what_is_not_booked_is_not_moved(clinic: Clinic) -> None:
    old, new = await clinic.slot(1), await clinic.slot(2)
    ana, ben = await clinic.people(2)
    held = await clinic.do(ana.hold(old), ana.contact)
    assert isinstance(held, Held)
    assert NotOpen() == await move(clinic, ana, held.claims[0], new)
    await clinic.do(CancelAppointment(appointment=held.claims[0].id), ana.contact)
    claim = await booked(clinic, ben, old)
    await clinic.do(CancelAppointment(appointment=claim.id), ben.contact)
    assert NotOpen() == await move(clinic, ben, claim, new, claim.version + 1)
    unknown = MoveAppointment(appointment=AppointmentId(999_999), version=1, slot=new)
    assert NotOpen() == await clinic.do(unknown, ben.contact)
    assert [0, 0] == await places(clinic, old, new)


async def test_a_move_frees_a_lapsed_hold_that_is_in_its_way(clinic: Clinic) -> None:
    old, new = await clinic.slot(1), await clinic.slot(2)
    ana, ben = await clinic.people(2)
    claim = await booked(clinic, ana, old)
    await clinic.do(ben.hold(new), ben.contact)
    assert isinstance(await move(clinic, ana, claim, new), SlotGone)
    clinic.clock.move(HOLD)
    assert isinstance(await move(clinic, ana, claim, new), Moved)
    assert [0, 1] == await places(clinic, old, new)
    assert {} == await clinic.broken()


async def test_the_place_that_was_left_can_be_had_by_others(clinic: Clinic) -> None:
    old, new = await clinic.slot(1), await clinic.slot(2)
    ana, ben = await clinic.people(2)
    claim = await booked(clinic, ana, old)
    assert isinstance(await move(clinic, ana, claim, new), Moved)
    await booked(clinic, ben, old)
    assert [1, 1] == await places(clinic, old, new)


async def test_nobody_moves_or_cancels_what_is_somebody_elses(clinic: Clinic) -> None:
    old, new = await clinic.slot(1), await clinic.slot(2)
    ana, ben = await clinic.people(2)
    claim = await booked(clinic, ana, old)
    assert NotOpen() == await move(clinic, ben, claim, new)
    assert NotOpen() == await clinic.do(CancelAppointment(appointment=claim.id), ben.contact)
    assert Status.BOOKED == await clinic.status(claim.id)
    assert [1, 0] == await places(clinic, old, new)


async def test_a_visit_that_is_over_is_not_cancelled(clinic: Clinic) -> None:
    ana = await clinic.someone()
    claim = await booked(clinic, ana, await clinic.slot(1))
    clinic.clock.move(timedelta(days=2))
    assert NotOpen() == await clinic.do(CancelAppointment(appointment=claim.id), ana.contact)
    assert Status.BOOKED == await clinic.status(claim.id)


async def test_a_dose_is_not_moved_out_of_the_days_that_others_leave_it(clinic: Clinic) -> None:
    old, new = await clinic.slot(1), await clinic.slot(9)
    ana = await clinic.someone()
    claim = await booked(clinic, ana, old)
    day = claim.starts_at.date()
    for first, last in ((None, day + timedelta(days=8)), (day + timedelta(days=9), None)):
        command = MoveAppointment(appointment=claim.id, version=claim.version, slot=new, first=first, last=last)
        assert isinstance(await clinic.do(command, ana.contact), SlotGone)
    assert [1, 0] == await places(clinic, old, new)
