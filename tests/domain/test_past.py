"""Past visits are those of the caller's own people, newest first, and nothing that was only ever held."""

from __future__ import annotations

from datetime import timedelta

from domain.appointments import Status
from domain.commands import Booked, CancelAppointment, Claim, Past, PastAppointments
from tests.domain.clinic import Clinic, Someone


async def booked(clinic: Clinic, someone: Someone, in_days: float) -> Claim:
    found = await clinic.do(someone.book(await clinic.slot(in_days)), someone.contact)
    assert isinstance(found, Booked)
    return found.claims[0]


async def set_status(clinic: Clinic, claim: Claim, status: Status) -> None:
    """Record how a visit ended, as staff do."""
    async with clinic.database.begin() as connection:
        await clinic.work(connection).appointments.change(claim.id, status=status)


async def past(clinic: Clinic, someone: Someone, page: int = 0, at_once: int = 10) -> Past:
    return await clinic.do(PastAppointments(page, at_once), someone.contact)


async def visits(clinic: Clinic, someone: Someone, *ends: Status) -> list[Claim]:
    """Let somebody have visits one day after another, each ended so."""
    found = []
    for status in ends:
        claim = await booked(clinic, someone, 1)
        clinic.clock.move(timedelta(days=2))
        await set_status(clinic, claim, status)
        found.append(claim)
    return found


async def test_visits_are_listed_newest_first_with_how_they_ended(clinic: Clinic) -> None:
    ana = await clinic.someone()
    ends = (Status.FULFILLED, Status.NOSHOW, Status.FULFILLED)
    claims = await visits(clinic, ana, *ends)
    found = await past(clinic, ana)
    assert [claim.reference for claim in reversed(claims)] == [claim.reference for claim in found.claims]
    assert list(reversed(ends)) == [claim.status for claim in found.claims]
    assert not found.has_more


async def test_a_visit_is_past_when_it_is_over_though_nobody_said_how_it_went(clinic: Clinic) -> None:
    ana = await clinic.someone()
    claim = await booked(clinic, ana, 1)
    assert Past(()) == await past(clinic, ana)
    clinic.clock.move(timedelta(days=1, minutes=30))
    assert [claim.reference] == [one.reference for one in (await past(clinic, ana)).claims]


async def test_a_cancelled_booking_is_listed_and_a_hold_that_was_given_up_is_not(clinic: Clinic) -> None:
    ana = await clinic.someone()
    claim = await booked(clinic, ana, 3)
    await clinic.do(CancelAppointment(appointment=claim.id), ana.contact)
    await clinic.do(ana.hold(await clinic.slot(4)), ana.contact)
    clinic.clock.move(timedelta(minutes=11))
    assert 1 == await clinic.sweep()
    assert [(claim.reference, Status.CANCELLED)] == [
        (one.reference, one.status) for one in (await past(clinic, ana)).claims
    ]


async def test_what_was_entered_in_error_never_was(clinic: Clinic) -> None:
    ana = await clinic.someone()
    await visits(clinic, ana, Status.ENTERED_IN_ERROR)
    assert Past(()) == await past(clinic, ana)


async def test_nobody_sees_what_others_had(clinic: Clinic) -> None:
    ana, ben = await clinic.people(2)
    await visits(clinic, ana, Status.FULFILLED)
    assert Past(()) == await past(clinic, ben)


async def test_who_looks_after_somebody_sees_their_visits_too(clinic: Clinic) -> None:
    ana = await clinic.someone()
    async with clinic.database.begin() as connection:
        tom = await clinic.work(connection, ana.contact).people.add_patient(
            ana.contact, is_me=False, name="Tom Lopez", birth=clinic.clock().date(), facts=()
        )
    await visits(clinic, Someone(ana.contact, tom), Status.FULFILLED)
    assert ["Tom Lopez"] == [claim.patient_name for claim in (await past(clinic, ana)).claims]


async def test_pages_follow_each_other(clinic: Clinic) -> None:
    ana = await clinic.someone()
    claims = await visits(clinic, ana, *[Status.FULFILLED] * 5)
    pages = [await past(clinic, ana, page, 2) for page in range(3)]
    assert [True, True, False] == [page.has_more for page in pages]
    assert [one.id for one in reversed(claims)] == [one.id for page in pages for one in page.claims]
