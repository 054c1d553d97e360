"""A request is answered once, whoever is quicker: who confirms or declines, the deadline, or the person's own wish."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from domain.appointments import AppointmentId, Status
from domain.commands import CancelAppointment, Command, Requested
from domain.context import Context
from domain.handlers import handle
from domain.patients import Channel
from domain.policies import Policy
from domain.requests import expire
from domain.staff.commands import NotAllowed
from domain.staff.members import Member, Post, StaffId
from domain.staff.request_commands import Answered, AnswerRequest
from domain.staff.rights import Role
from domain.store import tables
from domain.store.stamp import Stamp
from domain.store.work import Work
from tests.domain.clinic import Clinic, Someone, together

CONFIRMED = Policy(confirm=timedelta(hours=24))
_numbers = itertools.count(1)


async def act(clinic: Clinic, command: Command[object], who: Someone, member: Member | None = None) -> object:
    """Carry out a command where visits are confirmed, as *member* if given."""
    actor = f"staff:{member.id}" if member else f"contact:{who.contact}"
    async with clinic.database.begin() as connection:
        stamp = Stamp(now=clinic.clock(), actor=actor, contact=who.contact, channel=Channel.SMS)
        context = Context(
            store=Work(connection, stamp),
            contact=who.contact,
            now=clinic.clock(),
            key=f"race{next(_numbers)}",
            policy=lambda _programme: CONFIRMED,
            member=member,
        )
        return await handle(command, context)


async def asked(clinic: Clinic, in_days: int = 1) -> tuple[Someone, AppointmentId]:
    """Return somebody and their request."""
    slot, someone = await clinic.slot(in_days), await clinic.someone()
    found = await act(clinic, someone.book(slot), someone)
    assert isinstance(found, Requested)
    return someone, found.claims[0].id


async def manager_of_all(clinic: Clinic) -> Member:
    """Write somebody who manages all centres."""
    someone = await clinic.someone()
    async with clinic.database.begin() as connection:
        values = {"contact_id": someone.contact, "made_at": clinic.clock(), "made_by": "test"}
        added = await connection.execute(insert(tables.staff).values(values).returning(tables.staff.c.id))
        staff = StaffId(added.scalar_one())
    return Member(id=staff, name="", contact=someone.contact, posts=(Post(Role.MANAGER),))


async def lapse(clinic: Clinic, appointment: AppointmentId) -> bool:
    async with clinic.database.begin() as connection:
        work = Work(connection, Stamp(now=clinic.clock(), actor="sweeper"))
        return await expire(work, appointment, clinic.clock() + timedelta(days=2))


async def test_of_all_who_answer_at_once_one_counts(clinic: Clinic) -> None:
    for day in range(1, 7):
        someone, appointment = await asked(clinic, day)
        manager = await manager_of_all(clinic)
        done = await together(
            act(clinic, AnswerRequest(appointment=appointment, accept=True), someone, manager),
            act(clinic, AnswerRequest(appointment=appointment, accept=False), someone, manager),
            lapse(clinic, appointment),
            act(clinic, CancelAppointment(appointment=appointment), someone),
            act(clinic, AnswerRequest(appointment=appointment, accept=True), someone, manager),
        )
        answers = [one for one in done if isinstance(one, Answered)]
        assert 1 >= len(answers)
        lapsed = sum(one is True for one in done)
        assert 1 >= lapsed + len(answers)
        status = await clinic.status(appointment)
        assert status in (Status.BOOKED, Status.CANCELLED)
        if status == Status.BOOKED:
            assert answers[0].accepted
        assert {} == await clinic.broken()
        async with clinic.database.read() as connection:
            own = tables.reminder.c
            waiting = select(own.kind).where(own.state == "waiting", own.appointment_id == appointment)
            told = Counter((await connection.execute(waiting)).scalars())
        assert 1 >= told["confirmed"] + told["declined"] + told["unanswered"]


async def test_a_place_that_is_asked_for_is_nobody_elses(clinic: Clinic) -> None:
    """Neither another person nor the sweeper takes it, however long a hold would have lasted."""
    someone, appointment = await asked(clinic)
    clinic.clock.move(timedelta(hours=1))
    assert 0 == await clinic.sweep()
    assert Status.PENDING == await clinic.status(appointment)
    async with clinic.database.read() as connection:
        slot = (await connection.execute(select(tables.appointment.c.slot_id))).scalar_one()
    other = await clinic.someone()
    assert "SlotGone" == type(await act(clinic, other.book(slot), other)).__name__
    assert "AlreadyBooked" == type(await act(clinic, someone.book(slot), someone)).__name__


@pytest.mark.parametrize("role", Role)
async def test_who_may_answer_for_others(clinic: Clinic, role: Role) -> None:
    someone, appointment = await asked(clinic)
    member = Member(id=StaffId(1), name="", contact=someone.contact, posts=(Post(role),))
    found = await act(clinic, AnswerRequest(appointment=appointment, accept=True), someone, member)
    allowed = role in (Role.MANAGER, Role.ADMINISTRATOR)
    assert allowed == isinstance(found, Answered)
    assert allowed != isinstance(found, NotAllowed)
