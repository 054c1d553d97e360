"""A clinic for a test: centres, slots and people written by the store itself, commands each in its own transaction."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import func, insert, select, text

from domain.appointments import AppointmentId, SlotId, Status
from domain.centres import CentreId
from domain.commands import BookSlots, Command, DoseSlot, HoldSlots
from domain.context import Context, Letter, Origin
from domain.handlers import handle
from domain.patients import Channel, ContactId, PatientId
from domain.programmes import Programme
from domain.staff.members import Member, Post, StaffId
from domain.staff.rights import Role
from domain.store import catalogue, conversations, tables, verify
from domain.store.database import Connection, Database
from domain.store.stamp import Stamp
from domain.store.work import Work
from tests.conftest import STAMP, Clock

R = TypeVar("R")
LENGTH = timedelta(minutes=30)
BIRTH = date(1980, 4, 3)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person and where they write from."""

    contact: ContactId
    patient: PatientId

    def hold(self, *slots: SlotId, programme: str = "flu") -> HoldSlots:
        """Return the command to hold one slot for each dose."""
        return HoldSlots(patient=self.patient, programme=programme, wanted=doses(*slots))

    def book(self, *slots: SlotId, programme: str = "flu") -> BookSlots:
        """Return the command to book one slot for each dose."""
        return BookSlots(patient=self.patient, programme=programme, wanted=doses(*slots))


async def together(*each: Coroutine[Any, Any, R]) -> list[R]:
    """Run all at the same time and return their results in their order."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in each]
    return [task.result() for task in tasks]


def doses(*slots: SlotId) -> tuple[DoseSlot, ...]:
    """Number *slots* as doses from "1" on."""
    return tuple(DoseSlot(str(number), slot) for number, slot in enumerate(slots, start=1))


@dataclass(slots=True)
class Clinic:
    """The clinic in *database*, at the time that *clock* shows."""

    database: Database
    clock: Clock
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    letters: list[Letter] = field(default_factory=list)
    programme: Callable[[str], Programme | None] = lambda _key: None

    def work(self, connection: Connection, contact: ContactId | None = None, *, actor: str | None = None) -> Work:
        """Return the ports on *connection*, as *contact* or as nobody in particular."""
        stamp = Stamp(now=self.clock(), actor=actor or f"contact:{contact}", contact=contact, channel=Channel.SMS)
        return Work(connection, stamp)

    async def do(self, command: Command[R], contact: ContactId, key: str | None = None, *, country: str = "") -> R:
        """Carry out *command* as *contact*, at home in *country*, in a transaction of its own; return its result."""
        async with self.database.begin() as connection:
            return await self._do(connection, command, contact, key, country)

    async def as_staff(self, command: Command[R], contact: ContactId, role: Role = Role.ADMINISTRATOR) -> R:
        """Carry out *command* as a member of staff who writes from *contact*, with *role* at all centres."""
        member = Member(id=StaffId(7), name="", contact=contact, posts=(Post(role),))
        async with self.database.begin() as connection:
            return await self._do(connection, command, contact, member=member)

    async def as_turn(self, command: Command[R], contact: ContactId) -> R:
        """Carry out *command* as a turn of *contact* does, which has locked its conversation."""
        async with self.database.begin() as connection:
            await conversations.open_by_contact(connection, contact)
            return await self._do(connection, command, contact)

    async def _do(
        self,
        connection: Connection,
        command: Command[R],
        contact: ContactId,
        key: str | None = None,
        country: str = "",
        member: Member | None = None,
    ) -> R:
        work = self.work(connection, contact, actor=f"staff:{member.id}" if member is not None else None)
        at = await work.codes.contact(contact)
        context = Context(
            store=work,
            contact=contact,
            now=self.clock(),
            key=key or f"test{next(self.numbers)}",
            country=lambda: country,
            origin=Origin(
                channel=at.channel, address=at.address, on=frozenset(Channel), secret=self.database.index_secret
            ),
            post=self.letters.append,
            programme=self.programme,
            member=member,
        )
        return cast(R, await handle(command, context))

    async def sweep(self) -> int:
        """Free what lapsed, as the worker does."""
        async with self.database.begin() as connection:
            return await self.work(connection).appointments.release_lapsed(self.clock())

    # ---- what stands in the clinic

    async def centre(self, key: str = "harbour", **values: object) -> CentreId:
        """Write a centre."""
        async with self.database.begin() as connection:
            return await write_centre(connection, key, **values)

    async def slot(self, in_days: float = 1, *, capacity: int = 1, **values: Any) -> SlotId:
        """Write a slot of the flu programme at the harbour; *values* say what is otherwise."""
        starts_at = self.clock() + timedelta(days=in_days)
        async with self.database.begin() as connection:
            return await write_slot(connection, starts_at, capacity=capacity, **values)

    async def set_status(self, slot: SlotId, status: str) -> None:
        """Open or close a slot."""
        async with self.database.begin() as connection:
            await connection.execute(tables.slot.update().where(tables.slot.c.id == slot).values(status=status))

    async def someone(self) -> Someone:
        """Write a contact with a patient of its own."""
        return (await self.people(1))[0]

    async def people(self, count: int) -> list[Someone]:
        """Write contacts, each with a patient of its own."""
        async with self.database.begin() as connection:
            return [await self._person(connection, f"+1555{next(self.numbers):07}") for _ in range(count)]

    async def _person(self, connection: Connection, number: str) -> Someone:
        opened = await conversations.open_by_address(
            connection, secret=self.database.index_secret, channel=Channel.SMS, address=number, now=self.clock()
        )
        people = self.work(connection, opened.contact).people
        patient = await people.add_patient(opened.contact, is_me=True, name="Ana Lopez", birth=BIRTH, facts=())
        return Someone(opened.contact, patient)

    # ---- what became of it

    async def taken(self, slot: SlotId) -> int:
        """Return how many places of *slot* the database counts as taken."""
        async with self.database.read() as connection:
            found = await connection.execute(select(tables.slot.c.taken).where(tables.slot.c.id == slot))
            return int(found.scalar_one())

    async def status(self, appointment: AppointmentId) -> Status:
        """Return an appointment's status."""
        table = tables.appointment
        async with self.database.read() as connection:
            found = await connection.execute(select(table.c.status).where(table.c.id == appointment))
            return Status(found.scalar_one())

    async def count(self, table: str) -> int:
        """Return how many rows *table* has."""
        async with self.database.read() as connection:
            found = await connection.execute(select(func.count()).select_from(text(table)))
            return int(found.scalar_one())

    async def broken(self) -> dict[str, int]:
        """Return the invariants that are broken, and how often."""
        async with self.database.read() as connection:
            found = await verify.breaches(connection, self.clock() - timedelta(minutes=1))
        return {name: count for name, count in found.items() if count}


