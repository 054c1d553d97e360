"""Fixtures for tests that need a clinic in a real database."""

from __future__ import annotations

import pytest

from domain.store.database import Database
from tests.conftest import Clock
from tests.domain.clinic import Clinic


@pytest.fixture
def clinic(database: Database, clock: Clock) -> Clinic:
    """An empty clinic, at nine o'clock on a Monday."""
    return Clinic(database, clock)
