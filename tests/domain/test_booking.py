"""Places are held, booked, given up and cancelled by the handlers over the real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.appointments import HOLD, AppointmentId, SlotId, Status
from domain.commands import (
    AlreadyBooked,
    Booked,
    CancelAppointment,
    Cancelled,
    DoseSlot,
    Held,
    HoldSlots,
    NotOpen,
    SlotGone,
)
from domain.store.appointments import by_reference
from tests.domain.clinic import Clinic, Someone

NOWHERE = SlotId(999_999)
A_MINUTE = timedelta(minutes=1)


async def held(clinic: Clinic, someone: Someone, *slots: SlotId) -> Held:
    found = await clinic.do(someone.hold(*slots), someone.contact)
    assert isinstance(found, Held)
    return found


async def booked(clinic: Clinic, someone: Someone, *slots: SlotId) -> Booked:
    found = await clinic.do(someone.book(*slots), someone.contact)
    assert isinstance(found, Booked)
    return found


async def test_a_hold_keeps_a_place_for_ten_minutes(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    found = await held(clinic, ana, slot)
    (claim,) = found.claims
    assert clinic.clock() + timedelta(minutes=10) == found.until
    assert (slot, ana.patient, "flu", "1") == (claim.slot, claim.patient, claim.programme, claim.dose)
    assert (Status.PENDING, 1, "Ana Lopez") == (claim.status, claim.version, claim.patient_name)
    assert (clinic.clock() + timedelta(days=1), "Harbour") == (claim.starts_at, claim.centre.name)
    assert 1 == await clinic.taken(slot)
    assert {} == await clinic.broken()


async def test_what_is_held_is_booked_as_the_same_appointment(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    before = (await held(clinic, ana, slot)).claims[0]
    after = (await booked(clinic, ana, slot)).claims[0]
    assert (before.id, before.reference, Status.BOOKED) == (after.id, after.reference, after.status)
    assert before.version < after.version
    assert 1 == await clinic.taken(slot)
    async with clinic.database.read() as connection:
        found = await by_reference(connection, after.reference)
        caller = await clinic.work(connection).people.caller(ana.contact)
    assert found is not None
    assert (after.id, None) == (found.id, found.expires_at)
    assert caller.me is not None
    assert after.centre.id == caller.me.last_centre
    assert {} == await clinic.broken()


async def test_a_booked_place_is_not_given_up_as_time_passes(clinic: Clinic) -> None:
    slot, (ana, ben) = await clinic.slot(), await clinic.people(2)
    await booked(clinic, ana, slot)
    clinic.clock.move(HOLD * 2)
    assert 0 == await clinic.sweep()
    assert isinstance(await clinic.do(ben.hold(slot), ben.contact), SlotGone)


async def test_choosing_another_place_moves_the_hold_along(clinic: Clinic) -> None:
    first, second = await clinic.slot(1), await clinic.slot(2)
    ana = await clinic.someone()
    before = (await held(clinic, ana, first)).claims[0]
    clinic.clock.move(A_MINUTE)
    after = await held(clinic, ana, second)
    assert (before.id, second) == (after.claims[0].id, after.claims[0].slot)
    assert clinic.clock() + HOLD == after.until
    assert (0, 1) == (await clinic.taken(first), await clinic.taken(second))


async def test_another_place_that_is_taken_leaves_the_hold_where_it_is(clinic: Clinic) -> None:
    mine, full = await clinic.slot(1), await clinic.slot(2)
    ana, ben = await clinic.people(2)
    await held(clinic, ana, mine)
    await booked(clinic, ben, full)
    gone = await clinic.do(ana.hold(full), ana.contact)
    assert SlotGone("1", clinic.clock() + timedelta(days=2)) == gone
    assert (1, 1) == (await clinic.taken(mine), await clinic.taken(full))
    assert isinstance(await clinic.do(ana.book(mine), ana.contact), Booked)


async def test_holding_again_what_is_held_renews_the_time(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    await held(clinic, ana, slot)
    clinic.clock.move(HOLD - A_MINUTE)
    assert clinic.clock() + HOLD == (await held(clinic, ana, slot)).until
    clinic.clock.move(2 * A_MINUTE)
    assert 0 == await clinic.sweep()


async def test_places_that_cannot_be_had_are_gone(clinic: Clinic) -> None:
    """Full, closed, begun, another programme's, or unknown: holding and booking both say so, and change nothing."""
    ana, ben = await clinic.people(2)
    full, closed, other = await clinic.slot(1), await clinic.slot(2), await clinic.slot(3, programme="travel")
    begun, past, none = await clinic.slot(0), await clinic.slot(-1), await clinic.slot(4, capacity=0)
    await booked(clinic, ben, full)
    await clinic.set_status(closed, "busy-unavailable")
    rows = (("full", full, 1), ("closed", closed, 2), ("another programme's", other, 3), ("begins now", begun, 0),
            ("past", past, -1), ("without places", none, 4), ("unknown", NOWHERE, None))  # fmt: skip
    for why, slot, in_days in rows:
        starts_at = None if in_days is None else clinic.clock() + timedelta(days=in_days)
        assert SlotGone("1", starts_at) == await clinic.do(ana.hold(slot), ana.contact), why
        assert SlotGone("1", starts_at) == await clinic.do(ana.book(slot), ana.contact), why
    assert 1 == await clinic.count("appointment")
    assert {} == await clinic.broken()


