"""Each invariant's query finds a breach that is there: planted in a database that has lost all its rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import inspect, text

from domain.appointments import HOLD
from domain.store import migrate, tables, verify
from domain.store.database import Connection, Database
from tests.conftest import NOW, Clock
from tests.domain.clinic import Clinic
from tests.domain.store.by_hand import run, undone

COPY = "(SELECT max(id) + 1 FROM appointment)"
# A claim of somebody else on the first slot, with its audit event, and counted.
ANOTHER = (
    f"""INSERT INTO appointment (id, reference, patient_id, slot_id, course, status, version, expires_at, channel,
        contact_id, idempotency_key, created_at, updated_at, updated_by)
        SELECT {COPY}, '{{key}}', patient_id + {{other}}, slot_id, '{{course}}', 'booked', 1, NULL, channel, contact_id,
        '{{key}}', created_at, updated_at, updated_by FROM appointment WHERE id = (SELECT min(id) FROM appointment)""",
    """INSERT INTO audit_event (id, at, actor, entity, entity_id, version, action) SELECT
        (SELECT max(id) + 1 FROM audit_event), updated_at, 'hand', 'appointment', id, 1, 'booked' FROM appointment
        WHERE id = (SELECT max(id) FROM appointment)""",
    "UPDATE slot SET taken = taken + 1 WHERE id = (SELECT min(id) FROM slot)",
)


def another(*, course: str = "flu:1", other: int = 2, key: str = "HAND22") -> tuple[str, ...]:
    return tuple(statement.format(course=course, other=other, key=key) for statement in ANOTHER)


LAST_EVENT = "WHERE id = (SELECT max(id) FROM audit_event WHERE entity_id = 1)"
FIRST = "WHERE id = (SELECT min(id) FROM appointment)"
STOPPED = "UPDATE contact SET stopped_at = :now"
QUEUED = """INSERT INTO outbox (id, contact_id, channel, priority, state, due_at, next_at, attempts, payload)
    SELECT 1, min(id), 'sms', 0, '{state}', :later, :later, 0, address FROM contact GROUP BY address LIMIT 1"""
TOLD = """INSERT INTO outbox (id, contact_id, channel, priority, state, due_at, next_at, attempts, payload, menu)
    SELECT {id}, min(id), 'sms', 1, 'sent', :now, :now, 1, address, -7 FROM contact GROUP BY address LIMIT 1"""
INBOX = """INSERT INTO inbox (id, channel, provider_id, contact_id, state, attempts, received_at)
    SELECT {id}, '{channel}', 'SM1', min(id), 'done', 0, :now FROM contact"""
SLOT_AGAIN = """INSERT INTO slot (id, schedule_id, centre_id, programme, starts_at, ends_at, capacity, overbook, taken,
    status) SELECT 999, schedule_id, centre_id, programme, starts_at, ends_at, 1, 0, 0, 'free' FROM slot
    WHERE id = (SELECT min(id) FROM slot)"""

# what is planted → the invariants that are broken
PROMISED = """INSERT INTO stock_day (centre_id, product, day, promised)
    VALUES (1, 'comirnaty', '2027-03-02', 1)"""
LOT = """INSERT INTO lot (id, centre_id, product, number, expires_on, on_hand)
    VALUES (1, 1, 'comirnaty', 'A1', '2027-03-02', 3)"""
SPAN = """INSERT INTO stock_span (centre_id, product, after, until, spare)
    VALUES (1, 'comirnaty', '0001-01-01', '2027-03-02', {spare})"""
MOVED = """INSERT INTO stock_movement (id, lot_id, kind, quantity, at, actor)
    VALUES (1, 1, 'delivery', 3, :now, 'hand')"""
THEIRS = """INSERT INTO slot (id, schedule_id, centre_id, programme, practitioner_id, starts_at, ends_at, capacity,
    overbook, taken, status) SELECT {id}, {id}, centre_id, programme, 1, starts_at, ends_at, 1, 0, 0, '{status}'
    FROM slot WHERE id = (SELECT min(id) FROM slot)"""
TICK = "INSERT INTO occupancy (practitioner_id, tick, slot_id) VALUES ({whose}, {id}, {id})"
ALLOCATED = """INSERT INTO allocation (centre_id, product, group_key, quantity, promised, is_released)
    VALUES (1, 'comirnaty', 'health', 3, {promised}, false)"""
PLANTED: tuple[tuple[str, tuple[str, ...], dict[str, int]], ...] = (
    ("nothing", (), {}),
    ("one claim too many", another(), {"I1": 1}),
    ("one person's second claim, elsewhere counted", (
        *another(other=0), "UPDATE slot SET capacity = 2 WHERE id = (SELECT min(id) FROM slot)"), {"I2": 1}),
    ("another course of the same person", (
        *another(other=0, course="flu:2"), "UPDATE slot SET capacity = 2 WHERE id = (SELECT min(id) FROM slot)"), {}),
    ("one message twice", (INBOX.format(id=1, channel="sms"), INBOX.format(id=2, channel="sms")), {"I3": 1}),
    ("the same id on two channels", (INBOX.format(id=1, channel="sms"), INBOX.format(id=2, channel="telegram")), {}),
    ("one request twice", ("UPDATE appointment SET idempotency_key = 'same'",), {"I3": 1}),
    ("an appointment without a slot", (f"UPDATE appointment SET slot_id = 998 {FIRST}",
        "UPDATE slot SET taken = 0 WHERE id = (SELECT min(id) FROM slot)"), {"I6": 1}),
    ("an appointment in another programme's slot", (f"UPDATE appointment SET course = 'travel:1' {FIRST}",), {"I6": 1}),
    ("one place too many counted", ("UPDATE slot SET capacity = 9, taken = 2",), {"I7": 2}),
    ("one place too few counted", ("UPDATE slot SET taken = 0 WHERE id = (SELECT min(id) FROM slot)",), {"I7": 1}),
    ("a message to somebody who stopped", (STOPPED, QUEUED.format(state="queued")), {"I8": 1}),
    ("a message that was dropped", (STOPPED, QUEUED.format(state="dropped")), {}),
    ("a message to somebody who did not stop", (QUEUED.format(state="queued"),), {}),
    ("a change without its event", (f"UPDATE appointment SET version = version + 1 {FIRST}",), {"I8": 1, "I9": 1}),
    ("a version that was skipped", (f"UPDATE appointment SET version = version + 2 {FIRST}",
        f"UPDATE audit_event SET version = version + 2 {LAST_EVENT}"), {"I8": 1, "I9": 1}),
    ("a reminder that waits for what has moved on", ("UPDATE reminder SET version = 99",), {"I8": 3}),
    ("a reminder that is told twice", tuple(TOLD.format(id=one) for one in (1, 2)), {"I8": 1}),
    ("two reminders", (TOLD.format(id=1), TOLD.format(id=2).replace("-7", "-8")), {}),
    ("a reminder that was silenced", ("UPDATE reminder SET version = 99, state = 'dropped'",), {}),
    ("an event of the wrong version", (f"UPDATE audit_event SET version = 9 {LAST_EVENT}",), {"I9": 1}),
    ("an event that is gone", ("DELETE FROM audit_event WHERE id = (SELECT min(id) FROM audit_event)",), {"I9": 1}),
    ("a status that no event tells", (f"UPDATE appointment SET status = 'arrived' {FIRST}",), {"I9": 1}),
    ("a practitioner at work", (THEIRS.format(id=998, status="free"), TICK.format(whose=1, id=998)), {}),
    ("a practitioner in two places", tuple(statement.format(id=number, whose=1, status="free")
        for number in (998, 999) for statement in (THEIRS, TICK)), {"I4": 1}),
    ("a practitioner in one place, with another closed", (THEIRS.format(id=999, status="busy-unavailable"),
        THEIRS.format(id=998, status="free"), TICK.format(whose=1, id=998)), {}),
    ("a practitioner whose time nobody keeps", (THEIRS.format(id=998, status="free"),), {"I4": 1}),
    ("time kept for a closed slot", (THEIRS.format(id=998, status="busy-unavailable"),
        TICK.format(whose=1, id=998)), {"I4": 1}),
    ("time kept for somebody else's slot", (THEIRS.format(id=998, status="free"),
        TICK.format(whose=2, id=998)), {"I4": 1}),
    ("a dose promised that nobody claims", (PROMISED,), {"I5": 1}),
    ("doses on hand that no movement tells of", (LOT, SPAN.format(spare=3)), {"I5": 1}),
    ("doses on hand", (LOT, MOVED, SPAN.format(spare=3)), {}),
    ("a spare dose too many", (LOT, MOVED, SPAN.format(spare=4)), {"I5": 1}),
    ("doses on hand without a span", (LOT, MOVED), {"I5": 1}),
    ("an allocation", (ALLOCATED.format(promised=0),), {}),
    ("a dose of an allocation that nobody claims", (ALLOCATED.format(promised=1),), {"I5": 1}),
    ("a slot published twice", (SLOT_AGAIN,), {"I10": 1}),
    ("a hold that lapsed long ago", (f"UPDATE appointment SET expires_at = :long_ago {FIRST}",
        f"UPDATE appointment SET status = 'pending' {FIRST}",
        "UPDATE audit_event SET action = 'pending' WHERE entity_id = (SELECT min(id) FROM appointment)"), {"holds": 1}),
    ("a hold that lapsed just now", (f"UPDATE appointment SET status = 'pending', expires_at = :now {FIRST}",
        "UPDATE audit_event SET action = 'pending' WHERE entity_id = (SELECT min(id) FROM appointment)"), {}),
)  # fmt: skip


async def test_each_planted_breach_is_found(blank: Database) -> None:
    await migrate.migrate(blank)
    clinic = Clinic(blank, Clock())
    slots = [await clinic.slot(day) for day in (1, 2)]
    for someone, slot in zip((await clinic.people(3))[:2], slots, strict=True):
        await clinic.do(someone.hold(slot), someone.contact)
        await clinic.do(someone.book(slot), someone.contact)
    await lose_all_rules(blank)
    for why, statements, expected in PLANTED:
        async with undone(blank) as connection:
            await plant(connection, statements)
            found = await verify.breaches(connection, NOW - timedelta(minutes=1))
            assert expected == {name: count for name, count in found.items() if count}, why


async def plant(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        times = {"later": NOW + HOLD, "long_ago": NOW - HOLD}
        await run(connection, statement, **{name: at for name, at in times.items() if f":{name}" in statement})


TRIGGERS = "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal"
CONSTRAINTS = """SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u')"""
INDEXES = "SELECT format('DROP INDEX %I', indexname) FROM pg_indexes WHERE schemaname = 'public'"


