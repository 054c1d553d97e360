"""The commands that export and import a programme as a FHIR Questionnaire, and the versions that stay."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import yaml
from fhir.resources.R4B.questionnaire import Questionnaire

from bot.cli import parser_for
from bot.cli.programmes import COMMANDS
from bot.shipped import all_shipped
from domain.store import catalogue
from domain.store.database import Database
from tests.conftest import STAMP
from tests.e2e.clinic import settings_for

Run = Callable[..., Coroutine[Any, Any, tuple[int, str, str]]]
FLU = all_shipped()["flu"]


@pytest.fixture
def run(database: Database, database_url: str, capsys: pytest.CaptureFixture[str]) -> Run:
    settings = settings_for(database_url, "http://telegram.invalid", "http://twilio.invalid")

    async def run(*arguments: str | Path) -> tuple[int, str, str]:
        given = parser_for(COMMANDS).parse_args([*map(str, arguments)])
        status = await given.run(given, settings)
        written = capsys.readouterr()
        return status, written.out, written.err

    return run


async def keep(database: Database, body: dict[str, Any]) -> None:
    async with database.begin() as connection:
        await catalogue.keep_programme(connection, body, STAMP)


async def exported(run: Run, *arguments: str) -> dict[str, Any]:
    status, out, err = await run("export", "programme", *arguments)
    assert (0, "") == (status, err)
    Questionnaire.model_validate_json(out)
    resource: dict[str, Any] = json.loads(out)
    return resource


@pytest.mark.parametrize("name", ["flu.json", "flu.json.gz"])
async def test_what_is_exported_can_be_imported_and_is_the_same(run: Run, tmp_path: Path, name: str) -> None:
    assert (0, "") == (await run("import", "programme", "flu"))[::2]
    content = json.dumps(await exported(run, "flu"), indent="\t").encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    status, out, _ = await run("import", "programme", tmp_path / name)
    assert (0, "Programme flu: same; 0 more centres offer it.\n") == (status, out)


async def test_what_is_exported_as_yaml_is_a_programmes_own_file(run: Run, database: Database, tmp_path: Path) -> None:
    await keep(database, FLU | {"bring": "no: yes\n# é \x85\u2028"})
    status, out, err = await run("export", "programme", "flu", "--format", "yaml")
    assert (0, "") == (status, err)
    assert FLU | {"bring": "no: yes\n# é \x85\u2028"} == yaml.safe_load(out)
    assert "Vaccin contre la grippe" in out
    (tmp_path / "flu.yaml").write_text(out)
    assert (0, "Programme flu: same; 0 more centres offer it.\n", "") == await run(
        "import", "programme", tmp_path / "flu.yaml"
    )


async def test_a_programme_is_exported_as_it_was_and_as_it_is(run: Run, database: Database) -> None:
    for title in ("Flu", "Flu", "Influenza"):
        await keep(database, FLU | {"title": title})
    found = [await exported(run, "flu", *more) for more in ([], ["--version", "1"], ["--version", "2"])]
    assert ["Influenza", "Flu", "Influenza"] == [one["title"] for one in found]
    assert ["2", "1", "2"] == [one["version"] for one in found]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tea"], "there is no programme 'tea'; there are flu, odd"),
        (["flu", "--version", "2"], "version 2 of flu is not kept; leave --version out for the newest"),
        (["odd"], "the file: 'colour' is not known here; known are age, bring, "),
    ],
)
async def test_what_cannot_be_exported_is_named_in_one_sentence(
    run: Run, database: Database, arguments: list[str], sentence: str
) -> None:
    await keep(database, FLU)
    await keep(database, {"key": "odd", "title": "Odd", "colour": "blue"})
    status, out, err = await run("export", "programme", *arguments)
    assert (1, "", 1) == (status, out, len(err.splitlines()))
    assert err.startswith(f"frontdesk export programme: {sentence}")
    assert err.endswith(". Nothing was exported.\n")


FAULTS = {
    '{"resourceType": "Patient"}': "resourceType: 'Patient' is no Questionnaire",
    '{"resourceType": "Questionnaire", "id": "a", "status": "active"}': "title: must be a text",
    '{"resourceType": "Questionnaire", "id": "a", "title": "A"}': "status: None is not in use; make it active",
    '{"resourceType": "Questionnaire",}': "it is not JSON in line 1: ",
    '{"resourceType": "Questionnaire", "item": [{}], "item": []}': "'item' stands twice in one object; let it stand",
    '{"key": "a", "title": "\\ud800"}': "a text in it has half a character",
    "[" * 100_000: "it is not JSON that can be read",
}


@pytest.mark.parametrize("content", FAULTS, ids=FAULTS.values())
async def test_a_questionnaire_that_cannot_be_used_is_refused_whole(
    run: Run, database: Database, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    status, out, err = await run("import", "programme", path)
    assert (1, "", 1) == (status, out, len(err.splitlines()))
    assert err.startswith(f"frontdesk import programme: {path}: {FAULTS[content]}")
    assert err.endswith(". Nothing was imported.\n")
    async with database.read() as connection:
        assert [] == await catalogue.programmes(connection)
