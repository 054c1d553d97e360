"""Consent to be written to, as it was given, taken back and given again: rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.patients import ContactId
from domain.store.prepared import Prepared
from domain.store.tables import consent

_KEEP = Prepared(insert(consent), keys=("contact_id", "at", "kind", "how"))


async def keep(connection: AsyncConnection, contact_id: ContactId, kind: str, how: str, at: datetime) -> None:
    """Record that a contact has "agreed", "stopped" or "started", and how: by word, by a provider's report, ..."""
    await _KEEP.run(connection, {"contact_id": contact_id, "at": at, "kind": kind, "how": how})
