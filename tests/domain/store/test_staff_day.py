"""The numbers of a day equal what plain SQL over the appointments gives, whatever visits there are, on both engines."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, insert, text

from domain.centres import CentreId
from domain.staff.day_commands import DaySummary, Hour
from domain.store import prepared, tables
from domain.store.database import Connection, Database
from domain.store.sealing import Keyring
from domain.store.staff_day import SqlStaffDay
from domain.store.types import Moment
from tests.conftest import KEYS, NOW, Clock
from tests.domain.clinic import Clinic, write_centre, write_schedule

#: A day of 23 hours in New York, by the clocks of the world: [05:00, 04:00).
DAY = date(2027, 3, 14)
START, UNTIL = datetime(2027, 3, 14, 5, tzinfo=UTC), datetime(2027, 3, 15, 4, tzinfo=UTC)
#: Minutes from the day's start at which slots begin: outside, at the edges, on both sides of the missing hour.
SLOTS = (-1, 0, 90, 120, 540, 560, 645, 1379, 1380)
HOURS = sorted({minute // 60 for minute in SLOTS if 0 <= minute < 1380})
SLOT_STATES = ("free", "free", "free", "free", "free", "busy", "free", "busy-unavailable", "free")
STATUSES = ("pending", "booked", "booked", "booked", "arrived", "fulfilled", "cancelled", "noshow")
EXAMPLES = 15
PRODUCTS = ("alpha", "beta")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit at a slot; *reminders* and *responses* are of its version, or of the one before it (-1)."""

    slot: int
    status: str
    reminders: tuple[tuple[int, str], ...]
    responses: tuple[tuple[int, str], ...]
    product: str | None


VERSIONS = st.sampled_from((0, 0, -1))
VISITS = st.builds(
    Visit,
    slot=st.integers(0, len(SLOTS) - 1),
    status=st.sampled_from(STATUSES),
    reminders=st.lists(
        st.tuples(VERSIONS, st.sampled_from(("told", "told", "waiting", "superseded", "unreachable"))), max_size=2
    ).map(tuple),
    responses=st.lists(st.tuples(VERSIONS, st.sampled_from(("accepted", "tentative"))), max_size=2, unique=True).map(
        tuple
    ),
    product=st.sampled_from((None, *PRODUCTS)),
)
LOTS = st.lists(
    st.tuples(st.sampled_from(PRODUCTS), st.integers(-2, 9), st.integers(0, 3)), max_size=4
)  # product, days until it expires, doses
TASKS = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 50)), max_size=3)  # here, open, hours old


class _UndoneError(Exception):
    """What an example wrote goes again."""


@dataclass(slots=True)
class World:
    """Two centres with a slot at each of `SLOTS`, and somebody who books."""

    here: CentreId
    elsewhere: CentreId
    contact: int
    patient: int
    slots: list[int]
    others: list[int]


async def made(database: Database) -> World:
    someone = await Clinic(database, Clock()).someone()
    async with database.begin() as connection:
        here, elsewhere = [
            await write_centre(connection, key, tz="America/New_York") for key in ("hudson", "elsewhere")
        ]
        for product in PRODUCTS:
            await connection.execute(insert(tables.stock).values(centre_id=here, product=product))
        slots, others = await _slots(connection, here), await _slots(connection, elsewhere)
    return World(here, elsewhere, someone.contact, someone.patient, slots, others)


async def _slots(connection: Connection, centre: CentreId) -> list[int]:
    schedule = await write_schedule(connection, centre)
    found = []
    for minute, status in zip(SLOTS, SLOT_STATES, strict=True):
        starts_at = START + timedelta(minutes=minute)
        row = {
            "schedule_id": schedule,
            "centre_id": centre,
            "programme": "flu",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=1),
            "capacity": 2,
            "overbook": 20,
            "status": status,
        }
        added = await connection.execute(insert(tables.slot).returning(tables.slot.c.id), row)
        found.append(int(added.scalar_one()))
    return found


