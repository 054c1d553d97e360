"""What is guessed from a contact, and what shows whose it is, in SQL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.linked import Standing
from domain.patients import ContactId
from domain.store.persons import is_of
from domain.store.stamp import Stamp
from domain.store.tables import contact, patient


class SqlProofs:
    """`domain.ports.Proofs`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def standing(self, contact_id: ContactId) -> Standing:
        found = select(contact.c.misses, contact.c.locked_until).where(contact.c.id == contact_id)
        row = (await self._connection.execute(found)).one()
        return Standing(misses=row.misses, locked_until=row.locked_until)

    async def keep_misses(self, contact_id: ContactId, misses: int, locked_until: datetime | None) -> None:
        kept = update(contact).where(contact.c.id == contact_id)
        await self._connection.execute(kept.values(misses=misses, locked_until=locked_until))

    async def prove(self, contacts: Collection[ContactId]) -> None:
        proven = update(contact).where(contact.c.id.in_(contacts))
        await self._connection.execute(proven.values(proven_at=self._stamp.now, misses=0, locked_until=None))

    async def births(self, contact_id: ContactId) -> list[date]:
        found = await self._connection.execute(select(patient.c.birth).where(is_of(contact_id)))
        return [date.fromisoformat(birth) for birth in found.scalars()]