async def test_an_overbooked_place_can_be_had(clinic: Clinic) -> None:
    slot = await clinic.slot(capacity=1, overbook=1)
    results = [await clinic.do(one.hold(slot), one.contact) for one in await clinic.people(3)]
    assert [Held, Held, SlotGone] == list(map(type, results))


async def test_a_place_that_closed_while_it_was_held_is_not_booked(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    await held(clinic, ana, slot)
    await clinic.set_status(slot, "busy-unavailable")
    assert SlotGone("1", clinic.clock() + timedelta(days=1)) == await clinic.do(ana.book(slot), ana.contact)


async def test_a_place_that_began_while_it_was_held_is_not_booked(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(1 / 24), await clinic.someone()
    starts_at = (await held(clinic, ana, slot)).claims[0].starts_at
    clinic.clock.move(timedelta(hours=1))
    assert SlotGone("1", starts_at) == await clinic.do(ana.book(slot), ana.contact)


async def test_who_has_a_booking_is_shown_it_instead(clinic: Clinic) -> None:
    first, second = await clinic.slot(1), await clinic.slot(2)
    ana = await clinic.someone()
    claim = (await booked(clinic, ana, first)).claims[0]
    assert AlreadyBooked(claim) == await clinic.do(ana.hold(second), ana.contact)
    assert AlreadyBooked(claim) == await clinic.do(ana.book(first), ana.contact)
    assert (1, 0) == (await clinic.taken(first), await clinic.taken(second))


async def test_another_programme_can_be_booked_beside_it(clinic: Clinic) -> None:
    flu, travel = await clinic.slot(1), await clinic.slot(1, programme="travel")
    ana = await clinic.someone()
    await booked(clinic, ana, flu)
    assert isinstance(await clinic.do(ana.book(travel, programme="travel"), ana.contact), Booked)
    assert {} == await clinic.broken()


# ---- holds that run out


async def test_a_lapsed_hold_is_freed_by_whoever_wants_the_place_and_not_before(clinic: Clinic) -> None:
    slot, (ana, ben) = await clinic.slot(), await clinic.people(2)
    lapsed = (await held(clinic, ana, slot)).claims[0]
    clinic.clock.move(HOLD - A_MINUTE)
    assert isinstance(await clinic.do(ben.hold(slot), ben.contact), SlotGone)
    clinic.clock.move(A_MINUTE)
    assert isinstance(await clinic.do(ben.hold(slot), ben.contact), Held)
    assert Status.CANCELLED == await clinic.status(lapsed.id)
    assert 1 == await clinic.taken(slot)
    assert {} == await clinic.broken()


async def test_a_lapsed_hold_is_freed_by_the_sweeper_and_not_before(clinic: Clinic) -> None:
    slots = [await clinic.slot(day) for day in (1, 2)]
    people = await clinic.people(2)
    for someone, slot in zip(people, slots, strict=True):
        await held(clinic, someone, slot)
        clinic.clock.move(A_MINUTE)
    swept = []
    for pause in (HOLD - 3 * A_MINUTE, A_MINUTE, A_MINUTE, A_MINUTE):
        clinic.clock.move(pause)
        swept.append((await clinic.sweep(), [await clinic.taken(slot) for slot in slots]))
    assert [(0, [1, 1]), (1, [0, 1]), (1, [0, 0]), (0, [0, 0])] == swept


async def test_holds_that_lapsed_elsewhere_are_left_to_others(clinic: Clinic) -> None:
    mine, other = await clinic.slot(1), await clinic.slot(2)
    ana, ben = await clinic.people(2)
    stays = (await held(clinic, ben, other)).claims[0]
    clinic.clock.move(HOLD)
    await booked(clinic, ana, mine)
    assert Status.PENDING == await clinic.status(stays.id)


async def test_a_lapsed_hold_is_booked_while_the_place_is_free(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    before = (await held(clinic, ana, slot)).claims[0]
    clinic.clock.move(HOLD * 3)
    assert before.id == (await booked(clinic, ana, slot)).claims[0].id


async def test_a_swept_hold_is_booked_anew_while_the_place_is_free(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    before = (await held(clinic, ana, slot)).claims[0]
    clinic.clock.move(HOLD)
    await clinic.sweep()
    after = (await booked(clinic, ana, slot)).claims[0]
    assert before.id != after.id
    assert before.reference != after.reference
    assert {} == await clinic.broken()


async def test_a_lapsed_hold_whose_place_was_taken_is_gone(clinic: Clinic) -> None:
    slot, (ana, ben) = await clinic.slot(), await clinic.people(2)
    await held(clinic, ana, slot)
    clinic.clock.move(HOLD)
    await booked(clinic, ben, slot)
    assert SlotGone("1", clinic.clock() - HOLD + timedelta(days=1)) == await clinic.do(ana.book(slot), ana.contact)


# ---- pairs of doses


async def test_a_pair_of_doses_is_booked_together(clinic: Clinic) -> None:
    first, second = await clinic.slot(1), await clinic.slot(22)
    ana = await clinic.someone()
    assert ["1", "2"] == [claim.dose for claim in (await held(clinic, ana, first, second)).claims]
    claims = (await booked(clinic, ana, first, second)).claims
    assert [(first, "1"), (second, "2")] == [(claim.slot, claim.dose) for claim in claims]
    assert {Status.BOOKED} == {claim.status for claim in claims}
    assert {} == await clinic.broken()


@pytest.mark.parametrize("gone", ["1", "2"])
async def test_a_pair_of_doses_is_held_as_a_whole_or_not_at_all(clinic: Clinic, gone: str) -> None:
    slots = {"1": await clinic.slot(1), "2": await clinic.slot(22)}
    ana, ben = await clinic.people(2)
    await booked(clinic, ben, slots[gone])
    found = await clinic.do(ana.hold(*slots.values()), ana.contact)
    assert isinstance(found, SlotGone)
    assert gone == found.dose
    assert [int(dose == gone) for dose in slots] == [await clinic.taken(slot) for slot in slots.values()]


async def test_a_pair_of_doses_moves_along_one_by_one(clinic: Clinic) -> None:
    first, second, later = [await clinic.slot(day) for day in (1, 22, 23)]
    ana = await clinic.someone()
    await held(clinic, ana, first, second)
    await held(clinic, ana, first, later)
    assert [1, 0, 1] == [await clinic.taken(slot) for slot in (first, second, later)]


async def test_one_dose_booked_means_the_pair_is_booked_already(clinic: Clinic) -> None:
    first, second = await clinic.slot(1), await clinic.slot(22)
    ana = await clinic.someone()
    await booked(clinic, ana, first)
    found = await clinic.do(ana.hold(first, second), ana.contact)
    assert isinstance(found, AlreadyBooked)
    assert 0 == await clinic.taken(second)


async def test_a_lapsed_hold_of_ones_own_is_not_freed_under_ones_feet(clinic: Clinic) -> None:
    """The first dose's hold has run out and its place is wanted for the second one: gone, as if it were held still."""
    first, earlier = await clinic.slot(22), await clinic.slot(1)
    ana = await clinic.someone()
    await held(clinic, ana, first)
    clinic.clock.move(HOLD * 2)
    found = await clinic.do(ana.hold(earlier, first), ana.contact)
    assert SlotGone("2", clinic.clock() - HOLD * 2 + timedelta(days=22)) == found
    assert {} == {name: count for name, count in (await clinic.broken()).items() if name != "holds"}


async def test_both_doses_in_one_place_need_two_places(clinic: Clinic) -> None:
    narrow, wide = await clinic.slot(1), await clinic.slot(2, capacity=2)
    ana, ben = await clinic.people(2)
    found = await clinic.do(ana.hold(narrow, narrow), ana.contact)
    assert SlotGone("2", clinic.clock() + timedelta(days=1)) == found
    assert isinstance(await clinic.do(ben.hold(wide, wide), ben.contact), Held)
    assert (0, 2) == (await clinic.taken(narrow), await clinic.taken(wide))


# ---- the same message again


async def test_one_message_cannot_book_twice(clinic: Clinic) -> None:
    """Its key stands on the appointment, so that what comes of it once is not done again (I3)."""
    slot, ana = await clinic.slot(capacity=2), await clinic.someone()
    found = await clinic.do(ana.book(slot), ana.contact, key="in1:book")
    assert isinstance(found, Booked)
    await clinic.do(CancelAppointment(appointment=found.claims[0].id), ana.contact)
    with pytest.raises(IntegrityError, match="idempotency_key"):
        await clinic.do(ana.book(slot), ana.contact, key="in1:book")
    assert 0 == await clinic.taken(slot)


async def test_what_fails_half_way_leaves_no_trace(clinic: Clinic) -> None:
    """The second dose cannot be written, for its key is used up: the first one is not written either."""
    first, second, other = [await clinic.slot(day) for day in (1, 22, 23)]
    ana, ben = await clinic.people(2)
    ben_wants = HoldSlots(patient=ben.patient, programme="flu", wanted=(DoseSlot("2", other),))
    assert isinstance(await clinic.do(ben_wants, ben.contact, key="in1"), Held)
    with pytest.raises(IntegrityError, match="idempotency_key"):
        await clinic.do(ana.hold(first, second), ana.contact, key="in1")
    assert [0, 0, 1] == [await clinic.taken(slot) for slot in (first, second, other)]


# ---- cancelling


async def test_cancelling_frees_the_place(clinic: Clinic) -> None:
    slot, (ana, ben) = await clinic.slot(), await clinic.people(2)
    claim = (await booked(clinic, ana, slot)).claims[0]
    cancel = CancelAppointment(appointment=claim.id)
    gone = replace(claim, status=Status.CANCELLED, version=claim.version + 1)
    assert Cancelled(gone) == await clinic.do(cancel, ana.contact)
    assert (Status.CANCELLED, 0) == (await clinic.status(claim.id), await clinic.taken(slot))
    assert NotOpen() == await clinic.do(cancel, ana.contact)
    await booked(clinic, ben, slot)
    await booked(clinic, ana, await clinic.slot(2))
    assert {} == await clinic.broken()


async def test_a_hold_can_be_let_go(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    claim = (await held(clinic, ana, slot)).claims[0]
    assert isinstance(await clinic.do(CancelAppointment(appointment=claim.id), ana.contact), Cancelled)
    assert 0 == await clinic.taken(slot)


async def test_what_is_over_or_unknown_cannot_be_cancelled(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(), await clinic.someone()
    claim = (await booked(clinic, ana, slot)).claims[0]
    for status in (Status.FULFILLED, Status.NOSHOW, Status.ENTERED_IN_ERROR):
        async with clinic.database.begin() as connection:
            await clinic.work(connection).appointments.change(claim.id, status=status)
        assert NotOpen() == await clinic.do(CancelAppointment(appointment=claim.id), ana.contact), status
    unknown = CancelAppointment(appointment=AppointmentId(999_999))
    assert NotOpen() == await clinic.do(unknown, ana.contact)
