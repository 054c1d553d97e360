"""Whatever is closed, opened, answered and left alone in whatever order: no invariant breaks, nothing stays held."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import update

from domain.appointments import AppointmentId, SlotId
from domain.commands import CancelAppointment
from domain.displaced_commands import Alternatives, FindAlternatives
from domain.staff.closing_commands import SetCapacity, Span
from domain.staff.closure_commands import CancelByHand
from domain.store.database import Database
from domain.store.sealing import Keyring
from domain.store.tables import closure, slot
from tests.conftest import KEYS, NOW, Clock
from tests.domain.clinic import Someone
from tests.e2e.clinic import clinic_at_work, write_small
from tests.e2e.closing import Day, day_at

EXAMPLES = {"sqlite": 5, "postgresql": 3}
A_SLOT = st.integers(0, 8)
PLACES = 4
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class World:
    """The practice with an event loop of its own, and everybody who ever booked."""

    runner: asyncio.Runner
    day: Day
    clock: Clock
    visits: list[tuple[Someone, AppointmentId]]


class Desk(RuleBasedStateMachine):
    """Does one thing after another, and looks after each whether anything is broken."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.day = world.day

    def span(self, slot: int, hours: int) -> Span:
        start = NOW.replace(hour=9) + timedelta(days=1 + slot // 3, hours=slot % 3)
        return Span(start=start, until=start + timedelta(hours=hours))

    @rule(slot=A_SLOT, people=st.integers(1, 2))
    def book(self, slot: int, people: int) -> None:
        async def _book() -> None:
            taken = await self.day.desk.taken(self.day.slots[slot])
            status = await self.day.clinic.value("SELECT status FROM slot WHERE id = :id", id=self.day.slots[slot])
            starts = "SELECT count(*) FROM slot WHERE id = :id AND capacity >= :wanted"
            wide = await self.day.clinic.value(starts, id=self.day.slots[slot], wanted=taken + people)
            is_to_come = self.span(slot, 1).start > self.world.clock.now
            if status == "free" and wide and is_to_come:
                self.world.visits.extend(await self.day.book(self.day.slots[slot], people))

        self.world.runner.run(_book())

    @rule(slot=A_SLOT, hours=st.sampled_from((1, 2, 24, 48)))
    def close(self, slot: int, hours: int) -> None:
        self.world.runner.run(self.day.close(self.span(slot, hours)))

    @rule(slot=A_SLOT, hours=st.sampled_from((1, 24, 48)))
    def open(self, slot: int, hours: int) -> None:
        self.world.runner.run(self.day.open(self.span(slot, hours)))

    @rule(slot=A_SLOT, capacity=st.integers(0, PLACES))
    def narrow(self, slot: int, capacity: int) -> None:
        command = SetCapacity(self.day.centre, self.span(slot, 1), capacity)
        self.world.runner.run(self.day.desk.as_staff(command, self.day.boss.contact))

    @rule(who=st.integers(0, 9), which=st.integers(0, 2), cancels=st.sampled_from((0, 0, 1, 2)))
    def answer(self, who: int, which: int, cancels: int) -> None:
        async def _answer() -> None:
            if not self.world.visits:
                return
            someone, visit = self.world.visits[who % len(self.world.visits)]
            found = await self.day.desk.do(FindAlternatives(visit), someone.contact)
            if cancels == 1:
                await self.day.desk.do(CancelAppointment(appointment=visit), someone.contact)
            elif cancels == 2:
                await self.day.desk.as_staff(CancelByHand(visit), self.day.boss.contact)
            elif isinstance(found, Alternatives) and found.places:
                await self.day.take(someone, visit, SlotId(found.places[which % len(found.places)].slot))

        self.world.runner.run(_answer())

    @rule(hours=st.sampled_from((1, 7, 25)))
    def wait(self, hours: int) -> None:
        self.world.clock.now += timedelta(hours=hours)

    @rule()
    def tick(self) -> None:
        self.world.runner.run(self.day.tick())

    @invariant()
    def nothing_is_broken(self) -> None:
        broken = self.world.runner.run(self.day.clinic.breaches())
        assert broken.keys() <= {"holds"}  # until the worker has looked

    @invariant()
    def every_place_held_is_somebodys_who_is_asked(self) -> None:
        held = """SELECT count(*) FROM appointment a WHERE a.status = 'pending' AND NOT EXISTS (
            SELECT 1 FROM displaced_hold h JOIN displaced d ON d.id = h.displaced_id
            WHERE h.appointment_id = a.id AND d.state IN ('waiting', 'offered', 'withdrawing'))"""
        assert 0 == self.world.runner.run(self.day.clinic.value(held))

    def teardown(self) -> None:
        """Let all deadlines pass: nobody is left waiting, and nothing held."""
        self.world.clock.now += timedelta(days=5)
        for _ in range(2):
            self.world.runner.run(self.day.tick())
        waiting = [one for one in self.world.runner.run(self.day.states()) if one in ("waiting", "offered")]
        assert [] == waiting
        assert 0 == self.world.runner.run(self.day.held())
        assert {} == self.world.runner.run(self.day.clinic.breaches())
        assert 0 == self.world.runner.run(
            self.day.clinic.value("SELECT count(*) FROM displacement WHERE state = 'open'")
        )


def test_in_any_order_nothing_breaks_and_nothing_stays_held(engine_name: str, database_url: str) -> None:
    """One practice for all examples: each goes on where the last one ended, at its own time."""
    with asyncio.Runner() as runner:
        clock = Clock()
        database = Database.open(database_url, Keyring.of(KEYS))
        runner.run(write_small(database, today=NOW.date(), places=PLACES))
        at_work = clinic_at_work(database_url, clock, works=False)
        clinic = runner.run(at_work.__aenter__())
        day = runner.run(day_at(clinic))

        def begun() -> Desk:
            clock.now = NOW
            runner.run(_anew(day))
            return Desk(World(runner, day, clock, []))

        try:
            run_state_machine_as_test(
                begun,  # type: ignore[arg-type]  # a factory will do, says its docstring
                settings=settings(
                    deadline=None,
                    max_examples=EXAMPLES[engine_name],
                    stateful_step_count=18,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(at_work.__aexit__(None, None, None))
            runner.run(database.close())


async def _anew(day: Day) -> None:
    """Open all slots again, with all their places."""
    async with day.clinic.app.database.begin() as connection:
        await connection.execute(closure.delete())
        await connection.execute(update(slot).values(status="free", capacity=PLACES * 40))
