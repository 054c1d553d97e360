"""A process that is killed in the midst of its work loses no answer, counts nothing twice, and sends all it owes.

People go on as they do: they send again what was not answered, and wait. What the dead process had leased is sent
when its lease is over; here that time is let go by in the database.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import aiohttp
from sqlalchemy import text

from bot.app import wall_clock
from domain.store.database import Database
from tests.e2e import processes
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import ASKED, SMALL, Phone, received
from tests.e2e.processes import Running
from webhooks.simulator.choices import AnsweredTooLateError
from webhooks.simulator.exchange import Call, Fault

PEOPLE, SEED = 12, 1
CHANNELS = ("telegram", "whatsapp", "sms")


@dataclass(slots=True)
class Street:
    """The people outside: whether the desk is *open* for them, and how many messages they have sent."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    sent: int = 0
    at: dict[int, Callable[[], object]] = field(default_factory=dict)

    async def send(self, phone: Phone, words: str) -> None:
        """Send *words*, and again until they are answered 200."""
        first = True
        while True:
            await self.open.wait()
            self.sent += 1
            if (happens := self.at.pop(self.sent, None)) is not None:
                happens()
            try:
                status = await (phone.say(words) if first else phone.redeliver())
            except (aiohttp.ClientError, AnsweredTooLateError):
                status = 0
            first = False
            if status == 200:
                return

    async def book(self, phone: Phone) -> None:
        for stage, words in SMALL.items():
            await self.send(phone, words)
            await phone.wait_for(lambda message, stage=stage: ASKED[stage] in message.text, 120)  # type: ignore[misc]  # a bound default


async def leases_run_out(database: Database) -> None:
    """Let the time go by after which others may send what a dead process had in hand."""
    async with database.begin() as connection:
        await connection.execute(text("UPDATE outbox SET lease_until = NULL WHERE state = 'queued'"))


async def killed_in_a_turn(street: Street, desk: Running, moment: random.Random) -> None:
    """Kill the process while messages come in."""
    killed = asyncio.get_running_loop().create_future()

    def soon() -> None:
        asyncio.get_running_loop().call_later(moment.uniform(0, 0.02), killed.set_result, None)

    street.at[street.sent + moment.randint(5, 25)] = soon
    await killed
    street.open.clear()
    await desk.kill()


async def killed_in_a_send(street: Street, desk: Running, clinic: Clinic, moment: random.Random) -> None:
    """Kill the process while a provider keeps it waiting, who may have taken the message or not."""
    reached = asyncio.Event()

    def is_reached(call: Call) -> bool:
        reached.set()
        return call.recipient is not None

    exchange = moment.choice([clinic.telegram.exchange, clinic.twilio.exchange])
    exchange.faults.append(Fault(hang=600, accept_first=moment.random() < 0.5, matching=is_reached))
    await reached.wait()
    street.open.clear()
    await desk.kill()
    exchange.faults.clear()


async def test_a_desk_that_is_killed_again_and_again_still_serves_everybody(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    moment, street, port = random.Random(SEED), Street(), processes.free_port()
    await write_small(database, today=wall_clock().date())
    async with clinic_at_work(database_url, wall_clock, works=False) as clinic:
        clinic.address = f"http://127.0.0.1:{port}"
        env = processes.beside(clinic, tmp_path, PORT=port)
        phones = [clinic.phone(CHANNELS[number % 3]) for number in range(PEOPLE)]
        people = [asyncio.create_task(street.book(phone)) for phone in phones]

        for kills in ("turn", "send", "turn"):
            async with processes.at_work(("run",), env=env, folder=tmp_path) as (desk,):
                street.open.set()
                if kills == "turn":
                    await killed_in_a_turn(street, desk, moment)
                else:
                    await killed_in_a_send(street, desk, clinic, moment)
            await leases_run_out(database)

        async with processes.at_work(("run",), env=env, folder=tmp_path):
            street.open.set()
            await asyncio.gather(*people)

        for phone in phones:
            asked = [stage for stage, words in ASKED.items() for said in received(phone) if words in said]
            assert list(ASKED) == [stage for stage, _ in groupby(asked)]
        assert ["booked"] * PEOPLE == await clinic.column("SELECT status FROM v_appointment")
        assert PEOPLE == await clinic.value("SELECT count(DISTINCT contact_id) FROM appointment")
        assert [len(SMALL)] * PEOPLE == await clinic.column("SELECT count(*) FROM inbox GROUP BY contact_id")
        assert ["done"] == await clinic.column("SELECT DISTINCT state FROM inbox")
        assert [len(SMALL)] * PEOPLE == await clinic.column("SELECT turn FROM conversation")
        status, said = await processes.done("verify", env=env, folder=tmp_path)
        assert 0 == status, said
