"""What must never break is refused by the database itself, whoever writes (I1, I2, I3)."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy.exc import IntegrityError

from domain.appointments import CLAIMING, OPEN, Status
from domain.store import tables
from domain.store.database import Connection
from tests.domain.clinic import Clinic
from tests.domain.store.by_hand import insert, refusal, run, undone, update

COLUMNS = """(reference, patient_id, slot_id, course, status, expires_at, channel, contact_id, idempotency_key,
    created_at, updated_at, updated_by)"""
MORE = (
    "INSERT INTO appointment "
    + COLUMNS
    + """ SELECT 'R-more', :other, :slot, 'flu:1', '{status}', {expires}, 'sms',
    contact_id, 'key-more', created_at, updated_at, 'hand' FROM appointment WHERE id = :first"""
)


def claiming(status: str) -> bool:
    return status in CLAIMING


async def taken(connection: Connection, slot: int) -> int:
    return int((await run(connection, "SELECT taken FROM slot WHERE id = :slot", slot=slot)).scalar_one())


def test_handlers_and_triggers_agree_on_what_takes_a_place() -> None:
    assert str(tuple(map(str, CLAIMING))) == tables.CLAIMING


async def test_a_full_slot_takes_no_more(clinic: Clinic) -> None:
    """Neither by an insert, nor by a change of status, nor by a move, whatever the claim is called (I1)."""
    full, free = await clinic.slot(1), await clinic.slot(2, capacity=9)
    ana, ben = await clinic.people(2)
    async with clinic.database.begin() as connection:
        first = await insert(connection, ana, full)
        for status in Status:
            hold = status == Status.PENDING
            more = MORE.format(status=status, expires="created_at" if hold else "NULL")
            why = await refusal(connection, more, other=ben.patient, slot=full, first=first)
            assert claiming(status) == is_full(why), (status, why)
            assert "" == await refusal(connection, more, other=ben.patient, slot=free, first=first)
        there = await insert(connection, ben, free)
        move = "UPDATE appointment SET slot_id = :slot, version = version + 1 WHERE id = :id"
        assert is_full(await refusal(connection, move, slot=full, id=there))
        away = await insert(connection, ben, full, "cancelled")
        back = "UPDATE appointment SET status = 'booked', version = version + 1 WHERE id = :id"
        await update(connection, there, "status = 'cancelled'")
        assert is_full(await refusal(connection, back, id=away))
        assert (1, 0) == (await taken(connection, full), await taken(connection, free))


def is_full(why: str) -> bool:
    return "ck_slot_taken" in why


async def test_overbooking_adds_to_the_capacity_and_no_more(clinic: Clinic) -> None:
    slot = await clinic.slot(capacity=2, overbook=1)
    people = await clinic.people(4)
    async with undone(clinic.database) as connection:
        for someone in people[:3]:
            await insert(connection, someone, slot)
        with pytest.raises(IntegrityError, match="ck_slot_taken"):
            await insert(connection, people[3], slot)


SLOTS = (
    ("fewer places than are taken", "UPDATE slot SET capacity = 1", "ck_slot_taken"),
    ("more taken than there are places", "UPDATE slot SET taken = 3", "ck_slot_taken"),
    ("less than nothing taken", "UPDATE slot SET taken = -1", "ck_slot_taken"),
    ("less than no capacity", "UPDATE slot SET capacity = -1, overbook = 9", "ck_slot"),
    ("less than no overbooking", "UPDATE slot SET overbook = -1, capacity = 9", "ck_slot_capacity"),
    ("more kept than there is", "UPDATE slot SET reserve = 99", "ck_slot_reserve"),
    ("a status that is none", "UPDATE slot SET status = 'full'", "ck_slot_status"),
    ("an end before its start", "UPDATE slot SET ends_at = starts_at", "ck_slot_span"),
    ("a schedule that is none", "UPDATE slot SET schedule_id = 999", "foreign key"),
    ("a centre that is none", "UPDATE slot SET centre_id = 999", "foreign key"),
    ("a slot that is claimed is gone", "DELETE FROM slot", "foreign key"),
    ("an appointment's status that is none", "UPDATE appointment SET status = 'lost', version = 2", "status"),
    ("a hold without an end", "UPDATE appointment SET status = 'pending', version = 2", "hold_expires"),
    ("a booking with an end", "UPDATE appointment SET expires_at = created_at, version = 2", "hold_expires"),
    ("a patient that is none", "UPDATE appointment SET patient_id = 999, version = 2", "foreign key"),
    ("a channel that is none", "UPDATE contact SET channel = 'pigeon'", "ck_contact_channel"),
    ("a centre off the globe", "UPDATE centre SET lat = 91", "ck_centre_position"),
    ("a centre beyond the 180th meridian", "UPDATE centre SET lon = -181", "ck_centre_position"),
)


async def test_rows_that_make_no_sense_are_refused(clinic: Clinic) -> None:
    slot = await clinic.slot(capacity=2)
    people = await clinic.people(2)
    async with clinic.database.begin() as connection:
        for someone in people:
            await insert(connection, someone, slot)
        for why, statement, name in SLOTS:
            where = " WHERE id = (SELECT min(id) FROM appointment)" if "UPDATE appointment" in statement else ""
            assert name in (await refusal(connection, statement + where)).lower(), why


async def test_places_taken_follow_every_change(clinic: Clinic) -> None:
    """From each status to each other, moved or not, and deleted at last: the counters are what the claims add up to."""
    here, there = await clinic.slot(1, capacity=3), await clinic.slot(2, capacity=3)
    ana = await clinic.someone()
    async with clinic.database.begin() as connection:
        for old, new, moves in product(Status, Status, (False, True)):
            one = await insert(connection, ana, here, old)
            assert claiming(old) == await taken(connection, here)
            expires = ":now" if new == Status.PENDING else "NULL"
            to = there if moves else here
            await update(connection, one, f"status = :new, slot_id = :to, expires_at = {expires}", new=new, to=to)
            wanted = (int(claiming(new) and not moves), int(claiming(new) and moves))
            assert wanted == (await taken(connection, here), await taken(connection, there)), (old, new, moves)
            await run(connection, "DELETE FROM appointment")
            assert (0, 0) == (await taken(connection, here), await taken(connection, there)), (old, new, moves)


async def test_several_claims_changed_at_once_are_all_counted(clinic: Clinic) -> None:
    here, there = await clinic.slot(1, capacity=3), await clinic.slot(2, capacity=3)
    people = await clinic.people(3)
    async with clinic.database.begin() as connection:
        ids = [await insert(connection, someone, here) for someone in people]
        await run(connection, "UPDATE appointment SET slot_id = :slot, version = 2", slot=there)
        assert (0, 3) == (await taken(connection, here), await taken(connection, there))
        await run(connection, "UPDATE appointment SET status = 'cancelled', version = 3 WHERE id <> :id", id=ids[0])
        assert (0, 1) == (await taken(connection, here), await taken(connection, there))


async def test_a_person_has_one_open_claim_per_course(clinic: Clinic) -> None:
    """Whatever the two claims are called, and wherever they are (I2); claims that are over do not count."""
    here, there = await clinic.slot(1, capacity=9), await clinic.slot(2, capacity=9)
    ana, ben = await clinic.people(2)
    async with clinic.database.begin() as connection:
        for old, new in product(Status, Status):
            first = await insert(connection, ana, here, old)
            more = MORE.format(status=new, expires="created_at" if new == Status.PENDING else "NULL")
            why = await refusal(connection, more, other=ana.patient, slot=there, first=first)
            is_second = old in OPEN and new in OPEN
            assert is_second == is_second_claim(why), (old, new, why)
            assert is_second or why == ""
            assert "" == await refusal(connection, more, other=ben.patient, slot=there, first=first)
            other_course = more.replace("'flu:1'", "'flu:2'")
            assert "" == await refusal(connection, other_course, other=ana.patient, slot=there, first=first)
            await run(connection, "DELETE FROM appointment")


def is_second_claim(why: str) -> bool:
    return "ux_appointment_open" in why or "appointment.patient_id, appointment.course" in why


INBOX = """INSERT INTO inbox (channel, provider_id, contact_id, state, received_at)
    VALUES (:channel, :id, :contact, 'done', :now)"""
TWICE = (
    ("the same message", "sms", "SM1", "refused"),
    ("another message", "sms", "SM2", ""),
    ("the same id from another provider", "telegram", "SM1", ""),
)


async def test_a_message_comes_in_once(clinic: Clinic) -> None:
    ana = await clinic.someone()
    async with clinic.database.begin() as connection:
        await run(connection, INBOX, channel="sms", id="SM1", contact=ana.contact)
        for why, channel, provider_id, expected in TWICE:
            found = await refusal(connection, INBOX, channel=channel, id=provider_id, contact=ana.contact)
            assert bool(expected) == ("unique" in found.lower()), why


UNIQUE = (
    ("one request books once", "idempotency_key", {"key": "same"}),
    ("a reference means one appointment", "reference", {"reference": "SAME22"}),
)


async def test_keys_and_references_are_unique(clinic: Clinic) -> None:
    slot = await clinic.slot(capacity=9)
    ana, ben = await clinic.people(2)
    for why, column, same in UNIQUE:
        async with undone(clinic.database) as connection:
            await insert(connection, ana, slot, **same)
            with pytest.raises(IntegrityError, match=column):
                await insert(connection, ben, slot, **same)
        assert 0 == await clinic.count("appointment"), why


async def test_a_published_slot_stands_once(clinic: Clinic) -> None:
    await clinic.slot()
    copy = """INSERT INTO slot (schedule_id, centre_id, programme, starts_at, ends_at, capacity)
        SELECT schedule_id, centre_id, programme, starts_at, ends_at, capacity FROM slot"""
    async with clinic.database.begin() as connection:
        assert "unique" in (await refusal(connection, copy)).lower()


async def test_one_task_of_a_kind_is_open_for_a_subject(clinic: Clinic) -> None:
    task = "INSERT INTO task (kind, subject, state, opened_at) VALUES ('call', 'contact:1', '{state}', :now)"
    async with clinic.database.begin() as connection:
        await run(connection, task.format(state="open"))
        assert "unique" in (await refusal(connection, task.format(state="open"))).lower()
        assert "" == await refusal(connection, task.format(state="done"))
