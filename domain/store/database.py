"""The database: opened from its URL, with units of work that write and ones that only read."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.store import types
from domain.store.prepared import driver_of, of_sqlalchemy, run_plain
from domain.store.sealing import Keyring

#: An open unit of work, which other packages pass on and do not look into.
Connection = AsyncConnection
#: What goes wrong when a database is away or not what it should be.
TROUBLES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error, OSError, TimeoutError)
#: What a driver says that was closed or broken off: aiosqlite with a ValueError.
_DRIVER_TROUBLES = (*TROUBLES, ValueError)
#: All statements look rows up by an index, whatever the values, so that PostgreSQL need not plan them anew each time.
_PLANNED_ONCE = "SET plan_cache_mode = force_generic_plan"


POOL_SIZE = 10
_LOOKS = "it must look like sqlite:///path or postgresql://user@host/name"
#: What may stand behind the question mark of PostgreSQL's address: what the driver makes something of.
_OPTIONS = frozenset(("application_name", "host", "port", "sslcert", "sslcrl", "sslkey", "sslmode", "sslrootcert"))
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class DatabaseUrlError(ValueError):
    """The database's address cannot be used; the message says why."""


class BrokenReferenceError(RuntimeError):
    """A change of the schema would leave rows that refer to what is not there; the message names their tables."""


def driver_url(url: str) -> URL:
    """Return *url* with the driver that Frontdesk uses; `sqlite:///path` and `postgresql://…` are known."""
    try:
        parsed = make_url(url)
        name = parsed.get_backend_name()
    except (SQLAlchemyError, ValueError):  # ValueError: the port is no number
        raise DatabaseUrlError(_LOOKS) from None
    if name == "sqlite" and parsed.database:
        return _with_known_options(parsed, "sqlite+aiosqlite", frozenset())
    if name in ("postgresql", "postgres"):
        return _with_known_options(parsed, "postgresql+asyncpg", _OPTIONS)
    raise DatabaseUrlError(_LOOKS)


def _with_known_options(url: URL, driver: str, known: frozenset[str]) -> URL:
    unknown = [name for name in url.query if name not in known]
    if unknown:
        choice = f"none but {', '.join(sorted(known))}" if known else "none"
        raise DatabaseUrlError(f"it has the option {unknown[0]}, and may have {choice}")
    if url.query.get("sslmode", "prefer") not in _SSL_MODES:
        raise DatabaseUrlError(f"its sslmode must be one of {', '.join(_SSL_MODES)}")
    return url.set(drivername=driver)


_UnitOfWork = contextlib.AbstractAsyncContextManager[AsyncConnection]
_Queue = contextlib.AbstractAsyncContextManager[None]
_NO_QUEUE: _Queue = contextlib.nullcontext()


@dataclass(slots=True)
class Database:
    """Engines for writing and reading, one and the same on PostgreSQL.

    Their connections are in autocommit as far as SQLAlchemy knows; a unit of work begins and ends its transaction on
    the driver itself, so that statements of SQLAlchemy and of `prepared` share it.
    """

    url: URL
    writer: AsyncEngine
    reader: AsyncEngine
    index_secret: bytes = b""
    _queue: asyncio.Lock | None = field(default=None)

    @classmethod
    def open(cls, url: str, keys: Keyring, *, pool_size: int = POOL_SIZE) -> Database:
        """Open without connecting; *keys* seal from now on in this process."""
        types.KEYS.keys = keys.keys
        address = driver_url(url)
        if address.get_backend_name() == "sqlite":
            return cls(address, _sqlite(address), _sqlite(address), _queue=asyncio.Lock())
        engine = _postgresql(address, pool_size)
        return cls(address, engine, engine)

    def use_keys(self, keys: Keyring) -> None:
        """Seal and open with *keys* from now on."""
        types.KEYS.keys = keys.keys

    @property
    def is_sqlite(self) -> bool:
        return self._queue is not None

    @property
    def path(self) -> Path | None:
        """The file, where the database is one."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @property
    def dsn(self) -> str:
        """The address as PostgreSQL's own clients take it, options included."""
        return _dsn(self.url)

    def begin(self) -> _UnitOfWork:
        """Begin a unit of work that may write; it commits at the end, or leaves no trace."""
        return self._writing()

    def begin_in_line(self, line: str) -> _UnitOfWork:
        """Begin one that may write, after all of the same *line* that came before it; `start_over` undoes its writing.

        On PostgreSQL those who wait for a changed row go on in any order, and see what they joined as it was before;
        a lock of its own is served first come, first served, and what is read after it is as the others left it.
        All is said in one go. On SQLite all writers stand in one line.
        """
        if not line.isalnum():
            raise ValueError("a line is named by letters and digits only")
        wait = () if self.is_sqlite else (f"SELECT pg_advisory_xact_lock(hashtextextended('{line}', 0))",)
        return self._writing(*wait, "SAVEPOINT start")

    def _writing(self, *first: str) -> _UnitOfWork:
        if self._queue is None:
            return _transaction(self.writer, "BEGIN", *first)
        return _transaction(self.writer, "BEGIN IMMEDIATE", *first, queue=self._queue)

    @contextlib.asynccontextmanager
    async def begin_rebuilding(self) -> AsyncIterator[AsyncConnection]:
        """Begin one in which tables may be made anew; BrokenReferenceError if references are broken at its end.

        SQLite changes most of a table only by copying it, which drops the old one: references to it must not be looked
        at on the way, and that can only be said before the transaction begins.
        """
        if self._queue is None:
            async with self.begin() as connection:
                yield connection
            return
        engine = _sqlite(self.url, foreign_keys=False)  # of its own, so that nothing else ever goes on like that
        try:
            async with _transaction(engine, "BEGIN IMMEDIATE", queue=self._queue) as connection:
                yield connection
                broken: list[Any] = list(await connection.exec_driver_sql("pragma foreign_key_check"))
                if broken:
                    pairs = sorted({f"{row[0]} to {row[2]}" for row in broken})
                    raise BrokenReferenceError(f"references would be broken: {', '.join(pairs)}")
        finally:
            await engine.dispose()

    def read(self) -> _UnitOfWork:
        """Begin a unit of work that only reads."""
        return _transaction(self.reader, "BEGIN")

    async def close(self) -> None:
        """Close all connections."""
        await self.writer.dispose()
        await self.reader.dispose()


