"""Small SQL pieces that the store's files share."""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what to do on a conflict, which both engines spell alike."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def insert_new(
    connection: AsyncConnection, table: Table, values: dict[str, Any], *, unique: tuple[str, ...]
) -> int | None:
    """Insert one row and return its id; None when a row with the same *unique* columns is there already."""
    statement = _insert_new(connection.dialect.name, table, unique)
    found: int | None = (await connection.execute(statement, values)).scalar_one_or_none()
    return found


@functools.cache
def _insert_new(dialect: str, table: Table, unique: tuple[str, ...]) -> Any:
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.on_conflict_do_nothing(index_elements=list(unique)).returning(table.c.id)
