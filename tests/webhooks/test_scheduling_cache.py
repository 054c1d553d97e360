"""Open slots over HTTP are cheap: made once in a period, sent only when they changed, however slowly they are read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text
from yarl import URL

from domain.store import prepared
from tests.conftest import NOW, Clock
from tests.domain.clinic import Clinic as Records
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.webhooks.finder import BOT, MANIFEST, get, lines_of, read
from webhooks.scheduling.feed import FRESH

HOUR = timedelta(hours=1)


async def test_what_has_not_changed_is_not_sent_again(desk: Clinic, records: Records, clock: Clock) -> None:
    someone, slot = await records.someone(), await records.slot(1)
    await read(desk)
    for path in (MANIFEST, "/scheduling/slots-GB-1.ndjson", "/scheduling/locations.ndjson"):
        status, headers, body = await get(desk, path)
        assert (200, f"public, max-age={int(FRESH.total_seconds())}") == (status, headers["Cache-Control"])
        for known in (headers["ETag"], f"W/{headers['ETag']}", f'"other", {headers["ETag"]}', "*"):
            again = await get(desk, path, If_None_Match=known)
            assert (304, headers["ETag"], b"") == (again[0], again[1]["ETag"], again[2]), (path, known)
            assert headers["Cache-Control"] == again[1]["Cache-Control"]
        assert 200 == (await get(desk, path, If_None_Match='"other"'))[0]
        assert 304 == (await get(desk, path, If_Modified_Since=headers["Last-Modified"]))[0]
        before = format_datetime(clock() - HOUR, usegmt=True)
        assert 200 == (await get(desk, path, If_Modified_Since=before))[0]
        assert 200 == (await get(desk, path, If_Modified_Since=headers["Last-Modified"], If_None_Match='"other"'))[0]
        assert body

    path = "/scheduling/slots-GB-1.ndjson"
    first = await get(desk, path)
    clock.move(FRESH)
    later = await get(desk, path, If_None_Match=first[1]["ETag"])
    assert (304, first[1]["Last-Modified"]) == (later[0], later[1]["Last-Modified"]), "made anew, and the same"
    assert 200 == (await get(desk, MANIFEST, If_None_Match=(await get(desk, MANIFEST))[1]["ETag"] + "0"))[0]

    await records.do(someone.hold(slot), someone.contact)
    clock.move(FRESH)
    changed = await get(desk, path, If_None_Match=first[1]["ETag"], If_Modified_Since=first[1]["Last-Modified"])
    assert (200, "busy") == (changed[0], lines_of(changed[2])[0]["status"])
    assert first[1]["ETag"] != changed[1]["ETag"]
    assert 200 == (await get(desk, path, If_Modified_Since=first[1]["Last-Modified"]))[0]


async def test_the_manifest_is_another_one_after_each_period(desk: Clinic, clock: Clock) -> None:
    _, headers, body = await get(desk, MANIFEST)
    clock.move(FRESH - timedelta(seconds=1))
    assert 304 == (await get(desk, MANIFEST, If_None_Match=headers["ETag"]))[0]
    clock.move(timedelta(seconds=1))
    status, _, later = await get(desk, MANIFEST, If_None_Match=headers["ETag"])
    assert 200 == status, "who looks at the manifest alone must learn that slots may have changed"
    assert json.loads(body)["transactionTime"] < json.loads(later)["transactionTime"]


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Record the statements on slots, schedules and centres that are run meanwhile."""
    seen: list[str] = []

    def watch(sql: str, *_more: object) -> None:
        if sql.startswith("SELECT"):  # and not where a unit of work begins and ends
            seen.append(sql)

    prepared.watchers.append(watch)
    yield seen
    prepared.watchers.remove(watch)


async def test_however_many_ask_a_file_is_made_once_in_a_period(desk: Clinic, records: Records, clock: Clock) -> None:
    await records.slot(1)
    paths = [MANIFEST, "/scheduling/locations.ndjson", "/scheduling/schedules-GB-1.ndjson"]
    paths += ["/scheduling/slots-GB-1.ndjson"] * 20
    with statements() as seen:
        answers = await asyncio.gather(*(get(desk, path) for path in paths))
        once = len(seen)
        await asyncio.gather(*(get(desk, path) for path in paths))
        assert once == len(seen), "the second time nothing is read"
        clock.move(FRESH)
        await asyncio.gather(*(get(desk, path) for path in paths))
        assert 2 * once == len(seen)

    assert {200} == {status for status, _, _ in answers}
    assert 3 == once, "one page each of schedules, centres and slots"


