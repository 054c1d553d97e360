"""A month of digests at 200 centres in six time zones, around the days on which their clocks change.

Each reader gets each centre's digest of each planned day once, at seven by the centre's own clock, whatever that clock
did in the night; and no chat of a team ever gets more than twenty messages in a minute, as Telegram itself counts.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot.digests import send_due
from domain.centres import CentreId
from domain.patients import Channel
from domain.staff.digest_plan import EVERY_DAY, Plan
from domain.staff.members import Post
from domain.staff.rights import Role
from domain.store import tables
from domain.store.conversations import contact_at
from domain.store.stamp import Stamp
from domain.store.work import Work
from tests.conftest import Clock
from tests.domain.clinic import write_centre
from tests.e2e.clinic import Clinic
from webhooks.simulator.telegram_messages import GROUP_MESSAGES_A_MINUTE

#: Clocks change on 14 March (New York), 28 March (Lisbon), 4 April (Sydney, Lord Howe by half an hour, Santiago).
ZONES = (
    "America/New_York",
    "Europe/Lisbon",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
)
CHANGES = {date(2027, 3, 14), date(2027, 3, 28), date(2027, 4, 4)}
CENTRES, DAILY = 200, 6
FIRST, DAYS = date(2027, 3, 8), 31
SEVEN, SUNDAYS = time(7), (6,)
MINUTE = timedelta(minutes=1)
#: Minutes from seven at which the workers look, where nothing changes and around the days on which clocks change.
USUAL, CLOSELY = (0, 1), (-60, -30, -1, 0, 1, 2, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A centre, when its digests come, and the chat that they go to: of a team for half of the zones."""

    name: str
    zone: str
    weekdays: tuple[int, ...]
    chat: int


def places() -> Iterator[Place]:
    for number in range(CENTRES):
        which = number % len(ZONES)
        yield Place(
            name=f"Centre {number}",
            zone=ZONES[which],
            weekdays=EVERY_DAY if number < DAILY else SUNDAYS,
            chat=-(1000 + which) if which % 2 == 0 else 5000 + number,
        )


PLACES = list(places())
ALL_DAYS = [FIRST + timedelta(days=number) for number in range(DAYS)]


def moments() -> list[datetime]:
    """Return when the workers look."""
    found = set()
    for day, zone in itertools.product(ALL_DAYS, ZONES):
        seven = datetime.combine(day, SEVEN, ZoneInfo(zone)).astimezone(UTC)
        is_near = any(abs((day - change).days) <= 1 for change in CHANGES)
        found |= {seven + number * MINUTE for number in (CLOSELY if is_near else USUAL)}
    return sorted(found)


async def write(clinic: Clinic) -> None:
    """Write the centres, each with a reader and something that waits, so that there is something to tell every day."""
    secret, now = clinic.app.database.index_secret, clinic.app.clock()
    async with clinic.app.database.begin() as connection:
        work = Work(connection, Stamp(now=now, actor="test"))
        for number, place in enumerate(PLACES):
            centre = await write_centre(connection, f"key-{number}", name=place.name, tz=place.zone)
            await work.digests.keep(CentreId(centre), Plan(SEVEN, place.weekdays))
            contact = await contact_at(
                connection, secret=secret, channel=Channel.TELEGRAM, address=str(place.chat), now=now
            )
            if place.chat < 0:
                await work.staffing.bind_group(contact, [centre])
            else:
                staff = await work.staffing.add_member(contact, None, wants_digest=True)
                await work.staffing.add_posts(staff, [Post(Role.RECEPTION, centre)])
            task = {"kind": "stuck", "subject": f"{number}", "state": "open", "opened_at": now, "centre_id": centre}
            await connection.execute(insert(tables.task).values(task))


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # races on both are in test_digests
async def test_every_digest_of_a_month_comes_once_and_at_its_minute(idle: Clinic, clock: Clock) -> None:
    idle.telegram.world.strict_chats = False
    clock.now = sent_at = datetime(2027, 3, 7, 12, tzinfo=UTC)
    await write(idle)
    for moment in moments():
        clock.now = moment
        sent_at = moment if await send_due(idle.app.turns, moment) else sent_at
        if moment - sent_at <= 2 * MINUTE:
            await idle.deliver()
    expected = Counter(
        (place.chat, f"{place.name}, {day:%A} {day.day} {day:%B}")
        for place, day in itertools.product(PLACES, ALL_DAYS)
        if day.weekday() in place.weekdays
    )
    zones = {place.name: ZoneInfo(place.zone) for place in PLACES}
    came: Counter[tuple[int, str]] = Counter()
    for chat in {place.chat for place in PLACES}:
        shown = idle.telegram.screen(chat)
        for message in shown:
            title = message.text.partition("\n")[0]
            came[chat, title] += 1
            local = message.at.astimezone(zones[title.partition(",")[0]])
            assert f"{local:%A} {local.day} {local:%B}" in title
            assert timedelta() <= local.replace(tzinfo=None) - datetime.combine(local.date(), SEVEN) < 3 * MINUTE
            assert chat < 0 or SEVEN == local.time(), title
        if chat < 0:
            sent = [message.at for message in shown]
            assert all(b - a >= MINUTE for a, b in zip(sent, sent[GROUP_MESSAGES_A_MINUTE:], strict=False))
    assert expected == came
    assert len(expected) > 900
    assert [] == idle.telegram.declined
    sizes = Counter(place.chat for place in PLACES if place.chat < 0)
    assert min(sizes.values()) > GROUP_MESSAGES_A_MINUTE, "or no chat of a team would be full"
