"""What every test may use: both databases, real and migrated, empty for each test; Redis; a clock that is given."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from domain.store import migrate
from domain.store.database import Database
from domain.store.sealing import Keyring, new_key
from tests import servers

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday
KEYS = new_key("test")
ENGINES = ("sqlite", "postgresql")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a server, in which {name} stands for the database."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
    else:
        with servers.postgres() as url:
            yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
    else:
        with servers.redis() as url:
            yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database, to be copied."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    asyncio.run(_admin(postgres_url, f"CREATE DATABASE {name}"))
    asyncio.run(_migrated(postgres_url.format(name=name)))
    yield name
    asyncio.run(_admin(postgres_url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


async def _migrated(url: str) -> None:
    database = Database.open(url, Keyring.of(KEYS))
    await migrate.migrate(database)
    await database.close()


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.format(name="postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Every test that takes this, or a database, runs on both engines."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of its own for one test."""
    if engine_name == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "test.sqlite3"
        path.write_bytes(template.read_bytes())
        yield f"sqlite:///{path}"
        return
    url, source = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    asyncio.run(_admin(url, f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy"))
    yield url.format(name=name)
    asyncio.run(_admin(url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    opened = Database.open(database_url, Keyring.of(KEYS))
    await migrate.load_secret(opened)
    yield opened
    await opened.close()
