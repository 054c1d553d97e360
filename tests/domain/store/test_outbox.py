"""Messages leave once, in each person's order, the urgent ones first, whatever number of workers sends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from domain.patients import Channel, ContactId
from domain.store import counts, outbox, tables
from domain.store.database import Connection
from domain.store.outbox import Leased, Priority, Queued
from tests.conftest import NOW
from tests.domain.clinic import Clinic, together
from tests.domain.store.by_hand import run

SECOND = timedelta(seconds=1)
LEASE = 20 * SECOND
TAP, REPLY, REMINDER, DIGEST, BROADCAST, MAIL = Priority
POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


async def contacts(clinic: Clinic, count: int) -> list[ContactId]:
    return [someone.contact for someone in await clinic.people(count)]


async def queue(
    connection: Connection,
    contact: ContactId,
    *texts: str,
    priority: Priority = REPLY,
    later: timedelta = timedelta(0),
) -> None:
    await outbox.queue(
        connection,
        contact_id=contact,
        channel=Channel.SMS,
        messages=[Queued(payload={"text": text}) for text in texts],
        now=NOW + later,
        priority=priority,
    )


async def lease(connection: Connection, later: timedelta = timedelta(0), limit: int = 32) -> list[Leased]:
    return await outbox.lease(connection, now=NOW + later, until=NOW + later + LEASE, limit=limit)


async def lease_next(connection: Connection, contact: ContactId, later: timedelta = timedelta(0)) -> Leased | None:
    return await outbox.lease_next(connection, contact, now=NOW + later, until=NOW + later + LEASE)


def texts(leased: list[Leased]) -> list[str]:
    return [row.payload["text"] for row in leased]


async def states(connection: Connection) -> list[str]:
    return list((await connection.execute(select(tables.outbox.c.state).order_by(tables.outbox.c.id))).scalars())


async def test_what_is_leased_says_all_that_sending_needs(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "hello", priority=REMINDER)
        (row,) = await lease(connection)
    assert (ana, Channel.SMS, "+15550000001") == (row.contact, row.channel, row.address)
    assert (REMINDER, NOW, 1, {"text": "hello"}) == (row.priority, row.due_at, row.attempts, row.payload)


async def test_a_mail_waits_for_what_the_person_was_sent_before_and_holds_up_nothing(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "mail", priority=MAIL)
        assert ["mail"] == texts(await lease(connection))
        for priority in (REPLY, REMINDER, DIGEST, BROADCAST):
            await queue(connection, ana, priority.name, priority=priority)
        assert ["REPLY"] == texts(await lease(connection, limit=1)), "though a mail is under way"
        await queue(connection, ana, "another mail", priority=MAIL)
        assert "another mail" not in texts(await lease(connection))


async def test_nothing_queued_is_nothing_leased(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana)
        assert [] == await lease(connection)
        assert await lease_next(connection, ana) is None
        assert (0, 0) == await counts.waiting(connection)


async def test_one_persons_messages_leave_in_their_order(clinic: Clinic) -> None:
    """The second is not leased before the first is closed, also by whoever just sent that."""
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "one", "two", "three")
        (first,) = await lease(connection)
        assert [] == await lease(connection)
        assert await lease_next(connection, ana) is None
        await outbox.sent(connection, first.id, "SM1", NOW)
        second = await lease_next(connection, ana)
        assert second is not None
        assert ["one", "two"] == texts([first, second])
        await outbox.dead(connection, second.id, "30003")
        assert ["three"] == texts(await lease(connection))
        assert ["sent", "dead", "queued"] == await states(connection)


async def test_different_people_are_leased_together_and_as_many_as_wanted(clinic: Clinic) -> None:
    people = await contacts(clinic, 5)
    async with clinic.database.begin() as connection:
        for contact in people:
            await queue(connection, contact, f"{contact}a", f"{contact}b")
        assert [f"{contact}a" for contact in people[:3]] == texts(await lease(connection, limit=3))
        assert [f"{contact}a" for contact in people[3:]] == texts(await lease(connection, limit=3))
        assert [] == await lease(connection)


async def test_urgent_messages_go_first(clinic: Clinic) -> None:
    people = await contacts(clinic, len(Priority))
    async with clinic.database.begin() as connection:
        for contact, priority in zip(people, reversed(Priority), strict=True):
            await queue(connection, contact, priority.name, priority=priority)
        assert ["TAP"] == texts(await lease(connection, limit=1))
        assert ["REPLY", "REMINDER"] == texts(await lease(connection, limit=2))
        assert ["DIGEST", "BROADCAST"] == texts(await lease(connection, limit=2))


async def test_a_reply_does_not_wait_behind_a_broadcast_to_the_same_person(clinic: Clinic) -> None:
    """But a broadcast waits behind a reply, and what is due later holds up nothing."""
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "news", priority=BROADCAST)
        await queue(connection, ana, "tomorrow", priority=REMINDER, later=timedelta(days=1))
        await queue(connection, ana, "answer")
        await queue(connection, ana, "more news", priority=BROADCAST)
        assert ["answer", "news"] == texts(await lease(connection))
        assert [] == await lease(connection)
        assert await lease_next(connection, ana) is None
        assert ["answer", "tomorrow", "news"] == texts(await lease(connection, timedelta(days=1)))


async def test_the_next_of_a_person_is_the_most_urgent(clinic: Clinic) -> None:
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        await queue(connection, ben, "not mine")
        await queue(connection, ana, "digest", priority=DIGEST)
        await queue(connection, ana, "answer", "answer again")
        found = []
        while (row := await lease_next(connection, ana)) is not None:
            found.append(row)
            await outbox.sent(connection, row.id, None, NOW)
        assert ["answer", "answer again", "digest"] == texts(found)


async def test_nothing_is_leased_before_it_is_due(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "later", later=5 * SECOND)
        found = [texts(await lease(connection, n * SECOND)) for n in (0, 4, 5)]
        assert [[], [], ["later"]] == found


async def test_a_lease_that_runs_out_is_free_to_be_taken_and_counts_as_an_attempt(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "one", "two")
        found = [[row.attempts for row in await lease(connection, n * SECOND)] for n in (0, 19, 20, 39, 40)]
        assert [[1], [], [2], [], [3]] == found
        assert ["queued", "queued"] == await states(connection)


async def test_what_is_put_off_holds_up_what_is_behind_it(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "one", "two")
        (row,) = await lease(connection)
        await outbox.again(connection, row.id, NOW + 3 * SECOND, "20429")
        assert [[], ["one"]] == [texts(await lease(connection, n * SECOND)) for n in (2, 3)]


async def test_a_closed_row_stays_closed(clinic: Clinic) -> None:
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "one")
        await queue(connection, ben, "one")
        sent, dead = await lease(connection)
        await outbox.sent(connection, sent.id, "SM1", NOW + SECOND)
        await outbox.dead(connection, dead.id, "21211")
        assert [] == await lease(connection, timedelta(days=2))
        rows = select(tables.outbox.c.provider_id, tables.outbox.c.sent_at, tables.outbox.c.error)
        found = [tuple(row) for row in await connection.execute(rows.order_by(tables.outbox.c.id))]
        assert [("SM1", NOW + SECOND, None), (None, None, "21211")] == found


async def test_a_dropped_queue_is_not_sent_and_others_are(clinic: Clinic) -> None:
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "sent", "leased", "waits")
        await queue(connection, ana, "news", priority=BROADCAST)
        await queue(connection, ben, "hello")
        for row in await lease(connection):
            if row.contact == ana:
                await outbox.sent(connection, row.id, None, NOW)
        await lease_next(connection, ana)
        await outbox.drop_queue(connection, ana, "stopped")
        assert ["sent", "dropped", "dropped", "dropped", "queued"] == await states(connection)
        assert ["hello"] == texts(await lease(connection, timedelta(days=1)))
        assert (1, 0) == await counts.waiting(connection)


# ---- several workers


@POSTGRESQL
async def test_no_two_workers_lease_the_same_row(clinic: Clinic) -> None:
    """While their leases are not committed yet they pass each other by, and see only first rows."""
    people = await contacts(clinic, 12)
    async with clinic.database.begin() as connection:
        for contact in people:
            await queue(connection, contact, f"{contact} first", f"{contact} second")
    async with (
        asyncio.timeout(10),
        clinic.database.begin() as one,
        clinic.database.begin() as two,
        clinic.database.begin() as three,
    ):
        leased = [await lease(connection, limit=5) for connection in (one, two, three)]
    assert [5, 5, 2] == list(map(len, leased))
    assert [f"{contact} first" for contact in people] == texts([row for rows in leased for row in rows])


async def test_leases_at_once_give_each_first_row_to_one_worker(clinic: Clinic) -> None:
    people = await contacts(clinic, 10)
    async with clinic.database.begin() as connection:
        for contact in people:
            await queue(connection, contact, "news", "more news", priority=BROADCAST)
            await queue(connection, contact, "answer", "another answer")

    async def worker() -> list[Leased]:
        async with clinic.database.begin() as connection:
            return await lease(connection, limit=3)

    leased = [row for rows in await together(*(worker() for _ in range(12))) for row in rows]
    assert len(leased) == len({row.id for row in leased})
    assert {"answer", "news"} >= set(texts(leased))
    rest = await together(*(worker() for _ in range(12)))
    leased += [row for rows in rest for row in rows]
    assert 20 == len(leased) == len({row.id for row in leased})


async def test_workers_at_once_send_each_message_once_and_in_order(clinic: Clinic) -> None:
    people = await contacts(clinic, 5)
    wanted = {contact: [f"{contact}-{n}" for n in range(4)] for contact in people}
    async with clinic.database.begin() as connection:
        for contact in people:
            await queue(connection, contact, *wanted[contact])
    went: list[Leased] = []

    async def worker() -> None:
        idle = 0
        while idle < 3:
            async with clinic.database.begin() as connection:
                rows = await lease(connection, limit=2)
            for row in rows:
                following: Leased | None = row
                while following is not None:
                    went.append(following)
                    async with clinic.database.begin() as connection:
                        await outbox.sent(connection, following.id, None, NOW)
                        following = await lease_next(connection, row.contact)
            idle = 0 if rows else idle + 1

    await together(*(worker() for _ in range(4)))
    assert 20 == len(went)
    assert wanted == {contact: texts([row for row in went if row.contact == contact]) for contact in people}


# ---- what became of what was sent


async def test_the_message_that_showed_a_menu_is_found_by_its_number(clinic: Clinic) -> None:
    ana, ben = await contacts(clinic, 2)
    async with clinic.database.begin() as connection:
        for contact in (ana, ben):
            shown = [Queued(payload={}, menu=3), Queued(payload={}), Queued(payload={}, menu=4)]
            await outbox.queue(connection, contact_id=contact, channel=Channel.SMS, messages=shown, now=NOW)
        for number in range(6):
            row = next(iter(await lease(connection, limit=1)))
            await outbox.sent(connection, row.id, f"{row.contact}-{number}", NOW)
        menus = [await outbox.provider_id_of_menu(connection, ana, menu) for menu in (3, 4, 5)]
    assert [None, None] != menus[:2]
    assert menus[2] is None
    assert {str(ana)} == {found.split("-")[0] for found in menus if found}


RANKS = {"queued": 1, "sending": 2, "sent": 3, "delivered": 4, "read": 5}


async def test_receipts_in_whatever_order_end_with_what_came_furthest(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        for number, order in enumerate(permutations(RANKS)):
            for step, status in enumerate(order):
                await outbox.keep_receipt(
                    connection,
                    provider_id=f"SM{number}",
                    status=status,
                    rank=RANKS[status],
                    error_code="30003" if status == "read" else None,
                    now=NOW + step * SECOND,
                )
        found = await connection.execute(select(tables.receipt.c.status, tables.receipt.c.error_code).distinct())
        assert [("read", "30003")] == [tuple(row) for row in found]
        assert 120 == len(list(await connection.execute(select(tables.receipt.c.provider_id))))


async def test_a_row_that_cannot_be_opened_holds_up_nobody_else(clinic: Clinic) -> None:
    """It comes empty, to be buried; so does one whose address cannot be opened."""
    ana, ben, eve = await contacts(clinic, 3)
    async with clinic.database.begin() as connection:
        for contact in (ana, ben, eve):
            await queue(connection, contact, "hello")
        await run(connection, "UPDATE outbox SET payload = :rubbish WHERE contact_id = :ana", rubbish=b"x", ana=ana)
        await run(connection, "UPDATE contact SET address = :rubbish WHERE id = :ben", rubbish=b"x", ben=ben)
        assert {ana: {}, ben: {}, eve: {"text": "hello"}} == {
            row.contact: row.payload for row in await lease(connection)
        }


async def test_a_tap_is_noticed_before_all_else(clinic: Clinic) -> None:
    (ana,) = await contacts(clinic, 1)
    async with clinic.database.begin() as connection:
        await queue(connection, ana, "words")
        await queue(connection, ana, "tap", priority=TAP)
        assert ["tap", "words"] == texts(await lease(connection))


async def test_a_receipt_of_the_same_rank_leaves_the_first(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        for status in ("undelivered", "delivered", "sent"):
            await outbox.keep_receipt(
                connection, provider_id="SM1", status=status, rank=4 if "d" in status else 3, error_code=None, now=NOW
            )
        found = await connection.execute(select(tables.receipt.c.status))
        assert "undelivered" == found.scalar_one()
