"""The database: opened from its URL, with units of work that write and ones that only read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.store import types
from domain.store.sealing import Keyring

#: An open unit of work, which other packages pass on and do not look into.
Connection = AsyncConnection
#: What goes wrong when a database is away or not what it should be.
TROUBLES = (SQLAlchemyError, OSError, TimeoutError)


class DatabaseUrlError(ValueError):
    """The database's address cannot be used; the message says why."""


def driver_url(url: str) -> URL:
    """Return *url* with the driver that Frontdesk uses; `sqlite:///path` and `postgresql://…` are known."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlError("it must look like sqlite:///path or postgresql://user@host/name") from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database:
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+asyncpg")
        case _:
            raise DatabaseUrlError("it must look like sqlite:///path or postgresql://user@host/name")


@dataclass(slots=True)
class Database:
    """Engines for writing and reading, one and the same on PostgreSQL."""

    url: URL
    writer: AsyncEngine
    reader: AsyncEngine
    index_secret: bytes = b""
    _queue: asyncio.Lock | None = field(default=None)

    @classmethod
    def open(cls, url: str, keys: Keyring, *, pool_size: int = 10) -> Database:
        """Open without connecting; *keys* seal from now on in this process."""
        types.KEYS.keys = keys.keys
        address = driver_url(url)
        if address.get_backend_name() == "sqlite":
            return cls(address, _sqlite(address, "BEGIN IMMEDIATE"), _sqlite(address, "BEGIN"), _queue=asyncio.Lock())
        engine = create_async_engine(address, pool_size=pool_size, max_overflow=0, pool_timeout=10)
        return cls(address, engine, engine)

    @property
    def is_sqlite(self) -> bool:
        return self._queue is not None

    @property
    def path(self) -> Path | None:
        """The file, where the database is one."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextlib.asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Begin a unit of work that may write; it commits at the end, or leaves no trace."""
        async with contextlib.AsyncExitStack() as stack:
            if self._queue is not None:  # one writer at a time, first come first served, instead of busy waits
                await stack.enter_async_context(self._queue)
            yield await stack.enter_async_context(self.writer.begin())

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Begin a unit of work that only reads."""
        async with self.reader.begin() as connection:
            yield connection

    async def close(self) -> None:
        """Close all connections."""
        await self.writer.dispose()
        await self.reader.dispose()


def _sqlite(address: URL, begin: str) -> AsyncEngine:
    engine = create_async_engine(address, pool_size=4, max_overflow=0, pool_timeout=30)

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", "journal_mode=wal", "foreign_keys=on", "synchronous=full"):
            cursor.execute(f"pragma {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
