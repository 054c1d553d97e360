"""The command imports centres, says what became of every row, and leaves what is booked alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, text

from bot.cli import data, parser_for
from domain.commands import Booked
from domain.store import catalogue, publishing, tables
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.domain.clinic import Clinic
from tests.domain.test_alaskan_centres import INLET
from tests.domain.test_smart_feed import LOCATION, SCHEDULE, SLOT
from tests.e2e.clinic import settings_for

HARBOUR = {
    "key": "harbour",
    "name": "Harbour Clinic",
    "town": "Seaport",
    "country": "FR",
    "lat": "46.2",
    "lon": "5.22",
    "tz": "Europe/Paris",
    "mon": "09:00-12:30 13:30-17:00",
    "tue": "9h-17h",
    "fri": "by appointment",
}
PIER = HARBOUR | {"key": "pier", "name": "Pier Clinic"}


class Command:
    """`frontdesk import centres`, on a database of its own."""

    def __init__(self, database_url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._settings = settings_for(database_url, "http://telegram.invalid", "http://twilio.invalid")
        self._folder, self._capsys = folder, capsys

    def file(self, name: str, *rows: dict[str, Any]) -> Path:
        """Write *rows* as lines of JSON, or as cells where the *name* is of a .csv."""
        path = self._folder / name
        lines = [json.dumps(row) for row in rows]
        if path.suffix == ".csv":
            lines = [",".join(rows[0]), *(",".join(f'"{cell}"' for cell in row.values()) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    async def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Run it; return its status and what it wrote on both streams."""
        given = parser_for(data.COMMANDS).parse_args(["import", "centres", *map(str, arguments)])
        status = await given.run(given, self._settings)
        written = self._capsys.readouterr()
        return status, written.out, written.err

    async def as_json(self, *arguments: str | Path) -> dict[str, Any]:
        """Run it and return what it says to programs."""
        status, out, err = await self("--json", *arguments)
        assert (0, "") == (status, err)
        body: dict[str, Any] = json.loads(out)
        return body


@pytest.fixture
def command(database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(database_url, tmp_path, capsys)


@pytest_asyncio.fixture
async def clinic(database: Database, clock: Clock) -> AsyncIterator[Clinic]:
    yield Clinic(database, clock)


async def rows(clinic: Clinic, table: str) -> list[Any]:
    async with clinic.database.read() as connection:
        return list((await connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))).all())


async def booked_at_the_harbour(clinic: Clinic) -> None:
    """Publish a fortnight and book its first slot at the harbour."""
    today = NOW.date()
    async with clinic.database.begin() as connection:
        for schedule in await catalogue.schedules(connection):
            await publishing.publish(connection, schedule, start=today, until=today + timedelta(days=14))
        found = await connection.execute(select(tables.slot).where(tables.slot.c.starts_at > NOW).limit(1))
        slot = found.one()
    someone = await clinic.someone()
    booked = await clinic.do(someone.book(slot.id, programme=slot.programme), someone.contact)
    assert isinstance(booked, Booked)


async def test_centres_imported_again_change_where_they_differ_and_bookings_stay(
    command: Command, clinic: Clinic
) -> None:
    path = command.file("centres.ndjson", HARBOUR, PIER)
    first = await command.as_json(path)
    assert {"added": 2, "changed": 0, "same": 0} == {name: first[name] for name in ("added", "changed", "same")}
    await booked_at_the_harbour(clinic)
    stood = {name: await rows(clinic, name) for name in ("appointment", "slot", "centre", "schedule", "audit_event")}

    again = await command.as_json(path)
    assert {"added": 0, "changed": 0, "same": 2} == {name: again[name] for name in ("added", "changed", "same")}
    assert stood == {name: await rows(clinic, name) for name in stood}

    command.file("centres.ndjson", HARBOUR | {"name": "Harbour Practice", "mon": "closed", "tue": "closed"}, PIER)
    other = await command.as_json(path)
    assert {"added": 0, "changed": 1, "same": 1} == {name: other[name] for name in ("added", "changed", "same")}
    for name in ("appointment", "slot", "audit_event"):
        assert stood[name] == await rows(clinic, name), name
    names = [(row.id, row.key, row.name) for row in await rows(clinic, "centre")]
    before = [(row.id, row.key, row.name) for row in stood["centre"]]
    assert [(before[0][0], "harbour", "Harbour Practice"), before[1]] == names
    assert {} == await clinic.broken()


async def test_a_broken_file_imports_nothing(command: Command, clinic: Clinic) -> None:
    path = command.file("centres.ndjson", HARBOUR)
    path.write_text(path.read_text() + "{", encoding="utf-8")
    status, _, err = await command(path)
    assert 1 == status
    assert "line 2: it is not JSON" in err
    assert err.endswith("Nothing was imported.\n")
    assert 0 == await clinic.count("centre")


