"""A contact leads to one conversation, found by a blind index, locked by whoever is at it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.patients import Channel, ContactId
from domain.store import conversations, tables
from domain.store.conversations import ConversationId, Opened
from domain.store.database import Connection
from tests.conftest import NOW
from tests.domain.clinic import Clinic, together

HOUR = timedelta(hours=1)
NUMBER = "+15550100001"
POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


async def open_it(
    clinic: Clinic, connection: Connection, address: str = NUMBER, channel: Channel = Channel.SMS
) -> Opened:
    return await conversations.open_by_address(
        connection, secret=clinic.database.index_secret, channel=channel, address=address, now=NOW
    )


async def test_the_first_message_of_an_address_begins_a_conversation(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        opened = await open_it(clinic, connection)
    assert (Channel.SMS, NUMBER, 0, None) == (opened.channel, opened.address, opened.turn, opened.state)
    assert (NOW, None) == (opened.heard_at, opened.stop_reason)


async def test_the_same_address_leads_to_the_same_conversation(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        first = await open_it(clinic, connection)
    async with clinic.database.begin() as connection:
        assert first == await open_it(clinic, connection)
        assert first == await conversations.open_by_contact(connection, first.contact)


async def test_another_address_or_channel_leads_to_another(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        opened = [
            await open_it(clinic, connection),
            await open_it(clinic, connection, "+15550100002"),
            await open_it(clinic, connection, channel=Channel.WHATSAPP),
        ]
    assert 3 == len({one.id for one in opened}) == len({one.contact for one in opened})


async def test_first_messages_at_once_begin_one_conversation(clinic: Clinic) -> None:
    """Whoever comes second uses the first one's, and leaves none of its own behind."""

    async def hear() -> tuple[ConversationId, ContactId]:
        async with clinic.database.begin() as connection:
            opened = await open_it(clinic, connection)
            return opened.id, opened.contact

    assert 1 == len(set(await together(*(hear() for _ in range(8)))))
    assert (1, 1) == (await clinic.count("conversation"), await clinic.count("contact"))


async def test_what_a_turn_leaves_behind_is_there_at_the_next(clinic: Clinic) -> None:
    state = {"ledger": {"name": "Ana", "n": [1, None]}, "language": "fr"}
    async with clinic.database.begin() as connection:
        opened = await open_it(clinic, connection)
        await conversations.save(connection, opened.id, turn=1, state=state, heard_at=NOW + HOUR, nudge_at=None)
    async with clinic.database.begin() as connection:
        found = await open_it(clinic, connection)
        assert (1, state, NOW + HOUR) == (found.turn, found.state, found.heard_at)
        assert state == await conversations.stored_state(connection, opened.id)
        assert await conversations.stored_state(connection, 999_999) is None


async def test_why_nothing_may_be_sent_is_known_until_they_start_again(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        opened = await open_it(clinic, connection)
        for reason, wanted in (("blocked", "blocked"), ("person", "person"), ("blocked", "person")):
            await conversations.stop(connection, opened.contact, at=NOW, reason=reason)
            found = await open_it(clinic, connection)
            assert (wanted, NOW) == (found.stop_reason, found.stopped_at)
        await conversations.take_up(connection, opened.contact, at=NOW, how="START")
        assert None is (await open_it(clinic, connection)).stop_reason


async def test_silences_are_due_by_their_time_the_longest_first(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        contacts = {}
        for hours in (3, 1, 2, None):
            opened = await open_it(clinic, connection, f"+1555010000{hours or 9}")
            nudge_at = NOW + hours * HOUR if hours else None
            await conversations.save(connection, opened.id, turn=7, state={}, heard_at=NOW, nudge_at=nudge_at)
            contacts[hours] = opened.contact
        found = [await conversations.due_for_nudge(connection, NOW + hours * HOUR, 2) for hours in (0, 1, 2, 9)]
        one, two = (contacts[1], 7), (contacts[2], 7)
        assert [[], [one], [one, two], [one, two]] == found


async def test_a_save_of_one_conversation_leaves_the_others(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        one, two = await open_it(clinic, connection), await open_it(clinic, connection, "+15550100002")
        await conversations.save(connection, one.id, turn=4, state={"a": 1}, heard_at=NOW, nudge_at=NOW)
        rows = await connection.execute(select(tables.conversation.c.turn).order_by(tables.conversation.c.id))
        assert [4, 0] == list(rows.scalars())
        assert two == await open_it(clinic, connection, "+15550100002")


@POSTGRESQL
async def test_a_conversation_is_locked_by_whoever_opened_it(clinic: Clinic) -> None:
    """The next message waits until the turn is over, and finds what it left behind; other people do not wait."""
    async with clinic.database.begin() as connection:
        opened = await open_it(clinic, connection)
        await open_it(clinic, connection, "+15550100002")

    async def hear() -> int:
        async with clinic.database.begin() as connection:
            return (await open_it(clinic, connection)).turn

    async with asyncio.timeout(10), asyncio.TaskGroup() as group, clinic.database.begin() as connection:
        await open_it(clinic, connection)
        next_turn = group.create_task(hear())
        async with clinic.database.begin() as other:
            await open_it(clinic, other, "+15550100002")
        while not await somebody_waits(clinic) and not next_turn.done():
            pass
        await conversations.save(connection, opened.id, turn=1, state={}, heard_at=NOW, nudge_at=None)
    assert 1 == next_turn.result()


async def somebody_waits(clinic: Clinic) -> bool:
    """Say whether a connection to the clinic's database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with clinic.database.read() as connection:
        return bool((await connection.execute(text(waiting))).scalar_one())
