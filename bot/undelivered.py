"""What becomes of a message that did not arrive: another way for a reminder, other words, or a task for staff.

A provider says so at once, or afterwards by receipt. A receipt may come before the call that sent the message has
returned; whoever commits last, the webhook or the dispatcher, finds what the other has written.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.channels.menus import numbered
from bot.channels.twilio_codes import FAILED, OPTED_OUT, RESOURCE_FAULTS, WINDOW_CLOSED
from bot.messages import Outgoing, dump_outgoing, load_outgoing
from dialogs.prompt import Line, Prompt
from domain.patients import Channel, ContactId
from domain.store import broadcast_queue, conversations, digests, displacing, outbox, reminders
from domain.store.database import Connection
from domain.store.outbox import OutboxId, Sent
from domain.store.stamp import Stamp
from domain.store.work import Work

log = structlog.get_logger()


class Lost(Protocol):
    """A message that did not arrive."""

    @property
    def id(self) -> OutboxId: ...
    @property
    def contact(self) -> ContactId: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def menu(self) -> int | None: ...


# ---- told at once


async def stop_writing(connection: Connection, row: Lost, code: str, now: datetime) -> None:
    """Write no more to a contact who does not want it, or cannot get it."""
    # The contact first and then its queue, as a turn does that hears STOP, so that the two cannot deadlock.
    await conversations.stop(connection, row.contact, at=now, reason="blocked")
    await outbox.dead(connection, row.id, code)
    await outbox.drop_queue(connection, row.contact, "blocked")
    await another_way(connection, row, now)
    await _open_task(connection, "unreachable", row, f"contact:{row.contact}", now)


async def bury(connection: Connection, row: Lost, code: str, now: datetime) -> None:
    """Close what cannot be sent."""
    log.error("message dead", outbox=row.id, channel=row.channel, code=code)
    await outbox.dead(connection, row.id, code)
    if not await another_way(connection, row, now):
        await _open_task(connection, "undeliverable", row, f"outbox:{row.id}", now)


async def another_way(connection: Connection, row: Lost, now: datetime) -> bool:
    """Let what did not reach its person find another way, or be counted where that is; say whether it is of that kind.

    That is a reminder, an offer of other places, a digest by WhatsApp; a broadcast counts whom it did not reach, and is
    nobody's task.
    """
    wanted = reminders.reminder_of(row.menu)
    if wanted is None:
        if row.menu is not None and await displacing.told_in_vain(connection, row.id):
            return True
        is_whatsapp = row.channel == Channel.WHATSAPP and row.menu is not None
        if is_whatsapp and await digests.lost(connection, row.contact, row.menu or 0, now):
            return True
        return await broadcast_queue.is_broadcast(connection, row.id)
    await reminders.again(connection, wanted, now)
    return True


async def _open_task(connection: Connection, kind: str, row: Lost, subject: str, now: datetime) -> None:
    work = Work(connection, Stamp(now=now, actor="dispatcher"))
    await work.people.open_task(kind, row.contact, subject)


# ---- told by receipt


async def told_lost(connection: Connection, provider_id: str, now: datetime) -> bool:
    """Do what follows from a receipt that a message failed; say whether something is to be sent now.

    Nothing follows while nothing is known to be sent under *provider_id*, or once that is done with.
    """
    status, code = await outbox.receipt_of(connection, provider_id) or ("", None)
    row = await outbox.sent_as(connection, provider_id) if status in FAILED else None
    if row is None:
        return False
    reason = code or status
    log.info("not delivered", outbox=row.id, channel=row.channel, code=reason)
    if reason in OPTED_OUT:
        if await outbox.lost(connection, row.id, reason):
            await stop_writing(connection, row, reason, now)
        return False
    instead = None if row.is_stopped else _instead(row, reason, now)
    if instead is not None:
        return await outbox.send_instead(connection, row.id, dump_outgoing(instead), now)
    if await outbox.lost(connection, row.id, reason):
        await another_way(connection, row, now)
    return False


def _instead(row: Sent, code: str, now: datetime) -> Outgoing | None:
    """Return what to send in place of a question in our own words that was not taken as it was."""
    message = load_outgoing(row.payload)
    if not isinstance(message, Prompt) or (message.free_until is not None and row.sent_at >= message.free_until):
        return None
    if code in RESOURCE_FAULTS:
        log.error("resource refused", code=code, cure="frontdesk whatsapp provision")
        return Line(text=numbered(message, with_hints=True))
    if code in WINDOW_CLOSED and message.template is not None:
        return replace(message, free_until=now)
    return None


async def told_arrived(connection: Connection, provider_id: str) -> None:
    """Take back that a message was lost: it has arrived after all."""
    row = await outbox.arrived(connection, provider_id)
    wanted = reminders.reminder_of(row.menu) if row else None
    if row is not None and wanted is not None:
        await reminders.arrived(connection, wanted, row.contact, row.sent_at)
