"""Doses given at visits: taken from their lots once, also when several act at once; allocations and undoing agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from domain.appointments import AppointmentId, Promise, SlotId, Status
from domain.commands import Command
from domain.context import Context, Origin
from domain.handlers import handle
from domain.patients import Channel, ContactId
from domain.priority import Terms
from domain.staff import stock_commands as stock
from domain.staff.members import Member, Post, StaffId
from domain.staff.rights import Role
from domain.staff.serving_commands import LotGone, LotId, Served, ServeVisit, Undone, UndoServing
from domain.staff.walk_in_commands import NoDoseLeft, PlaceGone, TakeWalkIn, WalkedIn
from domain.store import stocktaking
from domain.store.stamp import Stamp
from domain.store.stocktaking import Lot, Telling
from domain.store.work import Work
from tests.conftest import NOW
from tests.domain.clinic import BIRTH, Clinic, together

PRODUCT = "flu-standard"
TERMS = Terms(products=(PRODUCT,))
GOOD = date(2027, 9, 30)


@dataclass(slots=True)
class Desk:
    """The harbour with one slot of now and one lot, and a member of staff with all rights."""

    clinic: Clinic
    slot: SlotId
    lot: LotId
    contact: ContactId

    async def do(self, command: Command[Any]) -> Any:
        """Carry out *command* as the member of staff."""
        now = self.clinic.clock()
        member = Member(id=StaffId(1), name="Nora", contact=self.contact, posts=(Post(Role.ADMINISTRATOR),))
        async with self.clinic.database.begin() as connection:
            context = Context(
                store=Work(connection, Stamp(now=now, actor="staff:1", contact=self.contact, channel=Channel.SMS)),
                contact=self.contact,
                now=now,
                key=f"desk{next(self.clinic.numbers)}",
                origin=Origin(channel=Channel.SMS, address="+1", on=frozenset(Channel), secret=b"secret"),
                member=member,
            )
            return await handle(command, context)

    async def visit(self, group: str | None = None) -> AppointmentId:
        """Write a visit of now with a dose promised."""
        person = await self.clinic.someone()
        async with self.clinic.database.begin() as connection:
            appointments = self.clinic.work(connection, person.contact).appointments
            made = await appointments.add_hold(
                person.patient,
                "flu:1",
                self.slot,
                expires_at=NOW + timedelta(minutes=10),
                key=f"visit{person.patient}",
                promise=Promise(PRODUCT, NOW.date(), group),
            )
            await appointments.change(made, status=Status.BOOKED)
        return made

    async def stands(self) -> stock.ProductStock:
        """Return what there is of the product."""
        return (await self.do(stock.ShowStock(await self.centre()))).products[0]  # type: ignore[no-any-return]  # a result

    async def centre(self) -> Any:
        async with self.clinic.database.read() as connection:
            slot = await self.clinic.work(connection).appointments.slot(self.slot)
        assert slot is not None
        return slot.centre.id

    async def walk_in(self, name: str) -> object:
        return await self.do(
            TakeWalkIn(
                centre=await self.centre(),
                programme="flu",
                dose="1",
                slot=self.slot,
                name=name,
                birth=BIRTH,
                terms=TERMS,
            )
        )


@pytest.fixture
async def desk(clinic: Clinic) -> Desk:
    """The harbour with nine places now and three doses."""
    slot = await clinic.slot(0, capacity=9)
    person = await clinic.someone()
    made = Desk(clinic, slot, LotId(0), person.contact)
    async with clinic.database.begin() as connection:
        of = Lot(centre=await made.centre(), product=PRODUCT, number="A12")
        await stocktaking.move(connection, of, "delivery", 3, Telling(NOW, "test"), expires_on=GOOD)
    made.lot = (await made.stands()).lots[0].id
    return made


async def test_of_two_who_take_the_last_dose_one_is_told_that_it_is_gone(desk: Desk) -> None:
    visits = [await desk.visit() for _ in range(3)]
    assert isinstance(await desk.do(ServeVisit(appointment=visits[0], lot=desk.lot)), Served)
    taken = stock.MoveStock(centre=await desk.centre(), kind=stock.Movement.LOSS, product=PRODUCT, lot="A12", doses=1)
    assert isinstance(await desk.do(taken), stock.StockMoved)
    done = await together(*(desk.do(ServeVisit(appointment=one, lot=desk.lot)) for one in visits[1:]))
    assert {Served, LotGone} == {type(one) for one in done}
    assert 0 == (await desk.stands()).on_hand
    assert {} == await desk.clinic.broken()


async def test_two_who_record_the_same_visit_use_one_dose(desk: Desk) -> None:
    visit = await desk.visit()
    done = await together(*(desk.do(ServeVisit(appointment=visit, lot=desk.lot)) for _ in range(3)))
    assert [False, True, True] == sorted(one.again for one in done)
    assert (2, 0) == ((await desk.stands()).on_hand, (await desk.stands()).promised)
    assert 1 == await desk.clinic.count("serving")


async def test_a_dose_given_on_a_groups_account_is_kept_for_it_no_more(desk: Desk) -> None:
    async with desk.clinic.database.begin() as connection:
        await stocktaking.allocate(connection, await desk.centre(), PRODUCT, "health", 2, None)
    visit = await desk.visit("health")

    async def kept() -> int:
        async with desk.clinic.database.read() as connection:
            return (await stocktaking.at(connection, await desk.centre()))[0]["kept"][0]["doses"]  # type: ignore[no-any-return]

    assert 1 == await kept()
    await desk.do(ServeVisit(appointment=visit, lot=desk.lot))
    assert 1 == await kept()
    assert isinstance(await desk.do(UndoServing(appointment=visit)), Undone)
    assert 1 == await kept()
    assert {} == await desk.clinic.broken()


async def test_undoing_stands_even_where_the_dose_cannot_be_promised_again(desk: Desk) -> None:
    visit = await desk.visit()
    await desk.do(ServeVisit(appointment=visit, lot=desk.lot))
    for _ in range(2):
        await desk.visit()
    lost = stock.MoveStock(centre=await desk.centre(), kind=stock.Movement.LOSS, product=PRODUCT, lot="A12", doses=1)
    await desk.do(lost)
    assert isinstance(await desk.do(UndoServing(appointment=visit)), Undone)
    assert Status.ARRIVED == await desk.clinic.status(visit)
    assert (2, 2) == ((await desk.stands()).on_hand, (await desk.stands()).promised)
    assert isinstance(await desk.do(ServeVisit(appointment=visit, lot=desk.lot)), Served)
    assert {} == await desk.clinic.broken()


async def test_as_many_walk_in_at_once_as_there_are_doses_and_places(desk: Desk) -> None:
    done = await together(*(desk.walk_in(f"Tom Reed {letter}") for letter in "abcde"))
    assert [3, 2] == [sum(isinstance(one, kind) for one in done) for kind in (WalkedIn, NoDoseLeft)]
    assert 3 == await desk.clinic.taken(desk.slot)
    references = {one.visit.reference for one in done if isinstance(one, WalkedIn)}
    assert 3 == len(references)
    await desk.clinic.set_status(desk.slot, "busy-unavailable")
    assert isinstance(await desk.walk_in("Eva Reed"), PlaceGone)
    assert {} == await desk.clinic.broken()


async def test_nobody_can_be_written_to_about_who_walked_in(desk: Desk) -> None:
    taken = await desk.walk_in("Tom Reed")
    assert isinstance(taken, WalkedIn)
    async with desk.clinic.database.read() as connection:
        mine = await desk.clinic.work(connection).appointments.appointments_of(desk.contact, NOW)
    assert [] == mine
    assert 0 == await desk.clinic.count("reminder")
