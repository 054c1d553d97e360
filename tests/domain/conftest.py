"""Fixtures for tests that need a clinic in a real database."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from domain.store.database import Database
from domain.store.tables import metadata
from tests.conftest import Clock
from tests.domain.clinic import Clinic


async def administer(url: str, statement: str) -> None:
    """Carry out *statement* on the server at *url*, outside of any transaction."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def fresh_database(url: str, template: str) -> Iterator[str]:
    """Make a database on PostgreSQL and give its address; it is gone afterwards."""
    name = f"domain_{uuid.uuid4().hex[:12]}"
    create = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
    asyncio.run(administer(url.format(name="postgres"), create))
    yield url.format(name=name)
    asyncio.run(administer(url.format(name="postgres"), f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str, postgres_templates: dict[str, str]) -> Iterator[str]:
    yield from fresh_database(postgres_url, postgres_templates["empty"])


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database; on PostgreSQL one for all, which is quicker to empty than to copy."""
    if engine_name == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_templates")["empty"], tmp_path / "test.sqlite3")
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    url: str = request.getfixturevalue("shared_postgres")
    filled = [table.name for table in reversed(metadata.sorted_tables) if table.name != "secret"]
    without_rules = "SET session_replication_role = replica;"  # some rows may never be deleted otherwise
    asyncio.run(administer(url, without_rules + ";".join(f"DELETE FROM {name}" for name in filled)))
    return url


@pytest.fixture
def clinic(database: Database, clock: Clock) -> Clinic:
    """An empty clinic, at nine o'clock on a Monday."""
    return Clinic(database, clock)
