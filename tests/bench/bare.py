"""The bare SQL of the very turns that are measured, through asyncpg: what the database alone would take.

A booking is recorded, and its statements are played for one person after another: every number that is an id is
moved on by the person's, and what must be unique gets their number. The sequences begin far apart, so that an id is
known by its size.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg

from domain.appointments import REFERENCE_LENGTH, REFERENCE_LETTERS
from tests.bench.statements import Statement, recorded
from tests.bench.turns import AT_ONCE

MILLION = 1_000_000
#: Where the ids of each table begin; slots exist already, and one further on is as good.
FIRST = {name: number * MILLION for number, name in enumerate(("contact", "conversation", "patient", "appointment"), 1)}
FIRST |= {"inbox": 5 * MILLION, "slot": 6 * MILLION}
SPREAD = 20  # more than the ids that one conversation takes of a table
_INSERT = re.compile(r"INSERT INTO (\w+) \((.*?)\) VALUES \(")


@dataclass(frozen=True, slots=True)
class Played:
    """One statement for everybody: *own* is the id that its row gets, before it is moved on."""

    sql: str
    names: tuple[str, ...]
    arguments: tuple[Any, ...]
    own: int | None = None

    def for_person(self, person: int) -> list[Any]:
        """Return its arguments for person number *person*, from 1."""
        moved = [_moved(name, value, person) for name, value in zip(self.names, self.arguments, strict=True)]
        return moved if self.own is None else [*moved, self.own + person * SPREAD]


async def begin_far_apart(url: str) -> None:
    """Let the ids of an empty database begin where they are known by their size."""
    connection = await asyncpg.connect(url)
    for table, first in FIRST.items():
        await connection.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {first}")
    await connection.close()


async def measure(url: str, people: int) -> dict[str, float]:
    """Play the conversation of *people*, over as many connections as the server has, and return the rate of turns."""
    turns = [list(_played(turn)) for turn in await recorded(url, datetime.now(UTC))]
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10)
    numbers = iter(range(1, people + 1))

    async def one_after_another() -> None:
        for person in numbers:
            for turn in turns:
                async with pool.acquire() as connection, connection.transaction():
                    for statement in turn:
                        await connection.fetch(statement.sql, *statement.for_person(person))

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    seconds = time.perf_counter() - began
    await pool.close()
    return {"bare SQL turns/s": round(people * len(turns) / seconds, 1)}


_taken: Counter[str] = Counter()


def _played(turn: list[Statement]) -> Iterator[Played]:
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
            _taken[table] += 1
            yield Played(head + statement.sql[found.end() :], names, arguments, FIRST[table] + _taken[table] - 1)


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
