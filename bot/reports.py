"""Sends weekly and monthly reports: on Monday for the week before, on the first for the month before, once to each.

A reader has the report's row in `digest` and its messages in the outbox in one transaction, in which nobody else is at
their conversation. Who could not be written to that day is for two more days. What WhatsApp takes no more from us goes
by SMS to the same number.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.log import problem
from bot.messages import Outgoing, dump_outgoing
from bot.recommendations import reached
from bot.turns import Turns
from dialogs import reporting, sentences
from dialogs.prompt import Line
from dialogs.text import render
from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff.reports import Period
from domain.store import conversations, outbox, report_readers
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.outbox import Priority, Queued
from domain.store.reports import SqlReports
from domain.store.stamp import Stamp

log = structlog.get_logger()

FROM = time(8)  # by the centre's wall clock
_LATEST = timedelta(days=2)  # after its day


async def reports_due(turns: Turns, now: datetime) -> int:
    """Queue the reports that are due, and return how many."""
    async with turns.database.read() as connection:
        zones = await report_readers.zones(connection)
    sent = 0
    for tz in zones:
        for period, day in _due(now.astimezone(ZoneInfo(tz))):
            async with turns.database.read() as connection:
                waiting = await report_readers.waiting(connection, tz, period, day)
            for centre, contact in waiting:
                sent += await _guarded(turns, centre, contact, period, day, now)
    return sent


def _due(wall: datetime) -> list[tuple[Period, date]]:
    """Return which reports are due by a wall clock, each with the day that it is told on."""
    days = [(period, period.told_on(wall.date())) for period in Period]
    return [
        (period, day)
        for period, day in days
        if wall.date() - day <= _LATEST and (wall.date() > day or wall.time() >= FROM)
    ]


async def _guarded(
    turns: Turns, centre: CentreId, contact: ContactId, period: Period, day: date, now: datetime
) -> bool:
    """Send one; who cannot be written to for whatever reason is in nobody's way."""
    try:
        async with turns.database.begin() as connection:
            return await _send(connection, turns, centre, contact, period, day, now)
    except Exception as failure:  # noqa: BLE001  the job's edge
        log.error("report failed", centre=centre, problem=problem(failure))
        return False


async def _send(
    connection: Connection,
    turns: Turns,
    centre: CentreId,
    contact: ContactId,
    period: Period,
    day: date,
    now: datetime,
) -> bool:
    opened = await conversations.open_by_contact(connection, contact)
    if not await report_readers.note(connection, centre, contact, period, day, now):
        return False
    to = await reached(connection, opened, turns, now)
    channel = turns.channels.get(to.channel) if to is not None and to.stop_reason is None else None
    if to is None or channel is None:
        log.info("report not sent", centre=centre, contact=contact)
        return False
    report = await SqlReports(connection, Stamp(now=now, actor="reports")).report(centre, period, day)
    language = _language(opened, turns)
    sheet = reporting.sheet_of(report, now, render(sentences.TABLE, language))
    messages: list[Outgoing] = [Line(text=render(reporting.told(report), language)), sheet]
    await outbox.queue(
        connection,
        contact_id=to.contact,
        channel=to.channel,
        messages=[Queued(payload=dump_outgoing(one)) for one in channel.shape(messages)],
        now=now,
        priority=Priority.DIGEST,
    )
    return True


def _language(opened: Opened, turns: Turns) -> str:
    return str((opened.state or {}).get("language", turns.language))
