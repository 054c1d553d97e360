"""Tells people that a day has come from which they may have what was too early when they asked.

They are told by day where they are, once whatever number of workers runs, and never after they stopped messages.
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
from domain.store import conversations, outbox, recommendations
from domain.store.database import Connection
from domain.store.outbox import Priority, Queued
from domain.store.recommendations import Due

FROM, UNTIL = time(9), time(20)
_AT_ONCE = 100
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
                told += await _tell(connection, one, desk, turns.language)
    return told


async def _tell(connection: Connection, due: Due, desk: Desk, language: str) -> bool:
    """Tell one person, in a transaction in which nothing else of theirs goes on."""
    opened = await conversations.open_by_contact(connection, due.contact)
    is_wanted = opened.stop_reason is None and desk.programme(due.programme) is not None
    if not await recommendations.close(connection, due.id, "told" if is_wanted else "dropped") or not is_wanted:
        return False
    text = render(sentences.POSSIBLE_NOW, (opened.state or {}).get("language", language))
    await outbox.queue(
        connection,
        contact_id=opened.contact,
        channel=opened.channel,
        messages=[Queued(payload=dump_outgoing(Line(text=text)))],
        now=desk.now,
        priority=Priority.REMINDER,
    )
    return True
