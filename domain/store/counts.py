"""How much waits to be done."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.store.tables import inbox, outbox


async def waiting(connection: AsyncConnection) -> tuple[int, int]:
    """Return how many messages wait to be sent, and how many wait for their turn."""
    queued = select(func.count()).where(outbox.c.state == "queued").scalar_subquery()
    unheard = select(func.count()).where(inbox.c.state == "waiting").scalar_subquery()
    row = (await connection.execute(select(queued, unheard))).one()
    return row[0], row[1]
