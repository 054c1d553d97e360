"""PostgreSQL's LISTEN and NOTIFY as a line that carries short words between processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
from sqlalchemy import text

from domain.store.database import Database

_CHANNEL = "frontdesk"
#: What the driver says of a connection that cannot be had, or is closed while it is asked: then even of its own state.
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class PostgresNotices:
    """Words heard and rung over the database itself."""

    class LostError(ConnectionError):
        """The connection that listens was closed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ring(self, word: str) -> None:
        """Send *word* to all that listen."""
        async with self._database.writer.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text("SELECT pg_notify(:channel, :word)"), {"channel": _CHANNEL, "word": word})

    async def heard(self) -> AsyncIterator[str]:
        """Iterate over the words that others send; raises `LostError` when the connection is."""
        words: asyncio.Queue[str | None] = asyncio.Queue()
        try:
            connection = await asyncpg.connect(self._database.dsn)
        except _LOST as trouble:
            raise self.LostError(str(type(trouble))) from trouble
        try:
            connection.add_termination_listener(lambda _connection: words.put_nowait(None))
            try:
                await connection.add_listener(_CHANNEL, lambda _c, _pid, _channel, word: words.put_nowait(word))
            except _LOST as trouble:
                raise self.LostError(str(type(trouble))) from trouble
            while (word := await words.get()) is not None:
                yield word
            raise self.LostError("the database closed the connection")
        finally:
            connection.terminate()
