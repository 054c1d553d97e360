"""Wake-ups: within a process at once, between processes over PostgreSQL or Redis, and never in the way."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
import redis.asyncio as redis
import structlog
from sqlalchemy import text

from bot import wake as wake_module
from bot.wake import Bell, Line, RedisLine, Wake
from domain.store.database import Database
from domain.store.notify import PostgresNotices
from domain.store.sealing import Keyring
from tests import servers
from tests.conftest import KEYS

FOR_EVER = 60.0


@contextlib.asynccontextmanager
async def listening(wake: Wake) -> AsyncIterator[Wake]:
    task = asyncio.create_task(wake.listen())
    try:
        yield wake
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await wake.close()


async def rung_until_woken(ringing: Wake, waiting: Wake, bell: Bell) -> None:
    """Ring until the other side wakes up: it may not be listening yet."""
    woken = asyncio.create_task(waiting.wait(bell, FOR_EVER))
    async with asyncio.timeout(20):
        while not woken.done():
            ringing.ring(bell)
            await asyncio.wait({woken}, timeout=0.05)
    await woken


@pytest.mark.parametrize("bell", Bell)
async def test_who_waits_is_woken(bell: Bell) -> None:
    wake = Wake()
    waiting = asyncio.create_task(wake.wait(bell, FOR_EVER))
    await asyncio.wait({waiting}, timeout=0)
    wake.ring(bell)
    await asyncio.wait_for(waiting, 20)


async def test_a_bell_that_rang_before_is_not_lost() -> None:
    wake = Wake()
    wake.ring(Bell.OUTBOX)
    await asyncio.wait_for(wake.wait(Bell.OUTBOX, FOR_EVER), 20)


async def test_a_bell_rings_once_and_wakes_nobody_else() -> None:
    wake = Wake()
    wake.ring(Bell.OUTBOX)
    await wake.wait(Bell.OUTBOX, FOR_EVER)
    for bell in Bell:
        waiting = asyncio.create_task(wake.wait(bell, FOR_EVER))
        _, still = await asyncio.wait({waiting}, timeout=0.01)
        assert {waiting} == still
        waiting.cancel()


async def test_without_a_bell_the_time_ends_the_waiting() -> None:
    await Wake().wait(Bell.OUTBOX, 0.001)


async def test_without_a_line_there_is_nothing_to_listen_to() -> None:
    await Wake().listen()


# ---- between processes


@pytest_asyncio.fixture(params=["postgresql", "redis"])
async def new_line(request: pytest.FixtureRequest) -> AsyncIterator[Callable[[], Line]]:
    """Makes lines between processes, each as a process of its own would have it."""
    async with contextlib.AsyncExitStack() as stack:

        def over_postgres() -> Line:
            database = Database.open(request.getfixturevalue("postgres_url").format(name="postgres"), Keyring.of(KEYS))
            stack.push_async_callback(database.close)
            return PostgresNotices(database)

        def over_redis() -> Line:
            client = redis.from_url(request.getfixturevalue("redis_url"), socket_timeout=1)
            stack.push_async_callback(client.aclose)
            return RedisLine(client)

        yield over_postgres if request.param == "postgresql" else over_redis


async def test_a_bell_is_heard_in_the_other_process(new_line: Callable[[], Line]) -> None:
    async with listening(Wake(new_line())) as here, listening(Wake(new_line())) as there:
        for bell in Bell:
            await rung_until_woken(here, there, bell)
            await rung_until_woken(there, here, bell)


async def test_a_word_that_is_no_bell_is_passed_over(new_line: Callable[[], Line]) -> None:
    line = new_line()
    async with listening(Wake(line)) as here, listening(Wake(new_line())) as there:
        await rung_until_woken(here, there, Bell.INBOX)
        await line.ring("dinner")
        await rung_until_woken(here, there, Bell.OUTBOX)


async def test_many_rings_at_once_are_carried_over_as_few(new_line: Callable[[], Line]) -> None:
    line = CountingLine(new_line())
    async with listening(Wake(line)) as here, listening(Wake(new_line())) as there:
        await rung_until_woken(here, there, Bell.INBOX)
        for _ in range(1_000):
            here.ring(Bell.OUTBOX)
        await there.wait(Bell.OUTBOX, FOR_EVER)
    assert 1 == line.carried[Bell.OUTBOX]


class CountingLine:
    """A line that counts what it carries."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.carried: Counter[str] = Counter()

    async def ring(self, bell: str) -> None:
        self.carried[bell] += 1
        await self.line.ring(bell)

    def heard(self) -> AsyncIterator[str]:
        return self.line.heard()


# ---- lines that break


async def test_a_closed_connection_to_postgresql_is_noticed(postgres_url: str) -> None:
    database = Database.open(postgres_url.format(name="postgres"), Keyring.of(KEYS))
    heard = PostgresNotices(database).heard()
    first = asyncio.ensure_future(anext(heard))
    listeners = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'")
    async with asyncio.timeout(20):
        while not first.done():
            async with database.begin() as connection:
                await connection.execute(listeners)
            await asyncio.wait({first}, timeout=0.05)

    assert isinstance(first.exception(), PostgresNotices.LostError)
    await database.close()


async def test_a_line_that_cannot_be_had_is_in_nobodys_way(tmp_path: Path) -> None:
    with servers.redis() as url:
        client = redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    database = Database.open(f"postgresql://postgres@/gone?host={tmp_path}", Keyring.of(KEYS))
    for line in (RedisLine(client), PostgresNotices(database)):
        async with listening(Wake(line)) as wake:
            wake.ring(Bell.OUTBOX)
            await asyncio.wait_for(wake.wait(Bell.OUTBOX, FOR_EVER), 20)
            assert [None] == await asyncio.gather(*wake._tasks)
    await client.aclose()
    await database.close()


class LosingLine:
    """A line that is lost *times* times, and then rings."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def ring(self, bell: str) -> None: ...

    async def heard(self) -> AsyncIterator[str]:
        self.times -= 1
        if self.times >= 0:
            raise ConnectionError
        yield Bell.INBOX
        await asyncio.sleep(FOR_EVER)


async def test_a_line_that_stays_lost_is_said_once_and_once_that_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake_module, "_RETRY_S", 0.001)
    with structlog.testing.capture_logs() as said:
        async with listening(Wake(LosingLine(5))) as one:
            await one.wait(Bell.INBOX, FOR_EVER)
    assert ["wake line lost", "wake line back"] == [line["event"] for line in said]