async def write(connection: Connection, world: World, visits: list[Visit], lots: Any, tasks: Any) -> None:
    full = (
        await _lot(connection, world, "alpha", 300, "full-alpha"),
        await _lot(connection, world, "beta", 300, "full-beta"),
    )
    for lot in full:
        await _movement(connection, lot, "delivery", 100)
    for number, visit in enumerate(visits):
        await _visit(connection, world, number, visit, world.slots)
    for number, visit in enumerate(visits[:2], start=len(visits)):
        await _visit(connection, world, number, visit, world.others)
    for lot in full:  # a loss may always be recorded, whatever is promised
        await _movement(connection, lot, "loss", -100)
    for number, (product, days, doses) in enumerate(lots):
        lot = await _lot(connection, world, product, days, f"L{number}")
        if doses:
            await _movement(connection, lot, "delivery", doses)
    for number, (is_here, is_open, hours) in enumerate(tasks):
        row = {
            "kind": "stuck",
            "subject": f"test:{number}",
            "state": "open" if is_open else "done",
            "opened_at": NOW - timedelta(hours=hours),
            "centre_id": world.here if is_here else world.elsewhere,
        }
        await connection.execute(insert(tables.task).values(row))


async def _lot(connection: Connection, world: World, product: str, days: int, number: str) -> int:
    row = {"centre_id": world.here, "product": product, "number": number, "expires_on": DAY + timedelta(days=days)}
    return int((await connection.execute(insert(tables.lot).returning(tables.lot.c.id), row)).scalar_one())


async def _movement(connection: Connection, lot: int, kind: str, doses: int) -> None:
    row = {"lot_id": lot, "kind": kind, "quantity": doses, "at": NOW, "actor": "test"}
    await connection.execute(insert(tables.stock_movement).values(row))


async def _visit(connection: Connection, world: World, number: int, visit: Visit, slots: list[int]) -> None:
    product = visit.product if slots is world.slots else None
    starts_at = START + timedelta(minutes=SLOTS[visit.slot])
    row = {
        "reference": f"R{number}",
        "patient_id": world.patient,
        "slot_id": slots[visit.slot],
        "course": f"flu:{number}",
        "status": visit.status,
        "version": 2,
        "expires_at": NOW if visit.status == "pending" else None,
        "channel": "sms",
        "contact_id": world.contact,
        "idempotency_key": f"test:{number}",
        "created_at": NOW,
        "updated_at": NOW,
        "updated_by": "test",
        "product": product,
        "product_day": (starts_at - timedelta(hours=4)).date() if product else None,
    }
    table = tables.appointment
    added = (await connection.execute(insert(table).returning(table.c.id), row)).scalar_one()
    for kind, (version, state) in enumerate(visit.reminders):
        await connection.execute(insert(tables.reminder).values(_reminder(added, kind, version, state)))
    for version, status in visit.responses:
        said = {"appointment_id": added, "version": 2 + version, "status": status, "contact_id": world.contact}
        await connection.execute(insert(tables.appointment_response).values(**said, at=NOW))


def _reminder(appointment: int, kind: int, version: int, state: str) -> dict[str, Any]:
    is_dropped = state in ("superseded", "unreachable")
    return {
        "appointment_id": appointment,
        "version": 2 + version,
        "kind": f"kind-{kind}",
        "due_at": NOW,
        "state": "dropped" if is_dropped else state,
        "why": state if is_dropped else None,
        "told_at": NOW if state == "told" else None,
    }


# ---- the same in plain SQL, each number by itself

_OF_HOUR = """SELECT count(*) FROM appointment a JOIN slot s ON s.id = a.slot_id
    WHERE s.centre_id = :centre AND s.starts_at >= :start AND s.starts_at < :until AND """
_TOLD = "(SELECT count(*) FROM reminder r WHERE r.appointment_id = a.id AND r.version = a.version AND r.state = 'told')"
_LOST = """(SELECT count(*) FROM reminder r WHERE r.appointment_id = a.id AND r.version = a.version
    AND r.why = 'unreachable')"""
