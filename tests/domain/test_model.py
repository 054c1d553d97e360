"""Whatever people do in whatever order, the database agrees with a plain model of who has which place."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update

from domain.appointments import HOLD, AppointmentId, SlotId
from domain.commands import (
    AlreadyBooked,
    Booked,
    BookSlots,
    CancelAppointment,
    Cancelled,
    Held,
    HoldSlots,
    MoveAppointment,
    Moved,
    NotOpen,
    SlotGone,
)
from domain.store import tables
from domain.store.database import Database
from domain.store.sealing import Keyring
from tests.conftest import KEYS, NOW, Clock
from tests.domain.clinic import Clinic, Someone

R = TypeVar("R")
PEOPLE = 4
#: Places and hours from now at which each slot begins: narrow ones, one overbooked, one that begins under way.
SLOTS = ((1, 24), (1, 48), (2, 72), (3, 1))
EXAMPLES = {"sqlite": 12, "postgresql": 6}


@dataclass(slots=True)
class World:
    """A clinic with an event loop of its own."""

    runner: asyncio.Runner
    clinic: Clinic
    slots: list[SlotId] = field(default_factory=list)
    people: list[Someone] = field(default_factory=list)

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(work)


@dataclass(frozen=True, slots=True)
class Place:
    """What one person has for one dose; a hold while *until* is set."""

    slot: int
    until: datetime | None
    id: AppointmentId
    version: int


@dataclass(slots=True)
class Model:
    """Who has what, by (person, dose)."""

    now: datetime
    places: dict[tuple[int, str], Place] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)

    def taken(self) -> Counter[int]:
        return Counter(place.slot for place in self.places.values())

    def is_offered(self, slot: int) -> bool:
        return slot not in self.closed and NOW + timedelta(hours=SLOTS[slot][1]) > self.now

    def sweep(self, slot: int | None = None, but_of: int | None = None) -> int:
        """Free what lapsed."""
        lapsed = [
            key
            for key, place in self.places.items()
            if place.until is not None and place.until <= self.now and slot in (None, place.slot) and key[0] != but_of
        ]
        for key in lapsed:
            del self.places[key]
        return len(lapsed)

    def refusal(self, person: int, wanted: dict[str, int]) -> tuple[str, str] | None:
        """Return how and for which dose *wanted* cannot be claimed, or None; frees lapsed holds that are in the way."""
        own = {dose: self.places[person, dose] for dose in wanted if (person, dose) in self.places}
        if any(place.until is None for place in own.values()):
            return "already", ""
        left = {slot: SLOTS[slot][0] - self.taken()[slot] for slot in wanted.values()}
        for dose, slot in wanted.items():
            if not self.is_offered(slot):
                return "gone", dose
            if dose not in own or own[dose].slot != slot:
                if left[slot] <= 0:
                    left[slot] += self.sweep(slot, but_of=person)
                left[slot] -= 1
                if left[slot] < 0:
                    return "gone", dose
        return None


A_PERSON = st.integers(0, PEOPLE - 1)
A_SLOT = st.integers(0, len(SLOTS) - 1)
WANTED = st.lists(A_SLOT, min_size=1, max_size=2)


class Desk(RuleBasedStateMachine):
    """Does the same to the clinic and to the model."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.model = Model(NOW)
        world.clinic.clock.now = NOW
        world.run(self.empty())

    async def empty(self) -> None:
        async with self.world.clinic.database.begin() as connection:
            await connection.execute(delete(tables.reminder))
            await connection.execute(delete(tables.appointment))
            await connection.execute(update(tables.slot).values(status="free"))

    @rule(person=A_PERSON, slots=WANTED, books=st.booleans())
    def claim(self, person: int, slots: list[int], books: bool) -> None:
        """Hold or book one dose or two."""
        someone, ids = self.world.people[person], [self.world.slots[slot] for slot in slots]
        command = someone.book(*ids) if books else someone.hold(*ids)
        wanted = {str(number): slot for number, slot in enumerate(slots, start=1)}
        refusal = self.model.refusal(person, wanted)
        found = self.do(command, someone)
        match found:
            case Held(claims) | Booked(claims):
                assert refusal is None
                assert books == isinstance(found, Booked)
                until = None if books else self.model.now + HOLD
                for one in claims:
                    place = Place(slot=wanted[one.dose], until=until, id=one.id, version=one.version)
                    self.model.places[person, one.dose] = place
                assert sorted(wanted) == sorted(one.dose for one in claims)
            case SlotGone(dose):
                assert ("gone", dose) == refusal
            case AlreadyBooked():
                assert ("already", "") == refusal

    @rule(person=A_PERSON, dose=st.sampled_from("12"), slot=A_SLOT, behind=st.sampled_from((0, 0, 0, 1)))
    def move(self, person: int, dose: str, slot: int, behind: int) -> None:
        """Move a booking, sometimes in a version that is not the newest."""
        place = self.model.places.get((person, dose))
        if place is None:
            return
        command = MoveAppointment(appointment=place.id, version=place.version - behind, slot=self.world.slots[slot])
        found = self.do(command, self.world.people[person])
        if place.until is not None or behind:
            assert NotOpen() == found
        elif not self.model.is_offered(slot) or (place.slot != slot and not self.has_place(slot, person)):
            assert isinstance(found, SlotGone)
        else:
            assert isinstance(found, Moved)
            assert place.id == found.claim.id
            self.model.places[person, dose] = replace(place, slot=slot, version=found.claim.version)

    def has_place(self, slot: int, person: int) -> bool:
        left = SLOTS[slot][0] - self.model.taken()[slot]
        return left > 0 or self.model.sweep(slot, but_of=person) > 0

    @rule(person=A_PERSON, dose=st.sampled_from("12"))
    def cancel(self, person: int, dose: str) -> None:
        """Cancel a booking or let go of a hold, and see that it cannot be done twice."""
        place = self.model.places.pop((person, dose), None)
        if place is not None:
            command, someone = CancelAppointment(appointment=place.id), self.world.people[person]
            assert isinstance(self.do(command, someone), Cancelled)
            assert NotOpen() == self.do(command, someone)

    @rule(minutes=st.integers(1, 12))
    def wait(self, minutes: int) -> None:
        self.model.now += timedelta(minutes=minutes)
        self.world.clinic.clock.now = self.model.now

    @rule()
    def sweep(self) -> None:
        assert self.model.sweep() == self.world.run(self.world.clinic.sweep())

    @rule(slot=A_SLOT)
    def open_or_close(self, slot: int) -> None:
        self.model.closed ^= {slot}
        status = "busy-unavailable" if slot in self.model.closed else "free"
        self.world.run(self.world.clinic.set_status(self.world.slots[slot], status))

    def do(self, command: HoldSlots | BookSlots | MoveAppointment | CancelAppointment, someone: Someone) -> object:
        return self.world.run(self.world.clinic.do(command, someone.contact))

    @invariant()
    def places_are_those_of_the_model(self) -> None:
        taken = self.model.taken()
        assert [taken[slot] for slot in range(len(SLOTS))] == self.world.run(self.counted())

    @invariant()
    def nothing_is_broken(self) -> None:
        """But for holds that nobody has swept yet."""
        broken = self.world.run(self.world.clinic.broken())
        assert broken.keys() <= {"holds"}

    async def counted(self) -> list[int]:
        async with self.world.clinic.database.read() as connection:
            return list((await connection.execute(select(tables.slot.c.taken).order_by(tables.slot.c.id))).scalars())


async def opened(url: str) -> tuple[Clinic, list[SlotId], list[Someone]]:
    clinic = Clinic(Database.open(url, Keyring.of(KEYS)), Clock())
    slots = [await clinic.slot(hours / 24, capacity=places) for places, hours in SLOTS[:-1]]
    places, hours = SLOTS[-1]
    slots.append(await clinic.slot(hours / 24, capacity=places - 1, overbook=1))
    return clinic, slots, await clinic.people(PEOPLE)


def test_the_database_agrees_with_the_model(engine_name: str, database_url: str) -> None:
    with asyncio.Runner() as runner:
        clinic, slots, people = runner.run(opened(database_url))
        world = World(runner, clinic, slots, people)
        try:
            run_state_machine_as_test(
                lambda: Desk(world),  # type: ignore[arg-type]  # a factory will do, says its docstring
                settings=settings(
                    deadline=None,
                    max_examples=EXAMPLES[engine_name],
                    stateful_step_count=20,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(clinic.database.close())
