"""The SIDs of WhatsApp Content resources, by the names that the channel uses."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.store.statements import insert_into
from domain.store.tables import content


async def all_sids(connection: AsyncConnection) -> dict[str, str]:
    """Return all SIDs by name."""
    return {row.name: row.sid for row in await connection.execute(select(content))}


async def keep_sid(connection: AsyncConnection, name: str, sid: str) -> None:
    """Remember the SID of a resource."""
    kept = insert_into(connection, content)
    await connection.execute(
        kept.on_conflict_do_update(index_elements=["name"], set_={"sid": sid}), {"name": name, "sid": sid}
    )
