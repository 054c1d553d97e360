"""The command that imports practitioners: what it takes in, what it refuses and why, and that it can be repeated."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import practitioners, staff
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import settings_for
from tests.e2e.surgery import write_surgery

HEAD = "key,name,specialities,centre,programme,weekday,date,from,until,minutes,places"
GOOD = (
    "lee,Dr Mei Lee,Children,small,visit,mon-fri,,14:00,16:00,30,1",
    "lee,,,Abbey Practice,visit,,2027-03-06,9:00,10:00,,",
)
CSV = "\n".join((HEAD, *GOOD, "lee,,,moon,visit,sun,,09:00,10:00,,", "lee,,,small,visit,fri,,15:30,17:00,,", "a,b"))
JSON = json.dumps([{"key": "lee", "name": "Dr Mei Lee", "centre": "small", "programme": "visit", "weekday": "sat",
                    "from": "14:00", "until": "16:00", "minutes": 30}, {"key": ["x"]}], indent="\t")  # fmt: skip
YAML = "- {key: lee, name: Dr Mei Lee, centre: small, programme: visit, date: 2027-03-07, from: 14:00, until: 15:00}"


async def imported(url: str, path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """Import a file; return the status and what was said, as a program reads it."""
    settings = settings_for(url, "http://127.0.0.1", "http://127.0.0.1")
    status = await practitioners.run_import(argparse.Namespace(file=path, json=True), settings)
    said = capsys.readouterr().out
    return status, json.loads(said) if said else {}


async def test_a_list_is_taken_in_what_is_wrong_is_refused(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await write_surgery(database, today=NOW.date())
    path = tmp_path / "doctors.csv"
    path.write_text(CSV)
    status, body = await imported(database_url, path, capsys)
    assert (0, 1, 0, 0) == (status, body["added"], body["changed"], body["same"])
    why = {row["line"]: row["why"] for row in body["refused"]}
    assert [4, 5, 6] == list(why)
    assert "no one centre with the key or the name moon" in why[4]
    assert "elsewhere then by line 2" in why[5]
    status, body = await imported(database_url, path, capsys)
    assert (0, 0, 0, 1) == (status, body["added"], body["changed"], body["same"])


@pytest.mark.parametrize(("name", "text", "refused"), [("a.json", JSON, 1), ("a.yaml", YAML, 0)])
async def test_other_ways_to_write_a_list(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str,
    refused: int,
) -> None:  # fmt: skip
    await write_surgery(database, today=NOW.date())
    path = tmp_path / name
    path.write_text(text)
    status, body = await imported(database_url, path, capsys)
    assert (0, 1, refused) == (status, body["added"], len(body["refused"]))


@pytest.mark.parametrize(
    ("name", "text"), [("a.txt", HEAD), ("a.csv", HEAD + "\nlee"), ("a.yaml", "key: lee"), ("b.csv", "")]
)
async def test_nothing_is_taken_in_of_a_file_that_is_broken(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    await write_surgery(database, today=NOW.date())
    path = tmp_path / name
    path.write_text(text)
    status, _ = await imported(database_url, path, capsys)
    assert 1 == status


async def test_an_invitation_names_a_practitioner_that_there_is(
    database: Database, database_url: str, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await write_surgery(database, today=NOW.date())
    settings = settings_for(database_url, "http://127.0.0.1", "http://127.0.0.1")
    for key, expected in (("okafor", 0), ("nobody", 1)):
        given = argparse.Namespace(
            role="clinician", centre=["small"], all_centres=False, name=None, days=7, json=True, practitioner=key
        )
        assert expected == await staff.run_invite(given, settings, clock=clock)
    assert "no practitioner with the key 'nobody'" in capsys.readouterr().err
