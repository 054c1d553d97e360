"""The SIDs of WhatsApp Content resources, by the names that the channel uses, and which of them are approved.

A resource for the conversation needs no approval. That of somebody else, which a setting names, is known by its SID.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.store.statements import insert_into
from domain.store.tables import content


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource; *approval* is what WhatsApp said of it last, None where it needs no approval."""

    name: str
    sid: str
    approval: str | None = None


async def all_kept(connection: AsyncConnection) -> list[Kept]:
    """Return all that is known."""
    return [Kept(row.name, row.sid, row.approval) for row in await connection.execute(select(content))]


async def all_sids(connection: AsyncConnection) -> dict[str, str]:
    """Return all SIDs by name."""
    return {one.name: one.sid for one in await all_kept(connection)}


async def keep_sid(connection: AsyncConnection, name: str, sid: str, approval: str | None = None) -> None:
    """Remember the SID of a resource, and what WhatsApp says of it."""
    kept = insert_into(connection, content)
    values = {"sid": sid, "approval": approval}
    await connection.execute(kept.on_conflict_do_update(index_elements=["name"], set_=values), {"name": name, **values})


async def keep_approval(connection: AsyncConnection, sid: str, approval: str) -> None:
    """Remember what WhatsApp says of a resource by now."""
    known = await connection.execute(update(content).where(content.c.sid == sid).values(approval=approval))
    if not known.rowcount:
        await keep_sid(connection, sid, sid, approval)
