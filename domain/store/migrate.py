"""Brings a database to the newest schema, and makes the secret by which contacts are found."""

from __future__ import annotations

import base64
import functools
import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select, text

from domain.store.database import Database
from domain.store.tables import secret

INDEX = "contact-index"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7202727)")  # any number, the same in every release


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to *connection*."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


async def migrate(database: Database) -> tuple[str | None, str]:
    """Run what is missing, all or nothing, one process after another; return the revisions before and after."""
    async with database.begin_rebuilding() as connection:
        if not database.is_sqlite:
            await connection.execute(_ONE_AT_A_TIME)
        before = await connection.run_sync(_revision)
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))
        if (await connection.execute(select(secret.c.name).where(secret.c.name == INDEX))).first() is None:
            fresh = base64.b64encode(os.urandom(32)).decode()
            await connection.execute(insert(secret).values(name=INDEX, value=fresh))
    return before, newest()


async def is_current(database: Database) -> bool:
    """Say whether the database has the schema that this release needs."""
    return await revision(database) == newest()


async def revision(database: Database) -> str | None:
    """Return the revision of the database's schema; None where there is none yet."""
    async with database.read() as connection:
        return await connection.run_sync(_revision)


async def load_secret(database: Database) -> None:
    """Read the secret of the blind index into *database*."""
    async with database.read() as connection:
        found: Any = (await connection.execute(select(secret.c.value).where(secret.c.name == INDEX))).scalar_one()
    database.index_secret = base64.b64decode(found)


@functools.cache
def newest() -> str:
    """Return the newest revision that this release knows."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return MigrationContext.configure(connection).get_current_revision()
