"""What the project says of itself is true: README, container files and commands name what exists."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import parser_for
from bot.settings import table
from webhooks.main import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FRONTDESK = Path(sys.executable).with_name("frontdesk")
#: Variables of the containers that are not our settings.
FOREIGN = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "PATH", "PYTHONUNBUFFERED"}


def test_the_readme_lists_every_setting_as_the_code_has_it() -> None:
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {what} |" for name, default, what in table()]
    assert [] == [row for row in rows if row not in README]


def test_the_readme_lists_every_command() -> None:
    assert [] == [command.name for command in COMMANDS if f"frontdesk {command.name}" not in README]


def test_every_file_the_readme_names_exists() -> None:
    named = set(re.findall(r"\]\(((?!https?:)[^)#]+)\)", README)) | set(re.findall(r"`((?:\w+/)+[\w.-]*)`", README))
    assert [] == sorted(name for name in named if not name.startswith("PUBLIC_URL") and not (ROOT / name).exists())


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser_for(COMMANDS).parse_args([*command.split(), "--help"])
    assert 0 == ended.value.code
    assert f"frontdesk {command}" in capsys.readouterr().out


def compose() -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return body


def test_the_compose_file_runs_web_worker_and_both_servers() -> None:
    assert {"postgres", "redis", "migrate", "web", "worker"} == set(compose()["services"])


def test_every_command_and_variable_of_the_compose_file_exists() -> None:
    known = {name for name, _, _ in table()} | FOREIGN
    for service in compose()["services"].values():
        assert [] == sorted(set(service.get("environment", {})) - known)
        if service.get("image") == "frontdesk":
            program, *words = service["command"]
            assert "frontdesk" == program
            parser_for(COMMANDS).parse_args(words)


def test_every_variable_the_compose_file_asks_for_is_explained_in_the_readme() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert [] == sorted(name for name in asked if name not in README)


def test_everything_the_dockerfile_copies_exists_and_its_command_too() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [part for line in lines if line.startswith("COPY") and "--from" not in line for part in line.split()[1:-1]]
    assert [] == [name for name in copied if not (ROOT / name).exists()]
    command = json.loads(next(line for line in lines if line.startswith("CMD")).removeprefix("CMD "))
    parser_for(COMMANDS).parse_args(command[1:])


@pytest.mark.parametrize("words", [["check"], ["graph", "book"]])
def test_commands_that_need_no_database_work_on_a_fresh_machine(words: list[str], tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(
        [FRONTDESK, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    assert "" != done.stdout
    assert [] == list(tmp_path.iterdir())


def test_the_lock_file_names_no_place_on_the_net() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()
