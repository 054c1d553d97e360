"""The bare SQL of one turn through asyncpg: what the database alone would take, as the yardstick."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime
from typing import Any

import asyncpg

from tests.bench.turns import AT_ONCE

STATE, TEXT = os.urandom(1500), os.urandom(500)

_OPEN = """SELECT contact.id, contact.channel, contact.address, contact.stop_reason, conversation.id AS conversation,
    conversation.turn, conversation.state, conversation.heard_at
    FROM contact JOIN conversation ON contact.conversation_id = conversation.id
    WHERE contact.channel = $1 AND contact.address_index = $2 FOR UPDATE OF conversation"""
_RECEIVE = """INSERT INTO inbox (channel, provider_id, contact_id, state, next_at, received_at, payload)
    VALUES ($1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM inbox WHERE contact_id = $3 AND state = 'waiting')
    THEN 'waiting' ELSE 'done' END, $4, $4, $5) ON CONFLICT (channel, provider_id) DO NOTHING RETURNING id, state"""
_QUEUE = """INSERT INTO outbox (contact_id, channel, priority, state, due_at, next_at, payload)
    VALUES ($1, $2, 0, 'queued', $3, $3, $4)"""
_SAVE = "UPDATE conversation SET turn = $2, state = $3, heard_at = $4, nudge_at = $4 WHERE id = $1"


async def measure(url: str, turns: int) -> dict[str, float]:
    """Write *turns* turns over as many connections as the server has, and return their rate."""
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10)
    rows = await pool.fetch("SELECT channel, address_index FROM contact ORDER BY id LIMIT 400")
    numbers = iter(range(turns))

    async def one_after_another() -> None:
        for number in numbers:
            row = rows[number % len(rows)]
            async with pool.acquire() as connection, connection.transaction():
                await _turn(connection, row["channel"], row["address_index"], number)

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    seconds = time.perf_counter() - began
    await pool.close()
    return {"bare SQL turns/s": round(turns / seconds, 1)}


async def _turn(connection: Any, channel: str, index: str, number: int) -> None:
    now = datetime.now(UTC)
    found = await connection.fetchrow(_OPEN, channel, index)
    await connection.fetchrow(_RECEIVE, channel, f"bare{number}", found["id"], now, TEXT)
    await connection.execute(_QUEUE, found["id"], channel, now, TEXT)
    await connection.execute(_SAVE, found["conversation"], found["turn"] + 1, STATE, now)