async def lose_all_rules(database: Database) -> None:
    """Take every constraint, index, trigger and view out of *database*, so that anything can be written."""
    async with database.begin() as connection:
        await connection.run_sync(_lose)


def _lose(connection: SyncConnection) -> None:
    for statement in _losing(connection):
        connection.execute(text(statement.replace(":", r"\:")))


def _losing(connection: SyncConnection) -> Iterator[str]:
    yield from [f"DROP VIEW {name}" for name in inspect(connection).get_view_names()]
    if connection.dialect.name == "sqlite":
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        yield from [f"DROP TRIGGER {name}" for name in list(triggers.scalars())]
        for table in reversed(tables.metadata.sorted_tables):
            yield f"CREATE TABLE bare AS SELECT * FROM {table.name}"
            yield f"DROP TABLE {table.name}"
            yield f"ALTER TABLE bare RENAME TO {table.name}"
    else:
        for query in (TRIGGERS, CONSTRAINTS, INDEXES):
            yield from list(connection.execute(text(query)).scalars())


def test_every_invariant_is_planted() -> None:
    assert set(verify.INVARIANTS) == {name for _, _, expected in PLANTED for name in expected}


@pytest.mark.parametrize("name", verify.INVARIANTS)
def test_every_invariant_says_what_it_is(name: str) -> None:
    says, query = verify.INVARIANTS[name]
    assert says[0].islower()
    assert query.lstrip().startswith("SELECT")
