"""What every test may use: both databases, real and migrated, empty for each test; Redis; a clock that is given."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import hypothesis
import pytest
import pytest_asyncio

from bot.shipped import write_sample
from domain.store import migrate
from domain.store.database import Database
from domain.store.sealing import Keyring, new_key
from domain.store.stamp import Stamp
from tests import servers

# How long an example takes is the machine's affair: speed is measured by `make bench`.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday
STAMP = Stamp(now=NOW, actor="test")
KEYS = new_key("test")
ENGINES = ("sqlite", "postgresql")


def pytest_configure() -> None:
    """Have the folders of tests, with SQLite's files in them, in memory where there is room."""
    if folder := servers.in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


#: Files with tests that take many seconds each: begun first, so that no worker is at one while the others are done.
LONG = (
    "e2e/test_month",
    "e2e/test_digest_month",
    "e2e/test_kill",
    "e2e/test_processes",
    "e2e/test_french",
    "dialogs/test_explore",
    "test_project",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests; all others keep their order."""
    folder = str(Path(__file__).parent)
    items.sort(key=lambda item: not str(item.path).removeprefix(f"{folder}/").startswith(LONG))


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


Fill = Callable[[Database], Awaitable[object]]


async def _nothing(_database: Database) -> None:
    """Leave a database empty."""


async def _sample(database: Database) -> None:
    await write_sample(database, now=NOW)


#: What a test's database is a copy of: a migrated one, empty or with the sample clinic in it.
FILLS: dict[str, Fill] = {"empty": _nothing, "sample": _sample}


@pytest.fixture(scope="session")
def postgres_templates(postgres_url: str) -> Iterator[dict[str, str]]:
    """The names of databases to be copied, by what is in them."""
    names = {fill: f"template_{fill}_{uuid.uuid4().hex[:8]}" for fill in FILLS}
    for fill, name in names.items():
        asyncio.run(_admin(postgres_url, f"CREATE DATABASE {name}"))
        asyncio.run(_made(postgres_url.format(name=name), FILLS[fill]))
    yield names
    for name in names.values():
        asyncio.run(_admin(postgres_url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Database files to be copied, by what is in them."""
    folder = tmp_path_factory.mktemp("templates")
    for fill, write in FILLS.items():
        asyncio.run(_made(f"sqlite:///{folder / fill}", write))
    return {fill: folder / fill for fill in FILLS}


async def _made(url: str, write: Fill) -> None:
    database = Database.open(url, Keyring.of(KEYS))
    await migrate.migrate(database)
    await migrate.load_secret(database)
    await write(database)
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


@contextlib.contextmanager
def _copied(engine_name: str, fill: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if engine_name == "sqlite":
        path = folder / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_templates")[fill], path)
        yield f"sqlite:///{path}"
        return
    url, source = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_templates")[fill]
    name = f"test_{uuid.uuid4().hex[:12]}"
    asyncio.run(_admin(url, f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy"))
    yield url.format(name=name)
    asyncio.run(_admin(url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of its own for one test."""
    with _copied(engine_name, "empty", request, tmp_path) as url:
        yield url


@pytest.fixture
def sample_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own for one test, with the sample clinic in it."""
    with _copied(engine_name, "sample", request, tmp_path) as url:
        yield url


async def _opened(url: str) -> AsyncIterator[Database]:
    opened = Database.open(url, Keyring.of(KEYS))
    await migrate.load_secret(opened)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    async for opened in _opened(database_url):
        yield opened


@pytest_asyncio.fixture
async def sample(sample_url: str) -> AsyncIterator[Database]:
    """A database with the sample clinic in it."""
    async for opened in _opened(sample_url):
        yield opened
