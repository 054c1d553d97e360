"""CPU time that processes have taken, from /proc: unlike rates it hardly depends on what else the machine does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

_PROC = Path("/proc")
_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")

#: Returns the milliseconds that a part of the whole has taken so far.
Taken = Callable[[], float]


def of_processes(*pids: int) -> Taken:
    """Measure processes, without what they started."""
    return lambda: sum(_stat(pid).own_ms for pid in pids)


async def of_postgres(url: str) -> Taken:
    """Measure the PostgreSQL at *url*, which is on this machine: its first process and all that it started."""
    connection = await asyncpg.connect(url)
    first = _stat(await connection.fetchval("SELECT pg_backend_pid()")).parent
    await connection.close()
    return lambda: _stat(first).with_ended_ms + sum(one.own_ms for one in _all() if one.parent == first)


class Meter:
    """Measures what *parts* take from when it is made."""

    def __init__(self, **parts: Taken) -> None:
        self._parts = parts
        self._before = {name: taken() for name, taken in parts.items()}

    def per_turn(self, turns: int) -> dict[str, float]:
        """Return the milliseconds of each part for each of *turns*."""
        return {name: round((taken() - self._before[name]) / turns, 2) for name, taken in self._parts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stat:
    parent: int
    own_ms: float
    with_ended_ms: float  # with its children that have ended


def _stat(pid: int) -> _Stat:
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    user, system, ended_user, ended_system = (int(ticks) * _TICK_MS for ticks in fields[11:15])
    own = user + system
    return _Stat(parent=int(fields[1]), own_ms=own, with_ended_ms=own + ended_user + ended_system)


def _all() -> Iterator[_Stat]:
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            try:
                yield _stat(int(folder.name))
            except OSError:
                continue  # it has just ended
