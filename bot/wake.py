"""Wake-ups: after a commit, whoever sends or works is told that there is something to do.

Within a process by an event; between processes by Redis where it is set, else by PostgreSQL's NOTIFY. A missed
wake-up costs at most the second until the next poll, so that nothing here needs to be sure.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Protocol

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from domain.store.notify import PostgresNotices

log = structlog.get_logger()
_GATHER_S = 0.05
_RETRY_S = 2.0


class Bell(StrEnum):
    """What there is to do."""

    OUTBOX = "outbox"
    INBOX = "inbox"
    HANDOVER = "handover"


class Line(Protocol):
    """A line between processes that carries bells."""

    async def ring(self, bell: str) -> None:
        """Ring it in the other processes."""

    def heard(self) -> AsyncIterator[str]:
        """Iterate over what the others ring, for ever."""


class Wake:
    """Rings bells here and, over *line*, in other processes."""

    def __init__(self, line: Line | None = None) -> None:
        self._events = {bell: asyncio.Event() for bell in Bell}
        self._line = line
        self._to_ring: set[Bell] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def ring(self, bell: Bell) -> None:
        """Say that there is something to do; never waits, never fails."""
        self._events[bell].set()
        if self._line is not None and bell not in self._to_ring:
            self._to_ring.add(bell)
            task = asyncio.create_task(self._ring_others(bell))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ring_others(self, bell: Bell) -> None:
        await asyncio.sleep(_GATHER_S)
        self._to_ring.discard(bell)
        if self._line is not None:
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                await self._line.ring(bell)

    async def wait(self, bell: Bell, timeout_s: float) -> None:
        """Wait until *bell* rings, or for so long."""
        event = self._events[bell]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):  # wait_for can swallow a cancellation before Python 3.12
                await event.wait()
        event.clear()

    async def close(self) -> None:
        """Ring no other process any more; what was about to be rung is left to their next poll."""
        self._line = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def listen(self) -> None:
        """Ring here what rings elsewhere, for ever; a line that breaks is taken up again, said once it rings."""
        is_lost = False
        while self._line is not None:
            try:
                async for name in self._line.heard():
                    if is_lost:
                        is_lost = False
                        log.info("wake line back")
                    if name in set(Bell):
                        self._events[Bell(name)].set()
            except (RedisError, OSError, TimeoutError, PostgresNotices.LostError) as trouble:
                if not is_lost:
                    is_lost = True
                    log.info("wake line lost", problem=type(trouble).__name__)
            await asyncio.sleep(_RETRY_S)


class RedisLine:
    """Bells over Redis' publish and subscribe."""

    _CHANNEL = "frontdesk:wake"

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    async def ring(self, bell: str) -> None:
        await self._client.publish(self._CHANNEL, bell)

    async def heard(self) -> AsyncIterator[str]:
        async with self._client.pubsub() as subscription:
            await subscription.subscribe(self._CHANNEL)
            async for message in subscription.listen():
                if message["type"] == "message":
                    yield message["data"].decode()