_SAID = "(SELECT count(*) FROM appointment_response p WHERE p.appointment_id = a.id AND p.version = a.version {})"
_YES = _SAID.format("AND p.status = 'accepted'")
_ANYTHING = _SAID.format("")
PLAIN = {
    "booked": "a.status IN ('booked', 'arrived', 'fulfilled', 'noshow')",
    "confirmed": f"a.status = 'booked' AND {_YES} > 0",
    "silent": f"a.status = 'booked' AND {_TOLD} > 0 AND {_ANYTHING} = 0",
    "unreachable": f"a.status = 'booked' AND {_TOLD} = 0 AND {_LOST} > 0 AND {_ANYTHING} = 0",
    "arrived": "a.status = 'arrived'",
    "done": "a.status = 'fulfilled'",
    "missed": "a.status = 'noshow'",
}
_EMPTY = """SELECT coalesce(sum(capacity - taken), 0) FROM slot WHERE centre_id = :centre AND starts_at >= :start
    AND starts_at < :until AND status = 'free' AND taken < capacity"""

_ALL = text("SELECT " + ", ".join([*(f"({_OF_HOUR}{where})" for where in PLAIN.values()), f"({_EMPTY})"])).bindparams(
    bindparam("start", type_=Moment()), bindparam("until", type_=Moment())
)
_GOOD = """SELECT sum(on_hand) FROM lot WHERE centre_id = :centre AND product = :product
    AND expires_on >= '2027-03-14'"""
_PROMISED = """SELECT count(*) FROM appointment a JOIN slot s ON s.id = a.slot_id WHERE s.centre_id = :centre
    AND a.product = :product AND a.product_day = '2027-03-14' AND a.status IN ('pending', 'booked', 'arrived')"""


async def _value(connection: Connection, query: str, **values: Any) -> int:
    return int((await connection.execute(text(query), values)).scalar() or 0)


async def check(connection: Connection, world: World, found: DaySummary) -> None:
    seen = {hour.starts_at: hour for hour in found.hours}
    assert list(seen) == sorted(seen)
    for number in HOURS:
        start = START + timedelta(hours=number)
        span = {"centre": world.here, "start": start, "until": start + timedelta(hours=1)}
        (row,) = await connection.execute(_ALL.bindparams(**span))
        counted = dict(zip((*PLAIN, "empty"), map(int, row), strict=True))
        assert Hour(starts_at=start, **counted) == seen.pop(start, Hour(starts_at=start)), start
    assert {} == seen
    for product in PRODUCTS:
        values = {"centre": world.here, "product": product}
        counts = await _value(connection, _GOOD, **values), await _value(connection, _PROMISED, **values)
        told = next(((one.good, one.promised) for one in found.doses if one.product == product), (0, 0))
        assert counts == told
        assert max(0, counts[1] - counts[0]) == next((one.short for one in found.doses if one.product == product), 0)
    expiring = "SELECT count(*) FROM lot WHERE centre_id = :centre AND on_hand > 0 AND expires_on <= '2027-03-21'"
    assert await _value(connection, expiring, centre=world.here) == len(found.lots)
    open_ones = "SELECT count(*) FROM task WHERE centre_id = :centre AND state = 'open'"
    assert await _value(connection, open_ones, centre=world.here) == found.tasks
    assert (found.oldest_task is None) == (found.tasks == 0)


async def tried(database: Database, world: World, visits: list[Visit], lots: Any, tasks: Any) -> None:
    try:
        async with database.begin() as connection:
            await write(connection, world, visits, lots, tasks)
            asked: list[str] = []
            prepared.watchers.append(lambda sql, _names, _values: asked.append(sql))
            try:
                found = await SqlStaffDay(connection).summary(world.here, DAY)
            finally:
                prepared.watchers.pop()
            assert 6 == len(asked), "however many visits there are"
            await check(connection, world, found)
            raise _UndoneError
    except _UndoneError:
        pass


def test_the_numbers_of_a_day_are_those_of_plain_sql(database_url: str) -> None:
    with asyncio.Runner() as runner:
        database = Database.open(database_url, Keyring.of(KEYS))
        world = runner.run(made(database))
        seen = itertools.count()

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.lists(VISITS, max_size=12), LOTS, TASKS)
        def any_day(visits: list[Visit], lots: Any, tasks: Any) -> None:
            next(seen)
            runner.run(tried(database, world, visits, lots, tasks))

        try:
            any_day()
        finally:
            runner.run(database.close())
    assert EXAMPLES <= next(seen)
