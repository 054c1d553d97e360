"""A clinic day that falls out, for tests: people booked by the store itself, spans, and the worker's look at it all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from domain.appointments import AppointmentId, SlotId
from domain.centres import CentreId
from domain.commands import Booked
from domain.displaced_commands import Alternatives, FindAlternatives, TakeAlternative
from domain.displacements import DisplacementId
from domain.programmes import from_mapping
from domain.staff.closing_commands import Closed, CloseSpan, OpenSpan, Span
from domain.store import catalogue
from tests.domain import clinic as bare
from tests.domain.clinic import Someone
from tests.e2e.clinic import Clinic

WEDNESDAY = Span(start=datetime(2027, 3, 3, tzinfo=UTC), until=datetime(2027, 3, 4, tzinfo=UTC))


@dataclass(slots=True)
class Day:
    """The small practice with people booked, and somebody of the staff."""

    clinic: Clinic
    desk: bare.Clinic
    boss: Someone
    centre: CentreId
    slots: list[SlotId]

    async def book(self, slot: SlotId, people: int = 1) -> list[tuple[Someone, AppointmentId]]:
        """Book somebody new at a slot, or several."""
        found = []
        for who in await self.desk.people(people):
            done = await self.desk.do(who.book(slot), who.contact)
            assert isinstance(done, Booked)
            found.append((who, done.claims[0].id))
        return found

    async def book_with_doses(self, slot: SlotId, people: int) -> list[tuple[Someone, AppointmentId]]:
        """Book somebody new, each with a dose."""
        programme = self.desk.programme("flu")
        assert programme is not None
        found = []
        for who in await self.desk.people(people):
            done = await self.desk.do(replace(who.book(slot), terms=programme.terms()), who.contact)
            assert isinstance(done, Booked)
            found.append((who, done.claims[0].id))
        return found

    async def close(self, span: Span = WEDNESDAY) -> DisplacementId:
        """Close a span; nobody is asked yet."""
        done = await self.desk.as_staff(CloseSpan(self.centre, span), self.boss.contact)
        assert isinstance(done, Closed)
        return done.displacement

    async def open(self, span: Span = WEDNESDAY) -> object:
        """Open a span again; nobody is told yet."""
        return await self.desk.as_staff(OpenSpan(self.centre, span), self.boss.contact)

    async def offered(self, who: Someone, visit: AppointmentId) -> Alternatives:
        """Return what is held for somebody."""
        found = await self.desk.do(FindAlternatives(visit), who.contact)
        assert isinstance(found, Alternatives)
        return found

    async def take(self, who: Someone, visit: AppointmentId, slot: SlotId) -> object:
        """Take one of the places."""
        return await self.desk.as_turn(TakeAlternative(appointment=visit, slot=slot), who.contact)

    async def tick(self) -> None:
        """Let the worker look at it."""
        await self.clinic.app.jobs.tick()

    async def states(self) -> list[str]:
        """Return how it stands with each visit that fell out, by who booked first."""
        return [str(one) for one in await self.clinic.column("SELECT state FROM displaced ORDER BY appointment_id, id")]

    async def held(self) -> int:
        """Return how many places are held."""
        return int(await self.clinic.value("SELECT count(*) FROM appointment WHERE status = 'pending'"))

    async def places(self) -> list[Any]:
        """Return the slot of every booking, by who booked first."""
        return await self.clinic.column("SELECT slot_id FROM appointment WHERE status = 'booked' ORDER BY id")


async def day_at(clinic: Clinic) -> Day:
    """Return the day at the first centre of a clinic."""
    programmes = {one["key"]: from_mapping(one) for one in await _bodies(clinic)}
    desk = bare.Clinic(clinic.app.database, clinic.app.clock, programme=programmes.get)  # type: ignore[arg-type]  # a clock is one that can be called
    centre = CentreId(int(await clinic.value("SELECT min(id) FROM centre")))
    mine = "SELECT id FROM slot WHERE centre_id = :centre ORDER BY starts_at"
    slots = [SlotId(one) for one in await clinic.column(mine, centre=centre)]
    return Day(clinic, desk, await desk.someone(), centre, slots)


async def _bodies(clinic: Clinic) -> list[dict[str, Any]]:
    async with clinic.app.database.read() as connection:
        return await catalogue.programmes(connection)
