"""Managers get a centre's week and month in figures by chat, asked for or by themselves, and as a table."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import datetime, timedelta

import pytest

from bot.charts import chart_of
from bot.messages import dump_outgoing
from bot.reports import reports_due
from dialogs.prompt import Hour, Picture
from domain.patients import Channel, ContactId
from domain.store import outbox
from domain.store.outbox import Queued
from tests.conftest import Clock
from tests.e2e.clinic import PUBLIC, Clinic
from tests.e2e.people import Phone, received
from tests.e2e.staff import CHANNELS, invited
from tests.e2e.test_broadcasts import booked, manager, say
from webhooks.simulator.phones import TelegramPhone


def files_on(phone: TelegramPhone) -> list[bytes]:
    return [message.document.content for message in phone.screen if message.document is not None]


async def table(clinic: Clinic, phone: Phone) -> dict[tuple[str, str], str]:
    """Return the table that came last: as a file, or by its link."""
    if isinstance(phone, TelegramPhone):
        content = files_on(phone)[-1].decode("utf-8-sig")
    else:
        link = next(text for text in reversed(received(phone)) if "/report/" in text).rpartition(" ")[2]
        async with clinic.session.get(link.replace(PUBLIC, clinic.address)) as response:
            assert (200, "text/csv") == (response.status, response.content_type)
            content = await response.text()
    rows = list(csv.reader(io.StringIO(content)))
    assert ["figure", "of", "value"] == rows[0]
    return {(what, of): value for what, of, value in rows[1:]}


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_manager_asks_for_the_report(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    await booked(idle, "sms", "sms")
    clock.now = datetime.fromisoformat("2027-03-08T09:00:00+00:00")
    boss = await manager(idle, capsys, channel)
    shown = await say(idle, boss, "weekly report")
    assert "Harbour Practice, Monday 1 March to Sunday 7 March" in shown
    assert "Bookings: 2\nVisits: 2, missed: 0\nDays of wait: 1 in the middle, 1 or more for the longest tenth" in shown
    assert "no group: <5" in shown
    found = await table(idle, boss)
    assert ("2", "2", "<5") == (
        found["bookings", ""],
        found["visits on", "Tuesday"],
        found["bookings of group", "no group"],
    )
    assert "Monday 1 February to Sunday 28 February" in await say(idle, boss, "monthly report")
    assert "not among your rights" not in await say(idle, boss, "report")


async def test_reports_come_by_themselves_once_to_each_whatever_number_of_workers(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await booked(idle, "sms")
    bosses = [await manager(idle, capsys, channel) for channel in ("telegram", "sms")]
    nurse = idle.phone("sms")
    await say(idle, nurse, f"join {await invited(idle, capsys, 'reception')}")
    clock.now = datetime.fromisoformat("2027-03-08T07:59:00+00:00")
    assert 0 == await reports_due(idle.app.turns, clock.now)
    clock.move(timedelta(minutes=1))
    assert 2 == sum(await asyncio.gather(*(reports_due(idle.app.turns, clock.now) for _ in range(3))))
    clock.move(timedelta(days=1))
    await manager(idle, capsys, "sms")  # who has joined since gets the next one
    assert 0 == await reports_due(idle.app.turns, clock.now)
    await idle.deliver()
    for boss in bosses:
        assert 1 == sum("Monday 1 March to Sunday 7 March" in text for text in received(boss))
        assert "1" == (await table(idle, boss))["bookings", ""]
    assert not any("Bookings" in text for text in received(nurse))
    clock.now = datetime.fromisoformat("2027-04-01T07:00:00+00:00")  # eight o'clock in summer time
    assert 3 == await reports_due(idle.app.turns, clock.now)
    await idle.deliver()
    assert any("Monday 1 March to Wednesday 31 March" in text for text in received(bosses[1]))
    assert {} == await idle.breaches()


async def test_only_who_may_sees_reports(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    nurse = idle.phone("sms")
    await say(idle, nurse, f"join {await invited(idle, capsys, 'clinician')}")
    assert "not among your rights" in await say(idle, nurse, "report")


@pytest.mark.parametrize("path", ["/report/weekly.1.2027-02-22.1804000000~0000.csv", "/chart/9.1.2.png"])
async def test_a_link_that_was_made_up_leads_nowhere(idle: Clinic, path: str) -> None:
    async with idle.session.get(idle.address + path) as response:
        assert 404 == response.status


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_picture_is_seen_where_pictures_are_shown(idle: Clinic, channel: str) -> None:
    phone = idle.phone(channel)
    await say(idle, phone, "hello")
    picture = Picture(hours=(Hour(9, 3, 5), Hour(10, 0, 5)), caption="Tuesday 2 March")
    shaped = idle.app.channels[Channel(channel)].shape([picture])
    async with idle.app.database.begin() as connection:
        await outbox.queue(
            connection,
            contact_id=ContactId(1),
            channel=Channel(channel),
            messages=[Queued(payload=dump_outgoing(one)) for one in shaped],
            now=idle.app.clock(),
        )
    await idle.deliver()
    drawn = chart_of(picture.hours)
    if isinstance(phone, TelegramPhone):
        assert [drawn] == files_on(phone)
    elif phone.whatsapp:
        (address,) = idle.twilio.screen(phone.address)[-1].shown.media
        async with idle.session.get(address.replace(PUBLIC, idle.address)) as response:
            assert ("image/png", drawn) == (response.content_type, await response.read())
    else:
        assert [] == shaped
