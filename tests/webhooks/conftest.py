"""A desk whose open slots are looked at from outside, and the records behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import Clock
from tests.domain.clinic import Clinic as Records
from tests.e2e.clinic import Clinic, clinic_at_work
from tests.webhooks.finder import BOT


@pytest_asyncio.fixture
async def desk(database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """A desk with an empty database."""
    async with clinic_at_work(database_url, clock, works=False, telegram_bot_username=BOT) as desk:
        yield desk


@pytest.fixture
def records(desk: Clinic, clock: Clock) -> Records:
    return Records(desk.app.database, clock)
