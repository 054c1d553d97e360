"""The dispatcher: leases due messages, sends and closes them; no connection is held while a provider is called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import undelivered
from bot.channels.base import (
    BlockedError,
    Channel,
    MovedError,
    RefusedError,
    SendError,
    ThrottledError,
    UnreachableError,
)
from bot.log import problem
from bot.messages import Outgoing, TapAnswered, load_outgoing
from bot.metrics import SENDS
from bot.pace import Pace
from bot.retry import GIVE_UP_AFTER, send_again_in
from bot.wake import Bell, Wake
from dialogs.prompt import Settled
from domain import patients
from domain.store import broadcast_queue, conversations, outbox
from domain.store.database import TROUBLES, Connection, Database
from domain.store.outbox import Leased, Priority

log = structlog.get_logger()

LEASE = timedelta(seconds=20)  # longer than a send may take
AT_ONCE = 32
POLL_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Sends what is in the outbox through *channels*."""

    database: Database
    channels: dict[patients.Channel, Channel]
    pace: Pace
    wake: Wake
    clock: Callable[[], datetime]

    async def run(self) -> None:
        """Send for ever; what is under way when this is cancelled stays leased, and is sent again later."""
        async with asyncio.TaskGroup() as sends:
            under_way: set[asyncio.Task[None]] = set()
            while True:
                leased = await self._lease(AT_ONCE - len(under_way))
                for row in leased:
                    task = sends.create_task(self._send_queue_of(row))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                if len(under_way) >= AT_ONCE:
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                elif not leased:
                    await self.wake.wait(Bell.OUTBOX, POLL_S)

    async def send_all_due(self) -> int:
        """Send what is due now, one after another, and return how many rows were tried."""
        tried = 0
        while leased := await self._lease(AT_ONCE):
            for row in leased:
                await self._send_queue_of(row)
            tried += len(leased)
        return tried

    async def _lease(self, limit: int) -> list[Leased]:
        now = self.clock()
        try:
            async with self.database.begin() as connection:
                return await outbox.lease(connection, now=now, until=now + LEASE, limit=limit)
        except Exception as trouble:  # noqa: BLE001  the dispatcher's edge: the database may be away for a while
            log.error("outbox not readable", problem=problem(trouble))
            return []

    async def _send_queue_of(self, first: Leased) -> None:
        """Send a contact's messages in their order, until one fails or all are sent."""
        row = first
        try:
            while (following := await self._send(row)) is not None:
                row = following
        except Exception as trouble:  # noqa: BLE001  the dispatcher's edge: the lease runs out, then again
            log.error("send not closed", outbox=row.id, problem=problem(trouble))

    async def _send(self, row: Leased) -> Leased | None:
        if row.is_stale or (row.until is not None and self.clock() >= row.until):
            return await self._pass_over(row)
        try:
            message = _read(row)
            if await self._waits(row, message):
                return None
            provider_id = await self._hand_over(row, message)
        except SendError as failure:
            await self._failed(row, failure)
            return None
        SENDS.labels(row.channel, "sent").inc()
        now = self.clock()
        async with self.database.begin() as connection:
            await outbox.sent(connection, row.id, provider_id, now)
            following = await outbox.lease_next(connection, row.contact, now=now, until=now + LEASE)
        if provider_id is not None and row.menu is not None and row.channel != patients.Channel.TELEGRAM:
            await self._catch_up(provider_id)
        return following

    async def _waits(self, row: Leased, message: Outgoing) -> bool:
        """Say whether a chat takes nothing more for a while; the row is put back until then, and keeps its place."""
        if isinstance(message, TapAnswered):
            return False
        pause = await self.pace.pause(row.channel, row.address)
        if pause:
            async with self.database.begin() as connection:
                await outbox.put_back(connection, row.id, self.clock() + pause)
        return bool(pause)

    async def _catch_up(self, provider_id: str) -> None:
        """Do what follows from a receipt that came before the provider's answer."""
        try:
            async with self.database.read() as connection:
                came = await outbox.receipt_of(connection, provider_id)
            if came is not None:
                async with self.database.begin() as connection:
                    await undelivered.told_lost(connection, provider_id, self.clock())
        except TROUBLES as trouble:  # a receipt that is repeated says it again
            log.error("receipt not looked at", problem=problem(trouble))

    async def _pass_over(self, row: Leased) -> Leased | None:
        """Leave unsent what is about an appointment that has moved on, or comes too late; go on to the next."""
        now = self.clock()
        why = "superseded" if row.is_stale else "too late"
        log.info("send dropped", outbox=row.id, channel=row.channel, why=why)
        async with self.database.begin() as connection:
            await outbox.dropped(connection, row.id, why)
            if row.priority == Priority.BROADCAST:
                await broadcast_queue.wait_again(connection, row.id)
            elif not row.is_stale:
                await undelivered.another_way(connection, row, now)
            return await outbox.lease_next(connection, row.contact, now=now, until=now + LEASE)

    async def _hand_over(self, row: Leased, message: Outgoing) -> str | None:
        channel = self.channels.get(row.channel)
        if channel is None:
            raise UnreachableError("channel off")  # another process may have it, or this one after its next start
        shown_as = None
        if isinstance(message, Settled):
            async with self.database.read() as connection:
                shown_as = await outbox.provider_id_of_menu(connection, row.contact, message.menu)
        await self.pace.wait(row.channel)
        try:
            return await channel.send(row.address, message, shown_as)
        except SendError:
            raise
        except TROUBLES as trouble:  # what a channel needs of us was not there, such as the database
            raise UnreachableError(type(trouble).__name__) from trouble
        except Exception as failure:
            log.error("message cannot be made", outbox=row.id, problem=problem(failure))
            raise RefusedError(type(failure).__name__) from failure

    async def _failed(self, row: Leased, failure: SendError) -> None:
        now = self.clock()
        kind = type(failure).__name__.removesuffix("Error").lower()
        SENDS.labels(row.channel, kind).inc()
        log.info(
            "send failed", outbox=row.id, channel=row.channel, became=kind, code=failure.code, attempt=row.attempts
        )
        async with self.database.begin() as connection:
            match failure:
                case BlockedError():
                    await undelivered.stop_writing(connection, row, failure.code, now)
                case MovedError(address=address):
                    await self._follow(connection, row, address, now)
                case RefusedError():
                    await undelivered.bury(connection, row, failure.code, now)
                case _ if now - row.due_at >= GIVE_UP_AFTER:
                    await undelivered.bury(connection, row, failure.code, now)
                case ThrottledError(retry_after=pause):  # never sooner than they say, and less and less often
                    later = now + max(pause, send_again_in(row.attempts))
                    await outbox.again(connection, row.id, later, failure.code)
                case _:
                    await outbox.again(connection, row.id, now + send_again_in(row.attempts), failure.code)

    async def _follow(self, connection: Connection, row: Leased, address: str, now: datetime) -> None:
        """Go on at the new address of a chat, at once."""
        opened = await conversations.open_by_contact(connection, row.contact)
        await conversations.move(connection, opened, address=address, secret=self.database.index_secret)
        await outbox.put_back(connection, row.id, now)


def _read(row: Leased) -> Outgoing:
    try:
        return load_outgoing(row.payload)
    except (KeyError, TypeError, ValueError) as failure:  # sealed with a lost key, or another release's
        raise RefusedError("unreadable") from failure
