"""Turns a second over HTTP: signature, inbox, ledger, outbox, commit, and bookings that are checked afterwards."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from pathlib import Path

import aiohttp

from domain.store.database import Database
from domain.store.sealing import Keyring
from domain.store.verify import breaches
from tests.bench.setting import REPLIES, WEBHOOK, percentile, server, signed_message
from tests.conftest import KEYS, NOW

AT_ONCE = 16
WARM_UP = 20


async def measure(url: str, people: int) -> dict[str, float]:
    """Let *people* book, so many at once, and return the figures."""
    port = _free_port()
    async with server(url, port) as process, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{port}{WEBHOOK}"
        await _crowd(session, address, range(WARM_UP))
        began = time.perf_counter()
        times = await _crowd(session, address, range(WARM_UP, WARM_UP + people))
        seconds = time.perf_counter() - began
        memory = _memory_mb(process.pid)
    booked, broken = await _booked(url)
    return {
        "turns/s": round(len(times) / seconds, 1),
        "turn p50 ms": round(percentile(times, 0.5) * 1000, 1),
        "turn p95 ms": round(percentile(times, 0.95) * 1000, 1),
        "server memory MB": memory,
        "bookings": booked,
        "invariants broken": broken,
    }


async def _crowd(session: aiohttp.ClientSession, address: str, people: range) -> list[float]:
    times: list[float] = []
    waiting = iter(people)

    async def one_after_another() -> None:
        for person in waiting:
            await _converse(session, address, person, times)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return times


async def _converse(session: aiohttp.ClientSession, address: str, person: int, times: list[float]) -> None:
    chance = random.Random(person)
    for number, reply in enumerate(REPLIES):
        text = reply.format(centre=chance.randint(1, 3), slot=chance.randint(1, 5))
        body, headers = signed_message(f"+1555{person:07}", f"SM{person:016x}{number:016x}", text)
        began = time.perf_counter()
        async with session.post(address, data=body, headers=headers) as response:
            if response.status != 200:
                raise RuntimeError(f"the server answered {response.status}")
        times.append(time.perf_counter() - began)


async def _booked(url: str) -> tuple[int, int]:
    database = Database.open(url, Keyring.of(KEYS))
    async with database.read() as connection:
        found = (
            await connection.exec_driver_sql("SELECT count(*) FROM appointment WHERE status = 'booked'")
        ).scalar_one()
        broken = await breaches(connection, NOW)
    await database.close()
    return found, sum(count for name, count in broken.items() if name != "holds")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)
