"""Turns a second over HTTP: signature, inbox, ledger, outbox, commit, and bookings that are checked afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from domain.store.database import Database
from domain.store.sealing import Keyring
from domain.store.verify import breaches
from tests.bench import cpu
from tests.bench.caller import Caller, calling, ready_made
from tests.bench.setting import REPLIES, percentile, server
from tests.conftest import KEYS, NOW

AT_ONCE = 16
WARM_UP = 20


async def measure(url: str, people: int, *, processes: int = 1) -> dict[str, float]:
    """Let *people* book, so many at once, at so many `web` *processes* over one database, and return the figures."""
    async with contextlib.AsyncExitStack() as stack:
        ports = [_free_port() for _ in range(processes)]
        web = [(await stack.enter_async_context(server(url, port))).pid for port in ports]
        callers = [await stack.enter_async_context(calling(ports[one % processes])) for one in range(AT_ONCE)]
        await _crowd(callers, map(_requests, range(WARM_UP)))
        conversations = [_requests(person) for person in range(WARM_UP, WARM_UP + people)]
        parts = {"web": cpu.of_processes(*web), "load": cpu.of_processes(os.getpid())}
        if url.startswith("postgresql:"):
            parts["database"] = await cpu.of_postgres(url)
        meter, began = cpu.Meter(**parts), time.perf_counter()
        times = await _crowd(callers, conversations)
        seconds = time.perf_counter() - began
        taken, memory = meter.per_turn(len(times)), _memory_mb(web[0])
    booked, broken = await _booked(url)
    return {
        "turns/s": round(len(times) / seconds, 1),
        "turn p50 ms": round(percentile(times, 0.5) * 1000, 1),
        "turn p95 ms": round(percentile(times, 0.95) * 1000, 1),
        **{f"CPU ms/turn of {part}": milliseconds for part, milliseconds in taken.items()},
        "server memory MB": memory,
        "bookings": booked,
        "invariants broken": broken,
    }


async def _crowd(callers: Sequence[Caller], conversations: Iterable[list[bytes]]) -> list[float]:
    times: list[float] = []
    waiting = iter(conversations)

    async def one_after_another(caller: Caller) -> None:
        for requests in waiting:
            for request in requests:
                began = time.perf_counter()
                status = await caller.post(request)
                times.append(time.perf_counter() - began)
                if status != 200:
                    raise RuntimeError(f"the server answered {status}")

    await asyncio.gather(*map(one_after_another, callers))
    return times


def _requests(person: int) -> list[bytes]:
    """Return all that somebody says, each as the request that brings it."""
    chance = random.Random(person)
    said = [reply.format(centre=chance.randint(1, 3), slot=chance.randint(1, 5)) for reply in REPLIES]
    return [ready_made(f"+1555{person:07}", f"SM{person:016x}{number:016x}", text) for number, text in enumerate(said)]


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
