"""A worker that is killed in the midst of a broadcast loses nobody, and writes to nobody twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import wall_clock
from bot.broadcasts import broadcast_due
from bot.shipped import shipped_programmes
from domain.store.database import Database
from tests.e2e import processes
from tests.e2e.clinic import clinic_at_work, write_small
from tests.e2e.people import PATIENCE_S, Phone, received, write_all
from tests.e2e.staff import invited
from tests.e2e.test_kill import leases_run_out
from webhooks.simulator.exchange import Fault

WORDS = "The entrance is on Quay Street."
PEOPLE = 7
#: The test is run at any hour, so that no hour may be quiet: an end that is the start.
AWAKE = {"quiet": {"from": "00:00", "until": "00:00"}}


def got(phone: Phone) -> int:
    return sum(WORDS in words for words in received(phone))


async def test_a_broadcast_survives_its_worker(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await write_small(database, today=wall_clock().date(), body=shipped_programmes()["flu"] | AWAKE)
    async with clinic_at_work(database_url, wall_clock, works=False) as clinic:
        people = [clinic.phone("sms") for _ in range(PEOPLE)]
        for phone in people:
            await write_all(phone, "booked")
        boss = clinic.phone("sms")
        for words in (f"join {await invited(clinic, capsys, 'manager')}", "broadcast", "With a visit", "Next 7 days"):
            assert 200 == await boss.say(words)
        for words in ("Write to them", WORDS, "Yes, send it"):
            assert 200 == await boss.say(words)
        await clinic.deliver()
        await _is_due(database, rate=1)
        hung = Fault(hang=600, times=None, matching=lambda _: sum(map(got, people)) >= 2)
        clinic.twilio.exchange.faults.append(hung)
        async with processes.at_work(("worker",), env=processes.beside(clinic, tmp_path), folder=tmp_path) as (worker,):
            async with asyncio.timeout(processes.PATIENCE_S):
                while 2 != await clinic.value(SENT):
                    await people[1].wait_for(lambda message: WORDS in message.text, PATIENCE_S)
            await worker.kill()
        assert 5 == await clinic.value("SELECT count(*) FROM broadcast_recipient WHERE state = 'queued'")
        clinic.twilio.exchange.faults.clear()
        await leases_run_out(database)
        for _ in range(4):
            await _is_due(database, rate=1000)
            await broadcast_due(clinic.app.turns, wall_clock())
            await clinic.deliver()
        assert [1] * PEOPLE == list(map(got, people))
        assert PEOPLE == await clinic.value(SENT)
        assert f"sent: {PEOPLE}." in received(boss)[-1]


SENT = "SELECT count(*) FROM outbox WHERE priority = 3 AND state = 'sent'"


async def _is_due(database: Database, *, rate: int) -> None:
    """Let the next batch be due, of five for each a second, and what is queued too."""
    async with database.begin() as connection:
        await connection.execute(text(f"UPDATE broadcast SET rate = {rate}, next_at = made_at"))
        made_at = "(SELECT made_at FROM broadcast)"
        passed = f"UPDATE outbox SET due_at = {made_at}, next_at = {made_at} WHERE state = 'queued'"
        await connection.execute(text(passed))
