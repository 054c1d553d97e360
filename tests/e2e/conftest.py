"""The clinic that every end-to-end test runs against, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.conftest import Clock
from tests.e2e.clinic import Clinic, clinic_at_work


@pytest_asyncio.fixture
async def clinic(sample_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The sample clinic at work."""
    async with clinic_at_work(sample_url, clock) as at_work:
        yield at_work
