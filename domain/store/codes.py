"""Codes that link contacts, in SQL: kept as digests, used once, counted by the day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.linked import Addressed, OpenCode
from domain.patients import Channel, ContactId
from domain.store.conversations import contact_at
from domain.store.sealing import blind_index
from domain.store.stamp import Stamp
from domain.store.tables import contact, conversation, link_code

_NUMBERS = (Channel.SMS, Channel.WHATSAPP)


class SqlCodes:
    """`domain.ports.Codes`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def add(self, contact_id: ContactId, other: ContactId | None, *, digest: str, lasts: timedelta) -> None:
        over = update(link_code).where(link_code.c.contact_id == contact_id, *self._open())
        await self._connection.execute(over.values(expires_at=self._stamp.now))
        values = {"contact_id": contact_id, "other_id": other, "digest": digest, "made_at": self._stamp.now}
        await self._connection.execute(insert(link_code).values(**values, expires_at=self._stamp.now + lasts))

    async def asked_by(self, contact_id: ContactId, since: datetime) -> int:
        return await self._count(link_code.c.contact_id == contact_id, since)

    async def sent_to(self, contacts: Collection[ContactId], since: datetime) -> int:
        return await self._count(link_code.c.other_id.in_(contacts), since)

    async def _count(self, of: ColumnElement[bool], since: datetime) -> int:
        found = select(func.count()).select_from(link_code).where(of, link_code.c.made_at > since)
        return int((await self._connection.execute(found)).scalar_one())

    async def for_contact(self, contact_id: ContactId, most_misses: int) -> OpenCode | None:
        return await self._first(
            link_code.c.contact_id == contact_id, link_code.c.other_id.is_not(None), link_code.c.misses < most_misses
        )

    async def for_anybody(self, digest: str) -> OpenCode | None:
        return await self._first(link_code.c.digest == digest, link_code.c.other_id.is_(None))

    async def _first(self, *where: ColumnElement[bool]) -> OpenCode | None:
        found = select(link_code).where(*where, *self._open()).order_by(link_code.c.id.desc()).limit(1)
        row = (await self._connection.execute(found.with_for_update())).first()
        if row is None:
            return None
        other = ContactId(row.other_id) if row.other_id is not None else None
        return OpenCode(id=row.id, contact=ContactId(row.contact_id), other=other, digest=row.digest, misses=row.misses)

    def _open(self) -> tuple[ColumnElement[bool], ...]:
        return link_code.c.used_at.is_(None), link_code.c.expires_at > self._stamp.now

    async def missed(self, code_id: int) -> None:
        await self._change(code_id, misses=link_code.c.misses + 1)

    async def use(self, code_id: int) -> None:
        await self._change(code_id, used_at=self._stamp.now)

    async def _change(self, code_id: int, **values: Any) -> None:
        await self._connection.execute(update(link_code).where(link_code.c.id == code_id).values(**values))

    async def at_number(self, number: str, *, secret: bytes, make: Channel | None) -> list[Addressed]:
        if self._connection.dialect.name == "postgresql":
            line = func.hashtextextended(blind_index(secret, "number", number), 0)
            await self._connection.execute(select(func.pg_advisory_xact_lock(line)))
        if make is not None:
            now = self._stamp.now
            await contact_at(self._connection, secret=secret, channel=make, address=number, now=now)
        places = [
            (contact.c.channel == channel) & (contact.c.address_index == blind_index(secret, channel, number))
            for channel in _NUMBERS
        ]
        return await self._addressed(or_(*places))

    async def contact(self, contact_id: ContactId) -> Addressed:
        (found,) = await self._addressed(contact.c.id == contact_id)
        return found

    async def _addressed(self, where: ColumnElement[bool]) -> list[Addressed]:
        found = (
            select(
                contact.c.id,
                contact.c.channel,
                contact.c.address,
                contact.c.conversation_id,
                contact.c.stop_reason,
                conversation.c.heard_at,
                conversation.c.state,
                conversation.c.contact_id.label("last_contact"),
            )
            .join_from(contact, conversation, contact.c.conversation_id == conversation.c.id)
            .where(where)
        )
        return list(map(_addressed, await self._connection.execute(found)))


def _addressed(row: Any) -> Addressed:
    is_last = row.last_contact in (None, row.id) and bool(row.state)
    return Addressed(
        contact=ContactId(row.id),
        channel=Channel(row.channel),
        address=row.address,
        conversation=row.conversation_id,
        is_stopped=row.stop_reason is not None,
        heard_at=row.heard_at if is_last else None,
        language=str((row.state or {}).get("language", "")),
    )
