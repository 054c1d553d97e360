"""Fixtures for tests of the store itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.store.database import Database
from domain.store.sealing import Keyring
from tests.conftest import KEYS
from tests.domain.conftest import fresh_database


@pytest.fixture
def blank_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own for one test, in which there is nothing yet."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite3'}"
    else:
        yield from fresh_database(request.getfixturevalue("postgres_url"), "template1")


@pytest_asyncio.fixture
async def blank(blank_url: str) -> AsyncIterator[Database]:
    """A database in which there is nothing yet."""
    opened = Database.open(blank_url, Keyring.of(KEYS))
    yield opened
    await opened.close()
