"""Every message that came in is kept once, and is worked off in the order in which its sender wrote."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.patients import ContactId
from domain.store import counts, inbox, tables
from domain.store.database import Connection
from domain.store.inbox import InboxId, Received, Waiting
from tests.conftest import NOW
from tests.domain.clinic import Clinic, together
from tests.domain.store.by_hand import run, undone

SECOND = timedelta(seconds=1)
POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


async def contacts(clinic: Clinic, count: int) -> list[ContactId]:
    return [someone.contact for someone in await clinic.people(count)]


async def receive(
    connection: Connection, contact: ContactId, provider_id: str, *, put_off: bool = False, channel: str = "sms"
) -> Received | None:
    return await inbox.receive(
        connection,
        contact_id=contact,
        channel=channel,
        provider_id=provider_id,
        payload={"text": provider_id},
        now=NOW,
        put_off=put_off,
    )


async def wait(connection: Connection, contact: ContactId, provider_id: str) -> InboxId:
    """Put a message off until a worker comes."""
    row = await receive(connection, contact, provider_id, put_off=True)
    assert row is not None
    assert row.waits
    return row.id


async def states(connection: Connection) -> list[str]:
    return list((await connection.execute(select(tables.inbox.c.state).order_by(tables.inbox.c.id))).scalars())


async def test_a_message_that_came_before_is_told_apart(clinic: Clinic) -> None:
    """By the provider's id on its channel, whether it was done or waits, in another transaction too."""
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        first = await receive(connection, ana, "SM1")
        assert first is not None
        assert not first.waits
        assert await receive(connection, ana, "SM1") is None
    async with clinic.database.begin() as connection:
        assert await receive(connection, ana, "SM1", put_off=True) is None
        assert await receive(connection, ben, "SM1") is None
        assert await receive(connection, ana, "SM1", channel="telegram") is not None
        assert await receive(connection, ana, "SM2") is not None
        assert 3 == await clinic_count(connection)


async def clinic_count(connection: Connection) -> int:
    return len(await states(connection))


async def test_a_message_that_was_not_committed_may_come_again(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with undone(clinic.database) as connection:
        assert await receive(connection, ana, "SM1") is not None
    async with clinic.database.begin() as connection:
        assert await receive(connection, ana, "SM1") is not None


async def test_one_of_many_deliveries_at_once_counts(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)

    async def deliver() -> Received | None:
        async with clinic.database.begin() as connection:
            return await receive(connection, ana, "SM1")

    found = await together(*(deliver() for _ in range(12)))
    assert 11 == found.count(None)


async def test_a_message_behind_a_waiting_one_waits_too(clinic: Clinic) -> None:
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        first = await wait(connection, ana, "SM1")
        second, other = await receive(connection, ana, "SM2"), await receive(connection, ben, "SM3")
        assert second is not None
        assert other is not None
        assert (True, False) == (second.waits, other.waits)
        for done in (first, second.id):
            await inbox.done(connection, done)
        third = await receive(connection, ana, "SM4")
        assert third is not None
        assert not third.waits


async def test_a_dead_message_holds_up_nobody(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await inbox.give_up(connection, await wait(connection, ana, "SM1"))
        row = await receive(connection, ana, "SM2")
        assert row is not None
        assert not row.waits
        assert ["dead", "done"] == await states(connection)
        assert await inbox.next_waiting(connection, NOW) is None


async def test_messages_are_worked_off_in_their_order(clinic: Clinic) -> None:
    """The oldest first, and of one person only the first, however long that is put off."""
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        first, second = await wait(connection, ana, "A1"), await wait(connection, ana, "A2")
        other = await wait(connection, ben, "B1")
        assert first == await due(connection)
        await inbox.retry(connection, first, NOW + 8 * SECOND)
        assert other == await due(connection)
        await inbox.done(connection, other)
        assert await due(connection) is None
        assert first == await due(connection, 8 * SECOND)
        await inbox.done(connection, first)
        assert second == await due(connection)
        await inbox.done(connection, second)
        assert await due(connection) is None
        assert ["done", "done", "done"] == await states(connection)


async def due(connection: Connection, later: timedelta = timedelta(0)) -> InboxId | None:
    found = await inbox.next_waiting(connection, NOW + later)
    return found.id if found else None


async def test_a_waiting_message_is_all_there(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        row = await wait(connection, ana, "SM1")
        for attempt in (0, 1, 2):
            found = await inbox.next_waiting(connection, NOW)
            assert Waiting(id=row, contact=ana, attempts=attempt, received_at=NOW, payload={"text": "SM1"}) == found
            await inbox.retry(connection, row, NOW)


async def test_a_message_that_cannot_be_opened_comes_empty_and_holds_up_nobody_else(clinic: Clinic) -> None:
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        first, other = await wait(connection, ana, "A1"), await wait(connection, ben, "B1")
        await run(connection, "UPDATE inbox SET payload = :rubbish WHERE id = :first", rubbish=b"x", first=first)
        found = await inbox.next_waiting(connection, NOW)
        assert found is not None
        assert (first, {}) == (found.id, found.payload)
        assert await inbox.give_up(connection, first)
        assert other == await due(connection)


async def test_what_another_worker_has_finished_is_neither_put_off_nor_given_up(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        row = await wait(connection, ana, "SM1")
        await inbox.done(connection, row)
        await inbox.retry(connection, row, NOW + SECOND)
        assert not await inbox.give_up(connection, row)
        assert ["done"] == await states(connection)


async def test_a_message_whose_turn_failed_waits_and_so_does_what_comes_behind_it(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        first = await receive(connection, ana, "SM1", put_off=True)
        assert first is not None
        second = await receive(connection, ana, "SM2")
        assert second is not None
        assert second.waits
        assert first.id == await due(connection)


async def test_what_waits_is_counted(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await wait(connection, ana, "SM1")
        await receive(connection, ana, "SM2")
        assert (0, 2) == await counts.waiting(connection)


@POSTGRESQL
async def test_each_of_several_workers_has_another_persons_message(clinic: Clinic) -> None:
    """What one has locked the others pass by, and what is behind it too."""
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        first = await wait(connection, ana, "A1")
        await wait(connection, ana, "A2")
        other = await wait(connection, ben, "B1")
    async with asyncio.timeout(10), clinic.database.begin() as one, clinic.database.begin() as two:
        assert (first, other) == (await due(one), await due(two))
        async with clinic.database.begin() as three:
            assert await due(three) is None


async def test_workers_at_once_do_each_message_once_and_in_order(clinic: Clinic) -> None:
    people = await contacts(clinic, 4)
    wanted: dict[ContactId, list[str]] = {contact: [f"{contact}-{n}" for n in range(5)] for contact in people}
    async with clinic.database.begin() as connection:
        for n in range(5):
            for contact in people:
                await wait(connection, contact, wanted[contact][n])
    did: list[Waiting] = []

    async def worker() -> None:
        idle = 0
        while idle < 3:
            async with clinic.database.begin() as connection:
                found = await inbox.next_waiting(connection, NOW)
                if found is not None:
                    await inbox.done(connection, found.id)
                    did.append(found)
            idle = 0 if found else idle + 1

    await together(*(worker() for _ in range(4)))
    assert 20 == len(did)
    assert wanted == {contact: [one.payload["text"] for one in did if one.contact == contact] for contact in people}
