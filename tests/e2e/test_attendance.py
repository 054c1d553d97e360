"""Who came is marked by staff with a command, or by the programme as time passes; who did not is told so kindly."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.cli import visits
from bot.shipped import shipped_programmes
from domain.appointments import Status
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import received
from tests.e2e.test_reminders import CHANNELS, DAY, HOUR, book, pass_until, say, sms_of, statuses

MINUTE = timedelta(minutes=1)
MISSED = "We did not see you on Wed 3 Mar, 10:00."


@pytest_asyncio.fixture
async def watchful(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The small practice, where a visit counts as missed two hours after its end."""
    body = {**shipped_programmes()["flu"], "missed": {"after_hours": 2, "text": "We keep a place for you."}}
    await write_small(database, today=NOW.date(), body=body)
    async with clinic_at_work(database_url, clock, works=False) as at_work:
        yield at_work


async def mark(clinic: Clinic, clock: Clock, status: Status, reference: str = "") -> int:
    """Mark the visit as staff do on the command line."""
    reference = reference or await clinic.value("SELECT reference FROM v_appointment")
    given = argparse.Namespace(reference=reference.lower())
    return await visits.run_mark(given, clinic.app.settings, status=status, clock=clock)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_nobody_who_came_is_told_that_they_did_not(watchful: Clinic, clock: Clock, channel: str) -> None:
    phone = watchful.phone(channel)
    visit = await book(watchful, phone)
    clock.now = visit - HOUR
    assert 0 == await mark(watchful, clock, Status.ARRIVED)
    await pass_until(watchful, clock, visit + DAY)
    assert ["arrived"] == await statuses(watchful)
    assert 0 == await mark(watchful, clock, Status.FULFILLED)
    assert ["fulfilled"] == await statuses(watchful)
    assert not any(MISSED in text for text in (*received(phone), *received(sms_of(watchful, phone))))
    assert {} == await watchful.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_did_not_come_is_told_once_and_finds_another_time(
    watchful: Clinic, clock: Clock, channel: str
) -> None:
    phone = watchful.phone(channel)
    visit = await book(watchful, phone)
    await pass_until(watchful, clock, visit + 3 * HOUR - MINUTE)
    assert ["booked"] == await statuses(watchful)
    for _ in range(4):
        await pass_until(watchful, clock, clock.now + MINUTE)
    assert ["noshow"] == await statuses(watchful)
    phone = sms_of(watchful, phone)
    (told,) = [text for text in received(phone) if MISSED in text]
    assert "We keep a place for you." in told
    answer = await say(watchful, phone, "yes")
    assert "How do you feel" in answer
    assert {} == await watchful.breaches()


async def test_a_visit_is_marked_only_when_it_can_be_so(
    watchful: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = watchful.phone("sms")
    visit = await book(watchful, phone)
    clock.now = visit - DAY
    assert 1 == await mark(watchful, clock, Status.ARRIVED)
    clock.now = visit - MINUTE
    assert 1 == await mark(watchful, clock, Status.NOSHOW)
    assert 1 == await mark(watchful, clock, Status.NOSHOW, "NOSUCH")
    said = capsys.readouterr().err
    assert 2 == said.count("cannot be marked so: the visit is still to come")
    assert "there is no visit NOSUCH" in said
    clock.now = visit + HOUR
    assert 0 == await mark(watchful, clock, Status.NOSHOW)
    assert 0 == await mark(watchful, clock, Status.NOSHOW)
    assert "It was on record already." in capsys.readouterr().out
    assert 0 == await mark(watchful, clock, Status.FULFILLED)
    assert ["booked", "noshow", "fulfilled"] == await watchful.column(
        "SELECT action FROM audit_event WHERE action <> 'pending' ORDER BY version"
    )