async def test_who_takes_gzip_gets_it_and_both_are_one_and_the_same(desk: Clinic, records: Records) -> None:
    for number in range(1, 20):
        await records.slot(number)
    path = "/scheduling/slots-GB-1.ndjson"
    _, plainly, body = await get(desk, path)
    async with (
        raw_session() as session,
        session.get(desk.address + path, headers={"Accept-Encoding": "br, gzip;q=0.5"}) as response,
    ):
        packed, headers = await response.read(), response.headers

    assert ("gzip", str(len(packed)), "Accept-Encoding") == (
        headers["Content-Encoding"],
        headers["Content-Length"],
        headers["Vary"],
    )
    assert body == zlib.decompress(packed, wbits=31)
    assert len(packed) < len(body) / 4
    assert plainly["ETag"] != headers["ETag"], "two representations"
    assert "Content-Encoding" not in plainly
    assert 304 == (await get(desk, path, If_None_Match=headers["ETag"]))[0]
    assert "Content-Encoding" not in (await get(desk, path, Accept_Encoding="gzip;q=0, identity"))[1]


@contextlib.asynccontextmanager
async def raw_session() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client that leaves bodies as they come."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session


async def test_a_reader_that_takes_nothing_or_goes_away_hinders_nobody(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False, telegram_bot_username=BOT) as desk:
        await write_small(desk.app.database, today=NOW.date(), days=50)
        async with desk.app.database.begin() as connection:
            more = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
            await connection.execute(
                text(
                    "INSERT INTO centre (key, name, address, town, town_folded, postcode, country, lat, lon, tz)"
                    f" {more} SELECT 'c' || i, name, address, town, town_folded, postcode, country, lat, lon, tz"
                    " FROM centre, n"
                )
            )
            await connection.execute(
                text(
                    "INSERT INTO schedule (centre_id, programme, rules) SELECT id, 'flu', '[]' FROM centre"
                    " WHERE key <> 'small'"
                )
            )
            await connection.execute(
                text(
                    "INSERT INTO slot (schedule_id, centre_id, programme, starts_at, ends_at, capacity)"
                    " SELECT s.id, s.centre_id, 'flu', starts_at, ends_at, capacity FROM slot, schedule s"
                    " WHERE s.id <> slot.schedule_id"
                )
            )
        path = "/scheduling/slots-GB-1.ndjson"
        size = int((await get(desk, path))[1]["Content-Length"])
        assert size > 2_000_000, "more than goes into the buffers of a connection"
        stalled = await asyncio.open_connection("127.0.0.1", URL(desk.address).port, limit=1024)
        gone = await asyncio.open_connection("127.0.0.1", URL(desk.address).port)
        for _, writer in (stalled, gone):
            writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            await writer.drain()
        assert b"200" in await gone[0].readline()
        gone[1].transport.abort()
        assert b"200" in await stalled[0].readline()
        assert 200 == (await get(desk, path))[0]
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 10, "the server ended all the same"
    stalled[1].transport.abort()


async def test_the_files_leave_the_disk_with_the_server(
    database_url: str, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def folders() -> list[Path]:
        return list(tmp_path.glob("frontdesk-scheduling-*"))

    def kept() -> list[Path]:
        return [file for folder in folders() for file in folder.iterdir()]

    async with clinic_at_work(database_url, clock, works=False, telegram_bot_username=BOT) as desk:
        records = Records(desk.app.database, clock)
        await records.slot(1)
        await read(desk)
        assert 3 == len(kept())
        async with desk.app.database.begin() as connection:
            await connection.execute(text("UPDATE centre SET active = false"))
        clock.move(FRESH)
        await read(desk)
        assert [] == kept(), "what is published no more goes"
        assert 404 == (await get(desk, "/scheduling/slots-GB-1.ndjson"))[0]

    assert [] == folders()
