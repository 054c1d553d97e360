"""Small SQL pieces that the store's files share."""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.store.prepared import Prepared


def insert_into(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what to do on a conflict, which both engines spell alike."""
    return insert_of(connection.dialect.name, table)


def insert_of(engine: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return the INSERT of `insert_into` for an engine by its name."""
    return sqlite.insert(table) if engine == "sqlite" else postgresql.insert(table)


def first(count: int) -> ColumnElement[int]:
    """Return a LIMIT in words: PostgreSQL, which plans once, takes one that is a parameter for a tenth of the rows."""
    return literal_column(str(count), Integer)


async def insert_new(
    connection: AsyncConnection, table: Table, values: dict[str, Any], *, unique: tuple[str, ...]
) -> int | None:
    """Insert one row and return its id; None when a row with the same *unique* columns is there already."""
    found: int | None = await _insert_new(table, unique, tuple(values)).value(connection, values)
    return found


@functools.cache
def _insert_new(table: Table, unique: tuple[str, ...], keys: tuple[str, ...]) -> Prepared:
    def statement(engine: str) -> Any:
        new = insert_of(engine, table)
        return new.on_conflict_do_nothing(index_elements=list(unique)).returning(table.c.id)

    return Prepared(statement, keys=keys)
