"""The clinics that end-to-end tests run against, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small


@pytest_asyncio.fixture
async def clinic(sample_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The sample clinic at work."""
    async with clinic_at_work(sample_url, clock) as at_work:
        yield at_work


@pytest_asyncio.fixture
async def practice(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """One small practice at work, quick to set up."""
    await write_small(database, today=NOW.date())
    async with clinic_at_work(database_url, clock) as at_work:
        yield at_work


@pytest_asyncio.fixture
async def idle(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The small practice, where messages come in and nothing goes out until a test says so."""
    await write_small(database, today=NOW.date())
    async with clinic_at_work(database_url, clock, works=False) as at_work:
        yield at_work
