"""Commands about stock and what is kept: they say what they did, and refuse in one sentence what cannot be."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.cli import data, parser_for, stock
from bot.shipped import all_shipped
from domain.store import catalogue
from domain.store.database import Database
from tests.conftest import NOW, STAMP, Clock
from tests.domain.clinic import Clinic
from tests.domain.test_booking_doses import column
from tests.e2e.clinic import settings_for, write_small
from tests.shared_data import ALASKAN_LIST, needed

Run = Callable[..., Coroutine[Any, Any, tuple[int, str, str]]]
HEADER = "centre,product,lot,expires_on,doses\n"


@pytest.fixture
def run(database_url: str, capsys: pytest.CaptureFixture[str]) -> Run:
    settings = settings_for(database_url, "http://telegram.invalid", "http://twilio.invalid")

    async def run(*arguments: str | Path) -> tuple[int, str, str]:
        given = parser_for((*data.COMMANDS, *stock.COMMANDS)).parse_args([*map(str, arguments)])
        status = await given.run(given, settings)
        written = capsys.readouterr()
        return status, written.out, written.err

    return run


@pytest_asyncio.fixture
async def clinic(database: Database, clock: Clock) -> AsyncIterator[Clinic]:
    await write_small(database, today=NOW.date())
    async with database.begin() as connection:
        await catalogue.keep_programme(connection, all_shipped()["flu-season"], STAMP)
        await catalogue.offer_everywhere(connection, "flu-season")
    yield Clinic(database, clock)


def csv(folder: Path, *lines: str, name: str = "stock.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


async def test_a_list_of_stock_is_taken_and_taken_again(run: Run, clinic: Clinic, tmp_path: Path) -> None:
    path = csv(tmp_path, "small,flu-standard,A1,2027-05-01,40", "Harbour Practice,flu-standard,B2,2027-04-01,5")
    status, out, _ = await run("import", "stock", path)
    assert (0, "Read 2 counts of lots: 2 new, 0 changed, 0 as before.") == (status, out.splitlines()[0])
    csv(tmp_path, "small,flu-standard,A1,2027-05-01,38", "small,flu-standard,B2,2027-04-01,5")
    status, out, _ = await run("import", "stock", path, "--json")
    body = json.loads(out)
    assert (0, 0, 1, 1) == (status, body["added"], body["changed"], body["same"])
    status, out, _ = await run("stock", "show", "--centre", "small")
    assert [
        "flu-standard: 43 on hand, 0 promised",
        "  lot B2: 5 doses, good until 2027-04-01",
        "  lot A1: 38 doses, good until 2027-05-01",
    ] == out.splitlines()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("small,flu-standard,A1,2027-05-01,many", "Its doses many are no whole number."),
        ("small,flu-standard,A1,next year,4", "Its expires_on next year is no day such as 2027-03-31."),
        ("small,Grippe!,A1,2027-05-01,4", "Its product Grippe! is not a key such as comirnaty."),
        ("elsewhere,flu-standard,A1,2027-05-01,4", "There is no one centre with the key or the name elsewhere."),
        ("small,flu-standard,,2027-05-01,4", "It has no lot."),
    ],
)
async def test_a_wrong_row_is_refused_with_its_line(
    run: Run, clinic: Clinic, tmp_path: Path, line: str, why: str
) -> None:
    good = "small,flu-standard,Z9,2027-05-01,1"
    status, out, _ = await run("import", "stock", csv(tmp_path, good, line))
    assert 0 == status
    assert f"line 3 ({line.split(',')[0]}): {why}" in out
    status, _, err = await run("import", "stock", csv(tmp_path, line))
    assert (1, "frontdesk import stock: every row was refused. Nothing was imported.") == (status, err.strip())
    assert ["Z9"] == await column(clinic, "SELECT number FROM lot")


async def test_a_lot_is_counted_once_in_a_list(run: Run, clinic: Clinic, tmp_path: Path) -> None:
    path = csv(tmp_path, *("small,flu-standard,Z9,2027-05-01," + doses for doses in "14"))
    status, out, _ = await run("import", "stock", path)
    assert (0, True) == (status, "line 3 (small): Its lot Z9 was counted in line 2." in out)
    assert [1] == await column(clinic, "SELECT on_hand FROM lot")


async def test_lists_are_told_apart(run: Run, clinic: Clinic, tmp_path: Path) -> None:
    path = csv(tmp_path, "small,flu-standard,A1,2027-05-01,4")
    status, _, err = await run("import", "centres", path)
    assert 1 == status
    assert "it is a list of stock; take it with: frontdesk import stock FILE. Nothing was imported." in err
    status, _, err = await run("import", "stock", csv(tmp_path, "a", header="centre,lot\n"))
    assert 1 == status
    assert "the header has no doses, expires_on, product" in err
    path = tmp_path / "stock.ndjson"
    row = {"centre": "small", "product": "flu-standard", "lot": "A1", "expires_on": "2027-05-01", "doses": 4}
    path.write_text(json.dumps(row) + "\n")
    assert 0 == (await run("import", "stock", path))[0]
    assert [4] == await column(clinic, "SELECT on_hand FROM lot")


MOVE = ("stock", "move", "--centre", "small", "--product", "flu-standard", "--lot", "A1")


async def test_movements_by_command(run: Run, clinic: Clinic) -> None:
    status, _, err = await run(*MOVE, "--kind", "loss", "--doses", "1")
    assert (1, True) == (status, "there is no lot A1" in err)
    assert 0 == (await run(*MOVE, "--kind", "delivery", "--doses", "9", "--expires", "2027-05-01"))[0]
    status, out, _ = await run(*MOVE, "--kind", "loss", "--doses", "4", "--json")
    assert {"on_hand": 5} == json.loads(out)
    status, _, err = await run("stock", "show", "--centre", "nowhere")
    assert (1, "frontdesk stock show: there is no one centre with the key or the name nowhere.") == (
        status,
        err.strip(),
    )


async def test_doses_are_kept_by_command(run: Run, clinic: Clinic) -> None:
    keep = ("stock", "keep", "--centre", "small", "--product", "flu-standard")
    status, _, err = await run(*keep, "--group", "pilots", "--doses", "5")
    assert (1, True) == (status, "known are conditions, education, health, pregnancy" in err)
    assert 1 == (await run(*keep))[0]
    assert 0 == (await run(*keep, "--group", "health", "--doses", "5", "--until", "2027-03-20", "--low", "7"))[0]
    assert [5] == await column(clinic, "SELECT quantity FROM allocation")
    assert [7] == await column(clinic, "SELECT low FROM stock")
    assert 0 == (await run(*keep, "--low-as-programme"))[0]
    assert [None] == await column(clinic, "SELECT low FROM stock")


async def test_a_centre_keeps_another_part_of_its_slots_than_the_programme_says(
    run: Run, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "wall_clock", clinic.clock)
    until = (NOW + timedelta(days=9)).date()
    assert 0 == (await run("slots", "publish", "--until", str(until)))[0]
    mine = "FROM slot WHERE programme = 'flu-season'"

    async def kept() -> set[int]:
        return set(await column(clinic, f"SELECT reserve {mine} AND starts_at > '2027-03-04'"))

    assert {5} == await kept()
    keep = ("slots", "keep", "--centre", "small", "--programme", "flu-season")
    status, out, _ = await run(*keep, "--share", "50", "--release-hours", "24", "--json")
    assert (0, {10}) == (status, await kept())
    assert json.loads(out)["slots"] == (await column(clinic, f"SELECT count(*) {mine}"))[0]
    assert {0} == set(await column(clinic, f"SELECT reserve {mine} AND starts_at < '2027-03-02 09:00'")) | {0}
    assert 0 == (await run(*keep, "--share", "0"))[0]
    assert {0} == await kept()
    assert [None] == sorted(set(await column(clinic, f"SELECT release_at {mine}")), key=str)
    assert 0 == (await run(*keep, "--as-programme"))[0]
    assert {5} == await kept()
    assert 1 == (await run(*keep))[0]
    assert 1 == (await run(*keep, "--share", "101"))[0]
    assert 1 == (await run("slots", "keep", "--centre", "nowhere", "--programme", "flu-season", "--share", "5"))[0]


async def test_the_alaskan_list_closes_centres_without_stock(run: Run, database: Database, clock: Clock) -> None:
    """A programme knows its products by the list's codes; of the others no dose is counted."""
    needed(ALASKAN_LIST)
    clinic = Clinic(database, clock)
    async with database.begin() as connection:
        await catalogue.keep_programme(connection, all_shipped()["covid-19-first"], STAMP)
    status, out, _ = await run("import", "centres", ALASKAN_LIST, "--json")
    body = json.loads(out)
    assert (0, True) == (status, body["stored"] == body["stock"]["rows"] > 1_000)
    told = "SELECT count(*) FROM stock WHERE product IN ('comirnaty', 'spikevax') AND {} reported"
    counts = [(await column(clinic, told.format(word)))[0] for word in ("", "NOT")]
    assert all(count > 50 for count in counts), counts
    everything = "SELECT count(*) FROM stock WHERE reported GROUP BY centre_id ORDER BY centre_id"
    stood = await column(clinic, everything)
    assert 0 == (await run("import", "stock", ALASKAN_LIST))[0]
    assert stood == await column(clinic, everything)
