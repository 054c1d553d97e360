"""Pace: how many messages a provider takes, shared over processes through Redis where it is there.

Over all chats it is so many a second: who sends waits for that moment. In the chat of a team it is so many a minute:
nobody waits so long, the message is put back until then.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from domain.patients import Channel

log = structlog.get_logger()

#: Messages a second over all chats: Telegram's and WhatsApp's own limits; for text messages Twilio queues itself.
RATES: Mapping[Channel, float] = {
    Channel.TELEGRAM: 30,
    Channel.WHATSAPP: 80,
    Channel.SMS: 100,
    Channel.EMAIL: 20,
}

#: Messages a minute in a chat of several people on Telegram.
IN_A_GROUP, MINUTE = 20, timedelta(minutes=1)
# The moments of the last messages to a chat, newest first. Returns 0 and notes one more, or how long to wait.
_GROUP_SCRIPT = """
local most, now = tonumber(ARGV[1]), redis.call('TIME')
local at = now[1] + now[2] / 1000000
local oldest = redis.call('LINDEX', KEYS[1], most - 1)
if oldest and at - tonumber(oldest) < 60 then return tostring(60 - (at - tonumber(oldest))) end
redis.call('LPUSH', KEYS[1], string.format('%.6f', at))
redis.call('LTRIM', KEYS[1], 0, most - 1)
redis.call('EXPIRE', KEYS[1], 61)
return '0'
"""

# A bucket that fills with time; returns how long to wait for the token just taken. Redis' own clock counts.
_SCRIPT = """
local rate, now = tonumber(ARGV[1]), redis.call('TIME')
local at = now[1] + now[2] / 1000000
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), at - 1) + 1 / rate
redis.call('SET', KEYS[1], tostring(free), 'EX', 60)
return tostring(math.max(0, free - at))
"""


@dataclass(slots=True)
class _Bucket:
    rate: float
    free_at: float = 0.0

    def take(self, at: float) -> float:
        self.free_at = max(self.free_at, at - 1) + 1 / self.rate
        return max(0.0, self.free_at - at)


def _wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Pace:
    """Waits until a message may go out; without Redis, or with it gone, each process keeps the pace alone."""

    client: redis.Redis | None = None
    rates: Mapping[Channel, float] = field(default_factory=lambda: dict(RATES))
    clock: Callable[[], datetime] = _wall_clock
    _own: dict[Channel, _Bucket] = field(default_factory=dict)
    _groups: dict[str, deque[datetime]] = field(default_factory=dict)
    _is_alone: bool = False

    async def wait(self, channel: Channel) -> None:
        """Return when the next message to *channel* may be sent."""
        await asyncio.sleep(await self._seconds(channel))

    async def pause(self, channel: Channel, address: str) -> timedelta:
        """Return for how long the chat at *address* takes nothing more; zero, and one more is counted, if it does."""
        if channel != Channel.TELEGRAM or not address.startswith("-"):
            return timedelta()
        shared = await self._shared(_GROUP_SCRIPT, f"frontdesk:pace:chat:{address}", IN_A_GROUP)
        return timedelta(seconds=shared) if shared is not None else self._own_pause(address)

    def _own_pause(self, address: str) -> timedelta:
        sent, now = self._groups.setdefault(address, deque(maxlen=IN_A_GROUP)), self.clock()
        if len(sent) == IN_A_GROUP and timedelta() <= now - sent[0] < MINUTE:
            return MINUTE - (now - sent[0])
        sent.append(now)
        return timedelta()

    async def _seconds(self, channel: Channel) -> float:
        shared = await self._shared(_SCRIPT, f"frontdesk:pace:{channel}", self.rates[channel])
        if shared is not None:
            return shared
        bucket = self._own.setdefault(channel, _Bucket(self.rates[channel]))
        return bucket.take(time.monotonic())

    async def _shared(self, script: str, key: str, argument: float) -> float | None:
        """Return the seconds that a script in Redis tells; None where there is no Redis, or it is gone."""
        if self.client is None:
            return None
        try:
            seconds = float(await self.client.eval(script, 1, key, str(argument)))
        except (RedisError, OSError, TimeoutError) as trouble:
            self._note(type(trouble).__name__)
            return None
        self._note(None)
        return seconds

    def _note(self, trouble: str | None) -> None:
        """Say once that Redis is lost, and once that it is back."""
        is_alone = trouble is not None
        if is_alone and not self._is_alone:
            log.info("pace kept alone", problem=trouble)
        elif self._is_alone and not is_alone:
            log.info("pace kept together again")
        self._is_alone = is_alone
