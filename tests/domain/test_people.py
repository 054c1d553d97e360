"""One contact writes for itself and its household; what one of them has, others do not see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.appointments import Status
from domain.centres import CentreId
from domain.commands import (
    Booked,
    Caller,
    CentreFound,
    Claim,
    ConsentKept,
    FindCentre,
    FindPlace,
    KeepConsent,
    KeepPatient,
    Mine,
    MyAppointments,
    NoSuchCentre,
    NoSuchPlace,
    OpenTask,
    PlaceFound,
    SeveralPlaces,
    TaskOpened,
    WhoIsThis,
)
from domain.patients import Channel, ContactId, PatientId
from domain.store import conversations, tables
from tests.domain.clinic import Clinic, Someone

BIRTH = date(1980, 4, 3)
CHILD = date(2019, 7, 9)


async def a_stranger(clinic: Clinic, number: str = "+15550100001") -> ContactId:
    async with clinic.database.begin() as connection:
        opened = await conversations.open_by_address(
            connection, secret=clinic.database.index_secret, channel=Channel.SMS, address=number, now=clinic.clock()
        )
        return opened.contact


async def keep(
    clinic: Clinic,
    contact: ContactId,
    name: str,
    *,
    is_me: bool = False,
    patient: PatientId | None = None,
    birth: date = BIRTH,
    facts: tuple[tuple[str, str], ...] = (),
) -> PatientId:
    command = KeepPatient(patient=patient, is_me=is_me, name=name, birth=birth, facts=facts)
    return (await clinic.do(command, contact)).patient


async def test_a_stranger_is_nobody_yet(clinic: Clinic) -> None:
    contact = await a_stranger(clinic)
    assert Caller(consented=False) == await clinic.do(WhoIsThis(), contact)


async def test_consent_is_kept_with_its_first_time(clinic: Clinic) -> None:
    contact, other = await a_stranger(clinic), await a_stranger(clinic, "+15550100002")
    agreed = clinic.clock()
    for _ in range(2):
        assert ConsentKept() == await clinic.do(KeepConsent(), contact)
        clinic.clock.move(timedelta(days=1))
    assert (await clinic.do(WhoIsThis(), contact)).consented
    assert not (await clinic.do(WhoIsThis(), other)).consented
    async with clinic.database.read() as connection:
        found = select(tables.contact.c.consented_at).where(tables.contact.c.id == contact)
        assert agreed == (await connection.execute(found)).scalar_one()


async def test_me_and_my_household(clinic: Clinic) -> None:
    contact = await a_stranger(clinic)
    me = await keep(clinic, contact, "Ana Lopez", is_me=True, facts=(("job", "health"),))
    child = await keep(clinic, contact, "Ben Lopez", birth=CHILD)
    caller = await clinic.do(WhoIsThis(), contact)
    assert caller.me is not None
    assert (me, "Ana Lopez", BIRTH, (("job", "health"),)) == (
        caller.me.id,
        caller.me.name,
        caller.me.birth,
        caller.me.facts,
    )
    assert [(child, "Ben Lopez", CHILD)] == [(one.id, one.name, one.birth) for one in caller.household]
    assert caller.person(child) == caller.household[0]
    assert caller.person(PatientId(999_999)) is None


async def test_there_is_one_me_for_a_contact(clinic: Clinic) -> None:
    """Another name for the one who writes corrects the first."""
    contact = await a_stranger(clinic)
    first = await keep(clinic, contact, "Ana Lopes", is_me=True)
    assert first == await keep(clinic, contact, "Ana Lopez", is_me=True)
    caller = await clinic.do(WhoIsThis(), contact)
    assert caller.me is not None
    assert (first, "Ana Lopez", ()) == (caller.me.id, caller.me.name, caller.household)


async def test_nobody_changes_the_record_of_somebody_elses_people(clinic: Clinic) -> None:
    contact, stranger = await a_stranger(clinic), await a_stranger(clinic, "+15550100002")
    me = await keep(clinic, contact, "Ana Lopez", is_me=True)
    with pytest.raises(LookupError):
        await keep(clinic, stranger, "Eva Diaz", patient=me)
    caller = await clinic.do(WhoIsThis(), contact)
    assert caller.me is not None
    assert "Ana Lopez" == caller.me.name


async def test_a_record_is_brought_up_to_date_and_keeps_what_is_not_named(clinic: Clinic) -> None:
    contact = await a_stranger(clinic)
    me = await keep(clinic, contact, "Ana Lopez", is_me=True, facts=(("job", "health"), ("diet", "none")))
    assert me == await keep(clinic, contact, "Ana Silva", patient=me, birth=CHILD, facts=(("job", "school"),))
    caller = await clinic.do(WhoIsThis(), contact)
    assert caller.me is not None
    assert ("Ana Silva", CHILD) == (caller.me.name, caller.me.birth)
    assert (("diet", "none"), ("job", "school")) == caller.me.facts


async def mine(clinic: Clinic, contact: ContactId) -> tuple[Claim, ...]:
    found = await clinic.do(MyAppointments(), contact)
    assert isinstance(found, Mine)
    return found.claims


async def test_bookings_of_the_whole_household_are_mine_and_no_others(clinic: Clinic) -> None:
    later, sooner, elsewhere = await clinic.slot(2), await clinic.slot(1), await clinic.slot(3)
    ana, stranger = await clinic.people(2)
    child = Someone(ana.contact, await keep(clinic, ana.contact, "Ben Lopez", birth=CHILD))
    for someone, slot in ((ana, later), (child, sooner), (stranger, elsewhere)):
        assert isinstance(await clinic.do(someone.book(slot), someone.contact), Booked)
    names = [(claim.patient_name, claim.slot) for claim in await mine(clinic, ana.contact)]
    assert [("Ben Lopez", sooner), ("Ana Lopez", later)] == names
    assert [elsewhere] == [claim.slot for claim in await mine(clinic, stranger.contact)]
    assert {} == await clinic.broken()


async def test_each_of_the_household_may_have_the_same_course(clinic: Clinic) -> None:
    slot, ana = await clinic.slot(capacity=2), await clinic.someone()
    child = Someone(ana.contact, await keep(clinic, ana.contact, "Ben Lopez"))
    for someone in (ana, child):
        assert isinstance(await clinic.do(someone.book(slot), ana.contact), Booked)
    assert 2 == await clinic.taken(slot)


async def test_what_is_over_or_not_booked_is_not_among_mine(clinic: Clinic) -> None:
    """A visit under way still is; holds, cancelled ones and those of yesterday are not."""
    slot = await clinic.slot(1 / 48)
    ana, ben = await clinic.people(2)
    await clinic.do(ben.hold(await clinic.slot(2)), ben.contact)
    assert () == await mine(clinic, ben.contact)
    booked = await clinic.do(ana.book(slot), ana.contact)
    assert isinstance(booked, Booked)
    clinic.clock.move(timedelta(minutes=59))
    assert [slot] == [claim.slot for claim in await mine(clinic, ana.contact)]
    for status, expected in ((Status.ARRIVED, [slot]), (Status.NOSHOW, [])):
        async with clinic.database.begin() as connection:
            await clinic.work(connection).appointments.change(booked.claims[0].id, status=status)
        assert expected == [claim.slot for claim in await mine(clinic, ana.contact)], status
    clinic.clock.move(timedelta(minutes=1))
    assert () == await mine(clinic, ana.contact)


async def test_the_caller_knows_the_courses_they_have_open(clinic: Clinic) -> None:
    """Their own, not those of their household."""
    first, second, other = await clinic.slot(1), await clinic.slot(22), await clinic.slot(2, programme="travel")
    ana = await clinic.someone()
    child = Someone(ana.contact, await keep(clinic, ana.contact, "Ben Lopez"))
    await clinic.do(ana.book(first, second), ana.contact)
    assert isinstance(await clinic.do(child.book(other, programme="travel"), ana.contact), Booked)
    caller = await clinic.do(WhoIsThis(), ana.contact)
    assert ("flu:1", "flu:2") == caller.courses
    assert 1 == len(caller.household)


# ---- places and tasks


async def test_towns_are_one_several_or_none(clinic: Clinic) -> None:
    await clinic.centre("one", town="Bath", postcode="BA1 1AA", lat=51.38, lon=-2.36)
    await clinic.centre("two", town="Newport", postcode="NP1 1AA", lat=51.58, lon=-3.0)
    await clinic.centre("three", town="Newport", postcode="PO3 1AA", lat=50.7, lon=-1.29)
    contact = await a_stranger(clinic)
    found = await clinic.do(FindPlace("bath"), contact)
    assert isinstance(found, PlaceFound)
    assert ("Bath", 51.38) == (found.place.label, found.place.position.lat)
    several = await clinic.do(FindPlace("Newport"), contact)
    assert isinstance(several, SeveralPlaces)
    assert {"Newport (NP1 1AA)", "Newport (PO3 1AA)"} == {place.label for place in several.places}
    assert NoSuchPlace() == await clinic.do(FindPlace("Atlantis"), contact)


async def test_a_centre_that_closed_is_none(clinic: Clinic) -> None:
    open_one, closed = await clinic.centre("open"), await clinic.centre("closed", active=False)
    contact = await a_stranger(clinic)
    found = await clinic.do(FindCentre(open_one), contact)
    assert isinstance(found, CentreFound)
    assert ("Open", "Europe/London") == (found.centre.name, found.centre.tz)
    for none in (closed, CentreId(999_999)):
        assert NoSuchCentre() == await clinic.do(FindCentre(none), contact)


async def test_a_task_keeps_its_newest_note(clinic: Clinic) -> None:
    """One that comes without a note leaves the earlier one."""
    contact = await a_stranger(clinic)
    for note, expected in (("", None), ("+15550100009", "+15550100009"), ("", "+15550100009"), ("at noon", "at noon")):
        await clinic.do(OpenTask(kind="person", note=note), contact)
        async with clinic.database.read() as connection:
            assert expected == (await connection.execute(select(tables.task.c.note))).scalar_one()


async def test_the_same_task_is_open_once(clinic: Clinic) -> None:
    one, other = await a_stranger(clinic), await a_stranger(clinic, "+15550100002")
    for contact, kind in ((one, "person"), (one, "person"), (other, "person"), (one, "refer")):
        assert TaskOpened() == await clinic.do(OpenTask(kind=kind), contact)
    assert 3 == await clinic.count("task")
