"""Commands that take a file, a day or a number: what they cannot use they say in words, and do not end with 0."""

from __future__ import annotations

import argparse
import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import day, parser_for, whole_number
from bot.cli.centres import run_import_centres
from bot.cli.programmes import run_import as run_import_programme
from bot.cli.talk import run_read
from bot.settings import Settings, read_settings
from bot.shipped import FOLDER
from domain.store.database import Database
from tests.conftest import KEYS
from webhooks.main import COMMANDS

HEADER = "key,name,address,town,postcode,country,lat,lon,tz"
GOOD = "a,Harbour Practice,1 Quay Street,Bristol,BS1 1XX,GB,51.45,-2.59,Europe/London"
BAD = "b,Nowhere,,,,GB,91,181,Europe/London"


@pytest.fixture
def settings(database: Database, database_url: str) -> Settings:
    return read_settings(_env_file=None, database_url=database_url, field_keys=KEYS)


def given(file: Path) -> argparse.Namespace:
    return argparse.Namespace(file=file, files=[file], json=False, list_unread=False, minutes=30, places=6)


async def count(database: Database, table: str) -> int:
    async with database.read() as connection:
        return int((await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize(("rows", "status", "centres"), [([GOOD], 0, 1), ([GOOD, BAD], 0, 1), ([BAD], 1, 0)])
async def test_an_import_that_takes_no_row_fails_and_leaves_nothing(
    rows: list[str], status: int, centres: int, settings: Settings, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "centres.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    assert status == await run_import_centres(given(tmp_path / "centres.csv"), settings)
    assert (centres, min(centres, 1)) == (await count(database, "centre"), await count(database, "programme"))


FLU = (FOLDER / "flu.yaml").read_bytes()
#: What is wrong with a file, how it is made, and what is said of it.
BROKEN: dict[str, tuple[str, Callable[[], bytes | None], str]] = {
    "it is not there": ("p.yaml", lambda: None, "it cannot be read (No such file or directory)"),
    "its end is missing": ("p.yaml.gz", lambda: gzip.compress(FLU)[:-20], "its gzip is broken"),
    "it is not compressed": ("p.yaml.gz", lambda: FLU, "its gzip is broken"),
    "it is no text": ("p.yaml", lambda: b"title: \xff", "it is not UTF-8"),
    "it is no YAML": ("p.yaml", lambda: b"key: a\ntitle: [", "it is not YAML in line"),
    "a name stands twice": (
        "p.yaml",
        lambda: FLU + b"\ncriteria: []\n",
        f"it is not YAML in line {len(FLU.splitlines()) + 2}: 'criteria' stands twice in one mapping; let it stand",
    ),
    "it is a list": ("p.yaml", lambda: b"- a", "the file must hold one programme"),
}


@pytest.mark.parametrize("reason", BROKEN)
async def test_a_programme_that_cannot_be_read_is_named_in_one_sentence(
    reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, made, sentence = BROKEN[reason]
    if (content := made()) is not None:
        (tmp_path / name).write_bytes(content)
    assert 1 == await run_import_programme(given(tmp_path / name), read_settings(_env_file=None))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"frontdesk import programme: {tmp_path / name}: {sentence}")
    assert line.endswith(". Nothing was imported.")
    assert "Errno" not in line


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("slots publish --until tomorrow", "'tomorrow' is no day; write it as 2027-03-31"),
        ("import centres x.csv --places many", "'many' is no whole number"),
        ("replay 99999999999999999999", "is no whole number"),
    ],
)
def test_what_is_no_day_or_number_is_said_in_words(
    words: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser_for(COMMANDS).parse_args(words.split())
    assert 2 == ended.value.code
    assert sentence in capsys.readouterr().err


def test_days_and_numbers_are_read() -> None:
    assert ("2027-03-31", 30) == (day("2027-03-31").isoformat(), whole_number("30"))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("hello", "the line is no JSON object"),
        ("[]", "the line is no JSON object"),
        ("{}", "said is missing"),
        ('{"said": "1", "now": "noon"}', "now must be a moment such as 2027-03-01T09:00:00+00:00"),
        ('{"said": "1", "tz": "Mars"}', "tz must be a time zone such as Europe/London"),
        ('{"said": "1", "lang": "tlh"}', "lang must be one of en, fr, es"),
        ('{"said": "1", "options": 3}', "options must be a list of texts"),
    ],
)
async def test_a_line_that_cannot_be_read_says_why(
    line: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(line + "\n"))
    assert 1 == await run_read(argparse.Namespace(), read_settings(_env_file=None))
    assert {"error": sentence} == json.loads(capsys.readouterr().out)
