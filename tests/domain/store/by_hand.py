"""SQL written by hand, as somebody would who passes the handlers by."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.exc import DBAPIError

from domain.store.database import Connection, Database
from domain.store.types import Moment
from tests.conftest import NOW
from tests.domain.clinic import Someone


class _UndoneError(Exception):
    """It was only tried."""


@contextlib.asynccontextmanager
async def undone(database: Database) -> AsyncIterator[Connection]:
    """Begin a unit of work that leaves no trace."""
    with contextlib.suppress(_UndoneError):
        async with database.begin() as connection:
            yield connection
            raise _UndoneError


MOMENTS = ("now", "expires", "later", "long_ago")
_numbers = itertools.count(1)
_INSERT = """INSERT INTO appointment (reference, patient_id, slot_id, course, status, version, expires_at, channel,
    contact_id, idempotency_key, created_at, updated_at, updated_by)
    VALUES (:reference, :patient, :slot, :course, :status, 1, :expires, 'sms', :contact, :key, :now, :now, 'hand')"""


def sql(statement: str) -> TextClause:
    """Return *statement*, in which the names of `MOMENTS` are moments."""
    moments = [bindparam(name, type_=Moment()) for name in MOMENTS if f":{name}" in statement]
    return text(statement).bindparams(*moments)


async def run(connection: Connection, statement: str, **values: object) -> Any:
    """Carry out *statement*."""
    given = {"now": NOW} if ":now" in statement else {}
    return await connection.execute(sql(statement), {**given, **values})


async def insert(connection: Connection, who: Someone, slot: int, status: str = "booked", **other: object) -> int:
    """Insert an appointment and return its id; *other* are its course, key and reference."""
    number = next(_numbers)
    values = {
        "reference": f"R{number}",
        "patient": who.patient,
        "slot": slot,
        "course": "flu:1",
        "status": status,
        "expires": NOW if status == "pending" else None,
        "contact": who.contact,
        "key": f"hand{number}",
        **other,
    }
    added = await run(connection, f"{_INSERT} RETURNING id", **values)
    return int(added.scalar_one())


async def update(connection: Connection, appointment: int, changes: str, **values: object) -> None:
    """Change an appointment as *changes* say, raising its version."""
    statement = f"UPDATE appointment SET {changes}, version = version + 1 WHERE id = :appointment"
    await run(connection, statement, appointment=appointment, **values)


async def refusal(connection: Connection, statement: str, **values: object) -> str:
    """Return why the database refuses *statement*, or "" when it does not; either way nothing is changed."""
    nested = await connection.begin_nested()
    try:
        await run(connection, statement, **values)
    except DBAPIError as refused:
        return str(refused.orig)
    else:
        return ""
    finally:
        await nested.rollback()
