"""A month at a clinic, in given time: two thousand people, three channels, three workers, two changes of the clocks.

People move, cancel, answer, stop and take up again; providers fail, people block us, workers die at any time but
between the provider's taking a message and our noting it, which no desk can make whole. What is shown: every reminder
that was promised is told once and in its time, none of a visit that moved on, none to somebody else or who stopped,
and all invariants hold at the end of each day.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import select, text

from bot.channels.base import BlockedError, RefusedError, ThrottledError, UnreachableError
from bot.messages import Inbound, Outgoing
from bot.outbox import Dispatcher
from bot.pace import Pace
from bot.reminders import remind_due
from bot.turns import Turns
from bot.wake import Wake
from bot.world import Catalogue
from dialogs.prompt import Prompt
from dialogs.said import Kind, Said
from domain.appointments import AppointmentId, SlotId
from domain.commands import Booked, BookSlots, CancelAppointment, DoseSlot, MoveAppointment
from domain.context import Context
from domain.handlers import handle
from domain.patients import Channel, ContactId, PatientId
from domain.policies import Policy
from domain.store import catalogue, conversations, migrate, tables, verify
from domain.store.database import Database
from domain.store.reminders import reminder_of
from domain.store.sealing import Keyring
from domain.store.stamp import Stamp
from domain.store.work import Work
from tests.conftest import KEYS, STAMP, Clock
from tests.domain.clinic import write_centre, write_slot

PEOPLE, WORKERS, PLACES = 2_000, 3, 10
FIRST = datetime(2027, 3, 1, 6, tzinfo=UTC)
DAYS = 31
#: The clocks of the one change on 14 March, those of the other on 28 March.
ZONES = {"hudson": "America/New_York", "seine": "Europe/Paris"}
QUIET = Policy().quiet
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Patient:
    """One of the people, and what is true of them while the month goes on."""

    contact: ContactId
    patient: PatientId
    channel: Channel
    address: str
    zone: ZoneInfo
    appointment: AppointmentId | None = None
    version: int = 0
    is_stopped: bool = False
    is_blocking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A reminder that a provider took."""

    reminder: int
    at: datetime
    channel: Channel
    address: str
    is_to_the_right_one: bool
    is_current: bool
    is_wanted: bool


class WorkerDiedError(BaseException):
    """The process is gone: nothing more of it runs."""


@dataclass(slots=True)
class Providers:
    """What the three providers took, and how they fail."""

    clock: Clock
    chance: random.Random
    people: dict[tuple[str, str], Patient] = field(default_factory=dict)
    taken: list[Delivery] = field(default_factory=list)
    about: dict[int, tuple[int, int]] = field(default_factory=dict)  # reminder → appointment and version
    kills: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    def channel(self, channel: Channel) -> ProviderChannel:
        return ProviderChannel(self, channel)

    def take(self, channel: Channel, address: str, message: Outgoing) -> str | None:
        """Take a message or fail in one of the ways that providers have; whoever asks may die before."""
        number = reminder_of(message.menu) if isinstance(message, Prompt) else None
        if number is None:
            return None
        person = self.people[self._who(channel, address)]
        if self.chance.random() < 0.004:
            self.kills += 1
            raise WorkerDiedError
        self._fail(channel, person, message)
        appointment, version = self.about[number]
        self.taken.append(
            Delivery(
                reminder=number,
                at=self.clock(),
                channel=channel,
                address=address,
                is_to_the_right_one=person.appointment == appointment,
                is_current=person.version == version,
                is_wanted=not person.is_stopped,
            )
        )
        return f"P{len(self.taken)}"

    def _who(self, channel: Channel, address: str) -> tuple[str, str]:
        """Return whose *address* it is; text messages also reach the number of a WhatsApp account."""
        is_known = (channel, address) in self.people
        return (channel, address) if is_known else (Channel.WHATSAPP, address)

    def _fail(self, channel: Channel, person: Patient, message: Outgoing) -> None:
        dice = self.chance.random()
        if channel == person.channel and person.is_blocking:
            self.failures["blocked"] += 1
            raise BlockedError("403")
        is_late = isinstance(message, Prompt) and message.free_until is not None and self.clock() >= message.free_until
        if channel == Channel.WHATSAPP and is_late and person.address[-1] in "02468":
            self.failures["no template"] += 1
            raise RefusedError("no template")
        if dice < 0.03:
            self.failures["unreachable"] += 1
            raise UnreachableError("500")
        if dice < 0.05:
            self.failures["throttled"] += 1
            raise ThrottledError("429", timedelta(seconds=3))


