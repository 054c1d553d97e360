"""The bare SQL of the very turns that are measured, through asyncpg: what the database alone would take.

A booking is recorded, and its statements are played for one person after another: every number that is an id is
moved on by the person's, and what must be unique gets their number. The sequences begin far apart, so that an id is
known by its size. It is played under the terms of what is measured: by as many processes, on the same event loop,
over as many connections, with statements that are prepared; and all arguments are ready beforehand.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import asyncpg

from bot.cli import quick_loop
from domain.appointments import REFERENCE_LENGTH, REFERENCE_LETTERS
from domain.store.database import POOL_SIZE
from tests.bench import cpu
from tests.bench.statements import Statement, recorded
from tests.bench.turns import AT_ONCE, WARM_UP

MILLION = 1_000_000
#: Where the ids of each table begin; slots exist already, and one further on is as good.
FIRST = {name: number * MILLION for number, name in enumerate(("contact", "conversation", "patient", "appointment"), 1)}
FIRST |= {"inbox": 5 * MILLION, "slot": 6 * MILLION}
#: One person's turn: statements and their arguments.
Turn = list[tuple[str, list[Any]]]
SPREAD = 20  # more than the ids that one conversation takes of a table
_LINE = re.compile(r"'[0-9a-f]{32}'")
_INSERT = re.compile(r"INSERT INTO (\w+) \((.*?)\) VALUES \(")


@dataclass(frozen=True, slots=True)
class Played:
    """One statement for everybody: *own* is the id that its row gets, before it is moved on."""

    sql: str
    names: tuple[str, ...]
    arguments: tuple[Any, ...]
    own: int | None = None

    def for_person(self, person: int) -> tuple[str, list[Any]]:
        """Return it with its arguments for person number *person*, from 1."""
        moved = [_moved(name, value, person) for name, value in zip(self.names, self.arguments, strict=True)]
        sql = _LINE.sub(f"'{person:032x}'", self.sql)
        return sql, moved if self.own is None else [*moved, self.own + person * SPREAD]


async def begin_far_apart(url: str) -> None:
    """Let the ids of an empty database begin where they are known by their size."""
    connection = await asyncpg.connect(url)
    for table, first in FIRST.items():
        await connection.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {first}")
    await connection.close()


def measure(url: str, people: int, *, processes: int = 1) -> dict[str, float]:
    """Play the conversation of *people* in so many *processes*, and return the rate of turns and what it takes."""
    taken_ids: Counter[str] = Counter()
    turns = [list(_played(turn, taken_ids)) for turn in asyncio.run(recorded(url, datetime.now(UTC)))]
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(processes + 1, timeout=300)
    everybody = range(1, WARM_UP + people + 1)
    players = [
        context.Process(target=_play, args=(url, turns, everybody[number::processes], together), daemon=True)
        for number in range(processes)
    ]
    for player in players:
        player.start()
    together.wait()  # all are warm
    parts = {
        "client": cpu.of_processes(*(one.pid or 0 for one in players)),
        "database": asyncio.run(cpu.of_postgres(url)),
    }
    meter, began = cpu.Meter(**parts), time.perf_counter()
    together.wait()
    together.wait()  # all are done, and still there to be measured
    played = people * len(turns)
    seconds, taken = time.perf_counter() - began, meter.per_turn(played)
    together.wait()
    for player in players:
        player.join()
    return {
        "bare SQL turns/s": round(played / seconds, 1),
        **{f"bare SQL CPU ms/turn of {part}": milliseconds for part, milliseconds in taken.items()},
    }


def _play(url: str, turns: list[list[Played]], people: range, together: Barrier) -> None:
    """Play for *people*, the first of them to warm up, in step with the other processes and with who measures."""
    try:
        with asyncio.Runner(loop_factory=quick_loop()) as runner:
            runner.run(_played_for(url, turns, people, together))
    except BaseException:
        together.abort()
        raise


async def _played_for(url: str, turns: list[list[Played]], people: range, together: Barrier) -> None:
    ready = [[[one.for_person(person) for one in turn] for turn in turns] for person in people]
    warm = WARM_UP // people.step
    async with asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE, reset=_as_it_is) as pool:
        await _crowd(pool, ready[:warm], AT_ONCE // people.step)
        together.wait()
        together.wait()
        await _crowd(pool, ready[warm:], AT_ONCE // people.step)
        together.wait()
        together.wait()


async def _crowd(pool: asyncpg.Pool, conversations: Iterable[list[Turn]], at_once: int) -> None:
    waiting = iter(conversations)

    async def one_after_another() -> None:
        for turns in waiting:
            for turn in turns:
                async with pool.acquire() as connection:
                    for sql, arguments in turn:
                        await (connection.fetch(sql, *arguments) if arguments else connection.execute(sql))

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))


async def _as_it_is(_connection: object) -> None:
    """Leave a connection as it is: what a pool does to one that is given back is no part of a turn."""


def _played(turn: list[Statement], taken_ids: Counter[str]) -> Iterator[Played]:
    for statement in turn:
        if not statement.names and "$1" in statement.sql:
            raise RuntimeError(f"cannot be played, since it was not prepared: {statement.sql[:80]}")
        found = _INSERT.match(statement.sql)
        names, arguments = tuple(statement.names), tuple(statement.arguments)
        if found is None or found[1] not in FIRST:
            yield Played(statement.sql, names, arguments)
        else:
            table, columns = found.groups()
            head = f"INSERT INTO {table} (id, {columns}) VALUES (${len(names) + 1}::BIGINT, "
            taken_ids[table] += 1
            yield Played(head + statement.sql[found.end() :], names, arguments, FIRST[table] + taken_ids[table] - 1)


def _moved(name: str, value: Any, person: int) -> Any:
    match name:
        case "reference":
            return _reference(person)
        case "provider_id" | "idempotency_key":
            return f"{value}.{person}"
        case "address_index":
            return f"{person:032x}"
        case _ if isinstance(value, int) and 6 * MILLION <= value < 7 * MILLION:
            return value + person
        case _ if isinstance(value, int) and MILLION <= value < 6 * MILLION:
            return value + person * SPREAD
        case _:
            return value


def _reference(person: int) -> str:
    letters = ""
    for _ in range(REFERENCE_LENGTH):
        person, digit = divmod(person, len(REFERENCE_LETTERS))
        letters += REFERENCE_LETTERS[digit]
    return letters
