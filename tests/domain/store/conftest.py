"""Fixtures for tests of the store itself."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from domain.store.database import Database
from domain.store.sealing import Keyring
from tests.conftest import KEYS


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.format(name="postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def blank_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing yet."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite3'}"
        return
    url, name = request.getfixturevalue("postgres_url"), f"blank_{uuid.uuid4().hex[:12]}"
    asyncio.run(_admin(url, f"CREATE DATABASE {name} STRATEGY file_copy"))
    yield url.format(name=name)
    asyncio.run(_admin(url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest_asyncio.fixture
async def blank(blank_url: str) -> AsyncIterator[Database]:
    """A database in which there is nothing yet."""
    opened = Database.open(blank_url, Keyring.of(KEYS))
    yield opened
    await opened.close()
