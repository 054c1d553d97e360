"""E-mail addresses and their codes in SQL: all contacts of one conversation are one person's, and share them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.mail import A_DAY, Letter
from domain.patients import Channel, ContactId
from domain.ports import SentCode
from domain.store.persons import people_of
from domain.store.stamp import Stamp
from domain.store.tables import contact, mail_code, outbox
from domain.store.types import Id


class SqlMails:
    """`domain.ports.Mails`; *letters* fills up with what is to be sent."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp
        self.letters: list[Letter] = []

    async def address(self, contact_id: ContactId) -> str | None:
        wanted = _is_theirs(contact.c.id), contact.c.email.is_not(None)
        found = select(contact.c.email).where(*wanted).order_by(contact.c.id).limit(1)
        address: str | None = (await self._connection.execute(found, {"contact": contact_id})).scalar()
        return address

    async def codes_since(self, contact_id: ContactId, since: datetime) -> int:
        sent = select(func.count()).where(_is_theirs(mail_code.c.contact_id), mail_code.c.made_at > since)
        return int((await self._connection.execute(sent, {"contact": contact_id})).scalar_one())

    async def keep_code(self, contact_id: ContactId, address: str, digest: str, until: datetime) -> None:
        await self._make_void(contact_id)
        row = {"contact_id": contact_id, "address": address, "digest": digest}
        await self._connection.execute(
            insert(mail_code), {**row, "made_at": self._stamp.now, "expires_at": until, "misses": 0}
        )

    async def code(self, contact_id: ContactId) -> SentCode | None:
        counts = _is_theirs(mail_code.c.contact_id), mail_code.c.address.is_not(None)
        found = select(mail_code).where(*counts).order_by(mail_code.c.id.desc()).limit(1)
        row = (await self._connection.execute(found, {"contact": contact_id})).first()
        return _sent(row) if row else None

    async def missed(self, sent: SentCode) -> None:
        one_more = update(mail_code).where(mail_code.c.id == sent.id).values(misses=mail_code.c.misses + 1)
        await self._connection.execute(one_more)

    async def keep_address(self, contact_id: ContactId, address: str) -> None:
        await self._make_void(contact_id)
        await self._forget_address(contact_id)
        await self._connection.execute(update(contact).where(contact.c.id == contact_id).values(email=address))

    async def forget(self, contact_id: ContactId) -> None:
        await self._make_void(contact_id)
        await self._forget_address(contact_id)
        await drop_queue(self._connection, contact_id, "unwanted")

    def write(self, letter: Letter) -> None:
        self.letters.append(letter)

    async def _make_void(self, contact_id: ContactId) -> None:
        """Keep of codes no more than when they were sent."""
        void = update(mail_code).where(_is_theirs(mail_code.c.contact_id)).values(address=None, digest=None)
        await self._connection.execute(void, {"contact": contact_id})

    async def _forget_address(self, contact_id: ContactId) -> None:
        gone = update(contact).where(_is_theirs(contact.c.id), contact.c.email.is_not(None)).values(email=None)
        await self._connection.execute(gone, {"contact": contact_id})


async def drop_queue(connection: AsyncConnection, contact_id: ContactId, why: str) -> None:
    """Close all e-mails that are still queued to a person, by whichever contact they came about."""
    queued = _is_theirs(outbox.c.contact_id), outbox.c.channel == Channel.EMAIL, outbox.c.state == "queued"
    dropped = update(outbox).where(*queued).values(state="dropped", lease_until=None, error=why)
    await connection.execute(dropped, {"contact": contact_id})


async def forget_codes(connection: AsyncConnection, now: datetime) -> None:
    """Forget codes that neither can be typed any more nor count, with the addresses that nobody confirmed."""
    await connection.execute(delete(mail_code).where(mail_code.c.made_at <= now - A_DAY))


def _is_theirs(contact_id: Any) -> ColumnElement[bool]:
    """Say in SQL that a row's contact is the :contact or another one of the same person."""
    theirs: ColumnElement[bool] = contact_id.in_(people_of(bindparam("contact", type_=Id), contact.c.id))
    return theirs


def _sent(row: Any) -> SentCode:
    return SentCode(id=row.id, address=row.address, digest=row.digest, expires_at=row.expires_at, misses=row.misses)