async def test_stock_and_slots_are_read_and_their_faults_told(command: Command, clinic: Clinic) -> None:
    stock = command.file("stock.csv", INLET | {"supply_level": "0"}, INLET | {"ndc": "00000-0002-01"})
    feed = [
        command.file(f"{number}.ndjson", *lines)
        for number, lines in enumerate(([LOCATION], [SCHEDULE], [SLOT, SLOT | {"start": "2023-03-25T10:00:00-05:00"}]))
    ]
    found = await command.as_json(stock, *feed)
    assert (2, {"rows": 2, "products": 2}, 1) == (found["read"], found["stock"], found["schedules"])
    assert {"rows": 2, "free": 2, "places": 66} == found["slots"]
    assert [
        ("stock.csv", "1 product stood in stock at supply level 0, which is none, and stayed as reported."),
        ("0.ndjson", "1 postcode had lost the leading zero and got it back."),
        ("2.ndjson", "2 slots shared 1 id, and were told apart by place and start."),
        (
            "2.ndjson",
            "1 slot had an offset that the centre keeps in the other half of the year; the wall time was taken.",
        ),
    ] == [(fault["file"], fault["what"]) for fault in found["faults"]]
    assert ["America/Anchorage", "America/New_York"] == [row.tz for row in await rows(clinic, "centre")]
    status, out, _ = await command(stock, *feed)
    assert 0 == status
    assert "Read 2 reports of stock, of 2 products.\nKept 2 of these reports of stock.\n" in out
    assert "2 free, with 66 places.\nThe slots are booked where the feed says, and are not offered here.\n" in out
    assert "Fault in 0.ndjson: 1 postcode had lost" in out


SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@SQLITE
async def test_refused_rows_are_told_by_reason_with_the_first_of_each(command: Command) -> None:
    nowhere = [HARBOUR | {"key": f"k{number}", "lat": f"9{number}"} for number in range(1, 6)]
    path = command.file("centres.ndjson", HARBOUR, *nowhere, HARBOUR)
    found = await command.as_json(path)
    kinds = [("Its position …, … is not one on the globe.", 5), ("Its key … is taken by line ….", 1)]
    assert kinds == [(group["why"], group["rows"]) for group in found["refused"]]
    assert {
        "file": "centres.ndjson",
        "line": 2,
        "key": "k1",
        "name": "Harbour Clinic",
        "why": "Its position 91, 5.22 is not one on the globe.",
    } == found["refused"][0]["first"][0]
    _, out, _ = await command(path)
    assert (
        "Refused 6 rows:\n"
        "  5 rows: Its position …, … is not one on the globe.\n"
        "    line 2 (k1, Harbour Clinic): Its position 91, 5.22 is not one on the globe.\n"
    ) in out
    assert "    line 5" not in out
    assert "  line 7 (harbour, Harbour Clinic): Its key harbour is taken by line 1.\n" in out


@SQLITE
async def test_unread_hours_are_counted_by_spelling_and_all_listed_on_request(command: Command) -> None:
    odd = [PIER | {"key": f"p{number}", "mon": f"maybe {number}"} for number in range(12)]
    path = command.file("centres.ndjson", HARBOUR, *odd)
    _, short, _ = await command(path)
    assert "25 days have hours that could not be read for certain, in 13 spellings; nothing was guessed:\n" in short
    assert "  13 × 'by appointment': it gives no hours (first at harbour, Harbour Clinic)\n" in short
    assert "  and 3 more spellings: --list-unread prints all.\n" in short
    _, all_of_them, _ = await command("--list-unread", path)
    assert [] == [number for number in range(12) if f"'maybe {number}'" not in all_of_them]
    assert "more spellings" not in all_of_them
    found = await command.as_json(path)
    assert (25, 13) == (found["unread_days"], len(found["unread"]))
    expected = {"hours": "by appointment", "days": 13, "why": "it gives no hours", "key": "harbour"}
    assert expected.items() <= found["unread"][0].items()


@SQLITE
async def test_a_terminal_sees_a_bar_and_a_pipe_nothing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    path = command.file("centres.ndjson", HARBOUR)
    _, _, piped = await command(path)
    assert "" == piped
    is_terminal: Callable[[], bool] = lambda: True  # noqa: E731 - a terminal, as far as it can be asked
    monkeypatch.setattr("sys.stderr.isatty", is_terminal)
    _, _, watched = await command(path)
    assert "\rcentres.ndjson [" in watched
    assert watched.endswith("\r\033[K")


@SQLITE
@pytest.mark.parametrize("wrong", [["--minutes", "4"], ["--places", "0"]])
async def test_slots_without_time_or_places_are_refused(command: Command, wrong: list[str]) -> None:
    status, _, err = await command(command.file("centres.ndjson", HARBOUR), *wrong)
    assert 1 == status
    assert "--minutes must be 5 or more, --places 1 or more." in err
