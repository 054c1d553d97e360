"""How fast messages go out: one pace for all processes through Redis, each its own where Redis is not or is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
import redis.asyncio as redis
import structlog

from bot.pace import RATES, Pace
from domain.patients import Channel
from tests import servers

#: So slow that a message uses up a thousand seconds, whatever the machine is doing meanwhile.
SLOW = dict.fromkeys(Channel, 0.001)
ONE, TWO = 1_000, 2_000


@pytest_asyncio.fixture
async def client(redis_url: str) -> AsyncIterator[redis.Redis]:
    """Redis with a room of its own."""
    async with redis.from_url(redis_url, db=5) as opened:
        await opened.flushdb()
        yield opened
        await opened.flushdb()


async def pause(pace: Pace, channel: Channel = Channel.TELEGRAM) -> int:
    """Return in which thousand of seconds the next message would go."""
    return -int(-await pace._seconds(channel) // 1_000) * 1_000


async def test_one_process_keeps_its_pace_alone() -> None:
    one, other = Pace(None, SLOW), Pace(None, SLOW)
    assert [ONE, TWO, ONE] == [await pause(one), await pause(one), await pause(other)]


async def test_processes_share_one_pace_through_redis(client: redis.Redis) -> None:
    one, other = Pace(client, SLOW), Pace(client, SLOW)
    assert [ONE, TWO] == [await pause(one), await pause(other)]


async def test_each_channel_has_its_own_pace(client: redis.Redis) -> None:
    for pace in (Pace(client, SLOW), Pace(None, SLOW)):
        assert [ONE] * len(Channel) == [await pause(pace, channel) for channel in Channel]


async def test_with_redis_gone_each_process_goes_on_alone() -> None:
    with servers.redis() as url:
        client = redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        one, other = Pace(client, SLOW), Pace(client, SLOW)
        assert [ONE, TWO] == [await pause(one), await pause(other)]

    with structlog.testing.capture_logs() as said:
        assert [ONE, TWO, ONE] == [await pause(one), await pause(one), await pause(other)]
    assert ["pace kept alone"] * 2 == [line["event"] for line in said], "each process says it once"
    await client.aclose()


async def test_within_the_pace_nobody_waits(client: redis.Redis) -> None:
    for pace in (Pace(client), Pace(None)):
        for channel in Channel:
            assert 0 == await pause(pace, channel)
            await pace.wait(channel)


def test_every_channel_has_a_pace() -> None:
    assert set(Channel) == set(RATES)
