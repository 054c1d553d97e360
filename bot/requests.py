"""Lets go of requests that nobody has answered in time; their people are told with the reminders."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.log import problem
from domain.requests import expire
from domain.store import staff_requests
from domain.store.database import Database
from domain.store.stamp import Stamp
from domain.store.work import Work

log = structlog.get_logger()
_AT_ONCE = 100


async def expire_due(database: Database, now: datetime) -> int:
    """Let go of what is over, each in a transaction of its own; return how many."""
    async with database.read() as connection:
        due = await staff_requests.lapsed(connection, now, _AT_ONCE)
    gone = 0
    for appointment in due:
        try:
            async with database.begin() as connection:
                work = Work(connection, Stamp(now=now, actor="sweeper"))
                gone += await expire(work, appointment, now)
        except Exception as failure:  # noqa: BLE001  the job's edge: one that fails is in nobody's way
            log.error("request not let go", appointment=appointment, problem=problem(failure))
    return gone
