"""Every script is walked along all its paths: no dead ends, and the walk alone covers all their branches.

The shipped programmes are walked by `frontdesk check`, which `tests/test_project.py` runs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dialogs import explore
from dialogs.ledger import Ledger
from dialogs.outcomes import results_of
from dialogs.script import Again, End, Outcome, ask, replay
from dialogs.scripts import SCRIPTS
from domain import commands, identity
from domain.staff import commands as staff_commands
from domain.staff import handlers as staff_handlers
from tests.dialogs.test_engine import COLOUR, NUMBER, paints

ROOT = Path(__file__).parents[2]


def test_the_walk_covers_every_branch_of_every_script(tmp_path: Path) -> None:
    data, report = tmp_path / "coverage", tmp_path / "report.json"
    run = [sys.executable, "-m", "coverage"]
    scripts = ["--include=*/dialogs/scripts/*", "--omit=*/answers.py"]  # how words are read is not a path
    walked = [*run, "run", f"--data-file={data}", "--branch", *scripts, "-m", "tests.dialogs.walk_all"]
    subprocess.run(walked, check=True, cwd=ROOT)
    subprocess.run([*run, "json", f"--data-file={data}", "-q", "-o", report], check=True, cwd=ROOT)
    files = json.loads(report.read_text())["files"]
    missing = {
        name: (found["missing_lines"], found["missing_branches"])
        for name, found in files.items()
        if found["missing_lines"] or found["missing_branches"]
    }
    assert {} == missing
    assert {f"{maker.__module__.replace('.', '/')}.py" for maker in SCRIPTS.values()} <= set(files)
    assert "dialogs/scripts/staff/visits.py" in files


def test_a_walk_finds_all_questions_and_the_ways_between_them() -> None:
    walked = explore.walk(paints)
    assert {"colour", "number"} == set(walked.questions)
    assert {("start", "colour"), ("colour", "number"), ("number", "end")} <= {
        (edge.start, edge.end) for edge in walked.edges
    }
    assert '"colour" -> "number"' in explore.as_dot("paints", walked)


def test_a_walk_finds_a_question_that_nothing_can_be_answered_to() -> None:
    async def stuck() -> Outcome:
        await ask(type(COLOUR)(key="stuck", text="?", type=str))
        return End()

    assert ["nothing can be answered to stuck"] == explore.walk(stuck).dead_ends


def test_a_walk_finds_a_path_that_goes_round() -> None:
    async def round_and_round() -> Outcome:
        for turn in range(100):
            await ask(type(NUMBER)(key=f"number-{turn}", text="?", type=int, samples=(1,)))
        return Again(())

    assert explore.walk(round_and_round).dead_ends


_THERE = (*vars(commands).values(), *vars(identity).values(), *vars(staff_commands).values())
_KINDS = [kind for kind in _THERE if isinstance(kind, type) and issubclass(kind, commands.Command)]
COMMANDS = sorted(
    {kind for kind in (*_KINDS, *staff_handlers.HANDLES) if hasattr(kind, "results")}, key=lambda kind: kind.__name__
)


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_every_command_has_examples_of_all_its_results(kind: type[commands.Command[object]]) -> None:
    given = ("results", "right")
    fields = {field: None for field in getattr(kind, "__dataclass_fields__", {}) if field not in given}
    examples = results_of(kind(**fields))
    assert {result.__name__ for result in kind.results} == {type(example).__name__ for example in examples}


def test_replaying_beyond_the_ledger_needs_nothing_of_it() -> None:
    assert [] == replay(paints, Ledger()).passed