@contextlib.asynccontextmanager
async def _transaction(engine: AsyncEngine, *begin: str, queue: _Queue = _NO_QUEUE) -> AsyncIterator[AsyncConnection]:
    """Begin one; *queue* is stood in for it: one writer at a time, first come first served, instead of busy waits."""
    async with queue, engine.connect() as connection:
        of_sqlalchemy(connection).begin()  # for its eyes: else it would end ours when a statement fails
        driver = driver_of(connection)
        is_over = False
        try:
            await run_plain(connection, *begin)
            yield connection
            await run_plain(connection, "COMMIT")
            is_over = True
        except BaseException:
            with contextlib.suppress(*_DRIVER_TROUBLES):  # what went wrong first is what counts
                await _roll_back(driver)
                is_over = True
            raise
        finally:
            if not is_over:  # nobody knows in what state it is, so that nobody may have it after this
                await connection.invalidate()


@contextlib.asynccontextmanager
async def part_of(connection: AsyncConnection) -> AsyncIterator[None]:
    """Do a part of a unit of work that leaves no trace when it fails, while what was done before stays."""
    driver = driver_of(connection)
    await driver.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        await driver.execute("ROLLBACK TO SAVEPOINT part")
        raise


async def start_over(connection: AsyncConnection) -> None:
    """Undo all that was written in a unit of work that began in a line; it keeps its place there."""
    await run_plain(connection, "ROLLBACK TO SAVEPOINT start")


async def _roll_back(driver: Any) -> None:
    """Undo what is not committed; where nothing is under way any more that is well."""
    if isinstance(driver, asyncpg.Connection):
        await driver.execute("ROLLBACK")
    else:
        await driver.rollback()


def _dsn(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _postgresql(address: URL, pool_size: int) -> AsyncEngine:
    async def connected(*_arguments: Any, **_options: Any) -> Any:
        connection = await asyncpg.connect(_dsn(address))  # which understands more options than SQLAlchemy hands on
        try:
            await connection.execute(_PLANNED_ONCE)
        except BaseException:  # whoever wanted it has gone, and nobody else would close it
            connection.terminate()
            raise
        return connection

    engine = create_async_engine(
        address,
        async_creator=connected,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def checkout(connection: Any, _record: object, _proxy: object) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError("the server closed this connection; take another")

    return engine


def _sqlite(address: URL, *, foreign_keys: bool = True) -> AsyncEngine:
    engine = create_async_engine(address, pool_size=4, max_overflow=0, pool_timeout=30, pool_reset_on_return=None)

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        keys = "foreign_keys=on" if foreign_keys else "foreign_keys=off"
        for pragma in ("busy_timeout=5000", "journal_mode=wal", keys, "synchronous=full"):
            cursor.execute(f"pragma {pragma}")
        cursor.close()

    return engine
