"""Every change of an appointment leaves an audit event in the same transaction, and those stay as they are (I9)."""

from __future__ import annotations

from typing import Any

from domain.store.database import Connection
from tests.domain.clinic import Clinic
from tests.domain.store.by_hand import insert, refusal, run, undone, update

EVENTS = "SELECT entity, entity_id, version, action, actor FROM audit_event ORDER BY id"


async def events(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await run(connection, EVENTS)]


async def test_each_change_has_an_event_with_the_next_version(clinic: Clinic) -> None:
    here, there = await clinic.slot(1), await clinic.slot(2)
    ana = await clinic.someone()
    async with clinic.database.begin() as connection:
        one = await insert(connection, ana, here, "pending")
        await update(connection, one, "status = 'booked', expires_at = NULL, updated_by = 'desk'")
        await update(connection, one, "slot_id = :there, updated_by = 'staff'", there=there)
        await update(connection, one, "status = 'cancelled'")
        expected = [(1, "pending", "hand"), (2, "booked", "desk"), (3, "booked", "staff"), (4, "cancelled", "staff")]
        assert [("appointment", one, *event) for event in expected] == await events(connection)


async def test_a_change_of_many_has_an_event_for_each(clinic: Clinic) -> None:
    slot = await clinic.slot(capacity=3)
    people = await clinic.people(3)
    async with clinic.database.begin() as connection:
        ids = [await insert(connection, someone, slot) for someone in people]
        await run(connection, "UPDATE appointment SET status = 'noshow', version = version + 1")
        assert sorted(ids) == sorted(event[1] for event in await events(connection) if event[2] == 2)


async def test_what_is_rolled_back_leaves_no_event(clinic: Clinic) -> None:
    slot = await clinic.slot()
    ana = await clinic.someone()
    async with undone(clinic.database) as connection:
        await insert(connection, ana, slot)
    assert 0 == await clinic.count("audit_event")


async def test_a_change_that_does_not_raise_the_version_is_refused(clinic: Clinic) -> None:
    slot = await clinic.slot()
    ana = await clinic.someone()
    async with clinic.database.begin() as connection:
        one = await insert(connection, ana, slot)
        await update(connection, one, "status = 'arrived'")
        for change in (
            "status = 'fulfilled'",
            "updated_by = 'nobody'",
            "version = 1",
            "status = 'noshow', version = 2",
        ):
            why = await refusal(connection, f"UPDATE appointment SET {change} WHERE id = :one", one=one)
            assert "audit_event" in why, change
            assert "unique" in why.lower(), change


async def test_events_are_not_changed(clinic: Clinic) -> None:
    slot = await clinic.slot()
    ana = await clinic.someone()
    async with clinic.database.begin() as connection:
        await insert(connection, ana, slot)
        for change in ("actor = 'nobody'", "version = 7", "action = 'cancelled'", "at = at"):
            why = await refusal(connection, f"UPDATE audit_event SET {change}")
            assert "audit events are not changed" in why, change


async def test_handlers_say_who_changed_what(clinic: Clinic) -> None:
    slot = await clinic.slot()
    ana = await clinic.someone()
    await clinic.do(ana.hold(slot), ana.contact)
    await clinic.do(ana.book(slot), ana.contact)
    async with clinic.database.read() as connection:
        found = await events(connection)
    assert {f"contact:{ana.contact}"} == {event[4] for event in found}
    assert list(range(1, len(found) + 1)) == [event[2] for event in found]
    assert ("pending", "booked") == (found[0][3], found[-1][3])