@dataclass(frozen=True, slots=True)
class ProviderChannel:
    """`bot.channels.base.Channel` straight into a provider."""

    providers: Providers
    channel: Channel

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        return messages

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        await asyncio.sleep(0)
        return self.providers.take(self.channel, address, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One process of the desk."""

    turns: Turns
    dispatcher: Dispatcher

    async def work(self, now: datetime) -> None:
        """Do what there is to do now, unless it dies on the way."""
        try:
            await remind_due(self.turns, now)
            await self.dispatcher.send_all_due()
        except WorkerDiedError:
            return


def worker_on(database: Database, providers: Providers, clock: Clock) -> Worker:
    channels: dict[Channel, Any] = {channel: providers.channel(channel) for channel in Channel}
    wake = Wake()
    turns = Turns(database=database, catalogue=Catalogue(database, None), channels=channels, wake=wake, clock=clock)
    pace = Pace(None)
    pace.rates = dict.fromkeys(Channel, 1e9)
    return Worker(
        turns=turns,
        dispatcher=Dispatcher(database=database, channels=channels, pace=pace, wake=wake, clock=clock),
    )


@dataclass(slots=True)
class Month:
    """The clinic, its people, its workers, and what happens to them."""

    databases: list[Database]
    workers: list[Worker]
    providers: Providers
    clock: Clock
    chance: random.Random
    people: list[Patient] = field(default_factory=list)
    slots: dict[str, list[tuple[SlotId, datetime]]] = field(default_factory=dict)
    deeds: list[tuple[datetime, int, str]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    @property
    def database(self) -> Database:
        return self.databases[0]

    async def open(self) -> None:
        """Write two centres with places from eight to eight on every day of the month."""
        async with self.database.begin() as connection:
            body = {"key": "flu", "title": "Flu", "bring": "Bring a card."}
            await catalogue.keep_programme(connection, body, STAMP)
            for name, zone in ZONES.items():
                centre = await write_centre(connection, name, tz=zone)
                self.slots[name] = []
                for day in range(1, DAYS):
                    for hour in (8, 10, 13, 16, 19):
                        wall = datetime.combine(date(2027, 3, 1) + day * DAY, time(hour), tzinfo=ZoneInfo(zone))
                        starts_at = wall.astimezone(UTC)
                        slot = await write_slot(connection, starts_at, centre=centre, capacity=PLACES)
                        self.slots[name].append((slot, starts_at))

    async def fill(self) -> None:
        """Have everybody book, and plan what they will do later."""
        channels = list(Channel)
        for number in range(PEOPLE):
            name = list(ZONES)[number % 2]
            channel = channels[number % 3]
            address = str(5_000_000 + number) if channel == Channel.TELEGRAM else f"+1555{number:07}"
            async with self.database.begin() as connection:
                opened = await conversations.open_by_address(
                    connection, secret=self.database.index_secret, channel=channel, address=address, now=self.clock()
                )
                work = Work(connection, self._stamp(opened.contact, channel))
                patient = await work.people.add_patient(
                    opened.contact, is_me=True, name="Ana Lopez", birth=date(1980, 4, 3), facts=()
                )
                person = Patient(
                    contact=opened.contact,
                    patient=patient,
                    channel=channel,
                    address=address,
                    zone=ZoneInfo(ZONES[name]),
                )
                slot, starts_at = self.slots[name][number // 2 % len(self.slots[name])]
                booked = await handle(
                    BookSlots(patient=patient, programme="flu", wanted=(DoseSlot("1", slot),)),
                    Context(store=work, contact=opened.contact, now=self.clock(), key=f"book{number}"),
                )
                assert isinstance(booked, Booked), booked
                person.appointment, person.version = booked.claims[0].id, booked.claims[0].version
            self.people.append(person)
            self.providers.people[channel, address] = person
            self._plan(number, starts_at)

    def _plan(self, number: int, starts_at: datetime) -> None:
        dice = self.chance.random()
        before = starts_at - self.chance.random() * min(3 * DAY, starts_at - FIRST)
        for share, deed in ((0.12, "move"), (0.22, "cancel"), (0.27, "stop"), (0.30, "block"), (0.6, "answer")):
            if dice < share:
                self.deeds.append((before, number, deed))
                break
        if 0.22 <= dice < 0.24:
            self.deeds.append((before + (starts_at - before) / 2, number, "start"))

    def _stamp(self, contact: ContactId, channel: Channel) -> Stamp:
        return Stamp(now=self.clock(), actor=f"contact:{contact}", contact=contact, channel=channel)

    # ---- what people do

    async def do(self, number: int, deed: str) -> None:
        person = self.people[number]
        self.done[deed] += 1
        match deed:
            case "move" | "cancel":
                await self._change(person, deed, number)
            case "block":
                person.is_blocking = True
            case "stop":
                await self._say(person, Said(kind=Kind.STOP, text="STOP"))
                person.is_stopped = True
            case "start":
                await self._say(person, Said(kind=Kind.RESUME, text="START"))
                person.is_stopped = False
            case "answer":
                await self._say(person, Said(text="1"))

    async def _say(self, person: Patient, said: Said) -> None:
        number = f"in{sum(self.done.values())}"
        turns = self.chance.choice(self.workers).turns
        message = Inbound(channel=person.channel, address=person.address, provider_id=number, said=said)
        assert "done" == await turns.receive(message)

    async def _change(self, person: Patient, deed: str, number: int) -> None:
        assert person.appointment is not None
        name = list(ZONES)[number % 2]
        later = [slot for slot, starts_at in self.slots[name] if starts_at > self.clock() + DAY]
        async with self.database.begin() as connection:
            await conversations.open_by_contact(connection, person.contact)
            work = Work(connection, self._stamp(person.contact, person.channel))
            context = Context(store=work, contact=person.contact, now=self.clock(), key=f"{deed}{number}")
            if deed == "cancel" or not later:
                await handle(CancelAppointment(appointment=person.appointment), context)
            else:
                slot = self.chance.choice(later)
                move = MoveAppointment(appointment=person.appointment, version=person.version, slot=slot)
                await handle(move, context)
            person.version = (await work.appointments.by_id(person.appointment)).version

    # ---- how time passes

    async def live(self) -> None:
        """Pass through the month, from one thing that happens to the next."""
        self.deeds.sort()
        end = FIRST + DAYS * DAY
        while self.clock() < end:
            following = await self._next()
            tomorrow = datetime.combine(self.clock().date() + DAY, time(0), tzinfo=UTC)
            moment = min(following or end, tomorrow, end)
            self.clock.now = max(moment, self.clock())
            while self.deeds and self.deeds[0][0] <= self.clock():
                _, number, deed = self.deeds.pop(0)
                await self.do(number, deed)
            await self._work()
            if self.clock() >= tomorrow:
                await self._check()

    async def _next(self) -> datetime | None:
        query = select(tables.reminder.c.due_at).where(tables.reminder.c.state == "waiting")
        async with self.database.read() as connection:
            due = (await connection.execute(query.order_by(tables.reminder.c.due_at).limit(1))).scalar()
        moments = [moment for moment in (due, self.deeds[0][0] if self.deeds else None) if moment is not None]
        return min(moments, default=None)

    async def _work(self) -> None:
        """Let all workers work until nothing is left to be told or sent."""
        if not await self._is_due():
            return
        await self._learn()
        for _ in range(40):
            await asyncio.gather(*(worker.work(self.clock()) for worker in self.workers))
            async with self.database.read() as connection:
                queued = "SELECT count(*) FROM outbox WHERE state = 'queued' AND menu < 0"
                left = (await connection.execute(text(queued))).scalar_one()
            if not left and not await self._is_due():
                return
            self.clock.move(timedelta(seconds=5))

    async def _is_due(self) -> bool:
        async with self.database.read() as connection:
            return bool((await connection.execute(text(_DUE), {"now": self.clock()})).scalar_one())

    async def _learn(self) -> None:
        """Note what each reminder is about."""
        known = max(self.providers.about, default=0)
        query = text("SELECT id, appointment_id, version FROM reminder WHERE id > :known")
        async with self.database.read() as connection:
            for row in await connection.execute(query, {"known": known}):
                self.providers.about[row.id] = (row.appointment_id, row.version)

    async def _check(self) -> None:
        async with self.database.read() as connection:
            found = await verify.breaches(connection, self.clock() - MINUTE)
        assert dict.fromkeys(found, 0) == found, self.clock()


_DUE = "SELECT count(*) FROM reminder WHERE state = 'waiting' AND due_at <= :now"


@pytest_asyncio.fixture
async def month(database_url: str) -> AsyncIterator[Month]:
    clock = Clock(FIRST)
    databases = [Database.open(database_url, Keyring.of(KEYS), pool_size=4) for _ in range(WORKERS)]
    for database in databases:
        await migrate.load_secret(database)
    providers = Providers(clock, random.Random(2))
    workers = [worker_on(database, providers, clock) for database in databases]
    yield Month(databases, workers, providers, clock, random.Random(1))
    for database in databases:
        await database.close()


@pytest.mark.parametrize("engine_name", ["postgresql"])  # several workers on one SQLite file are not offered
async def test_a_month_in_which_everybody_hears_what_they_were_promised_and_nothing_else(month: Month) -> None:
    await month.open()
    await month.fill()
    await month.live()
    taken = month.providers.taken
    async with month.database.read() as connection:
        rows = {row.id: row for row in await connection.execute(select(tables.reminder))}
        visits = {row.id: row.starts_at for row in await connection.execute(text(_VISITS))}
        tasks = set((await connection.execute(text("SELECT subject FROM task WHERE kind = 'not-reminded'"))).scalars())

    assert min(month.done.values()) > 30, month.done
    assert month.providers.kills > 5
    assert min(month.providers.failures.values()) > 20, month.providers.failures
    # Every reminder is told exactly once, and nothing else is.
    assert {1} == set(Counter(one.reminder for one in taken).values())
    assert {number for number, row in rows.items() if row.state == "told"} == {one.reminder for one in taken}
    assert "waiting" not in {row.state for row in rows.values()}
    # None is stale, none goes to somebody else or to who stopped.
    assert all(one.is_current and one.is_wanted and one.is_to_the_right_one for one in taken)
    # Each comes in its window: within a minute where nothing failed, before the visit, never in quiet hours.
    prompt = [one.at - rows[one.reminder].due_at for one in taken]
    assert sum(late <= MINUTE for late in prompt) > 0.97 * len(prompt)
    assert timedelta(0) <= min(prompt)
    assert max(prompt) < 5 * MINUTE
    for one in taken:
        zone = next(person.zone for person in month.people if person.appointment == rows[one.reminder].appointment_id)
        assert not QUIET.covers(one.at.astimezone(zone).time())
        assert one.at < visits[rows[one.reminder].appointment_id]
    # What was not told was not wanted any more, or staff know.
    why = Counter(row.why for row in rows.values() if row.state == "dropped")
    assert set(why) <= {"superseded", "stopped", "unreachable"}, why
    lost = {f"appointment:{row.appointment_id}" for row in rows.values() if row.why == "unreachable"}
    assert lost
    assert lost == tasks
    assert len(taken) > 1.5 * PEOPLE


_VISITS = "SELECT a.id, s.starts_at FROM appointment a JOIN slot s ON s.id = a.slot_id"
