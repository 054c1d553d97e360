"""Tells people that a day has come from which they may have what was too early when they asked.

They are told by day where they are, once whatever number of workers runs, and never after they stopped messages.
WhatsApp takes no free words from us after a day of silence, so that its people are told on SMS.
The message does not name what it is about: others may see the phone.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import dump_outgoing
from bot.turns import Turns
from dialogs import sentences
from dialogs.desk import Desk
from dialogs.prompt import Line
from dialogs.text import render
from domain.patients import Channel
from domain.store import conversations, outbox, recommendations
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.outbox import Priority, Queued
from domain.store.people import SqlPeople
from domain.store.recommendations import Due
from domain.store.stamp import Stamp
from domain.telephone import is_number

FROM, UNTIL = time(9), time(20)
_AT_ONCE = 100
_WINDOW = timedelta(hours=23)  # WhatsApp takes free words for 24 hours; one is for the way
_CANNOT_TELL = "They were promised word that they may book now, and WhatsApp takes none; there is no SMS to them."
_EAST = timedelta(hours=14)  # how far the earliest zone is ahead of UTC


async def tell_due(turns: Turns, now: datetime) -> int:
    """Queue a message to everybody whose day has come, and return to how many."""
    async with turns.database.read() as connection:
        waiting = await recommendations.zones(connection, (now + _EAST).date())
    desk = await turns.catalogue.desk(now) if waiting else None
    told = 0
    for zone in waiting:
        local = now.astimezone(ZoneInfo(zone))
        if desk is None or not FROM <= local.time() < UNTIL:
            continue
        async with turns.database.read() as connection:
            people = await recommendations.due(connection, zone, local.date(), _AT_ONCE)
        for one in people:
            async with turns.database.begin() as connection:
                told += await _tell(connection, one, desk, turns)
    return told


async def _tell(connection: Connection, due: Due, desk: Desk, turns: Turns) -> bool:
    """Tell one person, in a transaction in which nothing else of theirs goes on."""
    opened = await conversations.open_by_contact(connection, due.contact)
    to = await reached(connection, opened, turns, desk.now)
    is_wanted = opened.stop_reason is None and desk.programme(due.programme) is not None
    is_told = is_wanted and to is not None and to.stop_reason is None
    if not await recommendations.close(connection, due.id, "told" if is_told else "dropped"):
        return False
    if is_wanted and to is None:
        people = SqlPeople(connection, Stamp(now=desk.now, actor="recommendations"))
        await people.open_task("cannot-tell", due.contact, f"recommendation:{due.id}", _CANNOT_TELL)
    if to is None or not is_told:
        return False
    text = render(sentences.POSSIBLE_NOW, (opened.state or {}).get("language", turns.language))
    await outbox.queue(
        connection,
        contact_id=to.contact,
        channel=to.channel,
        messages=[Queued(payload=dump_outgoing(Line(text=text)))],
        now=desk.now,
        priority=Priority.REMINDER,
    )
    return True


async def reached(connection: Connection, opened: Opened, turns: Turns, now: datetime) -> Opened | None:
    """Return where a person can be written to unasked: on SMS those on WhatsApp who are silent; None where nowhere."""
    if opened.channel != Channel.WHATSAPP or now - opened.heard_at < _WINDOW:
        return opened
    if Channel.SMS not in turns.channels or not is_number(opened.address):
        return None
    secret = turns.database.index_secret
    return await conversations.open_by_address(
        connection, secret=secret, channel=Channel.SMS, address=opened.address, now=now
    )
