"""Reminders by the million: what one claim costs, and how many are claimed, sent and closed in a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from bot.messages import Outgoing, dump_outgoing
from bot.outbox import AT_ONCE, LEASE, Dispatcher
from bot.pace import Pace
from bot.wake import Wake
from dialogs.prompt import Choice, Prompt
from domain.commands import Booked, BookSlots, DoseSlot
from domain.context import Context
from domain.handlers import handle
from domain.patients import Channel
from domain.store import conversations, migrate, outbox, reminders, tables
from domain.store.database import Connection, Database
from domain.store.sealing import Keyring
from domain.store.stamp import Stamp
from domain.store.work import Work
from tests.bench.setting import filled, migrated, percentile
from tests.conftest import KEYS
from tests.domain.clinic import BIRTH

CLAIMS, WARM, SENT = 200, 20, 5_000
_TEXT = "Reserved for you: Wed 3 Mar, 10:00.\nHarbour Practice, 1 Quay Street, BS1 1XX Bristol\nReference 2A3B4C."
_PROMPT = Prompt(text=_TEXT, menu=-1, choices=(Choice("I will come"), Choice("Another time"), Choice("I cannot come")))


async def measure(url: str, sizes: Sequence[int]) -> dict[str, float | str]:
    """Fill outbox and reminders in steps; measure a claim of each at each size, and the rate of sending at the last."""
    await migrated(url)
    await filled(url)
    database = Database.open(url, Keyring.of(KEYS))
    await migrate.load_secret(database)
    now = datetime.now(UTC)
    appointment = await _booked(database, now)
    found: dict[str, float | str] = {}
    for before, size in zip((0, *sizes), sizes, strict=False):
        await _fill(database, appointment, before, size, now)
        for name, claim, close in _KINDS:
            found[f"{size:,} in it: claim of {name}, ms p50/p95"] = _shown(await _claims(database, claim, close, now))
    found[f"{sizes[-1]:,} in it: claimed, sent and closed a second"] = round(await _rate(database, now))
    await database.close()
    return found


def _shown(times: Sequence[float]) -> str:
    return "/".join(f"{percentile(times, share) * 1000:.2f}" for share in (0.5, 0.95))


async def _booked(database: Database, now: datetime) -> tuple[int, int]:
    """Book one visit, which all the reminders are about; return its id and version."""
    async with database.begin() as connection:
        opened = await conversations.open_by_address(
            connection, secret=database.index_secret, channel=Channel.SMS, address="+15551230000", now=now
        )
        work = Work(connection, Stamp(now=now, actor="bench", contact=opened.contact, channel=Channel.SMS))
        patient = await work.people.add_patient(opened.contact, is_me=True, name="Ana", birth=BIRTH, facts=())
        query = "SELECT id, programme FROM slot WHERE taken < capacity - reserve ORDER BY starts_at DESC LIMIT 1"
        slot = (await connection.execute(text(query))).one()
        booked = await handle(
            BookSlots(patient=patient, programme=slot.programme, wanted=(DoseSlot("1", slot.id),)),
            Context(store=work, contact=opened.contact, now=now, key="bench"),
        )
        assert isinstance(booked, Booked), booked
        return booked.claims[0].id, booked.claims[0].version


async def _fill(database: Database, of: tuple[int, int], before: int, size: int, now: datetime) -> None:
    """Add people, each with a message to be sent and a reminder to be told, numbered from *before* to *size*."""
    payload = tables.outbox.c.payload.type.process_bind_param(dump_outgoing(_PROMPT), None)  # type: ignore[attr-defined]  # a Sealed column
    address = tables.contact.c.address.type.process_bind_param("+15551239999", None)  # type: ignore[attr-defined]  # a Sealed column
    values = {
        "from": before + 1,
        "to": size,
        "now": _moment(database, now),
        "payload": payload,
        "address": address,
        "of": of[0],
        "version": of[1],
    }
    async with database.begin() as connection:
        for statement in _FILL:
            await _execute(connection, statement, values, is_sqlite=database.is_sqlite)
        await connection.exec_driver_sql("ANALYZE")


def _moment(database: Database, now: datetime) -> Any:
    return now.isoformat(timespec="microseconds") if database.is_sqlite else now


async def _execute(connection: Connection, statement: str, values: dict[str, Any], *, is_sqlite: bool) -> None:
    names = [name for name in values if f":{name}" in statement]
    numbers = "WITH RECURSIVE n(n) AS (SELECT :from UNION ALL SELECT n + 1 FROM n WHERE n < :to)"
    if not is_sqlite:
        numbers = "WITH n AS (SELECT generate_series(CAST(:from AS bigint), CAST(:to AS bigint)) AS n)"
    head, _, rest = statement.partition("SELECT ")
    query = f"{head} {numbers} SELECT {rest}"
    await connection.execute(text(query), {name: values[name] for name in {*names, "from", "to"}})


_FILL = (
    """INSERT INTO contact (channel, address, address_index, conversation_id, created_at)
    SELECT 'sms', :address, 'bench' || n, (SELECT min(id) FROM conversation), :now FROM n""",
    """INSERT INTO outbox
    (contact_id, channel, priority, state, due_at, next_at, menu, payload, appointment_id, version)
    SELECT c.id, 'sms', 1, 'queued', :now, :now, -n, :payload, :of, :version
    FROM n JOIN contact c ON c.address_index = 'bench' || n""",
    """INSERT INTO reminder (appointment_id, version, kind, due_at, state)
    SELECT :of, 1000000 + n, 'bench', :now, 'waiting' FROM n""",
)


Claim = Callable[[Connection, datetime], Awaitable[list[int]]]


async def _claims(database: Database, claim: Claim, close: str, now: datetime) -> list[float]:
    """Claim again and again, and return how long each took; what was claimed is closed in between, as in life."""
    times: list[float] = []
    for number in range(CLAIMS + WARM):
        began = time.perf_counter()
        async with database.begin() as connection:
            got = await claim(connection, now)
        if number >= WARM:
            times.append(time.perf_counter() - began)
        async with database.begin() as connection:
            for one in got:
                await connection.execute(text(close), {"wanted": one, "now": _moment(database, now)})
    return times


async def _claim_outbox(connection: Connection, now: datetime) -> list[int]:
    return [one.id for one in await outbox.lease(connection, now=now, until=now + LEASE, limit=AT_ONCE)]


async def _claim_reminders(connection: Connection, now: datetime) -> list[int]:
    return [one.id for one in await reminders.lease(connection, now=now, until=now + LEASE, limit=AT_ONCE)]


_KINDS: tuple[tuple[str, Claim, str], ...] = (
    ("outbox", _claim_outbox, "UPDATE outbox SET state = 'sent', lease_until = NULL WHERE id = :wanted"),
    ("reminders due", _claim_reminders, "UPDATE reminder SET state = 'told', told_at = :now WHERE id = :wanted"),
)


class _Provider:
    """`bot.channels.base.Channel` that takes everything at once."""

    def __init__(self, enough: int) -> None:
        self.taken, self._enough, self.has_enough = 0, enough, asyncio.Event()

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        return messages

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        self.taken += 1
        if self.taken == self._enough:
            self.has_enough.set()
        return f"bench{self.taken}"


async def _rate(database: Database, now: datetime) -> float:
    """Send so many through the dispatcher, thirty-two at once, and return how many in a second."""
    provider = _Provider(SENT)
    pace = Pace(None)
    pace.rates = dict.fromkeys(Channel, 1e9)
    dispatcher = Dispatcher(
        database=database,
        channels={Channel.SMS: provider},
        pace=pace,
        wake=Wake(),
        clock=lambda: now + LEASE,
    )
    began = time.perf_counter()
    running = asyncio.create_task(dispatcher.run())
    await provider.has_enough.wait()
    took = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return provider.taken / took
