"""How fast messages go out: one pace for all processes through Redis, each its own where Redis is not or is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
import redis.asyncio as redis
import structlog

from bot.pace import IN_A_GROUP, MINUTE, RATES, Pace
from domain.patients import Channel
from tests import servers
from tests.conftest import Clock

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


NOTHING, GROUP = timedelta(), "-1001"


async def test_a_group_takes_so_many_a_minute_and_others_are_not_concerned(clock: Clock) -> None:
    pace = Pace(None, clock=clock)
    for number in range(IN_A_GROUP):
        assert NOTHING == await pace.pause(Channel.TELEGRAM, GROUP), number
        clock.move(timedelta(seconds=1))
    assert timedelta(seconds=40) == await pace.pause(Channel.TELEGRAM, GROUP)
    for channel, address in ((Channel.TELEGRAM, "-1002"), (Channel.TELEGRAM, "1001"), (Channel.SMS, GROUP)):
        assert NOTHING == await pace.pause(channel, address)
    clock.move(timedelta(seconds=40))
    assert NOTHING == await pace.pause(Channel.TELEGRAM, GROUP), "who waits takes no place"
    assert timedelta(seconds=1) == await pace.pause(Channel.TELEGRAM, GROUP)


async def test_within_any_minute_a_group_gets_no_more(clock: Clock) -> None:
    pace, sent = Pace(None, clock=clock), []
    for _ in range(400):
        if not await pace.pause(Channel.TELEGRAM, GROUP):
            sent.append(clock.now)
        clock.move(timedelta(seconds=0.7))
    assert len(sent) >= 4 * IN_A_GROUP
    assert all(later - earlier >= MINUTE for earlier, later in zip(sent, sent[IN_A_GROUP:], strict=False))


async def test_a_clock_that_was_put_back_stops_no_group(clock: Clock) -> None:
    pace = Pace(None, clock=clock)
    for _ in range(IN_A_GROUP):
        await pace.pause(Channel.TELEGRAM, GROUP)
    clock.move(-timedelta(hours=1))
    assert NOTHING == await pace.pause(Channel.TELEGRAM, GROUP)


async def test_processes_share_the_pace_of_a_group_through_redis(client: redis.Redis) -> None:
    one, other = Pace(client), Pace(client)
    for _ in range(IN_A_GROUP // 2):
        assert [NOTHING, NOTHING] == [
            await one.pause(Channel.TELEGRAM, GROUP),
            await other.pause(Channel.TELEGRAM, GROUP),
        ]
    for pace in (one, other):
        assert NOTHING < await pace.pause(Channel.TELEGRAM, GROUP) <= MINUTE
    assert NOTHING == await one.pause(Channel.TELEGRAM, "-1002")
