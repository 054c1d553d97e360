"""The chat of a team takes twenty messages a minute, and may go on at another address: all arrives, in its order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.messages import dump_outgoing
from dialogs.prompt import Line
from domain.patients import Channel, ContactId
from domain.store import outbox, tables
from domain.store.outbox import Priority, Queued
from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import received
from tests.e2e.staff import GROUP, in_group, invited
from webhooks.simulator.telegram_messages import GROUP_MESSAGES_A_MINUTE
from webhooks.simulator.telegram_phone import TelegramPhone

NEW = -1004001


async def joined(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> TelegramPhone:
    """Return the phone of somebody who has joined in the chat of a team."""
    nurse = in_group(clinic)
    assert 200 == await nurse.say(f"/join {await invited(clinic, capsys, 'clinician')}")
    await clinic.deliver()
    return nurse


async def queue(clinic: Clinic, *texts: str, priority: Priority = Priority.DIGEST) -> None:
    async with clinic.app.database.begin() as connection:
        team = (await connection.execute(select(tables.staff_group.c.contact_id))).scalar_one()
        await outbox.queue(
            connection,
            contact_id=ContactId(team),
            channel=Channel.TELEGRAM,
            messages=[Queued(payload=dump_outgoing(Line(text=text))) for text in texts],
            now=clinic.app.clock(),
            priority=priority,
        )


async def test_what_is_more_waits_its_minute_without_being_a_failed_attempt(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await joined(idle, capsys)
    before = received(nurse)
    wanted = [f"number {number}" for number in range(50)]
    await queue(idle, *wanted)
    for minute in range(3):
        await idle.deliver()
        await idle.deliver()
        assert min(50, (minute + 1) * GROUP_MESSAGES_A_MINUTE - len(before)) == len(received(nurse)) - len(before)
        clock.move(timedelta(minutes=1))
    assert [*before, *wanted] == received(nurse)
    assert [] == idle.telegram.declined, "Telegram never had to say that it is too much"
    assert {1} == set(await idle.column("SELECT attempts FROM outbox"))
    assert {"sent"} == set(await idle.column("SELECT state FROM outbox"))


async def test_a_reply_does_not_stand_behind_what_waits(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await joined(idle, capsys)
    await queue(idle, *(f"number {number}" for number in range(40)))
    await idle.deliver()
    assert 200 == await nurse.say("/next")
    clock.move(timedelta(minutes=1))
    await idle.deliver()
    assert "nobody else comes today" in received(nurse)[GROUP_MESSAGES_A_MINUTE]


async def test_a_group_that_became_a_supergroup_while_we_sent_gets_all_of_it_there(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await joined(idle, capsys)
    idle.telegram.migrate(int(str(GROUP["id"])), NEW)
    await queue(idle, "one", "two")
    await idle.deliver()
    moved = in_group(idle, nurse, {**GROUP, "id": NEW, "type": "supergroup"})
    assert ["one", "two"] == received(moved)
    assert 200 == await moved.say("/next")
    await idle.deliver()
    assert "nobody else comes today" in received(moved)[-1]
    assert 1 == await idle.value("SELECT count(*) FROM staff_group")
    assert 0 == await idle.value("SELECT count(*) FROM task")


async def test_a_new_address_that_we_know_already_takes_over_what_is_queued(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await joined(idle, capsys)
    idle.telegram.migrate(int(str(GROUP["id"])), NEW)
    moved = in_group(idle, nurse, {**GROUP, "id": NEW, "type": "supergroup"})
    assert 200 == await moved.say("/next")
    await queue(idle, "one", "two")
    await idle.deliver()
    assert ["one", "two"] == received(moved)[-2:]
    assert 1 == await idle.value("SELECT count(*) FROM staff_group")
