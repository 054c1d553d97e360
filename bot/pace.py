"""Pace: how many messages a second a provider takes, shared over processes through Redis where it is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Pace:
    """Waits until a message may go out; without Redis, or with it gone, each process keeps the pace alone."""

    client: redis.Redis | None = None
    rates: Mapping[Channel, float] = field(default_factory=lambda: dict(RATES))
    _own: dict[Channel, _Bucket] = field(default_factory=dict)
    _is_alone: bool = False

    async def wait(self, channel: Channel) -> None:
        """Return when the next message to *channel* may be sent."""
        await asyncio.sleep(await self._seconds(channel))

    async def _seconds(self, channel: Channel) -> float:
        if self.client is not None:
            try:
                key = f"frontdesk:pace:{channel}"
                seconds = float(await self.client.eval(_SCRIPT, 1, key, str(self.rates[channel])))
            except (RedisError, OSError, TimeoutError) as trouble:
                self._note(type(trouble).__name__)
            else:
                self._note(None)
                return seconds
        bucket = self._own.setdefault(channel, _Bucket(self.rates[channel]))
        return bucket.take(time.monotonic())

    def _note(self, trouble: str | None) -> None:
        """Say once that Redis is lost, and once that it is back."""
        is_alone = trouble is not None
        if is_alone and not self._is_alone:
            log.info("pace kept alone", problem=trouble)
        elif self._is_alone and not is_alone:
            log.info("pace kept together again")
        self._is_alone = is_alone
