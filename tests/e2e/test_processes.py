"""One web process and two workers on PostgreSQL, with Redis, without, and with Redis lost in the midst of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import wall_clock
from domain.store.database import Database
from tests import servers
from tests.e2e import processes
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import ASKED, SMALL, Phone, received

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
CHANNELS = ("telegram", "whatsapp", "whatsapp", "sms", "sms")
PEOPLE = 20
COMMANDS = (("web",), ("worker",), ("worker",))


async def books(phone: Phone, is_said: Callable[[], object]) -> None:
    """Book step by step, each after the answer to the one before."""
    for stage, words in SMALL.items():
        assert 200 == await phone.say(words)
        is_said()
        await phone.wait_for(lambda message, stage=stage: ASKED[stage] in message.text, 120)  # type: ignore[misc]  # a bound default


async def everybody_books(clinic: Clinic, half_way: Callable[[], object]) -> list[Phone]:
    phones = [clinic.phone(CHANNELS[number % len(CHANNELS)]) for number in range(PEOPLE)]
    said = 0

    def is_said() -> None:
        nonlocal said
        said += 1
        if said == PEOPLE * len(SMALL) // 2:
            half_way()

    await asyncio.gather(*(books(phone, is_said) for phone in phones))
    return phones


@pytest.mark.parametrize("redis", ["without Redis", "Redis is lost"])
async def test_twenty_people_are_served_by_three_processes_in_order_and_once(
    database: Database, database_url: str, tmp_path: Path, redis: str
) -> None:
    port = processes.free_port()
    await write_small(database, today=wall_clock().date())
    with contextlib.ExitStack() as stack:
        settings = {"PORT": port} | (
            {} if redis == "without Redis" else {"REDIS_URL": stack.enter_context(servers.redis())}
        )
        async with clinic_at_work(database_url, wall_clock, works=False) as clinic:
            clinic.address = f"http://127.0.0.1:{port}"
            env = processes.beside(clinic, tmp_path, **settings)
            async with processes.at_work(*COMMANDS, env=env, folder=tmp_path):
                phones = await everybody_books(clinic, half_way=stack.close)

            for phone in phones:
                assert list(ASKED) == [stage for said in received(phone) for stage in ASKED if ASKED[stage] in said]
            assert ["booked"] * PEOPLE == await clinic.column("SELECT status FROM v_appointment")
            assert [] == clinic.telegram.refused + clinic.twilio.refused
            status, said = await processes.done("verify", env=env, folder=tmp_path)
            assert 0 == status, said
