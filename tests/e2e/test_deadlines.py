"""A visit is moved and cancelled by chat within the deadlines of its programme, and no oftener than it says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.shipped import shipped_programmes
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import received
from tests.e2e.test_reminders import CHANNELS, HOUR, book, say, statuses

CHANGES = {"move_hours": 24, "cancel_hours": 3, "moves": 1}


@pytest_asyncio.fixture
async def strict(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The small practice, where a visit is moved once, a day before, and cancelled three hours before."""
    body = {**shipped_programmes()["flu"], "changes": CHANGES}
    await write_small(database, today=NOW.date(), body=body)
    async with clinic_at_work(database_url, clock, works=False) as at_work:
        yield at_work


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_visit_is_moved_once(strict: Clinic, channel: str) -> None:
    phone = strict.phone(channel)
    await book(strict, phone)
    await say(strict, phone, "move my booking")
    await say(strict, phone, "Thursday at 11:00")
    await say(strict, phone, "Yes, move it")
    assert any(text.startswith("Moved.") for text in received(phone))
    again = await say(strict, phone, "move my booking")
    assert "It has been moved 1 times, as often as it can be, and stays as it is." in again
    assert [1] == await strict.column("SELECT moves FROM appointment")
    assert {} == await strict.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_it_is_too_late_to_move_and_then_to_cancel(strict: Clinic, clock: Clock, channel: str) -> None:
    phone = strict.phone(channel)
    visit = await book(strict, phone)
    clock.now = visit - 23 * HOUR
    late = await say(strict, phone, "move my booking")
    assert "That could be done here until Tue 2 Mar, 10:00; your booking on Wed 3 Mar, 10:00 stands." in late
    clock.now = visit - 4 * HOUR
    assert "Shall I cancel this booking?" in await say(strict, phone, "cancel my booking")
    clock.now = visit - 2 * HOUR
    assert "That could be done here until Wed 3 Mar, 07:00" in await say(strict, phone, "1")
    assert ["booked"] == await statuses(strict)
    await say(strict, phone, "talk to a person")
    assert 1 == await strict.value("SELECT count(*) FROM task")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_old_place_is_kept_when_the_deadline_passes_on_the_way(
    strict: Clinic, clock: Clock, channel: str
) -> None:
    phone = strict.phone(channel)
    visit = await book(strict, phone)
    await say(strict, phone, "move my booking")
    await say(strict, phone, "Thursday at 11:00")
    clock.now = visit - 24 * HOUR + timedelta(minutes=1)
    assert "That could be done here until" in await say(strict, phone, "Yes, move it")
    assert [1] == await strict.column("SELECT taken FROM v_slot WHERE taken > 0")
    assert {} == await strict.breaches()