async def write_centre(connection: Connection, key: str = "harbour", **values: object) -> CentreId:
    """Write a centre; *values* say what is otherwise."""
    row = {
        "key": key,
        "name": key.title(),
        "address": "1 Quay Street",
        "town": "Seaport",
        "postcode": "SP1 1AA",
        "country": "GB",
        "lat": 51.5,
        "lon": -2.5,
        "tz": "Europe/London",
        **values,
    }
    centre, _ = await catalogue.keep_centre(connection, row)
    return CentreId(centre)


async def write_schedule(connection: Connection, centre: CentreId, programme: str = "flu") -> int:
    """Write a schedule without rules, and its programme, unless they are there; return its id."""
    await catalogue.keep_programme(connection, {"key": programme, "title": programme.title()}, STAMP)
    await catalogue.keep_schedule(connection, centre_id=centre, programme_key=programme, rules=())
    table = tables.schedule
    found = select(table.c.id).where(table.c.centre_id == centre, table.c.programme == programme)
    return int((await connection.execute(found)).scalar_one())


async def write_slot(
    connection: Connection,
    starts_at: datetime,
    *,
    centre: CentreId | None = None,
    programme: str = "flu",
    capacity: int = 1,
    **values: object,
) -> SlotId:
    """Write a slot, at the harbour unless *centre* is given."""
    where = centre if centre is not None else await write_centre(connection)
    row = {
        "schedule_id": await write_schedule(connection, where, programme),
        "centre_id": where,
        "programme": programme,
        "starts_at": starts_at,
        "ends_at": starts_at + LENGTH,
        "capacity": capacity,
        **values,
    }
    added = await connection.execute(insert(tables.slot).returning(tables.slot.c.id), row)
    return SlotId(added.scalar_one())
