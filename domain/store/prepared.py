"""Core statements compiled once and run on the driver itself, for what every turn and every send executes.

SQLAlchemy's engine looks at each statement anew each time, which takes several times as long as the statement does.
A `Prepared` runs in the connection's own transaction beside statements of the ordinary kind, with the same types on
the way in and out. Price: rows are plain named tuples, and lists for IN have a fixed length.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Dialect, Float
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from domain.store.types import Moment

#: Called with each statement that is run, the names of its parameters and their values, for those who count.
watchers: list[Callable[[str, Sequence[str], Sequence[Any]], None]] = []

_VIOLATIONS = (asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError)
_FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error)
Values = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None


def driver_of(connection: AsyncConnection) -> Any:
    """Return the driver's own connection: asyncpg's or aiosqlite's."""
    return of_sqlalchemy(connection).connection.driver_connection


def of_sqlalchemy(connection: AsyncConnection) -> SqlConnection:
    """Return SQLAlchemy's own connection below the asynchronous one."""
    below = connection.sync_connection
    assert below is not None  # noqa: S101  an open one has it
    return below


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one engine runs it: its text, what its parameters are called, and how values are converted."""

    sql: str
    is_sqlite: bool
    parameters: tuple[tuple[str, Any, _Convert], ...]
    row: Callable[[Iterable[Any]], Any]
    converted: tuple[tuple[int, Callable[[Any], Any]], ...]  # which columns, and how

    def arguments(self, values: Values) -> list[Any]:
        return [
            convert(values.get(name, default)) if convert is not None else values.get(name, default)
            for name, default, convert in self.parameters
        ]

    def rows(self, found: Iterable[Iterable[Any]]) -> list[Any]:
        return list(map(self.row, map(self._values, found) if self.converted else found))

    def _values(self, row: Iterable[Any]) -> list[Any]:
        values = list(row)
        for place, convert in self.converted:
            values[place] = convert(values[place])
        return values


class Prepared:
    """A statement that is run often; *statement* makes it for an engine, by the engine's name, where they differ."""

    def __init__(self, statement: Any, *, keys: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._keys = list(keys) if keys is not None else None
        self._ready: dict[str, _Ready] = {}

    async def all(self, connection: AsyncConnection, values: Values) -> list[Any]:
        """Return all rows."""
        ready = self._for(connection)
        return ready.rows(await _fetch(connection, ready, ready.arguments(values)))

    async def first(self, connection: AsyncConnection, values: Values) -> Any:
        """Return the first row, or None."""
        rows = await self.all(connection, values)
        return rows[0] if rows else None

    async def one(self, connection: AsyncConnection, values: Values) -> Any:
        """Return the only row; LookupError when there is none or another."""
        rows = await self.all(connection, values)
        if len(rows) != 1:
            raise LookupError(f"one row was expected, not {len(rows)}")
        return rows[0]

    async def value(self, connection: AsyncConnection, values: Values) -> Any:
        """Return the first column of the first row, or None."""
        row = await self.first(connection, values)
        return row[0] if row is not None else None

    async def run(self, connection: AsyncConnection, values: Values) -> None:
        """Execute without a look at the outcome."""
        ready = self._for(connection)
        await _execute(connection, ready, ready.arguments(values))

    async def run_each(self, connection: AsyncConnection, rows: Sequence[Values]) -> None:
        """Execute once for each of *rows*."""
        if len(rows) == 1:
            await self.run(connection, rows[0])
        elif rows:
            ready = self._for(connection)
            each = [ready.arguments(values) for values in rows]
            _watched(ready, each[0])
            with _Failing():
                await driver_of(connection).executemany(ready.sql, each)

    def _for(self, connection: AsyncConnection) -> _Ready:
        name = connection.dialect.name
        if name not in self._ready:
            self._ready[name] = _compiled(self._of(name), connection.dialect, self._keys)
        return self._ready[name]

    def _of(self, engine: str) -> Any:
        return self._statement(engine) if callable(self._statement) else self._statement


async def _fetch(connection: AsyncConnection, ready: _Ready, arguments: list[Any]) -> Any:
    _watched(ready, arguments)
    driver = driver_of(connection)
    with _Failing():
        if ready.is_sqlite:
            return await driver.execute_fetchall(ready.sql, arguments)
        return await driver.fetch(ready.sql, *arguments)


async def _execute(connection: AsyncConnection, ready: _Ready, arguments: list[Any]) -> None:
    if not ready.is_sqlite:
        await _fetch(connection, ready, arguments)  # prepared once; `execute` would ask for the types each time
        return
    _watched(ready, arguments)
    with _Failing():
        await driver_of(connection).execute(ready.sql, arguments)


class _Failing:
    """Turns what a driver raises into what SQLAlchemy would have raised, without the values."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, failure: BaseException | None, _trace: object) -> None:
        if isinstance(failure, _VIOLATIONS):
            raise IntegrityError(None, None, failure) from failure
        if isinstance(failure, _FAILURES):
            raise DBAPIError(None, None, failure) from failure


def _watched(ready: _Ready, arguments: Sequence[Any]) -> None:
    for watch in watchers:
        watch(ready.sql, [name for name, _, _ in ready.parameters], arguments)


async def run_plain(connection: AsyncConnection, *statements: str) -> None:
    """Run statements without parameters and without a look at the outcome; PostgreSQL is told them in one go."""
    driver = driver_of(connection)
    for sql in statements if connection.dialect.name == "sqlite" else ("; ".join(statements),):
        for watch in watchers:
            watch(sql, (), ())
        await driver.execute(sql)


def _compiled(statement: Any, dialect: Dialect, keys: list[str] | None) -> _Ready:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=keys)
    defaults = compiled.params
    parameters = tuple(
        (name, defaults.get(name), compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        if name in compiled.binds
        else (name, defaults.get(name), None)
        for name in compiled.positiontup or ()
    )
    columns = statement.exported_columns if hasattr(statement, "exported_columns") else ()
    row = namedtuple("row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # its fields are the columns
    converts = (_converts(column.type, dialect) for column in columns)
    converted = tuple((place, convert) for place, convert in enumerate(converts) if convert is not None)
    is_sqlite = dialect.name == "sqlite"
    return _Ready(sql=str(compiled), is_sqlite=is_sqlite, parameters=parameters, row=row._make, converted=converted)


def _converts(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    """Return what makes our value of the driver's; both drivers give floats as they are, asyncpg moments in UTC."""
    is_ready = isinstance(kind, Float) or (isinstance(kind, Moment) and dialect.name == "postgresql")
    return None if is_ready else kind.dialect_impl(dialect).result_processor(dialect, None)
